"""The stretches of a run in which no ramp and no dated row changes, each with what the levers make of the region."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from sim.compile.addresses import with_address
from sim.compile.areas import Areas
from sim.compile.calendars import Clock, Shifts
from sim.compile.dated import changing_days, on_day
from sim.compile.draft import Draft, Phase
from sim.compile.kept_units import check_kept_free
from sim.compile.levers import Applier
from sim.compile.reference_draft import reference
from sim.config.schema.scenario import Lever
from sim.config.world import World
from sim.model.codes import LONG_AGO


def clock_of(world: World) -> Clock:
    """The clock of a world's study, from the first day of its warm-up."""
    study, region = world.study, world.region.file
    first = study.start - timedelta(days=study.warm_up_days)
    return Clock(region.timezone, region.holidays, first, study.end, study.start, study.period)


def phases_of(world: World, levers: Mapping[str, Lever], areas: Areas, base: Draft | None = None) -> list[Phase]:
    """The phases of some levers. ``base``: the region as configured, if it is there already.

    Raises ConfigErrors with a lever's key for what it does that cannot be.
    """
    clock = clock_of(world)
    base = reference(world.care, world.region, areas.number) if base is None else base
    days = {day for lever in levers.values() for day in (lever.ramp or {})} | changing_days(world.region)
    changes = {clock.seconds(day): day for day in sorted(days) if clock.first < day <= clock.last}
    applier, shifts = Applier(world.care, world.region, areas), Shifts(world.region.calendars, clock)
    phases = []
    for start, day in [(LONG_AGO, clock.first), *changes.items()]:
        as_configured = on_day(base, world.region, day)
        draft = as_configured.copy()
        for key, lever in levers.items():
            with with_address("", f"levers.{key}"):
                applier.apply(draft, lever, share_of(lever, max(start, 0), clock))
        phases.append(Phase(start, as_configured, draft))
        check_kept_free(world.care, draft, shifts, day)
    return phases


def share_of(lever: Lever, second: int, clock: Clock) -> float:
    """How much of a lever is in force at a second of the run."""
    if lever.ramp is None:
        return 1.0
    begun = [day for day in sorted(lever.ramp) if clock.seconds(day) <= second]
    return lever.ramp[begun[-1]] if begun else 0.0


__all__ = ["clock_of", "phases_of", "share_of"]
