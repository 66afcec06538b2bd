"""Where a patient goes: the choice of a site, as ``sim.engines.reference.decisions`` says it, on arrays."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.engines.compiled.jit import inlined
from sim.engines.compiled.lookups import high, low, luck, phase_at, unsigned
from sim.model.codes import Mode, Purpose
from sim.model.randomness import draw, salt
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
def luck_of_choice(m: Any, key: Any, service: Any, visit: Any, again: Any) -> Any:
    """The random word of the choice of a site, and of the draws after it where the site is closed."""
    if m.listed[service]:
        purpose = AGAIN if again else CHOICE
        return draw(key, salt(m.choice_hash[service], unsigned(again), unsigned(purpose)))
    if again:
        return luck(m, key, service, visit * 32 + again, AGAIN)
    return luck(m, key, service, visit, CHOICE)


@inlined
def row_of_choice(m: Any, p: Any, service: Any, chosen: Any, now: Any, s: Any) -> Any:
    """A site where the patient stays, or -1 and the row of the table from which to choose."""
    home = row = chosen * m.places + p.home
    if p.place >= m.zones and m.mode[service] <= BOOKED:
        here = p.place - m.zones
        served = has(m.nearest_site, m.nearest_ptr[home], m.nearest_ptr[home + 1], here)
        if served and opens(m, s, m.offer[here, service], now):
            return np.int64(here), row
        if m.mode[service] == WALK_IN:
            there = chosen * m.places + p.place
            if m.nearest_ptr[there] < m.nearest_ptr[there + 1]:
                row = there
    return np.int64(-1), row


@inlined
def choose_site(m: Any, s: Any, p: Any, forced: Any, now: Any) -> Any:
    """Site of a contact; -1 where the service needs none, NOWHERE if no site is open."""
    if p.step == 0 and forced >= 0 and m.choice_set[p.service, p.need, p.age] >= 0:
        return np.int64(forced)
    return site_among(m, s, p, np.int64(p.service), np.int64(p.visit), now)


@inlined
def site_among(m: Any, s: Any, p: Any, service: Any, visit: Any, now: Any) -> Any:
    """Site of a visit to a service by choice; as ``choose_site``."""
    chosen = m.choice_set[service, p.need, p.age]
    if chosen < 0:
        return np.int64(chosen)
    here, row = row_of_choice(m, p, service, chosen, now, s)
    if here >= 0:
        return here
    first = m.choice_ptr[row]
    if m.choice_ptr[row + 1] - first == 1 and m.added_ptr[row] == m.added_ptr[row + 1]:
        site = np.int64(m.choice_site[first])
        if opens(m, s, m.offer[site, service], now):
            return site  # no other: no luck is needed
    word = luck_of_choice(m, p.key, service, visit, 0)
    site = site_at(m.added_cum, m.added_site, m.added_ptr, row, low(word))
    again = 0
    while True:
        if site >= 0 and opens(m, s, m.offer[site, service], now):
            return site
        if again > m.redraws:
            break
        if again:
            word = luck_of_choice(m, p.key, service, visit, again)
        site = site_at(m.choice_cum, m.choice_site, m.choice_ptr, row, high(word))
        again += 1
    fresh = luck_of_choice(m, p.key, service, visit, m.redraws + 1)
    return open_site(m, s, service, row, now, high(fresh))


@inlined
def felt_at(m: Any, s: Any, p: Any, service: Any, now: Any) -> Any:
    """Where a patient feels how full a service is: at the site where they are listed, else at home."""
    if m.listed[service]:
        site = first_drawn(m, s, p, service)
        if site < 0 or not opens(m, s, m.offer[site, service], now):
            site = site_among(m, s, p, service, np.int64(1), now)
        if site >= 0:
            return m.zones + site
    return np.int64(p.home)


@inlined
def first_drawn(m: Any, s: Any, p: Any, service: Any) -> Any:
    """The site that ``site_among`` finds for who is at home, if it is open; -1 where that takes more than one draw.

    Kept for the next service of the list.
    """
    clock, chosen = s.clock[0], m.choice_set[service, p.need, p.age]
    row = chosen * m.places + p.home
    if chosen < 0 or p.place >= m.zones or m.added_ptr[row] < m.added_ptr[row + 1]:
        return np.int64(-1)
    if clock.drawn_set != chosen or m.choice_hash[clock.drawn_for] != m.choice_hash[service]:
        word = luck_of_choice(m, p.key, service, np.int64(1), np.int64(0))
        clock.drawn_site = site_at(m.choice_cum, m.choice_site, m.choice_ptr, row, high(word))
        clock.drawn_set, clock.drawn_for = chosen, service
    return np.int64(clock.drawn_site)


@inlined
def is_idle(m: Any, s: Any, x: Any, offer: Any) -> Any:
    """Whether a pool of an offer that may be used at once has a unit free and nobody waits for it."""
    if m.offer_pool[offer] < 0:
        return True
    free = False
    for j in range(m.offer_pools_ptr[offer], m.offer_pools_ptr[offer + 1]):
        pool = np.int64(m.offer_pools[j])
        its = s.pools[pool]
        ready = its.users - x.outside[pool] < its.capacity and its.waiting == 0
        free = free or (x.offer_spill_s[j] == 0 and ready)
    return free


@inlined
def idle_site(m: Any, s: Any, x: Any, p: Any, forced: Any, now: Any) -> Any:
    """As ``choose_site``, of a service whose nearest idle site is chosen."""
    chosen = m.choice_set[p.service, p.need, p.age]
    if chosen < 0:
        return np.int64(chosen)
    if p.step == 0 and forced >= 0:
        return np.int64(forced)
    here, row = row_of_choice(m, p, p.service, chosen, now, s)
    if here >= 0 and is_idle(m, s, x, m.offer[here, p.service]):
        return here
    nearest = np.int64(here if here >= 0 else NOWHERE)
    for j in range(m.nearest_ptr[row], m.nearest_ptr[row + 1]):
        site = np.int64(m.nearest_site[j])
        offer = m.offer[site, p.service]
        if opens(m, s, offer, now):
            if is_idle(m, s, x, offer):
                return site
            if nearest == NOWHERE:
                nearest = site
    return nearest


__all__ = ["NOWHERE", "accepts", "choose_site", "felt_at", "idle_site", "opens"]
