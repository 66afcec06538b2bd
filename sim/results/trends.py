"""What a study's timeline says of a scenario: since when a change is sure, the dip before it, and what it has cost.

A change is sure where it is beyond luck and as large as the smallest that matters. Since when: the first period from
which it is so, on the same side, in every period to the last. The dip: periods in which it is sure on the other side.
"""

from __future__ import annotations

from calendar import isleap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import accumulate, takewhile
from typing import Any

import pandas as pd

from sim.config.calendar_periods import CalendarPeriod, PeriodKind, whole_periods
from sim.results.conclusion import Conclusion
from sim.results.smallest_changes import smallest_change

COST = "cost_msek_per_year"
BEYOND_LUCK = (Conclusion.ROBUST, Conclusion.ASSUMPTION, Conclusion.NOT_TESTED)


@dataclass(frozen=True)
class Trend:
    """The trend of one measure in one scenario; periods by label, changes in the measure's unit.

    ``direction`` is the side of the sure change of the last period, 0 where that has none; ``since`` and ``dip`` are
    empty then.
    """

    direction: int
    first: str
    last: str
    finding: Conclusion
    change: float
    since: str = ""
    dip: tuple[str, ...] = ()
    deepest: str = ""
    depth: float = 0.0


class Payback(StrEnum):
    """What has become of the money that a scenario takes more than the baseline."""

    NEVER_MORE = "never more"
    BACK = "paid back"
    NOT_BACK = "not paid back"


@dataclass(frozen=True)
class Spending:
    """MSEK that a scenario has taken more than the baseline since the first period, at the end of each, by payer."""

    periods: tuple[str, ...]
    total: tuple[float, ...]
    by_payer: dict[str, tuple[float, ...]]
    payback: Payback
    back_in: str = ""  # the first period from whose end on no more has been taken


def trend(timeline: pd.DataFrame, scenario: str, measure: str) -> Trend | None:
    """The trend of a measure of the whole region; None where it was never measured."""
    rows = _rows(timeline, scenario, measure, "all", "")
    if not rows:
        return None
    sides, last = [_side(row) for row in rows], rows[-1]
    plain: dict[str, Any] = {
        "first": rows[0]["period"],
        "last": last["period"],
        "finding": Conclusion(last["finding"]),
        "change": float(last["change"]),
    }
    side = sides[-1]
    if not side:
        return Trend(0, **plain)
    stays = len(list(takewhile(lambda one: one == side, reversed(sides))))
    dip = [row for row, other in zip(rows, sides, strict=True) if other == -side]
    deepest = max(dip, key=lambda row: abs(row["change"]), default=None)
    names = tuple(row["period"] for row in dip)
    since = rows[-stays]["period"]
    if deepest is None:
        return Trend(side, **plain, since=since)
    return Trend(side, **plain, since=since, dip=names, deepest=deepest["period"], depth=float(deepest["change"]))


def spending(timeline: pd.DataFrame, scenario: str, study: Mapping[str, Any]) -> Spending | None:
    """What a scenario has cost more than the baseline so far; None where cost was not measured in some period.

    A yearly cost counts with the days of its period over those of its calendar year. ``study``: start, end and period.
    """
    shares = {period.label: _share_of_year(period) for period in periods_of(study)}
    rows = _rows(timeline, scenario, COST, "all", "")
    if not rows or any(pd.isna(row["change"]) for row in rows):
        return None
    least = smallest_change(COST, float(rows[0]["baseline"]))
    names = tuple(row["period"] for row in rows)
    payers = dict.fromkeys(timeline[(timeline["measure"] == COST) & (timeline["by"] == "payer")]["group"])
    by_payer = {payer: _sums(_rows(timeline, scenario, COST, "payer", payer), shares) for payer in payers}
    total = _sums(rows, shares)
    payback = _payback(total, least)
    back_in = names[len(total) - len(_tail_without_debt(total))] if payback is Payback.BACK else ""
    return Spending(names, total, by_payer, payback, back_in)


def periods_of(study: Mapping[str, Any]) -> list[CalendarPeriod]:
    """The calendar periods of a study by its configuration; none of one that was stored without."""
    kind: PeriodKind = study.get("period", "none")
    return whole_periods(date.fromisoformat(str(study["start"])), date.fromisoformat(str(study["end"])), kind)


def _rows(timeline: pd.DataFrame, scenario: str, measure: str, by: str, group: str) -> list[dict[str, Any]]:
    those = (timeline["scenario"] == scenario) & (timeline["measure"] == measure)
    those &= (timeline["by"] == by) & (timeline["group"].fillna("") == group)
    return [{str(k): v for k, v in row.items()} for row in timeline[those].to_dict("records")]


def _side(row: Mapping[str, Any]) -> int:
    """1 or -1 where a change is sure, else 0."""
    change = float(row["change"])
    sure = row["finding"] in BEYOND_LUCK and (row["low"] > 0 or row["high"] < 0)
    large = abs(change) >= smallest_change(str(row["measure"]), float(row["baseline"]))
    return (1 if change > 0 else -1) if sure and large else 0


def _share_of_year(period: CalendarPeriod) -> float:
    return period.days / (366 if isleap(period.first.year) else 365)


def _sums(rows: Sequence[Mapping[str, Any]], shares: Mapping[str, float]) -> tuple[float, ...]:
    return tuple(accumulate(float(row["change"]) * shares[row["period"]] for row in rows))


def _payback(total: Sequence[float], least: float) -> Payback:
    if max(total) < least:
        return Payback.NEVER_MORE
    return Payback.BACK if _tail_without_debt(total) else Payback.NOT_BACK


def _tail_without_debt(total: Sequence[float]) -> list[float]:
    """The last periods, at whose ends no more has been taken than by the baseline."""
    return list(takewhile(lambda sum_: sum_ <= 0, reversed(total)))


__all__ = ["COST", "Payback", "Spending", "Trend", "periods_of", "spending", "trend"]
