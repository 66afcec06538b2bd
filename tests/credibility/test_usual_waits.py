"""The wait that is usual: with it in force a baseline's first contacts are those of the reference."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml
from both_engines import each_engine, happens
from stories import Person
from typer.testing import CliRunner
from worlds import SAID, Offer, Plain, Sketch, figure, need, service

from sim.app.cli import app
from sim.config.errors import ConfigErrors
from sim.config.load import load_study
from sim.credibility.usual_waits import NEAR, find_usual_waits
from sim.engines.select import Engine
from sim.measures import measure
from sim.simulation import simulate

TINY = Path(__file__).resolve().parents[1] / "data" / "tiny"
REST = service(5, "remote", unlimited_at="self_care")
SIGNAL = {"load": {"of": "er", "what": "queue", "classes": [1, 3]}}


def town(usual: float, rate: float = 40_000) -> Sketch:
    """A thousand people; half of those who fall ill turn to an emergency room with one place, if nobody waits there."""
    wait: Plain = {"signal": "load", "by_acuity": {q: [0, -1.0, -2.0] for q in "12345"}, "usual": usual, **SAID}
    return Sketch(
        {"er": service(50), "rest": REST}, {"a": {"er": Offer(1)}},
        {"ill": need({"er": 0.5, "rest": 0.5}, rate=rate)}, zones={"home": 1000},
        care={"signals": SIGNAL, "service_choice": {"wait": {"er": wait}}},
    )  # fmt: skip


def ratio(sketch: Sketch, folder: Path) -> float:
    """First contacts with the emergency room over those of the reference."""
    model = sketch.compile(folder)
    run = simulate(model, 7, 0)
    table = measure(model, run.episodes, run.contacts)
    found = table[(table["measure"] == "first_contact_ratio") & (table["group"] == "er")]
    return float(found["value"].iloc[0])


@each_engine
def test_who_meets_the_usual_wait_turns_to_it_as_the_reference_says(engine: Engine, tmp_path: Path) -> None:
    sketch = town(usual=-1.0)
    sketch.needs |= {"sure": need({"er": 1})}
    early = [Person(0, need="sure", key=1), Person(0, need="sure", key=2)]  # one is there and one waits: class 1
    later = [Person(15, first=(i + 0.5) / 1000, key=i + 9, acuity=3) for i in range(1000)]
    sketch.care["service_choice"]["wait"]["er"]["by_acuity"]["3"] = [0, -1.0, -1.0]
    rows = happens(engine, sketch.compile(tmp_path), *early, *later, columns="step origin")
    assert [row[1] for row in rows if row[0] >= 2].count("er") == 500
    assert {row[4] for row in rows} == {0}  # nobody switches


def test_the_ratio_counts_those_who_switch_against_the_service_that_they_leave(tmp_path: Path) -> None:
    assert ratio(town(0.0), tmp_path) < 0.9
    quiet = town(0.0)
    quiet.sites = {"a": {"er": Offer(9999)}}
    assert ratio(quiet, tmp_path / "quiet") == 1


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The tiny world, whose people mind the wait for a physician."""
    shutil.copytree(TINY, tmp_path, dirs_exist_ok=True)
    care = tmp_path / "configs" / "care" / "standard.yaml"
    plain = yaml.safe_load(care.read_text(encoding="utf-8"))
    slope = {"signal": "busy", "by_acuity": {q: [0, -0.5, -1.5] for q in "345"}, **SAID}
    plain["signals"] = {"busy": {"of": "primary_care", "what": "per_unit", "classes": [3000, 9000]}}
    plain["service_choice"] = {"wait": {"primary_care": slope}}
    care.write_text(yaml.safe_dump(plain, sort_keys=False), encoding="utf-8")
    study = tmp_path / "configs" / "study" / "tiny.yaml"  # a luck with which so small a world does not swing
    study.write_text(study.read_text(encoding="utf-8").replace("seed: 1", "seed: 5"), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_rounds_end_at_shares_that_are_the_reference_s_and_the_file_is_in_force(root: Path) -> None:
    before = load_study(["study=tiny"], root)
    found = find_usual_waits(before, progress=False, folder=root)
    assert abs(found.ratios[0]["primary_care"] - 1) > 5 * NEAR  # else there was nothing to find
    assert found.ratios[-1]["primary_care"] == pytest.approx(1, abs=1.1 * NEAR)
    after = load_study(["study=tiny"], root)
    assert after.care.service_choice.wait["primary_care"].usual == found.waits.wait["primary_care"] < 0
    again = find_usual_waits(after, progress=False, folder=root)
    assert again.waits.rounds == 1  # a fixed point


def test_the_command_tells_what_it_found_and_where_it_is(root: Path) -> None:
    done = CliRunner().invoke(app, ["usual-waits", "study=tiny"])
    assert done.exit_code == 0, done.output
    assert "primary_care" in done.output
    assert (root / "configs" / "region" / "tiny" / "usual_waits.yaml").is_file()


def test_rounds_that_do_not_converge_are_refused_by_service(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.credibility.usual_waits.MOST_ROUNDS", 1)
    with pytest.raises(ConfigErrors, match=r"wait\.primary_care: does not converge"):
        find_usual_waits(load_study(["study=tiny"], root), progress=False, folder=root)


def test_where_nobody_minds_a_wait_there_is_no_usual_one(tmp_path: Path) -> None:
    shutil.copytree(TINY, tmp_path, dirs_exist_ok=True)
    with pytest.raises(ConfigErrors, match="nobody minds a wait"):
        find_usual_waits(load_study(["study=tiny"], tmp_path), progress=False, folder=tmp_path)


def test_a_usual_wait_of_a_service_that_nobody_minds_waiting_for_is_refused(root: Path) -> None:
    find_usual_waits(load_study(["study=tiny"], root), progress=False, folder=root)
    file = root / "configs" / "region" / "tiny" / "usual_waits.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("  primary_care:", "  er:"), encoding="utf-8")
    with pytest.raises(ConfigErrors, match=r"usual_waits\.yaml: wait\.er: nobody minds the wait for it"):
        load_study(["study=tiny"], root)


def test_a_usual_wait_that_draws_people_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigErrors, match="less than or equal to 0"):
        town(usual=figure(0.5, 0.5, 0.5)["value"]).compile(tmp_path)
