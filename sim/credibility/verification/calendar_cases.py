"""Units that follow the calendar: shifts that end, overtime, nights."""

from __future__ import annotations

from sim.credibility.verification import quantities as read
from sim.credibility.verification.case import APRIL, MEAN_MIN, YEAR_MIN, Case, Quantity
from sim.credibility.verification.markov_chains import Floats, StaffedShift, staffed_queue
from sim.credibility.verification.network import SAID, Offer, Plain, Sketch, exponential, need, service

WAIT = "mean wait, min"


def _desk(offer: Offer, day: list[StaffedShift], mode: str = "remote") -> Sketch:
    """A station whose arrivals a minute are those of the day, which is cut at whole hours."""
    hourly = [shift.arrivals for shift in day for _ in range(shift.length // 60)]
    profile: Plain = {"hour": hourly, "weekday": [1] * 7, "month": [1] * 12, **SAID}
    ill = need({"er": 1}, rate=sum(hourly) / 24 * YEAR_MIN, profile="day")
    services = {"er": service(exponential(MEAN_MIN), mode, kind="emergency")}
    return Sketch(services, {"a": {"er": offer}}, {"ill": ill}, profiles={"day": profile})


def finish() -> Case:
    """Four units by day, one by night: three complete their patient and go."""
    night, day = 0.5 / MEAN_MIN, 3.0 / MEAN_MIN
    shifts = [StaffedShift(480, night, 1), StaffedShift(720, day, 4), StaffedShift(240, night, 1)]
    staffed = {"every_day": [{"hours": "08:00-20:00"}, {"hours": "20:00-08:00", "capacity_factor": 0.25}]}
    waiting, busy = staffed_queue(shifts, MEAN_MIN, 150)
    quantities = (
        Quantity(WAIT, _wait(waiting, shifts), read.mean_wait()),
        Quantity("in service at 20:05", float(busy[20 * 60 + 5]), read.in_service_at(20, 5)),
        Quantity("in service at 20:15", float(busy[20 * 60 + 15]), read.in_service_at(20, 15)),
    )
    says = "4 units from 8 to 20, else 1; busy units complete their patient; M(t)/M/c(t), Ingolfsson & others 2007"
    return Case("Shift end: finish", says, _desk(Offer(4, staffed=staffed), shifts), 210, quantities, 60, APRIL)


def overtime() -> Case:
    """Who waits when the shift ends is served for two hours more."""
    day = 1.8 / MEAN_MIN
    shifts = [StaffedShift(480, 0, 0), StaffedShift(480, day, 2), StaffedShift(120, 0, 2), StaffedShift(360, 0, 0)]
    waiting, busy = staffed_queue(shifts, MEAN_MIN, 150)
    quantities = (
        Quantity(WAIT, _wait(waiting, shifts), read.mean_wait()),
        Quantity("in service at 16:20", float(busy[16 * 60 + 20]), read.in_service_at(16, 20)),
        Quantity("waiting at 16:20", float(waiting[16 * 60 + 20]), read.waiting_at(16, 20)),
    )
    says = "2 units from 8 to 16 and at most two hours of overtime, nobody comes after 16; as above"
    network = _desk(Offer(2, staffed="08:00-16:00", overtime_h=2), shifts)
    return Case("Shift end: overtime", says, network, 210, quantities, 200, APRIL)


def night() -> Case:
    """Who asks at night waits for the morning."""
    arrivals = 0.6 / MEAN_MIN
    shifts = [StaffedShift(480, arrivals, 0), StaffedShift(720, arrivals, 2), StaffedShift(240, arrivals, 0)]
    waiting, _ = staffed_queue(shifts, MEAN_MIN, 250)
    quantities = (
        Quantity(WAIT, _wait(waiting, shifts), read.mean_wait()),
        Quantity("waiting", float(waiting.mean()), read.measured("waiting_mean", "service", "er")),
        Quantity("waiting at 10:00", float(waiting[10 * 60]), read.waiting_at(10)),
    )
    says = "2 units from 8 to 20, requests at all hours, the queue stays; M/M/c(t), as above"
    network = _desk(Offer(2, "08:00-20:00"), shifts, "booked")
    return Case("Closed at night", says, network, 210, quantities, 40, APRIL)


def _wait(waiting: Floats, shifts: list[StaffedShift]) -> float:
    """Mean wait by Little's law over a day."""
    return float(waiting.sum()) / sum(shift.length * shift.arrivals for shift in shifts)


__all__ = ["finish", "night", "overtime"]
