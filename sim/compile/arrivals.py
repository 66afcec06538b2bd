"""Who falls ill, when, and where they first turn: the arrays of a model's demand."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.compile.addresses import with_address
from sim.compile.calendars import Clock, hourly_weights
from sim.compile.draft import Draft, ShiftDraft, rule_for, split
from sim.compile.thresholds import Quantiles, ThresholdRows, closed_thresholds, poisson_rows, stable_hash
from sim.config.schema.care import Care
from sim.config.schema.region import Region
from sim.model.codes import ACUITIES, ACUITY_NAMES, AGE_GROUPS, ONE, Ints
from sim.model.tables import Model


def demand_arrays(care: Care, region: Region, clock: Clock, draft: Draft) -> dict[str, Any]:
    """People, rates and profiles of the reference: how many potential episodes, of whom, when."""
    people = region.zones[[f"people_{a}" for a in AGE_GROUPS]].to_numpy(dtype=np.int64)
    groups = [(n, a) for n in range(len(draft.needs)) for a in range(len(AGE_GROUPS))]
    weights = {}
    for name, profile in care.profiles.items():
        with with_address("", f"profiles.{name}"):
            weights[name] = hourly_weights(profile, clock)
    hours = [weights[care.needs[n].profile] for n in draft.needs]
    means = []
    for n, a in groups:
        rate = care.needs[draft.needs[n]].rate_per_1000_year.get(AGE_GROUPS[a])
        means.append(people[:, a].sum() * (rate.value if rate else 0.0) / 1000 * hours[n].sum())
    ptr, cum, base = poisson_rows(np.array(means))
    mix = acuity_mix(care, draft.needs)
    choices = {s: care.services[s].choice for s in draft.services}
    lists = {s: choice.listed if choice is not None else None for s, choice in choices.items()}
    return {
        "people": people,
        "count_ptr": ptr,
        "count_cum": cum,
        "count_base": base,
        "zone_cum": np.stack([closed_thresholds(people[:, a] / max(people[:, a].sum(), 1)) for _, a in groups]),
        "hour_cum": np.stack([closed_thresholds(_shares(h)) for h in hours]),
        "window_ppm": np.array([round(1e6 * h[clock.window_start_s // 3600 :].sum()) for h in hours], dtype=np.int64),
        "acuity_cum": np.stack([closed_thresholds(np.array(mix[n][a])) for n, a in groups]),
        "need_hash": stable_hash(f"need {n}" for n in draft.needs),
        "zone_hash": stable_hash(f"zone {z}" for z in region.zones["zone"]),
        "service_hash": stable_hash(f"service {s}" for s in draft.services),
        "choice_hash": stable_hash(f"list {name}" if name else f"service {s}" for s, name in lists.items()),
        "listed": np.array([name is not None for name in lists.values()], dtype=np.int64),
    }


def silent_needs(model: Model) -> list[str]:
    """Needs of which nobody falls ill in the window, since their profile is 0 all over it."""
    return [need for need, share in zip(model.needs, model.window_ppm, strict=True) if share == 0]


def _shares(hours: NDArray[np.float64]) -> NDArray[np.float64]:
    """What part of the run's episodes falls in each hour; of a need that has none then, any will do."""
    total = hours.sum()
    return hours / total if total else np.full(len(hours), 1 / len(hours))


def factor_arrays(drafts: list[Draft]) -> dict[str, Any]:
    """Wanted over reference rates, and what levers induce, by phase."""
    rows = ThresholdRows()
    empty = rows.add("none", [], [])
    services = drafts[0].services
    factor = np.stack([np.rint(draft.factor * ONE).astype(np.int64) for draft in drafts])
    classes = len(drafts[0].first)
    induced = np.full((len(drafts), classes), empty, dtype=np.int64)
    for f, draft in enumerate(drafts):
        for c in range(classes):
            weights = [(services.index(s), w * draft.factor[split(c)[:2]]) for d, s, w in draft.induced if d == c]
            if weights:
                induced[f, c] = rows.add(tuple(weights), [w for _, w in weights], [s for s, _ in weights], whole=False)
    return {"factor": factor, "induced": rows.discrete(), "induced_row": induced}


def first_arrays(drafts: list[Draft], quantiles: Quantiles) -> dict[str, Any]:
    """First contacts and the levers' shifts of them."""
    rows = ThresholdRows()
    classes = len(drafts[0].first)
    first = np.zeros((len(drafts), classes), dtype=np.int64)
    pull: list[int] = []
    for f, draft in enumerate(drafts):
        for c in range(classes):
            keep = [*np.flatnonzero(draft.at_hand[c]), *np.flatnonzero(draft.first[c])]  # so that the last has a share
            key = tuple(draft.first[c]), tuple(draft.at_hand[c])
            if key not in rows.index:
                pull += [round(ONE * share / (1 - share)) for share in draft.at_hand[c][keep].tolist()]
            first[f, c] = rows.add(key, draft.first[c][keep].tolist(), list(map(int, keep)))
    arrays = {"first": rows.discrete(), "first_row": first, "first_pull": _whole(pull)}
    return {**arrays, **_shift_arrays(drafts, quantiles)}


def _shift_arrays(drafts: list[Draft], quantiles: Quantiles) -> dict[str, Any]:
    services = drafts[0].services
    rows = ThresholdRows()
    shift = np.full((len(drafts), len(drafts[0].first), len(services)), -1, dtype=np.int64)
    levers: list[ShiftDraft] = []
    for f, draft in enumerate(drafts):
        by_class: dict[tuple[int, int], list[int]] = {}
        for j, lever in enumerate(draft.shifts):
            for c in lever.classes:
                by_class.setdefault((c, services.index(lever.from_service)), []).append(j)
        for (c, s), shifts in by_class.items():
            shares = [draft.shifts[j].share for j in shifts]
            shift[f, c, s] = rows.add((f, tuple(shifts)), shares, [len(levers) + j for j in shifts], whole=False)
        levers += draft.shifts
    return {
        "shift": rows.discrete(),
        "shift_row": shift,
        "shift_to": _whole([services.index(lever.to_service) for lever in levers]),
        "shift_fail": _whole([round(lever.fail * ONE) for lever in levers]),
        "shift_delay": _whole([quantiles.add(lever.delay) if lever.delay else 0 for lever in levers]),
    }


def _whole(values: list[int]) -> Ints:
    return np.array(values, dtype=np.int64)


def acuity_mix(care: Care, needs: list[str]) -> list[list[list[float]]]:
    """Shares of the five acuities by need and age group."""
    mix = []
    for n, need in enumerate(needs):
        rows = []
        for a in range(len(AGE_GROUPS)):
            rule = rule_for(care.needs[need].acuity, needs, (n * len(AGE_GROUPS) + a) * ACUITIES)
            assert rule is not None
            rows.append([rule.mix.get(q, 0.0) for q in ACUITY_NAMES])
        mix.append(rows)
    return mix
