"""What tests of studies begin with."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

TINY = Path(__file__).resolve().parents[1] / "data" / "tiny"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A copy of the tiny world."""
    return Path(shutil.copytree(TINY, tmp_path / "värld ett"))
