"""The section on time: sentences that the timeline bears, in both languages, and the figure's text."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from reports import page, text, writer

from sim.config.load import load_study
from sim.report.html.drawings import draw_all
from sim.report.html.over_time import over_time, period_words
from sim.report.language import Language
from sim.results.read import Results
from sim.study.study import run_study

TINY = Path(__file__).resolve().parents[1] / "data" / "tiny"
HALF_YEAR = ("start=2027-07-01", "end=2027-12-31", "period=month", "scenarios=[baseline,closed_er]", "replications=2",
             "workers=1", "assumption_runs=false")  # fmt: skip
LATE = """
label: {sv: "Stängs i oktober", en: "Closes in October"}
description: {sv: "Södra akuten stängs i oktober.", en: "The southern emergency room closes in October."}
statements: []
levers:
  close_south:
    kind: close
    services: [er]
    where: {sites: [hospital_south]}
    moved: {value: 0, low: 0, high: 0, source: "the definition", quality: X}
    ramp: {2027-10-01: 1}
"""


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    """Half a year of the tiny world, in which an emergency room closes half-way in one scenario."""
    folder = tmp_path_factory.mktemp("over_time")
    late = folder / "late.yaml"
    late.write_text(LATE, encoding="utf-8")
    world = load_study([*HALF_YEAR, f"results={folder}"], root=TINY, files=[late])
    return run_study(world, progress=False)


def test_before_a_lever_begins_nothing_differs_and_then_something_does(results: Results) -> None:
    table = results.timeline
    cost = table[(table["scenario"] == "late") & (table["measure"] == "cost_msek_per_year") & (table["by"] == "all")]
    assert (cost["change"] == 0).tolist() == [True, True, True, False, False, False]


def test_the_section_tells_since_when_and_what_it_has_cost(results: Results) -> None:
    (_, closed), (name, late) = over_time(writer(results), results).stories  # type: ignore[union-attr]
    assert name == "Closes in October"
    assert late[-1].startswith("From July 2027 to the end of December 2027, −")
    assert late[-1].endswith("At no time has it taken more than the baseline.")
    assert closed != late


def test_the_section_stands_first_after_the_headline_in_both_languages(results: Results) -> None:
    for code, title, month in (("en", "Over time", "October 2027"), ("sv", "Över tid", "oktober 2027")):
        made = page(results, code)  # type: ignore[arg-type]
        assert made.index('id="answer"') < made.index('id="over_time"') < made.index('id="details"')
        assert title in text(made)
        assert month in text(made)


def test_every_lever_stands_with_the_days_on_which_it_comes_in_force(results: Results) -> None:
    told = over_time(writer(results), results)
    assert told is not None
    ((_, at_once), (_, late)) = told.ramps
    assert [steps for _, steps in at_once] == ["from the start"] * len(at_once)
    assert [steps for _, steps in late] == ["1 October 2027: 100%"]


def test_a_study_without_periods_has_no_such_section(results: Results) -> None:
    plain = replace(results, timeline=results.timeline.iloc[:0])
    assert "over_time" not in page(plain)
    assert "over_time" not in draw_all(writer(plain), plain)


def test_the_figure_says_in_words_what_it_shows(results: Results) -> None:
    picture = draw_all(writer(results), results)["over_time"]
    assert "Closes in October: " in picture.alt
    for label in ("Visits to emergency rooms", "Levers in force: Closes in October", "2027-10"):
        assert label in picture.svg


@pytest.mark.parametrize(
    ("label", "english", "swedish"),
    [
        ("2027-03", "March 2027", "mars 2027"),
        ("2027-Q2", "quarter 2 of 2027", "kvartal 2 2027"),
        ("2027", "2027", "2027"),
    ],
)
def test_a_period_is_told_as_people_say_it(label: str, english: str, swedish: str) -> None:
    assert period_words(label, Language("en")) == english
    assert period_words(label, Language("sv")) == swedish
