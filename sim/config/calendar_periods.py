"""The months, quarters or years that lie wholly in a study's window."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from sim.config.sentence import Sentence

PeriodKind = Literal["none", "month", "quarter", "year"]
MONTHS: dict[PeriodKind, int] = {"month": 1, "quarter": 3, "year": 12}
WHOLE_WINDOW = "window"  # label of the period that is the whole window


@dataclass(frozen=True)
class CalendarPeriod:
    """One period: its label (2027-03, 2027-Q1, 2027), its first day and its last."""

    label: str
    first: date
    last: date

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1


def whole_periods(start: date, end: date, kind: PeriodKind) -> list[CalendarPeriod]:
    """The periods of a kind that lie wholly in the days from ``start`` to ``end``, in their order; none of ``none``."""
    if kind == "none":
        return []
    step = MONTHS[kind]
    first = date(start.year, start.month - (start.month - 1) % step, 1)
    out = []
    while first <= end:
        after = _months_later(first, step)
        last = after - timedelta(days=1)
        if first >= start and last <= end:
            out.append(CalendarPeriod(_label(first, kind), first, last))
        first = after
    return out


def _months_later(day: date, months: int) -> date:
    month = day.month - 1 + months
    return date(day.year + month // 12, month % 12 + 1, 1)


def _label(first: date, kind: PeriodKind) -> str:
    if kind == "month":
        return f"{first.year}-{first.month:02}"
    return f"{first.year}-Q{(first.month + 2) // 3}" if kind == "quarter" else f"{first.year}"


def no_whole_period(start: date, end: date, kind: str) -> Sentence:
    """That no whole period lies in a window, and what to do."""
    return Sentence(
        "period {period}: no whole one lies in the window from {start} to {end}; allowed: a longer window, a shorter "
        "period, or none",
        period=kind, start=start, end=end,
    )  # fmt: skip


__all__ = ["WHOLE_WINDOW", "CalendarPeriod", "PeriodKind", "no_whole_period", "whole_periods"]
