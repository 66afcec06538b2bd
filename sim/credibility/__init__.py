"""Should it be believed: calibration, validation, sensitivity and verification."""
