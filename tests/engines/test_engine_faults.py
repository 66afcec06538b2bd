"""What happens where the compiled engine cannot work: a plain message or the SimPy engine, never another number.

Each fault is a real one, in a process of its own. Where machine code is kept, small functions stand for the loop, which
takes half a minute to compile: they are declared and kept as the loop is.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner
from worlds import Offer, Sketch, exponential, need, service

from sim.app.cli import app
from sim.compile import compile_scenario
from sim.config.checks.world_checks import LONGEST_WARM_UP_DAYS, LONGEST_WINDOW_DAYS
from sim.demand import draw_episodes
from sim.engines.compiled.state import LONGEST
from sim.model.tables import CONTACT_COLUMNS, Model
from sim.results.read import read_results
from sim.simulation import simulate_episodes
from sim.study.study import run_study

TESTS = Path(__file__).resolve().parents[1]
SKETCH = Sketch({"er": service(exponential(60))}, {"a": {"er": Offer(2)}}, {"ill": need({"er": 1}, rate=9_000)})


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A small study, to stand in."""
    SKETCH.load(tmp_path / "root")
    return tmp_path / "root"


def without(folder: Path, module: str) -> dict[str, str]:
    """What a process is told, so that it cannot import a module."""
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(f"import sys\nsys.modules['{module}'] = None\n", encoding="utf-8")
    return {"PYTHONPATH": f"{folder}{os.pathsep}{TESTS / 'support'}"}


def python(cwd: Path, *words: str, **told: str) -> subprocess.CompletedProcess[str]:
    command, environment = [sys.executable, *words], {**os.environ, **told}
    return subprocess.run(command, cwd=cwd, env=environment, text=True, capture_output=True, check=False)


def careshift(cwd: Path, *words: str, **told: str) -> subprocess.CompletedProcess[str]:
    return python(cwd, "-m", "sim.app.cli", *words, **told)


# numba cannot be used


def test_without_numba_a_study_warns_and_has_the_same_results(root: Path, tmp_path: Path) -> None:
    done = careshift(root, "run", "workers=1", **without(tmp_path / "site", "numba"))
    assert done.returncode == 0, done.stderr
    assert "numba does not work here (ModuleNotFoundError: import of numba halted" in done.stderr
    assert "; the SimPy engine computes the same, slower" in done.stderr
    assert "Traceback" not in done.stderr
    world = SKETCH.load(tmp_path / "again")
    local = world.execution.model_copy(update={"engine": "compiled", "results": str(tmp_path / "results")})
    mine = run_study(replace(world, execution=local), progress=False).measures
    assert len(mine) > 50
    assert mine.equals(read_results(root / "results" / "test").measures)


@pytest.mark.parametrize("words", [("run", "engine=compiled", "workers=1"), ("verify", "--engines", "--days", "1")])
def test_without_numba_whoever_asks_for_the_compiled_engine_is_told_so(
    root: Path, tmp_path: Path, words: tuple[str, ...]
) -> None:
    done = careshift(root, *words, **without(tmp_path / "site", "llvmlite"))
    assert done.returncode == 4
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith("numba does not work here (ModuleNotFoundError: ")
    assert last.endswith("; engine=auto or engine=simpy computes the same with SimPy")
    assert "Traceback" not in done.stderr
    assert not list(root.glob("results/runs/*.parquet"))


# machine code cannot be kept, or not be read

SMALL = """
import pickle
import sys
import warnings
from pathlib import Path

warnings.simplefilter("always")
from sim.engines.compiled import numba_engine
from sim.engines.compiled import jit
from sim.engines.select import choose

with jit.caching():

    @jit.compiled
    def twice(x):
        return 2 * x

compilations = []
numba_engine.warm = lambda model: compilations.append(twice(model))
print(choose("auto", 21), compilations, sum(twice.stats.cache_hits.values()), sum(twice.stats.cache_misses.values()))
"""


@pytest.fixture
def small(tmp_path: Path) -> Callable[[Path], subprocess.CompletedProcess[str]]:
    """Runs the small function once in a process of its own, with a place for machine code."""
    (tmp_path / "small.py").write_text(SMALL, encoding="utf-8")
    return lambda place: python(tmp_path, "small.py", NUMBA_CACHE_DIR=str(place), PYTHONPATH=str(TESTS.parent))


def test_where_machine_code_cannot_be_kept_it_is_compiled_anew_and_that_is_told(
    tmp_path: Path, small: Callable[[Path], subprocess.CompletedProcess[str]]
) -> None:
    place = tmp_path / "place"
    place.write_text("a file", encoding="utf-8")
    for _ in range(2):
        done = small(place)
        assert done.returncode == 0, done.stderr
        assert done.stdout == "compiled [42] 0 1\n"  # no hit, the second time either
        assert "UserWarning: the compiled engine cannot keep its machine code and is compiled anew" in done.stderr
        assert "name a folder in NUMBA_CACHE_DIR" in done.stderr
        assert "Traceback" not in done.stderr
    assert place.read_text(encoding="utf-8") == "a file"


def emptied(data: bytes) -> bytes:
    return b""


def halved(data: bytes) -> bytes:
    return data[: len(data) // 2]


def without_its_last_byte(data: bytes) -> bytes:
    return data[:-1]


def zeroed(data: bytes) -> bytes:
    return data[: len(data) // 3] + bytes(len(data) - len(data) // 3)


DAMAGES = [("nbi", emptied), ("nbi", halved), ("nbc", halved), ("nbc", without_its_last_byte), ("nbc", zeroed)]


def test_machine_code_that_cannot_be_read_is_made_anew(
    tmp_path: Path, small: Callable[[Path], subprocess.CompletedProcess[str]]
) -> None:
    place = tmp_path / "place"
    assert small(place).stdout == "compiled [42] 0 1\n"
    assert small(place).stdout == "compiled [42] 1 0\n"
    for ending, damage in DAMAGES:
        (file,) = place.rglob(f"*twice*.{ending}")
        whole = file.read_bytes()
        file.write_bytes(damage(whole))
        done = small(place)
        assert done.returncode == 0, (ending, damage, done.stderr)
        assert done.stdout == "compiled [42] 0 1\n", (ending, damage, done.stderr)
        assert "Warning" not in done.stderr
        assert file.read_bytes()[:40] == whole[:40]
    assert small(place).stdout == "compiled [42] 1 0\n"


# long runs


@pytest.mark.parametrize("command", ["check", "run"])
def test_fifty_years_are_refused_before_anything_runs(
    root: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.chdir(root)
    done = CliRunner().invoke(app, [command, "start=2027-01-01", "end=2076-12-31"])
    assert done.exit_code == 2
    assert "nothing was run" in done.output
    assert "end: the window is longer than ten years (found '2076-12-31')" in done.output
    assert not (root / "results").exists()


def longest(tmp_path: Path, start: date) -> Model:
    end = min(start + timedelta(days=LONGEST_WINDOW_DAYS), date(2099, 12, 31))
    few = {"ill": need({"er": 1}, rate=100)}
    sketch = replace(SKETCH, needs=few, start=start, end=end, warm_up_days=LONGEST_WARM_UP_DAYS)
    return compile_scenario(sketch.load(tmp_path), "baseline")


@pytest.mark.parametrize("start", [date(2027, 1, 1), date(2090, 1, 1)])
def test_the_longest_study_is_the_same_in_both_engines(tmp_path: Path, start: date) -> None:
    model = longest(tmp_path, start)
    assert 3650 * 86400 < model.horizon < LONGEST / 6
    episodes = draw_episodes(model, 1, 0)
    expected, found = simulate_episodes(model, episodes, "simpy"), simulate_episodes(model, episodes, "compiled")
    assert len(found.episode) > 900
    assert found.release.max() > 3600 * 86400
    for name in CONTACT_COLUMNS:
        assert np.array_equal(getattr(expected, name), getattr(found, name)), name
