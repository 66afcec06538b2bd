"""``experiments.csv`` in a region's folder: what its experiments said, written whole."""

from __future__ import annotations

from pathlib import Path

from sim.config.folders import folders
from sim.credibility.experiments.trials import Trials
from sim.results.files import write_text
from sim.results.foretold import EXPERIMENTS_FILE

DIGITS = "%.5g"


def write(trials: Trials, root: Path | None = None) -> Path:
    """Writes the region's ``experiments.csv``, whole or not at all; returns where. Raises OSError if it cannot."""
    path = folders(root).config(f"region/{trials.world.region.name}") / EXPERIMENTS_FILE
    write_text(path, trials.table().to_csv(index=False, float_format=DIGITS, lineterminator="\n"))
    return path


__all__ = ["write"]
