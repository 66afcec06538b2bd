"""The usual waits that were found, in a terminal."""

from __future__ import annotations

from sim.credibility.usual_waits import UsualWaitsFound
from sim.report.terminal_table import terminal_table
from sim.study.console import own_console


def print_usual_waits(found: UsualWaitsFound) -> None:
    """By service the utility of the usual wait, and first contacts over the reference's in the first and last round."""
    table = terminal_table(("service", "utility of the usual wait", "first contacts, first round", "last round"))
    for service, utility in found.waits.wait.items():
        first, last = found.ratios[0][service], found.ratios[-1][service]
        table.add_row(service, f"{utility:.3f}", f"{first:.3f}", f"{last:.3f}")
    console = own_console()
    console.print(table)
    console.print(f"{found.waits.rounds} rounds. Written: {found.file}", highlight=False)


__all__ = ["print_usual_waits"]
