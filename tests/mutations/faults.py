"""All faults, by the part of the program that they are in."""

from __future__ import annotations

import simulation

import results

PATCHES = (*simulation.FAULTS, *results.FAULTS)

__all__ = ["PATCHES"]
