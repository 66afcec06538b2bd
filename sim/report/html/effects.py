"""What the comparison says, cell by cell: a change, how sure it is, and why not."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import pandas as pd

from sim.measures.rows import NOT_SETTLED
from sim.results.compare import STILL_MOVING, WITHOUT_LUCK
from sim.results.read import Results
from sim.results.settled import moving_levels

Key = tuple[str, str, str, str]  # scenario, measure, by, group
ALL = "all"
HOLM = 0.05
TEXTS = ("scenario", "measure", "by", "group", "note")
NUMBERS = ("baseline", "mean", "change", "low", "high", "low_assumption", "high_assumption", "n", "p_holm")
SWITCHED = ("contacts_per_1000_year", "origin", "switched")
EMERGENCY = "emergency"


class Conclusion(StrEnum):
    """How sure a change is."""

    ROBUST = "robust"  # beyond luck, and on the same side of 0 in the whole assumption range
    LUCK = "luck"  # the luck interval holds 0
    ASSUMPTION = "assumption"  # beyond luck, but the assumption range holds 0
    UNTRIED = "untried"  # beyond luck, or one replication; not run at low and high, or still moving there
    SAME = "same"  # no change at all
    MOVING = "moving"  # the difference of the queues behind it had not settled
    MISSING = "missing"  # not measured in both


@dataclass(frozen=True)
class Effect:
    """Change of one measure in one scenario against the baseline."""

    scenario: str
    measure: str
    by: str
    group: str
    baseline: float
    mean: float
    change: float
    low: float
    high: float
    low_assumption: float
    high_assumption: float
    n: float
    p_holm: float
    robust: bool
    note: str

    @property
    def verdict(self) -> Conclusion:
        """How sure the change is. What ``compare`` does not call robust never is."""
        if NOT_SETTLED in self.note:
            return Conclusion.MOVING
        if math.isnan(self.change):
            return Conclusion.MISSING
        if self.change == 0 and self.low == 0 and self.high == 0 and self.range_is_nothing:
            return Conclusion.SAME
        if self.robust and not self.alike:
            return Conclusion.ROBUST
        if self.alike or self.low <= 0 <= self.high:
            return Conclusion.LUCK
        if math.isnan(self.low_assumption) or math.isnan(self.low) or STILL_MOVING in self.note:
            return Conclusion.UNTRIED
        return Conclusion.ASSUMPTION

    @property
    def alike(self) -> bool:
        """Whether the same change in all replications is a coincidence of small counts, which hides the luck."""
        return self.low == self.high and self.change != 0 and self.measure not in WITHOUT_LUCK

    @property
    def range_is_nothing(self) -> bool:
        """Whether no assumption changes anything, or none was tried."""
        return bool(math.isnan(self.low_assumption) or (self.low_assumption == 0 and self.high_assumption == 0))

    @property
    def is_shown(self) -> bool:
        """Whether the change may be shown as an effect."""
        return self.verdict not in (Conclusion.MOVING, Conclusion.MISSING)

    @property
    def beyond_luck(self) -> bool:
        """Whether the paired interval, after Holm's adjustment, excludes 0."""
        return self.is_shown and not self.alike and not math.isnan(self.p_holm) and self.p_holm < HOLM

    @property
    def share(self) -> float:
        """Change over baseline; NaN where the baseline is 0."""
        return self.change / self.baseline if self.baseline else float("nan")


class Effects:
    """The effects of a study's scenarios, and the baseline's values."""

    def __init__(self, results: Results) -> None:
        config, measures = results.config, results.measures
        self.baseline: str = results.manifest["baseline"]
        in_order = list(config["scenarios"])
        there = set(measures["scenario"])
        self.scenarios = [s for s in in_order if s in there and s != self.baseline]
        self._cells = _cells(results.comparison)
        services = config["care"]["services"]
        self.emergency = [name for name, service in services.items() if service["kind"] == EMERGENCY]
        self._closing = {s for s in self.scenarios if self._closes_er(config["scenarios"][s]["levers"])}
        values = measures[measures["variant"] == "value"]
        keys = ["scenario", "measure", "by", "group"]
        means = values.groupby(keys, sort=False)["value"].mean()
        self._means = dict(zip(means.index, means.tolist(), strict=True))
        moving = moving_levels(values)
        self._moving = set(moving.index[moving.to_numpy()])
        self._groups: dict[tuple[str, str], list[str]] = {}
        for measure, by, group in values[keys[1:]].drop_duplicates().itertuples(index=False):
            self._groups.setdefault((measure, by), []).append(group)

    def get(self, scenario: str, measure: str, by: str = ALL, group: str = "") -> Effect | None:
        """The effect in a cell; None if the comparison does not have it."""
        return self._cells.get((scenario, measure, by, group))

    def row(self, measure: str, by: str = ALL, group: str = "") -> list[Effect | None]:
        """The effects of all scenarios in a cell, in their order."""
        return [self.get(s, measure, by, group) for s in self.scenarios]

    def mean(self, scenario: str, measure: str, by: str = ALL, group: str = "") -> float:
        """Mean over replications with every effect size at its value; NaN where it was not measured."""
        return float(self._means.get((scenario, measure, by, group), float("nan")))

    def moving(self, scenario: str, measure: str, by: str = ALL, group: str = "") -> bool:
        """Whether the scenario's own level had not settled, all replications together."""
        return (scenario, measure, by, group) in self._moving

    def base(self, measure: str, by: str = ALL, group: str = "") -> float:
        """The baseline's mean."""
        return self.mean(self.baseline, measure, by, group)

    def groups(self, measure: str, by: str) -> list[str]:
        """Groups by which a measure is cut, in the order in which they were measured."""
        return self._groups.get((measure, by), [])

    def of(self, measure: str, by: str) -> list[Effect]:
        """All effects of a measure in one kind of cut."""
        return [e for s in self.scenarios for g in self.groups(measure, by) if (e := self.get(s, measure, by, g))]

    def keeps_away(self, scenario: str) -> bool:
        """Whether fewer visits may mean care not had: an emergency room closes."""
        return scenario in self._closing

    def _closes_er(self, levers: dict[str, Any]) -> bool:
        closed = {s for lever in levers.values() if lever["kind"] == "close" for s in lever["services"]}
        return not closed.isdisjoint(self.emergency)

    def unsettled_effects(self) -> list[Effect]:
        """Effects that are none, since a queue behind them still moved."""
        return [e for e in self._cells.values() if e.verdict is Conclusion.MOVING]


def _cells(comparison: pd.DataFrame) -> dict[Key, Effect]:
    """Effects by scenario, measure, by and group."""
    cells: dict[Key, Effect] = {}
    for row in comparison.to_dict("records"):
        text = {k: _text(row[k]) for k in TEXTS}
        numbers = {k: float(row[k]) for k in NUMBERS}
        effect = Effect(**text, **numbers, robust=bool(row["robust"]))  # type: ignore[arg-type]
        cells[text["scenario"], text["measure"], text["by"], text["group"]] = effect
    return cells


def _text(value: Any) -> str:
    return "" if pd.isna(value) else str(value)


__all__ = ["SWITCHED", "Conclusion", "Effect", "Effects"]
