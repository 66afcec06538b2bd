"""The two ranges of a number, beside its unit: what cannot be is refused, what hardly ever is is asked about.

A field says its kind of number in its annotation, as ``Annotated[float, SPEED]``; a figure's kind is that of all of its
numbers, and a time's is in seconds, whatever unit it is said in. ``sim.config.schema.number_kinds`` has the kinds.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from pydantic import BaseModel, GetCoreSchemaHandler, ValidationError
from pydantic_core import InitErrorDetails, core_schema

from sim.config.sentence import N_, Sentence

UNIT_S = {N_("s"): 1.0, N_("min"): 60.0, N_("h"): 3600.0, N_("days"): 86400.0}
CENTRES = ("value", "mean", "median", "mode", "high")  # what a time is asked about by: the first that is said
ENDS = ("value", "low", "high")
NEGATIVE = N_("must not be negative")
OUTSIDE = N_("out of range")


class Range(NamedTuple):
    """From low to high, both ends within."""

    low: float
    high: float

    def holds(self, value: float) -> bool:
        """Whether a number lies within."""
        return self.low <= value <= self.high


@dataclass(frozen=True)
class Mistake:
    """A unit in which a number is said by mistake, and how many of the right unit one of it is."""

    unit: str
    factor: float
    least: float = 0.0  # size from which somebody may have said it so


class OutOfRange(ValueError):
    """A number that cannot be: why, what is allowed, and what was probably meant."""

    def __init__(self, why: str, allowed: str, meant: str) -> None:
        super().__init__(why)
        self.allowed, self.meant = allowed, meant


@dataclass(frozen=True)
class NumberKind:
    """A kind of number: its unit, what can be, what usually is, and the units that it is mistaken for."""

    unit: str
    hard: Range
    usual: Range
    mistakes: tuple[Mistake, ...] = ()

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return core_schema.no_info_after_validator_function(self.judge, handler(source))

    def judge(self, value: Any) -> Any:
        """The number, figure or time itself. Raises OutOfRange, or ValidationError with the keys within it."""
        wrong = [(key, size) for key, size in self.sizes(value) if not self.hard.holds(size)]
        if not wrong:
            return value
        if not wrong[0][0]:
            raise self.refusal(wrong[0][1])
        raise ValidationError.from_exception_data(type(value).__name__, [self._error(value, *one) for one in wrong])

    def _error(self, value: BaseModel, key: str, size: float) -> InitErrorDetails:
        found = getattr(value, key)
        return {"type": "value_error", "loc": (key,), "input": found, "ctx": {"error": self.refusal(size)}}

    def sizes(self, value: Any) -> Iterator[tuple[str, float]]:
        """Every number of a value in this kind's unit, with the key at which it stands within."""
        if isinstance(value, BaseModel):
            yield from ((end, size) for end in ENDS if (size := getattr(value, end, None)) is not None)
        elif value is not None:
            yield "", float(value)

    def refusal(self, size: float) -> OutOfRange:
        """Why a size cannot be."""
        why = NEGATIVE if size < 0 <= self.hard.low else OUTSIDE
        meant = self.meant(size)
        return OutOfRange(why, self.between(self.hard), meant if meant is not None else "")

    def questions(self, value: Any) -> Iterator[tuple[str, str]]:
        """Of every number that hardly ever is: its key, and what is asked."""
        for key, size in self.sizes(value):
            if not self.usual.holds(size):
                yield key, self.question(size)

    def question(self, size: float) -> str:
        """What is asked of a size that hardly ever is."""
        asked = {"size": self.words(size), "usual": self.between(self.usual)}
        meant = self.meant(size)
        if meant is None:
            return Sentence("{size} is meant? Usual is {usual}.", **asked)
        return Sentence("{size} is meant? Usual is {usual}; perhaps it is {meant}.", **asked, meant=meant)

    def meant(self, size: float) -> str | None:
        """What a size is in the unit in which it is usual; None if it is so in none."""
        for mistake in self.mistakes:
            right = size * mistake.factor
            if abs(size) >= mistake.least and self.usual.holds(right):
                return Sentence(
                    "{size} {unit} = {right}", size=digits(size), unit=mistake.unit, right=self.words(right)
                )
        return None

    def words(self, size: float) -> str:
        """A size with its unit."""
        return Sentence("{size} {unit}", size=digits(size), unit=self.unit) if self.unit else digits(size)

    def between(self, span: Range) -> str:
        """A range with its unit."""
        low, high = digits(span.low), digits(span.high)
        if not self.unit:
            return Sentence("{low} to {high}", low=low, high=high)
        return Sentence("{low} to {high} {unit}", low=low, high=high, unit=self.unit)


@dataclass(frozen=True)
class TimeKind(NumberKind):
    """A time that says its unit itself; its ranges are in seconds."""

    def sizes(self, value: Any) -> Iterator[tuple[str, float]]:
        """As ``NumberKind`` says; of a table of quantiles only the longest."""
        scale = UNIT_S[value.unit]
        if value.dist == "empirical":
            yield "quantile", scale * max(value.quantile.values())
            return
        if getattr(value, "mu", None) is not None:
            yield "mu", scale * math.exp(min(value.mu, 700.0))
        for key in CENTRES:
            if getattr(value, key, None) is not None:
                yield key, scale * getattr(value, key)

    def questions(self, value: Any) -> Iterator[tuple[str, str]]:
        """As ``NumberKind`` says, of the centre of a time alone; with the unit in which it would be usual."""
        key, size = next(self.sizes(value))
        if self.usual.holds(size) or size == 0:
            return
        written = size / UNIT_S[value.unit]
        as_written: str = Sentence("{size} {unit}", size=digits(written), unit=_word(value.unit))
        asked = {"size": as_written, "usual": self.between(self.usual)}
        others = [unit for unit in UNIT_S if self.usual.holds(written * UNIT_S[unit])]
        middle = math.log(max(self.usual.low, 1.0) * self.usual.high) / 2
        other = min(others, key=lambda unit: abs(math.log(written * UNIT_S[unit]) - middle), default=None)
        if other is None:
            yield key, Sentence("{size} is meant? Usual is {usual}.", **asked)
        else:
            yield key, Sentence(
                "{size} is meant? Usual is {usual}; if {meant} are meant, write unit: {unit}.",
                **asked, meant=Sentence("{size} {unit}", size=digits(written), unit=_word(other)), unit=other,
            )  # fmt: skip

    def words(self, size: float) -> str:
        """A time in the unit in which it reads best."""
        unit = next((u for u in ("days", "h", "min") if size >= 2 * UNIT_S[u]), "s")
        return Sentence("{size} {unit}", size=digits(size / UNIT_S[unit]), unit=_word(unit))

    def between(self, span: Range) -> str:
        """A range of times."""
        return Sentence("{low} to {high}", low=self.words(span.low), high=self.words(span.high))


def _word(unit: str) -> str:
    """A unit of the files as a word that is told in the reader's language."""
    return Sentence(unit)


def digits(size: float) -> str:
    """A number with the digits that count, and no power of ten where it can be read without."""
    return f"{size:,.0f}" if 1e4 <= abs(size) < 1e15 and size == int(size) else f"{size:.6g}"


def kind_in(metadata: Any) -> NumberKind | None:
    """The kind of number that some metadata of a field say."""
    return next((one for one in metadata if isinstance(one, NumberKind)), None)


__all__ = ["UNIT_S", "Mistake", "NumberKind", "OutOfRange", "Range", "TimeKind", "digits", "kind_in"]
