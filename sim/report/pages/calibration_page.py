"""What a calibration found, in a terminal."""

from __future__ import annotations

from rich.table import Table

from sim.config.schema.free_parameters import Fitted
from sim.credibility.calibration.fit import Calibration
from sim.report.terminal_table import terminal_table
from sim.study.console import own_console


def print_calibration(done: Calibration) -> None:
    """Parameters with their ranges, figures with their residuals, and in words what was not found or not met."""
    console = own_console()
    console.print(_parameters(done.fitted), _figures(done.fitted))
    for line in sentences(done.fitted):
        console.print(line, highlight=False)
    misfit = f"{done.found.start_cost:.2f} at the start, {done.found.cost:.2f} at the end"
    console.print(
        f"Misfit {misfit}; {done.found.steps} steps, {done.seconds:.0f} s. Written: {done.file}", highlight=False
    )


def _parameters(fitted: Fitted) -> Table:
    table = terminal_table(("parameter", "factor", "95 %", "posterior / prior"))
    for name, one in fitted.parameters.items():
        table.add_row(name, f"{one.factor:.3f}", f"{one.low:.3f} to {one.high:.3f}", f"{one.posterior_over_prior:.2f}")
    return table


def _figures(fitted: Fitted) -> Table:
    table = terminal_table(("figure", "published", "simulated", "standard error", "off", "may be off"))
    for name, one in fitted.residuals.items():
        numbers = (f"{v:,.4g}" for v in (one.published, one.simulated, one.standard_error))
        table.add_row(name, *numbers, f"{one.deviation:+.1%}", f"{one.tolerance:.0%}")
    return table


def sentences(fitted: Fitted) -> list[str]:
    """Sentences: parameters that the figures tell nothing of, and figures that are missed, with what they can reach."""
    unknown = [name for name, one in fitted.parameters.items() if not one.identified]
    lines = [f"The figures tell next to nothing of: {', '.join(unknown)}. They keep their range."] if unknown else []
    for name, one in fitted.residuals.items():
        if one.verdict == "infeasible":
            lines.append(f"{name}: {one.published:g} is out of reach; closest {one.reachable:g}.")
        elif one.verdict == "contradicted":
            against = ", ".join(one.against) or "what is believed of the parameters"
            lines.append(f"{name}: {one.published:g} can be reached, against {against}; closest {one.reachable:g}.")
    return lines
