"""The command as a user starts it, and a small study to start it in."""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sim.app.cli import app

TINY = Path(__file__).resolve().parents[1] / "data" / "tiny"
QUEUE = Path(__file__).resolve().parents[2] / "docs" / "examples" / "mmc"
MINE = """
label: {sv: Fler rum, en: More rooms}
description: {sv: Fler rum på vårdcentralen., en: More rooms at the health centre.}
levers:
  rooms:
    kind: capacity
    pools: {resource: room}
    add_units: {value: 2, low: 1, high: 3, source: assumption, quality: D}
"""


@dataclass(frozen=True)
class Done:
    """How a command ended, and what it wrote."""

    code: int
    output: str
    errors: str


def standing_in_queue(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the example of one queue below a folder, to stand in."""
    root = Path(shutil.copytree(QUEUE, folder / "root"))
    monkeypatch.chdir(root)
    return root


def careshift(root: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """``careshift`` with these words, in the folder ``root``."""
    command = [sys.executable, "-m", "sim.app.cli", *words]
    return subprocess.run(command, cwd=root, text=True, capture_output=True, check=False)


def here(*words: str) -> Done:
    """``careshift`` with these words in this process and folder, which is quicker."""
    done = CliRunner().invoke(app, words, env={"COLUMNS": "300"})
    return Done(done.exit_code, done.stdout, done.stderr)


def edit(root: Path, pattern: str, old: str, new: str) -> None:
    """Puts a text in the place of another, once, in the one file of a folder that fits a pattern."""
    (path,) = root.glob(pattern)
    text = path.read_text("utf-8")
    assert old in text, old
    path.write_text(text.replace(old, new, 1), "utf-8")
