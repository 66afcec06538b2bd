"""The command as a user starts it, and a small study to start it in."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

TINY = Path(__file__).resolve().parents[1] / "data" / "tiny"
MINE = """
label: {sv: Fler rum, en: More rooms}
description: {sv: Fler rum på vårdcentralen., en: More rooms at the health centre.}
levers:
  rooms:
    kind: capacity
    pools: {resource: room}
    add_units: {value: 2, low: 1, high: 3, source: assumption, quality: D}
"""


def careshift(root: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """``careshift`` with these words, in the folder ``root``."""
    command = [sys.executable, "-m", "sim.app.cli", *words]
    return subprocess.run(command, cwd=root, text=True, capture_output=True, check=False)
