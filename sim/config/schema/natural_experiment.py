"""A natural experiment: something that was done once and studied, said so that the model can do it too.

``configs/experiments/<name>.yaml``. What the file is used for is decided and written before anybody has looked at what
the model says of it.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, model_validator

from sim.config.schema.base import HumanText, Label, Name, Remark, Sourced, Strict
from sim.config.schema.number_kinds import DAYS_BEFORE, PUBLISHED_CHANGE
from sim.config.schema.scenario import AnyLever
from sim.config.sentence import Sentence


class ExperimentWindow(Strict):
    """The days that are simulated and measured."""

    start: date = Field(description="first day of the window, local time")
    end: date = Field(description="last day of the window, whole")
    warm_up_days: Annotated[int, Field(ge=0, le=366), DAYS_BEFORE] = Field(
        description="days before the window that are cut"
    )

    @model_validator(mode="after")
    def _window_in_order(self) -> ExperimentWindow:
        if self.end < self.start:
            raise ValueError(Sentence("end {end} is before start {start}", end=self.end, start=self.start))
        return self


class ExperimentSide(Strict):
    """One of the two worlds that are compared: the region's baseline, changed."""

    window: ExperimentWindow | None = Field(None, description="nothing: the experiment's")
    levers: dict[Name, AnyLever] = Field(default_factory=dict, description="as those of a scenario")


class PublishedChange(Sourced):
    """What a study found of a change; no ends where only the sign is known."""

    sign: Literal["up", "down", "none"] = Field(description="none: it was looked for, and not found")
    low: Annotated[float, PUBLISHED_CHANGE] | None = Field(
        None, description="low end of the relative change: -0.1 is 10 % fewer"
    )
    high: Annotated[float, PUBLISHED_CHANGE] | None = Field(None, description="high end")

    @model_validator(mode="after")
    def _range_is_on_the_side_of_the_sign(self) -> PublishedChange:
        if (self.low is None) != (self.high is None):
            raise ValueError(Sentence("low and high are given together"))
        if self.low is None or self.high is None:
            if self.sign == "none":
                raise ValueError(Sentence("no change needs low and high: how much is still none"))
            return self
        if self.low > self.high:
            raise ValueError(Sentence("low {low} is above high {high}", low=self.low, high=self.high))
        if (self.sign == "up" and self.low < 0) or (self.sign == "down" and self.high > 0):
            raise ValueError(
                Sentence("from {low} to {high} is not all {sign}", low=self.low, high=self.high, sign=self.sign)
            )
        if self.sign == "none" and not self.low <= 0 <= self.high:
            raise ValueError(Sentence("from {low} to {high} does not hold 0", low=self.low, high=self.high))
        return self


class MeasuredCell(Strict):
    """A measure of some group."""

    measure: Name = Field(description="a measure of the model, as generated/measures.md lists them")
    by: Name = Field("all", description="the cut")
    groups: list[str] = Field(default_factory=list, description="mean over these; nothing: everybody")
    times: Name | None = Field(None, description="a share of the same groups by which the measure is multiplied")


class ExperimentReading(MeasuredCell):
    """What is read before and after, and what is published of the change."""

    per: MeasuredCell | None = Field(
        None, description="the change is divided by that of this one; nothing: by what was before"
    )
    published: PublishedChange | None = Field(None, description="nothing: read only to show that the mechanism acted")


class NaturalExperiment(Strict):
    """One experiment."""

    label: Label = Field(description="its name")
    study: HumanText = Field(min_length=10, description="what was studied, where and how, and what was found")
    use: Literal["fit", "kept_out"] = Field(
        description="whether figures of the care model may be set with it in view; decided before the first run"
    )
    regions: list[Name] = Field(min_length=1, description="regions on which it is run; its levers name their sites")
    limits: Remark = Field("", description="what of the study cannot be said here")
    not_expressible: Remark = Field(
        "",
        description="why the model has no mechanism for it; then nothing is run, and it is never counted as foretold",
    )
    window: ExperimentWindow | None = Field(None, description="of both sides")
    before: ExperimentSide = Field(default_factory=ExperimentSide, description="nothing: the baseline")
    after: ExperimentSide = Field(default_factory=ExperimentSide, description="what was done")
    readings: list[ExperimentReading] = Field(default_factory=list, description="what is read of both")

    @property
    def sides(self) -> dict[str, ExperimentSide]:
        """Before and after, by name."""
        return {"before": self.before, "after": self.after}

    @model_validator(mode="after")
    def _run_or_told_why_not(self) -> NaturalExperiment:
        windows = [side.window or self.window for side in self.sides.values()]
        if self.not_expressible:
            if self.readings or any(windows) or self.before.levers or self.after.levers:
                raise ValueError(Sentence("what is not expressible has no window, levers or readings"))
            return self
        if not all(windows):
            raise ValueError(Sentence("window is missing: when it is run (or not_expressible: why it cannot be)"))
        if not self.readings:
            raise ValueError(Sentence("readings is missing: what is read before and after"))
        if self.before.levers == self.after.levers and windows[0] == windows[1]:
            raise ValueError(Sentence("before and after are the same: nothing is tried"))
        return self


__all__ = [
    "ExperimentReading", "ExperimentSide", "ExperimentWindow", "MeasuredCell", "NaturalExperiment", "PublishedChange",
]  # fmt: skip
