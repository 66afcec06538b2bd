"""A region's baseline held against published figures, and against what is known of single changes."""

from sim.credibility.validation.behaviour import behave
from sim.credibility.validation.validation import Validation, validate

__all__ = ["Validation", "behave", "validate"]
