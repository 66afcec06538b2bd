"""Zones x sites: whole metres by road and whole seconds by car.

Great-circle distance becomes road distance by marginal detour bands, road distance becomes time by marginal
speed bands; islands and peninsulas add what ``TravelConfig.crossings`` says. A ready-made matrix (from a
router) can be read instead. Every result is rounded once, to int32.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.config.distances import great_circle_m
from sim.config.errors import ConfigErrors, Problem
from sim.config.reading.matrix import Whole
from sim.config.schema.travel_rules import TravelConfig
from sim.config.sentence import Sentence

Floats = NDArray[np.float64]
MOST = 2.0**31  # metres or seconds that the matrix can hold


def accumulate(km: Floats, ends: Sequence[float], per_km: Sequence[float]) -> Floats:
    """The integral of a step function from 0 to ``km``: ``per_km[i]`` up to ``ends[i]``, the last beyond."""
    total = np.zeros_like(km)
    start = 0.0
    for i, rate in enumerate(per_km):
        end = np.inf if i == len(per_km) - 1 else ends[i]
        total += rate * (np.clip(km, start, end) - start)
        start = ends[i]
    return total


def road_km(great_circle_km: Floats, travel: TravelConfig) -> Floats:
    """Kilometres by road for great-circle kilometres, crossings not counted."""
    bands = travel.detour.values()
    return accumulate(great_circle_km, [b.up_to_km for b in bands], [b.factor.value for b in bands])


def drive_min(kilometres: Floats, travel: TravelConfig) -> Floats:
    """Minutes at the wheel for kilometres by road, access and waiting for ferries not counted."""
    bands = travel.speed.values()
    return accumulate(kilometres, [b.up_to_km for b in bands], [60 / b.speed_kmh.value for b in bands])


def penalties(crossing: Sequence[str], to_crossing: Sequence[str], travel: TravelConfig) -> tuple[Floats, Floats]:
    """Extra minutes and extra road kilometres of each pair: every crossing that holds one end only counts."""
    if missing := travel.unknown([*crossing, *to_crossing]):
        raise ValueError(
            Sentence("unknown crossing {missing}; allowed {names}", missing=missing, names=sorted(travel.crossings))
        )
    rows, row = np.unique(np.asarray(crossing, dtype=str), return_inverse=True)
    columns, column = np.unique(np.asarray(to_crossing, dtype=str), return_inverse=True)
    cost = np.array([[_passage(str(a), str(b), travel) for b in columns] for a in rows]).reshape(
        len(rows), len(columns), 2
    )
    both = cost[row][:, column]
    return both[:, :, 0], both[:, :, 1]


def _passage(a: str, b: str, travel: TravelConfig) -> tuple[float, float]:
    passed = sorted(set(travel.chain(a)) ^ set(travel.chain(b)))
    return (
        sum(travel.crossings[name].penalty_min.value for name in passed),
        sum(travel.crossings[name].penalty_km.value for name in passed),
    )


def matrix(
    lat: ArrayLike,
    lon: ArrayLike,
    crossing: Sequence[str],
    to_lat: ArrayLike,
    to_lon: ArrayLike,
    to_crossing: Sequence[str],
    travel: TravelConfig,
) -> tuple[Whole, Whole]:
    """Metres by road and seconds from door to door, [origin, destination], int32, one way."""
    here = np.asarray(lat, float)[:, None], np.asarray(lon, float)[:, None]
    there = np.asarray(to_lat, float)[None, :], np.asarray(to_lon, float)[None, :]
    extra_min, extra_km = penalties(crossing, to_crossing, travel)
    km = road_km(great_circle_m(*here, *there) / 1000, travel) + extra_km
    km = np.maximum(km, travel.within_km.value)
    minutes = drive_min(km, travel) + extra_min + travel.access_min.value
    metres, seconds = np.rint(km * 1000), np.rint(minutes * 60)
    for key, most, unit in (("km", metres, "m"), ("minutes", seconds, "s")):
        if not (most < MOST).all():
            message = Sentence(
                "some trip has more {key} than can be counted: a detour, a speed, a crossing or an access time", key=key
            )
            raise ConfigErrors([Problem("travel.yaml", "", f"{most.max():.3g} {unit}", message)])
    return metres.astype(np.int32), seconds.astype(np.int32)
