"""A report of a model tells the services that it has, and nothing of what it has not."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from sim import load_study, run_study, write_report
from sim.measures import DEFINITIONS
from sim.report.model_parts import is_about_model, those_about_model
from sim.report.terminal import print_comparison
from sim.results.read import Results

MMC = Path(__file__).resolve().parents[2] / "docs" / "examples" / "mmc"
TELEPHONE = {"advice": {"kind": "telephone", "mode": "remote"}}
CHANGED = {
    "care/queue.yaml": {"  er:": "  advice:", "kind: emergency": "kind: telephone", "walk_in": "remote",
                        "{er:": "{advice:", "Emergency room": "Advice"},
    "region/town/offers.csv": {",er,": ",advice,"},
}  # fmt: skip


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    """Of a line for advice, where four places or five answer."""
    root = Path(shutil.copytree(MMC, tmp_path_factory.mktemp("telephone") / "root"))
    for name, words in CHANGED.items():
        path = root / "configs" / name
        text = path.read_text("utf-8")
        for old, new in words.items():
            text = text.replace(old, new)
        path.write_text(text, "utf-8")
    return run_study(load_study(["replications=2", f"results={root / 'results'}"], root=root), progress=False)


def test_a_line_for_advice_has_waits_and_no_emergency_room(results: Results) -> None:
    page = write_report(results, "en").read_text("utf-8")
    body = re.sub(r"<style>.*?</style>|<svg.*?</svg>", "", page, flags=re.DOTALL)
    for absent in ("Visits to emergency rooms", "Adults within 30 minutes", "Hospital stays", 'id="er"', 'href="#er"',
                   "Time travelled to care", 'id="travel"', 'id="where"'):  # fmt: skip
        assert absent not in body, absent
    answer = body.partition('id="details"')[2].partition("</section>")[0]
    assert re.findall(r"<li><strong>(.*?)</strong>", answer) == ["Resources and waits"]
    overview = body.partition('<section id="summary">')[2].partition("</section>")[0]
    titles = ["Wait for a service, on average, hours", "Patients who gave up waiting, per day",
              "Use of open rooms, places and teams"]  # fmt: skip
    assert [overview.count(f">{title}<") for title in titles] == [1, 1, 1]
    assert overview.count(">Advice<") == 3


def test_the_terminal_tells_the_same(results: Results, capsys: pytest.CaptureFixture[str]) -> None:
    print_comparison(results)
    told = capsys.readouterr().out
    assert told.count("Advice:") == 3
    assert "ER" not in told and "Travel" not in told


def test_what_a_measure_is_about_is_found_by_its_name() -> None:
    whole = {"er": {"kind": "emergency", "mode": "walk_in"}, "team": {"kind": "mobile_team", "mode": "outreach"},
             **{kind: {"kind": kind, "mode": "booked"} for kind in (
                "primary_care", "telephone", "clinic", "operation", "ambulance", "ward")}}  # fmt: skip
    assert those_about_model(DEFINITIONS, whole) == list(DEFINITIONS)
    gone = set(DEFINITIONS) - set(those_about_model(DEFINITIONS, TELEPHONE))
    assert {"er_arrivals_per_day", "nearest_er_min", "bed_occupancy", "travel_min_per_resident_year"} <= gone
    kept = {"telephone_wait_p90_min", "wait_mean_h", "left_per_day", "pool_utilisation", "cost_msek_per_year"}
    assert kept.isdisjoint(gone)
    assert not is_about_model("outreach_km_per_day", {"er": whole["er"]})
