"""Random words as functions: hashes of text ids, streams of words, and searches in rows of thresholds."""

from __future__ import annotations

import hashlib

import numpy as np

from sim.model.codes import Codes, Ints, Words

GAMMA = np.uint64(0x9E3779B97F4A7C15)
MIX_A, MIX_B = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
LOW = np.uint64(0xFFFFFFFF)
HALF = np.uint64(32)
COUNT, WHO, WHEN, KIND, FIRST, START_WHEN, START_ZONE = range(1, 8)


def mix(words: Words) -> Words:
    """``rules.mix`` for arrays."""
    words = words ^ (words >> np.uint64(30))
    words *= MIX_A
    words ^= words >> np.uint64(27)
    words *= MIX_B
    words ^= words >> np.uint64(31)
    return words


def hash_of(text: str) -> np.uint64:
    """64 bits of a text, the same on every machine (blake2b)."""
    return np.uint64(int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little"))


def stream_of(root: np.uint64, *ids: np.uint64 | int) -> np.uint64:
    """A hash of the root and of a path of ids."""
    word = np.array([root], dtype=np.uint64)
    for one in ids:
        word = mix((word ^ np.uint64(one)) + GAMMA)
    return np.uint64(word[0])


def nth(streams: Words, purpose: int, number: Words | int) -> Words:
    """Random word ``number`` (from 1) of each of many streams, for a purpose."""
    return mix(mix(streams + np.uint64(purpose)) + GAMMA * np.uint64(number))


class Guide:
    """A row of rising thresholds out of 2**32, ready for many words.

    Indexed search (Chen & Asau 1974): the first bits of a word tell where it falls, but for the few words that begin
    as a threshold does.
    """

    def __init__(self, cum: Ints) -> None:
        bits = min(len(cum).bit_length() + 5, 20)
        rest, size = 32 - bits, 1 << bits
        all_above, some_above = cum + (1 << rest) - 1 >> rest, cum >> rest  # first bits of words from which on they are
        least, most = (np.cumsum(np.bincount(edge, minlength=size + 1))[:size] for edge in (all_above, some_above))
        self.cum, self.shift = cum, np.uint64(64 - bits)
        self.table = np.where(least == most, least, -1).astype(np.min_scalar_type(-1 - len(cum)))

    def find(self, words: Words) -> Codes:
        """Index of the first threshold above the high half of each word; the number of thresholds if there is none."""
        rows = self.table[(words >> self.shift).view(np.int64)]
        near = np.flatnonzero(rows < 0)
        rows[near] = np.searchsorted(self.cum, (words[near] >> HALF).view(np.int64), side="right")
        return rows


__all__ = [
    "COUNT",
    "FIRST",
    "GAMMA",
    "HALF",
    "KIND",
    "LOW",
    "START_WHEN",
    "START_ZONE",
    "WHEN",
    "WHO",
    "Guide",
    "hash_of",
    "mix",
    "nth",
    "stream_of",
]
