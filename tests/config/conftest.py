"""Whatever is refused in these tests is refused in Swedish too."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import pytest

from sim.config.errors import ConfigErrors, Problem
from sim.config.sentence import Sentence, as_sentence
from sim.report.language import catalogue

LETTERS = re.compile("[A-Za-z]")
OF_YAML = ("but found", "expected '", "unacceptable character", "anchors (&)", "tags such")  # faults of syntax


def untranslated(text: str) -> Iterator[str]:
    """The templates of a message, and of the sentences within it, that have no Swedish."""
    sentence = as_sentence(text)
    is_ours = LETTERS.search(sentence.template) and not sentence.template.startswith(OF_YAML)
    if is_ours and sentence.template not in catalogue("sv"):
        yield sentence.template
    for part in sentence.parts.values():
        if isinstance(part, Sentence):
            yield from untranslated(part)


@pytest.fixture(autouse=True)
def swedish_of_what_is_refused(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Holds every message that a test of this folder meets against the catalogue."""
    met: list[Problem] = []
    original = ConfigErrors.__init__

    def keep(errors: ConfigErrors, problems: Iterable[Problem]) -> None:
        original(errors, problems)
        met.extend(errors.problems)

    monkeypatch.setattr(ConfigErrors, "__init__", keep)
    yield
    assert sorted({text for problem in met for text in untranslated(problem.message)}) == []
