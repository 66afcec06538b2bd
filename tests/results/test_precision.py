"""How many replications a wanted half-width takes, for differences and for measures near 0."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from commands import TINY, careshift

from sim.config.load import load_study
from sim.results.precision import (
    IDENTICAL,
    NEAR_ZERO,
    TOO_FEW,
    WantedHalfWidths,
    half_width,
    precision,
    replications_needed,
    wanted_half_widths,
)
from sim.study.study import run_study

WAITS = np.array([42.1, 39.5, 44.0, 40.2, 41.7, 43.3, 38.9, 41.1, 42.8, 40.6, 41.9, 43.0])
COLUMNS = ["scenario", "variant", "replication", "measure", "unit", "by", "group", "value"]
# sim-tools 1.3.0 (Monks), confidence_interval_method(WAITS, alpha=0.05): half-widths of the first 3, 4 ... 12 values,
# and the first number of values whose half-width is at most that share of their mean
SIM_TOOLS_HALF_WIDTHS = [
    5.61180583, 3.2206713, 2.18087952, 1.8200978, 1.78092137, 1.49284673, 1.33660104, 1.19073444, 1.06530914,
    1.00111593,
]  # fmt: skip
SIM_TOOLS_NUMBERS = {0.05: 6, 0.03: 10, 0.025: 12}

DEFAULT = WantedHalfWidths()


def tidy(values: dict[str, list[float]], measure: str = "wait", variant: str = "value") -> pd.DataFrame:
    """Measures of the whole region from {scenario: value of each replication}."""
    rows = [(s, variant, r, measure, "min", "all", "", v) for s, vs in values.items() for r, v in enumerate(vs)]
    return pd.DataFrame(rows, columns=COLUMNS)


def only(frame: pd.DataFrame, want: WantedHalfWidths = DEFAULT, measure: str = "wait") -> dict[str, object]:
    (row,) = precision(frame, "baseline", [measure], want).to_dict("records")
    return {str(k): v for k, v in row.items()}


def test_half_widths_are_those_of_sim_tools() -> None:
    result = [half_width(WAITS[:n]) for n in range(3, 13)]
    assert result == pytest.approx(SIM_TOOLS_HALF_WIDTHS, abs=1e-7)


@pytest.mark.parametrize(("share", "number"), SIM_TOOLS_NUMBERS.items())
def test_precision_is_reached_after_as_many_values_as_sim_tools_says(share: float, number: int) -> None:
    enough = [n for n in range(3, 13) if half_width(WAITS[:n]) <= share * WAITS[:n].mean()]
    assert enough[0] == number


def test_the_number_needed_is_the_smallest_that_is_enough() -> None:
    """With s = 10 and a half-width of 5: t(17) is 2.110, so 18 give 4.973; t(16) is 2.120, so 17 give 5.142."""
    assert replications_needed(10, 5) == 18
    assert replications_needed(10, 10 * 12.7062 / 2**0.5 + 0.001) == 2
    assert replications_needed(0, 1) == 2
    assert replications_needed(1, 1e-6) == float("inf")


def sample(size: int, deviation: float) -> np.ndarray:
    """Values with exactly this standard deviation."""
    values = np.arange(size, dtype=np.float64)
    return (values - values.mean()) / values.std(ddof=1) * deviation


@pytest.mark.parametrize("deviation", [0.5, 3.0, 40.0])
def test_the_number_needed_is_enough_and_one_less_is_not(deviation: float) -> None:
    number = replications_needed(deviation, 1.0)
    assert half_width(sample(int(number), deviation)) <= 1.0
    assert half_width(sample(int(number) - 1, deviation)) > 1.0


def test_pairing_is_worth_the_variance_that_it_takes_away() -> None:
    row = only(tidy({"baseline": [10, 20, 30], "more": [11, 23, 32]}))
    assert row["change"] == pytest.approx(2)
    assert row["half_width"] == pytest.approx(4.30265 / 3**0.5, rel=1e-5)  # differences 1, 3, 2: s is 1
    assert row["variance_reduction"] == pytest.approx((100 + 111) / 1)
    assert row["wanted"] != row["wanted"]  # 10, 20, 30: mean 20, half-width 24.8
    assert row["note"] == NEAR_ZERO


def test_a_share_is_of_the_baselines_mean_and_not_of_the_change() -> None:
    row = only(tidy({"baseline": [99, 100, 101], "more": [99.1, 100, 100.9]}))
    assert row["change"] == pytest.approx(0)
    assert row["wanted"] == pytest.approx(5)
    assert row["needed"] == 2


def test_one_measure_may_have_a_half_width_in_its_own_unit() -> None:
    frame = pd.concat(
        [tidy({"baseline": [0, 0, 1], "more": [1, 3, 1]}, "lost"), tidy({"baseline": [9, 9], "more": [9, 8]})]
    )
    result = precision(frame, "baseline", ["lost", "wait"], wanted_half_widths(["20%", "lost=0.5"])).set_index(
        "measure"
    )
    assert result["wanted"].to_dict() == pytest.approx({"lost": 0.5, "wait": 1.8})
    assert result.loc["lost", "needed"] == replications_needed(np.std([1, 3, 0], ddof=1), 0.5)
    assert only(frame, WantedHalfWidths(), "lost")["note"] == NEAR_ZERO


def test_runs_at_low_and_high_and_groups_are_left_out() -> None:
    frame = tidy({"baseline": [10, 11], "more": [12, 14]})
    other = tidy({"baseline": [99, 0], "more": [0, 99]})
    noise = [other.assign(variant="low"), other.assign(by="site", group="a")]
    pd.testing.assert_frame_equal(
        precision(pd.concat([frame, *noise]), "baseline", ["wait"], WantedHalfWidths()),
        precision(frame, "baseline", ["wait"], WantedHalfWidths()),
    )


def test_a_change_that_is_always_the_same_is_exact() -> None:
    row = only(tidy({"baseline": [10, 11, 12], "more": [12, 13, 14]}))
    assert (row["half_width"], row["needed"], row["variance_reduction"]) == (0, 2, np.inf)
    assert row["note"] == IDENTICAL


def test_one_replication_says_nothing_of_precision() -> None:
    row = only(tidy({"baseline": [10], "more": [12]}))
    assert (row["n"], row["note"]) == (1, TOO_FEW)
    assert np.isnan([row["half_width"], row["needed"], row["variance_reduction"]]).all()


def test_an_unknown_measure_or_baseline_is_refused() -> None:
    frame = tidy({"baseline": [10, 11], "more": [12, 14]})
    with pytest.raises(ValueError, match="no measure 'wiat'"):
        precision(frame, "baseline", ["wait"], WantedHalfWidths(absolute={"wiat": 1}))
    with pytest.raises(ValueError, match="no runs of the baseline 'none'"):
        precision(frame, "none", ["wait"], WantedHalfWidths())


def test_half_widths_are_read_as_typed() -> None:
    assert wanted_half_widths([]) == WantedHalfWidths(0.05)
    assert wanted_half_widths(["2%", "a=3%", "b=1.5"]) == WantedHalfWidths(0.02, {"a": 0.03}, {"b": 1.5})


@pytest.mark.parametrize("text", ["5", "a=", "=5%", "a=-1", "0%", "nan%", "a=inf", "a=b%"])
def test_a_half_width_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="a half-width is 5%"):
        wanted_half_widths([text])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Results of the tiny study with three replications."""
    root = Path(shutil.copytree(TINY, tmp_path_factory.mktemp("tiny") / "root"))
    keys = ["replications=3", "assumption_runs=false", "workers=1", f"results={root / 'results'}"]
    return run_study(load_study(keys, root=root), progress=False).folder


def test_the_command_prints_every_headline_measure_and_scenario(folder: Path) -> None:
    done = careshift(folder, "precision", str(folder), "--half-width", "10%", "--half-width", "unserved_per_day=1")
    assert done.returncode == 0, done.stderr
    assert "ER arrivals/day" in done.stdout
    assert done.stdout.count("near_care") == done.stdout.count("closed_er") == 9
    assert "3 replications so far" in done.stdout


@pytest.mark.parametrize("words", [("--half-width", "wide"), ("--half-width", "no_measure=1")])
def test_a_wrong_half_width_ends_with_2(folder: Path, words: tuple[str, ...]) -> None:
    done = careshift(folder, "precision", str(folder), *words)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_precision_of_nothing_ends_with_2(tmp_path: Path) -> None:
    assert careshift(tmp_path, "precision", "none").returncode == 2
