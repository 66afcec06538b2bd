"""The care model: services, needs and pathways, said with names and in ordinary units."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from sim.config.schema.appointments import NoShowRule, NotBeforeRule
from sim.config.schema.base import (
    Distribution,
    Figure,
    Label,
    Name,
    Share,
    Sourced,
    Strict,
    Weight,
)
from sim.config.schema.number_kinds import (
    BACK_DAYS,
    CO2,
    DISUTILITY,
    DURATION,
    PATIENCE,
    RATE,
    REACH_MIN,
    REDRAWS,
    TARGET_MIN,
    VARIATION,
    WAITING,
)
from sim.config.schema.pathway_rules import Rule, ShareAtHand, Step, WaysRule
from sim.config.schema.resources import Resource
from sim.config.schema.responses import DurationResponse, RefuseRule, Signal, WayResponse
from sim.config.schema.service_choice import ServiceChoice
from sim.config.sentence import Sentence
from sim.model.codes import ACUITY_NAMES, Acuity, Age, Level


def _is_moment(text: str) -> str:
    try:
        datetime.strptime(text, "%Y-%m-%d %H:00")
    except ValueError:
        raise ValueError(
            Sentence("must be a whole hour of a day, as 2027-10-04 07:00; here {text}", text=text)
        ) from None
    return text


Moment = Annotated[str, Field(min_length=16, max_length=16), AfterValidator(_is_moment)]  # local time, sorts as text


class NextRule(WaysRule):
    """What a contact leads to."""

    then: dict[Name, Step] = Field(min_length=1, description="ways on by name; probabilities sum to 1")
    response: WayResponse | None = Field(None, description="nothing: the same ways however full it is")


class DurationRule(Rule):
    """How long a unit is occupied."""

    time: Annotated[Distribution, DURATION] = Field(description="from start to end")
    response: DurationResponse | None = Field(None, description="nothing: the same time however full it is")


class PatienceRule(WaysRule):
    """How long a patient waits for the start of service, and what comes after leaving."""

    time: Annotated[Distribution, PATIENCE] | None = Field(None, description="nothing: waits for ever")


class Targets(Sourced):
    """Target wait by acuity: the queue's order is that of request time plus target wait."""

    target_min: dict[Acuity, Annotated[float, Field(ge=0), TARGET_MIN]] = Field(
        description="minutes for each of the five acuities"
    )


class Choice(Sourced):
    """How a site is chosen among those that offer the service."""

    rule: Literal["logit", "nearest", "nearest_idle"] = Field(
        description="by travel time and pull, the nearest, or the nearest that has a unit free and nobody waiting (the "
        "nearest if none has)"
    )
    per_min: Annotated[float, DISUTILITY] = Field(0.0, ge=0, description="logit: disutility of a minute of travel")
    reach_min: Annotated[float, Field(gt=0), REACH_MIN] | None = Field(
        None,
        description="minutes: from home, no site further away is chosen; who has none within reach takes the fallback",
    )
    detour_min: Annotated[float, Field(gt=0), REACH_MIN] | None = Field(
        None,
        description="minutes: from home, no site is chosen that is further away than the nearest by more than this, "
        "open or closed; whose near ones are closed takes the fallback",
    )
    listed: Name | None = Field(
        None,
        description="one belongs to a site: for all visits of an episode, to all services of that list, the same site "
        "is chosen, and its queue is the one that is felt",
    )


Days = Annotated[float, Field(ge=0), BACK_DAYS]


class Initial(Sourced):
    """Who is there when the run starts."""

    span_days: Annotated[float, Field(gt=0), BACK_DAYS] = Field(description="how far back initial requests lie")
    queue_days: Days = Field(0.0, description="requests of the last days have not started: the queue")
    queue_days_of: dict[Acuity, Days] = Field(
        default_factory=dict, description="the queue of acuities that wait for less than `queue_days`: the more urgent"
    )

    @model_validator(mode="after")
    def _queue_within(self) -> Initial:
        most = min(self.queue_days, self.span_days)
        for acuity, days in self.queue_days_of.items():
            if days > most:
                raise ValueError(
                    Sentence(
                        "queue_days_of.{acuity}: the more urgent wait for no longer than all others, {most} days; here "
                        "{days}",
                        acuity=acuity, most=f"{most:g}", days=f"{days:g}",
                    )
                )  # fmt: skip
        return self


class QueueLimit(Sourced):
    """How many may wait, and what one does who is turned away."""

    waiting: Annotated[int, Field(ge=0, le=1_000_000), WAITING] | None = Field(
        None,
        description="requests that may wait in the pool, of all its services; 0: who cannot start at once is turned "
        "away; nothing: any number, and only `refuse` turns away",
    )
    when_full: Literal["fallback", "next_site", "leave"] = Field(
        "fallback",
        description="what one does who is turned away: fallback takes the fallback of the service, without one the "
        "episode ends; next_site asks the nearest other open site that has not turned this patient away, and then the "
        "fallback; leave goes where those go whose patience ends",
    )


class Service(Strict):
    """What is done for a patient in one contact."""

    label: Label = Field(description="what it is called")
    kind: Literal[
        "other", "self_care", "telephone", "digital", "primary_care", "out_of_hours", "mobile_team",
        "municipal", "emergency", "emergency_physician", "emergency_workup", "ward", "clinic", "ambulance",
        "operation",
    ] = Field(description="what the service is to the measures")  # fmt: skip
    rare: bool = Field(False, description="rare care: cases per site are shown beside the volume wanted")
    mode: Literal["walk_in", "booked", "remote", "outreach"] = Field(
        description="walk_in: the patient travels there, then queues; booked: queues at home and travels when it is "
        "their turn; remote: nobody travels; outreach: a team travels to the patient"
    )
    unlimited_at: Level | None = Field(None, description="a service without site and without queue: its level")
    at_close: Literal["keep", "fallback"] = Field(
        "keep", description="what becomes of the queue when the site closes for the day"
    )
    fallback: Name | None = Field(None, description="service where no site is open")
    queue_limit: QueueLimit | None = Field(None, description="nothing: any number may wait")
    choice: Choice | None = Field(None, description="nothing: only for services without site")
    targets: Targets | None = Field(None, description="nothing: first come, first served")
    starts: Name | None = Field(
        None, description="calendar of the region in whose hours alone a contact may start; nothing: at any hour"
    )
    ends: Name | None = Field(
        None,
        description="calendar of the region in whose hours alone a contact may end, if not at its next opening; "
        "nothing: at any hour",
    )
    refuse: dict[Name, RefuseRule] = Field(default_factory=dict, description="nothing: everybody is taken")
    not_before: dict[Name, NotBeforeRule] = Field(default_factory=dict, description="nothing: as soon as there is room")
    no_show: dict[Name, NoShowRule] = Field(default_factory=dict, description="booked services; nothing: all come")
    duration: dict[Name, DurationRule] = Field(min_length=1, description="how long it takes, by rules")
    patience: dict[Name, PatienceRule] = Field(default_factory=dict, description="nothing: nobody leaves the queue")
    next: dict[Name, NextRule] = Field(default_factory=dict, description="nothing: exit")
    initial: Initial | None = Field(None, description="nothing: nobody is there when the run starts")


class AcuityRule(Rule):
    """Shares of the five acuities."""

    mix: dict[Acuity, Share] = Field(description="share of each acuity; they sum to 1")


class FirstRule(Rule):
    """Where the first contact is."""

    to: dict[Name, Share] = Field(min_length=1, description="service to probability; they sum to 1")
    at_hand: dict[Name, ShareAtHand] = Field(
        default_factory=dict,
        description="share that a service takes of those who live beside an open site of it, from all others in "
        "proportion; further away as its nearness says, and where none is open within reach nobody turns to it",
    )


class WeeklyVariation(Strict):
    """Weeks that differ: the rate of each week is multiplied by a random factor, gamma with mean 1."""

    group: Name = Field(description="needs of one group have good and bad weeks together")
    cv: Annotated[Figure, VARIATION] = Field(description="coefficient of variation of the factor, 0 to 1")


class Need(Strict):
    """Why someone seeks care."""

    label: Label = Field(description="what it is called")
    rate_per_1000_year: dict[Age, Annotated[Figure, RATE]] = Field(
        description="episodes per 1,000 residents and year, by age group"
    )
    profile: Name = Field(description="intensity over hour, weekday and month")
    weekly_variation: WeeklyVariation | None = Field(None, description="nothing: weeks differ by chance alone")
    acuity: dict[Name, AcuityRule] = Field(min_length=1, description="how urgent it is, by rules")
    first: dict[Name, FirstRule] = Field(min_length=1, description="where the first contact is, by rules")
    treatable_in_primary_care: dict[Acuity, Share] = Field(
        default_factory=dict, description="share of ER visits that primary care could treat"
    )
    right_level: dict[Acuity, list[Level]] = Field(default_factory=dict, description="levels where this need belongs")


class Profile(Sourced):
    """Relative intensity of arrivals; only ratios matter. Said in one of three ways.

    By ``hour``, ``weekday`` and ``month``; by ``hour_of_week``, with ``month`` if it matters; or by ``piecewise``.
    """

    hour: list[Weight] | None = Field(None, min_length=24, max_length=24, description="hour of an ordinary day")
    hour_weekend: list[Weight] | None = Field(
        None, min_length=24, max_length=24, description="hour of Saturday, Sunday and holiday"
    )
    weekday: list[Weight] | None = Field(
        None, min_length=7, max_length=7, description="Monday to Sunday; a holiday is as Sunday"
    )
    month: list[Weight] | None = Field(None, min_length=12, max_length=12, description="January to December")
    hour_of_week: list[Weight] | None = Field(
        None, min_length=168, max_length=168, description="hours from Monday 00-01; a holiday is as Sunday"
    )
    piecewise: dict[Moment, Weight] | None = Field(
        None, min_length=1, description="local time to the intensity from then on; the first also holds before"
    )

    @model_validator(mode="after")
    def _one_way(self) -> Profile:
        parts = ("hour", "hour_weekend", "weekday", "month", "hour_of_week", "piecewise")
        fields = {part for part in parts if getattr(self, part) is not None}
        ways = ({"hour", "weekday", "month"}, {"hour_of_week"}, {"piecewise"})
        if fields - {"hour_weekend"} != ways[0] and fields - {"month"} != ways[1] and fields != ways[2]:
            raise ValueError(
                Sentence(
                    "a profile is given by hour, weekday and month (and hour_weekend), by hour_of_week (and month), or "
                    "by piecewise; here {value}",
                    value=", ".join(sorted(fields)) or "nothing",
                )
            )
        if self.piecewise is not None and list(self.piecewise) != sorted(self.piecewise):
            raise ValueError(Sentence("the times of piecewise must rise"))
        return self


class Care(Strict):
    """The care model."""

    label: Label = Field(description="what it is called")
    services: dict[Name, Service] = Field(min_length=1, description="what is done in a contact")
    needs: dict[Name, Need] = Field(min_length=1, description="why people seek care")
    profiles: dict[Name, Profile] = Field(min_length=1, description="when needs arise")
    resources: dict[Name, Resource] = Field(default_factory=dict, description="kinds of units")
    signals: dict[Name, Signal] = Field(default_factory=dict, description="what can be known of how full it is")
    service_choice: ServiceChoice = Field(
        default_factory=ServiceChoice, description="nothing: first contacts are as in the reference whatever is open"
    )
    co2_g_per_km: Annotated[Figure, CO2] = Field(description="grams of carbon dioxide for a km of driving")
    redraws: Annotated[int, Field(ge=0, le=20), REDRAWS] = Field(
        3, description="how often a site is drawn anew before the choice is among the open ones alone"
    )

    def acuities(self, needs: Collection[str]) -> list[Acuity]:
        """The acuities that patients of some needs can have, in order."""
        mixes = [rule.mix for name in needs for rule in self.needs[name].acuity.values()]
        return [q for q in ACUITY_NAMES if any(mix.get(q, 0) > 0 for mix in mixes)]
