"""What the units of pools are, and what an open one costs."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from sim.config.schema.base import Figure, Label, Strict
from sim.config.schema.number_kinds import SEK_PER_H, STAFF_H, TOUR
from sim.model.codes import Payer


class Resource(Strict):
    """The kind of unit that a pool has, and what an open unit costs."""

    label: Label = Field(description="what it is called")
    unit: Label = Field(description="what one unit is called")
    staff_h_per_unit_h: Annotated[Figure, STAFF_H] = Field(description="staff hours per hour that a unit is open")
    sek_per_staff_h: Annotated[Figure, SEK_PER_H] = Field(description="SEK per staff hour, social fees included")
    payer: Payer = Field(description="who pays the staff")
    tour_factor: Annotated[Figure, TOUR] | None = Field(
        None, description="outreach: occupied time over driving and visit"
    )


__all__ = ["Resource"]
