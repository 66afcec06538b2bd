"""What draws first contacts to a service, or away from it: how near it is open, and how full it is."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated

from pydantic import Field, model_validator

from sim.config.schema.base import Name, Sourced, Strict
from sim.config.schema.number_kinds import REACH_MIN, SLOPE, UTILITY
from sim.config.sentence import Sentence
from sim.model.codes import UTILITY_LIMIT, Acuity

Slope = Annotated[float, Field(le=0), SLOPE]
Utility = Annotated[float, Field(ge=-UTILITY_LIMIT, le=0), UTILITY]


class NearnessUtility(Sourced):
    """A service draws less the further away its nearest open site is, and more the nearer; and less while it is closed.

    All against the reference at the same hour.
    """

    per_km: dict[Acuity, Slope] = Field(
        description="utility of a km of longer way to the nearest open site, by acuity, at most 0; an acuity that is "
        "not named does not mind the way"
    )
    closed: dict[Acuity, Utility] = Field(
        default_factory=dict,
        description="utility of finding no open site within reach where the reference has one at this hour, by acuity, "
        "at most 0; who finds one where the reference has none has as much more",
    )
    within_min: Annotated[float, Field(gt=0), REACH_MIN] | None = Field(
        None, description="sites further from home do not count; nothing: as far as reach_min of its choice says"
    )


class WaitUtility(Sourced):
    """A service draws less the longer one has to wait for it."""

    signal: Name = Field(
        description="signal, read at the site where one is listed for the service (`listed` of its choice), else at "
        "the nearest site from home"
    )
    by_acuity: dict[Acuity, list[Utility]] = Field(
        min_length=1,
        description="utility at each class of the signal: 0 at the first, where nobody waits, and falling; an "
        "acuity that is not named does not mind the wait",
    )
    usual: Utility = Field(
        0.0,
        description="utility of the wait that is usual in the long run: who meets it turns to the service as often as "
        "the reference says; usual_waits.yaml of a region says its own",
    )

    @model_validator(mode="after")
    def _falling(self) -> WaitUtility:
        for acuity, utilities in self.by_acuity.items():
            if utilities[:1] != [0] or any(a < b for a, b in pairwise(utilities)):
                listed = ", ".join(f"{u:g}" for u in utilities)
                raise ValueError(
                    Sentence(
                        "by_acuity.{acuity}: utilities begin with 0 and fall, none draws more; here {listed}",
                        acuity=acuity,
                        listed=listed,
                    )
                )
        return self


class ServiceChoice(Strict):
    """How the choice of the first service answers to what is open, near and soon (a pivot-point logit)."""

    nearness: dict[Name, NearnessUtility] = Field(default_factory=dict, description="by service")
    wait: dict[Name, WaitUtility] = Field(default_factory=dict, description="by service")
    ways_on: list[Name] = Field(
        default_factory=list,
        description="services after which one chooses in the same way: whoever is sent on at once, and whoever leaves "
        "the queue; what their tables say is the reference",
    )
