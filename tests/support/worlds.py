"""Small worlds for tests: the networks in which the program verifies itself."""

from sim.credibility.verification.network import (
    LABEL,
    SAID,
    Offer,
    Plain,
    Sketch,
    exponential,
    figure,
    minutes,
    need,
    responding,
    service,
    way,
)

__all__ = [
    "LABEL",
    "SAID",
    "Offer",
    "Plain",
    "Sketch",
    "exponential",
    "figure",
    "minutes",
    "need",
    "responding",
    "service",
    "way",
]
