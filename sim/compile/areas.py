"""The parts of a region that the levers of a scenario tell apart, as groups of zones.

Zones of which the same levers hold are one area. What a model says of patients it says by area, so a scenario whose
levers name no place has one area and costs nothing; a lever that names a place changes the classes of its areas alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from sim.compile.addresses import with_address
from sim.compile.draft import EVERYWHERE
from sim.config.named_places import NamedPlaces
from sim.config.schema.region import Region
from sim.config.schema.scenario import Lever, PatientLever, Where
from sim.config.sentence import Sentence
from sim.model.codes import AGE_GROUPS, Ints

Bools = NDArray[np.bool_]


class Areas:
    """Which zones are alike to some levers."""

    def __init__(self, region: Region, levers: Mapping[str, Lever], travel_s: Callable[[], Ints]) -> None:
        """``travel_s``: makes the seconds [places, sites], asked for only if a lever is about who lives near a site.

        Raises ConfigErrors with the lever's key where nobody lives in its place.
        """
        self.region, self.travel_s = region, travel_s
        self.places = NamedPlaces.of_region(region)
        self.people = region.zones[[f"people_{a}" for a in AGE_GROUPS]].to_numpy(dtype=np.int64).sum(axis=1)
        there = []
        for key, lever in levers.items():
            if isinstance(lever, PatientLever) and lever.where is not None:
                with with_address("", f"levers.{key}.where"):
                    there.append(self.zones_of(lever.where))
        told_apart = np.stack(there, axis=1) if there else np.zeros((len(region.zones), 1), dtype=np.bool_)
        _, zone_area = np.unique(told_apart, axis=0, return_inverse=True)
        self.zone_area: Ints = zone_area.reshape(-1).astype(np.int64)

    @property
    def number(self) -> int:
        """How many areas there are."""
        return int(self.zone_area.max()) + 1

    def of(self, where: Where | None) -> range | frozenset[int]:
        """The areas of a place; all of them if it is nothing."""
        return EVERYWHERE if where is None else frozenset(self.zone_area[self.zones_of(where)].tolist())

    def zones_of(self, where: Where) -> Bools:
        """[Z] the zones that fit every line. Raises ValueError if nobody lives in any of them."""
        municipality = self.region.zones["municipality"]
        zones: Bools = municipality.isin(self.places.municipalities_of(where)).to_numpy(dtype=np.bool_)
        if where.within is not None:
            sites = self.region.sites["site"].isin(where.within.sites).to_numpy(dtype=np.bool_)
            seconds = self.travel_s()[: len(zones), sites].min(axis=1)
            zones = zones & (seconds <= 60 * where.within.minutes)
        if not self.people[zones].any():
            raise ValueError(Sentence("nobody lives there: no zone fits all of these lines"))
        return zones


__all__ = ["Areas", "Bools"]
