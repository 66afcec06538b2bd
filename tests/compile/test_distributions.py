"""Quantile tables: the moments and tails of every distribution that a configuration may name."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy import stats
from worlds import Offer, Sketch, service

from sim.config.distributions import lognormal_mu_sigma, mean_s, quantile_array, quantile_table, second_moment
from sim.config.schema import base
from sim.config.schema.base import Distribution

HOUR = 3600
BY_P90 = np.log(2) / stats.norm.ppf(0.9)  # sd of the logarithm where the 90 % quantile is twice the median
KINDS: dict[str, tuple[Distribution, float, float]] = {  # with mean and sd in hours
    "deterministic": (base.Deterministic(dist="deterministic", unit="h", value=2.0), 2, 0),
    "exponential": (base.Exponential(dist="exponential", unit="h", mean=2.0), 2, 2),
    "erlang": (base.Erlang(dist="erlang", unit="h", mean=2.0, stages=4), 2, 1),
    "gamma": (base.Gamma(dist="gamma", unit="h", mean=2.0, sd=3.0), 2, 3),
    "lognormal": (base.Lognormal(dist="lognormal", unit="h", mean=2.0, sd=4.0), 2, 4),
    "lognormal by its logarithm": (
        base.Lognormal(dist="lognormal", unit="h", mu=0.5, sigma=0.7),
        np.exp(0.5 + 0.245),
        np.exp(0.745) * np.sqrt(np.exp(0.49) - 1),
    ),
    "lognormal by median and 90 %": (
        base.Lognormal(dist="lognormal", unit="h", median=1.5, p90=3.0),
        1.5 * np.exp(BY_P90**2 / 2),
        1.5 * np.exp(BY_P90**2 / 2) * np.sqrt(np.exp(BY_P90**2) - 1),
    ),
    "triangular": (base.Triangular(dist="triangular", unit="h", low=1.0, mode=2.0, high=6.0), 3, np.sqrt(21 / 18)),
    "uniform": (base.Uniform(dist="uniform", unit="h", low=1.0, high=4.0), 2.5, np.sqrt(9 / 12)),
    "truncated normal": (
        base.TruncatedNormal(dist="truncated_normal", unit="h", mean=1.0, sd=1.0, minimum=1.0),
        1 + np.sqrt(2 / np.pi),
        np.sqrt(1 - 2 / np.pi),
    ),
    "empirical": (
        base.Empirical(dist="empirical", unit="h", quantile={"0": 0.0, "0.5": 2.0, "1": 6.0}),
        2.5,
        np.sqrt((4 / 3 + (36 + 12 + 4) / 3) / 2 - 6.25),
    ),
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_table_has_the_mean_and_the_spread_of_its_distribution(kind: str) -> None:
    spec, mean, sd = KINDS[kind]
    table = quantile_table(spec)
    assert mean_s(table) == pytest.approx(mean * HOUR, rel=1e-4)
    assert second_moment(table) == pytest.approx((mean**2 + sd**2) * HOUR**2, rel=5e-3)


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_said_of_a_table_is_what_draws_from_it_give(kind: str) -> None:
    spec, mean, sd = KINDS[kind]
    table = quantile_table(spec)
    words = (np.arange(1 << 20, dtype=np.int64) << 12) + 2048  # every 4096th word
    values = quantile_array(table, words)
    assert values.mean() == pytest.approx(mean_s(table), rel=2e-4)
    assert values.std() == pytest.approx(sd * HOUR, rel=0.02, abs=1)
    assert values.mean() == pytest.approx(mean * HOUR, rel=1e-3)
    assert values.min() >= 0


def test_a_table_follows_the_distribution_far_into_its_tail() -> None:
    table = quantile_table(KINDS["exponential"][0])
    for p in (0.01, 0.5, 0.9, 0.999, 0.99999):
        found = quantile_array(table, np.array([int(p * 2**32)]))[0]
        assert found == pytest.approx(stats.expon(scale=2 * HOUR).ppf(p), rel=2e-3, abs=2)


def test_median_and_p90_give_a_lognormal_with_these_quantiles() -> None:
    table = quantile_table(base.Lognormal(dist="lognormal", unit="h", median=5.0, p90=10.0))
    half, ninety = quantile_array(table, np.array([1 << 31, int(0.9 * 2**32)]))
    assert half == pytest.approx(5 * HOUR, abs=2)
    assert ninety == pytest.approx(10 * HOUR, rel=1e-3)


def test_mean_and_sd_of_a_lognormal_are_not_those_of_its_logarithm() -> None:
    mu, sigma = lognormal_mu_sigma(base.Lognormal(dist="lognormal", unit="h", mean=2.0, sd=4.0))
    assert sigma**2 == pytest.approx(np.log(5))
    assert mu == pytest.approx(np.log(2) - np.log(5) / 2)


@pytest.mark.parametrize("unit", ["s", "min", "h", "days"])
def test_a_unit_is_turned_into_seconds(unit: base.Unit) -> None:
    table = quantile_table(base.Deterministic(dist="deterministic", unit=unit, value=3.0))
    assert set(table.tolist()) == {3 * {"s": 1, "min": 60, "h": 3600, "days": 86400}[unit]}


def test_a_factor_scales_the_whole_distribution() -> None:
    once, twice = (quantile_table(KINDS["gamma"][0], factor) for factor in (1.0, 2.0))
    assert np.abs(twice - 2 * once).max() <= 2


def test_short_times_keep_their_mean() -> None:
    table = quantile_table(base.Exponential(dist="exponential", unit="s", mean=20.0))
    assert mean_s(table) == pytest.approx(20, abs=0.05)


def test_a_time_that_is_always_nothing_is_nothing() -> None:
    assert not quantile_table(base.Empirical(dist="empirical", unit="h", quantile={"0": 0.0, "1": 0.0})).any()


def test_a_tail_too_long_for_a_table_is_refused() -> None:
    with pytest.raises(ValueError, match="it should be"):
        quantile_table(base.Lognormal(dist="lognormal", unit="h", mu=0.0, sigma=4.0))


@pytest.mark.parametrize("kind", KINDS)
def test_a_distribution_keeps_its_moments_from_the_file_to_the_model(kind: str, tmp_path: Path) -> None:
    spec, mean, sd = KINDS[kind]
    said = spec.model_dump(exclude_none=True)
    model = Sketch({"er": service(said)}, {"a": {"er": Offer()}}).compile(tmp_path)
    table = model.quantile[model.duration[0, 0, 0]]
    assert mean_s(table) == pytest.approx(mean * HOUR, rel=1e-4)
    assert second_moment(table) == pytest.approx((mean**2 + sd**2) * HOUR**2, rel=5e-3)
