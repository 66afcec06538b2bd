"""How near an open emergency room is to where people live, whether they are ill or not."""

from __future__ import annotations

import numpy as np

from sim.measures.emergency import HOUR_S, WEEK_H, hours_of_window
from sim.measures.intervals import sums
from sim.measures.rows import MeasureRows, ratio
from sim.measures.view import Mask, ObservedRun
from sim.model.codes import AGE_GROUPS, Ints, Kind
from sim.model.tables import Model

NEAR_S = {"people_share_within_30_min_er": 30 * 60, "people_share_within_15_min_er": 15 * 60}
FAR_S = 1 << 40
NO_ER = "no emergency room is open"


def measure_reach(run: ObservedRun, rows: MeasureRows) -> None:
    """Shares of people near an open ER over the hours of the week, and nearest_er_min at noon."""
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


def _near(run: ObservedRun, rows: MeasureRows) -> None:
    """Who lives near an open ER for the own age group, over the window's time."""
    model, size = run.model, len(AGE_GROUPS)
    offers = _er_offers(model)
    begin, length, hour = _pieces(run, offers)
    hour_s = sums(hour, length, WEEK_H)
    states, which = np.unique(_open_at(model, offers, begin), axis=0, return_inverse=True)
    state_s = sums(hour * len(states) + which.reshape(-1), length, WEEK_H * len(states)).reshape(WEEK_H, -1)
    for name, limit in NEAR_S.items():
        by_zone, by_hour = np.zeros(model.people.shape, dtype=np.int64), np.zeros(WEEK_H, dtype=np.int64)
        for age in range(size):
            near = _near_states(model, offers, states & _serves(model, offers, age), limit)
            people = model.people[:, age]
            by_zone[:, age] = people * (state_s.sum(axis=0)[:, None] * near).sum(axis=0)
            by_hour += (state_s * (near * people).sum(axis=1)).sum(axis=1)
        homes, towns = model.zone_municipality, len(model.municipalities)
        cuts: tuple[tuple[str, tuple[str, ...], Ints, Ints], ...] = (
            ("all", ("",), by_zone.sum(keepdims=True)[0], model.people.sum(keepdims=True)[0]),
            ("age_group", AGE_GROUPS, by_zone.sum(axis=0), model.people.sum(axis=0)),
            ("municipality", model.municipalities, sums(homes, by_zone.sum(axis=1), towns), run.municipality_people),
        )
        for by, groups, person_s, people in cuts:
            rows.add(name, by, groups, ratio(person_s, people, 1, run.seconds), missing="no residents")
        everybody = run.total_people or 1
        values = ratio(by_hour, hour_s, 1, everybody)
        rows.add(name, "hour_of_week", [str(h) for h in range(WEEK_H)], values, missing="hour not in the window")


def _pieces(run: ObservedRun, offers: Ints) -> tuple[Ints, Ints, Ints]:
    """Start, length [s] and hour of the week of the stretches of the window in which no ER opens or closes."""
    model = run.model
    toggles = [model.open_time[model.open_ptr[g] : model.open_ptr[g + 1]] for g in offers.tolist()]
    hours, _, _ = hours_of_window(run)
    cuts = np.unique(np.clip(np.concatenate([*toggles, hours]), run.low, run.high))
    return cuts[:-1], np.diff(cuts), model.hour_of_week[cuts[:-1] // HOUR_S]


def _near_states(model: Model, offers: Ints, states: Mask, limit: int) -> Mask:
    """[states, zones] which zones are near an open ER in each state of who is open [states, offers]."""
    close = model.travel_s[: len(model.zones)][:, model.offer_site[offers]] <= limit
    return np.array([close[:, state].any(axis=1) for state in states])


def noon(run: ObservedRun) -> int:
    """Second of the first noon in the window; its start if there is none."""
    marks, _, hour = hours_of_window(run)
    noons = np.flatnonzero(hour % 24 == 12)
    return int(marks[noons[0]]) if len(noons) else run.low


def _nearest(run: ObservedRun, rows: MeasureRows) -> None:
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
