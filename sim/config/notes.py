"""What is right and may still surprise: told by ``careshift check``, and no reason to stop."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from sim.config.calendar_periods import whole_periods
from sim.config.errors import with_names
from sim.config.named_places import names_of_region
from sim.config.reading.dated_rows import days_of
from sim.config.region_notes import region_notes
from sim.config.schema.region import Calendar
from sim.config.schema.scenario import DemandLever, EnrolmentLever, ShiftLever
from sim.config.schema.study_design import Study
from sim.config.sentence import N_, Sentence
from sim.config.world import World

IN_PLACE = N_("{file}: {inside} of {number} episodes are in the run, in place of those of the rates.")
LOPSIDED = 8.0  # times the mean of the others; the most of a shipped profile is 4
PARTS = {
    "hour": Sentence("hours"),
    "hour_weekend": Sentence("hours of weekends"),
    "weekday": Sentence("days of the week"),
    "month": Sentence("months"),
    "hour_of_week": Sentence("hours of the week"),
}
BESIDE = N_("{file}: {inside} of {number} episodes are in the run, beside those of the rates.")


def notes(world: World) -> list[str]:
    """One sentence each, in a fixed order."""
    first = world.study.start - timedelta(days=world.study.warm_up_days)
    dates = _dates(world, first, world.study.end)
    own = [*_given_notes(world, first), *_rest_of_window(world.study), *_without_levers(world), *_lopsided(world)]
    return [*dates, *own, *region_notes(world)]


def _without_levers(world: World) -> Iterator[str]:
    """Scenarios that are compared with the first and have no lever, as one whose file was cut short."""
    for name, scenario in list(world.scenarios.items())[1:]:
        if not scenario.levers:
            yield Sentence("{scenario}: has no levers, so it changes nothing.", scenario=name)


def _lopsided(world: World) -> Iterator[str]:
    """Profiles in which one hour, day or month has many times what the others have on average."""
    for name, profile in world.care.profiles.items():
        for part, text in PARTS.items():
            weights: list[float] = getattr(profile, part) or []
            other = sum(weights) - max(weights, default=0)
            if other > 0 and max(weights) * (len(weights) - 1) > LOPSIDED * other:
                at = weights.index(max(weights)) + 1
                yield Sentence(
                    "the profile {name} has {weight} in {part}, number {at}, many times the others: is it meant?",
                    name=name, weight=f"{max(weights):g}", part=text, at=at,
                )  # fmt: skip


def _dates(world: World, first: date, last: date) -> Iterator[str]:
    """Dated rows and hours that lie outside the run."""
    names = names_of_region(world.region)
    outside = Sentence("outside the run ({first} to {last}), so it changes nothing", first=first, last=last)
    for file, keys in (("pools", ["pool"]), ("offers", ["site", "service"])):
        table = getattr(world.region, f"dated_{file}")
        for row in table.to_dict("records"):
            begins, ends = days_of({str(k): v for k, v in row.items()})
            if ends < first or begins > last:
                name = " ".join(with_names(str(row[key]), names) for key in keys)
                yield Sentence(
                    "{file}: {name}: the row of {first}..{last} is {outside}.",
                    file=f"{file}.csv", name=name, first=row["from"], last=row["to"], outside=outside,
                )  # fmt: skip
    for name, calendar in world.region.calendars.items():
        for text, (begins, ends, _) in zip(sorted(calendar.dates), calendar.exceptions, strict=True):
            if (ends < first or begins > last) and not _recurs(begins, calendar):
                yield Sentence("calendars.yaml: {name}: {days} is {outside}.", name=name, days=text, outside=outside)


def _rest_of_window(study: Study) -> Iterator[str]:
    """Days of the window that are in no whole period."""
    periods = whole_periods(study.start, study.end, study.period)
    days = (study.end - study.start).days + 1 - sum(period.days for period in periods)
    if periods and days:
        yield Sentence(
            "period {period}: {number} days of the window lie in none of its {periods} whole periods ({first} to "
            "{last}); they count in the figures of the whole window alone.",
            period=study.period, number=days, periods=len(periods), first=periods[0].label, last=periods[-1].label,
        )  # fmt: skip


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
    text = IN_PLACE if given.in_place else BESIDE
    yield Sentence(text, file=world.study.episodes, inside=inside, number=len(days))
    for scenario, model in world.scenarios.items():
        for name, lever in model.levers.items():
            if isinstance(lever, DemandLever | EnrolmentLever):
                yield Sentence(
                    "{scenario}: {lever}: changes rates, and leaves given episodes as they are.",
                    scenario=scenario, lever=name,
                )  # fmt: skip
            if isinstance(lever, ShiftLever) and lever.induced is not None and given.in_place:
                yield Sentence(
                    "{scenario}: {lever}: no contacts are induced, since no episodes are drawn from rates.",
                    scenario=scenario, lever=name,
                )  # fmt: skip


__all__ = ["notes"]
