"""Assembles a model: the drafts of a scenario's phases become arrays of whole numbers."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.compile.arrivals import demand_arrays, factor_arrays, first_arrays
from sim.compile.attributes import name_arrays, service_arrays, weight_arrays
from sim.compile.calendars import Clock, Shifts
from sim.compile.choice_sets import choice_tables
from sim.compile.draft import Draft, Phase
from sim.compile.given_arrays import given_arrays, refuse_unreached
from sim.compile.initial_state import NO_START, start_arrays
from sim.compile.offered_load import mean_service_s
from sim.compile.offers_and_pools import offer_arrays, pool_arrays
from sim.compile.period_arrays import period_arrays
from sim.compile.response_arrays import length_arrays, refuse_arrays, signal_arrays
from sim.compile.service_choice_arrays import service_choice_arrays
from sim.compile.service_hours import hours_arrays
from sim.compile.service_rules import journey_arrays
from sim.compile.swaps import swap_arrays
from sim.compile.thresholds import Quantiles
from sim.compile.weekly_factor_tables import variation_arrays
from sim.config.schema.care import Care, Service
from sim.config.schema.region import Region
from sim.config.world import Given
from sim.model.codes import Ints, SignalKind
from sim.model.tables import Model


def assemble(
    care: Care,
    region: Region,
    clock: Clock,
    phases: list[Phase],
    travel: tuple[Ints, Ints],
    zone_area: Ints,
    patients: Given,
) -> Model:
    """The model of a scenario's phases; ``travel`` is metres and seconds [places, sites].

    Raises ValueError if something cannot be said in whole numbers, or if a given episode can have no such luck.
    """
    starts, drafts = [phase.start for phase in phases], [phase.draft for phase in phases]
    base = phases[0].reference
    travel_m, travel_s = travel
    quantiles = Quantiles()
    shifts = Shifts(region.calendars, clock)
    parts: dict[str, Any] = {
        **name_arrays(region, care, base),
        **_time(clock, starts),
        **demand_arrays(care, region, clock, base),
        **period_arrays(care, clock, base.needs),
        **variation_arrays(care, clock, base.needs),
        **given_arrays(patients, region, clock, base.needs, base.services),
        **factor_arrays(drafts),
        **first_arrays(drafts, quantiles),
        **journey_arrays(care, drafts, quantiles),
        **service_choice_arrays(care, region, phases, shifts, (travel_s, travel_m)),
        **service_arrays(care, base),
        **weight_arrays(care, drafts),
        **_choice(care, region, drafts, travel_s),
        **offer_arrays(care, region, shifts, starts, drafts, base.services),
        **pool_arrays(care, region, shifts, starts, drafts),
        **hours_arrays(care, shifts, base.services),
        **refuse_arrays(care, drafts),
        **length_arrays(care, drafts),
        **swap_arrays(care, drafts),
        "quantile": quantiles.array(),
        "zone_area": zone_area,
        "travel_s": travel_s,
        "travel_m": travel_m,
    }
    parts |= signal_arrays(care, parts["offer"], travel_s)
    parts["pool_mean_s"] = np.zeros(len(parts["pools"]), dtype=np.int64)
    if SignalKind.EXPECTED_WAIT in parts["signal_kind"]:
        parts["pool_mean_s"] = mean_service_s(Model(**parts, **NO_START))
    model = Model(**parts, **start_arrays(care, Model(**parts, **NO_START)))
    refuse_unreached(model)
    return model


def _time(clock: Clock, starts: list[int]) -> dict[str, Any]:
    return {
        "horizon": clock.horizon_s,
        "window_start": clock.window_start_s,
        "hour_of_week": clock.hours().hour_of_week,
        "year_s": clock.year_s(),
        "phase_start": np.array(starts, dtype=np.int64),
    }


def _choice(care: Care, region: Region, drafts: list[Draft], travel_s: Ints) -> dict[str, Any]:
    """Choice among the offers of all phases; closed ones are redrawn when the time comes."""
    union = drafts[0].copy()
    for draft in drafts[1:]:
        union.offers.update({k: v for k, v in draft.offers.items() if k not in union.offers})
    tables = choice_tables(care, region, union, travel_s)
    return {
        "choice_set": tables.choice_set,
        "choice_ptr": tables.choice[0], "choice_cum": tables.choice[1], "choice_site": tables.choice[2],
        "added_ptr": tables.added[0], "added_cum": tables.added[1], "added_site": tables.added[2],
        "nearest_ptr": tables.nearest[0], "nearest_site": tables.nearest[1],
        "choice_idle": np.array([_by_idle(care.services[s]) for s in union.services], dtype=np.int64),
    }  # fmt: skip


def _by_idle(service: Service) -> bool:
    return service.choice is not None and service.choice.rule == "nearest_idle"
