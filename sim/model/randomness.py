"""Random numbers as a function, not a stream.

The same patient asking for the same service for the same time meets the same luck in every scenario (common random
numbers).
"""

from __future__ import annotations

MASK = (1 << 64) - 1
HALF = (1 << 32) - 1
_VISIT = 0x9E3779B97F4A7C15  # odd constants above 2**63: uint64 in every language
_PURPOSE = 0xD1B54A32D192ED03
_MIX_A = 0xBF58476D1CE4E5B9
_MIX_B = 0x94D049BB133111EB
_UNMIX_A, _UNMIX_B = pow(_MIX_A, -1, 1 << 64), pow(_MIX_B, -1, 1 << 64)


def mix(word: int) -> int:
    """A bijective scramble of a 64-bit word (finaliser of splitmix64; Steele, Lea & Flood 2014)."""
    word = ((word ^ (word >> 30)) * _MIX_A) & MASK
    word = ((word ^ (word >> 27)) * _MIX_B) & MASK
    return word ^ (word >> 31)


def unmix(word: int) -> int:
    """The word that ``mix`` makes this one of."""
    word ^= (word >> 31) ^ (word >> 62)
    word = (word * _UNMIX_B) & MASK
    word ^= (word >> 27) ^ (word >> 54)
    word = (word * _UNMIX_A) & MASK
    return word ^ (word >> 30) ^ (word >> 60)


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
