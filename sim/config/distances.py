"""Distances over the ground."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

EARTH_RADIUS_M = 6_371_008.8  # mean radius, IUGG


def great_circle_m(lat1: ArrayLike, lon1: ArrayLike, lat2: ArrayLike, lon2: ArrayLike) -> NDArray[np.float64]:
    """Metres along the sphere between points in degrees (haversine; within 0.5 % of the ellipsoid)."""
    phi1, lam1, phi2, lam2 = (np.radians(np.asarray(x, float)) for x in (lat1, lon1, lat2, lon2))
    half = np.sin((phi2 - phi1) / 2) ** 2 + np.cos(phi1) * np.cos(phi2) * np.sin((lam2 - lam1) / 2) ** 2
    return np.asarray(2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(np.clip(half, 0, 1))), float)


__all__ = ["EARTH_RADIUS_M", "great_circle_m"]
