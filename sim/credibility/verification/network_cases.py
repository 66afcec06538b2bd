"""Several stations and sites: networks, boarding, pooling, choice of site and distance."""

from __future__ import annotations

from sim.credibility.verification import quantities as read
from sim.credibility.verification import theory
from sim.credibility.verification.case import MEAN_MIN, Case, Quantity, rate
from sim.credibility.verification.markov_chains import blocked_tandem
from sim.credibility.verification.network import Offer, Plain, Sketch, exponential, need, service, way

WAIT = "mean wait, min"
HOMES = {"north": 5000, "middle": 3000, "south": 2000}
MINUTES = {"north": (12, 40, 55), "middle": (30, 18, 25), "south": (70, 33, 8)}  # to sites a, b, c; a km a minute
HALF = 1.4  # busy units that half of the people ask for
PULLS, PER_MIN = (0.0, 0.5, -0.3), 0.06
TRAVEL = {(home, site): time for home, times in MINUTES.items() for site, time in zip("abc", times, strict=True)}


def jackson() -> Case:
    """An open network with feedback."""
    at_first, again = 0.4, 0.25
    services = {
        "er": service(
            exponential(MEAN_MIN), "remote", kind="emergency", then=[way("clinic", at_first), way("exit", 0.6)]
        ),
        "clinic": service(
            exponential(4 * MEAN_MIN), "remote", kind="clinic", then=[way("er", again), way("exit", 0.75)]
        ),
    }
    network = Sketch(services, {"a": {"er": Offer(1)}, "b": {"clinic": Offer(2)}})
    network.needs = {"ill": need({"er": 1}, rate=rate(0.54))}
    er, clinic = theory.jackson([0.54 / MEAN_MIN, 0], [[0, at_first], [again, 0]])
    loads = er * MEAN_MIN, clinic * 4 * MEAN_MIN
    quantities = (
        Quantity("arrivals at the ER a day", er * 1440, read.measured("er_arrivals_per_day")),
        Quantity("present at the ER", loads[0] / (1 - loads[0]), read.measured("er_present_mean")),
        Quantity("mean wait at the clinic, min", theory.mmc_wait(2, loads[1], 4 * MEAN_MIN), read.mean_wait("clinic")),
    )
    says = "ER and clinic, 40 % go on, 25 % of those come back; Jackson 1957"
    return Case("Jackson network", says, network, 365, quantities, replications=80)


def boarding() -> Case:
    """The first station is blocked while the second is full."""
    load = 0.45
    services = {
        "er": service(exponential(MEAN_MIN), "remote", kind="emergency", then=[way("ward", how="holding")]),
        "ward": service(exponential(MEAN_MIN), "remote", kind="ward"),
    }
    network = Sketch(services, {"a": {"er": Offer(), "ward": Offer()}}, {"ill": need({"er": 1}, rate=rate(load))})
    wait, blocked = blocked_tandem(load, MEAN_MIN)
    quantities = (
        Quantity("mean wait for the ER, min", wait, read.mean_wait()),
        Quantity("hours of boarding a day", 24 * blocked, read.measured("er_boarding_h_per_day")),
    )
    says = "two units in a row, no room between, 0.675 of the greatest throughput; Avi-Itzhak & Yadin 1965"
    return Case("Tandem with blocking", says, network, 365, quantities)


def _two_sites(units: int, pool: str | None) -> Sketch:
    walk_in = service(exponential(MEAN_MIN), kind="emergency")
    offers = {site: {"er": Offer(units, pool=pool)} for site in ("a", "b")}
    travel = {("east", "a"): 5, ("west", "b"): 5, ("east", "b"): 30, ("west", "a"): 30}
    network = Sketch({"er": walk_in}, offers, zones={"east": 500, "west": 500}, travel=travel)
    network.needs = {"ill": need({"er": 1}, rate=rate(2 * HALF))}
    return network


def apart() -> Case:
    """Each half of the people has a site and units of its own."""
    quantities = (
        Quantity(WAIT, theory.mmc_wait(2, HALF, MEAN_MIN), read.mean_wait()),
        Quantity("share that waits", theory.erlang_c(2, HALF), read.share_that_waits()),
    )
    says = "half of the people each, 2 units each, load 0.7; Erlang C"
    return Case("Two sites apart", says, _two_sites(2, None), 200, quantities)


def pooled() -> Case:
    """The units of both sites serve all."""
    quantities = (
        Quantity(WAIT, theory.mmc_wait(4, 2 * HALF, MEAN_MIN), read.mean_wait()),
        Quantity("share that waits", theory.erlang_c(4, 2 * HALF), read.share_that_waits()),
    )
    says = "the same people and sites with one pool of 4 units; Erlang C"
    return Case("Two sites pooled", says, _two_sites(4, "both"), 330, quantities)


def _choosing(choice: Plain, units: int = 1000) -> Sketch:
    walk_in = service(exponential(MEAN_MIN), kind="emergency", choice=choice)
    sites = {site: {"er": Offer(units, pull=pull)} for site, pull in zip("abc", PULLS, strict=True)}
    network = Sketch({"er": walk_in}, sites, zones=HOMES, travel=TRAVEL)
    network.needs = {"ill": need({"er": 1}, rate=365)}  # a day and 1,000 people
    return network


def _shares(chosen: dict[str, list[float]]) -> tuple[float, list[float]]:
    """Mean km, and the share of each site, from each home's shares."""
    total = sum(HOMES.values())
    km = sum(HOMES[h] * sum(p * t for p, t in zip(chosen[h], MINUTES[h], strict=True)) for h in HOMES) / total
    return km, [sum(HOMES[h] * chosen[h][t] for h in HOMES) / total for t in range(3)]


def nearest() -> Case:
    """Everybody goes to the nearest site."""
    km, shares = _shares({h: [float(t == min(times)) for t in times] for h, times in MINUTES.items()})
    quantities = (
        Quantity("mean distance, km", km, read.measured("travel_km_per_contact")),
        Quantity("share at site b", shares[1], read.share_at("b")),
    )
    says = "three zones, three sites; people times distance"
    return Case("Nearest site", says, _choosing({"rule": "nearest"}), 365, quantities)


def logit() -> Case:
    """Nearness and a site's own pull."""
    km, shares = _shares({h: theory.logit(times, PULLS, PER_MIN) for h, times in MINUTES.items()})
    quantities = (
        Quantity("mean distance, km", km, read.measured("travel_km_per_contact")),
        Quantity("share at site b", shares[1], read.share_at("b")),
        Quantity("share at site c", shares[2], read.share_at("c")),
    )
    says = "0.06 a minute and pulls of 0, 0.5 and -0.3; McFadden 1974"
    return Case("Logit choice", says, _choosing({"rule": "logit", "per_min": PER_MIN}), 365, quantities)


def halves() -> Case:
    """A zone in two halves at one point is as the whole."""
    offered, people = 3.0, {"one_half": 300, "other_half": 700}
    times = (10, 20)
    share = theory.logit(times, (0.0, 0.0), PER_MIN)
    travel = {(home, site): time for home in people for site, time in zip("ab", times, strict=True)}
    walk_in = service(exponential(MEAN_MIN), kind="emergency", choice={"rule": "logit", "per_min": PER_MIN})
    sites = {"a": {"er": Offer(3)}, "b": {"er": Offer(2)}}
    network = Sketch({"er": walk_in}, sites, zones=people, travel=travel)
    network.needs = {"ill": need({"er": 1}, rate=rate(offered))}
    waits = [theory.mmc_wait(units, offered * p, MEAN_MIN) for units, p in zip((3, 2), share, strict=True)]
    quantities = (
        Quantity(WAIT, sum(p * wait for p, wait in zip(share, waits, strict=True)), read.mean_wait()),
        Quantity("mean distance, km", share[0] * 10 + share[1] * 20, read.measured("travel_km_per_contact")),
        Quantity("share at site b", share[1], read.share_at("b")),
    )
    says = "300 people and 700 at one point, two sites by logit: as for 1,000 in one zone; McFadden 1974, Erlang C"
    return Case("Two halves of a zone", says, network, 200, quantities)


__all__ = ["apart", "boarding", "halves", "jackson", "logit", "nearest", "pooled"]
