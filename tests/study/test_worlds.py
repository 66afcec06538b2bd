"""A study in many worlds: what is drawn, which worlds are kept, and what is said of a change in them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from reports import TINY

from sim.config.changes import vary
from sim.config.errors import ConfigErrors
from sim.config.load import load_study
from sim.config.paths import with_changes
from sim.config.way_factors import way_factors
from sim.config.world import World
from sim.config.world_draws import draw_worlds
from sim.results.changes_by_world import decisive_figures
from sim.results.compare import world_changes
from sim.results.read import Results
from sim.study import world_runs as in_worlds
from sim.study.plan import plan
from sim.study.study import run_study

TEACHING = ["study=teaching", "worlds=8"]


@pytest.fixture(scope="module")
def teaching() -> World:
    return load_study(TEACHING)


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    """Two worlds of the tiny study."""
    folder = tmp_path_factory.mktemp("worlds")
    overrides = [
        f"results={folder}",
        "worlds=2",
        "assumption_runs=false",
        "workers=1",
        "scenarios=[baseline,near_care]",
    ]
    return run_study(load_study(overrides, root=TINY), progress=False)


def test_each_figure_is_once_in_every_part_of_its_range(teaching: World) -> None:
    table = draw_worlds(teaching).table()
    for _, rows in table.groupby("parameter"):
        assert sorted(np.floor(rows["share"] * 8).astype(int)) == list(range(8))
        assert (rows["value"] >= rows["low"] * (1 - 1e-5)).all()
        assert (rows["value"] <= rows["high"] * (1 + 1e-5)).all()


def test_figures_are_drawn_independently(teaching: World) -> None:
    shares = draw_worlds(teaching).table().pivot(index="world", columns="parameter", values="share")
    levers = [name for name in shares.columns if name.startswith("scenarios.")]
    assert len({tuple(column) for column in shares.to_numpy().T}) > len(shares.columns) - len(levers)


def test_figures_of_quality_a_and_b_with_a_range_stay_as_they_are(teaching: World) -> None:
    table = draw_worlds(teaching).table()
    assert set(table.loc[table["kind"].isin(["care", "travel"]), "quality"]) <= {"C", "D", "X"}


def test_the_worlds_are_the_same_whichever_scenarios_are_compared_and_others_with_another_seed(teaching: World) -> None:
    alone = draw_worlds(with_changes(teaching, {"study.scenarios": ["baseline"]}))
    assert alone.changes(0) == draw_worlds(teaching).changes(0)
    assert draw_worlds(with_changes(teaching, {"study.seed": 2})).changes(0) != alone.changes(0)


def test_what_a_world_changes_is_there_in_it_and_may_be_written_in_a_file(teaching: World) -> None:
    draws = draw_worlds(teaching)
    changes = {**draws.changes(3), **draws.scenario_changes("near_care", 3)}
    varied = vary(teaching, changes)
    table = draws.table()
    own = table[(table["world"] == 4) & (table["kind"] == "lever")].set_index("parameter")["value"]
    for path, value in own.items():
        lever, size = str(path).split(".")[-2:]
        assert getattr(varied.scenarios["near_care"].levers[lever], size).value == value


def test_a_way_on_is_drawn_by_the_odds_and_the_shares_still_sum_to_one(teaching: World) -> None:
    factors = way_factors(teaching)
    assert "way.digital_consultation.er.at_once" in factors
    care = with_changes(teaching, draw_worlds(teaching).changes(0)).care
    before, after = (one.services["digital_consultation"].next["all"].then for one in (teaching.care, care))
    assert sum(step.probability for step in after.values()) == pytest.approx(1)
    assert after["er"].probability != before["er"].probability


def test_a_fitted_region_is_drawn_from_what_calibration_left_open_and_not_from_twice_its_factors() -> None:
    plain, fitted = (load_study(["study=vgr_quick", "worlds=2"], fitted=on) for on in (False, True))
    path = "care.needs.injury.rate_per_1000_year.18_64.value"
    one, other = (draw_worlds(world).changes(0)[path] for world in (plain, fitted))
    assert one == pytest.approx(other, rel=1e-4)


def test_a_scale_of_needs_scales_every_rate(teaching: World) -> None:
    draws = draw_worlds(teaching)
    plain, scaled = (with_changes(teaching, draws.changes(0, scale)).care.needs for scale in (1.0, 1.25))
    for need, one in plain.items():
        for age, rate in one.rate_per_1000_year.items():
            assert scaled[need].rate_per_1000_year[age].value == pytest.approx(1.25 * rate.value)


def test_a_total_that_is_off_is_named_and_one_that_cannot_be_told_too() -> None:
    wanted = {"er_visits_per_year": 100.0, "admissions_per_1000_year_adjusted": 50.0}
    assert in_worlds._miss({"er_visits_per_year": 104.9, "admissions_per_1000_year_adjusted": 44}, wanted) == ""
    why = in_worlds._miss({"er_visits_per_year": 105.1}, wanted)
    assert why.startswith("er_visits_per_year is 105.1, in the baseline 100; 5% off at most; admissions")
    assert "is nan" in why


@pytest.mark.parametrize("number", ["-1", "1001", "some"])
def test_a_number_of_worlds_that_cannot_be_is_refused_by_name(number: str) -> None:
    with pytest.raises(ConfigErrors) as refused:
        load_study([f"worlds={number}"], root=TINY)
    assert any(p.key == "worlds" and p.value == number for p in refused.value.problems)


def test_worlds_without_ranges_are_refused_before_anything_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    world = load_study(["worlds=3", "scenarios=[baseline,closed_er]"], root=TINY)
    certain = world.care.model_copy(
        update={"services": {n: s.model_copy(update={"next": {}}) for n, s in world.care.services.items()}}
    )
    bare = {n: s.model_copy(update={"levers": {}}) for n, s in world.scenarios.items()}
    with pytest.raises(ConfigErrors, match="no worlds can be drawn: nothing"):
        plan(with_changes(world, {"care": certain, "scenarios": bare}))


def test_every_scenario_is_run_once_in_the_same_worlds_and_the_baseline_too(results: Results) -> None:
    runs = {(r["scenario"], r["variant"]) for r in results.manifest["runs"] if r["variant"].startswith("world_")}
    assert runs == {(s, f"world_0{n}") for s in ("baseline", "near_care") for n in (1, 2)}
    assert results.manifest["worlds"]["kept"] == ["world_01", "world_02"]
    assert results.manifest["worlds"]["anchors"] == []  # the tiny region has no total that is published
    assert results.manifest["failed"] == []
    assert set(results.worlds["variant"]) == {"world_01", "world_02"}


def test_a_change_in_a_world_is_put_on_the_estimate(results: Results) -> None:
    rows = results.measures.query("measure == 'er_arrivals_per_day' and by == 'all' and replication == 0")
    value = rows.set_index(["scenario", "variant"])["value"]
    usual, drawn = (value["near_care", v] - value["baseline", v] for v in ("value", "world_01"))
    row = results.comparison.query("scenario == 'near_care' and measure == 'er_arrivals_per_day' and by == 'all'").iloc[
        0
    ]
    changes = world_changes(results.measures, "baseline").query("measure == 'er_arrivals_per_day'").set_index("variant")
    assert changes["change"]["world_01"] == pytest.approx(row["change"] + drawn - usual)
    assert row["worlds"] == 2
    assert row["worlds_with_sign"] == (np.sign(changes["change"]) == np.sign(row["change"])).sum()


def test_without_worlds_there_is_no_file_of_them(tmp_path: Path) -> None:
    overrides = [
        f"results={tmp_path}",
        "replications=1",
        "assumption_runs=false",
        "workers=1",
        "scenarios=[baseline,closed_er]",
    ]
    result = run_study(load_study(overrides, root=TINY), progress=False)
    assert result.worlds.empty
    assert (result.comparison["worlds"] == 0).all()
    assert not (result.folder / "worlds.csv").exists()


def drawn(numbers: list[float], other: list[float]) -> pd.DataFrame:
    """Two figures in as many worlds."""
    rows = [
        {"variant": f"world_{i:02d}", "parameter": name, "kind": "care", "sv": name, "en": name, "share": share}
        for name, shares in (("strong", numbers), ("weak", other))
        for i, share in enumerate(shares, 1)
    ]
    return pd.DataFrame(rows)


def changes_of(values: list[float]) -> pd.DataFrame:
    rows = [("s", "m", "u", "all", "", f"world_{i:02d}", value, 1.0, False) for i, value in enumerate(values, 1)]
    return pd.DataFrame(
        rows, columns=["scenario", "measure", "unit", "by", "group", "variant", "change", "estimate", "void"]
    )


def test_the_figure_whose_ranks_go_with_the_change_decides() -> None:
    shares = [i / 12 for i in range(12)]
    table = decisive_figures(changes_of([share**3 for share in shares]), drawn(shares, [*shares[6:], *shares[:6]]))
    assert list(table["parameter"]) == ["strong", "weak"]
    assert table["correlation"].iloc[0] == pytest.approx(1)
    assert table["correlation"].iloc[1] == pytest.approx(1 - 6 * 12 * 36 / (12 * 143))  # Spearman: d is 6 everywhere
    assert list(table["sure"]) == [True, False]


def test_below_ten_worlds_no_figure_is_named() -> None:
    shares = [i / 9 for i in range(9)]
    assert decisive_figures(changes_of(shares), drawn(shares, shares)).empty
