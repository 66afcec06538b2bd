"""What may vary of a region's baseline, what was fitted, and which waits are usual.

``free_parameters.yaml`` is written by people: which figures may be moved, within which range, on whose evidence.
``fitted.yaml`` is written by ``careshift calibrate``, ``usual_waits.yaml`` by ``careshift usual-waits``, and neither by
hand. All lie in the region's folder, and each may be missing.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, model_validator

from sim.config.schema.base import EffectSize, HumanText, Label, Name, Strict
from sim.config.schema.number_kinds import (
    DAYS_BEFORE,
    FACTOR,
    REPLICATIONS,
    RESULT,
    ROUNDS,
    SEED,
    TOLERANCE,
    WEIGHT,
)
from sim.config.schema.service_choice import Utility
from sim.config.sentence import Sentence
from sim.model.codes import Acuity, Age

Factor = Annotated[float, Field(gt=0), FACTOR]


Result = Annotated[float, RESULT]


class NeedRate(Strict):
    """Multiplies the yearly rate of needs."""

    kind: Literal["need_rate"]
    needs: list[Name] = Field(min_length=1)
    ages: list[Age] | None = Field(None, description="nothing: all age groups")


class FirstContact(Strict):
    """Multiplies the odds that the first contact is with a service; the others keep their proportions."""

    kind: Literal["first_contact"]
    service: Name
    needs: list[Name] | None = Field(None, description="nothing: all needs")


class AcuityMix(Strict):
    """Multiplies the odds that an episode has one of some acuities; within and without, proportions stay."""

    kind: Literal["acuity"]
    acuity: list[Acuity] = Field(min_length=1, max_length=4)
    needs: list[Name] | None = Field(None, description="nothing: all needs")


class Pull(Strict):
    """Multiplies what draws patients to a site, beside travel time: its weight in the logit choice."""

    kind: Literal["pull"]
    site: Name
    service: Name


class WayOn(Strict):
    """Multiplies the odds that a service leads to others; the other ways on keep their proportions."""

    kind: Literal["way_on"]
    service: Name
    to: list[Name] = Field(min_length=1, description="services, all by the same factor")
    how: Literal["at_once", "holding", "follow_up", "within"] | None = Field(None, description="nothing: any")


class Length(Strict):
    """Multiplies how long services take: mean and spread alike."""

    kind: Literal["length"]
    services: list[Name] = Field(min_length=1)


class Capacity(Strict):
    """Multiplies the units of all pools of some resources, or their surge."""

    kind: Literal["capacity"]
    resources: list[Name] = Field(min_length=1)
    part: Literal["units", "surge"] = "units"


ActsOn = Annotated[NeedRate | FirstContact | AcuityMix | Pull | WayOn | Length | Capacity, Field(discriminator="kind")]


class FreeParameter(Strict):
    """One thing that may vary: a factor with its evidence range, 1 being the region as its tables say."""

    label: Label
    factor: Annotated[EffectSize, FACTOR] = Field(
        description="best guess and range of the factor; source and quality are of the range"
    )
    acts_on: ActsOn

    @model_validator(mode="after")
    def _spans_something(self) -> FreeParameter:
        if not 0 < self.factor.low < self.factor.high:
            raise ValueError(Sentence("the factor's range must lie above 0, and low must be below high"))
        return self


class FreeParameters(Strict):
    """``free_parameters.yaml``."""

    care: Name = Field(description="the care model that the parameters are of; with another one they are not used")
    parameters: dict[Name, FreeParameter] = Field(min_length=1)


class FittedFactor(Strict):
    """What was found of one parameter."""

    factor: Factor
    low: Factor = Field(description="2.5 % of the posterior, in the evidence range")
    high: Factor = Field(description="97.5 %")
    posterior_over_prior: Annotated[float, Field(ge=0), WEIGHT] = Field(
        description="width; near 1: the figures tell nothing"
    )
    identified: bool


class Residual(Strict):
    """One figure that was fitted to."""

    published: Result
    simulated: Result
    standard_error: Annotated[float, Field(ge=0), RESULT] = Field(description="of the mean over replications: luck")
    deviation: Result = Field(description="simulated / published - 1")
    tolerance: Annotated[float, Field(gt=0), TOLERANCE]
    verdict: Literal["hit", "infeasible", "contradicted"]
    reachable: Result | None = Field(None, description="closest value that the ranges can give, all else let go")
    against: list[Name] = Field(default_factory=list, description="figures that would leave their tolerance instead")


class FittedRun(Strict):
    """What the fit was made with."""

    written: date
    version: HumanText
    code: HumanText = Field(description="hash of the sources that compute a run, and of the lock file")
    seed: Annotated[int, Field(ge=0, lt=2**63), SEED]
    replications: Annotated[int, Field(ge=1), REPLICATIONS]
    start: date
    end: date
    warm_up_days: Annotated[int, Field(ge=0), DAYS_BEFORE]


class Fitted(Strict):
    """``fitted.yaml``."""

    care: Name
    run: FittedRun
    parameters: dict[Name, FittedFactor]
    residuals: dict[Name, Residual]

    def factors(self) -> dict[str, float]:
        """The factor of each parameter."""
        return {name: estimate.factor for name, estimate in self.parameters.items()}


class UsualWaits(Strict):
    """``usual_waits.yaml``."""

    care: Name = Field(description="the care model whose utilities these are; with another one they are not used")
    run: FittedRun
    rounds: Annotated[int, Field(ge=1), ROUNDS] = Field(
        description="until the shares of first contacts were the reference's"
    )
    wait: dict[Name, Utility] = Field(description="utility of the usual wait for a service, by service")


__all__ = ["ActsOn", "Fitted", "FreeParameter", "FreeParameters", "UsualWaits"]
