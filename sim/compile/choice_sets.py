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
    rows = [_rows(key, travel_s, owners, len(region.zones)) for key in sets]
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


Row = tuple[Ints, Ints]


def _rows(key: ChoiceSet, travel_s: Ints, owners: Ints, zones: int) -> tuple[list[Row], list[Row], list[Row]]:
    """For each place: (thresholds, sites) of the reference, of what a scenario adds, and all by nearness."""
    sites, added = np.array(key.sites), np.array(key.added)
    seconds = travel_s[:, sites]
    allowed = owners[:, sites] > 0 if key.own else np.ones_like(seconds, dtype=bool)
    allowed[:zones] &= within_reach(seconds[:zones], ~added, key.reach_s, key.detour_s)
    utility = np.where(allowed, np.array(key.pulls) - key.per_min * seconds / 60.0, -np.inf)
    reference, extra, nearest = [], [], []
    for place in range(len(seconds)):
        order = np.lexsort((sites, seconds[place]))
        order = order[allowed[place][order]]
        shares = _shares(utility[place], order, key.nearest)
        reference.append(_row(np.where(added, 0.0, shares), sites, whole=True))
        extra.append(_row(np.where(added, shares, 0.0), sites, whole=False))
        nearest.append((np.zeros(len(order), dtype=np.int64), sites[order]))
    return reference, extra, nearest


def _shares(utility: Floats, order: Ints, nearest: bool) -> Floats:
    shares = np.zeros(len(utility))
    if len(order) == 0:
        return shares
    if nearest:
        shares[order[0]] = 1.0
        return shares
    shares[order] = np.exp(utility[order] - utility[order].max())
    shares /= shares.sum()
    shares[shares < SMALLEST] = 0.0
    total: Floats = shares / shares.sum()
    return total


def _row(shares: Floats, sites: Ints, whole: bool) -> Row:
    keep = shares > 0
    shares_left = shares[keep]
    if whole and len(shares_left):
        shares_left = shares_left / shares_left.sum()
    return thresholds(shares_left), sites[keep]


def _join(sets: list[list[Row]]) -> tuple[Ints, Ints, Ints]:
    rows = [row for rows in sets for row in rows]
    ptr = np.concatenate([[0], np.cumsum([len(r[0]) for r in rows])]).astype(np.int64)
    cum = np.concatenate([r[0] for r in rows]) if rows else np.zeros(0, dtype=np.int64)
    site = np.concatenate([r[1] for r in rows]) if rows else np.zeros(0, dtype=np.int64)
    return ptr, cum.astype(np.int64), site.astype(np.int64)
