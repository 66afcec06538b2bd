"""Factors of a region's free parameters, put into its care model and tables: a pure transform, before compiling.

A factor of exactly 1 changes nothing at all, so that a region without ``fitted.yaml`` is what its tables say.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from math import log
from typing import Any, TypeVar

from sim.config.schema.base import Distribution, Figure
from sim.config.schema.care import AcuityRule, Care, DurationRule, FirstRule, Need, NextRule, Service
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

World = tuple[Care, Region]
R = TypeVar("R", Figure, FirstRule, AcuityRule, NextRule, DurationRule)
TIMES = ("value", "mean", "sd", "median", "p90", "low", "mode", "high", "minimum")  # of a distribution


def with_factors(
    care: Care, region: Region, parameters: Mapping[str, FreeParameter], factors: Mapping[str, float]
) -> World:
    """The care model and the region with each named parameter's factor in force; neither is changed in place.

    ``factors`` may name some of ``parameters``; those it does not name keep 1. Raises KeyError for an unknown name.
    """
    if unknown := [name for name in factors if name not in parameters]:
        raise KeyError(unknown[0])
    for name, parameter in parameters.items():  # in their order: odds of several shares do not commute
        factor = factors.get(name, 1.0)
        if factor != 1:
            care, region = _ACTIONS[type(parameter.acts_on)](care, region, parameter.acts_on, factor)
    return care, region


def _need_rate(care: Care, region: Region, acts_on: NeedRate, factor: float) -> World:
    def changed(need: Need) -> Need:
        rates = {
            age: _scaled_figure(rate, factor) if acts_on.ages is None or age in acts_on.ages else rate
            for age, rate in need.rate_per_1000_year.items()
        }
        return need.model_copy(update={"rate_per_1000_year": rates})

    return _needs(care, acts_on.needs, changed), region


def _first_contact(care: Care, region: Region, acts_on: FirstContact, factor: float) -> World:
    def rule(first: FirstRule) -> FirstRule:
        return _said(first, {"to": _odds(first.to, {acts_on.service}, factor)}, factor)

    return _needs(care, acts_on.needs, lambda need: _rules(need, "first", rule)), region


def _acuity(care: Care, region: Region, acts_on: AcuityMix, factor: float) -> World:
    def rule(acuity: AcuityRule) -> AcuityRule:
        return _said(acuity, {"mix": _odds(acuity.mix, set(acts_on.acuity), factor)}, factor)

    return _needs(care, acts_on.needs, lambda need: _rules(need, "acuity", rule)), region


def _way_on(care: Care, region: Region, acts_on: WayOn, factor: float) -> World:
    def rule(after: NextRule) -> NextRule:
        chosen = {k for k, step in after.then.items() if step.to == acts_on.to and acts_on.how in (None, step.how)}
        shares = _odds({k: step.probability for k, step in after.then.items()}, chosen, factor)
        then = {k: step.model_copy(update={"probability": shares[k]}) for k, step in after.then.items()}
        return _said(after, {"then": then}, factor) if chosen else after

    return _services(care, [acts_on.service], lambda service: _rules(service, "next", rule)), region


def _length(care: Care, region: Region, acts_on: Length, factor: float) -> World:
    def changed(service: Service) -> Service:
        rules = {k: _said(r, {"time": scaled(r.time, factor)}, factor) for k, r in service.duration.items()}
        return service.model_copy(update={"duration": rules})

    return _services(care, acts_on.services, changed), region


def _pull(care: Care, region: Region, acts_on: Pull, factor: float) -> World:
    here = (region.offers["site"] == acts_on.site) & (region.offers["service"] == acts_on.service)
    offers = region.offers.copy()
    offers.loc[here, "pull"] += log(factor)
    return care, region.model_copy(update={"offers": offers})


def _capacity(care: Care, region: Region, acts_on: Capacity, factor: float) -> World:
    column = "capacity" if acts_on.part == "units" else "surge"
    update = {}
    for table in ("pools", "dated_pools"):
        pools = getattr(region, table).copy()
        if len(pools):
            pools.loc[pools["resource"].isin(acts_on.resources), column] *= factor
            update[table] = pools
    return care, region.model_copy(update=update)


_ACTIONS: dict[type, Callable[[Care, Region, Any, float], World]] = {
    NeedRate: _need_rate,
    FirstContact: _first_contact,
    AcuityMix: _acuity,
    Pull: _pull,
    WayOn: _way_on,
    Length: _length,
    Capacity: _capacity,
}


def scaled(time: Distribution, factor: float) -> Distribution:
    """A distribution of times that are all ``factor`` times as long."""
    update: dict[str, Any] = {k: v * factor for k in TIMES if (v := getattr(time, k, None)) is not None}
    if getattr(time, "mu", None) is not None:
        update["mu"] = time.mu + log(factor)  # type: ignore[union-attr,operator]
    if hasattr(time, "quantile"):
        update["quantile"] = {p: v * factor for p, v in time.quantile.items()}
    return time.model_copy(update=update)


def _odds(shares: Mapping[Any, float], chosen: Collection[Any], factor: float) -> dict[Any, float]:
    """Shares after the odds of the chosen ones, together, are multiplied; a share of 0 or 1 stays."""
    inside = sum(share for key, share in shares.items() if key in chosen)
    if not 0 < inside < 1:
        return dict(shares)
    weight = {key: share * (factor if key in chosen else 1.0) for key, share in shares.items()}
    total = sum(weight.values())
    return {key: share / total for key, share in weight.items()}


def _scaled_figure(figure: Figure, factor: float) -> Figure:
    ends = {k: v * factor for k in ("value", "low", "high") if (v := getattr(figure, k)) is not None}
    return _said(figure, ends, factor)


def _said(record: R, update: dict[str, Any], factor: float) -> R:
    """The record changed, its source telling by how much."""
    return record.model_copy(update={**update, "source": f"{record.source}; factor {factor:.4g} (fitted.yaml)"})


def _rules(owner: Any, part: str, change: Callable[[Any], Any]) -> Any:
    """The need or service with each rule of a part changed."""
    return owner.model_copy(update={part: {k: change(rule) for k, rule in getattr(owner, part).items()}})


def _needs(care: Care, chosen: Collection[str] | None, change: Callable[[Need], Need]) -> Care:
    needs = {k: change(n) if chosen is None or k in chosen else n for k, n in care.needs.items()}
    return care.model_copy(update={"needs": needs})


def _services(care: Care, chosen: Collection[str], change: Callable[[Service], Service]) -> Care:
    services = {k: change(s) if k in chosen else s for k, s in care.services.items()}
    return care.model_copy(update={"services": services})


__all__ = ["scaled", "with_factors"]
