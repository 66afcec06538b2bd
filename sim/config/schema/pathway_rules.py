"""What every rule of a care model is made of: whom it is for, and the ways on from a contact."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from sim.config.schema.base import Distribution, Name, Share, Sourced, Strict
from sim.config.schema.number_kinds import DELAY, SHARE_BUT_ALL
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
    after: Annotated[Distribution, DELAY] | None = Field(None, description="delay of a follow-up")


ShareAtHand = Annotated[float, Field(ge=0, le=0.9), SHARE_BUT_ALL]


class WaysRule(Rule):
    """Where one goes from a contact: by the ways on, and to services at hand."""

    then: dict[Name, Step] = Field(default_factory=dict, description="ways on by name; probabilities sum to 1")
    at_hand: dict[Name, ShareAtHand] = Field(
        default_factory=dict,
        description="share that a service takes of those who choose here and live beside an open site of it, as "
        "at_hand of first contacts; the service of the contact is one of service_choice.ways_on",
    )

    def leads_to(self) -> set[str]:
        """The services, and exit, that some go to."""
        taken = {step.to for step in self.then.values() if step.probability > 0}
        return taken | {service for service, share in self.at_hand.items() if share > 0}
