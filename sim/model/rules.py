"""The decisions of a journey: choice of site, what comes next, how long.

Every function is scalar, on whole numbers and without state, so that any engine can use it and every engine decides
alike.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence


def quantile(table: Sequence[int], word: int) -> int:
    """Seconds at probability ``word`` / 2**32 of a compiled distribution.

    1024 equal steps with straight lines between, to the nearest second; the last step is cut in 1024 again for the
    tail.
    """
    step = word >> 22
    if step < 1023:
        low = table[step]
        return low + ((table[step + 1] - low) * (word & 0x3FFFFF) + 0x200000 >> 22)
    step = 1025 + ((word & 0x3FFFFF) >> 12)
    low = table[step]
    return low + ((table[step + 1] - low) * (word & 0xFFF) + 0x800 >> 12)


def pick(cum: Sequence[int], first: int, last: int, word: int) -> int:
    """Index in ``first..last-1`` of the first threshold above ``word``; ``last`` if there is none."""
    return bisect_right(cum, word, first, last)


def remainder(cum: Sequence[int], first: int, chosen: int, word: int) -> int:
    """The uniform that is left after ``pick`` chose: where ``word`` lies between its two thresholds."""
    below = cum[chosen - 1] if chosen > first else 0
    return ((word - below) << 32) // (cum[chosen] - below)


def stays(odds: int, mean: int, word: int) -> bool:
    """Whether somebody still turns to a service whose odds are these and the mean of all is that.

    Its share becomes odds / mean of what it was: if that is less, the others are not kept.
    """
    return odds >= mean or word < (odds << 32) // mean


def span(cum: Sequence[int], items: Sequence[int], first: int, last: int, wanted: int) -> tuple[int, int]:
    """The words, from and to before, for which ``pick`` chooses an item of a row; none: (0, 0)."""
    below = 0
    for i in range(first, last):
        if items[i] == wanted and cum[i] > below:
            return below, cum[i]
        below = cum[i]
    return 0, 0


def is_open(toggles: Sequence[int], first: int, last: int, now: int) -> bool:
    """Whether an offer is open at second ``now``; ``toggles`` are opening and closing times in turn."""
    return (bisect_right(toggles, now, first, last) - first) & 1 == 1


def phase_of(starts: Sequence[int], now: int) -> int:
    """The phase in which second ``now`` lies."""
    return bisect_right(starts, now) - 1
