"""What a strategist may change: levers by name, each with its effect sizes and its ramp."""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar, Literal, get_args

from pydantic import Field

from sim.config.schema.base import Distribution, EffectSize, Label, Name, Note, Share, Strict
from sim.config.schema.lever_places import Pools, Where
from sim.config.schema.number_kinds import (
    ADDED_UNITS,
    BUDGET,
    DELAY,
    ELIGIBLE,
    GROUP,
    INDUCED,
    REDUCTION,
    RELATIVE,
    SEK_PER_H,
    SEK_PER_YEAR,
    SHARE,
    STAFF_MIN,
    TARGET_MIN,
    UNITS,
)
from sim.config.schema.pathway_rules import When
from sim.model.codes import Acuity, Age, Level, Payer

Ramp = Annotated[
    dict[date, Share],
    Field(min_length=1, description="date to share of the full change, kept until the next date"),
]


class Lever(Strict):
    """What every lever has.

    ``put_in`` is said by each kind: whether the scenario itself says what patients or staff will do, so that the effect
    is assumed; else the lever changes what there is, or a rule, and the effect comes out of the model's mechanisms.
    """

    put_in: ClassVar[bool]

    note: Note = Field("", description="why, in a sentence: `{sv: ..., en: ...}`, or a text in your own language")
    statements: list[str] = Field(default_factory=list, description="statements of the strategies that it expresses")
    ramp: Ramp | None = Field(None, description="nothing: in full from the start")


class PatientLever(Lever):
    """A lever about patients: of the whole region, or of those who live in a part of it."""

    where: Where | None = Field(None, description="where the patients live; nothing: in the whole region")


class CapacityLever(Lever):
    """Adds units to pools (spread as their capacity is), or scales them."""

    put_in: ClassVar[bool] = False
    kind: Literal["capacity"]
    pools: Pools
    add_units: Annotated[EffectSize, ADDED_UNITS] | None = Field(None, description="units in all, over the pools")
    scale: Annotated[EffectSize, RELATIVE] | None = Field(None, description="relative change: 0.1 is 10 % more")
    paid_by: Pools | None = Field(None, description="pools that are cut by what this costs; nothing: new money")


class MenuItem(Strict):
    """What a part of a budget buys."""

    share: Share = Field(description="of the sum")
    pools: Pools | None = Field(None, description="which get units; nothing: joint work, which buys none")
    spread: Literal["capacity", "people"] = Field(
        "capacity", description="over the pools as their cost is now, or as people live in their municipalities"
    )


class BudgetLever(Lever):
    """Turns money into units, or with a negative sum units into money: a menu says which."""

    put_in: ClassVar[bool] = False
    kind: Literal["budget"]
    sum_sek_per_year: Annotated[EffectSize, BUDGET] = Field(description="SEK a year; below 0: what is saved")
    menu: dict[Name, MenuItem] = Field(min_length=1, description="what it buys; the shares sum to 1")
    level: Level = Field("primary_care", description="of joint work")
    payer: Payer = Field("region", description="of joint work; units are paid by whoever pays for their resource")
    paid_by: Pools | None = Field(None, description="pools that are cut by what this costs; nothing: new money")


class TransferLever(Lever):
    """Moves a share of capacity from some pools to others at a stated rate of exchange."""

    put_in: ClassVar[bool] = False
    kind: Literal["transfer"]
    source_pools: Pools
    target_pools: Pools
    share: Annotated[EffectSize, SHARE] = Field(description="share of the source's open unit hours that moves")
    exchange: Literal["cost", "staff_hours"] = Field("cost", description="equal SEK, or equal staff hours")


class OpeningHoursLever(Lever):
    """Gives the offers of a service, and their pools, another calendar."""

    put_in: ClassVar[bool] = False
    kind: Literal["opening_hours"]
    service: Name
    where: Where | None = Field(None, description="at which sites; nothing: at all that offer it")
    calendar: Name = Field(description="calendar of the region, whole weeks")
    capacity: Literal["added", "spread"] = Field(
        "spread", description="added: more hours are more staff; spread: same unit hours a week"
    )


class CloseLever(Lever):
    """Closes services at sites; a share of their units moves to other sites, at equal cost.

    The rest stay where another service uses them, else they are gone.
    """

    put_in: ClassVar[bool] = False
    kind: Literal["close"]
    services: list[Name] = Field(min_length=1)
    where: Where = Field(description="at which sites")
    moved: Annotated[EffectSize, SHARE] = Field(description="share of the capacity that moves along")
    to_sites: dict[str, Share] = Field(default_factory=dict, description="site to share of what moves; they sum to 1")


class OpenLever(Lever):
    """Opens a service at sites that do not have it, with a pool of its own or of another service there."""

    put_in: ClassVar[bool] = False
    kind: Literal["open"]
    service: Name
    sites: dict[str, Annotated[float, Field(gt=0), UNITS]] = Field(min_length=1, description="site to units")
    resource: Name
    level: Level
    calendar: Name
    ages: list[Age] | None = None


class ShiftLever(PatientLever):
    """Moves first contacts from one service to another."""

    put_in: ClassVar[bool] = True
    kind: Literal["shift"]
    when: When
    from_service: Name
    to_service: Name
    share: Annotated[EffectSize, SHARE] = Field(description="share of these first contacts that moves")
    fail_share: Annotated[EffectSize, SHARE] | None = Field(
        None, description="share of the moved that goes on to the old service after all"
    )
    fail_after: Annotated[Distribution, DELAY] | None = None
    induced: Annotated[EffectSize, INDUCED] | None = Field(None, description="further contacts per moved one")


class DemandLever(PatientLever):
    """Changes how often a need arises: prevention, growth, ageing, an epidemic."""

    put_in: ClassVar[bool] = True
    kind: Literal["demand"]
    when: When
    change: Annotated[EffectSize, RELATIVE] = Field(description="relative change of the rate: -0.1 is 10 % fewer")


class EnrolmentLever(PatientLever):
    """Enrols people in mobile care or remote monitoring: the group's rate is multiplied by 1 - n/N * reduction."""

    put_in: ClassVar[bool] = True
    kind: Literal["enrolment"]
    when: When
    enrolled: Annotated[EffectSize, GROUP] = Field(description="n, people enrolled")
    eligible: Annotated[EffectSize, ELIGIBLE] = Field(description="N, people eligible")
    reduction: Annotated[EffectSize, REDUCTION] = Field(
        description="relative reduction of the enrolled people's rate (1 - RR)"
    )
    staff_min_per_week: Annotated[EffectSize, STAFF_MIN] = Field(
        description="staff minutes per enrolled person and week"
    )
    sek_per_staff_h: Annotated[EffectSize, SEK_PER_H]
    sek_per_year: Annotated[EffectSize, SEK_PER_YEAR] | None = Field(
        None, description="equipment and licences per enrolled person and year"
    )
    level: Level = "mobile_team"
    payer: Payer = "region"
    paid_by: Pools | None = Field(None, description="pools that are cut by what this costs; nothing: new money")


class PathwayLever(PatientLever):
    """Sends a share of those who would go one way on from a contact another way."""

    put_in: ClassVar[bool] = True
    kind: Literal["pathway"]
    service: Name = Field(description="after which service")
    when: When = Field(default_factory=When)
    from_step: Name = Field(description="service they would have gone to, or exit")
    to_step: Name = Field(description="service they go to instead, or exit")
    how: Literal["at_once", "holding", "follow_up", "within", "carried"] = Field(
        "at_once", description="what is given back is as the way says whose patients are sent another way"
    )
    after: Annotated[Distribution, DELAY] | None = None
    share: Annotated[EffectSize, SHARE]


class DurationLever(PatientLever):
    """Changes how long a service takes."""

    put_in: ClassVar[bool] = True
    kind: Literal["duration"]
    service: Name
    when: When = Field(default_factory=When)
    change: Annotated[EffectSize, RELATIVE] = Field(description="relative change: -0.1 is 10 % shorter")


class LeadTimeLever(PatientLever):
    """Changes how long a service's ``not_before`` keeps a request from starting: planning, notice, booking."""

    put_in: ClassVar[bool] = True
    kind: Literal["lead_time"]
    service: Name
    when: When = Field(default_factory=When)
    change: Annotated[EffectSize, RELATIVE] = Field(
        description="relative change: -0.5 is half as long, for those who have a delay"
    )


class TargetLever(PatientLever):
    """Changes the order of the queue."""

    put_in: ClassVar[bool] = False
    kind: Literal["target"]
    service: Name
    target_min: dict[Acuity, Annotated[float, Field(ge=0), TARGET_MIN]]


AnyLever = Annotated[
    CapacityLever
    | BudgetLever
    | TransferLever
    | OpeningHoursLever
    | CloseLever
    | OpenLever
    | ShiftLever
    | DemandLever
    | EnrolmentLever
    | PathwayLever
    | DurationLever
    | LeadTimeLever
    | TargetLever,
    Field(discriminator="kind"),
]

# kinds whose effect is assumed
PUT_IN = frozenset(
    get_args(one.model_fields["kind"].annotation)[0] for one in get_args(get_args(AnyLever)[0]) if one.put_in
)

# In the low run every lever does little, in the high run much: a higher value of these weakens the scenario, so
# they are at their other end; so is every effect size below zero, where the low end is the stronger.
ADVERSE = frozenset({"fail_share", "induced", "eligible", "staff_min_per_week", "sek_per_staff_h", "sek_per_year"})


class Scenario(Strict):
    """One strategy, or a part of one."""

    label: Label
    description: Label
    statements: list[str] = Field(
        default_factory=list, description="statements of the strategy documents that this expresses"
    )
    inherits: list[Name] = Field(default_factory=list, description="scenarios whose levers come first")
    budget_neutral: bool = Field(False, description="the strategy promises the same resources")
    levers: dict[Name, AnyLever] = Field(
        default_factory=dict, description="by name; `off` in the place of a lever: an inherited one is left out"
    )


__all__ = [
    "ADVERSE", "PUT_IN", "AnyLever", "BudgetLever", "CapacityLever", "CloseLever", "DemandLever", "DurationLever",
    "EnrolmentLever", "LeadTimeLever", "Lever", "MenuItem", "OpenLever", "OpeningHoursLever", "PathwayLever",
    "PatientLever", "Pools", "Ramp", "Scenario", "ShiftLever", "TargetLever", "TransferLever", "Where",
]  # fmt: skip
