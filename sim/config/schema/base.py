"""The words that every configuration shares: figures with a source, labels, distributions."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Discriminator, Field, Tag, model_validator

from sim.config.errors import unprintable
from sim.config.schema.number_kinds import LOG_OF_UNIT, LOG_SPREAD, OWN_UNIT, SHARE, SIGNED_UNIT, STAGES, WEIGHT
from sim.config.sentence import Sentence

Quality = Literal["A", "B", "C", "D", "X"]
Share = Annotated[float, Field(ge=0, le=1), SHARE]
Weight = Annotated[float, Field(ge=0), WEIGHT]
DEVICES = frozenset(["con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))])
MOST_SIGNS = 2_000  # of a text


def inert(text: str) -> str:
    """A text as it is, if it is one that people can read. Raises ValueError."""
    if signs := unprintable(text):
        raise ValueError(Sentence("must be text that can be printed; here is {signs}", signs=", ".join(signs)))
    if len(text) > MOST_SIGNS:
        raise ValueError(
            Sentence(
                "must be at most {most} characters long; here {number}", most=f"{MOST_SIGNS:,}", number=f"{len(text):,}"
            )
        )
    return text


def _no_device(name: str) -> str:
    """A name as it is, if a file can have it on every system (learn.microsoft.com: Naming Files, Paths)."""
    if name in DEVICES:
        raise ValueError(Sentence("is a device on Windows, where no file can have that name"))
    return name


def _there(text: str) -> str:
    if not text.strip():
        raise ValueError(Sentence("must not be empty"))
    return text


Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_\-]*$", max_length=80), AfterValidator(_no_device)]
Remark = Annotated[str, AfterValidator(inert)]  # may be empty
HumanText = Annotated[Remark, AfterValidator(_there)]


class Strict(BaseModel):
    """Refuses unknown keys, NaN, infinity and anything that is not of the stated type."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


class Label(Strict):
    """What people read."""

    sv: HumanText = Field(description="Swedish")
    en: HumanText = Field(description="English")


def _is_label(value: object) -> str:
    return "label" if isinstance(value, Mapping | Label) else "text"


# one text, in the language of whoever writes it and maybe empty; or one text for each language
Note = Annotated[Annotated[Remark, Tag("text")] | Annotated[Label, Tag("label")], Discriminator(_is_label)]


class Figure(Strict):
    """A number with its range, its source and its quality."""

    value: float = Field(description="the number itself")
    low: float | None = Field(None, description="low end of the range")
    high: float | None = Field(None, description="high end of the range")
    source: HumanText = Field(min_length=3, description="author and year, document, or 'assumption'")
    quality: Quality = Field(
        description="A official or a trial, B observational, C old or foreign, D judgement, X derived here"
    )

    @model_validator(mode="after")
    def _range_holds_the_value(self) -> Figure:
        if self.low is not None and self.low > self.value:
            raise ValueError(Sentence("low {low} is above value {value}", low=self.low, value=self.value))
        if self.high is not None and self.high < self.value:
            raise ValueError(Sentence("high {high} is below value {value}", high=self.high, value=self.value))
        return self


class EffectSize(Figure):
    """An effect size: a figure whose range must be stated, since studies are also run at its ends."""

    low: float
    high: float


class Sourced(Strict):
    """A record of assumptions that share one source."""

    source: HumanText = Field(min_length=3, description="author and year, document, or 'assumption'")
    quality: Quality = Field(
        description="A official or a trial, B observational, C old or foreign, D judgement, X derived here"
    )


Unit = Literal["s", "min", "h", "days"]
Amount = Annotated[float, Field(ge=0), OWN_UNIT]
Positive = Annotated[float, Field(gt=0), OWN_UNIT]


class Deterministic(Strict):
    """Always the same."""

    dist: Literal["deterministic"]
    unit: Unit
    value: Amount


class Exponential(Strict):
    """Memoryless; its standard deviation is its mean."""

    dist: Literal["exponential"]
    unit: Unit
    mean: Positive


class Erlang(Strict):
    """The sum of ``stages`` exponential times."""

    dist: Literal["erlang"]
    unit: Unit
    mean: Positive
    stages: Annotated[int, Field(ge=1, le=1000), STAGES]


class Gamma(Strict):
    """Given by mean and sd."""

    dist: Literal["gamma"]
    unit: Unit
    mean: Positive
    sd: Positive


class Lognormal(Strict):
    """Given by mean and sd, or by median and p90, or by mu and sigma of the logarithm: exactly one pair."""

    dist: Literal["lognormal"]
    unit: Unit
    mean: Positive | None = None
    sd: Positive | None = None
    median: Positive | None = None
    p90: Positive | None = None
    mu: Annotated[float, LOG_OF_UNIT] | None = None
    sigma: Annotated[float, Field(gt=0), LOG_SPREAD] | None = None

    @model_validator(mode="after")
    def _one_pair(self) -> Lognormal:
        parts = {k for k in ("mean", "sd", "median", "p90", "mu", "sigma") if getattr(self, k) is not None}
        if parts not in ({"mean", "sd"}, {"median", "p90"}, {"mu", "sigma"}):
            raise ValueError(
                Sentence(
                    "a lognormal is given by mean and sd, by median and p90, or by mu and sigma; here {names}",
                    names=sorted(parts),
                )
            )
        if self.median is not None and self.p90 is not None and self.p90 <= self.median:
            raise ValueError(Sentence("p90 {p90} must be above median {median}", p90=self.p90, median=self.median))
        return self


class Triangular(Strict):
    """From low to high, most likely at mode."""

    dist: Literal["triangular"]
    unit: Unit
    low: Amount
    mode: Amount
    high: Amount

    @model_validator(mode="after")
    def _in_order(self) -> Triangular:
        if not self.low <= self.mode <= self.high or self.low == self.high:
            raise ValueError(
                Sentence(
                    "low <= mode <= high and low < high; here {low}, {mode}, {high}",
                    low=self.low,
                    mode=self.mode,
                    high=self.high,
                )
            )
        return self


class Uniform(Strict):
    """Even from low to high."""

    dist: Literal["uniform"]
    unit: Unit
    low: Amount
    high: Amount

    @model_validator(mode="after")
    def _in_order(self) -> Uniform:
        if not self.low < self.high:
            raise ValueError(Sentence("low must be below high; here {low}, {high}", low=self.low, high=self.high))
        return self


class TruncatedNormal(Strict):
    """A normal of mean and sd, of which only what lies above ``minimum`` is kept."""

    dist: Literal["truncated_normal"]
    unit: Unit
    mean: Annotated[float, SIGNED_UNIT]
    sd: Positive
    minimum: Amount = 0.0


class Empirical(Strict):
    """A table: quantiles between which the value is interpolated."""

    dist: Literal["empirical"]
    unit: Unit
    quantile: dict[str, Annotated[float, OWN_UNIT]] = Field(
        description="probability (0 and 1 among them) to value", min_length=2
    )

    @model_validator(mode="after")
    def _rises_from_0_to_1(self) -> Empirical:
        points = [(float(p), v) for p, v in self.quantile.items()]
        if points[0][0] != 0 or points[-1][0] != 1 or points[0][1] < 0:
            raise ValueError(Sentence("the first probability is 0, the last 1, and no value is negative"))
        if any(a[0] >= b[0] or a[1] > b[1] for a, b in pairwise(points)):
            raise ValueError(Sentence("probabilities rise, and values do not fall"))
        return self


Distribution = Annotated[
    Deterministic | Exponential | Erlang | Gamma | Lognormal | Triangular | Uniform | TruncatedNormal | Empirical,
    Field(discriminator="dist"),
]
