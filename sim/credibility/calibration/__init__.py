"""A region's baseline fitted to published figures."""

from sim.credibility.calibration.fit import Calibration, calibrate

__all__ = ["Calibration", "calibrate"]
