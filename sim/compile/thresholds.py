"""Probabilities as rising whole-number thresholds, and texts as stable hashes."""

from __future__ import annotations

import hashlib
from collections.abc import Hashable, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import pdtr

from sim.config.distributions import quantile_table
from sim.config.schema.base import Distribution
from sim.model.codes import ONE, Ints, Words
from sim.model.tables import Discrete

Floats = NDArray[np.float64]
WORD = 2.0**64


def stable_hash(texts: Iterable[str]) -> Words:
    """64 bits of each text, the same on every machine (blake2b)."""
    return np.array(
        [int.from_bytes(hashlib.blake2b(t.encode(), digest_size=8).digest(), "little") for t in texts],
        dtype=np.uint64,
    )


def thresholds(probabilities: Floats) -> Ints:
    """Rising thresholds out of 2**32 of probabilities that are drawn one after another, along the last axis."""
    return np.rint(np.cumsum(probabilities, axis=-1) * ONE).astype(np.int64)


def closed_thresholds(probabilities: Floats) -> Ints:
    """Thresholds whose last is exactly 2**32."""
    cum = thresholds(probabilities)
    cum[-1] = ONE
    return cum


def poisson_rows(means: Floats) -> tuple[Ints, Words, Ints]:
    """Distribution functions of Poisson counts: rows of thresholds out of 2**64, and the count of each row's first."""
    reach = 9 * np.sqrt(means) + 12
    low = np.maximum(means - reach, 0).astype(np.int64)
    size = (means + reach).astype(np.int64) + 1 - low
    ptr = np.concatenate([[0], np.cumsum(size)])
    counts = np.arange(ptr[-1]) - np.repeat(ptr[:-1] - low, size)
    below_one = np.minimum(pdtr(counts, np.repeat(means, size)), np.nextafter(1.0, 0.0))
    return ptr, (below_one * WORD).astype(np.uint64), low


class ThresholdRows:
    """Discrete distributions, each kept once."""

    def __init__(self) -> None:
        self.index: dict[Hashable, int] = {}
        self.cum: list[int] = []
        self.item: list[int] = []
        self.ptr = [0]

    def add(self, key: Hashable, probabilities: Sequence[float], items: Sequence[int], whole: bool = True) -> int:
        """Row of this distribution. ``whole``: probabilities sum to 1, so the last threshold is exactly 2**32."""
        if key not in self.index:
            self.index[key] = self._append(probabilities, items, whole)
        return self.index[key]

    def add_all(
        self, keys: Sequence[Hashable], probabilities: Sequence[Sequence[float]], items: Sequence[Sequence[int]]
    ) -> int:
        """The first row of distributions that lie one after another, each with probabilities that sum to 1."""
        block = "block", *keys
        if block not in self.index:
            rows = [self._append(shares, row, True) for shares, row in zip(probabilities, items, strict=True)]
            self.index[block] = rows[0]
        return self.index[block]

    def _append(self, probabilities: Sequence[float], items: Sequence[int], whole: bool) -> int:
        cum = [int(c) for c in thresholds(np.array(probabilities))]
        if whole and cum:
            cum[-1] = ONE
        self.cum += cum
        self.item += items
        self.ptr.append(len(self.cum))
        return len(self.ptr) - 2

    def discrete(self) -> Discrete:
        """The rows as arrays."""
        return Discrete(*(np.array(x, dtype=np.int64) for x in (self.ptr, self.cum, self.item)))


class Quantiles:
    """Quantile tables, each kept once."""

    def __init__(self) -> None:
        self.index: dict[tuple[str, float], int] = {}
        self.tables: list[Ints] = []
        self.same: dict[tuple[int, float], tuple[Distribution, int]] = {}  # by identity, which most classes share

    def add(self, spec: Distribution, factor: float = 1.0) -> int:
        """Table of a distribution times a factor."""
        if (id(spec), factor) not in self.same:
            self.same[id(spec), factor] = spec, self._add(spec, factor)
        return self.same[id(spec), factor][1]

    def _add(self, spec: Distribution, factor: float) -> int:
        key = spec.model_dump_json(), factor
        if key not in self.index:
            self.index[key] = len(self.tables)
            self.tables.append(quantile_table(spec, factor))
        return self.index[key]

    def array(self) -> Ints:
        """[tables, 2050] seconds."""
        return np.stack(self.tables) if self.tables else np.zeros((1, 2050), dtype=np.int64)
