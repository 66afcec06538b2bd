"""What the report says of stations that are overloaded, or that the start of the run still marks."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from reports import page, study, text

from sim.measures.initial_transient import NOT_REACHED
from sim.results.read import Results

ROOMS = {"pool": "rooms", "site": "vc_norrby", "services": ["primary_care"]}


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    return study(tmp_path_factory.mktemp("report"), replications=2)


def overloaded(results: Results, *scenarios: str) -> Results:
    result = [{"scenario": s, "load": 1.1 + k / 10, **ROOMS} for k, s in enumerate(scenarios)]
    return replace(results, manifest={**results.manifest, "overloaded": result})


def marked(results: Results, scenario: str, days: float) -> Results:
    """The results with emergency rooms of one site that need so many days and hold twice as many as in balance."""
    rows, note = results.measures.copy(), NOT_REACHED if np.isnan(days) else ""
    here = (rows["scenario"] == scenario) & (rows["by"] == "er_site") & (rows["group"] == "hospital_north")
    rows.loc[here & (rows["measure"] == "warm_up_needed_days"), ["value", "note"]] = [days, note]
    present = rows.loc[here & (rows["measure"] == "present_mean"), "value"]
    rows.loc[here & (rows["measure"] == "warm_up_bias"), "value"] = 0.5 * present.to_numpy()
    return replace(results, measures=rows)


def test_an_overloaded_pool_is_told_with_its_place_its_load_and_its_scenarios(results: Results) -> None:
    prose = text(page(overloaded(results, "baseline", "near_care"), "en"))
    names = (
        results.config["region"]["sites"]["vc_norrby"]["name"],
        results.config["scenarios"]["near_care"]["label"]["en"],
    )
    assert "What is asked for more than it can give" in prose
    assert names[0] in prose
    assert "120.0% of what is open" in prose
    assert f"and {names[1]}" in prose


def test_a_pool_that_is_overloaded_everywhere_is_told_once(results: Results) -> None:
    everywhere = overloaded(results, *results.config["study"]["scenarios"])
    assert text(page(everywhere, "en")).count("% of what is open (all scenarios)") == 1


def test_pools_that_people_turn_away_from_are_told_by_service(results: Results) -> None:
    full = overloaded(results, "baseline").manifest["overloaded"][0] | {"turns_away": True}
    pools = [full, full | {"pool": "other", "load": 1.3}]
    prose = text(page(replace(results, manifest={**results.manifest, "overloaded": pools}), "sv"))
    assert prose.count("söker sig någon annanstans") == 1
    assert "2 ställen: upp till 130,0 % av vad som är öppet" in prose.replace("\u00a0", " ")


@pytest.mark.parametrize(("days", "length"), [(6.0, "6 days"), (float("nan"), "more than half of the run")])
def test_a_warm_up_that_is_too_short_is_told_with_what_it_does(results: Results, days: float, length: str) -> None:
    prose = text(page(marked(results, "near_care", days), "en"))
    assert f"{length}; patients present +50%" in prose
    assert "emergency room, " in prose


def test_a_run_too_short_to_tell_says_so(results: Results) -> None:
    rows = results.measures.copy()
    here = (rows["by"] == "service") & (rows["group"] == "ward")
    rows.loc[here & (rows["measure"] == "warm_up_needed_days"), ["value", "note"]] = [np.nan, NOT_REACHED]
    rows.loc[here & (rows["measure"] == "warm_up_bias"), "value"] = np.nan
    prose = text(page(replace(results, measures=rows), "en"))
    assert (
        "more than half of the run; the run is too short to tell how far the figures are off (all scenarios)" in prose
    )


def test_a_study_without_either_says_nothing_of_them(results: Results) -> None:
    quiet = overloaded(marked(results, "near_care", 1.0))
    bias = quiet.measures["measure"] == "warm_up_bias"
    calm = replace(quiet, measures=quiet.measures.assign(value=quiet.measures["value"].mask(bias, 0.0)))
    for code, words in (("en", "What is asked for more"), ("en", "start of the run still shows")):
        assert words not in text(page(calm, code))  # type: ignore[arg-type]


def test_results_of_an_older_program_have_no_such_lines(results: Results) -> None:
    old = results.measures[~results.measures["measure"].isin(["warm_up_needed_days", "warm_up_bias", "present_mean"])]
    manifest = {k: v for k, v in results.manifest.items() if k != "overloaded"}
    assert isinstance(old, pd.DataFrame)
    assert "still shows" not in text(page(replace(results, measures=old, manifest=manifest), "en"))
