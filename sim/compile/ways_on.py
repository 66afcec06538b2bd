"""The ways on from contacts as rows of shares, one for each class of a signal where the ways respond to one."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import replace

import numpy as np

from sim.compile.draft import Way
from sim.compile.thresholds import Quantiles, ThresholdRows
from sim.model.codes import ONE, Action, Ints
from sim.model.tables import Discrete


class WaysOn:
    """The ways on from contacts, each kept once."""

    def __init__(self, services: list[str], quantiles: Quantiles) -> None:
        self.services, self.quantiles = services, quantiles
        self.rows = ThresholdRows()
        self.items: dict[tuple[int, int, int, int], int] = {}
        self.pull: dict[int, list[int]] = {}  # by row, of each way
        self.same: dict[int, tuple[tuple[Way, ...], int]] = {}  # ways by identity, which classes share, and their row

    def add(self, ways: tuple[Way, ...]) -> int:
        """Row of these ways; -1 where there are none: the episode ends."""
        if id(ways) not in self.same:
            self.same[id(ways)] = ways, self._add(ways)
        return self.same[id(ways)][1]

    def _add(self, ways: tuple[Way, ...]) -> int:
        if not (ways := _with_weight(ways)):
            return -1
        key, shares, items = self._row(ways)
        row = self.rows.add(key, shares, items)
        self.pull[row] = _pull(ways)
        return row

    def add_classes(self, ways: tuple[Way, ...], step: str, odds: Sequence[float]) -> int:
        """The first of as many rows as there are ``odds``: in row k those of the ways named ``step`` are times odds k.

        The other ways keep their ratios. -1 where there are no ways.
        """
        if not (ways := _with_weight(ways)):
            return -1
        changed = [with_odds(ways, step, one) for one in odds]
        rows = [self._row(one) for one in changed]
        first = self.rows.add_all([row[0] for row in rows], [row[1] for row in rows], [row[2] for row in rows])
        self.pull |= {first + k: _pull(one) for k, one in enumerate(changed)}
        return first

    def _row(self, ways: tuple[Way, ...]) -> tuple[Hashable, list[float], list[int]]:
        items = [self._item(way) for way in ways]
        key = tuple((w.probability, w.at_hand, i) for w, i in zip(ways, items, strict=True))
        return key, [w.probability for w in ways], items

    def _item(self, way: Way) -> int:
        to = self.services.index(way.to) if way.to in self.services else -1
        delay = self.quantiles.add(way.after) if way.after is not None else -1
        return self.items.setdefault((int(way.how), to, delay, int(way.gives_all)), len(self.items))

    def discrete(self) -> Discrete:
        """The rows as arrays."""
        return self.rows.discrete()

    def pulls(self) -> Ints:
        """[items of the rows] weight of a way to a service at hand, out of 2**32 of all ways on; 0 of the others."""
        return np.array([pull for row in range(len(self.pull)) for pull in self.pull[row]], dtype=np.int64)

    def array(self) -> Ints:
        """[ways, 4] action, service, quantile table of the delay, whether all that is held is given back."""
        return np.array(list(self.items) or [(0, -1, -1, 0)], dtype=np.int64)


def _with_weight(ways: tuple[Way, ...]) -> tuple[Way, ...]:
    """The ways that somebody takes; none where there is only what is at hand."""
    if not any(way.probability > 0 for way in ways):
        return ()
    return tuple(way for way in ways if way.probability > 0 or way.at_hand > 0)


def _pull(ways: tuple[Way, ...]) -> list[int]:
    """Weights at hand: s / (1 - s) of the share of those who choose, whose ways are at once or exit."""
    choosing = sum(way.probability for way in ways if way.how in (Action.AT_ONCE, Action.EXIT))
    return [round(ONE * choosing * way.at_hand / (1 - way.at_hand)) for way in ways]


def with_odds(ways: tuple[Way, ...], step: str, odds: float) -> tuple[Way, ...]:
    """The ways with the odds of those named ``step``, together, multiplied; their sum stays what it is."""
    weights = [w.probability * (odds if w.step == step else 1.0) for w in ways]
    scale = sum(w.probability for w in ways) / sum(weights)
    return tuple(replace(way, probability=weight * scale) for way, weight in zip(ways, weights, strict=True))


__all__ = ["WaysOn", "with_odds"]
