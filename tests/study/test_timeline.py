"""A study by month: what is kept of each, what it is held against, and that the whole window stays as it is."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from sim.compile import compile_scenario
from sim.config.errors import ConfigErrors
from sim.config.load import load_study
from sim.config.notes import notes
from sim.measures.periods import measure_periods
from sim.results.compare import COLUMNS, compare
from sim.results.read import Results, read_results
from sim.simulation import simulate
from sim.study.study import run_study

TINY = Path(__file__).resolve().parents[1] / "data" / "tiny"
PLAIN = ("start=2027-09-01", "end=2027-10-31", "scenarios=[baseline,closed_er]", "replications=2", "workers=1",
         "assumption_runs=false")  # fmt: skip
RUN = ["scenario", "variant", "replication"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("months")


@pytest.fixture(scope="module")
def by_month(folder: Path) -> Results:
    """Two months of the tiny world."""
    return run_study(load_study([*PLAIN, "period=month", f"results={folder}"], root=TINY), progress=False)


def test_each_run_has_the_measures_of_each_month(by_month: Results) -> None:
    world = load_study([*PLAIN, "period=month"], root=TINY)
    run = simulate(compile_scenario(world, "closed_er"), world.study.seed, 1)
    alone = measure_periods(run.model, run.episodes, run.contacts)
    kept = by_month.by_period
    assert set(kept["period"]) == {"2027-09", "2027-10"}
    there = kept[(kept[RUN] == ["closed_er", "value", 1]).all(axis=1)].reset_index(drop=True)
    pd.testing.assert_frame_equal(there[list(alone.columns)], alone, check_exact=True, check_dtype=False)


def test_the_timeline_is_the_comparison_of_each_month_by_itself(by_month: Results) -> None:
    for period in ("2027-09", "2027-10"):
        rows = by_month.by_period[by_month.by_period["period"] == period]
        there = by_month.timeline[by_month.timeline["period"] == period].reset_index(drop=True)
        pd.testing.assert_frame_equal(there[COLUMNS], compare(rows, "baseline"), check_exact=True, check_dtype=False)
    read = read_results(by_month.folder).timeline
    pd.testing.assert_frame_equal(read, by_month.timeline, check_exact=True)


def test_periods_change_no_figure_of_the_whole_window(by_month: Results, folder: Path) -> None:
    plain = run_study(load_study([*PLAIN, "name=whole", f"results={folder}"], root=TINY), progress=False)
    for name in ("measures.parquet", "comparison.csv", "decomposition.csv"):
        assert (plain.folder / name).read_bytes() == (by_month.folder / name).read_bytes(), name
    assert plain.timeline.empty
    assert plain.by_period.empty
    assert not (plain.folder / "timeline.csv").exists()


def test_a_window_without_a_whole_period_is_refused() -> None:
    with pytest.raises(ConfigErrors) as told:
        load_study(["period=month"], root=TINY)
    assert "period month: no whole one lies in the window from 2027-10-04 to 2027-10-10" in str(told.value)


def test_days_that_lie_in_no_whole_period_are_told() -> None:
    world = load_study(["period=month", "start=2027-09-30", "end=2027-11-02"], root=TINY)
    assert [note for note in notes(world) if note.startswith("period")] == [
        "period month: 3 days of the window lie in none of its 1 whole periods (2027-10 to 2027-10); they count in the "
        "figures of the whole window alone."
    ]
