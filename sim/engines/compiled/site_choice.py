"""Where a patient goes: the choice of a site, as ``sim.engines.reference.decisions`` says it, on arrays."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.engines.compiled.jit import inlined
from sim.engines.compiled.lookups import high, low, luck, phase_at
from sim.model.codes import Mode, Purpose
from sim.model.rules import pick

CHOICE, AGAIN = int(Purpose.CHOICE), int(Purpose.AGAIN)
WALK_IN, BOOKED = int(Mode.WALK_IN), int(Mode.BOOKED)
NOWHERE = -2  # no site is open; -1: the service needs none


@inlined
def opens(m: Any, s: Any, offer: Any, now: Any) -> Any:
    """Whether one can ask at an offer at this second; ``now`` never goes back."""
    return is_open(s.open_at, m.open_ptr, m.open_time, offer, now)


@inlined
def is_open(open_at: Any, open_ptr: Any, open_time: Any, offer: Any, now: Any) -> Any:
    """As ``rules.is_open``, from where the last question left off."""
    at, end = open_at[offer], open_ptr[offer + 1]
    while at < end and open_time[at] <= now:
        at += 1
    open_at[offer] = at
    return (at - open_ptr[offer]) & 1 == 1


@inlined
def accepts(m: Any, s: Any, offer: Any, now: Any) -> Any:
    """Whether one may wait at an offer: its phase has it, and it is open or keeps its queue."""
    if m.always_accepts[offer]:
        return True
    if not m.offer_open[phase_at(m, now), offer]:
        return False
    return m.keeps_at_close[m.offer_service[offer]] == 1 or opens(m, s, offer, now)


@inlined
def has(sites: Any, first: Any, last: Any, site: Any) -> Any:
    """Whether a site is in a row of sites."""
    found = False
    for j in range(first, last):
        if sites[j] == site:
            found = True
            break
    return found


@inlined
def site_at(cum: Any, sites: Any, ptr: Any, row: Any, word: Any) -> Any:
    """Site of a row at a 32-bit word, -1 above its last threshold."""
    first, last = ptr[row], ptr[row + 1]
    if last == first:
        return np.int64(-1)
    j = pick(cum, first, last, word)
    return np.int64(sites[j]) if j < last else np.int64(-1)


@inlined
def open_site(m: Any, s: Any, service: Any, row: Any, now: Any, word: Any) -> Any:
    """Site at a 32-bit word among the open ones of a row, as likely as they are to each other; else the nearest."""
    first, last = m.choice_ptr[row], m.choice_ptr[row + 1]
    total = np.uint64(0)
    for j in range(first, last):
        if opens(m, s, m.offer[m.choice_site[j], service], now):
            total += np.uint64(m.choice_cum[j] - (m.choice_cum[j - 1] if j > first else 0))
    # total <= 2**32 and word < 2**32: the product fits 64 bits without sign
    place = np.int64((total * np.uint64(word)) >> np.uint64(32))
    for j in range(first, last):
        site = m.choice_site[j]
        if opens(m, s, m.offer[site, service], now):
            width = m.choice_cum[j] - (m.choice_cum[j - 1] if j > first else 0)
            if place < width:
                return np.int64(site)
            place -= width
    for j in range(m.nearest_ptr[row], m.nearest_ptr[row + 1]):
        if opens(m, s, m.offer[m.nearest_site[j], service], now):
            return np.int64(m.nearest_site[j])
    return np.int64(NOWHERE)


@inlined
def row_of_choice(m: Any, p: Any, chosen: Any, now: Any, s: Any) -> Any:
    """A site where the patient stays, or -1 and the row of the table from which to choose."""
    home = row = chosen * m.places + p.home
    if p.place >= m.zones and m.mode[p.service] <= BOOKED:
        here = p.place - m.zones
        served = has(m.nearest_site, m.nearest_ptr[home], m.nearest_ptr[home + 1], here)
        if served and opens(m, s, m.offer[here, p.service], now):
            return np.int64(here), row
        if m.mode[p.service] == WALK_IN:
            there = chosen * m.places + p.place
            if m.nearest_ptr[there] < m.nearest_ptr[there + 1]:
                row = there
    return np.int64(-1), row


@inlined
def choose_site(m: Any, s: Any, p: Any, forced: Any, now: Any) -> Any:
    """Site of a contact; -1 where the service needs none, NOWHERE if no site is open."""
    chosen = m.choice_set[p.service, p.need, p.age]
    if chosen < 0:
        return np.int64(chosen)
    if p.step == 0 and forced >= 0:
        return np.int64(forced)
    here, row = row_of_choice(m, p, chosen, now, s)
    if here >= 0:
        return here
    first = m.choice_ptr[row]
    if m.choice_ptr[row + 1] - first == 1 and m.added_ptr[row] == m.added_ptr[row + 1]:
        site = np.int64(m.choice_site[first])
        if opens(m, s, m.offer[site, p.service], now):
            return site  # no other: no luck is needed
    word = luck(m, p.key, p.service, p.visit, CHOICE)
    site = site_at(m.added_cum, m.added_site, m.added_ptr, row, low(word))
    again = 0
    while True:
        if site >= 0 and opens(m, s, m.offer[site, p.service], now):
            return site
        if again > m.redraws:
            break
        if again:
            word = luck(m, p.key, p.service, p.visit * 32 + again, AGAIN)
        site = site_at(m.choice_cum, m.choice_site, m.choice_ptr, row, high(word))
        again += 1
    fresh = luck(m, p.key, p.service, p.visit * 32 + m.redraws + 1, AGAIN)
    return open_site(m, s, p.service, row, now, high(fresh))


@inlined
def is_idle(m: Any, s: Any, x: Any, offer: Any) -> Any:
    """Whether the first pool of an offer has a unit free and nobody waits for it."""
    pool = m.offer_pool[offer]
    if pool < 0:
        return True
    its = s.pools[pool]
    return its.users - x.outside[pool] < its.capacity and its.waiting == 0


@inlined
def idle_site(m: Any, s: Any, x: Any, p: Any, forced: Any, now: Any) -> Any:
    """As ``choose_site``, of a service whose nearest idle site is chosen."""
    chosen = m.choice_set[p.service, p.need, p.age]
    if chosen < 0:
        return np.int64(chosen)
    if p.step == 0 and forced >= 0:
        return np.int64(forced)
    here, row = row_of_choice(m, p, chosen, now, s)
    if here >= 0:
        return here
    nearest = np.int64(NOWHERE)
    for j in range(m.nearest_ptr[row], m.nearest_ptr[row + 1]):
        site = np.int64(m.nearest_site[j])
        offer = m.offer[site, p.service]
        if opens(m, s, offer, now):
            if is_idle(m, s, x, offer):
                return site
            if nearest == NOWHERE:
                nearest = site
    return nearest


__all__ = ["NOWHERE", "accepts", "choose_site", "idle_site", "opens"]
