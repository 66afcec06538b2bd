"""Small worlds for tests: the networks in which the program verifies itself."""

from sim.config.paths import with_changes
from sim.config.variants import Variant, variant_changes
from sim.config.world import World
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


def at_variant(world: World, scenario: str, variant: Variant) -> World:
    """The world in which a scenario is at a variant."""
    return with_changes(world, variant_changes(world, scenario, variant))


__all__ = [
    "LABEL",
    "SAID",
    "Offer",
    "Plain",
    "Sketch",
    "at_variant",
    "exponential",
    "figure",
    "minutes",
    "need",
    "responding",
    "service",
    "way",
]
