"""Beside each headline: how much is assumed, how much follows from the model, or why that is not told."""

from __future__ import annotations

import dataclasses
import re

import pandas as pd
import pytest
from reports import page, study, text, writer

from sim.report.html.answer import ER, TRAVEL
from sim.report.html.effect_parts import ASSUMPTIONS, part_lines
from sim.report.language import catalogue
from sim.report.terminal import print_comparison
from sim.results.decomposition import BOTH_IN_LUCK, IN_IN_LUCK, OUT_IN_LUCK, Finding
from sim.results.read import Results

SURE = {"change": -9.12, "low": -10.0, "high": -8.0, "low_assumption": -12.0, "high_assumption": -6.0}
TOLD = {"effect": -9.12, "came_out": -2.26, "low": -3.1, "high": -1.4, "put_in": -6.86, "n": 3, "note": ""}


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    """A study of the tiny world, run for real."""
    return study(tmp_path_factory.mktemp("parts"))


def with_parts(results: Results, finding: str, robust: bool = True, **cells: object) -> Results:
    """The results with other parts of near care's effect on the visits to emergency rooms."""
    tables = []
    for table, said in (
        (results.comparison, {**SURE, "finding": "robust" if robust else "cannot be told", "note": ""}),
        (results.decomposition, {**TOLD, "finding": finding, **cells}),
    ):
        made = table.copy()
        here = (made["scenario"] == "near_care") & (made["measure"] == ER)
        here &= (made["by"] == "all") if "by" in made else True
        assert here.sum() == 1
        for column, value in said.items():
            made.loc[here, column] = value
        tables.append(made)
    return dataclasses.replace(results, comparison=tables[0], decomposition=tables[1])


def line(results: Results, code: str) -> str:
    """What is said of near care."""
    (found,) = part_lines(writer(results, code), results, ER, ["near_care"])  # type: ignore[arg-type]
    return found.replace("\N{NO-BREAK SPACE}", " ")


SWEDISH = "hur mycket av −9,1 besök per dygn som är antaget (flyttade förstakontakter) "
ENGLISH = "how much of −9.1 visits per day is assumed (moved first contacts) "


@pytest.mark.parametrize(
    ("finding", "note", "swedish", "english"),
    [
        (
            Finding.TOLD, "",
            "av −9,1 besök per dygn är −6,8 antaget (flyttade förstakontakter) och −2,3 följer av modellen "
            "(slump −3,1 till −1,4).",
            "of −9.1 visits per day, −6.8 is assumed (moved first contacts) and −2.3 follows from the model "
            "(chance −3.1 to −1.4).",
        ),
        (Finding.NOT_TESTED, "", f"{SWEDISH}har inte prövats.", f"{ENGLISH}was not tested."),
        (
            Finding.UNKNOWN, "one replication: no interval",
            f"{SWEDISH}går inte att säga utifrån en enda replikation.",
            f"{ENGLISH}cannot be told from one replication.",
        ),
        (
            Finding.UNKNOWN, BOTH_IN_LUCK,
            f"{SWEDISH}går inte att säga: slumpen döljer det (slump −3,1 till −1,4).",
            f"{ENGLISH}cannot be told: chance hides it (chance −3.1 to −1.4).",
        ),
        (
            Finding.UNKNOWN, OUT_IN_LUCK,
            "om något av −9,1 besök per dygn följer av modellen går inte att säga (slump −3,1 till −1,4); resten är "
            "antaget (flyttade förstakontakter).",
            "whether any of −9.1 visits per day follows from the model cannot be told (chance −3.1 to −1.4); the rest "
            "is assumed (moved first contacts).",
        ),
        (
            Finding.UNKNOWN, IN_IN_LUCK,
            "om något av −9,1 besök per dygn är antaget (flyttade förstakontakter) går inte att säga; allt kan följa "
            "av modellen (slump −3,1 till −1,4).",
            "whether any of −9.1 visits per day is assumed (moved first contacts) cannot be told; all of it may follow "
            "from the model (chance −3.1 to −1.4).",
        ),
        (
            Finding.ALL_PUT_IN, "",
            "hela förändringen är antagen (flyttade förstakontakter).",
            "all of the change is assumed (moved first contacts).",
        ),
        (
            Finding.ALL_CAME_OUT, "",
            "hela förändringen följer av modellen.",
            "all of the change follows from the model.",
        ),
        (
            Finding.NO_CHANGE, "",
            "ingen förändring, varken antagen eller från modellen.",
            "no change, neither assumed nor from the model.",
        ),
    ],
)  # fmt: skip
def test_each_finding_has_its_words_in_both_languages_and_parts_add_up_as_they_are_shown(
    results: Results, finding: str, note: str, swedish: str, english: str
) -> None:
    """-6.86 is put in, shown as -6.8: with -2.3 that came out it makes -9.1."""
    made = with_parts(results, finding, note=note)
    assert (line(made, "sv"), line(made, "en")) == (f"Nära vård: {swedish}", f"Near care: {english}")


def test_scenarios_of_which_the_same_is_true_share_a_line(results: Results) -> None:
    lines = part_lines(writer(results), results, TRAVEL, ["closed_er", "all_closed"])
    (together,) = [one for one in lines if "all of the change follows" in one]
    assert "Closed emergency room" in together
    assert "All closed" in together


@pytest.mark.parametrize(("code", "said"), [("sv", "är −6,8 antaget"), ("en", "−6.8 is assumed")])
def test_the_line_stands_beside_the_headline_and_in_the_answer_where_the_change_is_robust(
    results: Results, code: str, said: str
) -> None:
    for robust in (True, False):
        html = page(with_parts(results, Finding.TOLD, robust), code)  # type: ignore[arg-type]
        answer = re.search(r'<section class="answer".*?</section>', html, flags=re.DOTALL)
        assert answer is not None
        assert (said in text(answer[0])) == robust
        assert text(html).count(said) == 1 + robust


def test_a_study_without_the_table_says_that_nothing_was_tested(results: Results) -> None:
    none = dataclasses.replace(with_parts(results, Finding.TOLD), decomposition=results.decomposition.iloc[:0])
    assert line(none, "en").endswith("was not tested.")


def test_the_terminal_tells_the_parts_and_says_in_words_why_there_are_none(
    results: Results, capsys: pytest.CaptureFixture[str]
) -> None:
    print_comparison(with_parts(results, Finding.TOLD))
    assert re.search(r"near_care +-9\.12 +-6\.86 +-2\.26 +-3\.1 to -1\.4 +told", capsys.readouterr().out)
    print_comparison(with_parts(results, Finding.NOT_TESTED))
    assert re.search(r"near_care +-9\.12 +– +– +not tested", capsys.readouterr().out)


def test_every_kind_of_assumption_has_a_name_in_both_languages() -> None:
    assert pd.Series(ASSUMPTIONS).is_unique
    assert {catalogue("sv")[name] for name in ASSUMPTIONS.values()}.isdisjoint(ASSUMPTIONS.values())
