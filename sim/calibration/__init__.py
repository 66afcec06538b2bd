"""A region's baseline fitted to published figures, and held against them."""

from sim.calibration.behaviour import behave, behaviour_part
from sim.calibration.fit import Calibration, calibrate, print_calibration
from sim.calibration.page import print_validation, write_page, write_part
from sim.calibration.validation import Validation, validate

__all__ = [
    "Calibration",
    "Validation",
    "behave",
    "behaviour_part",
    "calibrate",
    "print_calibration",
    "print_validation",
    "validate",
    "write_page",
    "write_part",
]
