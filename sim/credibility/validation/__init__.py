"""A region's baseline held against published figures."""

from sim.credibility.validation.validation import Validation, validate

__all__ = ["Validation", "validate"]
