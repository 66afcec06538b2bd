"""``python -m sim``: a plain Hydra application."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
TINY = ROOT / "tests" / "data" / "tiny"
FEW = ("replications=1", "assumption_runs=false")
NAMED = "assumption_runs_false"  # what makes such a job a study of its own


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A copy of the tiny world, to stand in."""
    return Path(shutil.copytree(TINY, tmp_path / "root"))


def application(root: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "sim", *words]
    return subprocess.run(command, cwd=root, text=True, capture_output=True, check=False)


def studies(root: Path) -> list[str]:
    return sorted(path.parent.name for path in (root / "results").glob("*/report.html"))


def test_the_job_configuration_is_shown(root: Path) -> None:
    done = application(root, "--cfg", "job", "scenario=near_care")
    assert done.returncode == 0, done.stderr
    assert "replications: '2'" in done.stdout or "replications: 2" in done.stdout
    assert "name: near_care" in done.stdout


def test_one_scenario_runs_against_the_baseline(root: Path) -> None:
    done = application(root, "scenario=near_care", *FEW)
    assert done.returncode == 0, done.stderr
    assert studies(root) == [f"tiny__near_care__{NAMED}"]
    assert not (root / "outputs").exists()
    assert list((root / "results" / "hydra" / "tiny").iterdir())


def test_multirun_runs_the_shipped_scenarios_that_a_glob_finds(tmp_path: Path) -> None:
    """One day of the whole region, from a folder with nothing in it."""
    day = ("end=2027-10-04", "warm_up_days=0", "worlds=0")
    done = application(tmp_path, "-m", "scenario=glob(c*)", *day, *FEW)
    assert done.returncode == 0, done.stderr
    found = [path.stem for path in (ROOT / "scenarios").glob("c*.yaml")]
    assert len(found) > 1
    named = [study.split("__end_2027-10-04__warm_up_days_0__")[0] for study in studies(tmp_path)]
    assert named == sorted(f"vgr_first__{name}" for name in found)
    assert not (tmp_path / "multirun").exists()


def test_a_key_of_the_study_can_be_swept_and_each_job_has_a_folder_of_its_own(root: Path) -> None:
    done = application(root, "-m", "scenario=near_care", "seed=3,4", "engine=simpy", *FEW)
    assert done.returncode == 0, done.stderr
    assert studies(root) == [f"tiny__near_care__seed_{seed}__{NAMED}" for seed in (3, 4)]
    assert len(list((root / "results" / "hydra" / "tiny").glob("*/*_near_care"))) == 2


def test_a_levers_value_can_be_swept_and_each_job_is_a_study_of_its_own(root: Path) -> None:
    done = application(root, "-m", "near_care.levers.less_er.share.value=0.3,0.4", *FEW)
    assert done.returncode == 0, done.stderr
    names = [f"tiny__near_care__less_er_share_{share}__{NAMED}" for share in ("0_3", "0_4")]
    assert studies(root) == names
    for name, share in zip(names, (0.3, 0.4), strict=True):
        config = yaml.safe_load((root / "results" / name / "config.yaml").read_text("utf-8"))
        assert config["scenarios"]["near_care"]["levers"]["less_er"]["share"]["value"] == share
        assert f"Differs: near_care.levers.less_er.share.value {share} (before: 0.5)." in done.stdout
    assert "Differs: replications 1 (in the file: 2)." in done.stdout


def test_a_levers_value_is_judged_in_a_job_as_in_a_file(root: Path) -> None:
    done = application(root, "near_care.less_er.share=-5")
    assert (done.returncode, "low 0.25 is above value -5.0" in done.stderr) == (2, True)
    assert not (root / "results" / "tiny__near_care").exists()


def test_multirun_works_with_the_joblib_launcher(root: Path) -> None:
    done = application(root, "-m", "scenario=near_care,closed_er", "hydra/launcher=joblib", *FEW)
    assert done.returncode == 0, done.stderr
    assert studies(root) == [f"tiny__closed_er__{NAMED}", f"tiny__near_care__{NAMED}"]


def test_bad_input_is_told_without_a_traceback(root: Path) -> None:
    done = application(root, "scenario=near_care", "replications=0")
    assert done.returncode == 2
    assert "replications" in done.stderr
    assert "Traceback" not in done.stderr
