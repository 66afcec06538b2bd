"""What is read from a run: the measures that every study reports, and means of the contacts behind them."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

import numpy as np
import pandas as pd

from sim.measures.columns import Times
from sim.measures.view import ObservedRun, View
from sim.model.codes import Ints, Outcome
from sim.simulation import Simulation

DAY_S, HOUR_S = 86400, 3600


class Seen:
    """A run, its measures and its contacts. ``run`` has the window after the warm-up."""

    def __init__(self, simulation: Simulation) -> None:
        self.simulation = simulation
        self.model = simulation.model
        self.run = ObservedRun(simulation.model, simulation.episodes, simulation.contacts)

    @cached_property
    def measures(self) -> pd.DataFrame:
        """Values by measure, cut and group."""
        return self.simulation.measures.set_index(["measure", "by", "group"])["value"].to_frame()

    def requests(self, service: str) -> View:
        """Contacts requested in the window, of those in its first nineteen twentieths: their waits are over."""
        run, last = self.run, self.run.high - self.run.seconds // 20
        view = run.requests.where(run.requests.service == self.model.services.index(service))
        view = view.where(view.request < last)
        if ((view.wait_end == run.high) & ~view.started).any():
            raise ValueError(f"{service}: somebody still waits at the end of the run")
        return view

    def ever(self, service: str) -> View:
        """All contacts of a service, the warm-up's too."""
        return self.run.all.where(self.run.all.service == self.model.services.index(service))


Reading = Callable[[Seen], float]


def measured(name: str, by: str = "all", group: str = "") -> Reading:
    """A measure of the study's table."""
    return lambda seen: float(seen.measures.loc[(name, by, group), "value"])  # type: ignore[arg-type]


def mean_wait(service: str = "er") -> Reading:
    """Minutes from request to start, or to leaving: mean of all who asked."""

    def read(seen: Seen) -> float:
        view = seen.requests(service)
        return _minutes(view.wait_end - view.request)

    return read


def wait_of_outcome(outcome: Outcome, service: str = "er") -> Reading:
    """Mean wait of those whose contact ended so, in minutes."""

    def read(seen: Seen) -> float:
        view = seen.requests(service)
        view = view.where(view.outcome == outcome)
        return _minutes(view.wait_end - view.request)

    return read


def wait_of_acuity(acuity: int, service: str = "er") -> Reading:
    """Mean wait of patients of an acuity (1 is the most urgent), in minutes."""

    def read(seen: Seen) -> float:
        view = seen.requests(service)
        view = view.where(view.acuity == acuity - 1)
        return _minutes(view.wait_end - view.request)

    return read


def weighted(readings: list[Reading], weights: list[float]) -> Reading:
    """A weighted sum of readings."""
    return lambda seen: sum(w * read(seen) for w, read in zip(weights, readings, strict=True))


def share_that_waits(service: str = "er") -> Reading:
    """Share of those who asked that did not start at once."""
    return lambda seen: float((seen.requests(service).wait_end > seen.requests(service).request).mean())


def share_of_outcome(outcome: Outcome, service: str = "er") -> Reading:
    """Share of contacts that ended so."""
    return lambda seen: float((seen.requests(service).outcome == outcome).mean())


def share_at(site: str, service: str = "er") -> Reading:
    """Share of contacts at a site."""
    return lambda seen: float((seen.requests(service).site == seen.model.sites.index(site)).mean())


def in_service(service: str = "er") -> Reading:
    """Time average of patients in service."""

    def read(seen: Seen) -> float:
        view, low, high = seen.ever(service), seen.run.low, seen.run.high
        view = view.where(view.started)
        end = np.where(view.ended, view.end, high)
        inside = np.minimum(end, high) - np.maximum(view.start, low)
        return float(np.maximum(inside, 0).sum()) / (high - low)

    return read


def in_service_at(hour: int, minute: int = 0, service: str = "er") -> Reading:
    """Patients in service at a time of the day, mean over the days of the window."""

    def read(seen: Seen) -> float:
        view = seen.ever(service)
        view = view.where(view.started)
        return _there(view.start, np.where(view.ended, view.end, seen.run.high), _times(seen, hour, minute))

    return read


def waiting_at(hour: int, minute: int = 0, service: str = "er") -> Reading:
    """Patients who wait at a time of the day, mean over the days of the window."""

    def read(seen: Seen) -> float:
        view = seen.ever(service)
        return _there(view.request, view.wait_end, _times(seen, hour, minute))

    return read


def present_after(hours: int, service: str = "er") -> Reading:
    """Patients in service so many hours after the start of the run."""

    def read(seen: Seen) -> float:
        view = seen.ever(service)
        view = view.where(view.started)
        end = np.where(view.ended, view.end, seen.run.high)
        return _there(view.start, end, np.array([hours * HOUR_S]))

    return read


def dispersion_of_requests(service: str = "er") -> Reading:
    """Variance over mean of the requests of a week, over the whole weeks of the run."""

    def read(seen: Seen) -> float:
        view = seen.ever(service)
        weeks = np.append(seen.model.week_start, seen.run.high)
        counts = np.diff(np.searchsorted(np.sort(view.request), weeks))
        return float(counts.var(ddof=1) / counts.mean())

    return read


def dispersion_at_week_ends(service: str = "er") -> Reading:
    """Variance over mean of patients in service where one week of the window ends and the next begins."""

    def read(seen: Seen) -> float:
        view = seen.ever(service)
        view = view.where(view.started)
        ends = seen.model.week_start[seen.model.week_start >= seen.run.low]
        present = _there_at(view.start, np.where(view.ended, view.end, seen.run.high), ends)
        return float(present.var(ddof=1) / present.mean())

    return read


def _minutes(seconds: Ints) -> float:
    return float(seconds.mean()) / 60


def _times(seen: Seen, hour: int, minute: int) -> Ints:
    first, last = -(-seen.run.low // DAY_S), seen.run.high // DAY_S
    return np.arange(first, last) * DAY_S + hour * HOUR_S + minute * 60


def _there(begin: Times, end: Times, times: Ints) -> float:
    """Mean over the times of the number of stretches [begin, end) that hold them."""
    return float(_there_at(begin, end, times).mean())


def _there_at(begin: Times, end: Times, times: Ints) -> Ints:
    """[times] number of stretches [begin, end) that hold each of the times."""
    return np.searchsorted(np.sort(begin), times, "right") - np.searchsorted(np.sort(end), times, "right")


__all__ = [
    "Reading",
    "Seen",
    "dispersion_at_week_ends",
    "dispersion_of_requests",
    "in_service",
    "in_service_at",
    "mean_wait",
    "measured",
    "present_after",
    "share_at",
    "share_of_outcome",
    "share_that_waits",
    "wait_of_acuity",
    "wait_of_outcome",
    "waiting_at",
    "weighted",
]
