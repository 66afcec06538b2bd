"""Offered load: the service time that is asked of each pool, over what it has open.

From the expected flows, so before anything runs: contacts times mean service time, over the unit seconds of the run,
surge counted. Nobody leaves, nobody boards, no queue is full; requests at hours at which no offer of a service is open
go to its fallback. A contact keeps its unit as ``held_times`` tells, and all of it counts at the first pool of its
offer, whatever others stand in; a duration that responds to a signal is that of its last class. A pool with a load of 1
or more has a queue that grows for as long as the run lasts,
unless patients leave it, or turn elsewhere where the choice of the first service answers to its wait.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.compile.carrying import carrying_s
from sim.compile.held_times import held_s
from sim.compile.traffic import Flows, flows, homes
from sim.model.codes import ACUITIES, AGE_GROUPS, Ints, Mode
from sim.model.tables import Model

Floats = NDArray[np.float64]
HOUR_S = 3600
FULL = 1.0  # load from which a queue grows
MANY_LEAVE = 1.5  # load from which more than a third would have to leave: no balance that anybody planned


@dataclass(frozen=True)
class PoolLoad:
    """Offered load of one pool."""

    pool: str
    site: str
    services: tuple[str, ...]  # that use it, the largest part of the load first
    load: float
    turns_away: bool = False  # who finds the wait long turns elsewhere or leaves, so that the queue finds a balance


def overloaded(model: Model) -> list[PoolLoad]:
    """The pools whose offered load is 1 or more, the largest load first."""
    work = offered_work(model)
    capacity = open_seconds(model)
    total = work.sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        load = np.where(total > 0, total / capacity, 0.0)
    stay = _never_leave(model)
    pool_loads = [_pool_load(model, int(p), work[p], float(load[p]), stay) for p in np.flatnonzero(load >= FULL)]
    return sorted(pool_loads, key=lambda one: (-one.load, one.pool))


def _pool_load(model: Model, pool: int, work: Floats, load: float, stay: Floats) -> PoolLoad:
    services = tuple(model.services[s] for s in np.argsort(-work, kind="stable") if work[s] > 0)
    turns_away = bool((model.wait_row[model.services.index(services[0])] >= 0).any())
    room = load * float(work @ stay) < FULL * float(work.sum())  # if those who may leave did
    balanced = room and load < MANY_LEAVE
    return PoolLoad(model.pools[pool], model.sites[model.pool_site[pool]], services, load, turns_away or balanced)


def _never_leave(model: Model) -> Floats:
    """[S] of the expected contacts of each service, the share whose patience has no end."""
    phase_flows = flows(model, 0)
    contacts = phase_flows.episodes[:, None] * phase_flows.visits
    stay = (contacts * (model.patience[0].T < 0)).sum(axis=0)
    share: Floats = np.divide(stay, contacts.sum(axis=0), out=np.ones_like(stay), where=contacts.sum(axis=0) > 0)
    return share


def open_seconds(model: Model) -> Floats:
    """[P] unit seconds of each pool in the run, surge counted."""
    owner = np.repeat(np.arange(len(model.pools)), np.diff(model.capacity_ptr))
    ends = np.append(model.capacity_time[1:], model.horizon)
    ends[model.capacity_ptr[1:] - 1] = model.horizon
    seconds = np.clip(ends, 0, model.horizon) - np.clip(model.capacity_time, 0, model.horizon)
    return np.bincount(owner, weights=seconds * model.capacity_value, minlength=len(model.pools)).astype(np.float64)


def offered_work(model: Model) -> Floats:
    """[P, S] seconds of service that the run's expected contacts ask of each pool, by service."""
    work = np.zeros((len(model.pools), len(model.services)))
    for phase, share in enumerate(_phase_shares(model)):
        if share > 0:
            work += share * _phase_work(model, phase)
    return work


def _phase_shares(model: Model) -> Floats:
    """[F] share of the run that lies in each phase."""
    marks = np.append(np.clip(model.phase_start, 0, model.horizon), model.horizon)
    shares: Floats = np.diff(marks) / model.horizon
    return shares


def _phase_work(model: Model, phase: int) -> Floats:
    phase_flows = flows(model, phase)
    time = held_s(model, phase, full=True)
    contacts = _within_hours(model, phase, phase_flows)
    work = np.zeros((len(model.pools), len(model.services)))
    for service in range(len(model.services)):
        drives = _drives(model, phase, service)
        further = carrying_s(model, phase, service)
        for site in np.flatnonzero(model.offer[:, service] >= 0):
            pool = model.offer_pool[model.offer[site, service]]
            if pool >= 0:
                factor = model.tour_milli[pool] / 1000 or 1.0
                each = (time[:, service] + drives[:, site]) * factor + further[:, site]
                work[pool, service] += float(contacts[:, service, site] @ each)
    return work


def mean_service_s(model: Model) -> Ints:
    """[P] mean seconds for which a contact occupies a unit of each pool, by the expected contacts of the first phase.

    Every pool of an offer counts all the offer's contacts. A pool whose offers expect none has the plain mean over
    their services and classes.
    """
    phase_flows, time = flows(model, 0), held_s(model, 0)
    contacts = phase_flows.episodes[:, None, None] * phase_flows.by_site
    sums, plain = np.zeros((2, len(model.pools))), np.zeros((2, len(model.pools)))
    for g, (site, service) in enumerate(zip(model.offer_site, model.offer_service, strict=True)):
        requests = contacts[:, service, site]
        for pool in model.offer_pools[model.offer_pools_ptr[g] : model.offer_pools_ptr[g + 1]]:
            sums[:, pool] += requests @ time[:, service], requests.sum()
            plain[:, pool] += time[:, service].mean(), 1
    total, number = np.where(sums[1] > 0, sums, plain)
    mean: Ints = np.rint(total / np.maximum(number, 1e-12)).astype(np.int64)
    return mean


def _within_hours(model: Model, phase: int, phase_flows: Flows) -> Floats:
    """[C, S, T] expected contacts of a run, those at hours without an open offer at the fallback."""
    contacts: Floats = phase_flows.episodes[:, None, None] * phase_flows.by_site
    for service in range(len(model.services)):
        inside = _open_share(model, phase, service)
        if inside.min() >= 1:
            continue
        outside = contacts[:, service] * (1 - inside)[:, None]
        contacts[:, service] -= outside
        instead = int(model.fallback[service])
        if instead >= 0:
            contacts[:, instead] += outside.sum(axis=1)[:, None] * _from_home(model, phase, instead)
    return contacts


def _open_share(model: Model, phase: int, service: int) -> Floats:
    """[C] share of the demand of each class that falls at hours in which some offer of a service is open."""
    hours = np.zeros(model.hour_cum.shape[1], dtype=np.bool_)
    middle = np.arange(len(hours)) * HOUR_S + HOUR_S // 2
    offers = np.flatnonzero((model.offer_service == service) & (model.offer_open[phase] == 1))
    for offer in offers:
        toggles = model.open_time[model.open_ptr[offer] : model.open_ptr[offer + 1]]
        hours |= np.searchsorted(toggles, middle, side="right") % 2 == 1
    if not len(offers):
        return np.ones(model.first_row.shape[1])  # self-care: no site, no hours
    demand = np.diff(model.hour_cum, axis=1, prepend=0).astype(np.float64)
    share = demand @ hours / np.maximum(demand.sum(axis=1), 1)
    return np.tile(np.repeat(share, len(AGE_GROUPS) * ACUITIES), model.areas)


def _from_home(model: Model, phase: int, service: int) -> Floats:
    """[C, T] where the people of each class go for a service from home."""
    return np.repeat(np.stack([people @ shares for people, shares in homes(model, phase, service)]), ACUITIES, axis=0)


def _drives(model: Model, phase: int, service: int) -> Floats:
    """[C, T] mean seconds of the way to a patient and back that an outreach contact takes of its unit; else 0."""
    zones, sites = len(model.zones), len(model.sites)
    if model.mode[service] != Mode.OUTREACH:
        return np.zeros((model.first_row.shape[1], sites))
    out = []
    for people, shares in homes(model, phase, service):
        weight = people[:, None] * shares
        out.append(2 * (weight * model.travel_s[:zones]).sum(axis=0) / np.maximum(weight.sum(axis=0), 1e-12))
    return np.repeat(np.stack(out), ACUITIES, axis=0)


__all__ = ["FULL", "PoolLoad", "mean_service_s", "offered_work", "open_seconds", "overloaded"]
