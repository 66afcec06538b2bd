"""A text that can be told in another language: its template and its parts are kept beside it.

Where something is checked nobody knows who will read it. So messages stay plain texts, in English, and carry what a
reader's language needs; ``sim.report.language`` has the translations.
"""

from __future__ import annotations

from typing import Any


def N_(text: str) -> str:  # noqa: N802 (gettext's name: text to be translated when it is used)
    """Marks a template for translation and returns it as it is."""
    return text


class Sentence(str):
    """A template with ``{parts}`` filled in: an English text that remembers both. A part may itself be a sentence."""

    template: str
    parts: dict[str, Any]

    def __new__(cls, template: str, /, **parts: Any) -> Sentence:
        """The text; a template without parts stands as it is."""
        text = super().__new__(cls, template.format(**parts) if parts else template)
        text.template, text.parts = template, parts
        return text

    def __reduce__(self) -> tuple[Any, ...]:
        return _sentence, (self.template, self.parts)


def _sentence(template: str, parts: dict[str, Any]) -> Sentence:
    return Sentence(template, **parts)


def plain_data(text: str) -> dict[str, Any]:
    """A sentence as data that a file can keep."""
    sentence = as_sentence(text)
    parts = {name: plain_data(p) if isinstance(p, Sentence) else p for name, p in sentence.parts.items()}
    return {"text": sentence.template, "parts": parts}


def from_plain_data(data: dict[str, Any]) -> Sentence:
    """The sentence that was kept."""
    parts = {name: from_plain_data(p) if isinstance(p, dict) else p for name, p in data["parts"].items()}
    template: str = data["text"]
    return Sentence(template, **parts)


def as_sentence(text: str) -> Sentence:
    """A text as a sentence, if it is none yet: one without parts."""
    return text if isinstance(text, Sentence) else Sentence(text)


__all__ = ["N_", "Sentence", "as_sentence", "from_plain_data", "plain_data"]
