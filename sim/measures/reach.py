"""How near an open emergency room is to where people live, whether they are ill or not."""

from __future__ import annotations

import numpy as np

from sim.measures.emergency import HOUR_S, WEEK_H, hours_of_window
from sim.measures.rows import Rows, ratio
from sim.measures.spells import sums
from sim.measures.window import Mask, Run
from sim.tables import AGE_GROUPS, Ints, Kind, Model

NEAR_S = 30 * 60
ADULT = AGE_GROUPS.index("18_64")
FAR_S = 1 << 40
NO_ER = "no emergency room is open"


def measure_reach(run: Run, rows: Rows) -> None:
    """people_share_within_30_min_er over the hours of the week, and nearest_er_min at noon."""
    _near(run, rows)
    _nearest(run, rows)


def _er_offers(model: Model) -> Ints:
    return np.flatnonzero(model.kind[model.offer_service] == Kind.EMERGENCY)


def _serves(model: Model, offers: Ints, age: int) -> Mask:
    """Which ER offers serve an age group for any need."""
    places = len(model.zones) + len(model.sites)
    out = np.zeros(len(offers), dtype=bool)
    for i, g in enumerate(offers.tolist()):
        sets = model.choice_set[model.offer_service[g], :, age]
        for k in np.unique(sets[sets >= 0]).tolist():
            first, last = model.nearest_ptr[k * places], model.nearest_ptr[(k + 1) * places]
            out[i] |= bool((model.nearest_site[first:last] == model.offer_site[g]).any())
    return out


def _open_at(model: Model, offers: Ints, times: Ints) -> Mask:
    """[times, offers] which offers are open."""
    columns = []
    for g in offers.tolist():
        toggles = model.open_time[model.open_ptr[g] : model.open_ptr[g + 1]]
        columns.append(np.searchsorted(toggles, times, side="right") % 2 == 1)
    return np.stack(columns, axis=1) if columns else np.zeros((len(times), 0), dtype=bool)


def _near(run: Run, rows: Rows) -> None:
    model = run.model
    offers = _er_offers(model)
    offers = offers[_serves(model, offers, ADULT)]
    toggles = [model.open_time[model.open_ptr[g] : model.open_ptr[g + 1]] for g in offers.tolist()]
    hours, _, _ = hours_of_window(run)
    cuts = np.unique(np.clip(np.concatenate([*toggles, hours]), run.low, run.high))
    begin, length = cuts[:-1], np.diff(cuts)
    adults = model.people[:, ADULT:].sum(axis=1)
    near = model.travel_s[: len(model.zones)][:, model.offer_site[offers]] <= NEAR_S
    states, which = np.unique(_open_at(model, offers, begin), axis=0, return_inverse=True)
    covered = np.array([int(adults[near[:, s].any(axis=1)].sum()) for s in states], dtype=np.int64)
    person_s = covered[which.reshape(-1)] * length
    hour = model.hour_of_week[begin // HOUR_S]
    total = int(adults.sum())
    name = "people_share_within_30_min_er"
    rows.add(name, "all", ("",), ratio([int(person_s.sum())], [run.seconds], 1, total or 1))
    values = ratio(sums(hour, person_s, WEEK_H), sums(hour, length, WEEK_H), 1, total or 1)
    rows.add(name, "hour_of_week", [str(h) for h in range(WEEK_H)], values, missing="hour not in the window")


def noon(run: Run) -> int:
    """Second of the first noon in the window; its start if there is none."""
    marks, _, hour = hours_of_window(run)
    found = np.flatnonzero(hour % 24 == 12)
    return int(marks[found[0]]) if len(found) else run.low


def _nearest(run: Run, rows: Rows) -> None:
    """Minutes from home to the nearest ER that is open at noon and serves the age group, weighted by people."""
    model = run.model
    offers = _er_offers(model)
    is_open = _open_at(model, offers, np.array([noon(run)]))[0]
    shape = len(model.zones), len(AGE_GROUPS)
    seconds = np.full(shape, FAR_S, dtype=np.int64)
    for age in range(len(AGE_GROUPS)):
        sites = model.offer_site[offers[is_open & _serves(model, offers, age)]]
        if len(sites):
            seconds[:, age] = model.travel_s[: shape[0]][:, sites].min(axis=1)
    reached = seconds < FAR_S
    people = np.where(reached, model.people, 0)
    weighted = np.where(reached, model.people * seconds, 0)
    homes = model.zone_municipality
    size = len(model.municipalities)
    name = "nearest_er_min"
    rows.add(name, "all", ("",), ratio([int(weighted.sum())], [int(people.sum())], 1, 60), missing=NO_ER)
    by_home = ratio(sums(homes, weighted.sum(axis=1), size), sums(homes, people.sum(axis=1), size), 1, 60)
    rows.add(name, "municipality", model.municipalities, by_home, missing=NO_ER)
    by_age = ratio(weighted.sum(axis=0), people.sum(axis=0), 1, 60)
    rows.add(name, "age_group", AGE_GROUPS, by_age, missing=NO_ER)


__all__ = ["measure_reach", "noon"]
