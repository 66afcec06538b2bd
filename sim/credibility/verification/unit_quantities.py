"""What is read from a run about units: how many are held, who boards in them, and counts by the day."""

from __future__ import annotations

import numpy as np

from sim.credibility.verification.quantities import DAY_S, Reading, Seen
from sim.measures.columns import Times
from sim.measures.view import View
from sim.model.codes import ABSENT, Ints, Outcome


def units_held(service: str = "er") -> Reading:
    """Time average of units that contacts of a service hold, from start to release."""

    def read(seen: Seen) -> float:
        view = _begun(seen, service)
        return _average(seen, view.start, view.out)

    return read


def boarding(service: str = "er") -> Reading:
    """Time average of units that contacts of a service hold though it has ended."""

    def read(seen: Seen) -> float:
        view = _begun(seen, service)
        view = view.where(view.ended)
        return _average(seen, view.end, view.out)

    return read


def in_pool(pool: str, service: str = "er") -> Reading:
    """Time average of a pool's units that contacts of a service hold."""

    def read(seen: Seen) -> float:
        view = _begun(seen, service)
        view = view.where(view.pool == seen.model.pools.index(pool))
        return _average(seen, view.start, view.out)

    return read


def at_site(site: str, service: str = "er") -> Reading:
    """Time average of the units of a site that contacts of a service hold."""

    def read(seen: Seen) -> float:
        view = _begun(seen, service)
        view = view.where(view.site == seen.model.sites.index(site))
        return _average(seen, view.start, view.out)

    return read


def mean_hold(service: str = "er") -> Reading:
    """Minutes from start to release: mean of all whose unit was given back."""

    def read(seen: Seen) -> float:
        view = seen.requests(service)
        view = view.where(view.started & (view.release != ABSENT))
        return float((view.release - view.start).mean()) / 60

    return read


def share_sent(zone: str, site: str, service: str = "er") -> Reading:
    """Share of the contacts of a zone's people that were served from a site, of those that were served."""

    def read(seen: Seen) -> float:
        view = seen.requests(service)
        view = view.where(view.started & (view.zone == seen.model.zones.index(zone)))
        return float((view.site == seen.model.sites.index(site)).mean())

    return read


def share_of_acuity(outcome: Outcome, acuity: int, service: str = "er") -> Reading:
    """Share of the contacts of an acuity (1 is the most urgent) that ended so."""

    def read(seen: Seen) -> float:
        view = seen.requests(service)
        return float((view.where(view.acuity == acuity - 1).outcome == outcome).mean())

    return read


def share_in_pool(pool: str, service: str = "er") -> Reading:
    """Share of contacts that started in a pool."""
    return lambda seen: float((seen.requests(service).pool == seen.model.pools.index(pool)).mean())


def time_in_system(service: str = "er") -> Reading:
    """Minutes from request to the end of service: mean of all who asked."""

    def read(seen: Seen) -> float:
        view = seen.requests(service)
        return float((np.where(view.ended, view.end, seen.run.high) - view.request).mean()) / 60

    return read


def mean_stay(service: str = "er") -> Reading:
    """Minutes from start to end of service: mean of all who started."""

    def read(seen: Seen) -> float:
        view = seen.requests(service)
        view = view.where(view.started)
        return float((np.where(view.ended, view.end, seen.run.high) - view.start).mean()) / 60

    return read


def wait_quantile(probability: float, service: str = "er") -> Reading:
    """Wait in minutes that this share of all who asked does not exceed."""

    def read(seen: Seen) -> float:
        view = seen.requests(service)
        return float(np.quantile(view.wait_end - view.request, probability)) / 60

    return read


def requests_a_day(service: str = "er") -> Reading:
    """Contacts asked for in a day, mean over the window."""

    def read(seen: Seen) -> float:
        view = seen.ever(service)
        inside = view.request >= seen.run.low
        return float(inside.sum()) * DAY_S / (seen.run.high - seen.run.low)

    return read


def starts_a_day(service: str = "er") -> Reading:
    """Contacts of a service that started on a day, mean over the whole days of the window."""
    return lambda seen: float(_started_by_day(seen, service).mean())


def variance_of_days(service: str = "er") -> Reading:
    """Variance, over the whole days of the window, of how many contacts of a service started."""

    def read(seen: Seen) -> float:
        counts = _started_by_day(seen, service)
        return float(counts.var(ddof=1))

    return read


def variance_of_changes(service: str = "er") -> Reading:
    """Variance of the difference between how many contacts started on a day and on the next."""

    def read(seen: Seen) -> float:
        counts = _started_by_day(seen, service)
        return float(np.diff(counts).var(ddof=1))

    return read


def _started_by_day(seen: Seen, service: str) -> Ints:
    first, last = -(-seen.run.low // DAY_S), seen.run.high // DAY_S
    days = _begun(seen, service).start // DAY_S
    return np.bincount(days[(days >= first) & (days < last)] - first, minlength=last - first)


def _begun(seen: Seen, service: str) -> View:
    view = seen.ever(service)
    return view.where(view.started)


def _average(seen: Seen, begin: Times, end: Times) -> float:
    low, high = seen.run.low, seen.run.high
    inside = np.minimum(end, high) - np.maximum(begin, low)
    return float(np.maximum(inside, 0).sum()) / (high - low)


__all__ = [
    "at_site",
    "boarding",
    "in_pool",
    "mean_hold",
    "mean_stay",
    "requests_a_day",
    "share_in_pool",
    "share_of_acuity",
    "share_sent",
    "starts_a_day",
    "time_in_system",
    "units_held",
    "variance_of_changes",
    "variance_of_days",
    "wait_quantile",
]
