"""How distance becomes road kilometres and minutes: detours, speeds, ferries and bridges.

Bands are marginal: the kilometres of a trip that lie within a band get that band's figure, so that a longer
trip never takes less time or road than a shorter one. The last band holds for everything beyond it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from pydantic import Field, field_validator, model_validator

from sim.config.schema.base import Figure, Name, Strict
from sim.config.schema.number_kinds import BAND_KM, DETOUR, FERRY_KM, FERRY_MIN, SHORT_KM, SPEED, TRIP_MIN
from sim.config.sentence import Sentence


class Band(Strict):
    """A stretch of a trip, from the end of the band before to ``up_to_km``."""

    up_to_km: Annotated[float, Field(gt=0), BAND_KM] = Field(description="where the band ends, km from the start")


class DetourBand(Band):
    """Road kilometres per great-circle kilometre within the band (``up_to_km`` is great circle)."""

    factor: Annotated[Figure, DETOUR] = Field(description="road distance over great-circle distance, at least 1")


class SpeedBand(Band):
    """Speed by car within the band (``up_to_km`` is road distance)."""

    speed_kmh: Annotated[Figure, SPEED] = Field(description="kilometres per hour")


class Crossing(Strict):
    """An island or peninsula: what entering or leaving it adds to a trip.

    Crossings nest (an island off an island): a trip pays for each one that holds only one of its two ends.
    """

    within: Name | None = Field(None, description="the crossing that this one lies behind")
    penalty_min: Annotated[Figure, FERRY_MIN] = Field(description="waiting and crossing, min per passage")
    penalty_km: Annotated[Figure, FERRY_KM] = Field(
        description="further road km per passage, driven at the speeds of the bands"
    )


class TravelConfig(Strict):
    """``travel.yaml``: from great-circle distance to road metres and seconds, or a ready-made matrix."""

    detour: dict[Name, DetourBand] = Field(min_length=1, description="by name, in order of distance")
    speed: dict[Name, SpeedBand] = Field(min_length=1, description="by name, in order of distance")
    access_min: Annotated[Figure, TRIP_MIN] = Field(
        description="fixed part of every trip: to the car, parking, to the door; min"
    )
    within_km: Annotated[Figure, SHORT_KM] = Field(
        description="shortest road distance of a trip, also within a locality; km"
    )
    crossings: dict[Name, Crossing] = Field(default_factory=dict, description="islands and peninsulas by name")
    matrix_file: str | None = Field(
        None, description="CSV origin,destination,metres,seconds in the region's folder, used instead"
    )

    @field_validator("detour", "speed")
    @classmethod
    def _bands_rise(cls, bands: dict[str, Band]) -> dict[str, Band]:
        ends = [band.up_to_km for band in bands.values()]
        if ends != sorted(set(ends)):
            raise ValueError(Sentence("bands are listed by rising up_to_km; here {ends}", ends=ends))
        return bands

    @model_validator(mode="after")
    def _crossings_nest(self) -> TravelConfig:
        for name in self.crossings:
            self._check_chain(name)
        return self

    def _check_chain(self, name: str) -> None:
        chain = [name]
        while (outer := self.crossings[chain[-1]].within) is not None:
            if outer not in self.crossings:
                raise ValueError(
                    Sentence(
                        "crossing {chain}: within {outer}, allowed {names}",
                        chain=chain[-1],
                        outer=f"{outer!r}",
                        names=sorted(self.crossings),
                    )
                )
            if outer in chain:
                raise ValueError(
                    Sentence(
                        "crossing {name} lies within itself: {names}", name=name, names=" in ".join([*chain, outer])
                    )
                )
            chain.append(outer)

    def chain(self, crossing: str) -> tuple[str, ...]:
        """The crossings between a place and the mainland, the nearest first; empty for the mainland."""
        passed: list[str] = []
        name: str | None = crossing or None
        while name is not None:
            passed.append(name)
            name = self.crossings[name].within
        return tuple(passed)

    def unknown(self, names: Iterable[str]) -> list[str]:
        """Crossing names that are used by places and not defined here, each once, sorted."""
        return sorted({n for n in names if n and n not in self.crossings})
