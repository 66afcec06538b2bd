"""A case: a small network, how long it runs, and what theory says of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from zlib import crc32

from sim.credibility.verification.network import SAID, Offer, Plain, Sketch, exponential, need, service
from sim.credibility.verification.quantities import Reading
from sim.model.tables import Model

REPLICATIONS = 30
MEAN_MIN = 10.0  # time is whole seconds: mean services are not shorter than this
YEAR_MIN = 365 * 1440
JANUARY = date(2027, 1, 1)  # a year that does not leap
APRIL = date(2027, 4, 1)  # the clocks do not change for 213 days


@dataclass(frozen=True)
class Quantity:
    """What is compared: a name with its unit, the exact value, and how a run tells it."""

    name: str
    exact: float
    read: Reading


@dataclass(frozen=True, eq=False)
class Case:
    """A network that theory can solve. A tenth of the run is warm-up, unless it is to start empty."""

    name: str
    says: str  # what the network is, and who solved it
    network: Sketch
    days: int
    quantities: tuple[Quantity, ...]
    replications: int = REPLICATIONS
    start: date = JANUARY
    warms_up: bool = True

    @property
    def seed(self) -> int:
        """Luck of its own, always the same."""
        return crc32(self.name.encode())

    def compile(self, folder: Path) -> Model:
        """Writes the network as the files of a study, reads and compiles them."""
        last = self.start + timedelta(days=self.days - 1)
        network = replace(self.network, start=self.start, end=last, holidays="none")
        model = network.compile(folder)
        return replace(model, window_start=model.horizon // 10 if self.warms_up else 0)


def rate(offered: float, mean: float = MEAN_MIN) -> float:
    """Episodes a year that offer so many busy units, with a mean service in minutes."""
    return offered * YEAR_MIN / mean


def station(
    units: int, offered: float, time: Plain | None = None, more: Plain | None = None, **rules: object
) -> Sketch:
    """An emergency room that never closes, Poisson arrivals, mean service of ten minutes; ``more`` is of the need."""
    rules = {"kind": "emergency", **rules}
    served = service(time or exponential(MEAN_MIN), "remote", **rules)  # type: ignore[arg-type]
    ill = need({"er": 1}, rate=rate(offered), **(more or {}))
    return Sketch({"er": served}, {"a": {"er": Offer(units)}}, {"ill": ill})


def signal(of: str, what: str, classes: Sequence[int], over_h: int = 0) -> Plain:
    """What can be known of a service, by rising thresholds."""
    return {"of": of, "what": what, "over_h": over_h, "classes": list(classes)}


def rule(**says: object) -> Plain:
    """One rule for everybody: a refusal, a delay before which nothing starts, or appointments that are missed."""
    return {"all": {**says, **SAID}}


__all__ = ["APRIL", "MEAN_MIN", "YEAR_MIN", "Case", "Quantity", "rate", "rule", "signal", "station"]
