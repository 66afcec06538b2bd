"""Studies of the tiny world as a user starts them: in a process of their own, that can be killed."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path


def command(root: Path, *words: str) -> list[str]:
    return [sys.executable, "-m", "sim.app.cli", "run", f"results={root / 'results'}", *words]


def start(root: Path, *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        command(root, *words),
        cwd=root,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )


def events(folder: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in (folder / "journal.jsonl").read_text("utf-8").splitlines()]


def computed(folder: Path) -> list[object]:
    return [e["run"] for e in events(folder) if e["event"] == "run done"]


def run_files(root: Path) -> list[Path]:
    return sorted((root / "results" / "runs").glob("*.parquet"))


def wait_for(condition: object, process: subprocess.Popen[str], seconds: float = 480) -> None:
    assert callable(condition)
    end = time.monotonic() + seconds
    while not condition():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


def children(pid: int) -> Sequence[int]:
    """Processes below a process."""
    found: list[int] = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rsplit(")", 1)[1].split()
            except OSError:
                continue
            if int(fields[1]) == pid and fields[0] != "Z":
                found.append(int(entry.name))
    return found + [grand for child in found for grand in children(child)]


def workers(pid: int) -> Sequence[int]:
    """Worker processes of a study."""
    return [child for child in children(pid) if "popen_loky" in cmdline(child)]


def cmdline(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except OSError:
        return ""  # it is gone


def shared(pid: int) -> Sequence[Path]:
    """Files with what a study's workers share, and their folder."""
    return [*Path(tempfile.gettempdir()).glob(f"careshift_tables_{pid}_*")]
