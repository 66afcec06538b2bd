"""What the tables of a region say that is right in each and odd together: told by ``careshift check``."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from sim.config.distances import great_circle_m
from sim.config.schema.region import Region
from sim.config.schema.scenario import OpenLever
from sim.config.sentence import Sentence
from sim.config.world import World

FAR_KM = 60.0  # from the nearest other place of the municipality; the farthest of a shipped region is 21 km
Floats = NDArray[np.float64]


def region_notes(world: World) -> Iterator[str]:
    """One sentence each: places far from their municipality, pools that no offer uses."""
    yield from _far(world.region)
    used = {pool for pools in world.region.offers["pool"] for pool in pools.split()}
    opened = {lever.service for s in world.scenarios.values() for lever in s.levers.values()
              if isinstance(lever, OpenLever)}  # fmt: skip
    for pool in world.region.pools["pool"]:
        if pool not in used and not opened:
            yield Sentence("pools.csv: {pool}: no offer uses it, so it costs and serves nobody.", pool=pool)
    yield from _of_other_pools(world.region)


def _of_other_pools(region: Region) -> Iterator[str]:
    """Offers whose pool stands at another site, or is of another resource than at the other sites of the service."""
    places = dict(zip(region.pools["pool"], region.pools["site"], strict=True))
    resources = dict(zip(region.pools["pool"], region.pools["resource"], strict=True))
    usual: dict[str, str] = {}
    for row in region.offers.to_dict("records"):
        first = row["pool"].split()[0]
        kind = usual.setdefault(row["service"], resources[first])
        if kind != resources[first]:
            yield Sentence("offers.csv: {site} {service}: its pool {pool} is of {kind}, at another site of {other}.",
                           site=row["site"], service=row["service"], pool=first, kind=resources[first],
                           other=kind)  # fmt: skip
        if places[first] != row["site"]:
            yield Sentence("offers.csv: {site} {service}: its pool {pool} stands at another site, {other}.",
                           site=row["site"], service=row["service"], pool=first, other=places[first])  # fmt: skip


def _far(region: Region) -> Iterator[str]:
    zones = region.zones
    for file, table, name in (("zones.csv", zones, "zone"), ("sites.csv", region.sites, "site")):
        metres = great_circle_m(*_apart(table["lat"], zones["lat"], table["lon"], zones["lon"]))
        own = table["municipality"].to_numpy(dtype=object)[:, None] == zones["municipality"].to_numpy(dtype=object)
        if name == "zone":
            np.fill_diagonal(own, False)
            own[~own.any(axis=1)] = True  # the only place of its municipality: beside those of the region
            np.fill_diagonal(own, False)
        nearest = np.where(own, metres, np.inf).min(axis=1, initial=np.inf)
        for at in np.flatnonzero(np.isfinite(nearest) & (nearest > 1000 * FAR_KM)):
            yield Sentence(
                "{file}: {name} lies {km} km from the next place of its municipality {municipality}, or of the "
                "region: is a coordinate or the municipality another?",
                file=file, name=table[name].iloc[at], km=f"{nearest[at] / 1000:.0f}",
                municipality=table["municipality"].iloc[at],
            )  # fmt: skip


def _apart(lat: object, to_lat: object, lon: object, to_lon: object) -> tuple[Floats, Floats, Floats, Floats]:
    """Latitude and longitude of rows, then of columns."""
    a, b, c, d = (np.asarray(one, dtype=np.float64) for one in (lat, lon, to_lat, to_lon))
    return a[:, None], b[:, None], c[None, :], d[None, :]


__all__ = ["region_notes"]
