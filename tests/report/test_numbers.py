"""Figures in pages and in the terminal: digits that count, ranges, and what is absent."""

from __future__ import annotations

import numpy as np
import pytest

from sim.report.language import Language
from sim.report.numbers import DASH, FOUR, decimals, number, round_figures, span


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (1234567.0, "1,234,567"), (133.4, "133"), (13.34, "13.3"), (1.334, "1.33"), (0.01334, "0.01")],
)
def test_three_digits_count_and_two_decimals_are_the_most(value: float, text: str) -> None:
    assert number(value) == text


def test_digits_are_counted_after_rounding() -> None:
    assert [number(v) for v in (99.97, 9.996, 99.94)] == ["100", "10.0", "99.9"]
    assert number(999.96, *FOUR) == "1,000"
    assert [decimals(v) for v in (99.97, 9.996, 99.94)] == [0, 1, 1]


def test_a_change_has_its_sign_and_nothing_is_minus_zero() -> None:
    assert [number(v, sign="+") for v in (1.5, -1.5, 0)] == ["+1.50", "-1.50", "+0"]
    assert number(-0.0) == "0"


def test_what_is_absent_is_a_dash() -> None:
    assert [number(None), number(np.nan), span(1, np.nan), span(None, 2)] == [DASH] * 4
    assert Language("sv").number(np.nan) == DASH


def test_a_range_has_both_ends_alike() -> None:
    assert span(-12.34, 5.678, 2, sign="+") == "-12 to +5.7"


def test_about_three_digits_are_shown_in_a_language_a_third_decimal_only_below_a_tenth() -> None:
    values = (0.0, 1000.0, 99.94, 9.99, 0.5, 0.05)
    assert [Language("en").number(v) for v in values] == ["0", "1,000", "99.9", "9.99", "0.50", "0.050"]


def test_a_large_number_is_rounded_to_digits_that_count() -> None:
    assert [round_figures(v) for v in (123456, 999999, 12)] == [123000, 1000000, 12]
