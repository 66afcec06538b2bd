"""How a baseline behaves when one thing changes, beside the sign and size that the evidence says."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from sim.calibration.experiments import AUTUMN, REPLICATIONS, WARM_UP_DAYS, Evidence, Experiment, Reading, experiments
from sim.calibration.page import markdown, number
from sim.calibration.validation import fitted_world, measures_of
from sim.config.world import World

TITLE = "Behaviour"
HEADS = ("change", "reading", "before", "after", "change", "95 %", "evidence", "agreement")
NO_EFFECT = 0.002  # a relative change within +- this is none
SILENT = """### No mechanism

- **Distance in the baseline.** Care-seeking falls with distance only where a scenario makes the way longer than it is
  in the baseline (CONC.decay_adult_per_km). There a need arises, and leads to an emergency room, as often 50 km
  from one as beside it. Visits by municipality were not found, so that nothing says how wrong that is.
- **Crowding that keeps people away.** Nobody knows how full an emergency room is before coming to it.
- **Physicians and nurses.** A longer stay makes a room fuller, and a fuller room makes nobody's treatment slower: only
  the waits for a place and for a bed grow.
- **Winter.** Season is an input of arrivals, by need; influenza, RS virus and falls on ice have no mechanism of their
  own, and capacity is the same all year. Stays are longer in winter only as far as more arrivals and fuller beds make
  them.
"""


@dataclass(frozen=True)
class Behaviour:
    """One reading of one experiment: means, paired relative change with its half-width, what the evidence says."""

    title: str
    reading: Reading
    before: float
    after: float
    change: float
    half_width: float
    evidence: Evidence | None

    @property
    def agreement(self) -> str:
        """Sign, and size where the evidence has one."""
        if self.evidence is None:
            return ""
        if abs(self.change) <= max(self.half_width, NO_EFFECT):
            return "no effect seen"
        if np.sign(self.change) != self.evidence.sign:
            return "**against the sign**"
        if self.evidence.low is None or self.evidence.high is None:
            return "sign"
        if self.evidence.low <= self.change <= self.evidence.high:
            return "sign and size"
        ends = abs(self.evidence.low), abs(self.evidence.high)
        return "sign, weaker" if abs(self.change) < min(ends) else "sign, stronger"


def behave(plain: World, shown: bool = True) -> list[Behaviour]:
    """Simulates the experiments on a region that was loaded without factors, its own fit in force."""
    world = fitted_world(plain)
    made = experiments(world)
    worlds = {f"{e.title}: {part}": getattr(e, part) for e in made for part in ("before", "after")}
    measures = measures_of(worlds, shown)
    return [
        _behaviour(e, reading, measures[f"{e.title}: before"], measures[f"{e.title}: after"])
        for e in made
        for reading in e.readings
    ]


def _behaviour(experiment: Experiment, reading: Reading, before: pd.DataFrame, after: pd.DataFrame) -> Behaviour:
    ends = [_values(table, reading) for table in (before, after)]
    changes = (ends[1] - ends[0]) / ends[0].mean()
    runs = len(changes)
    half = stats.t.ppf(0.975, runs - 1) * changes.std(ddof=1) / np.sqrt(runs) if runs > 1 else np.nan
    means = float(ends[0].mean()), float(ends[1].mean())
    return Behaviour(
        experiment.title, reading, *means, float(changes.mean()), float(half), experiment.readings[reading]
    )


def _values(table: pd.DataFrame, reading: Reading) -> np.ndarray:
    measure, by, group = reading
    chosen = table[(table["measure"] == measure) & (table["by"] == by) & (table["group"].replace("all", "") == group)]
    values: np.ndarray = chosen.sort_values("replication")["value"].to_numpy(dtype=np.float64)
    return values


def behaviour_part(region: str, found: list[Behaviour]) -> str:
    """The part of the page, in Markdown."""
    about = (
        f"What one change does to the baseline of `region={region}` as fitted, the same luck before and after:"
        f" {AUTUMN[0]} to {AUTUMN[1]} after {WARM_UP_DAYS} days of warm-up (January and July: four weeks of each), "
        f"{REPLICATIONS} replications; 95 %: paired, luck alone. Rows of the evidence: parameters.csv.\n"
    )
    return f"## {TITLE}\n\n{about}\n{markdown(HEADS, [_cells(one) for one in found])}\n{SILENT}"


def _cells(one: Behaviour) -> tuple[str, ...]:
    measure, by, group = one.reading
    cell = f"`{measure}`" + (f" {by} {group}" if group else "")
    change = f"{one.change:+.1%}", f"{one.change - one.half_width:+.1%} to {one.change + one.half_width:+.1%}"
    evidence = one.evidence
    told = "" if evidence is None else evidence.source
    if evidence is not None and evidence.low is not None and evidence.high is not None:
        told = f"{evidence.low:+.1%} to {evidence.high:+.1%}: {told}"
    return one.title, cell, number(one.before), number(one.after), *change, told, one.agreement


__all__ = ["TITLE", "Behaviour", "behave", "behaviour_part"]
