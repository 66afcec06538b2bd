"""What still moves: a level by its own number, an effect by the paired difference, a variant by itself."""

import pandas as pd
import pytest

from sim.config.variants import Basis
from sim.measures.catalogue import DEFINITIONS
from sim.results.compare import LEVEL_MOVES, STILL_MOVING, compare
from sim.results.decomposition import decomposition
from sim.results.published import compare_with_targets
from sim.results.settled import moving_levels

BASE, UP = [10, 20, 30], [15, 26, 34]  # changes 5, 6, 4
STILL = [(100, 100)] * 3
STAY, BOARDING = "er_stay_median_min", "er_boarding_h_per_day"


def runs(values, ends=STILL, scenario="mine", variant="value", measure=STAY, by="all", group="", note=""):
    """One row a replication; ``ends``: of each, the number of patients early and late in the window."""
    columns = ["scenario", "variant", "replication", "measure", "unit", "by", "group", "value", "note", "early", "late"]
    notes = [note] * len(values) if isinstance(note, str) else note
    rows = [
        (scenario, variant, r, measure, "min", by, group, float(v), n, float(early), float(late))
        for r, (v, n, (early, late)) in enumerate(zip(values, notes, ends, strict=False))
    ]
    return pd.DataFrame(rows, columns=columns)


def base(values=BASE, ends=STILL, **more):
    return runs(values, ends, scenario="baseline", **more)


VARIED = (runs([13], variant="low"), runs([18], variant="high"))


def table(*parts):
    return compare(pd.concat(parts, ignore_index=True), "baseline")


def row(*parts, measure=STAY, group=""):
    cells = table(*parts)
    return cells[(cells["measure"] == measure) & (cells["group"] == group)].iloc[0]


def moves(ends, **more):
    (one,) = moving_levels(base([1] * len(ends), ends, **more))
    return one


def test_a_level_that_grows_in_every_replication_moves():
    assert moves([(100, 120), (100, 122), (100, 118)])


def test_one_replication_that_moves_does_not_unsettle_the_others():
    assert not moves([(100, 100), (100, 101), (100, 99), (100, 160), (100, 98)], note=["", "", "", "not settled", ""])


def test_a_growth_that_each_run_takes_for_its_own_noise_is_seen_in_all_of_them_together():
    assert moves([(100, 115), (100, 119), (100, 111), (100, 117), (100, 113)])


def test_a_change_within_its_interval_is_luck():
    assert not moves([(100, 160), (100, 90), (100, 140)])


def test_a_level_that_changes_by_less_than_a_tenth_stands_still():
    assert not moves([(1000, 1090), (1000, 1091), (1000, 1089)])
    assert moves([(1000, 1120), (1000, 1121), (1000, 1119)])


def test_a_drift_that_scenario_and_baseline_share_is_none_of_the_effect():
    drift = [(100, 150), (110, 160), (90, 145)]
    same = [(a + 10, b + 10) for a, b in drift]
    varied = runs([13], same, variant="low"), runs([18], same, variant="high")
    one = row(base(ends=drift), runs(UP, same), *varied)
    assert one["robust"]
    assert one["note"] == LEVEL_MOVES


def test_a_difference_that_grows_is_no_effect_however_still_the_baseline():
    one = row(base(), runs(UP, [(120, 160), (122, 158), (119, 163)]), *VARIED)
    assert not one["robust"]
    assert one["note"] == "not settled"


def test_a_difference_that_goes_up_and_down_is_an_effect():
    one = row(base(), runs(UP, [(120, 160), (160, 120), (140, 138)]), *VARIED)
    assert one["robust"]
    assert one["note"] == ""


def test_a_difference_of_less_than_two_per_cent_of_the_number_is_too_small_to_move():
    small = [(1001, 1015), (1001, 1015.2), (1001, 1014.8)]
    assert row(base(ends=[(1000, 1000)] * 3), runs(UP, small), *VARIED)["note"] == ""


def test_one_run_that_says_it_moves_hides_nothing():
    one = row(base(note=["", "not settled", ""]), runs(UP, note=["not settled", "", ""]), *VARIED)
    assert one["robust"]
    assert one["note"] == ""


LUCKY = [(110, 112), (112, 109), (111, 111.5)]  # the difference moves by 2, -3, 0.5
LONG = base([12], variant="long_trips", ends=[(100, 100)])


def trips(*ends):
    return LONG, runs([40], variant="long_trips", ends=list(ends))


def test_an_unsettled_variant_is_left_out_of_the_range_and_nothing_else_is():
    one = row(base(), runs(UP, LUCKY), *VARIED, *trips((100, 150)))
    assert (one["low_assumption"], one["high_assumption"]) == (3, 8)
    assert (one["change"], one["n"]) == (5, 3)
    assert one["note"] == f"{STILL_MOVING}long_trips"
    assert "not settled" not in one["note"]
    assert not one["robust"]  # what was not seen at one end is not called so


def test_a_variant_that_moves_no_more_than_luck_moves_one_run_is_part_of_the_range():
    one = row(base(), runs(UP, LUCKY), *VARIED, *trips((110, 104)))
    assert one["high_assumption"] == 28
    assert one["robust"]


def test_a_drift_that_a_variant_shares_with_the_baseline_cancels_too():
    base_long = base([12], variant="long_trips", ends=[(100, 300)])
    one = row(base(), runs(UP, LUCKY), *VARIED, base_long, runs([40], variant="long_trips", ends=[(110, 310)]))
    assert one["high_assumption"] == 28


def test_where_every_variant_moves_there_is_no_range():
    one = row(base(), runs(UP, LUCKY), *trips((100, 150)))
    assert one[["low_assumption", "high_assumption"]].isna().all()
    assert one["note"] == f"{STILL_MOVING}long_trips"


def test_what_a_moving_queue_feeds_inherits_the_mark():
    growing = [(120, 160), (122, 158), (119, 163)]
    parts = base(), runs(UP), *VARIED, base(measure=BOARDING), runs(UP, growing, measure=BOARDING)
    assert row(*parts)["note"] == "not settled"
    assert not row(*parts)["robust"]


def test_a_site_inherits_from_its_own_queue_and_not_from_another():
    growing = [(120, 160), (122, 158), (119, 163)]
    parts = []
    for site, ends in (("north", growing), ("south", STILL)):
        of_site = {"by": "site", "group": site}
        parts += [base(**of_site), runs(UP, **of_site)]
        parts += [base(measure=BOARDING, **of_site), runs(UP, ends, measure=BOARDING, **of_site)]
    assert row(*parts, group="north")["note"].endswith("not settled")
    assert "not settled" not in row(*parts, group="south")["note"]


def test_an_hour_of_a_site_inherits_from_the_queue_of_the_site():
    growing = [(120, 160), (122, 158), (119, 163)]
    hour = {"by": "site_hour_of_week", "measure": "er_present_mean"}
    parts = [base(measure=BOARDING), runs(UP, growing, measure=BOARDING)]
    parts += [base(group="north|7", **hour), runs(UP, group="north|7", **hour)]
    of_site = {"measure": BOARDING, "by": "site", "group": "north"}
    parts += [base(**of_site), runs(UP, **of_site)]
    assert "not settled" not in row(*parts, measure="er_present_mean", group="north|7")["note"]


def test_the_mark_is_handed_on_from_queue_to_queue():
    growing = [(120, 160), (122, 158), (119, 163)]
    parts = [base(), runs(UP), base(measure=BOARDING), runs(UP, measure=BOARDING)]
    ready = "discharge_ready_bed_days_per_day"
    parts += [base(measure=ready), runs(UP, growing, measure=ready)]
    assert row(*parts)["note"].endswith("not settled")


def test_every_queue_that_feeds_a_measure_is_a_measure():
    assert {source for one in DEFINITIONS.values() for source in one.fed_by} <= set(DEFINITIONS)


def test_in_a_study_stored_without_the_numbers_every_note_of_a_run_counts():
    old = [part.drop(columns=["early", "late"]) for part in (base(note=["", "not settled", ""]), runs(UP), *VARIED)]
    assert row(*old)["note"] == "not settled"
    assert moving_levels(old[0]).all()
    assert not moving_levels(old[1]).any()


def test_two_replications_cannot_be_pooled_so_their_own_judgement_counts():
    said = {"note": "not settled"}
    both = base([1, 2], [(100, 150)] * 2, **said), runs([3, 5], [(110, 160)] * 2, **said)
    assert "not settled" not in row(*both)["note"]  # the difference does not move
    assert LEVEL_MOVES in row(*both)["note"]
    assert "not settled" in row(both[0], runs([3, 5], [(110, 190)] * 2, **said))["note"]


def test_a_mechanism_that_moves_leaves_the_whole_effect_as_it_is():
    part = runs([12, 23, 32], [(110, 150), (112, 155), (109, 153)], variant="mechanism")
    measures = pd.concat([base(), runs(UP, LUCKY), *VARIED, part], ignore_index=True)
    comparison = compare(measures, "baseline")
    assert comparison["robust"].all()
    bases: dict[str, Basis] = {"mine": "both"}
    (parted,) = decomposition(measures, comparison, "baseline", bases).to_dict("records")
    assert (parted["finding"], parted["note"]) == ("cannot be told", "not settled")


@pytest.mark.parametrize(("ends", "note"), [(STILL, ""), ([(100, 150), (100, 152), (100, 149)], "not settled")])
def test_a_published_figure_is_held_against_a_level_of_all_replications(ends, note):
    of_run = base(ends=ends, note=["not settled", "", ""]).drop(columns=["scenario", "variant"])
    columns = {"target": "t", "measure": STAY, "by": "all", "group": "", "unit": "min", "value": 20.0, "low": 0.0}
    more = {"high": 0.0, "use": "fit", "tolerance": 0.1, "source": "", "quality": "A", "note": ""}
    assert compare_with_targets(of_run, pd.DataFrame([{**columns, **more}]))["note"].tolist() == [note]
