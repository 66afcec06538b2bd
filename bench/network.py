"""Five stations of care that every simulator of the comparison is given, and what queueing theory says of them.

Patients fall ill as a Poisson process, one in five of them urgently. A station takes the urgent first and nobody is
interrupted; service is exponential with the same mean for both. Who is served goes on to another station or home.
Since service does not depend on urgency and nobody comes back, every station is an M/M/c queue by itself (Jackson
1957), its total wait is Erlang's and each class waits as Cobham (1954, Operations Research 2, 70-76) says for many
units. The figures are chosen so that stations are busy (70 to 83 %) and settle within hours; they describe no place.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import timedelta
from math import log
from pathlib import Path
from typing import Any

from sim.credibility.verification.case import JANUARY
from sim.credibility.verification.network import Offer, Plain, Sketch, exponential, need, service, way
from sim.credibility.verification.theory import jackson, mmc_wait
from sim.model.tables import Model

DAY_MIN = 1440
EPISODES = 500_000  # of a year
YEAR_MIN = 365 * DAY_MIN
ARRIVALS_PER_MIN = EPISODES / YEAR_MIN
URGENT = 0.2
CLASSES = ("urgent", "other")


@dataclass(frozen=True)
class Station:
    """Units, mean service in minutes, share of patients who come here first, and where those served go."""

    name: str
    units: int
    mean_min: float
    first: float
    onward: dict[str, float]


AT_A, AT_B = 0.6, 0.4  # shares of the two emergency rooms
STATIONS = (
    Station("phone", 4, 10, 0.30, {"primary": 0.22, "er_a": 0.10 * AT_A, "er_b": 0.10 * AT_B}),
    Station("primary", 13, 20, 0.50, {"er_a": 0.03 * AT_A, "er_b": 0.03 * AT_B}),
    Station("er_a", 11, 60, 0.20 * AT_A, {"xray": 0.3}),
    Station("er_b", 8, 60, 0.20 * AT_B, {"xray": 0.3}),
    Station("xray", 3, 30, 0.0, {}),
)
NAMES = tuple(station.name for station in STATIONS)
ROUTING = tuple(tuple(station.onward.get(name, 0.0) for name in NAMES) for station in STATIONS)


def days(episodes: int) -> int:
    """Whole days in which about so many fall ill."""
    return max(1, round(episodes / ARRIVALS_PER_MIN / DAY_MIN))


def expected() -> dict[tuple[str, str], float]:
    """Mean wait in minutes, by station and class, and of ``all``."""
    rates = jackson([ARRIVALS_PER_MIN * station.first for station in STATIONS], ROUTING)
    waits: dict[tuple[str, str], float] = {}
    for station, rate in zip(STATIONS, rates, strict=True):
        offered = rate * station.mean_min
        load = offered / station.units
        wait = mmc_wait(station.units, offered, station.mean_min)
        waits[station.name, "all"] = wait
        waits[station.name, "urgent"] = wait * (1 - load) / (1 - URGENT * load)
        waits[station.name, "other"] = wait / (1 - URGENT * load)
    return waits


def contacts_per_episode() -> float:
    """Stations that a patient is served at, in the mean."""
    return sum(jackson([station.first for station in STATIONS], ROUTING))


def model(episodes: int) -> Model:
    """The same network as a model of this program; its emergency rooms are one service at two sites, by their pull."""
    last = JANUARY + timedelta(days=days(episodes) - 1)
    by_name = {station.name: station for station in STATIONS}
    at_a, at_b = by_name.pop("er_a"), by_name.pop("er_b")
    services = {name: _service(s, "remote" if name == "phone" else "walk_in") for name, s in by_name.items()}
    services["er"] = _service(at_a, "walk_in", kind="emergency", choice=BY_PULL)
    sites = {
        "centre": {name: Offer(s.units) for name, s in by_name.items()},
        "a": {"er": Offer(at_a.units, pull=log(AT_A / AT_B))},
        "b": {"er": Offer(at_b.units)},
    }
    first = {name: s.first for name, s in by_name.items() if s.first} | {"er": at_a.first + at_b.first}
    mix = {"acuity": {"all": {"mix": {"2": URGENT, "4": 1 - URGENT}, "source": "bench", "quality": "D"}}}
    ill = need(first, rate=1000, **mix)
    network = Sketch(services, sites, {"ill": ill}, zones={"home": EPISODES}, start=JANUARY, end=last, holidays="none")
    with tempfile.TemporaryDirectory() as folder:
        return network.compile(Path(folder))


FAR_MIN = 60 * DAY_MIN
TARGETS = [0, 0, FAR_MIN, FAR_MIN, FAR_MIN]  # due in a time that never comes: the urgent first, always
BY_PULL = {"rule": "logit", "per_min": 0.01}  # everything is next door: pull alone decides


def _service(station: Station, mode: str, **more: Any) -> Plain:
    """A station's service, with the emergency rooms as one service and home with what is left."""
    onward: dict[str, float] = {}
    for to, share in station.onward.items():
        onward[to.split("_")[0]] = onward.get(to.split("_")[0], 0.0) + share
    ways = [*(way(to, share) for to, share in onward.items()), way("exit", 1 - sum(onward.values()))]
    return service(exponential(station.mean_min), mode, targets=TARGETS, then=ways, **more)
