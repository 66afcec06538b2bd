"""A run as it was known at the end of each calendar period of its window, and the measures of each.

What a period's measures say is what a run would have said whose window is the period, with the same luck: contacts that
were asked for later are not there, and what had not happened by then has not happened. Only the episodes matter that
ask for something in the period or are still there when it begins; of these every contact so far is looked at, so that
nothing is cut off, and a run of many years is measured one period at a time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace

import numpy as np
import pandas as pd

from sim.measures import measure_window
from sim.measures.columns import TIMES, Codes
from sim.measures.rows import COLUMNS
from sim.measures.view import ObservedRun
from sim.model.codes import ABSENT, Ints, Outcome
from sim.model.tables import CONTACT_COLUMNS, Contacts, Episodes, Model

CUTS = ("all", "age_group", "site", "payer", "level")  # in which a period's measures are kept
MANY_SITES = ("cost_msek_per_year", "rare_cases_per_year")  # whose sites are left out: they are hundreds
PERIOD_COLUMNS = ("period", *COLUMNS)


def measure_periods(model: Model, episodes: Episodes, contacts: Contacts) -> pd.DataFrame:
    """Tidy measures of each calendar period: period, then as ``measure``, in the cuts of ``CUTS`` alone."""
    frames = []
    for name, run in _runs_of_periods(ObservedRun(model, episodes, contacts)):
        frame = measure_window(run)
        kept = frame["by"].isin(CUTS) & ~((frame["by"] == "site") & frame["measure"].isin(MANY_SITES))
        frames.append(frame[kept].assign(period=name))
    if not frames:
        return pd.DataFrame(columns=list(PERIOD_COLUMNS))
    return pd.concat(frames, ignore_index=True)[list(PERIOD_COLUMNS)]


def _runs_of_periods(run: ObservedRun) -> Iterator[tuple[str, ObservedRun]]:
    for u, name in enumerate(run.model.period_name):
        yield name, run_of_period(run, u)


def run_of_period(run: ObservedRun, u: int) -> ObservedRun:
    """What a run whose window is the period ``u`` would have left, of the episodes that matter to it."""
    whole, model = run.contacts, model_of_period(run.model, u)
    low, high = model.window_start, model.horizon
    rows = _rows(run, low, high)
    begun = np.searchsorted(run.episodes.time, [low, high])  # episodes of the period, with or without contacts
    those = np.union1d(whole.episode.take(rows), np.arange(*begun.tolist()))
    episodes = Episodes(**{f.name: getattr(run.episodes, f.name).take(those) for f in fields(Episodes)})
    some = Contacts(**{name: getattr(whole, name).take(rows) for name in CONTACT_COLUMNS})
    number = np.searchsorted(those, some.episode).astype(whole.episode.dtype)
    return ObservedRun(model, episodes, knowledge_at(model, replace(some, episode=number), high), whole=False)


def model_of_period(model: Model, u: int) -> Model:
    """The model of a run that ends with a period and whose window is the period."""
    low, high = model.period_mark[u : u + 2].tolist()
    return replace(
        model, window_start=low, horizon=high, window_ppm=model.period_ppm[u], year_s=int(model.period_year_s[u]),
        period_name=(), period_mark=np.zeros(1, dtype=np.int64), period_year_s=model.period_year_s[:0],
        period_ppm=model.period_ppm[:0],
    )  # fmt: skip


def _rows(run: ObservedRun, low: int, high: int) -> Ints:
    """Rows asked for before ``high``, of episodes that ask in [low, high) or are there at ``low``, in their order."""
    c = run.contacts
    first, last = np.searchsorted(c.request, [low, high]).tolist()  # who was there before the run comes first
    release = c.release[:first]
    there = np.flatnonzero(((release == ABSENT) | (release >= low)) & (c.outcome[:first] != Outcome.UNSERVED))
    found = np.zeros(last, dtype=bool)
    new = np.concatenate([there, np.arange(first, last)])
    while len(new):
        found[new] = True
        beside = np.concatenate([run.previous_row.take(new), run.next_row.take(new)])
        beside = np.unique(beside[(beside >= 0) & (beside < last)])
        new = beside[~found[beside]]
    return np.flatnonzero(found)


def knowledge_at(model: Model, contacts: Contacts, end: int) -> Contacts:
    """Contacts asked for before a second as they were known then: what came later is ABSENT, what had not ended OPEN.

    A run that ends then would have written the same.
    """
    asked = int(np.searchsorted(contacts.request, end))
    some = {name: getattr(contacts, name)[:asked] for name in CONTACT_COLUMNS}
    late = {name: some[name] >= end for name in TIMES}
    waits, outcome = late["start"], some["outcome"]
    ended = np.where(outcome == Outcome.DONE, ~late["end"], ~late["release"])
    ended |= (outcome == Outcome.MISSED) & ~waits
    some |= {name: np.where(late[name], ABSENT, some[name]).astype(some[name].dtype) for name in TIMES}
    some["outcome"] = np.where(ended, outcome, Outcome.OPEN).astype(outcome.dtype)
    some["pool"] = _first_pool(model, some, waits)
    return Contacts(**some)


def _first_pool(model: Model, some: dict[str, Codes], waits: Codes) -> Codes:
    """The pool of each contact; who waits for one of several is counted among those who wait for the first."""
    pool = some["pool"].copy()
    offer = model.offer[some["site"][waits], some["service"][waits]]
    pool[waits] = np.where(some["site"][waits] >= 0, model.offer_pool[offer], pool[waits])
    return pool


__all__ = ["CUTS", "PERIOD_COLUMNS", "knowledge_at", "measure_periods", "model_of_period", "run_of_period"]
