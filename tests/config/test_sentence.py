"""A message is an English text that remembers its template and parts, so that it can be told in another language."""

from __future__ import annotations

import pickle

from sim.config.errors import ConfigErrors, Problem, unknown
from sim.config.sentence import Sentence, as_sentence
from sim.report.language import Language

SWEDISH = Language("sv")


def test_a_sentence_is_its_english_text() -> None:
    text = Sentence("{low} to {high}", low=1, high=2)
    assert text == "1 to 2" and f"{text}!" == "1 to 2!" and str(text) == "1 to 2"


def test_a_template_without_parts_stands_as_it_is() -> None:
    assert Sentence("{braces}") == "{braces}"
    assert as_sentence("{braces}").parts == {}


def test_parts_are_told_in_the_same_language() -> None:
    text = Sentence("unknown {what}", what=Sentence("site of {service}", service="er"))
    assert text == "unknown site of er"
    assert SWEDISH.sentence(text) == "okänt namn på enhet med er"


def test_a_text_that_is_no_sentence_is_told_as_it_stands() -> None:
    assert SWEDISH.sentence("is missing") == "is missing"
    assert SWEDISH.sentence(Sentence("is missing")) == "saknas"


def test_a_sentence_survives_the_way_between_processes() -> None:
    text = pickle.loads(pickle.dumps(Sentence("{first} and {last}", first=1, last=3)))
    assert text == "1 and 3" and SWEDISH.sentence(text) == "1 och 3"


def test_a_problem_is_told_in_english_and_in_the_language_that_is_asked_for() -> None:
    problem = unknown("mine.yaml", "levers.a.service", "err", "service", ["er", "ward"])
    assert str(problem) == (
        "mine.yaml: levers.a.service: unknown service (found 'err'); allowed: er, ward; did you mean er?"
    )
    assert problem.in_words(SWEDISH.sentence) == (
        "mine.yaml: levers.a.service: okänt namn på vårdtjänst (här står 'err'); tillåtet: er, ward; menade du er?"
    )


def test_a_plain_message_is_looked_up_too_and_keys_are_not() -> None:
    assert Problem("study", "service", "", "is missing").in_words(SWEDISH.sentence) == "study: service: saknas"


def test_errors_are_counted_in_both_languages() -> None:
    one, other = Problem("a", "", "", "is missing"), Problem("b", "", "", "is missing")
    assert str(ConfigErrors([one])).splitlines()[0] == "The configuration has 1 error; nothing was run."
    assert ConfigErrors([one, other]).in_words(SWEDISH.sentence).splitlines() == [
        "Konfigurationen har 2 fel; inget kördes.", "  a: saknas", "  b: saknas"
    ]  # fmt: skip
