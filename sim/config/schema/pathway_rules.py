"""What every rule of a care model is made of: whom it is for, and the ways on from a contact."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from sim.config.schema.base import Distribution, Name, Share, Sourced, Strict
from sim.model.codes import Acuity, Age


class When(Strict):
    """Whom a rule is for; what is not said holds for all."""

    needs: list[Name] | None = Field(None, description="needs")
    ages: list[Age] | None = Field(None, description="age groups")
    acuity: list[Acuity] | None = Field(None, description="acuities, 1 is the most urgent")


class Rule(Sourced):
    """One of several rules by name; the first whose ``when`` fits is used, the last has no ``when``."""

    when: When | None = Field(None, description="whom the rule is for; nothing: everybody else")


class OptionalRule(Rule):
    """A rule of something that need not be: the first whose ``when`` fits is used, and nothing where none fits."""


class Step(Strict):
    """One way on from a contact."""

    probability: Share = Field(description="share of the contacts that go this way")
    to: Name = Field(description="service, or exit")
    how: Literal["at_once", "holding", "follow_up", "within", "carried"] = Field(
        "at_once",
        description="at_once gives the unit back, holding keeps it until the next contact starts, within until the "
        "next contact and all that comes of it at once has ended; follow_up is from home after a delay; carried: the "
        "team of an outreach service drives the patient to the site of a walk-in service, and from there to its base",
    )
    gives_back: Literal["own", "all"] | None = Field(
        None,
        description="at_once and holding: own, the unit of this contact (so if nothing is said), or all, also every "
        "unit that is held around it",
    )
    after: Distribution | None = Field(None, description="delay of a follow-up")
