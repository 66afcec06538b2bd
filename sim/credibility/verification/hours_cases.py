"""Hours of starting and ending, the four rules of a shift's end on one plan, and appointments."""

from __future__ import annotations

from math import exp, log

from scipy import stats

from sim.credibility.verification import daily_chains as chains
from sim.credibility.verification import quantities as read
from sim.credibility.verification import theory
from sim.credibility.verification import unit_quantities as units
from sim.credibility.verification.case import APRIL, MEAN_MIN, YEAR_MIN, Case, Quantity, rate, rule
from sim.credibility.verification.markov_chains import StaffedShift, staffed_queue
from sim.credibility.verification.network import SAID, Offer, Plain, Sketch, exponential, need, service
from sim.model.codes import Outcome

NOBODY_WAITS = {"waiting": 0, **SAID}
HALF_HOUR = 30.0
TWO, ASKING = 2, 0.04  # units from 8 to 12 and from 12 to 16; requests a minute from 6 to 16


def ward_rounds() -> Case:
    """Discharged at rounds, with beds enough: the wait for rounds is a stay."""
    arrivals, stay = 3.0, 20.0
    ward = service(exponential(60 * stay), "remote", kind="ward", ends="rounds")
    network = Sketch({"ward": ward}, {"a": {"ward": Offer(10_000)}}, calendars={"rounds": "10:00-12:00"})
    network.needs = {"ill": need({"ward": 1}, rate=arrivals * 24 * 365)}
    present = [(hour, chains.after_rounds(arrivals, stay, 22, (hour - 12) % 24)) for hour in (9, 12, 18)]
    quantities = (
        Quantity("mean stay, min", 60 * (stay + chains.extra_stay(22)), units.mean_stay("ward")),
        *(Quantity(f"present at {hour}:00", n, read.in_service_at(hour, service="ward")) for hour, n in present),
    )
    says = "3 patients an hour stay 20 hours and until rounds from 10 to 12; M/G/inf (Takacs 1962)"
    return Case("Ends: rounds", says, network, 150, quantities, start=APRIL)


def full_rounds() -> Case:
    """Few beds, and who is done keeps one until rounds."""
    beds, arrivals, stay = 8, 0.5 / 60, 600.0
    ward = service(exponential(stay), "remote", kind="ward", ends="rounds", queue_limit=NOBODY_WAITS)
    network = Sketch({"ward": ward}, {"a": {"ward": Offer(beds)}}, calendars={"rounds": "10:00-12:00"})
    network.needs = {"ill": need({"ward": 1}, rate=arrivals * YEAR_MIN)}
    day = chains.rounds(beds, arrivals, stay, 10, 12)
    there = day.mean(lambda busy, done: busy + done)
    quantities = (
        Quantity(
            "share turned away",
            float(day.mean(lambda busy, done: busy + done == beds).mean()),
            read.share_of_outcome(Outcome.TURNED_AWAY, "ward"),
        ),
        Quantity("beds in use at 9:00", float(there[9 * 60]), read.in_service_at(9, service="ward")),
        Quantity("beds in use at 13:00", float(there[13 * 60]), read.in_service_at(13, service="ward")),
    )
    says = "8 beds, nobody waits, a stay of 10 hours that ends at rounds from 10 to 12; M(t) chain of stay and done"
    return Case("Ends: rounds, few beds", says, network, 210, quantities, 60, APRIL)


def planned_mornings() -> Case:
    """Planned care starts in the morning alone, and acute care that shares the units at any hour."""
    number, acute, planned, mean = 3, 0.06, 0.01, 20.0
    services = {
        "er": service(exponential(mean), "remote", kind="emergency", queue_limit=NOBODY_WAITS),
        "clinic": service(exponential(mean), "booked", kind="clinic", starts="mornings"),
    }
    offers = {name: Offer(number, pool="units") for name in services}
    network = Sketch(services, {"a": offers}, calendars={"mornings": "08:00-12:00"})
    network.needs = {
        "acute": need({"er": 1}, rate=acute * YEAR_MIN),
        "planned": need({"clinic": 1}, rate=planned * YEAR_MIN),
    }
    day = chains.planned_starts(number, acute, planned, mean, 8, 12, 60)
    waiting = day.mean(lambda waiting, busy: waiting)
    away = day.mean(lambda waiting, busy: busy == number)
    quantities = (
        Quantity("mean wait of the planned, min", float(waiting.mean()) / planned, read.mean_wait("clinic")),
        Quantity("waiting at 6:00", float(waiting[6 * 60]), read.waiting_at(6, service="clinic")),
        Quantity("share of the acute turned away", float(away.mean()), read.share_of_outcome(Outcome.TURNED_AWAY)),
    )
    says = (
        "3 units, acute care at all hours that never waits, planned care that starts from 8 to 12; M(t) chain of both"
    )
    return Case("Starts: mornings", says, network, 210, quantities, 60, APRIL)


def finish_plan() -> Case:
    """As shifts ever ended: who is in service is served to the end."""
    return _plan("finish", sum(level.sum() for level in staffed_queue(_shifts(), HALF_HOUR, 80)))


def overtime_plan() -> Case:
    """Two hours more for whoever asked before the end."""
    return _plan("overtime", sum(level.sum() for level in staffed_queue(_shifts(120), HALF_HOUR, 80)))


def fresh_plan() -> Case:
    """The afternoon's units are there at noon, whatever the morning's still do."""
    return _plan("fresh", chains.fresh_shifts(_shifts(), HALF_HOUR, 80).sum())


def hand_over_plan() -> Case:
    """Who is in service at the end of the day goes on in the morning."""
    return _plan("hand_over", chains.handed_over(_shifts(), HALF_HOUR, 80).sum())


def _shifts(overtime: int = 0) -> list[StaffedShift]:
    day = [(360, 0.0, 0), (120, ASKING, 0), (240, ASKING, TWO), (240, ASKING, TWO), (overtime, 0.0, TWO)]
    return [StaffedShift(*part) for part in [*day, (480 - overtime, 0.0, 0)] if part[0]]


def _plan(shift_end: str, there: float) -> Case:
    """``there``: minutes that patients are in the system in a day."""
    staffed = {"every_day": [{"hours": "08:00-12:00"}, {"hours": "12:00-16:00"}]}
    over = 2 if shift_end == "overtime" else 0
    profile: Plain = {"hour": [0] * 6 + [1] * 10 + [0] * 8, "weekday": [1] * 7, "month": [1] * 12, **SAID}
    er = service(exponential(HALF_HOUR), "booked", kind="emergency")
    offer = Offer(TWO, staffed=staffed, overtime_h=over, shift_end=shift_end)
    network = Sketch({"er": er}, {"a": {"er": offer}}, profiles={"day": profile})
    network.needs = {"ill": need({"er": 1}, rate=ASKING * 600 * 365, profile="day")}
    exact = float(there) / (600 * ASKING)
    quantity = Quantity("mean time in the system, min", exact, units.time_in_system())
    says = (
        f"2 units from 8 to 12 and 2 from 12 to 16, requests from 6 to 16, half an hour each: {shift_end}; M(t)/M/c(t)"
    )
    return Case(f"Four rules: {shift_end}", says, network, 210, (quantity,), 150, APRIL)


def not_before() -> Case:
    """An appointment waits for its time, and then for its turn."""
    load, delay, median, p90 = 0.6, 60.0, 120.0, 240.0
    later = rule(time=exponential(delay))
    wished = rule(time={"dist": "lognormal", "unit": "min", "median": median, "p90": p90})
    services = {
        "er": service(exponential(MEAN_MIN), "booked", kind="emergency", not_before=later),
        "clinic": service(exponential(MEAN_MIN), "booked", kind="clinic", not_before=wished),
    }
    network = Sketch(services, {"a": {"er": Offer(), "clinic": Offer(10_000)}})
    network.needs = {
        "ill": need({"er": 1}, rate=rate(load)),
        "well": need({"clinic": 1}, rate=rate(load)),
    }
    sigma = log(p90 / median) / float(stats.norm.ppf(0.9))
    quantities = (
        Quantity("mean wait, min", delay + theory.mmc_wait(1, load, MEAN_MIN), read.mean_wait()),
        Quantity("mean wait if there is room, min", median * exp(sigma**2 / 2), read.mean_wait("clinic")),
        Quantity("90th percentile of it, min", p90, units.wait_quantile(0.9, "clinic")),
    )
    says = (
        "exponential delay of an hour, then M/M/1 (delays of their own keep arrivals Poisson, Doob 1953); lognormal "
        "delay of 2 hours and room for all"
    )
    return Case("Not before", says, network, 120, quantities)


def no_show() -> Case:
    """A fifth do not come, and leave the unit empty for a part of their time."""
    load, mean, share, part = 0.8, 20.0, 0.2, 0.3
    missed = rule(share=share, occupies=part)
    er = service(exponential(mean), "booked", kind="emergency", no_show=missed)
    network = Sketch({"er": er}, {"a": {"er": Offer()}}, {"ill": need({"er": 1}, rate=rate(load, mean))})
    first, second = mean * (1 - share + share * part), 2 * mean**2 * (1 - share + share * part**2)
    variation = (second / first**2 - 1) ** 0.5
    used = load * first / mean
    quantities = (
        Quantity("mean wait, min", theory.pollaczek_khinchine(used, first, variation), read.mean_wait()),
        Quantity("share that did not come", share, read.share_of_outcome(Outcome.MISSED)),
        Quantity("unit in use", used, units.units_held()),
    )
    says = "one unit, a fifth do not come and leave it empty for 0.3 of the time; Pollaczek 1930, Khinchine 1932"
    return Case("No-show", says, network, 365, quantities, 60)


__all__ = [
    "finish_plan",
    "fresh_plan",
    "full_rounds",
    "hand_over_plan",
    "no_show",
    "not_before",
    "overtime_plan",
    "planned_mornings",
    "ward_rounds",
]
