"""Given episodes and a given start: whose they are is said, their luck is a function of seed, replication and row.

A row that says how something random has ended (its first service, its site, that its service has not ended yet) has
luck of which that follows: the word of that draw is uniform among those that give it, so that all else, and every
scenario, meets it as it meets any other luck. ``mix`` is a bijection, so the key of such a word can be told.
"""

from __future__ import annotations

from bisect import bisect_right

import numpy as np

from sim.demand.layers import Columns
from sim.demand.words import FIRST, GAMMA, HALF, hash_of, mix, nth, stream_of
from sim.model.codes import ONE, WAITS, Purpose, Words
from sim.model.randomness import salt, unmix
from sim.model.rules import phase_of, quantile, span
from sim.model.tables import Model

Span = tuple[int, int]  # words out of 2**32: from, to before


def given_columns(model: Model, root: np.uint64) -> Columns:
    """The given episodes; those that name their first service or site have the luck of it."""
    time, zone, need, age, acuity, service, site = model.given.T
    streams = _streams(root, "given", model.given_hash)
    key, first = mix(streams + GAMMA), nth(streams, FIRST, 1)
    first_draw = (first >> HALF).astype(np.int64)
    group = model.class_of(zone, need, age, acuity)
    for i in np.flatnonzero(service >= 0).tolist():
        words = _first_span(model, int(time[i]), int(group[i]), int(service[i]))
        first_draw[i] = _within(int(first_draw[i]), words)
        if site[i] >= 0:
            words = _site_span(model, model.given[i].tolist())
            key[i] = _key(int(key[i]), _choice_salt(model, int(service[i])), words)
    return {
        "key": key,
        "time": time,
        "need": need,
        "zone": zone,
        "age": age,
        "acuity": acuity,
        "first_draw": first_draw,
        "shift_draw": first & np.uint64(ONE - 1),
        "service": -1,
        "site": -1,
    }


def there(model: Model, root: np.uint64) -> Columns:
    """Who is given to be there at the start: in service since, or waiting since.

    The luck of each is of those whose service, or patience, has not ended by the start; whoever has been there longer
    than any such luck allows came as late as it does.
    """
    requested, started, zone, need, age, acuity, service, site = model.there.T
    streams = _streams(root, "there", model.there_hash)
    key, waits = mix(streams + GAMMA), started > 0
    time = np.where(waits, requested, started)
    group = model.class_of(zone, need, age, acuity)
    for i, (s, c) in enumerate(zip(service.tolist(), group.tolist(), strict=True)):
        row = int((model.patience if waits[i] else model.duration)[0, s, c])
        if row < 0:
            continue  # waits for ever
        table = model.quantile[row].tolist()
        time[i] = max(int(time[i]), 1 - quantile(table, ONE - 1)) if quantile(table, ONE - 1) > 1 else -1
        purpose = Purpose.WAIT if waits[i] else Purpose.COURSE
        salted = salt(int(model.service_hash[s]), 1, purpose)
        key[i] = _key(int(key[i]), salted, _longer_than(table, -int(time[i])))
    return {
        "key": key,
        "time": time,
        "need": need,
        "zone": zone,
        "age": age,
        "acuity": acuity,
        "first_draw": np.where(waits, WAITS, 0),
        "shift_draw": 0,
        "service": service,
        "site": site,
    }


def _streams(root: np.uint64, kind: str, rows: Words) -> Words:
    return mix((stream_of(root, hash_of(kind)) ^ rows) + GAMMA)


def _within(word: int, words: Span) -> int:
    """A word out of 2**32 moved into a span, evenly."""
    return words[0] + (word * (words[1] - words[0]) >> 32)


def _choice_salt(model: Model, service: int) -> int:
    """The salt of the choice of a site at the first visit to a service; of a listed one, at every visit."""
    return salt(int(model.choice_hash[service]), 0 if model.listed[service] else 1, Purpose.CHOICE)


def _key(key: int, salted: int, words: Span) -> int:
    """The key whose word with a salt has its high half in a span; else as that of ``key``."""
    word = int(mix(np.array([key ^ salted], dtype=np.uint64))[0])
    return unmix(_within(word >> 32, words) << 32 | word & (ONE - 1)) ^ salted


def _first_span(model: Model, time: int, group: int, service: int) -> Span:
    """The words with which somebody of a class first turns to a service."""
    table, r = model.first, int(model.first_row[phase_of(model.phase_start.tolist(), time), group])
    row = slice(table.ptr[r], table.ptr[r + 1])
    cum = table.cum[row].tolist()
    return span(cum, table.item[row].tolist(), 0, len(cum), service)


def _site_span(model: Model, row: list[int]) -> Span:
    """The words with which somebody from a zone chooses a site."""
    _, zone, need, age, _, service, site = row
    r = int(model.choice_set[service, need, age]) * (len(model.zones) + len(model.sites)) + zone
    choices = slice(model.choice_ptr[r], model.choice_ptr[r + 1])
    cum = model.choice_cum[choices].tolist()
    return span(cum, model.choice_site[choices].tolist(), 0, len(cum), site)


def _longer_than(table: list[int], seconds: int) -> Span:
    """The words whose quantile is above so many seconds; the longest alone if none is."""
    first = bisect_right(range(ONE), seconds, key=lambda word: quantile(table, word))
    return min(first, ONE - 1), ONE


__all__ = ["given_columns", "there"]
