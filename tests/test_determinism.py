"""The same contacts to the byte, whatever the machine's settings."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

TINY = Path(__file__).parent / "data" / "tiny"
PROGRAM = """
import hashlib
import sys
from dataclasses import fields
from pathlib import Path
import numpy as np
from sim.compile import compile_scenario
from sim.demand import draw_episodes
from sim.engines.simpy_engine import simulate
from sim.load import load_study
from sim.tables import Discrete

def feed(seen, table):
    for field in fields(table):
        value = getattr(table, field.name)
        if isinstance(value, Discrete):
            feed(seen, value)
        else:
            seen.update(value.tobytes() if isinstance(value, np.ndarray) else repr(value).encode())

world = load_study(root=Path(sys.argv[1]))
for scenario in sys.argv[2:] or world.scenarios:
    seen = hashlib.sha256()
    model = compile_scenario(world, scenario)
    episodes = draw_episodes(model, 1, 0)
    for table in (model, episodes, simulate(model, episodes)):
        feed(seen, table)
    print(scenario, seen.hexdigest())
"""


def digest(folder: Path, *scenarios: str, **settings: str) -> dict[str, str]:
    """sha256 of model, episodes and contacts by scenario, from a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(TINY), *scenarios],
        cwd=folder,
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
        check=True,
    )
    return dict(line.split() for line in done.stdout.splitlines())


@pytest.fixture(scope="module")
def usual(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return digest(tmp_path_factory.mktemp("usual"), PYTHONHASHSEED="0", TZ="UTC", LC_ALL="C")


@pytest.mark.parametrize(
    "settings",
    [
        {"PYTHONHASHSEED": "1", "TZ": "Europe/Stockholm", "LC_ALL": "sv_SE.UTF-8"},
        {"PYTHONHASHSEED": "random", "TZ": "Asia/Kolkata", "LC_ALL": "C.UTF-8"},
        {"OMP_NUM_THREADS": "1", "PYTHONOPTIMIZE": "1", "TZ": "America/St_Johns"},
    ],
    ids=["Sweden", "India", "one thread"],
)
def test_contacts_do_not_depend_on_hash_seed_time_zone_or_locale(
    tmp_path: Path, usual: dict[str, str], settings: dict[str, str]
) -> None:
    folder = tmp_path / "en mapp med å ä ö"
    folder.mkdir()
    assert digest(folder, **settings) == usual


def test_a_scenario_is_the_same_alone_and_after_others(tmp_path: Path, usual: dict[str, str]) -> None:
    assert len(set(usual.values())) == 3
    assert digest(tmp_path, "near_care") == {"near_care": usual["near_care"]}
    assert digest(tmp_path, "closed_er", "baseline") == {name: usual[name] for name in ("closed_er", "baseline")}
