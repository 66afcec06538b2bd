"""How the choice of the first service answers to what is open, near and soon.

A pivot-point logit (Kumar 1980; Daly, Fox & Patruni 2012): the share of a service is its share in the reference times
exp(change of its utility), renormalised. So the reference keeps its shares whatever the utilities are. A service at
hand is in no reference: where one is open within reach it takes a share by its own utility (the new alternative of a
pivot-point model), where none is it is as if it did not exist.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.compile.addresses import with_address
from sim.compile.calendars import Shifts
from sim.compile.draft import Draft, Floats, Phase, split
from sim.compile.nearest_open import OpenSites, patterns
from sim.config.schema.care import Care
from sim.config.schema.region import Region
from sim.config.schema.service_choice import NearnessUtility
from sim.config.sentence import Sentence
from sim.model.codes import ACUITIES, ACUITY_NAMES, LEAST_UTILITY, ODDS_BITS, UTILITY_LIMIT, Acuity, Ints

Bools = NDArray[np.bool_]


def service_choice_arrays(
    care: Care, region: Region, phases: list[Phase], shifts: Shifts, travel: tuple[Ints, Ints]
) -> dict[str, Any]:
    """``switches``, ``near_*`` and ``wait_*`` of a model; ``travel``: seconds and metres [O, T].

    Raises ConfigErrors for a utility beyond its limit.
    """
    base, nearness = phases[0].reference, care.service_choice.nearness
    services, at_hand = base.services, _at_hand(base)
    open_sites = {s: OpenSites(care, region, s, travel) for s in nearness}
    start, pattern, different = patterns(open_sites, phases, shifts)
    rows = [services.index(service) for service in open_sites]
    near = np.zeros((len(different), len(open_sites), len(region.zones), ACUITIES))
    for k, r in np.ndindex(*near.shape[:2]):
        service = services[rows[r]]
        utility = _own if at_hand[rows[r]] else _change
        near[k, r] = utility(nearness[service], *map(open_sites[service].km_of, different[k][r]))
    with with_address("", "service_choice.nearness"):
        odds = _odds(near)
    as_ever = np.where(at_hand[rows], 0, 1 << ODDS_BITS)[:, None, None]
    wait = _wait_arrays(care, services)
    near_row = np.full(len(services), -1, dtype=np.int64)
    near_row[rows] = np.arange(len(rows))
    return {
        "switches": _switches(phases, (odds != as_ever).any(axis=(0, 2)), near_row, wait["wait_row"]),
        "answers": np.isin(services, care.service_choice.ways_on).astype(np.int64),
        "near_row": near_row,
        "near_start": start,
        "near_pattern": pattern,
        "near_odds": odds,
        **wait,
    }


def _at_hand(draft: Draft) -> Bools:
    """[S] whether a service is at hand for anybody, at first or on the way."""
    ways = (way for rows in (draft.next, draft.leave) for row in rows for listed in row for way in listed)
    onward = {way.to for way in ways if way.at_hand > 0}
    first: Bools = (draft.at_hand > 0).max(axis=0, initial=False)
    return first | np.isin(draft.services, list(onward))


def _change(rule: NearnessUtility, before: Floats, now: Floats) -> Floats:
    """[Z, Q] change of utility; km to the nearest open site are infinite where none is within reach."""
    had, has = np.isfinite(before)[:, None], np.isfinite(now)[:, None]
    further = np.where(had & has, now[:, None], 0.0) - np.where(had & has, before[:, None], 0.0)
    opened = np.where(has & ~had, -1.0, np.where(had & ~has, 1.0, 0.0))
    utility: Floats = further * _by_acuity(rule.per_km) + opened * _by_acuity(rule.closed)
    return utility


def _own(rule: NearnessUtility, before: Floats, now: Floats) -> Floats:
    """[Z, Q] utility of a service at hand: that of the way to it, whatever was before; none where none is in reach."""
    there = np.isfinite(now)[:, None]
    utility: Floats = np.where(there, np.where(there, now[:, None], 0.0) * _by_acuity(rule.per_km), -np.inf)
    return utility


def _by_acuity(utilities: dict[Acuity, float]) -> Floats:
    return np.array([utilities.get(acuity, 0.0) for acuity in ACUITY_NAMES])


def _odds(utility: Floats) -> Ints:
    """exp(utility) out of 2**ODDS_BITS."""
    finite = utility[np.isfinite(utility)]
    least, most = float(finite.min(initial=0.0)), float(finite.max(initial=0.0))
    if most > UTILITY_LIMIT or least < LEAST_UTILITY:
        change = most if most > UTILITY_LIMIT else least
        raise ValueError(
            Sentence(
                "somebody's way changes so much that the utility changes by {change}, and it may change by {least} to "
                "{most}; is it per km, and are the sites where they should be?",
                change=f"{change:.3g}", least=LEAST_UTILITY, most=UTILITY_LIMIT,
            )
        )  # fmt: skip
    odds: Ints = np.rint(np.exp(utility) * (1 << ODDS_BITS)).astype(np.int64)
    return odds


def _wait_arrays(care: Care, services: list[str]) -> dict[str, Ints]:
    """``wait_*`` of a model."""
    row = np.full((len(services), ACUITIES), -1, dtype=np.int64)
    utilities: list[list[float]] = []
    signals: list[int] = []
    for service, waited in care.service_choice.wait.items():
        for acuity, by_class in waited.by_acuity.items():
            row[services.index(service), ACUITY_NAMES.index(acuity)] = len(utilities)
            utilities.append([utility - waited.usual for utility in by_class])
            signals.append(list(care.signals).index(waited.signal))
    return {
        "wait_row": row,
        "wait_signal": np.array(signals, dtype=np.int64),
        "wait_ptr": np.cumsum([0, *map(len, utilities)]).astype(np.int64),
        "wait_odds": _odds(np.array([u for by_class in utilities for u in by_class])),
    }


def _switches(phases: list[Phase], moves: Bools, near_row: Ints, wait_row: Ints) -> Ints:
    """[F, C] 1 where one of several services that a class turns to can draw more or less than in the reference.

    ``moves``: [rows, Q] whether a row of nearness ever does.
    """
    switches = np.zeros((len(phases), len(phases[0].draft.first)), dtype=np.int64)
    for f, c in np.ndindex(*switches.shape):
        q, draft = split(c)[2], phases[f].draft
        turned_to = np.flatnonzero(draft.first[c] + draft.at_hand[c])
        draws = [wait_row[s, q] >= 0 or (near_row[s] >= 0 and moves[near_row[s], q]) for s in turned_to]
        switches[f, c] = len(turned_to) > 1 and any(draws)
    return switches


__all__ = ["service_choice_arrays"]
