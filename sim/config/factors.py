"""Factors of a region's free parameters, as changes of its care model and tables.

A factor of exactly 1 changes nothing at all, so that a region without ``fitted.yaml`` is what its tables say.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from math import log
from typing import Any

from sim.config.paths import rows_of, with_changes
from sim.config.schema.base import Distribution, Figure
from sim.config.schema.care import AcuityRule, Care, DurationRule, FirstRule, NextRule
from sim.config.schema.free_parameters import (
    AcuityMix,
    Capacity,
    FirstContact,
    FreeParameter,
    Length,
    NeedRate,
    Pull,
    WayOn,
)
from sim.config.schema.region import Region

Record = Figure | FirstRule | AcuityRule | NextRule | DurationRule
TIMES = ("value", "mean", "sd", "median", "p90", "low", "mode", "high", "minimum")  # of a distribution


def with_factors(
    care: Care, region: Region, parameters: Mapping[str, FreeParameter], factors: Mapping[str, float]
) -> tuple[Care, Region]:
    """The care model and the region with each named parameter's factor in force; neither is changed in place.

    As ``factor_changes``.
    """
    changed = with_changes({"care": care, "region": region}, factor_changes(care, region, parameters, factors))
    return changed["care"], changed["region"]  # type: ignore[return-value]  # each is what it was


def factor_changes(
    care: Care, region: Region, parameters: Mapping[str, FreeParameter], factors: Mapping[str, float]
) -> dict[str, Any]:
    """What factors change in a care model and a region, by paths of a world.

    ``factors`` may name some of ``parameters``; those it does not name keep 1. Raises KeyError for an unknown name.
    """
    if unknown := [name for name in factors if name not in parameters]:
        raise KeyError(unknown[0])
    total: dict[str, Any] = {}
    so_far: dict[str, Any] = {"care": care, "region": region}
    for name, parameter in parameters.items():  # in their order: odds of several shares do not commute
        factor = factors.get(name, 1.0)
        if factor != 1:
            acts_on = parameter.acts_on
            changes = _ACTIONS[type(acts_on)](so_far["care"], so_far["region"], acts_on, factor)
            so_far, total = with_changes(so_far, changes), {**total, **changes}
    return total


def _need_rate(care: Care, region: Region, acts_on: NeedRate, factor: float) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    for need in acts_on.needs:
        for age, rate in care.needs[need].rate_per_1000_year.items():
            if acts_on.ages is None or age in acts_on.ages:
                ends = {k: v * factor for k in ("value", "low", "high") if (v := getattr(rate, k)) is not None}
                changes |= _record_changes(f"care.needs.{need}.rate_per_1000_year.{age}", rate, ends, factor)
    return changes


def _first_contact(care: Care, region: Region, acts_on: FirstContact, factor: float) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    for need in acts_on.needs or care.needs:
        for name, rule in care.needs[need].first.items():
            shares = _odds(rule.to, {acts_on.service}, factor)
            changes |= _record_changes(f"care.needs.{need}.first.{name}", rule, _below("to", shares), factor)
    return changes


def _acuity(care: Care, region: Region, acts_on: AcuityMix, factor: float) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    for need in acts_on.needs or care.needs:
        for name, rule in care.needs[need].acuity.items():
            shares = _odds(rule.mix, set(acts_on.acuity), factor)
            changes |= _record_changes(f"care.needs.{need}.acuity.{name}", rule, _below("mix", shares), factor)
    return changes


def _way_on(care: Care, region: Region, acts_on: WayOn, factor: float) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    for name, rule in care.services[acts_on.service].next.items():
        chosen = {k for k, step in rule.then.items() if step.to in acts_on.to and acts_on.how in (None, step.how)}
        shares = _odds({k: step.probability for k, step in rule.then.items()}, chosen, factor)
        if chosen:
            path = f"care.services.{acts_on.service}.next.{name}"
            parts = {f"then.{step}.probability": share for step, share in shares.items()}
            changes |= _record_changes(path, rule, parts, factor)
    return changes


def _length(care: Care, region: Region, acts_on: Length, factor: float) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    for service in acts_on.services:
        for name, rule in care.services[service].duration.items():
            parts = {f"time.{part}": value for part, value in time_changes(rule.time, factor).items()}
            changes |= _record_changes(f"care.services.{service}.duration.{name}", rule, parts, factor)
    return changes


def _pull(care: Care, region: Region, acts_on: Pull, factor: float) -> dict[str, Any]:
    offers = region.offers
    pulls = offers.loc[(offers["site"] == acts_on.site) & (offers["service"] == acts_on.service), "pull"]
    return {f"region.offers.{acts_on.site}.{acts_on.service}.pull": float(pulls.iloc[0]) + log(factor)}


def _capacity(care: Care, region: Region, acts_on: Capacity, factor: float) -> dict[str, Any]:
    column = "capacity" if acts_on.part == "units" else "surge"
    changes: dict[str, Any] = {}
    for table in ("pools", "dated_pools"):
        frame = getattr(region, table)
        rows = frame[frame["resource"].isin(acts_on.resources)] if len(frame) else frame
        names = rows_of(region, table).index
        changes |= {
            f"region.{table}.{name}.{column}": float(rows[column][n]) * factor
            for name, n in names.items()
            if n in rows.index
        }
    return changes


_ACTIONS: dict[type, Callable[[Care, Region, Any, float], dict[str, Any]]] = {
    NeedRate: _need_rate,
    FirstContact: _first_contact,
    AcuityMix: _acuity,
    Pull: _pull,
    WayOn: _way_on,
    Length: _length,
    Capacity: _capacity,
}


def time_changes(time: Distribution, factor: float) -> dict[str, Any]:
    """What makes a distribution's times all ``factor`` times as long. Paths are from the distribution."""
    changes: dict[str, Any] = {k: v * factor for k in TIMES if (v := getattr(time, k, None)) is not None}
    if getattr(time, "mu", None) is not None:
        changes["mu"] = time.mu + log(factor)  # type: ignore[union-attr,operator]
    if hasattr(time, "quantile"):
        changes["quantile"] = {p: v * factor for p, v in time.quantile.items()}
    return changes


def _odds(shares: Mapping[Any, float], chosen: Collection[Any], factor: float) -> dict[Any, float]:
    """Shares after the odds of the chosen ones, together, are multiplied; a share of 0 or 1 stays."""
    inside = sum(share for key, share in shares.items() if key in chosen)
    if not 0 < inside < 1:
        return dict(shares)
    weight = {key: share * (factor if key in chosen else 1.0) for key, share in shares.items()}
    total = sum(weight.values())
    return {key: share / total for key, share in weight.items()}


def _below(part: str, shares: Mapping[Any, float]) -> dict[str, float]:
    return {f"{part}.{key}": share for key, share in shares.items()}


def _record_changes(path: str, record: Record, parts: Mapping[str, Any], factor: float) -> dict[str, Any]:
    """The changes of a record's parts, its source telling by how much."""
    source = f"{record.source}; factor {factor:.4g} (fitted.yaml)"
    return {f"{path}.{part}": value for part, value in {**parts, "source": source}.items()}


__all__ = ["factor_changes", "time_changes", "with_factors"]
