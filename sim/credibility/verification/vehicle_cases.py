"""Ambulances: teams that carry the patient on, and the base by nearest idle."""

from __future__ import annotations

from collections.abc import Iterator

from sim.credibility.verification import quantities as read
from sim.credibility.verification import theory
from sim.credibility.verification import unit_quantities as units
from sim.credibility.verification.case import MEAN_MIN, Case, Quantity, rate
from sim.credibility.verification.network import SAID, Offer, Sketch, exponential, need, service, way
from sim.credibility.verification.state_spaces import Distribution, State, stationary
from sim.model.codes import Outcome

FULL = {"waiting": 0, **SAID}
CALLS = 1.2, 0.7  # from the east and the west, in a mean service


def carried() -> Case:
    """Ambulances whose hold is a sum of drives and an exponential time at the scene."""
    number, out, scene, to_hospital, home = 3, 12, 20.0, 18, 9
    hold, calls = out + scene + to_hospital + home, 0.04  # a minute
    services = {
        "er": service(exponential(scene), "outreach", then=[way("hospital", how="carried")], queue_limit=FULL),
        "hospital": service(MEAN_MIN),
    }
    sites = {"base": {"er": Offer(number, tour=True)}, "town": {"hospital": Offer(1000)}}
    travel = {("home", "base"): out, ("home", "town"): to_hospital, ("town", "base"): home}
    network = Sketch(services, sites, {"ill": need({"er": 1}, rate=rate(calls, 1))}, travel=travel)
    lost = theory.erlang_b(number, calls * hold)
    served = calls * (1 - lost)
    quantities = (
        Quantity("share turned away", lost, read.share_of_outcome(Outcome.TURNED_AWAY)),
        Quantity("mean hold, min", hold, units.mean_hold()),
        Quantity("units in use", served * hold, units.units_held()),
        Quantity("km a day", served * 1440 * (out + to_hospital + home), read.measured("outreach_km_per_day")),
    )
    drives = "12 min out, 20 at the scene, 18 to the hospital, 9 home"
    says = f"3 ambulances, {drives}, nobody waits; M/G/c/c, Sevast'yanov 1957"
    return Case("Ambulances that carry", says, network, 150, quantities)


def hypercube(calls: tuple[float, float]) -> Distribution:
    """Two units, each the first choice of the calls from its side, the other's when that one is busy; nobody waits.

    Larson's hypercube queueing model with two servers and no queue (1974, Computers & Operations Research 1); time is
    in mean services.
    """

    def follow(a: int, b: int) -> Iterator[tuple[State, float]]:
        east, west = calls
        if not a:
            yield (1, b), east + west * b
        if not b:
            yield (a, 1), west + east * a
        if a:
            yield (0, b), 1.0
        if b:
            yield (a, 0), 1.0

    return stationary((0, 0), follow)


def nearest_idle() -> Case:
    """Two bases of one unit each."""
    mean = 30.0  # a unit is free in the very second in which a service ends: half a second less of work
    er = service(exponential(mean), "remote", kind="emergency", choice={"rule": "nearest_idle"}, queue_limit=FULL)
    travel = {("east", "a"): 5, ("west", "b"): 5, ("east", "b"): 30, ("west", "a"): 30}
    zones = {"east": round(1000 * CALLS[0]), "west": round(1000 * CALLS[1])}
    network = Sketch({"er": er}, {"a": {"er": Offer()}, "b": {"er": Offer()}}, zones=zones, travel=travel)
    network.needs = {"ill": need({"er": 1}, rate=rate(1, mean))}  # from a thousand people
    chain = hypercube(CALLS)
    east = chain.mean(lambda a, b: (a == 1) & (b == 0)) / chain.mean(lambda a, b: a + b < 2)
    west = chain.mean(lambda a, b: (b == 1) & (a == 0)) / chain.mean(lambda a, b: a + b < 2)
    quantities = (
        Quantity("share turned away", chain.mean(lambda a, b: a + b == 2), read.share_of_outcome(Outcome.TURNED_AWAY)),
        Quantity("busy at a", chain.mean(lambda a, b: a), units.at_site("a")),
        Quantity("share of the east's served from b", east, units.share_sent("east", "b")),
        Quantity("share of the west's served from a", west, units.share_sent("west", "a")),
    )
    says = "two bases of one unit, each nearest to one side, nobody waits; hypercube of two servers, Larson 1974"
    return Case("Nearest idle base", says, network, 200, quantities)


__all__ = ["carried", "hypercube", "nearest_idle"]
