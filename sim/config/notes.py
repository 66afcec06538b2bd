"""What is right and may still surprise: told by ``careshift check``, and no reason to stop."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from sim.config.reading.dated_rows import days_of
from sim.config.schema.region import Calendar
from sim.config.schema.scenario import DemandLever, EnrolmentLever, ShiftLever
from sim.config.world import World


def notes(world: World) -> list[str]:
    """One sentence each, in a fixed order."""
    first = world.study.start - timedelta(days=world.study.warm_up_days)
    return [*_dates(world, first, world.study.end), *_given_notes(world, first)]


def _dates(world: World, first: date, last: date) -> Iterator[str]:
    """Dated rows and hours that lie outside the run."""
    outside = f"outside the run ({first} to {last}), so it changes nothing"
    for file, keys in (("pools", ["pool"]), ("offers", ["site", "service"])):
        table = getattr(world.region, f"dated_{file}")
        for row in table.to_dict("records"):
            begins, ends = days_of({str(k): v for k, v in row.items()})
            if ends < first or begins > last:
                name = " ".join(str(row[key]) for key in keys)
                yield f"{file}.csv: {name}: the row of {row['from']}..{row['to']} is {outside}."
    for name, calendar in world.region.calendars.items():
        for text, (begins, ends, _) in zip(sorted(calendar.dates), calendar.exceptions, strict=True):
            if (ends < first or begins > last) and not _recurs(begins, calendar):
                yield f"calendars.yaml: {name}: {text} is {outside}."


def _recurs(begins: date, calendar: Calendar) -> bool:
    """Whether a calendar says of another year too what begins on a day: a season, not a slip of the year."""
    others = {start for start, _, _ in calendar.exceptions} - {begins}
    return any((start.month, start.day) == (begins.month, begins.day) for start in others)


def _given_notes(world: World, first: date) -> Iterator[str]:
    given = world.given
    if given.episodes is None:
        return
    days = given.episodes["time"].str[:10]
    inside = int(((days >= str(first)) & (days <= str(world.study.end))).sum())
    mode = "in place of" if given.in_place else "beside"
    yield f"{world.study.episodes}: {inside} of {len(days)} episodes are in the run, {mode} those of the rates."
    for scenario, model in world.scenarios.items():
        for name, lever in model.levers.items():
            if isinstance(lever, DemandLever | EnrolmentLever):
                yield f"{scenario}: {name}: changes rates, and leaves given episodes as they are."
            if isinstance(lever, ShiftLever) and lever.induced is not None and given.in_place:
                yield f"{scenario}: {name}: no contacts are induced, since no episodes are drawn from rates."


__all__ = ["notes"]
