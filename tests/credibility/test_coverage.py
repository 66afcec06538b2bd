"""Intervals keep their promise: 95 % of them hold the exact value of a queue.

An M/M/1 of ten-minute services with a load of 0.35, and the same with a fifth fewer patients (the paired scenario: the
same patients less those who stay away). The mean number present is load / (1 - load) (Erlang 1909). 400 studies of ten
replications of 42 hours after six hours of warm-up. The queue forgets within an hour, so that the time averages are
near enough to normal for a t interval; with a load of 0.5 and a day they are so skewed that it covers 91 %.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest
from worlds import Offer, Sketch, exponential, figure, need, service

from sim.demand import draw_episodes
from sim.measures.intervals import overlap
from sim.measures.view import ObservedRun
from sim.model.tables import Model
from sim.results.compare import compare
from sim.results.published import compare_with_targets
from sim.simulation import simulate_episodes

STUDIES, REPLICATIONS = 400, 10
LOAD, FEWER = 0.35, -0.2
LOWEST, HIGHEST = 0.92, 0.98


def present(load: float) -> float:
    """Mean number present in an M/M/1."""
    return load / (1 - load)


def mean_present(model: Model, seed: int, replication: int) -> float:
    """Time average of the number present over the window of one run."""
    episodes = draw_episodes(model, seed, replication)
    seen = ObservedRun(model, episodes, simulate_episodes(model, episodes, "simpy")).all
    return float(overlap(seen.request, seen.out, model.window_start, model.horizon).sum()) / (
        model.horizon - model.window_start
    )


@pytest.fixture(scope="module")
def measures(tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    """Tidy measures in which each study is a group."""
    lever = {"kind": "demand", "when": {"needs": ["ill"]}, "change": figure(FEWER, FEWER, FEWER)}
    sketch = Sketch(
        {"er": service(exponential(10), "remote")}, {"a": {"er": Offer(1)}},
        {"ill": need({"er": 1}, rate=LOAD * 6 * 24 * 365)}, scenarios={"fewer": {"less": lever}}, holidays="none",
        end=date(2027, 3, 2),
    )  # fmt: skip
    folder = tmp_path_factory.mktemp("queue")
    rows = []
    for scenario in ("baseline", "fewer"):
        model = sketch.compile(folder, scenario)
        model = replace(model, window_start=6 * 3600)
        rows += [
            (scenario, "value", r, "present_mean", "patients", "service", str(s), mean_present(model, s, r), "")
            for s in range(STUDIES)
            for r in range(REPLICATIONS)
        ]
    columns = ["scenario", "variant", "replication", "measure", "unit", "by", "group", "value", "note"]
    return pd.DataFrame(rows, columns=columns)


def covered(low: pd.Series, high: pd.Series, exact: float) -> float:
    """Share of the intervals that hold the exact value."""
    assert len(low) == STUDIES
    return float(((low <= exact) & (exact <= high)).mean())


def test_95_per_cent_of_the_paired_intervals_hold_the_exact_difference(measures: pd.DataFrame) -> None:
    found = compare(measures, "baseline", ["fewer"])
    exact = present(LOAD * (1 + FEWER)) - present(LOAD)
    assert LOWEST <= covered(found["low"], found["high"], exact) <= HIGHEST


@pytest.mark.parametrize(("scenario", "load"), [("baseline", LOAD), ("fewer", LOAD * (1 + FEWER))])
def test_95_per_cent_of_the_single_intervals_hold_the_exact_mean(
    measures: pd.DataFrame, scenario: str, load: float
) -> None:
    groups = [str(s) for s in range(STUDIES)]
    targets = pd.DataFrame(
        {
            "target": groups,
            "measure": "present_mean",
            "by": "service",
            "group": groups,
            "use": "compare",
            "tolerance": 0.15,
        }
    )
    targets = targets.assign(
        unit="patients", value=present(load), low=np.nan, high=np.nan, source="", quality="A", note=""
    )
    found = compare_with_targets(measures[measures["scenario"] == scenario], targets)
    assert LOWEST <= covered(found["simulated_low"], found["simulated_high"], present(load)) <= HIGHEST


def test_the_mean_of_all_studies_is_the_exact_value(measures: pd.DataFrame) -> None:
    """So that intervals cannot cover by being off and wide."""
    values = measures[measures["scenario"] == "baseline"]["value"]
    error = float(values.std(ddof=1)) / len(values) ** 0.5
    assert abs(float(values.mean()) - present(LOAD)) <= 4 * error
    assert error <= 0.01 * present(LOAD)
