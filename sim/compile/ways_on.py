"""The ways on from contacts as rows of shares, one for each class of a signal where the ways respond to one."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import replace

import numpy as np

from sim.compile.draft import Way
from sim.compile.thresholds import Quantiles, ThresholdRows
from sim.model.codes import Ints
from sim.model.tables import Discrete


class WaysOn:
    """The ways on from contacts, each kept once."""

    def __init__(self, services: list[str], quantiles: Quantiles) -> None:
        self.services, self.quantiles = services, quantiles
        self.rows = ThresholdRows()
        self.items: dict[tuple[int, int, int, int], int] = {}

    def add(self, ways: tuple[Way, ...]) -> int:
        """Row of these ways; -1 where there are none: the episode ends."""
        ways = tuple(w for w in ways if w.probability > 0)
        if not ways:
            return -1
        key, shares, items = self._row(ways)
        return self.rows.add(key, shares, items)

    def add_classes(self, ways: tuple[Way, ...], step: str, odds: Sequence[float]) -> int:
        """The first of as many rows as there are ``odds``: in row k those of the ways named ``step`` are times odds k.

        The other ways keep their ratios. -1 where there are no ways.
        """
        ways = tuple(w for w in ways if w.probability > 0)
        if not ways:
            return -1
        rows = [self._row(with_odds(ways, step, one)) for one in odds]
        return self.rows.add_all([row[0] for row in rows], [row[1] for row in rows], [row[2] for row in rows])

    def _row(self, ways: tuple[Way, ...]) -> tuple[Hashable, list[float], list[int]]:
        items = [self._item(way) for way in ways]
        key = tuple((w.probability, i) for w, i in zip(ways, items, strict=True))
        return key, [w.probability for w in ways], items

    def _item(self, way: Way) -> int:
        to = self.services.index(way.to) if way.to in self.services else -1
        delay = self.quantiles.add(way.after) if way.after is not None else -1
        return self.items.setdefault((int(way.how), to, delay, int(way.gives_all)), len(self.items))

    def discrete(self) -> Discrete:
        """The rows as arrays."""
        return self.rows.discrete()

    def array(self) -> Ints:
        """[ways, 4] action, service, quantile table of the delay, whether all that is held is given back."""
        return np.array(list(self.items) or [(0, -1, -1, 0)], dtype=np.int64)


def with_odds(ways: tuple[Way, ...], step: str, odds: float) -> tuple[Way, ...]:
    """The ways with the odds of those named ``step``, together, multiplied; their sum stays what it is."""
    weights = [w.probability * (odds if w.step == step else 1.0) for w in ways]
    scale = sum(w.probability for w in ways) / sum(weights)
    return tuple(replace(way, probability=weight * scale) for way, weight in zip(ways, weights, strict=True))


__all__ = ["WaysOn", "with_odds"]
