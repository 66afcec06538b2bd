"""Signals with the offers at which they are read, and what responds to them: refusing and durations."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Any

import numpy as np

from sim.compile.draft import Draft, rule_for
from sim.config.schema.care import Care, Service
from sim.model.codes import ONE, Ints, SignalKind

PER_MILLION = 1_000_000
RuleOf = Callable[[Service, list[str], int], Hashable | None]


class RowsByClass:
    """What is said of services and classes, each thing kept once as a row."""

    def __init__(self, care: Care, drafts: list[Draft], of: RuleOf) -> None:
        """``of``: what is said of a service for a class; None: nothing."""
        needs, services = drafts[0].needs, drafts[0].services
        areas = drafts[0].areas
        classes = range(len(drafts[0].first) // areas)
        self.index: dict[Hashable, int] = {}
        numbers = [[self._row(of(care.services[s], needs, c)) for c in classes] * areas for s in services]
        shape = len(drafts), len(services), areas * len(classes)
        self.row: Ints = np.broadcast_to(np.array(numbers, dtype=np.int64), shape).copy()

    def _row(self, key: Hashable | None) -> int:
        return -1 if key is None else self.index.setdefault(key, len(self.index))

    def rows(self) -> list[Any]:
        """What the rows say."""
        return list(self.index)


def signal_arrays(care: Care, offer: Ints, travel_s: Ints) -> dict[str, Any]:
    """``signal_*`` of a model; ``offer``: [T, S], ``travel_s``: [O, T]."""
    signals, services = list(care.signals.values()), list(care.services)
    offers = [_read_at(offer[:, services.index(s.of)], travel_s) for s in signals]
    return {
        "signal_kind": np.array([SignalKind[s.what.upper()] for s in signals], dtype=np.int64),
        "signal_over_s": np.array([3600 * s.over_h for s in signals], dtype=np.int64),
        "signal_ptr": _ptr([s.classes for s in signals]),
        "signal_threshold": np.array([t for s in signals for t in s.classes], dtype=np.int64),
        "signal_offer": np.array(offers, dtype=np.int64).reshape(len(signals), len(travel_s)),
    }


def _read_at(offers: Ints, travel_s: Ints) -> Ints:
    """[O] the offer that is read at each place: that of the site itself, else the nearest, a tie by site."""
    sites = np.flatnonzero(offers >= 0)
    zones = len(travel_s) - len(offers)
    nearest = sites[np.argmin(travel_s[:, sites], axis=1)]
    at: Ints = offers[nearest]
    at[zones + sites] = offers[sites]
    return at


def refuse_arrays(care: Care, drafts: list[Draft]) -> dict[str, Any]:
    """``refuse_*`` of a model: the first rule that fits, left out where it refuses nobody."""
    by_class = RowsByClass(care, drafts, _refusal)
    names = list(care.signals)
    shares = [shares for _, shares in by_class.rows()]
    return {
        "refuse_row": by_class.row,
        "refuse_signal": np.array([names.index(signal) for signal, _ in by_class.rows()], dtype=np.int64),
        "refuse_ptr": _ptr(shares),
        "refuse_share": np.rint(ONE * np.array([s for row in shares for s in row])).astype(np.int64),
    }


def _refusal(service: Service, needs: list[str], c: int) -> Hashable | None:
    rule = rule_for(service.refuse, needs, c)
    return (rule.signal, tuple(rule.share)) if rule is not None and any(rule.share) else None


def length_arrays(care: Care, drafts: list[Draft]) -> dict[str, Any]:
    """``length_*`` of a model: factors of durations, left out where they are all 1."""
    by_class = RowsByClass(care, drafts, _length)
    names = list(care.signals)
    factors = [factors for _, factors in by_class.rows()]
    return {
        "length_row": by_class.row,
        "length_signal": np.array([names.index(signal) for signal, _ in by_class.rows()], dtype=np.int64),
        "length_ptr": _ptr(factors),
        "length_ppm": np.rint(PER_MILLION * np.array([f for row in factors for f in row])).astype(np.int64),
    }


def _length(service: Service, needs: list[str], c: int) -> Hashable | None:
    rule = rule_for(service.duration, needs, c)
    response = rule.response if rule is not None else None
    return (response.signal, tuple(response.factor)) if response is not None and set(response.factor) != {1.0} else None


def _ptr(rows: Sequence[Sequence[float]]) -> Ints:
    return np.cumsum([0, *map(len, rows)]).astype(np.int64)


__all__ = ["PER_MILLION", "RowsByClass", "length_arrays", "refuse_arrays", "signal_arrays"]
