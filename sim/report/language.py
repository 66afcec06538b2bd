"""The report's language: translated text, and numbers as the language writes them."""

from __future__ import annotations

import math
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any, Literal

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from sim.config.sentence import N_, Sentence
from sim.report.numbers import DASH, decimals

Code = Literal["sv", "en"]
LOCALES: dict[Code, str] = {"sv": "sv_SE", "en": "en_GB"}
CATALOGUES = Path(__file__).parent / "locale"
MINUS = "\N{MINUS SIGN}"
NO_BREAK = "\N{NO-BREAK SPACE}"
SHARE = "share"
SWEDISH_SIGNS = str.maketrans({",": NO_BREAK, ".": ",", "-": MINUS})


@cache
def catalogue(language: Code) -> dict[str, str]:
    """English text to text in the language; empty for English itself."""
    if language == "en":
        return {}
    with (CATALOGUES / f"{language}.po").open(encoding="utf-8") as file:
        return {str(m.id): str(m.string) for m in read_po(file, locale=language) if m.id and m.string}


class Language:
    """Speaks one language. Translations come from the catalogue, numbers and dates from Babel."""

    def __init__(self, code: Code) -> None:
        self.code = code
        self.locale = Locale.parse(LOCALES[code])
        self._texts = catalogue(code)

    def translate(self, text: str, /, **parts: Any) -> str:
        """The text in this language, with ``{parts}`` filled in; English where it is not translated."""
        translation = self._texts.get(text, text)
        return translation.format(**parts) if parts else translation

    def sentence(self, text: str) -> str:
        """What a ``Sentence`` says, each of its parts in this language too; any other text as it stands."""
        if not isinstance(text, Sentence):
            return text
        parts = {name: self.sentence(part) if isinstance(part, str) else part for name, part in text.parts.items()}
        return self.translate(text.template, **parts)

    def label(self, label: dict[str, str]) -> str:
        """The label of something in the configuration."""
        return label[self.code]

    def words(self, text: str | dict[str, str]) -> str:
        """A text of the configuration: that of this language, or as it stands where its writer gave only one."""
        return text if isinstance(text, str) else self.label(text)

    def number(self, value: float, places: int | None = None) -> str:
        """A number with grouped thousands; without ``places`` about three digits are shown."""
        if value is None or not math.isfinite(value):
            return DASH
        places = _places(value) if places is None else places
        value = round(value, places) + 0.0  # no minus zero
        return self._decimal(abs(value), places) if value >= 0 else MINUS + self._decimal(-value, places)

    def signed_number(self, value: float, places: int | None = None) -> str:
        """A change, with its sign."""
        if value is None or not math.isfinite(value):
            return DASH
        text = self.number(value, places)
        return text if text.startswith(MINUS) or not any(d in text for d in "123456789") else f"+{text}"

    def percent(self, share: float, places: int | None = None, signed: bool = False) -> str:
        """A share as per cent, with the space that the language wants."""
        text = (self.signed_number if signed else self.number)(100 * share, places)
        return f"{text}{NO_BREAK}%" if self.code == "sv" else f"{text}%"

    def notation(self, text: str) -> str:
        """A figure in plain English notation as this language writes it."""
        return text.translate(SWEDISH_SIGNS) if self.code == "sv" else text

    def plain(self, value: float) -> str:
        """A figure of the configuration as it was written, no digit less."""
        return self.number(value, max(0, -_exponent(value)))

    def plain_percent(self, share: float) -> str:
        """A share of the configuration as per cent, no digit less."""
        return self.percent(share, max(0, -_exponent(100 * share)))

    def span(self, low: str, high: str) -> str:
        """From one figure to another."""
        return self.translate("{low} to {high}", low=low, high=high)

    def enumeration(self, parts: list[str]) -> str:
        """Parts as a list in a sentence."""
        if len(parts) < 2:
            return "".join(parts)
        return self.translate("{first} and {last}", first=", ".join(parts[:-1]), last=parts[-1])

    def date(self, day: date | str) -> str:
        """A date in words."""
        return format_date(date.fromisoformat(day) if isinstance(day, str) else day, "long", locale=self.locale)

    def moment(self, when: str) -> str:
        """Date and clock of an ISO time; the text itself if it is none."""
        try:
            return format_datetime(datetime.fromisoformat(when), "d MMMM y HH:mm", locale=self.locale)
        except ValueError:
            return when

    def _decimal(self, value: float, places: int) -> str:
        pattern = "#,##0" + ("." + "0" * places if places else "")
        return str(format_decimal(value, format=pattern, locale=self.locale))


def _places(value: float) -> int:
    """Decimals that show a number to about three digits: a third one only below a tenth."""
    return decimals(value, most=2 if abs(value) >= 0.0995 else 3)


def _exponent(value: float) -> int:
    """Power of ten of the last digit of a number as Python writes it."""
    text = f"{value:.12g}"
    if "e" in text:
        return int(text.split("e")[1])
    return -len(text.split(".")[1]) if "." in text else 0


__all__ = ["NO_BREAK", "N_", "Code", "Language", "catalogue"]
