"""A study: which world, which scenarios, when, how often."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, model_validator

from sim.config.calendar_periods import PeriodKind, no_whole_period, whole_periods
from sim.config.schema.base import HumanText, Label, Name, Strict
from sim.config.schema.number_kinds import (
    CONTACTS,
    DAYS_BEFORE,
    HOURS_OF_WORK,
    MEGABYTES,
    REPLICATIONS,
    RUN_LIMIT_S,
    SEED,
    SLURM_H,
    STALL_S,
    WORKERS,
    WORLDS,
    YEAR,
)
from sim.config.sentence import Sentence


class Execution(Strict):
    """How we compute; nothing here may change a result."""

    workers: Annotated[int, Field(ge=0, le=512), WORKERS] = Field(0, description="processes; 0: one a core")
    results: HumanText = Field("results", description="folder of results")
    language: Literal["sv", "en"] = Field("sv", description="language of the report")
    effects: Literal["plausible", "always"] = Field(
        "plausible",
        description="when changes are told: plausible: unless the baseline is more than three tolerances off a "
        "published total of the region; always: whatever the baseline is",
    )
    engine: Literal["auto", "simpy", "compiled"] = Field(
        "auto", description="both engines write the same; auto: the compiled one where numba works, else SimPy's"
    )
    most_contacts: Annotated[float, Field(gt=0), CONTACTS] = Field(
        100e6, description="contacts of one run; a study that would have more is refused before it starts"
    )
    most_hours: Annotated[float, Field(gt=0), HOURS_OF_WORK] = Field(
        100.0, description="hours of the whole study on this machine; one that would take longer is refused"
    )
    most_memory_mb: Annotated[float, Field(gt=0), MEGABYTES] | None = Field(
        None, description="MB of memory of all processes; nothing: what the machine has"
    )
    most_disk_mb: Annotated[float, Field(gt=0), MEGABYTES] | None = Field(
        None, description="MB of results; nothing: what is free on the disk"
    )
    where: Literal["local", "dask", "slurm"] = Field(
        "local",
        description="local: this machine; dask: workers of dask.distributed; slurm: such workers, as jobs of Slurm",
    )
    stall_s: Annotated[float, Field(ge=2, le=86_400), STALL_S] = Field(
        300, description="seconds; a worker of this machine that takes no processor time for so long is ended"
    )
    run_limit_s: Annotated[float, Field(ge=0), RUN_LIMIT_S] = Field(
        0, description="seconds; a worker of this machine that needs more for one run is ended; 0: no limit"
    )
    scheduler: HumanText | None = Field(
        None, description="dask: address of a scheduler, as tls://10.0.0.5:8786; nothing: workers of this machine"
    )
    tls_ca: HumanText | None = Field(None, description="dask: file with the certificate of the authority, PEM")
    tls_cert: HumanText | None = Field(None, description="dask: file with this side's certificate, PEM")
    tls_key: HumanText | None = Field(None, description="dask: file with this side's private key, PEM")
    slurm_queue: HumanText | None = Field(None, description="slurm: the partition; nothing: the usual one")
    slurm_account: HumanText | None = Field(None, description="slurm: whom the jobs are charged to")
    slurm_memory_mb: Annotated[int, Field(ge=500), MEGABYTES] = Field(2000, description="slurm: MB that a job is given")
    slurm_hours: Annotated[int, Field(ge=1, le=720), SLURM_H] = Field(
        4, description="slurm: hours after which a job is ended; a run that it ends is done by another one"
    )


class Study(Strict):
    """One question to the model."""

    name: Name
    region: Name = Field("vgr", description="folder in configs/region")
    care: Name = Field("standard", description="file in configs/care")
    label: Label
    question: Label
    scenarios: list[Name] = Field(min_length=1, description="the first is the baseline")
    replications: Annotated[int, Field(ge=1, le=10_000), REPLICATIONS]
    start: date = Field(description="first day of the window, local time")
    end: date = Field(description="last day of the window, whole")
    period: PeriodKind = Field(
        "none",
        description="measures and changes also by the calendar months, quarters or years that lie wholly in the window",
    )
    warm_up_days: Annotated[int, Field(ge=0, le=3650), DAYS_BEFORE]
    seed: Annotated[int, Field(ge=0, lt=2**62, description="from 2**62 on they are those of calibration"), SEED]
    people_year: Annotated[int, Field(ge=1900, le=2200), YEAR] | None = Field(
        None, description="the people of this year by the region's forecast.csv; nothing: those of its tables"
    )
    forecast: Name | None = Field(None, description="which forecast of people_year, where the region has several")
    episodes: str | None = Field(None, description="table of given episodes in the region's folder; nothing: none")
    episodes_mode: Literal["beside", "in_place"] = Field(
        "beside", description="given episodes come beside those of the rates, or in their place"
    )
    initial: str | None = Field(
        None, description="table of who is there at the start, in the region's folder; nothing: they are drawn"
    )
    worlds: Annotated[int, Field(ge=0, le=1000), WORLDS] = Field(
        0,
        description="each scenario and the baseline once more in so many worlds, drawn from the ranges of all that is "
        "uncertain; 0: none",
    )
    assumption_runs: bool = Field(
        True,
        description="each scenario once more with its effect sizes at low and at high, and all trips short and long; "
        "false: none of these; without worlds too, what is put in is told apart in one replication, not in up to three",
    )

    @model_validator(mode="after")
    def _in_order(self) -> Study:
        if self.end < self.start:
            raise ValueError(Sentence("end {end} is before start {start}", end=self.end, start=self.start))
        if len(set(self.scenarios)) < len(self.scenarios):
            raise ValueError(Sentence("a scenario is named twice"))
        if self.period != "none" and not whole_periods(self.start, self.end, self.period):
            raise ValueError(no_whole_period(self.start, self.end, self.period))
        return self
