"""Which of a region's uncertain figures its baseline depends on most."""

from sim.sensitivity.page import print_screening, write_page
from sim.sensitivity.record import write
from sim.sensitivity.screening import Screening, screen

__all__ = ["Screening", "print_screening", "screen", "write", "write_page"]
