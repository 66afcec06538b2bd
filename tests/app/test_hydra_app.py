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
    assert studies(root) == ["tiny__near_care"]
    assert not (root / "outputs").exists()
    assert list((root / "results" / "hydra" / "tiny").iterdir())


def test_multirun_runs_the_shipped_scenarios_that_a_glob_finds(tmp_path: Path) -> None:
    """One day of the whole region, from a folder with nothing in it."""
    day = ("end=2027-10-04", "warm_up_days=0")
    done = application(tmp_path, "-m", "scenario=glob(c*)", *day, *FEW)
    assert done.returncode == 0, done.stderr
    found = [path.stem for path in (ROOT / "scenarios").glob("c*.yaml")]
    assert len(found) > 1
    assert studies(tmp_path) == sorted(f"vgr_first__{name}" for name in found)
    assert not (tmp_path / "multirun").exists()


def test_multirun_works_with_the_joblib_launcher(root: Path) -> None:
    done = application(root, "-m", "scenario=near_care,closed_er", "hydra/launcher=joblib", *FEW)
    assert done.returncode == 0, done.stderr
    assert studies(root) == ["tiny__closed_er", "tiny__near_care"]


def test_bad_input_is_told_without_a_traceback(root: Path) -> None:
    done = application(root, "scenario=near_care", "replications=0")
    assert done.returncode == 2
    assert "replications" in done.stderr
    assert "Traceback" not in done.stderr
