"""Where a lever acts: a part of the region, or some of its pools."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from sim.config.schema.base import Name, Strict
from sim.config.schema.number_kinds import REACH_MIN
from sim.config.sentence import Sentence


class Within(Strict):
    """A way by car, as the region's travel times have it."""

    minutes: Annotated[float, Field(gt=0), REACH_MIN]
    sites: list[str] = Field(min_length=1, description="of one of these")


class Where(Strict):
    """Which part of the region a lever is about: what fits every line that is given.

    Of a lever about patients it is where they live; of one about capacity or hours, the sites that lie there.
    """

    municipalities: list[str] | None = Field(None, min_length=1, description="by name or code")
    subregions: list[str] | None = Field(None, min_length=1, description="by name")
    sites: list[str] | None = Field(None, min_length=1, description="of levers about sites")
    within: Within | None = Field(None, description="of levers about people: who lives so near to a site")

    @model_validator(mode="after")
    def _says_something(self) -> Where:
        if not any((self.municipalities, self.subregions, self.sites, self.within)):
            raise ValueError(Sentence("says no place: leave it out if the lever is about the whole region"))
        return self


class Pools(Strict):
    """Which pools a lever is about: all that fit every line that is given."""

    resource: Name | None = None
    where: Where | None = Field(None, description="at which sites; nothing: at all")

    @model_validator(mode="after")
    def _says_which(self) -> Pools:
        if self.resource is None and self.where is None:
            raise ValueError(
                Sentence("says no pools: name a resource, or where they are (else it would be about all there are)")
            )
        return self


__all__ = ["Pools", "Where", "Within"]
