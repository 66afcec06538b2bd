"""The people of years to come: a region's published forecasts, divided over municipalities, and in force in a study."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim.config.errors import ConfigErrors
from sim.config.load import load_study
from sim.measures import measure
from sim.model.codes import AGE_GROUPS
from sim.simulation import simulate

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "configs" / "region"))
from _shared.facts import Forecast  # noqa: E402
from _shared.forecast import mode_of_deaths, people_in, survivors  # noqa: E402

from sim.compile import compile_scenario  # noqa: E402

Edit = Callable[[list[str]], list[str]]
PEOPLE = [f"people_{age}" for age in AGE_GROUPS]
VGR = ROOT / "configs" / "region" / "vgr"


def counted(*ages: tuple[int, int]) -> np.ndarray:
    """One municipality with so many people of some ages."""
    people = np.zeros((1, 101))
    for age, number in ages:
        people[0, age] = number
    return people


def test_who_lives_grows_older_by_a_year_a_year() -> None:
    nobody_dies = 1e6  # years, the mode of the age at death
    assert survivors(counted((58, 10), (70, 20)), 8, nobody_dies).tolist() == [[30, 0]]
    assert survivors(counted((58, 10), (70, 20)), 10, nobody_dies).tolist() == [[10, 20]]


def test_the_mode_of_deaths_is_the_one_that_leaves_as_many_of_the_oldest_as_there_are() -> None:
    people = counted(*((age, 100) for age in range(60, 101)))
    mode = mode_of_deaths(people, 1_500.0)
    assert survivors(people, 5, mode)[0, 1] == pytest.approx(1_500)
    assert 75 < mode < 95


def test_the_sums_are_those_of_the_forecast_and_a_town_that_grew_goes_on() -> None:
    base = np.array([[200, 500, 150, 60], [200, 500, 150, 60]])
    people = np.concatenate([counted(*((age, 9) for age in range(101)))] * 2)
    people[1, :60] += 5  # there were more, so it shrinks
    then = people_in(2034, Forecast(2040, 2_000, 200, ""), base, people)
    assert then.sum() == round(1_820 + 10 / 16 * 180) and then[:, 3].sum() == round(120 + 10 / 16 * 80)
    assert then[0, :2].sum() > then[1, :2].sum()
    assert (then >= 0).all()


@pytest.mark.parametrize(("name", "people"), [("higher", 1_950_000), ("lower", 1_890_000)])
def test_both_forecasts_of_the_region_are_met(name: str, people: int) -> None:
    table = pd.read_csv(VGR / "forecast.csv")
    last = table[(table["forecast"] == name) & (table["year"] == 2040)]
    assert last[PEOPLE].to_numpy().sum() == people
    assert last["people_80plus"].sum() == 142_000
    sums = table[table["forecast"] == name].groupby("year")[PEOPLE].sum().sum(axis=1)
    assert sums.is_monotonic_increasing and sums.index.tolist() == list(range(2025, 2041))


def test_a_study_has_the_people_of_its_year_where_its_places_are() -> None:
    now = load_study(["study=teaching", "scenarios=[baseline]"], root=ROOT)
    then = load_study(["study=teaching", "scenarios=[baseline]", "people_year=2035"], root=ROOT)
    assert int(then.region.zones[PEOPLE].to_numpy().sum()) == 102_000 == int(then.region.municipalities["people"].sum())
    assert int(then.region.zones["people_80plus"].sum()) == 9_000
    shares = [
        w.region.zones.groupby("municipality")["people_80plus"].transform(lambda n: n / n.sum()) for w in (now, then)
    ]
    assert np.allclose(*shares, atol=1e-3)
    pd.testing.assert_frame_equal(now.region.pools, then.region.pools)


def test_measures_are_of_the_people_of_the_year() -> None:
    world = load_study(["study=teaching", "scenarios=[baseline]", "people_year=2035"], root=ROOT)
    model = compile_scenario(world, "baseline")
    assert int(model.people.sum()) == 102_000
    run = simulate(model, seed=1)
    rows = measure(model, run.episodes, run.contacts)
    by_age = rows[(rows["measure"] == "er_visits_per_1000_year") & (rows["by"] == "age_group")].set_index("group")[
        "value"
    ]
    days = (model.horizon - model.window_start) / 86400
    er = (run.contacts.service == model.services.index("er")) & (run.contacts.request >= model.window_start)
    oldest = (run.episodes.age[run.contacts.episode[er]] == AGE_GROUPS.index("80plus")).sum()
    assert by_age["80plus"] == pytest.approx(oldest / 9_000 * 1000 * model.year_s / 86400 / days)


@pytest.mark.parametrize(
    ("overrides", "told"),
    [
        (["study=teaching", "people_year=2050"], "the forecast has no such year (found '2050'); allowed: 2025 to 2035"),
        (["study=teaching", "people_year=2030", "forecast=mian"], "unknown forecast (found 'mian'); allowed: main"),
        (["study=teaching", "forecast=main"], "says whose people, and people_year says no year"),
        (["study=vastmanland_quick", "people_year=2030"], "the region has no forecast.csv"),
        (["study=vgr_quick", "people_year=2030"], "is missing: the region has several forecasts of its people"),
        (["study=teaching", "people_year=soon"], "people_year"),
    ],
)  # fmt: skip
def test_a_year_without_people_is_refused(overrides: list[str], told: str) -> None:
    with pytest.raises(ConfigErrors) as errors:
        load_study([*overrides, "scenarios=[baseline]"], root=ROOT)
    assert told in str(errors.value)


@pytest.mark.parametrize(
    ("edit", "told"),
    [
        (lambda lines: lines[:1] + lines[2:], "main 2025: has no row for these municipalities of the region"),
        (lambda lines: [*lines, lines[1]], "main 2025: has several rows for the same municipality (found '9901')"),
        (lambda lines: [*lines, lines[1].replace("9901", "9909")], "municipalities that the region has not"),
        (lambda lines: [*lines[:-1], lines[-1].replace("2035", "35")], "must be a year, as 2030"),
    ],
)  # fmt: skip
def test_a_forecast_that_lacks_somebody_is_refused(tmp_path: Path, edit: Edit, told: str) -> None:
    root = tmp_path / "root"
    shutil.copytree(
        ROOT / "configs", root / "configs", ignore=shutil.ignore_patterns("vgr", "vastmanland", "gote*", "source")
    )
    shutil.copytree(ROOT / "scenarios", root / "scenarios")
    path = root / "configs" / "region" / "teaching" / "forecast.csv"
    path.write_text("\n".join(edit(path.read_text("utf-8").splitlines())) + "\n", "utf-8")
    with pytest.raises(ConfigErrors) as errors:
        load_study(["study=teaching", "scenarios=[baseline]"], root=root)
    assert told in str(errors.value)
