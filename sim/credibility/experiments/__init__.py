"""Natural experiments: what somewhere was tried and studied, done to a region's baseline and held against the study."""

from sim.credibility.experiments.experiments_file import write
from sim.credibility.experiments.trials import Trials, load_experiments, run_experiments

__all__ = ["Trials", "load_experiments", "run_experiments", "write"]
