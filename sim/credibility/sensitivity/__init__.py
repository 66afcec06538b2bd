"""Which of a region's uncertain figures its baseline depends on most."""

from sim.credibility.sensitivity.screening import Screening, screen
from sim.credibility.sensitivity.sensitivity_file import write

__all__ = ["Screening", "screen", "write"]
