"""Expected flows: how many contacts a model will have, of whom and where, if nobody ever waits.

The visits of a class solve v = f + v P (the traffic equations of an open network; Jackson 1957), with f the
first contacts and P the ways on. Closures, fallbacks and leaving are left out: this is for a first look,
for the start of a run, and for the load of pools. So is who is refused or finds it full; ways that respond to a signal
are those where all units are in use and nobody waits. Who misses an appointment goes on as the care model says of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.model.codes import ACUITIES, AGE_GROUPS, ONE, Action, Mode, SignalKind
from sim.model.tables import Discrete, Model

Floats = NDArray[np.float64]
ON = (Action.AT_ONCE, Action.HOLDING, Action.WITHIN, Action.CARRIED)  # ways on that take no time but travel
PER_THOUSAND = 1000  # of the units, in use
USUAL_IN_USE = 950  # of 1,000 units of a whole site, in use
ROUNDS = 8  # contacts at once, one after another, that are followed from site to site


@dataclass(frozen=True)
class Flows:
    """Expected contacts in one phase."""

    episodes: Floats  # [C] per run
    visits: Floats  # [C, S] per episode
    by_site: Floats  # [C, S, T] per episode; services without site are not in it


def expected_contacts(model: Model) -> float:
    """Contacts in a run."""
    last_flows = flows(model, len(model.phase_start) - 1)
    return float((last_flows.episodes[:, None] * last_flows.visits).sum())


def flows(model: Model, phase: int) -> Flows:
    """Expected contacts if every decision were made in this phase."""
    first = _first(model, phase)
    ways = _ways(model, phase)
    identity = np.eye(len(model.services))
    visits = np.stack([np.linalg.solve((identity - sum(w)).T, f) for f, w in zip(first, ways, strict=True)])
    at_once = np.stack([w[0] for w in ways])
    followed = np.stack([w[1] for w in ways])
    from_home = first + np.einsum("cs,cst->ct", visits, followed)
    return Flows(episodes(model, phase), visits, _by_site(model, phase, from_home, at_once))


def episodes(model: Model, phase: int) -> Floats:
    """[C] expected episodes in a run, levers and given ones included."""
    above = 1 - model.count_cum.astype(np.float64) / 2.0**64  # the mean is the sum of P(count > k)
    sums = np.concatenate([[0.0], np.cumsum(above)])[model.count_ptr]
    per_group = (model.count_base + np.diff(sums)) * np.minimum(model.people.sum(axis=0), 1)[_ages(model)]
    per_group = per_group * model.factor[phase].ravel() / ONE * model.drawn
    mix = np.diff(model.acuity_cum, axis=1, prepend=0) / ONE
    _, _, need, age, acuity, _, _ = model.given.T
    given_episodes = np.bincount(model.class_of(need, age, acuity), minlength=mix.size)
    shares: Floats = (per_group[:, None] * mix).ravel() + given_episodes
    return shares


def _ages(model: Model) -> NDArray[np.int64]:
    """Age group of each (need, age group)."""
    return np.tile(np.arange(len(AGE_GROUPS)), len(model.needs))


def _row(table: Discrete, row: int) -> tuple[NDArray[np.int64], Floats]:
    a, b = table.ptr[row], table.ptr[row + 1]
    return table.item[a:b], np.diff(table.cum[a:b], prepend=0) / ONE


def _first(model: Model, phase: int) -> Floats:
    """[C, S] first contacts, shifts included."""
    classes = model.first_row.shape[1]
    first = np.zeros((classes, len(model.services)))
    for c in range(classes):
        items, shares = _row(model.first, int(model.first_row[phase, c]))
        for s, share in zip(items, shares, strict=True):
            stays = share
            row = int(model.shift_row[phase, c, s])
            if row >= 0:
                for j, part in zip(*_row(model.shift, row), strict=True):
                    first[c, model.shift_to[j]] += share * part
                    stays -= share * part * (1 - model.shift_fail[j] / ONE)
            first[c, s] += stays
    return first


def class_in_full_use(model: Model, signal: int) -> int:
    """The class of a signal of a service whose units are all in use, and for which nobody waits."""
    in_use = {
        SignalKind.OCCUPANCY: PER_THOUSAND,
        SignalKind.PER_UNIT: PER_THOUSAND,
        SignalKind.SITE_OCCUPANCY: USUAL_IN_USE,
    }
    thresholds = model.signal_threshold[model.signal_ptr[signal] : model.signal_ptr[signal + 1]]
    return int(np.searchsorted(thresholds, in_use.get(SignalKind(model.signal_kind[signal]), 0), side="right"))


def ways_on(model: Model, phase: int, service: int, c: int) -> Iterator[tuple[int, float]]:
    """(way on, share) after a contact of a class, those who missed it among them.

    Ways that answer to a signal are those of a service whose units are all in use, and for which nobody waits.
    """
    missed = int(model.miss_row[phase, service, c])
    away = model.miss_share[missed] / ONE if missed >= 0 else 0.0
    served = int(model.next_row[phase, service, c])
    if served >= 0 and (signal := int(model.next_signal[phase, service, c])) >= 0:
        served += class_in_full_use(model, signal)
    rows = [(served, 1.0 - away)]
    if away > 0:
        rows.append((int(model.miss_next[missed]), away))
    for row, part in rows:
        if row >= 0:
            yield from ((int(j), float(share * part)) for j, share in zip(*_row(model.next, row), strict=True))


def _ways(model: Model, phase: int) -> list[tuple[Floats, Floats]]:
    """For each class: [S, S] probabilities of going on at once, and of a follow-up."""
    size = len(model.services)
    out = []
    for c in range(model.first_row.shape[1]):
        once, later = np.zeros((size, size)), np.zeros((size, size))
        for s in range(size):
            for j, share in ways_on(model, phase, s, c):
                action, to = model.next_action[j], model.next_service[j]
                if action in ON:
                    once[s, to] += share
                elif action == Action.FOLLOW_UP:
                    later[s, to] += share
        out.append((once, later))
    return out


def choice_shares(model: Model, service: int, group: int, phase: int) -> Floats:
    """[O, T] probability of each site from each place, for the people of a (need, age).

    A closed site's share goes to the open ones as by redrawing, or to the nearest; all 0 where none is open.
    A row of a site is that of a patient who is there; 0 where the choice is made from home.
    """
    places, sites = model.travel_s.shape
    out = np.zeros((places, sites))
    chosen = int(model.choice_set[service].ravel()[group])
    if chosen < 0:
        return out
    offers = model.offer[:, service]
    offered = (offers >= 0) & (model.offer_open[phase][offers] == 1)
    zones, here = len(model.zones), np.arange(sites)
    for place in range(places if model.mode[service] == Mode.WALK_IN else zones):
        out[place] = _shares(model, chosen * places + place, offered)
    row = chosen * places + zones  # the sites of the set; none where the choice is made from home
    served = offered & np.isin(here, model.nearest_site[model.nearest_ptr[row] : model.nearest_ptr[row + 1]])
    if model.mode[service] <= Mode.BOOKED:
        out[zones:][served] = np.eye(sites)[served]
    return out


def _shares(model: Model, row: int, offered: NDArray[np.bool_]) -> Floats:
    """[T] probability of each site in a row of choice."""
    shares = np.zeros(len(offered))
    a, b = model.choice_ptr[row], model.choice_ptr[row + 1]
    shares[model.choice_site[a:b]] = np.diff(model.choice_cum[a:b], prepend=0) / ONE
    shares = np.where(offered, shares, 0.0)
    if shares.sum() > 0:
        shares = shares / shares.sum()
    else:
        nearest = model.nearest_site[model.nearest_ptr[row] : model.nearest_ptr[row + 1]]
        shares[nearest[offered[nearest]][:1]] = 1.0
    a, b = model.added_ptr[row], model.added_ptr[row + 1]
    added = np.zeros(len(offered))
    added[model.added_site[a:b]] = np.diff(model.added_cum[a:b], prepend=0) / ONE
    added = np.where(offered, added, 0.0)
    total: Floats = added + shares * (1 - added.sum())
    return total


def homes(model: Model, phase: int, service: int) -> Iterator[tuple[Floats, Floats]]:
    """For each need and age group: [Z] share of its people in each zone, and [Z, T] which site they go to."""
    shares_of: dict[int, Floats] = {}
    for group, chosen in enumerate(model.choice_set[service].ravel().tolist()):
        if chosen not in shares_of:
            shares_of[chosen] = choice_shares(model, service, group, phase)[: len(model.zones)]
        people = model.people[:, group % len(AGE_GROUPS)]
        yield people / max(people.sum(), 1), shares_of[chosen]


@dataclass(frozen=True)
class Move:
    """Where the people of a need and an age go for a service."""

    from_home: Floats  # [T]
    from_site: Floats  # [T, T]
    goes_on: NDArray[np.bool_]  # [T] whether one goes on from this site, else from home


def _move(model: Model, shares: Floats, age: int) -> Move:
    people, zones = model.people[:, age], len(model.zones)
    return Move(people / max(people.sum(), 1) @ shares[:zones], shares[zones:], shares[zones:].sum(axis=1) > 0)


def _by_site(model: Model, phase: int, from_home: Floats, at_once: Floats) -> Floats:
    classes, services = from_home.shape
    total = np.zeros((classes, services, len(model.sites)))
    shares: dict[tuple[int, int], Floats] = {}
    move_of: dict[tuple[int, int, int], Move] = {}
    for c in range(classes):
        group = c // ACUITIES
        moves: list[Move | None] = []
        for s in range(services):
            chosen = int(model.choice_set[s].ravel()[group])
            key = s, chosen, group % len(AGE_GROUPS)
            if chosen >= 0 and (s, chosen) not in shares:
                shares[s, chosen] = choice_shares(model, s, group, phase)
            if chosen >= 0 and key not in move_of:
                move_of[key] = _move(model, shares[s, chosen], key[2])
            moves.append(move_of.get(key))
        alone = np.where([m is None for m in moves], from_home[c], 0.0)
        here = np.stack([from_home[c, s] * m.from_home if m else total[c, s] for s, m in enumerate(moves)])
        total[c] = _follow(model, (here, alone), at_once[c], moves)
    return total


def _follow(model: Model, start: tuple[Floats, Floats], once: Floats, moves: list[Move | None]) -> Floats:
    """Adds the contacts that follow at once, from site to site; ``start``: [S, T], and [S] without site."""
    here, alone = start
    total = here.copy()
    ways = list(zip(*np.nonzero(once), strict=True))
    for _ in range(ROUNDS):
        after, without = np.zeros_like(here), np.zeros_like(alone)
        present = here.sum(axis=1) + alone
        for s, to in ways:
            move = moves[to]
            if present[s] == 0:
                continue
            if move is None:
                without[to] += once[s, to] * present[s]
                continue
            from_site = here[s] * move.goes_on * (model.mode[s] <= Mode.BOOKED)
            from_home = present[s] - from_site.sum()
            after[to] += once[s, to] * (from_site @ move.from_site + from_home * move.from_home)
        if after.sum() + without.sum() < 1e-9:
            break
        total += after
        here, alone = after, without
    return total
