"""Units within units, boarding after it, and holders of each other's units."""

from __future__ import annotations

from sim.credibility.verification import quantities as read
from sim.credibility.verification import unit_quantities as units
from sim.credibility.verification.case import YEAR_MIN, Case, Quantity
from sim.credibility.verification.held_chains import (
    boarding_within,
    exchanged,
    exchanged_past_queues,
    three_deep,
    within,
)
from sim.credibility.verification.network import SAID, Offer, Sketch, exponential, need, service, way
from sim.model.codes import Outcome

NOBODY_WAITS = {"waiting": 0, **SAID}
AWAY = "share turned away"


def doctor_within() -> Case:
    """A place is kept until the doctor is done."""
    places, doctors, arrivals, own, seen = 3, 1, 0.045, 20.0, 10.0
    services = {
        "er": service(exponential(own), "remote", kind="emergency", then=[way("doctor", how="within")]),
        "doctor": service(exponential(seen), "remote"),
    }
    network = Sketch(services, {"a": {"er": Offer(places), "doctor": Offer(doctors)}})
    network.needs = {"ill": need({"er": 1}, rate=arrivals * YEAR_MIN)}
    wait, unseen, used = within(places, doctors, arrivals, own, seen)
    quantities = (
        Quantity("mean wait for a place, min", wait, read.mean_wait()),
        Quantity("mean wait for the doctor, min", unseen, read.mean_wait("doctor")),
        Quantity("places in use", used, units.units_held()),
    )
    says = "3 places kept while one doctor, asked for after a time of one's own, is waited for and sees; chain of both"
    return Case("Within: place and doctor", says, network, 365, quantities, 60)


def impatient_within() -> Case:
    """Whose patience with the doctor ends leaves the queue and the place."""
    places, doctors, arrivals, own, seen, patience = 4, 1, 0.06, 20.0, 12.0, 30.0
    services = {
        "er": service(exponential(own), "remote", kind="emergency", then=[way("doctor", how="within")]),
        "doctor": service(exponential(seen), "remote", patience=exponential(patience)),
    }
    network = Sketch(services, {"a": {"er": Offer(places), "doctor": Offer(doctors)}})
    network.needs = {"ill": need({"er": 1}, rate=arrivals * YEAR_MIN)}
    wait, unseen, used = within(places, doctors, arrivals, own, seen, patience)
    quantities = (
        Quantity("mean wait for a place, min", wait, read.mean_wait()),
        Quantity("share that left without a doctor", unseen / patience, read.share_of_outcome(Outcome.LEFT, "doctor")),
        Quantity("mean wait for the doctor, min", unseen, read.mean_wait("doctor")),
        Quantity("places in use", used, units.units_held()),
    )
    says = "4 places kept while one doctor is waited for with a mean patience of 30 minutes, or given up; chain of both"
    return Case("Within: patience with the doctor", says, network, 365, quantities, 60)


def nurse_and_doctor_within() -> Case:
    """A bed, within it a nurse, within both a doctor."""
    number, arrivals, times = (6, 3, 1), 0.1, (20.0, 10.0, 12.0)
    services = {
        "bed": service(exponential(times[0]), "remote", queue_limit=NOBODY_WAITS, then=[way("nurse", how="within")]),
        "nurse": service(exponential(times[1]), "remote", then=[way("doctor", how="within")]),
        "doctor": service(exponential(times[2]), "remote"),
    }
    offers = {name: Offer(n) for name, n in zip(services, number, strict=True)}
    network = Sketch(services, {"a": offers}, {"ill": need({"bed": 1}, rate=arrivals * YEAR_MIN)})
    away, used, for_nurse, for_doctor = three_deep(number, arrivals, times)
    quantities = (
        Quantity(AWAY, away, read.share_of_outcome(Outcome.TURNED_AWAY, "bed")),
        Quantity("beds in use", used, units.units_held("bed")),
        Quantity("mean wait for a nurse, min", for_nurse, read.mean_wait("nurse")),
        Quantity("mean wait for the doctor, min", for_doctor, read.mean_wait("doctor")),
    )
    says = (
        "6 beds, 3 nurses, one doctor, each kept while the next is waited for and used; nobody waits for a bed; chain"
    )
    return Case("Within: bed, nurse and doctor", says, network, 90, quantities)


def boarding_after_within() -> Case:
    """Who has been seen keeps place and doctor until there is a bed."""
    number, arrivals, times = (4, 2, 3), 0.03, (20.0, 15.0, 60.0)
    services = {
        "er": service(exponential(times[0]), "remote", kind="emergency", then=[way("doctor", how="within")]),
        "doctor": service(exponential(times[1]), "remote", then=[way("ward", how="holding", gives_back="all")]),
        "ward": service(exponential(times[2]), "remote", kind="ward"),
    }
    offers = {name: Offer(n) for name, n in zip(services, number, strict=True)}
    network = Sketch(services, {"a": offers}, {"ill": need({"er": 1}, rate=arrivals * YEAR_MIN)})
    waits, unseen, boards = boarding_within(number, arrivals, times)
    quantities = (
        Quantity("share that waits for a place", waits, read.share_that_waits()),
        Quantity("mean wait for the doctor, min", unseen, read.mean_wait("doctor")),
        Quantity("boarding", boards, units.boarding("doctor")),
    )
    says = "4 places, 2 doctors within, both kept until one of 3 beds is free (holding, all); chain of the three"
    return Case("Boarding after within", says, network, 365, quantities, 80)


def swapped() -> Case:
    """Step-down and step-up beds that would block each other for ever."""
    number, arrivals, times, back = (3, 4), 0.04, (60.0, 90.0), 0.5
    down = [way("ward", how="holding")]
    services = {
        "icu": service(exponential(times[0]), "remote", queue_limit=NOBODY_WAITS, then=down),
        "icu_again": service(exponential(times[0]), "remote", then=down),
        "ward": service(
            exponential(times[1]), "remote", then=[way("icu_again", back, how="holding"), way("exit", 1 - back)]
        ),
    }
    offers = {"icu": Offer(number[0], pool="icu"), "icu_again": Offer(number[0], pool="icu"), "ward": Offer(number[1])}
    network = Sketch(services, {"a": offers}, {"ill": need({"icu": 1}, rate=arrivals * YEAR_MIN)})
    away, down_waits, up_waits = exchanged(number, arrivals, times, back)
    quantities = (
        Quantity(AWAY, away, read.share_of_outcome(Outcome.TURNED_AWAY, "icu")),
        Quantity("wait in the ward for intensive care", up_waits, units.boarding("ward")),
        Quantity("wait in intensive care for the ward", down_waits, _boarding("icu", "icu_again")),
    )
    says = (
        "3 beds of intensive care and 4 of a ward, half step up again, nobody waits to come in; exchange; chain of both"
    )
    return Case("Swap: step-down and step-up", says, network, 365, quantities, 60)


def swapped_past_queues() -> Case:
    """Step-down and step-up beds with queues from outside, of which one stands between those who exchange.

    Target waits of a year set movers up before those from outside, and movers down behind them.
    """
    number, room, arrivals, times, on = (3, 4), (2, 2), (0.03, 0.02), (60.0, 90.0), (0.6, 0.4)
    two_wait, last = {"waiting": room[0], **SAID}, [float(YEAR_MIN)] * 5
    down = [way("ward_again", on[0], how="holding"), way("exit", 1 - on[0])]
    up = [way("icu_again", on[1], how="holding"), way("exit", 1 - on[1])]
    services = {
        "icu": service(exponential(times[0]), "remote", down, targets=last, queue_limit=two_wait),
        "icu_again": service(exponential(times[0]), "remote", down),
        "ward": service(exponential(times[1]), "remote", up, queue_limit=two_wait),
        "ward_again": service(exponential(times[1]), "remote", up, targets=last),
    }
    beds = [Offer(n, pool=pool) for n, pool in zip(number, ("icu", "ward"), strict=True)]
    offers = {"icu": beds[0], "icu_again": beds[0], "ward": beds[1], "ward_again": beds[1]}
    needs = {
        f"for_{name}": need({name: 1}, rate=a * YEAR_MIN) for name, a in zip(("icu", "ward"), arrivals, strict=True)
    }
    network = Sketch(services, {"a": offers}, needs)
    icu, ward = exchanged_past_queues(number, room, arrivals, times, on)
    quantities = (
        Quantity(f"{AWAY}, intensive care", icu.away, read.share_of_outcome(Outcome.TURNED_AWAY, "icu")),
        Quantity(f"{AWAY}, ward", ward.away, read.share_of_outcome(Outcome.TURNED_AWAY, "ward")),
        Quantity("mean wait for intensive care, min", icu.outside / arrivals[0], read.mean_wait("icu")),
        Quantity("mean wait for the ward, min", ward.outside / arrivals[1], read.mean_wait("ward")),
        Quantity("wait in the ward for intensive care", ward.done, _boarding("ward", "ward_again")),
        Quantity("wait in intensive care for the ward", icu.done, _boarding("icu", "icu_again")),
    )
    says = (
        "3 beds of intensive care and 4 of a ward, two may wait for each; up before those from outside, down behind "
        "them; exchange past the queue; chain of both"
    )
    return Case("Swap: queues from outside", says, network, 365, quantities, 60)


def _boarding(*services: str) -> read.Reading:
    """Beds kept by those whose service is over, of several services."""
    return read.weighted([units.boarding(name) for name in services], [1] * len(services))


__all__ = [
    "boarding_after_within",
    "doctor_within",
    "impatient_within",
    "nurse_and_doctor_within",
    "swapped",
    "swapped_past_queues",
]
