"""Single stations against queueing theory: the waits of Markovian and general queues."""

from __future__ import annotations

from math import factorial
from pathlib import Path

import numpy as np
import pytest
from gates import MEAN_S, asked, gate, mean_wait, sample, time_average, waits
from worlds import SAID, Offer, Plain, Sketch, exponential, need, service, way

from sim.tables import ABSENT, Contacts, Episodes, Model, Outcome

MEAN_MIN = MEAN_S / 60
MU = 1 / MEAN_S


def station(
    load: float, units: int = 1, time: Plain | None = None, more: Plain | None = None, **rules: object
) -> Sketch:
    """A station that never closes, Poisson arrivals, mean service of ten minutes; ``more`` is said of the need."""
    per_year = load * units * MU * 365 * 86400
    served = service(time or exponential(MEAN_MIN), "remote", **rules)  # type: ignore[arg-type]
    return Sketch({"er": served}, {"a": {"er": Offer(units)}}, {"ill": need({"er": 1}, rate=per_year, **(more or {}))})


def erlang_c(units: int, load: float) -> float:
    """Probability of waiting in M/M/c (Erlang 1917)."""
    offered = units * load
    last = offered**units / factorial(units) / (1 - load)
    return last / (sum(offered**k / factorial(k) for k in range(units)) + last)


@pytest.mark.parametrize(("units", "load", "days"), [(1, 0.6, 320), (2, 0.65, 200), (4, 0.75, 150)])
def test_waits_of_mmc_are_erlang_c(tmp_path: Path, units: int, load: float, days: int) -> None:
    def share_that_waits(model: Model, _: Episodes, c: Contacts) -> float:
        return float((waits(asked(model, c)) > 0).mean())

    wait, share = sample(station(load, units), tmp_path, days, mean_wait, share_that_waits)
    gate(share, erlang_c(units, load))
    gate(wait, erlang_c(units, load) / (units * MU * (1 - load)))


def test_the_wait_of_mg1_is_that_of_pollaczek_and_khinchine(tmp_path: Path) -> None:
    load, square = 0.6, 1.5  # E[S^2] / E[S]^2: sd is 0.71 of the mean
    time = {"dist": "lognormal", "unit": "min", "mean": MEAN_MIN, "sd": MEAN_MIN * (square - 1) ** 0.5}
    (wait,) = sample(station(load, time=time), tmp_path, 280, mean_wait)
    gate(wait, load * MEAN_S * square / (2 * (1 - load)))


def test_the_wait_of_md1_is_half_that_of_mm1(tmp_path: Path) -> None:
    fixed = {"dist": "deterministic", "unit": "min", "value": MEAN_MIN}
    (wait,) = sample(station(0.6, time=fixed), tmp_path, 180, mean_wait)
    gate(wait, 0.6 * MEAN_S / (2 * 0.4))


def test_priorities_wait_as_cobham_says_and_their_sum_is_conserved(tmp_path: Path) -> None:
    load, mix = 0.7, {"1": 0.25, "3": 0.35, "5": 0.4}
    far = [0, 0, 10**5, 0, 2 * 10**5]  # minutes: nobody overtakes by waiting
    sketch = station(load, more={"acuity": {"all": {"mix": mix, **SAID}}}, targets=far)

    def wait_of(acuity: int) -> object:
        def statistic(model: Model, episodes: Episodes, c: Contacts) -> float:
            found = asked(model, c)
            return float(waits(found)[episodes.acuity[found.episode] == acuity].mean())

        return statistic

    found = sample(sketch, tmp_path, 520, *[wait_of(q) for q in (0, 2, 4)])  # type: ignore[arg-type]
    residual = load * MEAN_S  # of exponential service
    below = 0.0
    for values, share in zip(found, mix.values(), strict=True):
        upto = below + load * share
        gate(values, residual / ((1 - below) * (1 - upto)))  # Cobham 1954
        below = upto
    weighted = np.tensordot([load * share for share in mix.values()], np.array(found), 1)
    gate(weighted.tolist(), load * residual / (1 - load))  # Kleinrock's conservation law


def erlang_a(units: int, load: float, patience_s: float) -> tuple[float, float, float]:
    """M/M/c+M: mean wait of all, share that leaves, mean wait of the served; numerically (Garnett & others 2002).

    With k in the queue ahead, each of the stages until service ends at the rate of all units and of the patience of
    those still there; its length does not depend on who it was that went.
    """
    arrival, most = units * load * MU, 400
    sizes = np.arange(1, most)
    rates = np.minimum(sizes, units) * MU + np.maximum(sizes - units, 0) / patience_s
    found = np.concatenate([[1.0], np.cumprod(arrival / rates)])
    found /= found.sum()
    ahead = found[units:]
    stages = units * MU + np.arange(1, len(ahead) + 1) / patience_s
    served = units * MU / stages
    wait = (ahead * served * np.cumsum(1 / stages)).sum() / (found[:units].sum() + (ahead * served).sum())
    queue = (np.arange(len(ahead)) * ahead).sum()
    return queue / arrival, queue / patience_s / arrival, wait


def test_waits_and_leaving_of_an_impatient_queue_are_erlang_a(tmp_path: Path) -> None:
    def share_that_left(model: Model, _: Episodes, c: Contacts) -> float:
        return float((asked(model, c).outcome == Outcome.LEFT).mean())

    def wait_of_the_served(model: Model, _: Episodes, c: Contacts) -> float:
        found = asked(model, c)
        return float(waits(found)[found.outcome == Outcome.DONE].mean())

    sketch = station(1.1, 3, patience=exponential(3 * MEAN_MIN), leaves=[way("exit")])
    found = sample(sketch, tmp_path, 80, mean_wait, share_that_left, wait_of_the_served)
    for values, exact in zip(found, erlang_a(3, 1.1, 3 * MEAN_S), strict=True):
        gate(values, exact)


def test_a_visit_that_comes_back_after_a_delay_is_a_jackson_network(tmp_path: Path) -> None:
    back = [way("er", 0.25, after=exponential(300)), way("exit", 0.75)]
    sketch = station(0.6 * 0.75, then=back)
    (wait,) = sample(sketch, tmp_path, 340, mean_wait)
    gate(wait, 0.6 * MEAN_S / (1 - 0.6))


def test_where_nobody_waits_as_many_are_there_as_rate_times_duration(tmp_path: Path) -> None:
    def present(model: Model, _: Episodes, c: Contacts) -> float:
        return time_average(model, c.start, c.end)

    long = {"dist": "lognormal", "unit": "h", "mean": 5, "sd": 5}
    sketch = station(1, 1, time=long)
    sketch.sites = {"a": {"er": Offer(10_000)}}
    (found,) = sample(sketch, tmp_path, 40, present)
    gate(found, 5 * 3600 * MU)


def test_a_crowd_that_starts_from_nobody_grows_as_the_survival_of_the_service(tmp_path: Path) -> None:
    after_h, mean_h = 4, 5

    def present(_: Model, __: Episodes, c: Contacts) -> float:
        t = after_h * 3600
        return float(((c.start <= t) & ((c.end == ABSENT) | (c.end > t)) & (c.start != ABSENT)).sum())

    sketch = station(30, 1, time=exponential(60 * mean_h))
    sketch.sites = {"a": {"er": Offer(10_000)}}
    (found,) = sample(sketch, tmp_path, 1, present)
    gate(found, 30 * MU * mean_h * 3600 * (1 - np.exp(-after_h / mean_h)))


def test_a_rate_that_varies_over_the_day_fills_beds_as_theory_says(tmp_path: Path) -> None:
    hours = [0] * 8 + [2] * 8 + [1] * 8
    mean_h, at = 3.0, 16

    def present(model: Model, _: Episodes, c: Contacts) -> float:
        times = np.arange(model.window_start // 86400 + 1, model.horizon // 86400) * 86400 + at * 3600
        begin, end = np.sort(c.start[c.start != ABSENT]), np.sort(c.end[c.end != ABSENT])
        return float((np.searchsorted(begin, times, "right") - np.searchsorted(end, times, "right")).mean())

    sketch = station(10, 1, time=exponential(60 * mean_h), more={"profile": "day"})
    sketch.profiles = {"day": {"hour": hours, "weekday": [1] * 7, "month": [1] * 12, **SAID}}
    sketch.sites = {"a": {"er": Offer(10_000)}}
    (found,) = sample(sketch, tmp_path, 20, present)
    rate = 10 * MU * 3600 / np.mean(hours)  # an hour, at weight 1
    age = np.arange(0, 240, 0.001) + 0.0005  # hours ago; Eick, Massey & Whitt 1993
    weight = np.array(hours)[((at - age) % 24).astype(int)]
    gate(found, rate * float((weight * np.exp(-age / mean_h)).sum()) * 0.001)


def test_who_asks_at_night_waits_for_the_morning(tmp_path: Path) -> None:
    sketch = Sketch({"gp": service(10, "booked")}, {"a": {"gp": Offer(10_000, "08:00-17:00")}})
    sketch.needs = {"ill": need({"gp": 1}, rate=100 * 365)}
    (wait,) = sample(sketch, tmp_path, 60, mean_wait)
    gate(wait, 15 / 24 * 7.5 * 3600)
