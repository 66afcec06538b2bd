"""Scenario less baseline: pairs, luck, assumptions, and what may be called robust."""

import itertools
import time

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from statsmodels.stats.multitest import multipletests

from sim.results.compare import COLUMNS, compare
from sim.results.read import read_comparison, write_comparison


def runs(values, variant="value", measure="er_wait", by="all", group="", note="", scenario="closed"):
    """One row a replication."""
    rows = [
        (scenario, variant, r, measure, "min", by, group, float(v), note if isinstance(note, str) else note[r])
        for r, v in enumerate(values)
    ]
    columns = ["scenario", "variant", "replication", "measure", "unit", "by", "group", "value", "note"]
    return pd.DataFrame(rows, columns=columns)


def base(values, **more):
    return runs(values, scenario="baseline", **more)


def table(*parts, **more):
    return compare(pd.concat(parts, ignore_index=True), "baseline", **more)


def only(*parts, **more):
    result = table(*parts, **more)
    assert len(result) == 1
    return result.iloc[0]


UP = (base([10, 20, 30]), runs([15, 26, 34]))  # changes 5, 6, 4
VARIED = (runs([13], variant="low"), runs([18], variant="high"))  # changes 3 and 8


def test_the_change_is_the_mean_of_the_paired_differences():
    row = only(*UP, *VARIED)
    assert (row["baseline"], row["mean"], row["change"], row["n"]) == (20, 25, 5, 3)


def test_the_interval_and_p_are_those_of_the_paired_t_test():
    row = only(*UP)
    known = stats.ttest_rel([15, 26, 34], [10, 20, 30])
    interval = known.confidence_interval(0.95)
    assert row["p"] == pytest.approx(known.pvalue, rel=1e-12)
    assert (row["low"], row["high"]) == pytest.approx((interval.low, interval.high), rel=1e-12)
    assert 5 - 4.302652729911275 / np.sqrt(3) == pytest.approx(row["low"])  # t of 2 degrees of freedom, sd 1


def test_the_assumptions_shift_the_mean_over_all_replications_by_what_they_do_with_the_same_luck():
    row = only(*UP, *VARIED)
    assert (row["low_assumption"], row["high_assumption"]) == (3, 8)  # 3 and 8 beside 5 in replication 0; the mean is 5
    row = only(*UP, runs([15.5], variant="low"), runs([14.5], variant="high"))
    assert (row["low_assumption"], row["high_assumption"]) == (4.5, 5.5)  # luck of the others (6 and 4) widens nothing


def test_the_range_holds_an_estimate_that_the_varied_replication_lies_far_from():
    lucky = base([10, 20, 30]), runs([20, 26, 34])  # changes 10, 6, 4: the mean is 6 2/3
    row = only(*lucky, runs([21], variant="low"), runs([23], variant="high"))  # 11 and 13: one and three above 10
    assert (row["low_assumption"], row["high_assumption"]) == pytest.approx((20 / 3, 20 / 3 + 3))
    row = only(*lucky, runs([17], variant="low"), runs([18], variant="high"))
    assert (row["low_assumption"], row["high_assumption"]) == pytest.approx((20 / 3 - 3, 20 / 3))


def test_a_variant_whose_run_at_value_says_nothing_leaves_the_range_unknown():
    row = only(base([10, 20, 30]), runs([np.nan, 26, 34]), *VARIED)
    assert np.isnan([row["low_assumption"], row["high_assumption"]]).all()


def test_in_every_row_with_a_range_the_estimate_lies_within_it():
    rng = np.random.default_rng(5)
    groups = [str(g) for g in range(40)]
    cells = {"by": "site", "measure": "er_wait"}
    parts = [base(rng.normal(size=4), group=g, **cells) for g in groups]
    for scenario in ("a", "b"):
        parts += [runs(rng.normal(size=4), group=g, scenario=scenario, **cells) for g in groups]
        for variant in ("low", "high", "short_trips", "long_trips"):
            parts += [runs(rng.normal(size=1), variant, group=g, scenario=scenario, **cells) for g in groups]
    for variant in ("short_trips", "long_trips"):
        parts += [base(rng.normal(size=1), variant=variant, group=g, **cells) for g in groups]
    result = table(*parts)
    assert result["low_assumption"].notna().sum() == len(result) == 80
    assert (result["low_assumption"] <= result["change"]).all()
    assert (result["change"] <= result["high_assumption"]).all()
    assert (result["low_assumption"] < result["high_assumption"]).all()


def test_a_change_beyond_luck_and_assumptions_is_robust():
    assert only(*UP, *VARIED)["robust"]


@pytest.mark.parametrize(
    ("parts", "why"),
    [
        ((base([10, 20, 30]), runs([15, 26, 28]), *VARIED), "luck crosses 0"),
        ((*UP, runs([9], variant="low"), runs([18], variant="high")), "assumptions cross 0"),
        ((*UP, runs([10], variant="low"), runs([18], variant="high")), "assumptions touch 0"),
        ((base([10, 20, 30], note=["", "not settled", ""]), UP[1], *VARIED), "the baseline is not settled"),
        ((UP[0], UP[1], runs([13], variant="low", note="not settled"), VARIED[1]), "a varied run is not settled"),
        ((base([10]), runs([15]), *VARIED), "one replication"),
        ((base([10, 20, 30]), runs([15, np.nan, 35]), *VARIED), "a replication has no value"),
        ((*UP, runs([np.nan], variant="low"), runs([18], variant="high")), "no value at low"),
        (UP, "no runs at low and high"),
    ],
    ids=lambda x: x if isinstance(x, str) else "",
)
def test_no_change_is_robust_when(parts, why):
    assert not only(*parts)["robust"]


def test_a_fall_is_as_robust_as_a_rise():
    row = only(base([15, 26, 34]), runs([10, 20, 30]), runs([12], variant="low"), runs([7], variant="high"))
    assert row["robust"]
    assert row["change"] == -5


def test_a_fall_beyond_luck_with_a_rise_in_the_assumptions_is_not_robust():
    parts = base([15, 26, 34]), runs([10, 20, 30]), runs([16], variant="low"), runs([18], variant="high")
    assert not only(*parts)["robust"]


TRIPS = [
    *(base([12], variant="short_trips"), runs([18], variant="short_trips")),  # change 6
    *(base([7], variant="long_trips"), runs([9], variant="long_trips")),  # change 2
]


def test_a_scenario_with_short_trips_is_held_against_the_baseline_with_short_trips():
    row = only(*UP, *VARIED, *TRIPS)
    assert (row["low_assumption"], row["high_assumption"]) == (2, 8)
    assert row["robust"]
    assert (row["baseline"], row["mean"], row["change"], row["n"]) == (20, 25, 5, 3)


def test_no_change_is_robust_that_turns_where_trips_are_short_or_long():
    turned = runs([11], variant="short_trips")  # the baseline has 12 there
    row = only(*UP, *VARIED, TRIPS[0], turned, *TRIPS[2:])
    assert (row["low_assumption"], row["high_assumption"]) == (-1, 8)
    assert not row["robust"]


def test_trips_that_the_baseline_was_not_run_with_leave_the_range_unknown():
    row = only(*UP, *VARIED, *TRIPS[1:])
    assert np.isnan([row["low_assumption"], row["high_assumption"]]).all()
    assert not row["robust"]


def test_luck_alone_decides_for_a_scenario_without_effect_sizes():
    assert only(*UP, certain=["closed"])["robust"]
    assert not only(*UP, certain=["another"])["robust"]
    assert not only(base([10, 20, 30]), runs([15, 26, 28]), certain=["closed"])["robust"]


def test_what_was_not_varied_says_so_where_luck_would_have_called_it_a_change():
    assert only(*UP)["note"] == "assumptions not varied"
    assert only(*UP, certain=["closed"])["note"] == ""
    assert only(base([1, 2, 3]), runs([1, 2, 3]))["note"] == ""


def test_one_replication_has_a_change_and_no_interval():
    row = only(base([10]), runs([15]))
    assert row["change"] == 5
    assert np.isnan([row["low"], row["high"], row["p"], row["p_holm"]]).all()
    assert row["note"] == "one replication: no interval"


def test_no_difference_at_all_has_an_interval_of_zero_width_and_p_1():
    row = only(base([10, 20, 30]), runs([10, 20, 30]), runs([10], variant="low"), runs([10], variant="high"))
    assert (row["change"], row["low"], row["high"], row["p"], row["p_holm"]) == (0, 0, 0, 1, 1)
    assert not row["robust"]


def test_the_same_difference_in_every_replication_is_certain_only_where_luck_cannot_touch_it():
    def of(measure):
        varied = (runs([11], variant="low", measure=measure), runs([13], variant="high", measure=measure))
        return only(base([10, 20, 30], measure=measure), runs([12, 22, 32], measure=measure), *varied)

    row = of("cost_msek_per_year")
    assert (row["low"], row["high"], row["p"]) == (2, 2, 0)
    assert row["robust"]
    row = of("er_arrivals_per_day")
    assert (row["low"], row["high"]) == (2, 2)
    assert np.isnan(row["p"])
    assert not row["robust"]
    assert "luck unknown" in row["note"]


def test_a_replication_without_value_is_left_out_and_said():
    row = only(base([10, 20, 30]), runs([15, np.nan, 34], note=["", "no contacts", ""]))
    assert (row["baseline"], row["mean"], row["change"], row["n"]) == (20, 24.5, 4.5, 2)
    assert "measured in 2 of 3 replications; " in row["note"]
    assert row["note"].endswith("no contacts")


def test_a_replication_that_the_baseline_has_not_is_no_missing_value():
    row = only(base([10, 20]), runs([15, 26, 99]), *VARIED)
    assert row["n"] == 2
    assert "measured in" not in row["note"]


def test_a_cell_that_only_the_baseline_has_is_kept_without_a_change():
    gone = base([1, 1, 1], by="site", group="north")
    result = table(*UP, gone)
    row = result[result["by"] == "site"].iloc[0]
    assert np.isnan(row["change"])
    assert row["n"] == 0
    assert row["note"].startswith("not measured in both scenario and baseline")


def test_a_cell_that_only_the_scenario_has_is_kept_without_a_change():
    result = table(*UP, runs([1, 1, 1], by="site", group="new"))
    assert np.isnan(result[result["by"] == "site"].iloc[0]["change"])


def test_a_group_of_digits_stays_text():
    row = only(base([1, 2], by="municipality", group="0114"), runs([2, 4], by="municipality", group="0114"))
    assert row["group"] == "0114"


def test_holm_of_municipalities_is_over_municipalities_of_one_scenario():
    rng = np.random.default_rng(1)
    parts = []
    for group, shift in (("a", 3), ("b", 1), ("c", 0)):
        before = rng.normal(size=5)
        parts.append(base(before, by="municipality", group=group))
        for scenario in ("closed", "near"):
            after = before + shift + rng.normal(size=5)
            parts.append(runs(after, by="municipality", group=group, scenario=scenario))
    result = table(*parts)
    for _, family in result.groupby("scenario"):
        assert len(family) == 3
        known = multipletests(family["p"], method="holm")[1]
        assert family["p_holm"].to_numpy() == pytest.approx(known, rel=1e-12)


def test_holm_of_other_cuts_is_over_scenarios():
    rng = np.random.default_rng(2)
    before = rng.normal(size=4)
    parts = [base(before)]
    for k in range(4):
        parts.append(runs(before + k + rng.normal(size=4), scenario=f"s{k}"))
    result = table(*parts)
    assert result["p_holm"].to_numpy() == pytest.approx(multipletests(result["p"], method="holm")[1], rel=1e-12)


def test_a_missing_p_takes_no_place_in_holms_family():
    parts = [base([1, 2, 4]), runs([2, 3, 6], scenario="a"), runs([np.nan] * 3, scenario="b")]
    result = table(*parts).set_index("scenario")
    assert result.loc["a", "p_holm"] == result.loc["a", "p"]
    assert np.isnan(result.loc["b", "p_holm"])


def test_without_runs_of_the_baseline_nothing_is_compared():
    with pytest.raises(ValueError, match="no runs of the baseline 'base'"):
        compare(runs([1]), "base")


def test_two_rows_of_one_cell_in_a_run_are_refused():
    with pytest.raises(ValueError, match="one-to-one"):
        table(base([1]), runs([2]), runs([2]))


def test_a_study_of_the_baseline_alone_has_an_empty_comparison():
    result = table(base([1, 2]))
    assert list(result.columns) == COLUMNS
    assert result.empty


def test_the_order_of_the_runs_does_not_matter():
    parts = pd.concat([*UP, *VARIED], ignore_index=True)
    shuffled = parts.sample(frac=1, random_state=3)
    pd.testing.assert_frame_equal(compare(parts, "baseline"), compare(shuffled, "baseline"), check_exact=True)


def test_a_comparison_is_read_back_to_the_last_bit(tmp_path):
    result = table(
        base([1 / 3, 0.1, 2], by="municipality", group="0114", note='no contacts, but "one"'),
        runs([2 / 3, 0.3, np.nan], by="municipality", group="0114"),
        base([1], measure="NA", group="null"),
        runs([1e-300], measure="NA", group="null"),
        *UP,
        *VARIED,
    )
    write_comparison(result, tmp_path / "comparison.csv")
    back = read_comparison(tmp_path / "comparison.csv")
    pd.testing.assert_frame_equal(result, back, check_exact=True)
    assert back["robust"].dtype == bool
    assert set(back["group"]) == {"", "0114", "null"}


def test_an_empty_comparison_is_read_back_with_its_types(tmp_path):
    result = table(base([1, 2]))
    write_comparison(result, tmp_path / "comparison.csv")
    pd.testing.assert_frame_equal(result, read_comparison(tmp_path / "comparison.csv"), check_exact=True)


def test_a_comparison_without_one_of_its_columns_is_refused(tmp_path):
    only_some = table(*UP).drop(columns="p_holm")
    write_comparison(only_some, tmp_path / "comparison.csv")
    with pytest.raises(ValueError, match="p_holm"):
        read_comparison(tmp_path / "comparison.csv")


def test_seven_scenarios_of_thousands_of_cells_are_compared_in_seconds():
    rng = np.random.default_rng(4)
    cells = [("travel", "municipality", str(g)) for g in range(500)] + [("er", "site", str(g)) for g in range(5000)]
    names = pd.DataFrame(cells, columns=["measure", "by", "group"]).assign(unit="min", note="")
    parts = [
        names.assign(scenario="baseline" if k == 0 else f"s{k}", variant=v, replication=r, value=rng.normal(size=5500))
        for k, r, v in itertools.product(range(7), range(3), ("value", "low", "high"))
        if v == "value" or (k and r == 0)
    ]
    began = time.perf_counter()
    result = table(*parts)
    assert time.perf_counter() - began < 20  # half a second on an idle machine; a slow path took minutes
    assert len(result) == 6 * 5500


PERSONS, SECONDS, YEAR_S = 1_772_821, 604_800, 31_536_000


def per_1000(contacts):
    """Contacts in a week as contacts per 1,000 and year: whole numbers, divided once."""
    return [c * 1000 * YEAR_S / (PERSONS * SECONDS) for c in contacts]


@pytest.mark.parametrize("more", [1, 2, 5, 40])
@pytest.mark.parametrize("levels", [(400_000, 400_321), (92_000, 91_987), (91_990_153, 92_043_338, 91_936_967)])
def test_the_same_number_of_contacts_more_in_every_replication_is_the_same_change_whatever_rounds(levels, more):
    row = only(base(per_1000(levels)), runs(per_1000([c + more for c in levels])))
    assert not row["robust"]
    assert row["low"] == row["high"] == row["change"] > 0
    assert "coincidence of small counts" in row["note"]
    assert np.isnan(row["p"])


@pytest.mark.parametrize("scale", [1 / 3, 1e-7, 1 / 1_772_821, 7e9])
def test_what_differs_by_rounding_alone_is_no_change(scale):
    levels = np.array([51.9, 51.93, 51.87]) * scale
    row = only(base(levels), runs(levels * (1 + np.array([1, -2, 3]) * 1e-15)))
    assert (row["change"], row["low"], row["high"], row["p"]) == (0, 0, 0, 1)
    assert not row["robust"]


def test_a_small_change_that_luck_varies_keeps_its_interval():
    levels = [51.9, 51.93, 51.87]
    row = only(base(levels), runs([b + 1e-6 * k for b, k in zip(levels, (9, 10, 11), strict=True)]))
    known = stats.ttest_1samp([9e-6, 10e-6, 11e-6], 0)
    assert row["p"] == pytest.approx(known.pvalue, rel=1e-4)
    assert row["low"] < row["change"] < row["high"]


def test_the_order_of_rows_changes_no_result():
    whole = pd.concat([*UP, *VARIED], ignore_index=True)
    pd.testing.assert_frame_equal(compare(whole, "baseline"), compare(whole.iloc[::-1], "baseline"))
