"""Which site: for each place, the sites of a choice set with their thresholds, and all of them by nearness."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.compile.draft import Draft, OfferDraft
from sim.compile.thresholds import Floats, thresholds
from sim.config.schema.care import Care
from sim.config.schema.region import Region
from sim.model.codes import AGE_GROUPS, Ints

FAR = np.iinfo(np.int64).max  # s, of a site that is not allowed
SMALLEST = 1e-4  # a site less likely than this is left to redraws: it keeps the tables small


@dataclass(frozen=True)
class ChoiceSet:
    """Sites that serve the same people for the same service."""

    sites: tuple[int, ...]
    pulls: tuple[float, ...]
    added: tuple[bool, ...]
    own: bool  # only the site of the patient's own municipality
    per_min: float
    nearest: bool
    reach_s: float  # from home
    detour_s: float


@dataclass(frozen=True)
class ChoiceTables:
    """The arrays ``choice_*``, ``added_*`` and ``nearest_*`` of a model, and the set of each (service, need, age)."""

    choice_set: Ints
    choice: tuple[Ints, Ints, Ints]
    added: tuple[Ints, Ints, Ints]
    nearest: tuple[Ints, Ints]


def choice_tables(care: Care, region: Region, draft: Draft, travel_s: Ints) -> ChoiceTables:
    """Choice by logit over travel time and pull, or by nearness, for every place (zones, then sites)."""
    sets: dict[ChoiceSet, int] = {}
    chosen = np.full((len(draft.services), len(draft.needs), len(AGE_GROUPS)), -2, dtype=np.int64)
    site_index = {site: t for t, site in enumerate(region.sites["site"])}
    by_service: dict[str, list[OfferDraft]] = {}
    for offer in draft.offers.values():
        by_service.setdefault(offer.service, []).append(offer)
    for s, service in enumerate(draft.services):
        if care.services[service].unlimited_at is not None:
            chosen[s] = -1
            continue
        for n, need in enumerate(draft.needs):
            for a, age in enumerate(AGE_GROUPS):
                offers = [o for o in by_service.get(service, []) if age in o.ages and need in o.needs]
                if offers:
                    key = _set_of(care, service, offers, site_index)
                    chosen[s, n, a] = sets.setdefault(key, len(sets))
    owners = _municipality_sites(region, travel_s.shape[0])
    rows = [rows_of_set(key, travel_s, owners, len(region.zones)) for key in sets]
    return ChoiceTables(
        chosen,
        _join([r[0] for r in rows]),
        _join([r[1] for r in rows]),
        _join([r[2] for r in rows])[::2],
    )


def _set_of(care: Care, service: str, offers: list[OfferDraft], site_index: dict[str, int]) -> ChoiceSet:
    rule = care.services[service].choice
    ordered = sorted(offers, key=lambda o: site_index[o.site])
    return ChoiceSet(
        tuple(site_index[o.site] for o in ordered),
        tuple(o.pull for o in ordered),
        tuple(o.added for o in ordered),
        ordered[0].municipality_only,
        rule.per_min if rule else 0.0,
        rule is None or rule.rule != "logit",
        seconds_or_any(rule.reach_min if rule else None),
        seconds_or_any(rule.detour_min if rule else None),
    )


def seconds_or_any(minutes: float | None) -> float:
    """A limit in seconds; infinite where there is none."""
    return np.inf if minutes is None else 60 * minutes


def within_reach(seconds: Ints, reference: NDArray[np.bool_], reach_s: float, detour_s: float) -> NDArray[np.bool_]:
    """[Z, sites] whether somebody goes to a site that far from home: within reach, and hardly beyond the nearest.

    ``seconds``: [Z, sites]; ``reference``: [sites] those that are there without the scenario; if there are none, all.
    """
    referred = seconds[:, reference] if reference.any() else seconds
    near: NDArray[np.bool_] = (seconds <= reach_s) & (seconds <= referred.min(axis=1, keepdims=True) + detour_s)
    return near


def _municipality_sites(region: Region, places: int) -> Ints:
    """[places, sites] whether place and site are in one municipality; a site is no home."""
    homes = region.zones["municipality"].to_numpy()
    same = np.zeros((places, len(region.sites)), dtype=np.int64)
    same[: len(homes)] = homes[:, None] == region.sites["municipality"].to_numpy()[None, :]
    return same


@dataclass(frozen=True)
class _Rows:
    """Rows that follow one another, one a place: how long each is, and the thresholds and sites of all."""

    size: Ints
    cum: Ints
    site: Ints


def rows_of_set(key: ChoiceSet, travel_s: Ints, owners: Ints, zones: int) -> tuple[_Rows, _Rows, _Rows]:
    """For each place: thresholds and sites of the reference, of what a scenario adds, and all sites by nearness."""
    sites, added = np.array(key.sites), np.array(key.added)
    seconds = travel_s[:, sites]
    allowed = owners[:, sites] > 0 if key.own else np.ones_like(seconds, dtype=bool)
    allowed[:zones] &= within_reach(seconds[:zones], ~added, key.reach_s, key.detour_s)
    order = np.argsort(np.where(allowed, seconds, FAR), axis=1, kind="stable")  # sites rise: the first of two as near
    if key.nearest:
        shares = np.zeros(seconds.shape)
        np.put_along_axis(shares, order[:, :1], 1.0, axis=1)
        shares[~allowed.any(axis=1)] = 0.0
    else:
        shares = _logit(np.array(key.pulls) - key.per_min * seconds / 60.0, allowed)
    size = allowed.sum(axis=1)
    by_nearness = sites[order][np.arange(len(sites)) < size[:, None]]
    return (
        _rows_of(np.where(added, 0.0, shares), sites, whole=True),
        _rows_of(np.where(added, shares, 0.0), sites, whole=False),
        _Rows(size, np.zeros(len(by_nearness), dtype=np.int64), by_nearness),
    )


def _logit(utility: Floats, allowed: NDArray[np.bool_]) -> Floats:
    """[places, sites] shares of the sites that are allowed; all 0 where none is."""
    utility = np.where(allowed, utility, -np.inf)
    some = allowed.any(axis=1)
    shares = np.zeros(utility.shape)
    shares[some] = np.exp(utility[some] - utility[some].max(axis=1, keepdims=True))
    shares[some] /= shares[some].sum(axis=1, keepdims=True)
    shares[shares < SMALLEST] = 0.0
    shares[some] /= shares[some].sum(axis=1, keepdims=True)
    return shares


def _rows_of(shares: Floats, sites: Ints, whole: bool) -> _Rows:
    """The sites that have a share of a place. ``whole``: these sum to 1."""
    keep = shares > 0
    size = keep.sum(axis=1)
    begin = np.cumsum(size) - size
    cum = np.zeros(size.sum(), dtype=np.int64)
    for n in np.unique(size[size > 0]).tolist():  # rows of one length at a time
        rows = np.flatnonzero(size == n)
        some = shares[rows][keep[rows]].reshape(-1, n)
        some = some / some.sum(axis=1, keepdims=True) if whole else some
        cum[begin[rows][:, None] + np.arange(n)] = thresholds(some)
    return _Rows(size, cum, np.broadcast_to(sites, keep.shape)[keep])


def _join(sets: list[_Rows]) -> tuple[Ints, Ints, Ints]:
    """The rows of all sets, as ptr, thresholds and sites."""
    nothing = np.zeros(0, dtype=np.int64)
    size, cum, site = (np.concatenate([nothing, *(getattr(s, n) for s in sets)]) for n in ("size", "cum", "site"))
    return np.concatenate([[0], np.cumsum(size)]).astype(np.int64), cum.astype(np.int64), site.astype(np.int64)
