"""Screening: what cannot matter has no effect at all, what matters most comes first, and nothing is lost."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml
from calibrated_town import REGION
from roads import ROADS, Roads
from typer.testing import CliRunner
from worlds import LABEL, SAID, figure

from sim import simulation
from sim.app.cli import app
from sim.config.errors import ConfigErrors
from sim.config.load import load_study
from sim.config.paths import with_changes
from sim.config.schema.screening_table import SENSITIVITY, SENSITIVITY_COLUMNS
from sim.config.uncertain_figures import uncertain_figures, unreached
from sim.config.world import World
from sim.credibility.sensitivity import Screening, write
from sim.credibility.sensitivity.ranges import OUTCOMES, ranges
from sim.credibility.sensitivity.screening import paths
from sim.report.pages.sensitivity_page import INTRODUCTION, tables, write_page

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "generated" / "sensitivity.md"
Table = pd.DataFrame


@pytest.fixture
def town(tmp_path: Path) -> Roads:
    return Roads(tmp_path)


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Screening:
    return Roads(tmp_path_factory.mktemp("town")).screen()


def of(table: Table, outcome: str) -> Table:
    return table[table["outcome"] == outcome].set_index("parameter")


def test_what_cannot_matter_has_no_effect_at_all(done: Screening) -> None:
    for outcome in OUTCOMES:
        assert (
            of(done.table, outcome).loc["care.co2_g_per_km", ["mu_star", "mu_star_conf", "sigma"]].tolist() == [0] * 3
        )
    arrivals = of(done.table, "er_arrivals_per_day")
    for name in ("other", "stay"):
        assert arrivals.loc[name, "mu_star"] == 0, name
        assert arrivals.loc[name, "sign"] == "none"
    minutes = of(done.table, "travel_min_per_resident_year")
    assert minutes.loc["stay", "mu_star"] == 0


def test_what_matters_most_comes_first_and_says_which_way(done: Screening) -> None:
    arrivals = of(done.table, "er_arrivals_per_day")
    assert arrivals.index[:2].tolist() == ["rate", "calls"]
    assert arrivals.loc["rate", "sign"] == "up" and arrivals.loc["calls", "sign"] == "down"
    stays = of(done.table, "er_stay_median_min")
    assert set(stays.index[:3]) == {"rate", "calls", "stay"} and stays.loc["stay", "sign"] == "up"
    kilometres = of(done.table, "travel_km_per_resident_year")
    assert {"rate", "travel.detour.far.factor"} <= set(kilometres.index[:3])
    assert kilometres.loc["travel.detour.far.factor", "sign"] == "up"
    minutes = of(done.table, "travel_min_per_resident_year")
    assert minutes.loc["travel.speed.all.speed_kmh", "sign"] == "down"
    for outcome in OUTCOMES:
        rows = of(done.table, outcome)
        assert rows["rank"].tolist() == list(range(1, len(rows) + 1))
        assert (np.diff(rows["mu_star"]) <= 0).all()


def test_an_effect_is_that_of_the_whole_range(done: Screening) -> None:
    """Minutes to and from the car, 2 to 8: each journey takes 6 minutes more, whatever else holds."""
    minutes, km = (of(done.table, f"travel_{unit}_per_resident_year") for unit in ("min", "km"))
    journeys = minutes.loc["travel.access_min"]
    assert journeys["mu_star"] == journeys["mu"] > 0
    factor = km.loc["rate", "mu_star"] / km.loc["rate", "baseline"]
    assert 0.8 < factor < 2.5  # from half to twice the rate
    per_year = journeys["mu_star"] / 6
    assert per_year == pytest.approx(0.95, rel=0.4)  # 2 needs a year, 40 % call: about 1.2 journeys at the baseline


def test_every_figure_with_a_range_is_varied(town: Roads) -> None:
    varied = uncertain_figures(town.load())
    assert [one.name for one in varied] == [
        *("calls", "other", "rate", "stay", "care.co2_g_per_km", "travel.detour.near.factor"),
        *("travel.detour.far.factor", "travel.speed.all.speed_kmh", "travel.access_min"),
    ]
    named = {one.name: one for one in varied}
    far = named["travel.detour.far.factor"]
    assert (far.value, far.low, far.high, far.source, far.quality) == (1.2, 1.1, 1.3, "test", "D")
    assert far.label.sv == "Omvägar på vägen, över 10 km fågelvägen"
    assert named["travel.detour.near.factor"].label.en == "Detours of roads, 0 to 10 km as the crow flies"
    assert named["rate"].at(0.5) == pytest.approx(1) and far.at(0.5) == pytest.approx(1.2)


def test_values_are_put_into_the_world_and_the_plain_one_is_left(town: Roads) -> None:
    plain = town.load()
    made = ranges(plain)
    ends = [
        with_changes(plain, made.changes(made.values(np.full(len(made.varied), end)))) for end in (0.0, 1.0, np.nan)
    ]
    assert [w.region.travel.detour["far"].factor.value for w in ends] == [1.1, 1.3, 1.2]
    assert [w.care.co2_g_per_km.value for w in ends] == [100, 170, 140]
    rates = [w.care.needs["ill"].rate_per_1000_year["18_64"].value for w in ends]
    assert rates == [1000, 4000, 2000]
    assert plain.region.travel.detour["far"].factor.value == 1.2
    assert not made.changes(made.values(np.full(len(made.varied), np.nan)))


def test_crossings_are_moved_together_each_through_its_own_range(town: Roads) -> None:
    crossings = {
        "sound": {"penalty_min": figure(10, 5, 25), "penalty_km": figure(0)},
        "strait": {"penalty_min": figure(16, 15, 35), "penalty_km": figure(0)},
    }
    town.write("travel", {**ROADS, "crossings": crossings})
    made = ranges(town.load())
    one = made.varied[-1]
    assert (one.name, one.value, one.low, one.high) == ("travel.crossings.penalty_min", 13, 10, 30)
    assert one.label.en == "Ferries and bridges, minutes per crossing (all 2)"
    assert len(one.parts) == 2 and one.quality == "D"
    for share, minutes in ((0.0, [5, 15]), (0.5, [15, 25]), (np.nan, [10, 16])):
        world = with_changes(made.world, made.changes(made.values(np.full(len(made.varied), share))))
        assert [c.penalty_min.value for c in world.region.travel.crossings.values()] == pytest.approx(minutes)


def test_what_was_fitted_narrows_a_range_where_the_figures_tell_something(town: Roads) -> None:
    found = {"factor": 1.25, "low": 1.2, "high": 1.3, "posterior_over_prior": 0.1, "identified": True}
    run = {
        "written": "2027-01-01", "version": "1", "code": "x", "seed": 1, "replications": 1, "start": "2027-01-01",
        "end": "2027-01-02", "warm_up_days": 0,
    }  # fmt: skip
    vague = {**found, "identified": False}
    town.write("fitted", {"care": "test", "run": run, "parameters": {"rate": found, "stay": vague}, "residuals": {}})
    varied = {one.name: one for one in uncertain_figures(town.load())}
    assert (varied["rate"].value, varied["rate"].low, varied["rate"].high) == (1.25, 1.2, 1.3)
    assert (varied["stay"].value, varied["stay"].low, varied["stay"].high) == (1.25, 0.5, 2)
    assert varied["rate"].quality == "X" and "fitted.yaml" in varied["rate"].source
    base = ranges(town.load()).values(np.full(len(varied), np.nan))
    assert (base["rate"], base["stay"], base["calls"]) == (1.25, 1.25, 1)


def test_what_cannot_be_varied_is_named(town: Roads) -> None:
    town.write("travel", {**ROADS, "matrix_file": "matrix.csv", "within_km": {"value": 1, "low": 0.5, **SAID}})
    plain = town.load()
    told = {one.name: one.why for one in unreached(plain)}
    assert "matrix" in told["travel.access_min"] and "one end" in told["travel.within_km"]
    assert not any(one.kind == "travel" for one in uncertain_figures(plain))
    free = yaml.safe_load((town.root / REGION / "free_parameters.yaml").read_text(encoding="utf-8"))
    town.write("free_parameters", {**free, "care": "other"})
    assert "care model other" in {one.name: one.why for one in unreached(town.load())}["rate"]


def test_a_region_without_ranges_is_bad_input(town: Roads) -> None:
    (town.root / REGION / "free_parameters.yaml").unlink()
    town.write("travel", {**ROADS, "matrix_file": "matrix.csv"})
    with pytest.raises(ConfigErrors, match="fewer than two"):
        town.screen()


def test_more_paths_begin_with_the_same_ones() -> None:
    few, many = paths(5, 2, seed=3), paths(5, 4, seed=3)
    assert (many[: len(few)] == few).all()
    steps = np.abs(np.diff(few.reshape(2, 6, 5), axis=1))
    assert ((steps > 0).sum(axis=2) == 1).all()  # one figure a step
    assert steps[steps > 0] == pytest.approx(2 / 3)


def counted(monkeypatch: pytest.MonkeyPatch, stop_after: int | None = None) -> list[int]:
    """Counts the runs that are simulated; may be killed after some."""
    runs: list[int] = []
    draw: Callable[..., Any] = simulation.draw_episodes

    def one(*given: Any) -> Any:
        if stop_after is not None and len(runs) == stop_after:
            raise KeyboardInterrupt
        runs.append(1)
        return draw(*given)

    monkeypatch.setattr(simulation, "draw_episodes", one)
    return runs


def test_what_is_interrupted_goes_on_and_more_paths_cost_only_themselves(
    town: Roads, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        before = counted(patch, stop_after=12)
        with pytest.raises(KeyboardInterrupt):
            town.screen()
    with monkeypatch.context() as patch:
        after = counted(patch)
        resumed = town.screen()
    assert len(before) == 12 and len(before) + len(after) == 4 + 3 * 10
    with monkeypatch.context() as patch:
        again = counted(patch)
        assert town.screen().table.equals(resumed.table)
        assert not again
        town.screen(trajectories=4)
        assert len(again) == 10


def test_the_same_whatever_the_number_of_workers(town: Roads, done: Screening) -> None:
    assert town.screen(workers=2).table.equals(done.table)


def test_the_command_writes_what_the_region_is_then_loaded_with(
    town: Roads, monkeypatch: pytest.MonkeyPatch, done: Screening
) -> None:
    monkeypatch.chdir(town.root)
    given = ["study=test", "replications=1", "--trajectories", "3", "--write", "page.md"]
    told = CliRunner().invoke(app, ["screen", *given])
    assert told.exit_code == 0, told.output
    table = load_study(root=town.root).region.sensitivity
    assert table is not None and list(table) == list(SENSITIVITY_COLUMNS)
    assert table["parameter"].tolist() == done.table["parameter"].tolist()
    assert np.allclose(table["mu_star"], done.table["mu_star"], rtol=1e-5)
    page = (town.root / "page.md").read_text(encoding="utf-8")
    assert page.startswith(INTRODUCTION)
    for written in tables("x", table):
        assert written.splitlines()[4:] and "\n".join(written.splitlines()[4:]) in page
    refused = CliRunner().invoke(app, ["screen", "study=test", "one.yaml"])
    assert refused.exit_code == 2


def test_a_damaged_table_is_bad_input(town: Roads, done: Screening) -> None:
    write(Screening(town.load(), done.table, [], 0), town.root)
    file = town.root / REGION / SENSITIVITY
    file.write_text(file.read_text(encoding="utf-8").replace(",up,", ",sideways,", 1), encoding="utf-8")
    with pytest.raises(ConfigErrors, match=r"sensitivity\.csv: row \d+, sign"):
        town.load()


def shipped() -> list[str]:
    return sorted(path.parent.name for path in (ROOT / "configs" / "region").glob(f"*/{SENSITIVITY}"))


@pytest.mark.parametrize("region", shipped())
def test_the_page_tells_the_tables_of_the_regions(region: str) -> None:
    world: World = load_study(["study=screening", f"region={region}"], root=ROOT)
    assert world.region.sensitivity is not None
    page = PAGE.read_text(encoding="utf-8")
    for table in tables(world.region.file.label.sv, world.region.sensitivity):
        assert table in page, f"run: careshift screen region={region} --write docs/generated/sensitivity.md"


def test_a_page_keeps_the_other_regions(done: Screening, tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("old\n\n## Other\n\nkept\n", encoding="utf-8")
    write_page(done, page)
    text = page.read_text(encoding="utf-8")
    assert text.startswith(INTRODUCTION) and "kept" in text and f"## {LABEL['sv']}" in text
