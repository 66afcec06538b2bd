"""The report's effects and figures: nothing is drawn that the comparison does not carry."""

from __future__ import annotations

import dataclasses
import re
import struct

import numpy as np
import pytest
from reports import study, writer

from sim.report.html import caveats, sections
from sim.report.html.answer import moved_money, neutral
from sim.report.html.assumptions import care_records, scenario_records
from sim.report.html.drawings import draw_all
from sim.report.html.effects import Effect, Effects
from sim.report.html.figures.er_load_by_hour import week
from sim.report.html.figures.maps import draw_maps, round_middle
from sim.report.html.figures.outlines import outlines, rings
from sim.report.html.quoted_evidence import quotations
from sim.report.html.replications import replications_needed
from sim.report.html.rule_phrases import rule_phrase
from sim.report.language import Language
from sim.results.conclusion import Conclusion
from sim.results.read import Results

NAN = float("nan")
TRAVEL = "travel_min_per_resident_year"
SQUARE = [(0.0, 0.0), (0.0, 1.0), (1.0, 1.0), (1.0, 0.0), (0.0, 0.0)]


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    """A study of the tiny world, run for real."""
    return study(tmp_path_factory.mktemp("study"))


def effect(**given: object) -> Effect:
    plain = {
        "scenario": "s", "measure": "er_arrivals_per_day", "by": "all", "group": "", "baseline": 100.0, "mean": 90.0,
        "change": -10.0, "low": -12.0, "high": -8.0, "low_assumption": -15.0, "high_assumption": -5.0, "n": 3.0,
        "p_holm": 0.01, "verdict": Conclusion.ROBUST, "note": "", "worlds": 0.0, "worlds_with_sign": 0.0,
        "low_worlds": NAN, "high_worlds": NAN,
    }  # fmt: skip
    return Effect(**(plain | given))  # type: ignore[arg-type]


def test_every_effect_is_robust_if_the_comparison_says_so_and_its_luck_can_be_seen(results: Results) -> None:
    effects = Effects(results)
    assert len(results.comparison) > 1000
    for row in results.comparison.itertuples(index=False):
        result = effects.get(row.scenario, row.measure, row.by, row.group)
        assert result is not None
        assert (result.verdict is Conclusion.ROBUST) == row.robust
        assert not (row.robust and result.alike)
    assert results.comparison["robust"].any()


def test_a_mean_is_that_of_the_runs_at_value(results: Results) -> None:
    rows = results.measures.query("scenario == 'near_care' and measure == 'er_arrivals_per_day' and by == 'all'")
    at_value = rows[rows["variant"] == "value"]["value"]
    assert len(at_value) == 3
    assert Effects(results).mean("near_care", "er_arrivals_per_day") == pytest.approx(at_value.mean(), rel=1e-12)


def test_what_must_not_be_shown_has_no_number(results: Results) -> None:
    write = writer(results)
    for given in ({"note": "not settled"}, {"change": NAN, "verdict": Conclusion.UNKNOWN}):
        cell = write.cell(effect(**given))
        assert (cell.change, cell.share, cell.luck, cell.assumptions, cell.tone) == ("", "", "", "", "")


def test_better_and_worse_depend_on_the_measure_and_only_for_robust_changes(results: Results) -> None:
    write = writer(results)
    assert write.cell(effect()).tone == "better"
    assert write.cell(effect(measure="er_share_within_4h")).tone == "worse"
    assert write.cell(effect(measure="cost_msek_per_year")).tone == "neither"
    assert write.cell(effect(verdict=Conclusion.UNKNOWN, high=1.0)).tone == ""


def test_the_same_small_count_in_all_replications_is_not_taken_for_certainty() -> None:
    same = {"low": -10.0, "high": -10.0, "p_holm": 0.0}
    assert not effect(**same).beyond_luck
    assert effect(**same, measure="nearest_er_min").beyond_luck
    assert effect(low=-11.0, high=-9.0).beyond_luck


def test_fewer_patients_are_no_better_where_an_emergency_room_closes(results: Results) -> None:
    write = writer(results)
    rest = {"measure": "er_wait_p90_min"}
    assert write.cell(effect(scenario="near_care")).tone == "better"
    assert write.cell(effect(scenario="closed_er")).tone == "neither"
    assert write.cell(effect(scenario="closed_er", change=10.0)).tone == "worse"
    assert write.cell(effect(scenario="closed_er", **rest)).tone == "better"


def test_half_the_municipalities_need_as_many_replications_as_the_t_test_says() -> None:
    width = 4.302653 / 3**0.5  # of three replications with standard deviation 1
    one = effect(change=1.0, low=1 - width, high=1 + width)
    assert replications_needed([one]) == 7  # t(6) = 2.447 < sqrt(7), t(5) = 2.571 > sqrt(6)
    assert replications_needed([one, one]) == 9  # Holm asks for p < 0.025: t(8) = 2.752 < 3, t(7) = 2.841 > sqrt(8)
    assert replications_needed([effect(change=0.01, low=0.01 - width, high=0.01 + width)]) is None
    assert replications_needed([effect(change=1.0, low=1.0, high=1.0, measure="nearest_er_min")]) == 2
    assert replications_needed([effect(change=1.0, low=1.0, high=1.0)]) is None
    assert replications_needed([effect(low=NAN, high=NAN, n=1.0)]) is None


def test_a_share_changes_by_percentage_points(results: Results) -> None:
    cell = writer(results).cell(effect(measure="bed_occupancy", change=-0.031, low=-0.04, high=-0.02))
    assert (cell.change, cell.share) == ("−3.10", "points")


def test_signs_differ_without_colour(results: Results) -> None:
    write = writer(results)
    kinds = ({}, {"change": 10.0}, {"verdict": Conclusion.ASSUMPTION}, {"verdict": Conclusion.NOT_TESTED},
             {"verdict": Conclusion.UNKNOWN}, {"verdict": Conclusion.NO_CHANGE}, {"note": "not settled"},
             {"change": NAN})  # fmt: skip
    assert [write.cell(effect(**kind)).sign for kind in kinds] == ["▼", "▲", "▽", "?", "≈", "=", "~", "–"]


@pytest.mark.parametrize("code", ["sv", "en"])
def test_no_change_not_tested_and_cannot_be_told_are_three_words(results: Results, code: str) -> None:
    write = writer(results, code)  # type: ignore[arg-type]
    kinds = (Conclusion.NO_CHANGE, Conclusion.NOT_TESTED, Conclusion.UNKNOWN)
    words = [write.cell(effect(verdict=kind)).certainty for kind in kinds]
    assert len(set(words)) == 3
    assert write.cell(effect(note="not settled")).certainty.startswith(words[2])
    unchanged = {"change": 0.0, "low": 0.0, "high": 0.0, "verdict": Conclusion.NO_CHANGE}
    assert words[0].startswith(write.cell(effect(**unchanged)).certainty)


def test_in_how_many_worlds_a_change_has_its_sign_is_told_beside_it(results: Results) -> None:
    some = {"worlds": 30.0, "worlds_with_sign": 27.0, "low_worlds": -31.0, "high_worlds": -8.0}
    assert writer(results).cell(effect(**some)).worlds == "in 27 of 30 worlds, −31.0 to −8.0"
    assert writer(results).sentence(effect(**some)).endswith("; in 27 of 30 worlds, −31.0 to −8.0)")
    assert writer(results).cell(effect()).worlds == ""


def test_the_same_money_is_what_is_left_of_the_money_that_is_moved(results: Results) -> None:
    cost = {"measure": "cost_msek_per_year", "baseline": 10_000.0}
    assert neutral(effect(**cost, change=-4.9), moved=100.0)
    assert not neutral(effect(**cost, change=5.1), moved=100.0)
    assert not neutral(effect(**cost, change=54.0), moved=59.0)  # half a per cent of all that is spent, and no less
    assert neutral(effect(**cost, change=0.0), moved=0.0)


def test_the_money_moved_is_what_is_put_in_or_taken_by_resource(results: Results) -> None:
    table = results.comparison.copy()
    cost = (table["measure"] == "cost_msek_per_year") & (table["by"] == "resource") & (table["scenario"] == "near_care")
    assert cost.sum() > 2
    changes = np.zeros(cost.sum())
    changes[:3] = 3.0, -4.0, 2.0  # 5 put in, 4 taken
    table.loc[cost, "change"] = changes
    assert moved_money(writer(dataclasses.replace(results, comparison=table)), "near_care") == 5.0


def test_a_change_that_rounds_to_nothing_gets_no_arrow(results: Results) -> None:
    size = {"change": -0.003, "low": -0.004, "high": -0.002, "low_assumption": -0.004, "high_assumption": -0.002}
    cell = writer(results).cell(effect(**size))
    assert (cell.sign, cell.change, cell.tone, cell.certainty) == ("=", "0.00", "", "no change that matters")


def coloured(results: Results, p_holm: float) -> Results:
    """The results with every municipality's change of travel at one adjusted p."""
    table = results.comparison.copy()
    here = (table["measure"] == TRAVEL) & (table["by"] == "municipality")
    table.loc[here, "p_holm"] = p_holm
    table.loc[here & (table["change"].abs() < 1), "change"] = 1.0
    return dataclasses.replace(results, comparison=table)


def beyond(results: Results) -> list[caveats.MunicipalityChanges]:
    return caveats.municipality_changes(writer(coloured(results, 0.04)), TRAVEL)


def test_a_municipality_is_coloured_only_beyond_luck(results: Results) -> None:
    assert draw_maps(writer(coloured(results, 0.06)), TRAVEL) is None
    changes = caveats.municipality_changes(writer(coloured(results, 0.06)), TRAVEL)
    assert {t.more for t in changes} | {t.less for t in changes} == {"no municipality"}
    drawn = draw_maps(writer(coloured(results, 0.04)), TRAVEL)
    assert drawn is not None
    assert "Norrby" in drawn.alt
    assert "Söderby" in drawn.alt
    panels = sum(t.more != "no municipality" or t.less != "no municipality" for t in beyond(results))
    outlined, in_legend = 2 * panels, 1
    assert drawn.svg.count("stroke: #8c8c8c") == outlined + in_legend
    hatched, in_legend = 2 * panels, 4
    assert drawn.svg.count("fill: url(#") == hatched + in_legend


def test_a_municipality_is_coloured_only_for_a_change_that_matters(results: Results) -> None:
    sure = coloured(results, 0.04)
    travel = sure.comparison["measure"] == TRAVEL
    little = sure.comparison.assign(change=sure.comparison["change"].mask(travel, 0.9))
    assert draw_maps(writer(sure), TRAVEL) is not None
    assert draw_maps(writer(dataclasses.replace(sure, comparison=little)), TRAVEL) is None  # less than a minute a year


def test_who_is_touched_is_told_in_people(results: Results) -> None:
    sides = [side for t in beyond(results) for side in (t.more, t.less) if side != "no municipality"]
    assert sides
    people = r"(4,000 residents in Norrby|6,000 residents in Söderby|10,000 residents in 2)"
    assert all(re.match(people, side) for side in sides)


def test_the_same_figures_are_drawn_as_png(results: Results) -> None:
    pictures = draw_all(writer(results, "sv"), results)
    assert {"change_er_arrivals_per_day", "er_week", "ledger"} <= set(pictures)
    for name, picture in pictures.items():
        assert picture.name == name
        assert picture.png.startswith(b"\x89PNG\r\n\x1a\n")
        assert picture.svg.startswith("<svg ")
        assert "://" not in picture.svg


def test_swedish_letters_are_letters_in_the_figures(results: Results) -> None:
    pictures = draw_all(writer(results, "sv"), results)
    assert "Nära vård" in pictures["change_er_arrivals_per_day"].svg
    assert "mån" in pictures["er_week"].svg


def test_the_ledger_balances_contacts_by_origin(results: Results) -> None:
    effects = Effects(results)
    for level in ("self_care", "primary_care", "local_hospital"):
        groups = [g for g in effects.groups("contacts_per_1000_year", "level_origin") if g.startswith(f"{level}|")]
        whole = sum(effects.base("contacts_per_1000_year", "level_origin", g) for g in groups)
        assert whole == pytest.approx(effects.base("contacts_per_1000_year", "level", level))


def test_flows_that_change_within_luck_are_not_listed(results: Results) -> None:
    write = writer(results)
    named = {row.name for row in sections.flow_changes(write)}
    sure = [e for e in write.effects.of(sections.FLOWS, "flow") if e.is_shown and (e.low > 0 or e.high < 0)]
    assert named
    assert named <= {" → ".join(write.names.level(p) for p in e.group.split(">")) for e in sure}


def test_well_known_binary_is_read_as_rings() -> None:
    points = b"".join(struct.pack("<2d", *point) for point in SQUARE)
    polygon = struct.pack("<BII", 1, 3, 1) + struct.pack("<I", len(SQUARE)) + points
    assert np.array_equal(rings(polygon)[0], SQUARE)
    both = struct.pack("<BII", 1, 6, 2) + polygon + polygon
    assert [len(ring) for ring in rings(both)] == [5, 5]
    with pytest.raises(ValueError, match="geometry type 1 "):
        rings(struct.pack("<BII", 1, 1, 1))
    with pytest.raises(ValueError, match="bytes after the end"):
        rings(polygon + b"\0")


def test_the_outlines_are_those_of_swedens_municipalities() -> None:
    known = outlines()
    assert len(known) == 290
    around = np.concatenate(known["1480"])
    assert (around.min(axis=0) < (11.97, 57.71)).all()
    assert (around.max(axis=0) > (11.97, 57.71)).all()


def test_a_map_splits_small_from_large_at_a_round_number() -> None:
    assert round_middle([0.9, 1.1, 30.0]) == 1
    assert round_middle([0.17]) == pytest.approx(0.2)
    assert round_middle([480.0, 520.0]) == 500


@pytest.mark.parametrize("about", ["volume", "distance"])
def test_quoted_evidence_has_its_figures_source_and_quality(about: str) -> None:
    for code in ("sv", "en"):
        for quotation in quotations(Language(code), about):
            assert re.search(r"\d", quotation.text)
            assert "{" not in quotation.text
            assert re.search(r"\d{4}", quotation.source)
            assert quotation.quality in "ABCDX"


def test_hours_without_a_value_are_gaps(results: Results) -> None:
    short = results.measures[~((results.measures["by"] == "hour_of_week") & (results.measures["group"] == "5"))]
    write = writer(dataclasses.replace(results, measures=short))
    values = week(write.effects, "baseline", "er_present_mean")
    assert np.isnan(values[5])
    assert not np.isnan(np.delete(values, 5)).any()


def test_a_municipality_is_found_by_its_code_with_a_leading_zero(results: Results) -> None:
    assert Effects(results).get("near_care", TRAVEL, "municipality", "0114") is not None


def test_a_rule_of_the_care_model_is_told_in_words(results: Results) -> None:
    language = Language("en")
    names = writer(results).names
    rule = {
        "when": {"needs": None, "ages": ["0_17"], "acuity": ["1", "2"]},
        "time": {"dist": "lognormal", "unit": "h", "mean": None, "sd": None, "median": 2.0, "p90": 6.5},
        "then": {
            "a": {"probability": 0.125, "to": "er", "how": "at_once", "after": None},
            "b": {"probability": 0.875, "to": "exit", "how": "at_once", "after": None},
        },
    }
    expected = "ages: Children, 0–17; urgency (1 is the most urgent): 1 and 2; median 2 h, one in ten above 6.5 h"
    assert rule_phrase(rule, names, language) == f"{expected}; emergency room 12.5%, nothing more 87.5%"


def test_every_figure_and_rule_of_the_care_model_is_in_the_register(results: Results) -> None:
    care = results.config["care"]
    records = [row for _, rows in care_records(care, writer(results).names, Language("en")) for row in rows]

    def sourced(record: object) -> int:
        if not isinstance(record, dict):
            return 0
        return 1 if "source" in record else sum(sourced(value) for value in record.values())

    assert len(records) == sourced(care) > 30
    assert all(row.source and row.quality and row.what for row in records)


def test_a_lever_that_two_scenarios_share_is_shown_once(results: Results) -> None:
    write = writer(results)
    records = scenario_records(results.config, ["near_care", "promise"], write.names, write.language)
    assert [len(r.levers) for r in records] == [2, 0]
    assert records[1].shared == ["Near care"]
