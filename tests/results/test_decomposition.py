"""What an effect is made of: the parts of hand-made changes, and what can be said of them."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim.config.variants import Basis
from sim.results.compare import compare
from sim.results.decomposition import (
    BOTH_IN_LUCK,
    IN_IN_LUCK,
    OUT_IN_LUCK,
    Finding,
    decomposition,
    read_decomposition,
    write_decomposition,
)

VISITS = "er_arrivals_per_day"
KEYS = ["scenario", "variant", "replication", "measure", "unit", "by", "group", "value", "note"]
BASE, VALUE = [100, 110, 120, 130], [80, 91, 99, 110]  # changes -20, -19, -21, -20


def runs(
    scenario: str, values: list[float], variant: str = "value", measure: str = VISITS, note: str = ""
) -> pd.DataFrame:
    rows = [(scenario, variant, r, measure, "a day", "all", "", float(v), note) for r, v in enumerate(values)]
    return pd.DataFrame(rows, columns=KEYS)


def study(
    mechanism: list[float], value: list[float] = VALUE, base: list[float] = BASE, measure: str = VISITS, note: str = ""
) -> pd.DataFrame:
    """Runs of a scenario and of the baseline, and of the scenario without its assumptions."""
    parts = [
        runs("baseline", base, measure=measure),
        runs("mine", value, measure=measure),
        runs("mine", mechanism, "mechanism", measure, note),
    ]
    return pd.concat([part for part in parts if len(part)], ignore_index=True)


def parts(measures: pd.DataFrame, basis: Basis = "both") -> pd.Series:
    table = decomposition(measures, compare(measures, "baseline"), "baseline", {"mine": basis})
    assert len(table) == 1
    return table.iloc[0]


def test_what_came_out_is_paired_with_the_baseline_of_the_same_replications_and_the_rest_is_put_in() -> None:
    """Changes without assumptions -5, -6, -7, of the first three replications; the whole is -20 of four."""
    row = parts(study([95, 104, 113]))
    assert (row["effect"], row["came_out"], row["put_in"], row["n"]) == (-20, -6, -14, 3)
    half = 4.302652729911275 / np.sqrt(3)  # t of 2 degrees of freedom, sd 1
    assert (row["low"], row["high"]) == pytest.approx((-6 - half, -6 + half), rel=1e-9)
    assert (row["finding"], row["note"]) == (Finding.TOLD, "")


@pytest.mark.parametrize(
    ("measures", "finding", "note"),
    [
        (study([]), Finding.NOT_TESTED, ""),
        (study([95]), Finding.UNKNOWN, "one replication: no interval"),
        (study([99, 111, 119]), Finding.UNKNOWN, OUT_IN_LUCK),
        (study([80.5, 91.5, 97]), Finding.UNKNOWN, IN_IN_LUCK),
        (study([80, 115, 100]), Finding.UNKNOWN, BOTH_IN_LUCK),
        (study([95, 104, 113], note="not settled"), Finding.UNKNOWN, "not settled"),
        (study([np.nan] * 3), Finding.UNKNOWN, "not measured in both scenario and baseline"),
        (study([100, 110, 120]), Finding.ALL_PUT_IN, ""),
        (study([100, 110, 120], BASE), Finding.NO_CHANGE, ""),
        (study([95, 104, 113], BASE), Finding.TOLD, ""),
        (study([9], [8, 8], [9, 9], "nearest_er_min"), Finding.ALL_PUT_IN, ""),
        (study([8], [8, 8], [9, 9], "nearest_er_min"), Finding.ALL_CAME_OUT, ""),
        (study([7], [8, 8], [9, 9], "nearest_er_min"), Finding.TOLD, ""),
    ],
    ids=["no run", "one", "out in luck", "in in luck", "both in luck", "moving", "unmeasured", "nothing came out",
         "no change", "both ways", "put in without luck", "came out without luck", "both without luck"],
)  # fmt: skip
def test_no_change_not_tested_and_cannot_be_told_are_three_things(
    measures: pd.DataFrame, finding: Finding, note: str
) -> None:
    row = parts(measures)
    assert (row["finding"], row["note"]) == (finding, note)


def test_parts_that_draw_apart_are_told_though_the_whole_is_nothing() -> None:
    row = parts(study([95, 104, 113], BASE))
    assert (row["effect"], row["came_out"], row["put_in"]) == (0, -6, 6)


@pytest.mark.parametrize(
    ("basis", "came_out", "finding"),
    [("assumption", 0, Finding.ALL_PUT_IN), ("mechanism", -20, Finding.ALL_CAME_OUT), ("nothing", 0, "no change")],
)
def test_levers_of_one_kind_need_no_run(basis: Basis, came_out: float, finding: str) -> None:
    row = parts(study([]), basis)
    assert (row["came_out"], row["put_in"], row["finding"]) == (came_out, -20 - came_out, finding)


def test_a_scenario_without_its_assumptions_is_in_no_range_and_makes_nothing_robust() -> None:
    ends = [runs("mine", [v], variant) for v, variant in ((85, "low"), (70, "high"))]
    for without, varied in product(([40, 50, 60], [300, 310, 320], [np.nan] * 3), (ends, [])):
        whole = pd.concat([study(without), *varied], ignore_index=True)
        left_out = whole[whole["variant"] != "mechanism"]
        found, known = compare(whole, "baseline"), compare(left_out, "baseline")
        pd.testing.assert_frame_equal(found, known, check_exact=True)
        assert found["robust"].iloc[0] == bool(varied)


def test_the_table_comes_back_from_its_file_to_the_last_bit(tmp_path: Path) -> None:
    for measures in (study([95.1, 104.2, 113.7]), study([]), study([95])):
        table = decomposition(measures, compare(measures, "baseline"), "baseline", {"mine": "both"})
        write_decomposition(table, tmp_path / "decomposition.csv")
        pd.testing.assert_frame_equal(
            read_decomposition(tmp_path / "decomposition.csv"), table, check_exact=True, check_dtype=False
        )
