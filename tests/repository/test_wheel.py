"""The wheel: installed into an empty environment outside the checkout, everything works."""

from __future__ import annotations

import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MINE = """
label: {sv: Fler telefonlinjer, en: More telephone lines}
description: {sv: Tio procent fler linjer., en: Ten per cent more lines.}
levers:
  lines:
    kind: capacity
    pools: {resource: telephone_line}
    scale: {value: 0.1, low: 0.05, high: 0.15, source: assumption, quality: D}
"""


def call(*command: object, cwd: Path) -> str:
    done = subprocess.run([str(c) for c in command], cwd=cwd, text=True, capture_output=True, check=False)
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a wheel, and an environment that has the wheel and what the lock file says."""
    place = tmp_path_factory.mktemp("elsewhere")
    call(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", place, ROOT, cwd=place)
    venv.create(place / "env", with_pip=True)
    python = place / "env" / "bin" / "python"
    call(python, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", ROOT / "requirements.lock", cwd=place)
    call(python, "-m", "pip", "install", "--quiet", "--no-deps", *place.glob("*.whl"), cwd=place)
    return place


def test_the_wheel_holds_the_region_the_scenarios_the_lock_file_and_no_tests(place: Path) -> None:
    names = zipfile.ZipFile(next(place.glob("*.whl"))).namelist()
    for name in (
        "configs/region/vgr/zones.csv",
        "configs/care/standard.yaml",
        "scenarios/near_care.yaml",
        "requirements.lock",
    ):
        assert f"sim/_data/{name}" in names
    assert "sim/py.typed" in names
    assert any(name.startswith("sim/report/") and name.endswith(".html") for name in names)
    assert not [name for name in names if name.startswith(("tests/", "bench/")) or "__pycache__" in name]


def test_a_users_own_scenario_runs_where_only_the_wheel_is(place: Path) -> None:
    (place / "scenarios").mkdir()
    (place / "scenarios" / "mine.yaml").write_text(MINE, encoding="utf-8")
    careshift = place / "env" / "bin" / "careshift"
    assert "mine" in call(careshift, "scenarios", cwd=place)
    short = ("study=vgr_quick", "end=2027-10-04", "warm_up_days=0", "scenarios=[baseline,mine]", "replications=1")
    out = call(careshift, "run", *short, cwd=place)
    assert "mine" in out
    assert (place / "results" / "vgr_quick" / "report.html").stat().st_size > 10_000
