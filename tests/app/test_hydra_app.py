"""``python -m sim``: a plain Hydra application."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

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


def test_multirun_works_with_the_joblib_launcher(root: Path) -> None:
    done = application(root, "-m", "scenario=near_care,closed_er", "hydra/launcher=joblib", *FEW)
    assert done.returncode == 0, done.stderr
    assert studies(root) == [f"tiny__closed_er__{NAMED}", f"tiny__near_care__{NAMED}"]


def test_bad_input_is_told_without_a_traceback(root: Path) -> None:
    done = application(root, "scenario=near_care", "replications=0")
    assert done.returncode == 2
    assert "replications" in done.stderr
    assert "Traceback" not in done.stderr
