"""``fitted.yaml``: what a calibration found, written whole."""

from __future__ import annotations

from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path

import yaml

from sim.config.folders import folders
from sim.config.reading.free_parameter_files import FITTED
from sim.config.schema.free_parameters import Fitted, FittedRun
from sim.credibility.calibration.judgement import Judgement
from sim.credibility.simulated_figures import SimulatedFigures
from sim.results.files import write_text
from sim.study.store import code_hash

HEAD = (
    "# Written by `careshift calibrate region={region}`; never by hand. A factor multiplies what the region's tables\n"
    "# and the care model say; {free} tells what, and within which range. docs/calibration.md tells the method.\n"
)


def record(figures: SimulatedFigures, judgement: Judgement) -> Fitted:
    """What ``fitted.yaml`` says."""
    care = figures.world.study.care
    return Fitted(care=care, run=run_record(figures), parameters=judgement.factors, residuals=judgement.residuals)


def run_record(figures: SimulatedFigures) -> FittedRun:
    """What the runs were that something was found with."""
    study = figures.world.study
    return FittedRun(
        written=datetime.now(UTC).date(),
        version=metadata.version("careshift"),
        code=code_hash()[:16],
        seed=figures.seed,
        replications=figures.replications,
        start=study.start,
        end=study.end,
        warm_up_days=study.warm_up_days,
    )


def write(fitted: Fitted, region: str, root: Path | None = None) -> Path:
    """Writes the region's ``fitted.yaml``, whole or not at all; returns where. Raises OSError if it cannot."""
    path = folders(root).config(f"region/{region}") / FITTED
    data = fitted.model_dump(mode="json", exclude_defaults=True)
    text = yaml.safe_dump(data, sort_keys=False, allow_unicode=True, width=120)
    write_text(path, HEAD.format(region=region, free="free_parameters.yaml") + text)
    return path


__all__ = ["record", "run_record", "write"]
