"""Networks that answer to how full they are: balking, diversion, admission, haste, and yesterday's news."""

from __future__ import annotations

from collections.abc import Sequence

from sim.credibility.verification import quantities as read
from sim.credibility.verification import response_chains as chains
from sim.credibility.verification import theory
from sim.credibility.verification import unit_quantities as units
from sim.credibility.verification.case import MEAN_MIN, Case, Quantity, rate, rule, signal, station
from sim.credibility.verification.network import (
    SAID,
    Offer,
    Plain,
    Sketch,
    exponential,
    minutes,
    need,
    responding,
    service,
    way,
)
from sim.model.codes import Outcome

AWAY = "share turned away"


def balking() -> Case:
    """The longer the queue, the more stay away."""
    number, offered, classes, share = 2, 1.9, (1, 3), (0.0, 0.3, 0.7)
    network = station(number, offered, refuse=rule(signal="queue", share=list(share)))
    network.care = {"signals": {"queue": signal("er", "queue", classes)}}
    away, wait, present = chains.balking(
        number, offered, MEAN_MIN, lambda n: share[chains.class_of(n - number, classes)]
    )
    quantities = (
        Quantity(AWAY, away, read.share_of_outcome(Outcome.TURNED_AWAY)),
        Quantity("mean wait of the others, min", wait, read.wait_of_outcome(Outcome.DONE)),
        Quantity("present", present, read.measured("er_present_mean")),
    )
    says = "2 units, 30 % stay away if one waits, 70 % if three do; birth and death (Haight 1957)"
    return Case("Balking", says, network, 200, quantities)


def diversion() -> Case:
    """Whoever would be one too many is diverted: a limited queue by another word."""
    number, places, offered = 2, 5, 1.8
    network = station(number, offered, refuse=rule(signal="full", share=[0, 1]))
    network.care = {"signals": {"full": signal("er", "per_unit", [1000 * places // number])}}
    away, wait = theory.mmck(number, places, offered, MEAN_MIN)
    quantities = (
        Quantity(AWAY, away, read.share_of_outcome(Outcome.TURNED_AWAY)),
        Quantity("mean wait of the others, min", wait, read.wait_of_outcome(Outcome.DONE)),
    )
    says = "2 units, all are diverted at 2.5 patients a unit; M/M/2/5, Gross & others 2008"
    return Case("Diversion", says, network, 250, quantities)


def admission() -> Case:
    """Fewer are admitted to a ward that is nearly full."""
    load, beds, stay, admitted, odds = 0.6, 4, 60.0, 0.8, (1.0, 0.25)
    shares = [admitted * o / (admitted * o + 1 - admitted) for o in odds]
    seen = service(
        exponential(MEAN_MIN), "remote", kind="emergency", then=[way("ward", admitted), way("exit", 1 - admitted)]
    )
    er = responding(seen, ways={"signal": "full", "step": "w0", "odds": list(odds)})
    ward = service(exponential(stay), "remote", kind="ward")
    network = Sketch({"er": er, "ward": ward}, {"a": {"er": Offer(), "ward": Offer(beds)}})
    network.needs = {"ill": need({"er": 1}, rate=rate(load))}
    network.care = {"signals": {"full": signal("ward", "occupancy", [750])}}
    share, wait = chains.admitting(beds, load / MEAN_MIN, stay, lambda k: shares[k >= 3])
    quantities = (
        Quantity("admissions a day", share * load / MEAN_MIN * 1440, units.requests_a_day("ward")),
        Quantity("mean wait for a bed, min", wait, read.mean_wait("ward")),
    )
    says = "80 % admitted to 4 beds, a quarter of the odds from 75 % occupancy on; Burke 1956, birth and death"
    return Case("Admission by occupancy", says, network, 365, quantities, 80)


def haste() -> Case:
    """The more wait, the shorter a service is."""
    load, mean, factors = 0.75, 20.0, (1.0, 0.8, 0.6)
    quick = responding(
        service(exponential(mean), "remote", kind="emergency"), length={"signal": "wait", "factor": list(factors)}
    )
    network = Sketch({"er": quick}, {"a": {"er": Offer()}}, {"ill": need({"er": 1}, rate=rate(load, mean))})
    network.care = {"signals": {"wait": signal("er", "expected_wait", [15, 50])}}  # one waits, or three
    wait, busy = chains.hastened(load, mean, (1, 3), factors)
    quantities = (
        Quantity("mean wait, min", wait, read.mean_wait()),
        Quantity("in service", busy, read.in_service()),
    )
    says = "one unit; services that start with an expected wait of 15 or 50 minutes take 0.8 or 0.6 of the time; chain"
    return Case("Haste by expected wait", says, network, 365, quantities, 40)


def yesterday() -> Case:
    """A steep answer to what was known yesterday sways from day to day, as theory says."""
    says = "40 ask from 8 to 18, half are refused if 36 were there the day before; chain of the days' classes"
    return _daily("Refusal by yesterday, steep", says, (36,), (0.0, 0.5))


def gently() -> Case:
    """A gentle answer does not: the days vary less than without any, which would be Poisson with 40."""
    edges, refused = (26, 30, 34, 38, 42, 46), (0.0, 0.02, 0.04, 0.06, 0.08, 0.1, 0.12)
    says = "40 ask from 8 to 18, none to 12 % are refused by the number of the day before in seven classes; as above"
    return _daily("Refusal by yesterday, gentle", says, edges, refused)


def _daily(name: str, says: str, edges: Sequence[int], refused: Sequence[float]) -> Case:
    """Requests of an hour each, of whom some are refused by how many were there on the day before."""
    asking, beds, hour = 40.0, 20, 60
    known = [1000 * edge * hour // (beds * 1440) for edge in edges]  # mean occupancy of a day of so many
    answer = rule(signal="yesterday", share=list(refused))
    offered = asking * MEAN_MIN / 1440
    network = station(beds, offered, time=minutes(hour), more={"profile": "day"}, refuse=answer)
    network.profiles = {"day": _office()}
    network.care = {"signals": {"yesterday": signal("er", "occupancy", known, over_h=24)}}
    daily = chains.yesterday(asking, edges, refused)
    changes = 2 * daily.variance * (1 - daily.correlation)
    quantities = (
        Quantity("started a day", daily.mean, units.starts_a_day()),
        Quantity("variance of the days", daily.variance, units.variance_of_days()),
        Quantity("variance of the change from day to day", changes, units.variance_of_changes()),
    )
    return Case(name, says, network, 365, quantities, 150)


def _office() -> Plain:
    return {"hour": [0] * 8 + [1] * 10 + [0] * 6, "weekday": [1] * 7, "month": [1] * 12, **SAID}


__all__ = ["admission", "balking", "diversion", "gently", "haste", "yesterday"]
