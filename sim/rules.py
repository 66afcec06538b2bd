"""The decisions of a journey: luck, choice of site, what comes next, how long.

Every function is scalar, on whole numbers and without state, so that any engine can use it and every
engine decides alike. Luck is a function, not a stream: the same patient asking for the same service for the same
time meets the same luck in every scenario (common random numbers).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

MASK = (1 << 64) - 1
HALF = (1 << 32) - 1
_VISIT = 0x9E3779B97F4A7C15  # odd constants above 2**63: uint64 in every language
_PURPOSE = 0xD1B54A32D192ED03
_MIX_A = 0xBF58476D1CE4E5B9
_MIX_B = 0x94D049BB133111EB


def mix(word: int) -> int:
    """A bijective scramble of a 64-bit word (finaliser of splitmix64; Steele, Lea & Flood 2014)."""
    word = ((word ^ (word >> 30)) * _MIX_A) & MASK
    word = ((word ^ (word >> 27)) * _MIX_B) & MASK
    return word ^ (word >> 31)


def salt(service: int, visit: int, purpose: int) -> int:
    """What tells one visit to a service, and one purpose, from every other. ``service`` is its 64-bit hash."""
    return mix((service + visit * _VISIT + purpose * _PURPOSE) & MASK)


def draw(key: int, salt: int) -> int:
    """64 random bits of an episode for a salt.

    Each half (32 bits) is a uniform of its own; what is left of a half after a discrete choice, rescaled by
    ``remainder``, is uniform again.
    """
    word = key ^ salt
    word = ((word ^ (word >> 30)) * _MIX_A) & MASK  # as mix(word), in place: this is the busiest line of a run
    word = ((word ^ (word >> 27)) * _MIX_B) & MASK
    return word ^ (word >> 31)


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


def is_open(toggles: Sequence[int], first: int, last: int, now: int) -> bool:
    """Whether an offer is open at second ``now``; ``toggles`` are opening and closing times in turn."""
    return (bisect_right(toggles, now, first, last) - first) & 1 == 1


def phase_of(starts: Sequence[int], now: int) -> int:
    """The phase in which second ``now`` lies."""
    return bisect_right(starts, now) - 1
