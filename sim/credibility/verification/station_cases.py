"""Single stations: waits of Markovian, general, prioritised and impatient queues, and of none at all."""

from __future__ import annotations

from datetime import date
from math import log

from sim.credibility.verification import quantities as read
from sim.credibility.verification import theory
from sim.credibility.verification.case import APRIL, MEAN_MIN, Case, Quantity, station
from sim.credibility.verification.network import SAID, Plain, exponential, way
from sim.model.codes import Outcome

WAIT = "mean wait, min"
WEEK_MIN = 7 * 1440
MONDAY = date(2027, 1, 4)
FOR_EVER_MIN = 1e7  # twenty years: nobody lives to see it in a run of one


def mm1() -> Case:
    """One unit."""
    load = 0.6
    quantities = (
        Quantity(WAIT, theory.mmc_wait(1, load, MEAN_MIN), read.mean_wait()),
        Quantity("present", load / (1 - load), read.measured("er_present_mean")),
        Quantity("median stay, min", MEAN_MIN / (1 - load) * log(2), read.measured("er_stay_median_min")),
    )
    return Case("M/M/1", "load 0.6; exponential stay (Cooper 1981)", station(1, load), 365, quantities)


def mmc() -> Case:
    """Several units."""
    units, offered = 3, 2.4
    return Case(
        "M/M/c", "3 units, load 0.8; Erlang C (Erlang 1917)", station(units, offered), 200, _delay(units, offered)
    )


def mmc_busy() -> Case:
    """The highest load that is looked at."""
    units, offered = 6, 5.4
    return Case("M/M/c, busy", "6 units, load 0.9; Erlang C", station(units, offered), 365, _delay(units, offered), 36)


def _delay(units: int, offered: float) -> tuple[Quantity, ...]:
    p90 = theory.mmc_wait_quantile(units, offered, MEAN_MIN, 0.9)
    return (
        Quantity("share that waits", theory.erlang_c(units, offered), read.share_that_waits()),
        Quantity(WAIT, theory.mmc_wait(units, offered, MEAN_MIN), read.mean_wait()),
        Quantity("90th percentile of wait, min", p90, read.measured("er_wait_p90_min")),
    )


def mg1() -> Case:
    """Lognormal service."""
    load, variation = 0.6, 0.7
    time = {"dist": "lognormal", "unit": "min", "mean": MEAN_MIN, "sd": MEAN_MIN * variation}
    exact = theory.pollaczek_khinchine(load, MEAN_MIN, variation)
    says = "lognormal service, sd 0.7 of the mean, load 0.6; Pollaczek 1930, Khinchine 1932"
    return Case("M/G/1", says, station(1, load, time=time), 365, (Quantity(WAIT, exact, read.mean_wait()),))


def md1() -> Case:
    """Service that is always the same."""
    load = 0.8
    fixed = {"dist": "deterministic", "unit": "min", "value": MEAN_MIN}
    exact = theory.pollaczek_khinchine(load, MEAN_MIN, 0)
    says = "service of ten minutes, load 0.8; Pollaczek 1930, Khinchine 1932"
    return Case("M/D/1", says, station(1, load, time=fixed), 365, (Quantity(WAIT, exact, read.mean_wait()),))


def priority() -> Case:
    """Three classes that never overtake by waiting."""
    load, mix = 0.65, {"1": 0.25, "3": 0.35, "5": 0.4}
    far = [0, 0, 10**5, 0, 2 * 10**5]  # minutes
    network = station(1, load, more={"acuity": {"all": {"mix": mix, **SAID}}}, targets=far)
    loads = [load * share for share in mix.values()]
    waits = [read.wait_of_acuity(int(q)) for q in mix]
    exact = theory.cobham(loads, MEAN_MIN)
    quantities = [Quantity(f"mean wait, acuity {q}, min", e, w) for q, e, w in zip(mix, exact, waits, strict=True)]
    both = Quantity("load times wait, min", theory.conserved(load, MEAN_MIN), read.weighted(waits, loads))
    says = "three classes, not pre-emptive, load 0.65; Cobham 1954, and Kleinrock's conservation law (1965)"
    return Case("Priority", says, network, 365, (*quantities, both), replications=40)


def impatient() -> Case:
    """Who waits too long leaves."""
    units, offered = 3, 2.7
    network = station(units, offered, patience=exponential(2 * MEAN_MIN), leaves=[way("exit")])
    of_all, of_served, of_left, left = theory.erlang_a(units, offered, MEAN_MIN, 2 * MEAN_MIN)
    quantities = (
        Quantity("mean wait of all, min", of_all, read.mean_wait()),
        Quantity("mean wait of the served, min", of_served, read.wait_of_outcome(Outcome.DONE)),
        Quantity("mean wait of those who left, min", of_left, read.wait_of_outcome(Outcome.LEFT)),
        Quantity("share that left", left, read.measured("er_left_share")),
    )
    says = "3 units, offered load 0.9, mean patience of two services; Palm 1957, Garnett & others 2002"
    return Case("M/M/c+M (Erlang A)", says, network, 90, quantities)


def patient() -> Case:
    """Patience without end is no patience."""
    units, offered = 3, 2.1
    network = station(units, offered, patience=exponential(FOR_EVER_MIN), leaves=[way("exit")])
    says = "mean patience of twenty years, 3 units, load 0.7: as Erlang C"
    return Case("Patience without end", says, network, 330, _delay(units, offered)[:2])


def limited() -> Case:
    """Three may wait."""
    units, places, offered = 2, 5, 1.8
    network = station(units, offered, queue_limit={"waiting": places - units, **SAID})
    away, wait = theory.mmck(units, places, offered, MEAN_MIN)
    quantities = (
        Quantity("share turned away", away, read.share_of_outcome(Outcome.TURNED_AWAY)),
        Quantity("mean wait of the served, min", wait, read.wait_of_outcome(Outcome.DONE)),
    )
    return Case("M/M/c/K", "2 units, 3 may wait, offered load 0.9; Gross & others 2008", network, 250, quantities)


def lost_exponential() -> Case:
    """Nobody may wait."""
    return _lost("exponential", exponential(MEAN_MIN))


def lost_lognormal() -> Case:
    """Blocking does not depend on the distribution."""
    return _lost("lognormal", {"dist": "lognormal", "unit": "min", "mean": MEAN_MIN, "sd": 1.5 * MEAN_MIN})


def lost_deterministic() -> Case:
    """Blocking does not depend on the distribution, even if nothing varies."""
    return _lost("deterministic", {"dist": "deterministic", "unit": "min", "value": MEAN_MIN})


def _lost(law: str, time: Plain) -> Case:
    units, offered = 4, 3.6
    network = station(units, offered, time=time, queue_limit={"waiting": 0, **SAID})
    blocked = theory.erlang_b(units, offered)
    quantities = (
        Quantity("share turned away", blocked, read.share_of_outcome(Outcome.TURNED_AWAY)),
        Quantity("present", offered * (1 - blocked), read.measured("er_present_mean")),
    )
    says = f"4 units, nobody waits, offered load 0.9, {law} service; Erlang 1917, Sevastyanov 1957"
    return Case(f"Erlang B, {law}", says, network, 40, quantities)


def unlimited() -> Case:
    """Nobody waits."""
    mean_h, arrivals = 5, 3.0
    time = {"dist": "lognormal", "unit": "h", "mean": mean_h, "sd": mean_h}
    network = station(10_000, rate_for(arrivals), time=time)
    says = "lognormal service of 5 hours, 3 arrivals an hour; Poisson with the offered load (Takacs 1962)"
    present = Quantity("present", arrivals * mean_h, read.in_service())
    return Case("M/G/inf", says, network, 120, (present,))


def rate_for(an_hour: float) -> float:
    """Units that so many arrivals an hour would keep busy if service took ten minutes."""
    return an_hour * MEAN_MIN / 60


def transient() -> Case:
    """A crowd that grows from nobody."""
    mean_h, arrivals, after = 5, 200.0, 4
    network = station(10_000, rate_for(arrivals), time=exponential(60 * mean_h))
    says = "starts empty, exponential service of 5 hours; after 4 hours (Takacs 1962)"
    exact = theory.filling(arrivals * mean_h, after, mean_h)
    quantity = Quantity("present after 4 hours", exact, read.present_after(after))
    return Case("M/G/inf, transient", says, network, 1, (quantity,), replications=100, warms_up=False)


def varying() -> Case:
    """Arrivals that vary over the day."""
    hours, mean_h, arrivals = [0.0] * 8 + [2.0] * 8 + [1.0] * 8, 3.0, 60.0
    network = station(10_000, rate_for(arrivals), time=exponential(60 * mean_h), more={"profile": "day"})
    network.profiles = {"day": {"hour": hours, "weekday": [1] * 7, "month": [1] * 12, **SAID}}
    hourly = [arrivals * weight for weight in hours]
    quantities = [
        Quantity(f"present at {at}:00", theory.daily(hourly, at, mean_h), read.in_service_at(at)) for at in (6, 12, 18)
    ]
    says = "0, 120 or 60 arrivals an hour, service of 3 hours; Eick, Massey & Whitt 1993"
    return Case("M(t)/G/inf", says, network, 20, tuple(quantities), 100, APRIL)


def unlike_weeks() -> Case:
    """Weeks that have a factor in common, more and less than chance."""
    cv, a_week, mean_weeks = 0.3, 100.0, 4 / 7
    vary = {"weekly_variation": {"group": "winter", "cv": {"value": cv, **SAID}}}
    network = station(10_000, rate_for(a_week / 168), time=exponential(mean_weeks * WEEK_MIN), more=vary)
    quantities = (
        Quantity("requests a week", theory.weekly_requests(a_week, cv), read.dispersion_of_requests()),
        Quantity(
            "present at week ends",
            theory.weekly_present(a_week * mean_weeks, cv, mean_weeks),
            read.dispersion_at_week_ends(),
        ),
    )
    says = (
        "100 arrivals a week x a gamma factor of the week with cv 0.3, service of 4 days; variance over mean; "
        "Greenwood & Yule 1920, Takacs 1962"
    )
    return Case("M/G/inf, weeks that differ", says, network, 3640, quantities, 100, MONDAY)


__all__ = [
    "impatient",
    "limited",
    "lost_deterministic",
    "lost_exponential",
    "lost_lognormal",
    "md1",
    "mg1",
    "mm1",
    "mmc",
    "mmc_busy",
    "patient",
    "priority",
    "transient",
    "unlike_weeks",
    "unlimited",
    "varying",
]
