"""What a first word costs: asking for help, or for the package's names, waits for no library that computes."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

import sim
from sim.app.cli import app

HEAVY = (
    "SALib", "hydra", "joblib", "matplotlib", "numba", "numpy", "omegaconf", "pandas", "pyarrow", "scipy", "simpy",
    "yaml",
)  # fmt: skip
COMMANDS = sorted(str(one.name or (one.callback and one.callback.__name__)) for one in app.registered_commands)
HELP = """
import sys
from sim.app.cli import main
sys.argv[1:] = {words!r}
try:
    main()
except SystemExit as end:
    assert end.code in (0, 2), end.code
"""


def heavy_after(code: str) -> list[str]:
    """The heavy libraries that a fresh Python has loaded after it ran ``code``."""
    tell = f"\nimport json, sys; print(json.dumps(sorted(set({HEAVY!r}) & set(sys.modules))), file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code + tell], text=True, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    result: list[str] = json.loads(done.stderr.splitlines()[-1])
    return result


def test_the_package_loads_no_library_until_something_is_asked_of_it() -> None:
    assert heavy_after("import sim") == []


@pytest.mark.parametrize("words", [[], ["--help"], *([name, "--help"] for name in COMMANDS)], ids=" ".join)
def test_help_loads_no_library_that_computes(words: list[str]) -> None:
    assert heavy_after(HELP.format(words=words)) == []


def test_what_is_asked_of_the_package_is_there() -> None:
    assert {name: getattr(sim, name).__name__ for name in sim.__all__} == {name: name for name in sim.__all__}
    with pytest.raises(AttributeError, match="no attribute 'simulate_region'"):
        sim.simulate_region  # noqa: B018


def test_a_library_that_is_loaded_would_be_seen() -> None:
    assert "pandas" in heavy_after("from sim import read_results")
