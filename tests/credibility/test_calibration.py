"""Calibration: what was put in is found again, what cannot be found or met is named, and nothing is lost."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from calibrated_town import CALLS, REGION, STAY, VISITS, Town

from sim import simulation
from sim.config.errors import ConfigErrors
from sim.config.load import load_study
from sim.credibility.calibration.beliefs import FIRST_SEED
from sim.credibility.calibration.judgement import posterior_widths
from sim.report.pages.calibration_page import sentences

TRUTH = {"rate": 1.25, "calls": 0.8, "stay": 1.2}


@pytest.fixture
def town(tmp_path: Path) -> Town:
    return Town(tmp_path)


@pytest.fixture
def known(town: Town) -> Town:
    """A town whose figures are those of known factors."""
    cells = (CALLS, VISITS, STAY)
    town.targets(*zip(cells, town.simulated(TRUTH, *cells), strict=True))
    return town


def test_known_factors_are_found_again_from_what_they_lead_to(known: Town) -> None:
    fitted = known.calibrate().fitted
    for name, truth in TRUTH.items():
        assert fitted.parameters[name].factor == pytest.approx(truth, rel=0.03), name
        assert fitted.parameters[name].low < truth < fitted.parameters[name].high, name
    assert {one.verdict for one in fitted.residuals.values()} == {"hit"}


def test_a_parameter_of_which_the_figures_tell_nothing_is_named_and_left(known: Town) -> None:
    fitted = known.calibrate().fitted
    assert fitted.parameters["other"].factor == pytest.approx(1, rel=0.01)
    assert fitted.parameters["other"].posterior_over_prior == pytest.approx(1)
    assert [name for name, one in fitted.parameters.items() if not one.identified] == ["other"]
    assert "next to nothing of: other" in sentences(fitted)[0]


def test_what_was_found_is_written_and_in_force_when_the_region_is_loaded(known: Town) -> None:
    done = known.calibrate()
    assert done.file == (known.root / REGION / "fitted.yaml")
    fitted = load_study(root=known.root)
    plain = load_study(root=known.root, fitted=False)
    assert fitted.region.fitted == done.fitted
    rates = [w.care.needs["ill"].rate_per_1000_year["18_64"].value for w in (fitted, plain)]
    assert rates[0] == pytest.approx(done.fitted.parameters["rate"].factor * rates[1])
    assert done.fitted.run.seed == FIRST_SEED + 1 and done.fitted.run.replications == 2


def test_a_study_cannot_have_the_luck_of_a_calibration(known: Town) -> None:
    with pytest.raises(ConfigErrors, match="seed"):
        known.load(seed=FIRST_SEED)


def test_from_where_it_ended_it_goes_nowhere(known: Town, tmp_path: Path) -> None:
    first = known.calibrate().fitted
    again = known.calibrate(results=tmp_path / "elsewhere").fitted
    for name, one in again.residuals.items():
        assert abs(one.simulated - first.residuals[name].simulated) <= 2 * one.standard_error, name


def test_a_figure_out_of_reach_is_named_with_the_closest_value(town: Town) -> None:
    visits = town.simulated({}, VISITS)[0]
    most = town.simulated({"rate": 2, "calls": 0.5}, VISITS)[0]
    town.targets((VISITS, 5 * visits))
    residual = town.calibrate().fitted.residuals["visits"]
    assert residual.verdict == "infeasible"
    assert residual.reachable == pytest.approx(most, rel=0.01)


def test_figures_that_contradict_each_other_are_named(town: Town) -> None:
    rate = ("rate", "er_visits_per_1000_year", "all", "")
    visits, per_head = town.simulated({}, VISITS, rate)
    town.targets((VISITS, visits), (rate, 1.4 * per_head))
    fitted = town.calibrate().fitted
    assert fitted.residuals["visits"].verdict == fitted.residuals["rate"].verdict == "contradicted"
    assert fitted.residuals["visits"].against == ["rate"] and fitted.residuals["rate"].against == ["visits"]
    assert any("against visits" in line for line in sentences(fitted))


def test_two_values_of_one_figure_are_refused(town: Town) -> None:
    town.targets((VISITS, 1000), (("again", *VISITS[1:]), 2000))
    with pytest.raises(ConfigErrors, match="contradicts visits"):
        town.load()


def test_what_a_fit_lacks_is_told_at_once(town: Town) -> None:
    (town.root / REGION / "free_parameters.yaml").unlink()
    town.targets()
    with pytest.raises(ConfigErrors) as caught:
        town.calibrate()
    assert [Path(p.file).name for p in caught.value.problems] == ["free_parameters.yaml", "targets.csv"]


def test_a_figure_that_no_run_has_is_named(town: Town) -> None:
    town.targets((VISITS, 1000), (("nowhere", "bed_occupancy", "all", ""), 1000))
    with pytest.raises(ConfigErrors, match="nowhere"):
        town.calibrate()


def counted(monkeypatch: pytest.MonkeyPatch, before: Callable[[int], None]) -> list[int]:
    """Counts the runs that are simulated; ``before`` hears the number of each."""
    runs: list[int] = []
    draw = simulation.draw_episodes

    def one(*given: Any) -> Any:
        before(len(runs))
        runs.append(1)
        return draw(*given)

    monkeypatch.setattr(simulation, "draw_episodes", one)
    return runs


def test_what_is_interrupted_goes_on_where_it_was(known: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(done: int) -> None:
        if done == 7:
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        before = counted(patch, stop)
        with pytest.raises(KeyboardInterrupt):
            known.calibrate()
    with monkeypatch.context() as patch:
        after = counted(patch, lambda _: None)
        resumed = known.calibrate().fitted
    (known.root / REGION / "fitted.yaml").unlink()
    with monkeypatch.context() as patch:
        whole = counted(patch, lambda _: None)
        assert known.calibrate(results=known.root / "elsewhere").fitted == resumed
    assert len(before) == 7 and len(before) + len(after) == len(whole)


def test_widths_are_those_of_a_normal_posterior() -> None:
    slopes = np.array([[2.0, 0.0], [0.0, 0.0]])
    assert posterior_widths(slopes) == pytest.approx([1 / 5**0.5, 1])
