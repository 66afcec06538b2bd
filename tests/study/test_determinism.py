"""The same measures to the byte, whatever the machine's settings: the real command, in processes of its own."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from dataclasses import dataclass, fields, replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim.compile import compile_scenario
from sim.config.load import load_study
from sim.demand import draw_episodes
from sim.measures import measure
from sim.model.tables import Discrete
from sim.results.files import sha256
from sim.simulation import simulate_episodes
from sim.study.store import model_hash, run_key

ROOT = Path(__file__).resolve().parents[2]
TINY = ROOT / "tests" / "data" / "tiny"
IN_ITS_LOCALE = "import locale; locale.setlocale(locale.LC_ALL, ''); from sim.app.cli import main; main()"
SWEDISH = "sv_SE.UTF-8"
SHORT = ["start=2027-10-09", "warm_up_days=1"]  # two days are counted


@dataclass(frozen=True)
class Found:
    """What a study left: the hash of its measures, the names of its runs (what determines them), and the measures."""

    sha256: str
    runs: frozenset[str]
    measures: pd.DataFrame


def study(folder: Path, *overrides: str, **settings: str) -> Found:
    """A study of the tiny world, run by the command from a folder of its own."""
    shutil.copytree(TINY, folder)
    results = folder / "svar på fråga 1"
    done = subprocess.run(
        [sys.executable, "-c", IN_ITS_LOCALE, "run", *SHORT, f"results={results}", *overrides],
        cwd=folder,
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    path = results / "tiny" / "measures.parquet"
    return Found(sha256(path), frozenset(p.stem for p in (results / "runs").iterdir()), pd.read_parquet(path))


@pytest.fixture(scope="module")
def usual(tmp_path_factory: pytest.TempPathFactory) -> Found:
    folder = tmp_path_factory.mktemp("usual") / "tiny"
    return study(folder, "workers=1", PYTHONHASHSEED="0", TZ="UTC", LC_ALL="C")


@pytest.fixture(scope="module")
def swedish(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Settings of a Swedish machine, with the decimal comma of its locale where that can be made."""
    folder = tmp_path_factory.mktemp("locales")
    made = shutil.which("localedef") and subprocess.run(
        ["localedef", "-i", "sv_SE", "-f", "UTF-8", str(folder / SWEDISH)], capture_output=True, check=False
    )
    here = made and made.returncode == 0
    comma = {"LOCPATH": str(folder), "LC_ALL": SWEDISH} if here else {"LC_ALL": "C.UTF-8", "LANG": SWEDISH}
    return {**comma, "TZ": "Europe/Stockholm", "PYTHONHASHSEED": "1"}


def test_a_swedish_machine_with_two_workers_writes_the_same_bytes(
    tmp_path: Path, usual: Found, swedish: dict[str, str]
) -> None:
    found = study(tmp_path / "en mapp med å ä ö", "workers=2", **swedish)
    assert found.sha256 == usual.sha256
    assert found.runs == usual.runs


def test_an_indian_machine_with_four_workers_and_shuffled_scenarios_writes_the_same_bytes(
    tmp_path: Path, usual: Found
) -> None:
    settings = {"TZ": "Asia/Kolkata", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "random"}
    found = study(tmp_path / "x", "workers=4", "scenarios=[baseline,closed_er,near_care]", **settings)
    assert found.sha256 == usual.sha256
    assert found.runs == usual.runs


def test_a_scenario_alone_has_the_rows_that_it_has_in_a_sweep(tmp_path: Path, usual: Found) -> None:
    alone = study(tmp_path / "x", "scenarios=[near_care]", "workers=1", PYTHONHASHSEED="random").measures
    whole = usual.measures
    there = whole[(whole["scenario"] == "near_care") & (whole["variant"] == "value")]
    pd.testing.assert_frame_equal(alone, there.reset_index(drop=True), check_exact=True)
    assert set(alone["replication"]) == {0, 1}


def test_another_seed_is_another_result(tmp_path: Path, usual: Found) -> None:
    """So that equal hashes above mean something."""
    other = study(tmp_path / "x", "seed=2", "scenarios=[baseline]", "workers=1")
    assert not other.runs & usual.runs
    same = usual.measures[usual.measures["scenario"] == "baseline"].reset_index(drop=True)
    assert not other.measures["value"].equals(same["value"])


def test_a_runs_key_is_that_of_model_seed_replication_and_program(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = [("a", 1, 0), ("b", 1, 0), ("a", 2, 0), ("a", 1, 1), ("a", 11, 0), ("a", 1, 10)]
    keys = [run_key(*one) for one in asked]
    assert keys == [run_key(*one) for one in asked]
    monkeypatch.setattr("sim.study.store.code_hash", lambda: "another program")
    assert len({*keys, *(run_key(*one) for one in asked)}) == 2 * len(asked)


def test_every_number_and_name_of_a_model_is_in_its_hash() -> None:
    model = compile_scenario(load_study(SHORT, root=TINY), "near_care")
    hashes = {model_hash(model)}
    others = [replace(model, **{f.name: one}) for f in fields(model) for one in _changed(getattr(model, f.name))]
    hashes |= {model_hash(other) for other in others}
    assert len(others) > len(fields(model)) - 5  # what is empty in the tiny world cannot change
    assert len(hashes) == 1 + len(others)


def _changed(value: object) -> list[object]:
    """The same with its last entry changed; of a discrete distribution each of its parts."""
    if isinstance(value, Discrete):
        return [replace(value, **{f.name: one}) for f in fields(value) for one in _changed(getattr(value, f.name))]
    if isinstance(value, np.ndarray):
        if not value.size:  # what the tiny world does not have
            return [np.ones([max(length, 1) for length in value.shape], dtype=value.dtype)]
        other = value.copy()
        other.reshape(-1)[-1:] += np.ones(1, dtype=value.dtype)
        return [other]
    return [(*value, "more")] if isinstance(value, tuple) else [value + 1]  # type: ignore[operator]


@pytest.mark.parametrize(
    "text", ["import random", "from random import Random", "import numpy as np\n\nnp.random.rand()"]
)
def test_a_random_state_in_the_program_is_refused_by_lint(text: str) -> None:
    command = [sys.executable, "-m", "ruff", "check", "--select", "TID251", "--stdin-filename", "sim/luck.py", "-"]
    done = subprocess.run(command, cwd=ROOT, input=text, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "never a random state" in done.stdout
    sources = subprocess.run([*command[:6], "sim"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert sources.returncode == 0, sources.stdout


def test_the_shared_random_state_of_a_process_is_neither_used_nor_changed() -> None:
    found = []
    for seed in (1, 2):
        random.seed(seed)
        np.random.seed(seed)  # noqa: NPY002
        before = random.getstate(), str(np.random.get_state())  # noqa: NPY002
        model = compile_scenario(load_study(SHORT, root=TINY), "near_care")
        episodes = draw_episodes(model, 1, 0)
        found.append(measure(model, episodes, simulate_episodes(model, episodes, "simpy")))
        assert before == (random.getstate(), str(np.random.get_state()))  # noqa: NPY002
    pd.testing.assert_frame_equal(*found, check_exact=True)
