"""Loading: from files and overrides to a checked world."""

from __future__ import annotations

import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
import yaml

from sim.config.errors import ConfigErrors
from sim.config.load import load_composed, load_scenario_file, load_study, resolved

ROOT = Path(__file__).resolve().parents[2]
TINY = ROOT / "tests" / "data" / "tiny"
APPLICATION = """
import sys
from pathlib import Path
import hydra
from omegaconf import OmegaConf
from sim.config.load import load_composed, load_study, register_scenarios

ROOT = Path({root!r})
register_scenarios(ROOT)

@hydra.main(version_base="1.3", config_path=None, config_name="config")
def main(config):
    world = load_composed(OmegaConf.to_container(config), ROOT)
    assert load_study(root=ROOT).study.name == "tiny"
    print("ran", *world.scenarios, world.study.replications)

main()
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A copy of the tiny world."""
    return Path(shutil.copytree(TINY, tmp_path / "root"))


def scenario(root: Path, name: str, text: str) -> None:
    label = f"label: {{sv: {name}, en: {name}}}\ndescription: {{sv: a, en: a}}\n"
    (root / "scenarios" / f"{name}.yaml").write_text(label + text, encoding="utf-8")


def test_a_study_is_what_its_files_say() -> None:
    world = load_study(root=TINY)
    assert world.study.start == date(2027, 10, 4)
    assert list(world.scenarios) == ["baseline", "near_care", "closed_er"]
    assert world.region.sites["site"].tolist() == ["hospital_north", "hospital_south", "vc_norrby"]
    assert world.care.services["er"].duration["urgent"].time.dist == "lognormal"
    assert world.execution.workers == 1


def test_short_overrides_change_the_plain_keys() -> None:
    given = ["study=tiny", "replications=8", "scenarios=[baseline,near_care]", "workers=2", "seed=7"]
    more = ["results=some/folder", "language=en", "start=2027-10-05", "end=2027-10-06", "warm_up_days=0"]
    world = load_study([*given, *more], root=TINY)
    assert world.study.replications == 8
    assert list(world.scenarios) == ["baseline", "near_care"]
    assert (world.execution.workers, world.study.seed) == (2, 7)
    assert (world.execution.results, world.execution.language) == ("some/folder", "en")
    assert (world.study.start, world.study.end) == (date(2027, 10, 5), date(2027, 10, 6))
    assert world.study.warm_up_days == 0


def test_an_override_of_what_the_file_leaves_to_its_default_works() -> None:
    assert not load_study(["assumption_runs=false"], root=TINY).study.assumption_runs


def test_a_municipality_code_keeps_its_leading_zero() -> None:
    assert load_study(root=TINY).region.municipalities["municipality"].tolist() == ["0114", "0115"]


def test_text_that_yaml_would_change_stays_what_was_written(root: Path) -> None:
    path = root / "scenarios" / "baseline.yaml"
    path.write_text("label: {sv: NO, en: 22:00}\ndescription: {sv: 0114, en: 7:30}\n", encoding="utf-8")
    read = load_scenario_file(path)
    assert (read.label.sv, read.label.en) == ("NO", "22:00")
    assert (read.description.sv, read.description.en) == ("0114", "7:30")


def test_hours_are_read_with_and_without_a_leading_zero() -> None:
    calendar = load_study(root=TINY).region.calendars["weekdays"]
    assert [shift.hours for shift in calendar.mon] == ["8:00-17:00"]
    assert calendar.sat == []


def test_inherited_levers_come_first_and_own_levers_of_the_same_name_replace(root: Path) -> None:
    effect = "{value: 4, low: 3, high: 5, source: assumption, quality: D}"
    own = f"  more_rooms: {{kind: capacity, pools: {{resource: room}}, add_units: {effect}}}\n"
    last = f"  beds: {{kind: capacity, pools: {{resource: bed}}, add_units: {effect}}}\n"
    scenario(root, "both", f"inherits: [near_care, closed_er]\nlevers:\n{last}{own}")
    world = load_study(["scenarios=[baseline,both]"], root=root)
    levers = world.scenarios["both"].levers
    assert list(levers) == ["more_rooms", "less_er", "close_north", "beds"]
    assert levers["more_rooms"].add_units.value == 4
    assert list(world.scenarios) == ["baseline", "both"]


def test_a_plain_list_of_defaults_is_inheritance(root: Path) -> None:
    scenario(root, "again", "defaults: [closed_er]\n")
    assert list(load_study(["scenarios=[baseline,again]"], root=root).scenarios["again"].levers) == ["close_north"]


@pytest.mark.parametrize("off", ["off", "Off", "false"])
def test_an_inherited_lever_can_be_switched_off(root: Path, off: str) -> None:
    scenario(root, "fewer", f"inherits: [near_care]\nlevers: {{less_er: {off}}}\n")
    scenario(root, "heir", "inherits: [fewer]\n")
    world = load_study(["scenarios=[baseline,near_care,fewer,heir]"], root=root)
    assert [list(world.scenarios[name].levers) for name in world.study.scenarios] == [
        [], ["more_rooms", "less_er"], ["more_rooms"], ["more_rooms"],
    ]  # fmt: skip


def test_a_lever_that_is_not_inherited_cannot_be_switched_off(root: Path) -> None:
    scenario(root, "fewer", "inherits: [near_care]\nlevers: {less_or: off}\n")
    with pytest.raises(ConfigErrors) as caught:
        load_study(["scenarios=[baseline,fewer]"], root=root)
    (problem,) = caught.value.problems
    assert (problem.key, problem.nearest, problem.allowed) == ("levers.less_or", "less_er", "less_er, more_rooms")


def test_two_inherited_levers_of_one_name_that_differ_may_be_switched_off(root: Path) -> None:
    text = (root / "scenarios" / "near_care.yaml").read_text("utf-8")
    (root / "scenarios" / "other.yaml").write_text(text.replace("value: 2", "value: 2.5"), "utf-8")
    scenario(root, "both", "inherits: [near_care, other]\nlevers: {more_rooms: off}\n")
    both = load_study(["scenarios=[baseline,both]"], root=root).scenarios["both"]
    assert list(both.levers) == ["less_er"]


def test_two_inherited_levers_of_one_name_that_differ_are_refused(root: Path) -> None:
    text = (root / "scenarios" / "near_care.yaml").read_text(encoding="utf-8")
    (root / "scenarios" / "other.yaml").write_text(text.replace("value: 2,", "value: 1.5,"), encoding="utf-8")
    scenario(root, "both", "inherits: [near_care, other]\n")
    with pytest.raises(ConfigErrors, match="two inherited scenarios have different levers"):
        load_study(["scenarios=[baseline,both]"], root=root)


def test_the_users_own_scenario_wins_over_the_programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(TINY / "configs", tmp_path / "configs")
    shutil.copytree(TINY / "scenarios", tmp_path / "scenarios")
    scenario(tmp_path, "mine", "inherits: [baseline]\n")
    monkeypatch.chdir(tmp_path)
    world = load_study(["study=tiny", "scenarios=[baseline,mine]"])
    assert world.region.name == "tiny"
    assert list(world.scenarios) == ["baseline", "mine"]


def test_the_resolved_configuration_is_plain_data_that_yaml_keeps() -> None:
    plain = resolved(load_study(root=TINY))
    assert set(plain) == {"study", "execution", "region", "care", "scenarios", "statements", "documents"}
    assert set(plain["region"]) == {
        "name",
        "file",
        "travel",
        "calendars",
        "municipalities",
        "sites",
        "fitted",
        "tables_sha256",
    }
    assert plain["region"]["municipalities"]["0114"] == {"name": "Norrby", "subregion": "North", "people": 4000}
    assert plain["region"]["sites"]["hospital_south"]["lat"] == 57.8
    assert yaml.safe_load(yaml.safe_dump(plain, sort_keys=False)) == plain
    assert plain["scenarios"]["near_care"]["levers"]["less_er"]["share"]["value"] == 0.5


def test_a_scenario_file_from_anywhere_joins_the_study(tmp_path: Path) -> None:
    text = "label: {sv: a, en: a}\ndescription: {sv: a, en: a}\ninherits: [closed_er]\n"
    (tmp_path / "mailed.yaml").write_text(text, encoding="utf-8")
    world = load_study(["scenarios=[baseline]"], root=TINY, files=[tmp_path / "mailed.yaml"])
    assert list(world.scenarios) == ["baseline", "mailed"]
    assert list(world.scenarios["mailed"].levers) == ["close_north"]


def test_a_composed_configuration_is_the_baseline_and_one_scenario() -> None:
    study = resolved(load_study(root=TINY))["study"]
    mine = {"name": "mine", "label": {"sv": "a", "en": "a"}, "description": {"sv": "a", "en": "a"}}
    world = load_composed({**study, "workers": 1, "scenario": mine}, TINY)
    assert list(world.scenarios) == ["baseline", "mine"]


@pytest.fixture
def application(tmp_path: Path) -> Path:
    """A plain Hydra application over the tiny world."""
    path = tmp_path / "application.py"
    path.write_text(APPLICATION.format(root=str(TINY)), encoding="utf-8")
    return path


def hydra(application: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [
        sys.executable,
        str(application),
        *arguments,
        "hydra.output_subdir=null",
        "hydra.run.dir=.",
        "hydra.sweep.dir=out",
    ]
    environment = {"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"}
    return subprocess.run(command, cwd=application.parent, env=environment, capture_output=True, text=True, check=False)


def test_registered_scenarios_run_in_a_plain_hydra_application(application: Path) -> None:
    done = hydra(application, "scenario=near_care", "replications=5")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "ran baseline near_care 5"


def test_a_glob_of_scenarios_launches_a_job_for_each(application: Path) -> None:
    done = hydra(application, "-m", "scenario=glob(*)")
    assert done.returncode == 0, done.stderr
    ran = [line for line in done.stdout.splitlines() if line.startswith("ran")]
    assert ran == ["ran baseline 2", "ran baseline closed_er 2", "ran baseline near_care 2"]


def test_the_shipped_studies_name_a_region_and_a_care_model_that_load() -> None:
    for name in ("vgr_first", "vgr_quick"):
        path = ROOT / "configs" / "study" / f"{name}.yaml"
        assert yaml.safe_load(path.read_text(encoding="utf-8"))["name"] == name
