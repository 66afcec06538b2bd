"""Signals, what can be known of how full it is, and responses, what people and clinicians do then."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Literal

from pydantic import Field, model_validator

from sim.config.schema.base import Name, Share, Sourced, Strict
from sim.config.schema.number_kinds import ODDS, OVER_H, THRESHOLD
from sim.config.schema.pathway_rules import OptionalRule
from sim.config.sentence import Sentence

Odds = Annotated[float, Field(gt=0, le=1000), ODDS]
LONGEST_H = 168


class Signal(Strict):
    """What can be known of a service at the second in which somebody decides, as one of a few classes.

    It is read at one place: the site that is asked, the site where the patient is, or the site of the contact.
    """

    of: Name = Field(description="service whose offer and pool are looked at")
    what: Literal["occupancy", "site_occupancy", "per_unit", "queue", "expected_wait"] = Field(
        description="occupancy: units in use per 1,000 places, surge not among the places; site_occupancy: the same of "
        "all pools of the offer together, in the moment; per_unit: people in service and waiting per 1,000 open units; "
        "queue: people who wait; expected_wait: minutes, those waiting x the mean service time / open units, and the "
        "time to the next opening"
    )
    over_h: Annotated[int, Field(ge=0, le=LONGEST_H), OVER_H] = Field(
        0,
        description="hours of which the mean is known: that of the last whole period before now; 0: the moment itself",
    )
    classes: list[Annotated[int, Field(ge=0), THRESHOLD]] = Field(
        min_length=1,
        max_length=20,
        description="rising thresholds: below the first is class 0, from the last on is the last class, so there is "
        "one class more than there are thresholds",
    )

    @model_validator(mode="after")
    def _rising(self) -> Signal:
        if any(a >= b for a, b in pairwise(self.classes)):
            raise ValueError(
                Sentence("the thresholds of classes must rise; here {names}", names=", ".join(map(str, self.classes)))
            )
        return self

    @model_validator(mode="after")
    def _of_the_moment(self) -> Signal:
        if self.what == "site_occupancy" and self.over_h:
            raise ValueError(
                Sentence("site_occupancy is read of the moment: leave out over_h; here {over_h}", over_h=self.over_h)
            )
        return self


class RefuseRule(OptionalRule):
    """Whom an offer does not take when it is full: who is refused is turned away, and does what ``when_full`` says."""

    signal: Name = Field(description="signal, read at the site that is asked")
    share: list[Share] = Field(
        min_length=2, description="share that is refused, one for each class: 1 is diversion, a fraction is balking"
    )


class WayResponse(Sourced):
    """A way on that is taken more or less often when it is full."""

    signal: Name = Field(description="signal, read where the patient is when the service ends")
    step: Name = Field(description="which of the ways in `then`")
    odds: list[Odds] = Field(
        min_length=2, description="what the odds of this way are multiplied by, one for each class; 1 changes nothing"
    )


class DurationResponse(Sourced):
    """A service that takes more or less time when it is full."""

    signal: Name = Field(description="signal, read at the own site when the service starts")
    factor: list[Odds] = Field(
        min_length=2,
        description="what the drawn duration is multiplied by, one for each class; 1 changes nothing",
    )
