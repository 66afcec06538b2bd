"""The report's words and numbers, in both languages."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import sim.export
import sim.report
from sim.app.cli import app
from sim.app.help_texts import help_texts
from sim.measures.catalogue import DEFINITIONS
from sim.model.codes import Mode, Origin
from sim.report.html.answer import WORDINGS
from sim.report.html.measure_index import INDEXED
from sim.report.html.measure_labels import READINGS
from sim.report.html.sections import SUMMARY
from sim.report.html.smallest_change_words import REASONS
from sim.report.language import Language, catalogue
from sim.report.names import ORIGIN_NAMES
from sim.report.stress_des.components import MODES
from sim.report.terminal import HEADLINES
from sim.results.smallest_changes import SMALLEST_CHANGES, Reason

PACKAGE = Path(sim.report.__file__).parent
PROGRAM = PACKAGE.parent
FOURTH = ("Problem", "unknown", "_lacking")  # functions whose fourth argument is a message, or a noun of one
SPACE = "\N{NO-BREAK SPACE}"


def messages() -> set[str]:
    """Every text of the program's code and templates that is to be translated."""
    methods = [("**.py", "python"), ("**/templates/**.html", "jinja2.ext:babel_extract")]
    keywords = {"_": None, "N_": None, "translate": None, "Sentence": None, **dict.fromkeys(FOURTH, (4,))}
    result = extract_from_dir(str(PROGRAM), method_map=methods, keywords=keywords)
    texts = {message for _, _, message, _, _ in result if isinstance(message, str)}
    definitions = {
        DEFINITIONS[measure].text for measure in INDEXED
    }  # what measures are is told where they are measured
    return definitions | help_texts(app) | {text for text in texts if re.search(r"[A-Za-z]", text)}


def test_every_message_is_translated_and_no_translation_is_left_over() -> None:
    assert len(messages()) > 250
    assert messages() - set(catalogue("sv")) == set()
    assert set(catalogue("sv")) - messages() == set()


def test_no_translation_is_a_guess() -> None:
    with (PACKAGE / "locale" / "sv.po").open(encoding="utf-8") as file:
        assert [m.id for m in read_po(file) if m.id and m.fuzzy] == []


def test_a_translation_names_the_same_parts() -> None:
    def parts(text: str) -> set[str | None]:
        return {name for _, name, _, _ in Formatter().parse(text) if name is not None}

    assert {k: v for k, v in catalogue("sv").items() if parts(k) != parts(v)} == {}


def test_every_measure_has_a_name_and_a_unit_in_both_languages() -> None:
    assert set(READINGS) == set(DEFINITIONS)
    swedish = Language("sv")
    for measure, reading in READINGS.items():
        assert reading.name
        assert swedish.translate(reading.name) != reading.name, measure
        assert (reading.unit == "%") == reading.share == (DEFINITIONS[measure].unit == "share"), measure
        assert reading.share or reading.unit in catalogue("sv"), measure


def test_every_measure_that_is_shown_first_has_a_smallest_change_and_every_reason_is_told() -> None:
    first = {measure for block in SUMMARY.values() for measure in block} | set(HEADLINES) | set(WORDINGS)
    assert first - set(SMALLEST_CHANGES) == set()
    assert set(SMALLEST_CHANGES) - set(READINGS) == set()
    assert set(REASONS) == set(Reason)


def test_two_measures_have_two_names() -> None:
    for code in ("sv", "en"):
        language = Language(code)
        named = [(language.translate(r.name), language.translate(r.unit)) for r in READINGS.values()]
        assert len(set(named)) == len(named)


@pytest.mark.parametrize(
    ("value", "decimals", "swedish", "english"),
    [
        (1234567.0, 0, f"1{SPACE}234{SPACE}567", "1,234,567"),
        (1234.5, 1, f"1{SPACE}234,5", "1,234.5"),
        (-0.25, 2, "−0,25", "−0.25"),
        (-0.001, 1, "0,0", "0.0"),
        (0.0, None, "0", "0"),
        (133.4, None, "133", "133"),
        (13.34, None, "13,3", "13.3"),
        (1.334, None, "1,33", "1.33"),
        (0.01334, None, "0,013", "0.013"),
        (float("nan"), None, "–", "–"),
    ],
)
def test_numbers_are_written_in_the_manner_of_the_language(
    value: float, decimals: int | None, swedish: str, english: str
) -> None:
    assert Language("sv").number(value, decimals) == swedish
    assert Language("en").number(value, decimals) == english


def test_per_cent_has_a_space_in_swedish_and_none_in_english() -> None:
    assert Language("sv").percent(-0.0345, 1, signed=True) == f"−3,5{SPACE}%"
    assert Language("en").percent(0.0345, 1, signed=True) == "+3.5%"


def test_a_change_that_rounds_to_nothing_has_no_sign() -> None:
    assert Language("sv").signed_number(0.0004, 2) == "0,00"
    assert Language("sv").signed_number(-0.0004, 2) == "0,00"
    assert Language("sv").signed_number(0.006, 2) == "+0,01"


@pytest.mark.parametrize(
    ("value", "text"), [(0.125, "0,125"), (40000.0, f"40{SPACE}000"), (1e-05, "0,00001"), (3, "3")]
)
def test_a_figure_of_the_configuration_keeps_every_digit(value: float, text: str) -> None:
    assert Language("sv").plain(value) == text


def test_dates_are_written_in_words() -> None:
    assert Language("sv").date("2027-10-04") == "4 oktober 2027"
    assert Language("en").date("2027-10-04") == "4 October 2027"


def test_a_list_ends_with_and() -> None:
    assert Language("sv").enumeration(["a", "b", "c"]) == "a, b och c"
    assert Language("en").enumeration(["a"]) == "a"
    assert Language("en").enumeration([]) == ""


def test_the_templates_hold_no_text_outside_messages() -> None:
    for path in (PACKAGE / "html" / "templates").glob("*.html"):
        plain = re.sub(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}|<[^>]*>", " ", path.read_text("utf-8"), flags=re.DOTALL)
        words = set(re.findall(r"[A-Za-zåäöÅÄÖ]{2,}", plain))
        assert words == set(), path.name


def test_a_share_of_the_configuration_keeps_every_digit_as_per_cent() -> None:
    shares = {0.05: "5", 0.1: "10", 0.672: "67,2", 0.00125: "0,125", 1: "100", 0: "0"}
    assert {s: Language("sv").plain_percent(s) for s in shares} == {s: f"{t}{SPACE}%" for s, t in shares.items()}


def test_every_reason_and_every_way_to_meet_has_a_name() -> None:
    assert list(ORIGIN_NAMES) == [origin.name.lower() for origin in Origin]
    assert list(MODES) == list(Mode)
