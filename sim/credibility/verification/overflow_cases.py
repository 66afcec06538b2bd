"""Room elsewhere: the next site, a second pool, units kept free, and who goes when there is none."""

from __future__ import annotations

from sim.credibility.verification import overflow
from sim.credibility.verification import quantities as read
from sim.credibility.verification import unit_quantities as units
from sim.credibility.verification.case import MEAN_MIN, Case, Quantity, rate, station
from sim.credibility.verification.network import SAID, Offer, Sketch, exponential, need, service, way
from sim.model.codes import Outcome

AWAY = "share turned away"


def next_site() -> Case:
    """Who finds one site full asks the other."""
    number, offered = (3, 2), (2.0, 1.5)
    full = {"waiting": 0, "when_full": "next_site", **SAID}
    er = service(exponential(MEAN_MIN), "remote", kind="emergency", queue_limit=full)
    sites = {site: {"er": Offer(n)} for site, n in zip("ab", number, strict=True)}
    travel = {("east", "a"): 5, ("west", "b"): 5, ("east", "b"): 30, ("west", "a"): 30}
    people = {"east": 400, "west": 300}
    network = Sketch({"er": er}, sites, zones=people, travel=travel)
    network.needs = {"ill": need({"er": 1}, rate=rate(sum(offered)) / 0.7)}
    chain = overflow.mutual_overflow(number, offered)
    full_a, full_b = chain.mean(lambda i, j: i == number[0]), chain.mean(lambda i, j: j == number[1])
    both = chain.mean(lambda i, j: (i == number[0]) & (j == number[1]))
    requests = offered[0] * (1 + full_a) + offered[1] * (1 + full_b)
    turned = offered[0] * (full_a + both) + offered[1] * (full_b + both)
    quantities = (
        Quantity("share of requests turned away", turned / requests, read.share_of_outcome(Outcome.TURNED_AWAY)),
        Quantity("busy at a", chain.mean(lambda i, j: i), units.at_site("a")),
        Quantity("busy at b", chain.mean(lambda i, j: j), units.at_site("b")),
    )
    says = "3 and 2 units, nobody waits, who is turned away asks at the other site; chain of both (Wilkinson 1956)"
    return Case("Next site", says, network, 60, quantities)


def outliers() -> Case:
    """Two wards with beds of their own, and some that both may use when theirs are full."""
    number, offered = (3, 2, 2), (2.5, 1.5)
    names = "medicine", "surgery"
    ward = service(exponential(MEAN_MIN), "remote", queue_limit={"waiting": 0, **SAID})
    sites = {"a": {name: Offer(n, pool=name, further="outlier") for name, n in zip(names, number, strict=False)}}
    network = Sketch(dict.fromkeys(names, ward), sites, rooms={"a": {"outlier": Offer(number[2])}})
    network.needs = {f"of_{n}": need({n: 1}, rate=rate(o)) for n, o in zip(names, offered, strict=True)}
    chain = overflow.shared_overflow(number, offered)
    away = (
        chain.mean(lambda i, j, k: (i == number[0]) & (k == number[2])),
        chain.mean(lambda i, j, k: (j == number[1]) & (k == number[2])),
    )
    beds = read.weighted([units.in_pool("outlier", name) for name in names], [1, 1])
    quantities = (
        *(
            Quantity(f"{AWAY}, {n}", p, read.share_of_outcome(Outcome.TURNED_AWAY, n))
            for n, p in zip(names, away, strict=True)
        ),
        Quantity("outliers' beds in use", chain.mean(lambda i, j, k: k), beds),
    )
    says = "3 and 2 beds of their own and 2 that take whom either has no bed for; chain of the three (Wilkinson 1956)"
    return Case("Outliers", says, network, 60, quantities)


def kept_free() -> Case:
    """The last two units are for the urgent."""
    number, mix = 5, {"1": 0.5, "4": 0.5}
    offered = 4.0
    network = station(
        number, offered, more={"acuity": {"all": {"mix": mix, **SAID}}}, queue_limit={"waiting": 0, **SAID}
    )
    network.sites = {"a": {"er": Offer(number, keep_free="0 0 0 2 2")}}
    shares = overflow.reserved(number, [offered * share for share in mix.values()], (0, 2))
    quantities = [
        Quantity(f"{AWAY}, acuity {q}", p, units.share_of_acuity(Outcome.TURNED_AWAY, int(q)))
        for q, p in zip(mix, shares, strict=True)
    ]
    says = "5 units, acuity 4 must leave two of them free; trunk reservation, Miller 1969"
    return Case("Units kept free", says, network, 150, tuple(quantities))


def spill() -> Case:
    """Who has waited for half an hour may use what is kept in reserve."""
    load, mean, after = 0.8, 20.0, 30.0
    er = service(exponential(mean), "remote", kind="emergency")
    sites = {"a": {"er": Offer(1, pool="own", further="reserve", spill_after_h=str(after / 60))}}
    network = Sketch({"er": er}, sites, {"ill": need({"er": 1}, rate=rate(load, mean))})
    network.rooms = {"a": {"reserve": Offer(1000)}}
    share, wait = overflow.spilled(load, mean, after)
    quantities = (
        Quantity("share in the reserve", share, units.share_in_pool("reserve")),
        Quantity("mean wait, min", wait, read.mean_wait()),
    )
    says = "one unit, and a reserve without end for whoever has waited for 30 minutes; M/M/1+D, Barrer 1957"
    return Case("Spill after a wait", says, network, 200, quantities)


def leave() -> Case:
    """Who finds the queue full goes where the impatient go."""
    places, offered, patience, to_clinic = 4, 1.1, 30.0, 0.6
    network = station(
        1,
        offered,
        patience=exponential(patience),
        leaves=[way("clinic", to_clinic), way("exit", 1 - to_clinic)],
        queue_limit={"waiting": places - 1, "when_full": "leave", **SAID},
    )
    network.services = {**network.services, "clinic": service(exponential(MEAN_MIN), "remote", kind="clinic")}
    network.sites = {"a": {"er": Offer(), "clinic": Offer(1000)}}
    full, left = overflow.leaving(places, offered, MEAN_MIN, patience)
    quantities = (
        Quantity(AWAY, full, read.share_of_outcome(Outcome.TURNED_AWAY)),
        Quantity("share that left", left, read.share_of_outcome(Outcome.LEFT)),
        Quantity(
            "clinic visits a day", offered / MEAN_MIN * 1440 * (full + left) * to_clinic, units.requests_a_day("clinic")
        ),
    )
    says = (
        "one unit, three may wait, mean patience of 30 minutes, all who go take the same ways; Ancker & Gafarian 1963"
    )
    return Case("Leave when full", says, network, 250, quantities, 60)


__all__ = ["kept_free", "leave", "next_site", "outliers", "spill"]
