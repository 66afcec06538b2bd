"""What is said of the measures is what the measures are."""

import re
from pathlib import Path

import numpy as np
import pytest
from hand_made import changed, tiny

from sim.demand import draw_episodes
from sim.measures import DEFINITIONS, measure
from sim.measures.catalogue import CHAPTERS
from sim.measures.rows import COLUMNS, Behind, MeasureRows, ratio
from sim.model.codes import Kind
from sim.report.pages.measures_page import as_markdown
from sim.simulation import simulate_episodes

PAGE = Path(__file__).resolve().parents[2] / "docs" / "generated" / "measures.md"


@pytest.fixture(scope="module")
def frame():
    model = tiny()
    rare = (model.kind == Kind.WARD).astype(np.int64)  # the tiny world has no rare care of its own
    model = changed(model, rare=rare)
    episodes = draw_episodes(model, 1, 0)
    return measure(model, episodes, simulate_episodes(model, episodes, "simpy"))


def test_every_measure_is_defined_and_every_definition_measured(frame):
    assert set(frame["measure"]) == set(DEFINITIONS)


def test_each_measure_is_given_in_the_cuts_that_its_definition_names(frame):
    result = frame.groupby("measure")["by"].agg(set).to_dict()
    assert result == {name: set(one.cuts) for name, one in DEFINITIONS.items()}


def test_units_are_those_of_the_definitions(frame):
    result = frame.groupby("measure")["unit"].agg(set).to_dict()
    assert result == {name: {one.unit} for name, one in DEFINITIONS.items()}


def test_a_measure_has_one_row_for_each_cut_and_group(frame):
    assert list(frame.columns) == list(COLUMNS)
    assert not frame.duplicated(["measure", "by", "group"]).any()


def test_a_value_that_is_missing_has_a_reason(frame):
    missing = frame["value"].isna()
    assert missing.any()
    assert (frame.loc[missing, "note"] != "").all()
    assert set(frame.loc[~missing, "note"]) <= {"", "not settled"}


def test_a_share_lies_between_0_and_1(frame):
    full = {"bed_occupancy", "pool_utilisation"}  # may pass 1: surge
    shares = frame[(frame["unit"] == "share") & ~frame["measure"].isin(full)]["value"].dropna()
    assert len(shares) > 100
    assert shares.between(0, 1).all()


def test_chapters_share_no_measure():
    assert sum(len(chapter) for chapter in CHAPTERS.values()) == len(DEFINITIONS)


@pytest.mark.parametrize("name", DEFINITIONS)
def test_a_definition_is_a_sentence_with_unit_and_population(name):
    one = DEFINITIONS[name]
    assert re.fullmatch(r"[a-z0-9_]+", name)
    assert re.match(r"[A-Z0-9]", one.text)
    assert one.text.endswith(".")
    assert one.unit
    assert one.population
    assert one.cuts
    assert "|" not in one.text + one.population


def test_a_unit_in_the_name_is_the_unit_of_the_measure():
    for name, one in DEFINITIONS.items():
        words = name.split("_")
        if "share" in words:
            assert one.unit == "share", name
        elif words[-1] in ("min", "h", "days", "km"):
            assert one.unit == words[-1], name
        elif words[-2:] in (["1000", "year"], ["resident", "year"]):
            assert one.unit.endswith("/".join(words[-2:])), name


def test_the_page_of_measures_is_current():
    assert PAGE.read_text(encoding="utf-8") == as_markdown(), "run: make docs"


def test_values_and_groups_must_be_as_many():
    with pytest.raises(ValueError, match="er_places by site: 2 groups, 1 values"):
        MeasureRows().add("er_places", "site", ("a", "b"), ratio([1], [1]))


def test_reasons_and_notes_may_differ_by_group():
    rows, ends = MeasureRows(), ratio([1, 2, 3], [1, 1, 1])
    behind = Behind(ends, ends, ["x", "y", "z"])
    rows.add("er_places", "site", ("a", "b", "c"), ratio([1, 1, 1], [1, 0, 0]), behind, ["1", "2", "3"])
    assert rows.frame(DEFINITIONS)["note"].tolist() == ["x", "2", "3"]
    assert rows.values("er_places", "site").tolist()[0] == 1
    assert len(rows.values("er_places", "all")) == 0
