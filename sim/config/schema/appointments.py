"""Appointments: the delay before which one may not start, and patients who do not come."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from sim.config.schema.base import Distribution, Name, Share
from sim.config.schema.number_kinds import DELAY
from sim.config.schema.pathway_rules import OptionalRule, Step


class NotBeforeRule(OptionalRule):
    """A delay from the request before which the contact may not start; until then the patient waits."""

    time: Annotated[Distribution, DELAY] = Field(description="time from the request")


class NoShowRule(OptionalRule):
    """Appointments whose patient does not come: nobody travels, and the unit stands empty for a part of the time."""

    share: Share = Field(description="share of the appointments that are missed")
    occupies: Share = Field(0.0, description="part of the drawn duration for which the unit is still taken")
    then: dict[Name, Step] = Field(
        default_factory=dict,
        description="ways on of those who did not come, at_once or follow_up; probabilities sum to 1; nothing: exit",
    )
