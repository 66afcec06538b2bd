"""Expected flows: how many contacts a model will have, of whom and where, if nobody ever waits.

The visits of a class solve v = f + v P (the traffic equations of an open network; Jackson 1957), with f the
first contacts and P the ways on. Closures, fallbacks and leaving are left out: this is for a first look,
for the start of a run, and for the load of pools. So is who is refused or finds it full; ways that respond to a signal
are those where all units are in use and nobody waits. Who misses an appointment goes on as the care model says of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.model.codes import ACUITIES, AGE_GROUPS, ONE, Action, Ints, Mode, SignalKind
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
    at_once, followed = _ways(model, phase)
    stays = np.eye(len(model.services)) - (at_once + followed)
    visits = np.stack([np.linalg.solve(s.T, f) for s, f in zip(stays, first, strict=True)])
    from_home = first + np.einsum("cs,cst->ct", visits, followed)
    return Flows(episodes(model, phase), visits, _by_site(model, phase, from_home, at_once))


def episodes(model: Model, phase: int) -> Floats:
    """[C] expected episodes in a run, levers and given ones included."""
    above = 1 - model.count_cum.astype(np.float64) / 2.0**64  # the mean is the sum of P(count > k)
    sums = np.concatenate([[0.0], np.cumsum(above)])[model.count_ptr]
    per_group = (model.count_base + np.diff(sums)) * np.minimum(model.people.sum(axis=0), 1)[_ages(model)]
    per_group = (per_group * _of_area(model)[:, _ages(model)]).ravel()
    per_group = per_group * model.factor[phase].ravel() / ONE * model.drawn
    mix = np.tile(np.diff(model.acuity_cum, axis=1, prepend=0) / ONE, (model.areas, 1))
    _, zone, need, age, acuity, _, _ = model.given.T
    given_episodes = np.bincount(model.class_of(zone, need, age, acuity), minlength=mix.size)
    shares: Floats = (per_group[:, None] * mix).ravel() + given_episodes
    return shares


def _ages(model: Model) -> NDArray[np.int64]:
    """Age group of each (need, age group)."""
    return np.tile(np.arange(len(AGE_GROUPS)), len(model.needs))


def _of_area(model: Model) -> Floats:
    """[D, A] share of the people of each age group who live in each area."""
    number = np.zeros((model.areas, len(AGE_GROUPS)))
    np.add.at(number, model.zone_area, model.people)
    share: Floats = number / np.maximum(number.sum(axis=0), 1)
    return share


def residents(model: Model, area: int, age: int) -> Floats:
    """[Z] share of an area's people of an age group who live in each zone; 0 where nobody does."""
    people = model.people[:, age] * (model.zone_area == area)
    shares: Floats = people / max(people.sum(), 1)
    return shares


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
    """The class of a signal of a service whose units are all in use, and for which nobody waits.

    Of a whole site's occupancy it is the class of USUAL_IN_USE: its pools are not all full at once.
    """
    in_use = {
        SignalKind.OCCUPANCY: PER_THOUSAND,
        SignalKind.PER_UNIT: PER_THOUSAND,
        SignalKind.SITE_OCCUPANCY: USUAL_IN_USE,
    }
    thresholds = model.signal_threshold[model.signal_ptr[signal] : model.signal_ptr[signal + 1]]
    return int(np.searchsorted(thresholds, in_use.get(SignalKind(model.signal_kind[signal]), 0), side="right"))


class WayShares(NamedTuple):
    """Ways on from contacts in one phase, by class and service, each in the order of its table."""

    group: Ints  # class
    service: Ints
    item: Ints  # of ``next``
    share: Floats


def ways_on(model: Model, phase: int) -> WayShares:
    """All ways on from all contacts, of those who missed them too.

    Ways that answer to a signal are those of a service whose units are all in use, and for which nobody waits.
    """
    served, signal, missed = model.next_row[phase].T, model.next_signal[phase].T, model.miss_row[phase].T
    in_use = np.array([0, *(class_in_full_use(model, x) for x in range(len(model.signal_kind)))])  # 0: no signal
    served = np.where(served >= 0, served + in_use[signal + 1], -1)
    away = np.append(model.miss_share, 0)[missed] / ONE
    instead = np.where(away > 0, np.append(model.miss_next, -1)[missed], -1)
    row, part = np.stack([served, instead], axis=2), np.stack([1.0 - away, away], axis=2)  # [C, S, 2]
    group, service, _ = np.nonzero(row >= 0)
    row, part = row[row >= 0], part[row >= 0]
    size = np.diff(model.next.ptr)[row]
    at = np.arange(size.sum()) + np.repeat(model.next.ptr[row] - (np.cumsum(size) - size), size)
    share = widths(model.next)[at] / ONE * np.repeat(part, size)
    return WayShares(np.repeat(group, size), np.repeat(service, size), model.next.item[at], share)


def widths(table: Discrete) -> Ints:
    """How much of 2**32 falls to each item of a row."""
    width: Ints = np.diff(table.cum, prepend=0)
    first = table.ptr[:-1][np.diff(table.ptr) > 0]
    width[first] = table.cum[first]
    return width


def _ways(model: Model, phase: int) -> tuple[Floats, Floats]:
    """[C, S, S] probabilities of going on at once, and of a follow-up."""
    ways = ways_on(model, phase)
    action = model.next_action[ways.item]
    return onward(model, ways, np.isin(action, ON)), onward(model, ways, action == Action.FOLLOW_UP)


def onward(model: Model, ways: WayShares, those: NDArray[np.bool_]) -> Floats:
    """[C, S, S] probabilities of those ways on, from service to service."""
    size = len(model.services)
    probabilities = np.zeros((model.first_row.shape[1], size, size))
    to = model.next_service[ways.item[those]]
    np.add.at(probabilities, (ways.group[those], ways.service[those], to), ways.share[those])
    return probabilities


def choice_shares(model: Model, service: int, group: int, phase: int) -> Floats:
    """[O, T] probability of each site from each place, for the people of a (need, age) of whatever area.

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
    asking = places if model.mode[service] == Mode.WALK_IN else zones
    out[:asking] = _shares(model, chosen * places, asking, offered)
    row = chosen * places + zones  # the sites of the set; none where the choice is made from home
    served = offered & np.isin(here, model.nearest_site[model.nearest_ptr[row] : model.nearest_ptr[row + 1]])
    if model.mode[service] <= Mode.BOOKED:
        out[zones:][served] = np.eye(sites)[served]
    return out


def _shares(model: Model, first: int, rows: int, offered: NDArray[np.bool_]) -> Floats:
    """[rows, T] probability of each site in rows of choice that follow one another."""
    choice = model.choice_ptr, model.choice_cum, model.choice_site
    shares = np.where(offered, _probabilities(choice, first, rows, len(offered)), 0.0)
    total = shares.sum(axis=1)
    some = total > 0
    shares[some] /= total[some][:, None]
    for row in np.flatnonzero(~some).tolist():
        nearest = model.nearest_site[model.nearest_ptr[first + row] : model.nearest_ptr[first + row + 1]]
        shares[row, nearest[offered[nearest]][:1]] = 1.0
    added = model.added_ptr, model.added_cum, model.added_site
    more = np.where(offered, _probabilities(added, first, rows, len(offered)), 0.0)
    both: Floats = more + shares * (1 - more.sum(axis=1))[:, None]
    return both


def _probabilities(table: tuple[Ints, Ints, Ints], first: int, rows: int, sites: int) -> Floats:
    """[rows, T] what a table of thresholds (ptr, cum, site) says of rows that follow one another."""
    ptr, cum, site = table
    own = ptr[first : first + rows + 1]
    part = Discrete(own - own[0], cum[own[0] : own[-1]], site[own[0] : own[-1]])
    probabilities = np.zeros((rows, sites))
    probabilities[np.repeat(np.arange(rows), np.diff(own)), part.item] = widths(part) / ONE
    return probabilities


def homes(model: Model, phase: int, service: int) -> Iterator[tuple[Floats, Floats]]:
    """For each area, need and age: [Z] share of its people in each zone, and [Z, T] which site they go to."""
    shares_of: dict[int, Floats] = {}
    for area in range(model.areas):
        for group, chosen in enumerate(model.choice_set[service].ravel().tolist()):
            if chosen not in shares_of:
                shares_of[chosen] = choice_shares(model, service, group, phase)[: len(model.zones)]
            yield residents(model, area, group % len(AGE_GROUPS)), shares_of[chosen]


@dataclass(frozen=True)
class Move:
    """Where the people of an area, a need and an age go for a service."""

    from_home: Floats  # [T]
    from_site: Floats  # [T, T]
    goes_on: NDArray[np.bool_]  # [T] whether one goes on from this site, else from home


def _move(model: Model, shares: Floats, area: int, age: int) -> Move:
    zones = len(model.zones)
    return Move(residents(model, area, age) @ shares[:zones], shares[zones:], shares[zones:].sum(axis=1) > 0)


def _by_site(model: Model, phase: int, from_home: Floats, at_once: Floats) -> Floats:
    classes, services = from_home.shape
    total = np.zeros((classes, services, len(model.sites)))
    shares: dict[tuple[int, int], Floats] = {}
    move_of: dict[tuple[int, int, int, int], Move] = {}
    for c in range(classes):
        area, group = divmod(c // ACUITIES, len(model.needs) * len(AGE_GROUPS))
        moves: list[Move | None] = []
        for s in range(services):
            chosen = int(model.choice_set[s].ravel()[group])
            key = s, chosen, area, group % len(AGE_GROUPS)
            if chosen >= 0 and (s, chosen) not in shares:
                shares[s, chosen] = choice_shares(model, s, group, phase)
            if chosen >= 0 and key not in move_of:
                move_of[key] = _move(model, shares[s, chosen], *key[2:])
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
            went = from_home * move.from_home
            after[to] += once[s, to] * (from_site @ move.from_site + went if from_site.any() else went)
        if after.sum() + without.sum() < 1e-9:
            break
        total += after
        here, alone = after, without
    return total
