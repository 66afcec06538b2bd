"""Offers with their opening hours, and pools with their capacity over time."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.compile.calendars import Shifts, capacity_steps, toggles
from sim.compile.draft import Draft, OfferDraft
from sim.compile.service_hours import pointers
from sim.config.errors import ConfigErrors, Problem
from sim.config.schema.care import Care, Service
from sim.config.schema.region import Region
from sim.config.sentence import Sentence
from sim.model.codes import ACUITIES, LEVELS, LONG_AGO, Ints, ShiftRule

MOST_UNITS = 100_000  # of a pool: each is held in memory, one by one


def offer_arrays(
    care: Care, region: Region, shifts: Shifts, starts: list[int], drafts: list[Draft], services: list[str]
) -> dict[str, Any]:
    """``offer*`` and ``open_*`` of a model: every offer of any phase, open where its phase and its hours say so.

    ``shifts``: every calendar of the region, spelled out.
    """
    sites = {site: t for t, site in enumerate(region.sites["site"])}
    pools = pool_names(drafts)
    keys = list(dict.fromkeys(key for draft in drafts for key in draft.offers))
    offer = np.full((len(sites), len(services)), -1, dtype=np.int64)
    columns: dict[str, list[int]] = {"site": [], "service": [], "pool": [], "level": []}
    times: list[Ints] = []
    order: list[OfferDraft] = []
    for g, (site, service) in enumerate(keys):
        first = next(d.offers[site, service] for d in drafts if (site, service) in d.offers)
        offer[sites[site], services.index(service)] = g
        columns["site"].append(sites[site])
        columns["service"].append(services.index(service))
        columns["pool"].append(pools[first.pool])
        order.append(first)
        columns["level"].append(LEVELS.index(first.level))
        hours = closes(care.services[service])
        times.append(_open_times(shifts, starts, [d.offers.get((site, service)) for d in drafts], hours))
    return {
        "offer": offer,
        **{f"offer_{k}": np.array(v, dtype=np.int64) for k, v in columns.items()},
        "offer_open": np.array(
            [[key in d.offers and d.offers[key].open for key in keys] for d in drafts], dtype=np.int64
        ),
        "offer_pools_ptr": np.cumsum([0, *(len(o.pools) for o in order)]).astype(np.int64),
        "offer_pools": np.array([pools[p] for o in order for p in o.pools], dtype=np.int64),
        "offer_spill_s": np.array([s for o in order for s in (0, *_spills(o))], dtype=np.int64),
        "open_ptr": pointers(times),
        "open_time": np.concatenate(times) if times else np.zeros(0, dtype=np.int64),
    }


def _spills(offer: OfferDraft) -> list[int]:
    """Seconds after the request from which each pool after the first may be used."""
    return [round(3600 * hours) for _, hours in offer.further]


def closes(service: Service) -> bool:
    """Whether nobody can ask outside the hours; a booked service, a team and a line that keeps its queue can be."""
    return service.mode == "walk_in" or (service.mode == "remote" and service.at_close == "fallback")


def pool_names(drafts: list[Draft]) -> dict[str, int]:
    """Index of each pool of any phase."""
    return {name: p for p, name in enumerate(dict.fromkeys(n for d in drafts for n in d.pools))}


def _open_times(shifts: Shifts, starts: list[int], by_phase: list[OfferDraft | None], hours: bool) -> Ints:
    """Opening and closing times in turn, over phases with calendars of their own."""
    pieces: list[tuple[int, int, float]] = []
    for f, offer in enumerate(by_phase):
        if offer is None or not offer.open:
            continue
        begin = starts[f]
        end = starts[f + 1] if f + 1 < len(starts) else 1 << 40
        if not hours:
            pieces.append((begin, end, 1.0))
            continue
        for a, b, _ in shifts[offer.calendar]:
            if max(a, begin) < min(b, end):
                pieces.append((max(a, begin), min(b, end), 1.0))
    return toggles(pieces)


def pool_arrays(care: Care, region: Region, shifts: Shifts, starts: list[int], drafts: list[Draft]) -> dict[str, Any]:
    """``capacity_*``, ``places_value`` and what else a model says of its pools.

    Raises ConfigErrors for a pool that no machine can hold.
    """
    names = pool_names(drafts)
    sites = {site: t for t, site in enumerate(region.sites["site"])}
    resources = list(care.resources)
    times, units, places, ptr = [], [], [], [0]
    pool_drafts = [next(d.pools[n] for d in drafts if n in d.pools) for n in names]
    _refuse_enormous(drafts)
    for pool in pool_drafts:
        time, value, beds = _steps(shifts, starts, drafts, pool.name)
        times.append(time)
        units.append(value)
        places.append(beds)
        ptr.append(ptr[-1] + len(time))
    level = _levels(drafts)
    tours = [care.resources[p.resource].tour_factor for p in pool_drafts]
    return {
        "pools": tuple(names),
        "capacity_ptr": np.array(ptr, dtype=np.int64),
        "capacity_time": np.concatenate(times),
        "capacity_value": np.concatenate(units),
        "places_value": np.concatenate(places),
        "overtime": np.array([round(3600 * p.overtime_h) for p in pool_drafts], dtype=np.int64),
        "shift_rule": np.array([ShiftRule[p.shift_end.upper()] for p in pool_drafts], dtype=np.int64),
        "keep_free": np.array([p.keep_free for p in pool_drafts], dtype=np.int64).reshape(len(pool_drafts), ACUITIES),
        "pool_site": np.array([sites[p.site] for p in pool_drafts], dtype=np.int64),
        "pool_resource": np.array([resources.index(p.resource) for p in pool_drafts], dtype=np.int64),
        "pool_level": np.array([level.get(p.name, 0) for p in pool_drafts], dtype=np.int64),
        "tour_milli": np.array([round(1000 * t.value) if t else 0 for t in tours], dtype=np.int64),
    }


def _refuse_enormous(drafts: list[Draft]) -> None:
    most = {pool.name: pool.capacity + pool.surge for draft in drafts for pool in draft.pools.values()}
    for draft in drafts:
        most |= {p.name: max(most[p.name], p.capacity + p.surge) for p in draft.pools.values()}
    if faults := [
        Problem(
            "",
            f"pool {name}",
            f"{units:g}",
            Sentence("more units than can be computed: at most {most_units} in a pool", most_units=f"{MOST_UNITS:,}"),
        )
        for name, units in most.items()
        if units > MOST_UNITS
    ]:
        raise ConfigErrors(faults)


def _levels(drafts: list[Draft]) -> dict[str, int]:
    """Level of each pool: that of an offer whose first it is, else of one that may use it."""
    offers = [o for d in drafts for o in d.offers.values()]
    also = {pool: LEVELS.index(o.level) for o in offers for pool, _ in o.further}
    return also | {o.pool: LEVELS.index(o.level) for o in offers}


def _steps(shifts: Shifts, starts: list[int], drafts: list[Draft], name: str) -> tuple[Ints, Ints, Ints]:
    """(time, units with surge, units without) of a pool; a phase may change both calendar and capacity.

    A step without a change is left out, but where the pool's shifts are ``fresh``: there each shift's start is one.
    """
    merged: dict[int, tuple[int, int]] = {}
    bounds: set[int] = set()
    for f, draft in enumerate(drafts):
        pool = draft.pools.get(name)
        begin = starts[f]
        end = starts[f + 1] if f + 1 < len(starts) else 1 << 40
        merged = {t: v for t, v in merged.items() if t < begin}
        if pool is None:
            merged[begin] = (0, 0)
            continue
        fresh = pool.shift_end == "fresh"
        pieces = shifts.apart(pool.calendar) if fresh else shifts[pool.calendar]
        time, base, full = capacity_steps(pieces, pool.capacity, pool.surge, every=fresh)
        bounds |= {int(t) for t in time} if fresh else set()
        before = [j for j, t in enumerate(time) if t <= begin]
        merged[begin] = (int(full[before[-1]]), int(base[before[-1]])) if before else (0, 0)
        merged |= {int(t): (int(u), int(b)) for t, u, b in zip(time, full, base, strict=True) if begin < t < end}
    ordered = sorted(merged.items())
    if ordered[0][0] != LONG_AGO:
        ordered.insert(0, (LONG_AGO, (0, 0)))
    changes = [step for j, step in enumerate(ordered) if j == 0 or step[1] != ordered[j - 1][1] or step[0] in bounds]
    return (
        np.array([t for t, _ in changes], dtype=np.int64),
        np.array([v[0] for _, v in changes], dtype=np.int64),
        np.array([v[1] for _, v in changes], dtype=np.int64),
    )
