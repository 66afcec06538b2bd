"""Should it be believed: calibration, validation, experiments, sensitivity and verification."""
