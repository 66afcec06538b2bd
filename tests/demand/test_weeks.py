"""Weeks that differ: a common factor by group of needs and week, the same in every scenario."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from worlds import Offer, Plain, Sketch, figure, need, service

from sim.compile.calendars import Clock
from sim.compile.weekly_factor_tables import week_name, weeks
from sim.config.errors import ConfigErrors
from sim.demand import draw_episodes
from sim.demand.weekly_factors import week_factors
from sim.demand.words import hash_of
from sim.model.codes import VARIATION_BITS, Ints
from sim.model.tables import Episodes, Model

USUAL = 1 << VARIATION_BITS


def varied(cv: float, group: str = "winter", rate: float = 1000) -> Plain:
    return need({"er": 1}, rate=rate, weekly_variation={"group": group, "cv": figure(cv)})


def change(by: float) -> Plain:
    return {"kind": "demand", "when": {"needs": ["ill"]}, "change": figure(by, by, by)}


def world(needs: dict[str, Plain], **more: object) -> Sketch:
    said: dict[str, object] = {"start": date(2027, 1, 4), "end": date(2027, 2, 28), "zones": {"x": 9000, "y": 3000}}
    return Sketch({"er": service()}, {"a": {"er": Offer()}}, needs, **{**said, **more})  # type: ignore[arg-type]


def people(model: Model, need: int = 0) -> set[tuple[int, ...]]:
    e = draw_episodes(model, 1, 0)
    columns = (e.key, e.time, e.need, e.zone, e.age, e.acuity, e.first_draw)
    found = {tuple(map(int, row)) for row in zip(*columns, strict=True)}
    return {row for row in found if row[2] == need}


def by_week(model: Model, e: Episodes, need: int = 0) -> Ints:
    week = np.searchsorted(model.week_start, e.time[e.need == need], side="right") - 1
    return np.bincount(week, minlength=len(model.week_start))


def test_weeks_are_those_of_iso_8601_in_local_time_over_new_year_and_both_clock_sundays() -> None:
    clock = Clock("Europe/Stockholm", "SE", date(2026, 12, 30), date(2027, 1, 12), date(2026, 12, 30))
    assert [(str(day), week_name(day)) for day in weeks(clock)] == [
        ("2026-12-30", "2026-W53"), ("2027-01-04", "2027-W01"), ("2027-01-11", "2027-W02"),
    ]  # fmt: skip
    for sunday, hours in ((date(2027, 3, 28), 167), (date(2027, 10, 31), 169), (date(2028, 2, 27), 168)):
        monday = date.fromordinal(sunday.toordinal() - 6)
        clock = Clock("Europe/Stockholm", "SE", monday, date.fromordinal(sunday.toordinal() + 3), monday)
        assert [clock.seconds(day) for day in weeks(clock)] == [0, hours * 3600]


def test_a_week_has_the_same_factor_in_whatever_run_it_lies(tmp_path: Path) -> None:
    long = world({"ill": varied(0.5)}).compile(tmp_path / "long")
    short = world({"ill": varied(0.5)}, start=date(2027, 1, 20), end=date(2027, 2, 2)).compile(tmp_path / "short")
    root = hash_of("careshift seed 1 replication 0")
    whole, part = (week_factors(model, root, 0) for model in (long, short))
    assert whole is not None
    assert part is not None
    assert part.tolist() == whole[2:5].tolist()
    assert len(set(whole.tolist())) == 8


def test_needs_of_one_group_share_the_factor_and_those_of_another_do_not(tmp_path: Path) -> None:
    needs = {"ill": varied(0.5), "cold": varied(0.5), "hurt": varied(0.5, "ice"), "odd": varied(0.2)}
    model = world(needs).compile(tmp_path)
    root = hash_of("careshift seed 1 replication 0")
    ill, cold, hurt, odd = (week_factors(model, root, n) for n in range(4))
    assert ill is not None
    assert cold is not None
    assert hurt is not None
    assert odd is not None
    assert ill.tolist() == cold.tolist()
    assert not (ill == hurt).any()
    assert np.argsort(odd).tolist() == np.argsort(ill).tolist()  # good and bad weeks together, by another spread


def test_less_demand_keeps_some_of_a_weeks_people_and_more_adds_others(tmp_path: Path) -> None:
    levers = {"less": {"x": change(-0.3)}, "more": {"x": change(0.6)}}
    sketch = world({"ill": varied(0.4)}, scenarios=levers)
    less, before, more = (sketch.compile(tmp_path, s) for s in ("less", "baseline", "more"))
    assert people(less) < people(before) < people(more)
    counts = [by_week(m, draw_episodes(m, 1, 0)) for m in (less, before, more)]
    for found, factor in zip(counts[::2], (0.7, 1.6), strict=True):
        wanted = factor * counts[1]
        assert np.abs(found - wanted).max() < 5 * wanted.max() ** 0.5


def test_a_need_that_does_not_vary_meets_the_people_that_it_met_before(tmp_path: Path) -> None:
    plain = need({"er": 1}, rate=1000)
    before = world({"ill": plain, "hurt": plain}).compile(tmp_path / "before")
    beside = world({"ill": varied(0.4), "hurt": plain}).compile(tmp_path / "beside")
    none = world({"ill": varied(0), "hurt": plain}).compile(tmp_path / "none")
    assert people(beside, 1) == people(before, 1)
    assert people(none) == people(before)
    assert people(beside) != people(before)


def test_counts_of_weeks_vary_as_poisson_with_a_gamma_mean(tmp_path: Path) -> None:
    """Variance is mean + cv**2 * mean**2, and the total is what it would be without."""
    cv = 0.4
    model = world({"ill": varied(cv, rate=365)}, holidays="none").compile(tmp_path)
    counts = np.concatenate([by_week(model, draw_episodes(model, 5, r)) for r in range(250)])
    mean = 12000 * 0.365 * 7 / 365
    variance = mean + cv**2 * mean**2
    size = len(counts)
    assert size == 2000
    assert counts.mean() == pytest.approx(mean, abs=4 * (variance / size) ** 0.5)
    excess = (1 + 6 * cv**2 * mean * (1 + cv**2 * mean)) / variance  # of the negative binomial
    assert counts.var(ddof=1) == pytest.approx(variance, rel=4 * ((2 + excess) / size) ** 0.5)
    plain = replace(model, variation_row=np.array([-1]))
    steady = np.concatenate([by_week(plain, draw_episodes(plain, 5, r)) for r in range(250)])
    assert steady.var(ddof=1) == pytest.approx(mean, rel=4 * (2 / size) ** 0.5)


@pytest.mark.parametrize("cv", [0.02, 0.05, 0.3, 1.0])
def test_the_table_of_factors_has_mean_one_and_the_spread_that_is_said(tmp_path: Path, cv: float) -> None:
    """Exactly: the moments of straight lines between the entries."""
    table = world({"ill": varied(cv)}).compile(tmp_path).variation_quantile[0] / USUAL
    low, high = np.concatenate([table[:1023], table[1025:-1]]), np.concatenate([table[1:1024], table[1026:]])
    width = np.repeat([2.0**-10, 2.0**-20], [1023, 1024])
    mean = (width * (low + high) / 2).sum()
    square = (width * (low * low + low * high + high * high) / 3).sum()
    assert mean == pytest.approx(1, abs=2e-4)
    assert (square - mean**2) ** 0.5 == pytest.approx(cv, rel=2e-3)


def test_a_spread_beyond_one_or_below_nothing_is_refused_by_its_key(tmp_path: Path) -> None:
    with pytest.raises(ConfigErrors) as refused:
        world({"ill": varied(1.5), "hurt": varied(-0.1)}).compile(tmp_path)
    assert [p.key for p in refused.value.problems] == [
        f"needs.{name}.weekly_variation.cv.value" for name in ("ill", "hurt")
    ]
    with pytest.raises(ConfigErrors, match=r"weekly_variation\.group"):
        world({"ill": varied(0.1, "Winter!")}).compile(tmp_path)
