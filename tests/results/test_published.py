"""Simulated against published figures: the arithmetic, and that the region's targets name what is measured."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim.measures import DEFINITIONS
from sim.results.published import compare_with_targets

REGION = Path(__file__).resolve().parents[2] / "configs" / "region" / "vgr"


def runs(*values, measure="er_visits_per_year", by="all", group="", note=""):
    """One row a replication."""
    rows = [{"replication": r, "measure": measure, "by": by, "group": group, "value": v} for r, v in enumerate(values)]
    return pd.DataFrame(rows).assign(note=note)


def target(measure="er_visits_per_year", by="all", group="", value=100.0, note="", use="fit", tolerance=0.05):
    row = {"target": "t", "measure": measure, "by": by, "group": group, "value": value, "low": 90.0, "high": np.nan}
    row |= {"unit": "contacts/year", "year": "2024", "population": "all", "source": "a register", "quality": "A"}
    row |= {"use": use, "tolerance": tolerance}
    return pd.DataFrame([row | {"note": note}])


def test_the_interval_is_students_over_replications():
    row = compare_with_targets(runs(100, 110, 120), target()).iloc[0]
    half = 4.302653 * 10 / 3**0.5  # t of 97.5 % with two degrees of freedom, standard deviation 10
    assert row["simulated"] == 110
    assert row["simulated_low"] == pytest.approx(110 - half) and row["simulated_high"] == pytest.approx(110 + half)
    assert row["deviation"] == pytest.approx(0.10) and row["within_15"]


@pytest.mark.parametrize(("value", "met"), [(115, True), (115.2, False), (85, True), (84.8, False)])
def test_a_target_is_met_within_15_per_cent_and_not_beyond(value, met):
    assert bool(compare_with_targets(runs(value), target()).iloc[0]["within_15"]) is met


@pytest.mark.parametrize(("value", "tolerance", "hit"), [(109, 0.1, True), (111, 0.1, False), (104, np.nan, None)])
def test_a_hit_is_within_the_target_s_own_tolerance(value, tolerance, hit):
    result = compare_with_targets(runs(value), target(tolerance=tolerance)).iloc[0]["hit"]
    assert (None if pd.isna(result) else bool(result)) is hit


def test_one_replication_gives_no_interval():
    row = compare_with_targets(runs(100), target()).iloc[0]
    assert np.isnan(row["simulated_low"]) and np.isnan(row["simulated_high"])


def test_a_target_without_measure_is_shown_and_not_judged():
    row = compare_with_targets(runs(100), target(measure="none", by="", note="not modelled")).iloc[0]
    assert np.isnan(row["simulated"]) and pd.isna(row["within_15"]) and row["note"] == "not modelled"


def test_a_measure_that_no_run_has_is_said_to_be_missing():
    row = compare_with_targets(runs(100), target(group="nowhere", by="site")).iloc[0]
    assert pd.isna(row["within_15"]) and "no value" in row["note"]


def test_what_the_runs_say_of_a_value_stays_with_it():
    row = compare_with_targets(runs(np.nan, note="window too short"), target(note="adults")).iloc[0]
    assert row["note"] == "adults; window too short" and pd.isna(row["within_15"])


def test_a_site_is_held_against_its_own_figure():
    measures = pd.concat([runs(10, by="site", group="a"), runs(20, by="site", group="b")])
    table = compare_with_targets(measures, pd.concat([target(by="site", group="b"), target(by="site", group="a")]))
    assert table["simulated"].tolist() == [20, 10]


def test_everybody_is_found_whether_named_all_or_not_at_all():
    for name in ("all", "", np.nan):
        assert compare_with_targets(runs(100), target(group=name)).iloc[0]["simulated"] == 100


def test_two_rows_of_one_run_are_refused():
    twice = pd.concat([runs(1), runs(2)])
    with pytest.raises(ValueError, match="two rows"):
        compare_with_targets(twice, target())


def test_a_published_zero_has_no_relative_deviation():
    row = compare_with_targets(runs(1), target(value=0.0)).iloc[0]
    assert np.isnan(row["deviation"]) and pd.isna(row["within_15"])


def test_true_and_false_are_written_as_such_and_nothing_as_nothing():
    table = compare_with_targets(runs(100), pd.concat([target(), target(value=10), target(measure="none")]))
    assert table["within_15"].dtype == "boolean"
    assert table[["within_15"]].to_csv(index=False).split() == ["within_15", "True", "False", '""']


def test_every_target_of_the_region_names_a_measure_its_cut_and_its_unit():
    table = pd.read_csv(REGION / "targets.csv").query("measure != 'none'")
    for row in table.itertuples():
        assert row.measure in DEFINITIONS, row.target
        assert row.by in DEFINITIONS[row.measure].cuts, row.target
        assert row.unit == DEFINITIONS[row.measure].unit, row.target


def test_a_target_that_no_measure_answers_says_why():
    assert pd.read_csv(REGION / "targets.csv").query("measure == 'none'")["note"].str.len().gt(10).all()
