"""What a timeline says of a scenario: hand-made changes, period by period."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from sim.config.calendar_periods import whole_periods
from sim.results.conclusion import Conclusion
from sim.results.trends import COST, Payback, Trend, spending, trend

ER = "er_arrivals_per_day"  # 0.5 % of the baseline's 100 matter
STUDY = {"start": "2027-01-01", "end": "2027-06-30", "period": "month"}
MONTHS = [f"2027-{month:02}" for month in range(1, 7)]


def row(period: str, change: float, finding: str = "robust", measure: str = ER, **other: object) -> dict[str, object]:
    half = 0.1 if finding != "cannot be told" else 100
    plain = {"period": period, "scenario": "s", "measure": measure, "by": "all", "group": "", "baseline": 100.0}
    return plain | {"change": change, "low": change - half, "high": change + half, "finding": finding} | other


def of(*changes: float | tuple[float, str]) -> Trend | None:
    pairs = [one if isinstance(one, tuple) else (one, "robust") for one in changes]
    rows = [row(period, *pair) for period, pair in zip(MONTHS, pairs, strict=False)]
    return trend(pd.DataFrame(rows), "s", ER)


@pytest.mark.parametrize(
    ("kind", "labels"),
    [
        ("month", ["2027-02", "2027-03", "2027-04", "2027-05", "2027-06", "2027-07"]),
        ("quarter", ["2027-Q2"]),
        ("year", []),
        ("none", []),
    ],
)
def test_periods_are_those_that_lie_wholly_in_the_window(kind: str, labels: list[str]) -> None:
    found = whole_periods(date(2027, 1, 2), date(2027, 7, 31), kind)  # type: ignore[arg-type]
    assert [period.label for period in found] == labels


def test_a_year_that_is_the_window_is_a_period_of_365_days() -> None:
    (year,) = whole_periods(date(2026, 12, 31), date(2028, 1, 1), "year")
    assert (year.label, year.first, year.last, year.days) == ("2027", date(2027, 1, 1), date(2027, 12, 31), 365)


def test_a_change_is_sure_since_the_first_period_from_which_it_stays_so() -> None:
    found = of(-2, (-1, "cannot be told"), -2, -3)
    assert found == Trend(-1, "2027-01", "2027-04", Conclusion.ROBUST, -3.0, "2027-03")


def test_a_dip_is_where_the_change_is_sure_on_the_other_side() -> None:
    found = of(1, 4, (3, "cannot be told"), 2, -1, -2)
    assert found is not None
    assert (found.since, found.change) == ("2027-05", -2.0)
    assert (found.dip, found.deepest, found.depth) == (("2027-01", "2027-02", "2027-04"), "2027-02", 4.0)


def test_a_change_that_is_too_small_to_matter_is_not_sure() -> None:
    assert of(-0.4) == Trend(0, "2027-01", "2027-01", Conclusion.ROBUST, -0.4)


@pytest.mark.parametrize("finding", ["no change", "not tested", "cannot be told"])
def test_where_the_last_period_tells_nothing_sure_its_own_word_is_kept(finding: str) -> None:
    small = 0.2 if finding == "not tested" else 2
    found = of(-5, (small, finding))
    assert found == Trend(0, "2027-01", "2027-02", Conclusion(finding), small)


def test_what_was_never_measured_has_no_trend() -> None:
    assert trend(pd.DataFrame([row("2027-01", 1)]), "s", "travel_min_per_resident_year") is None


def spent(*changes: float) -> pd.DataFrame:
    """Yearly cost of a scenario less the baseline's 12,000 MSEK, all of it the region's."""
    rows = [
        row(period, change, measure=COST, baseline=12_000.0, **cut)
        for period, change in zip(MONTHS, changes, strict=False)
        for cut in ({}, {"by": "payer", "group": "region"})
    ]
    return pd.DataFrame(rows)


def test_a_yearly_cost_counts_by_the_days_of_its_period() -> None:
    found = spending(spent(365, 365), "s", STUDY)
    assert found is not None
    assert found.total == (31, 59)
    assert found.by_payer == {"region": (31, 59)}


@pytest.mark.parametrize(
    ("changes", "payback", "back_in"),
    [
        ((-365, -365), Payback.NEVER_MORE, ""),
        ((365, -730, -365), Payback.BACK, "2027-02"),  # 31, then 31 - 56
        ((-365, 730, -365), Payback.BACK, "2027-03"),  # -31, 25, -6
        ((365, -400), Payback.NOT_BACK, ""),  # 31, then a third of a million
        ((0, 0), Payback.NEVER_MORE, ""),
    ],
)
def test_money_is_paid_back_when_no_more_was_taken_from_then_on(
    changes: tuple[float, ...], payback: Payback, back_in: str
) -> None:
    found = spending(spent(*changes), "s", STUDY)
    assert found is not None
    assert (found.payback, found.back_in) == (payback, back_in)
