"""What the comparison says, cell by cell: a change, how sure it is, and why not."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import pandas as pd

from sim.measures.rows import NOT_SETTLED
from sim.results.compare import NUMBERS, WITHOUT_LUCK
from sim.results.conclusion import Conclusion
from sim.results.read import Results
from sim.results.settled import moving_levels
from sim.results.smallest_changes import smallest_change

Key = tuple[str, str, str, str]  # scenario, measure, by, group
ALL = "all"
HOLM = 0.05
TEXTS = ("scenario", "measure", "by", "group", "note")
SWITCHED = ("contacts_per_1000_year", "origin", "switched")
EMERGENCY = "emergency"


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
    worlds: float
    worlds_with_sign: float
    low_worlds: float
    high_worlds: float
    n: float
    p_holm: float
    verdict: Conclusion
    note: str

    @property
    def alike(self) -> bool:
        """Whether the same change in all replications is a coincidence of small counts, which hides the luck."""
        return self.low == self.high and self.change != 0 and self.measure not in WITHOUT_LUCK

    @property
    def moving(self) -> bool:
        """Whether the difference of the queues behind it had not settled."""
        return NOT_SETTLED in self.note

    @property
    def is_shown(self) -> bool:
        """Whether the change may be shown as an effect: it was measured in both, and does not move."""
        return not self.moving and not math.isnan(self.change)

    @property
    def matters(self) -> bool:
        """Whether the change is as large as the smallest that matters."""
        return abs(self.change) >= smallest_change(self.measure, self.baseline)

    @property
    def beyond_luck(self) -> bool:
        """Whether the paired interval, after Holm's adjustment, excludes 0."""
        return self.is_shown and not self.alike and not math.isnan(self.p_holm) and self.p_holm < HOLM

    @property
    def is_sure(self) -> bool:
        """Whether it is a change beyond luck that matters: what maps and lists of municipalities show."""
        return self.beyond_luck and self.matters and self.change != 0

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
        self._cells = effect_cells(results.comparison)
        self.services: dict[str, Any] = config["care"]["services"]
        services = self.services
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

    def has(self, measure: str) -> bool:
        """Whether anything of a measure was measured."""
        return any(known == measure for known, _ in self._groups)

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
        return [e for e in self._cells.values() if e.moving]


def effect_cells(comparison: pd.DataFrame) -> dict[Key, Effect]:
    """Effects by scenario, measure, by and group."""
    cells: dict[Key, Effect] = {}
    for row in comparison.to_dict("records"):
        text = {k: _text(row[k]) for k in TEXTS}
        numbers = {k: float(row[k]) for k in NUMBERS}
        effect = Effect(**text, **numbers, verdict=Conclusion(row["finding"]))  # type: ignore[arg-type]
        cells[text["scenario"], text["measure"], text["by"], text["group"]] = effect
    return cells


def _text(value: Any) -> str:
    return "" if pd.isna(value) else str(value)


__all__ = ["SWITCHED", "Effect", "Effects", "effect_cells"]
