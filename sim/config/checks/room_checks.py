"""A region's pools, offers and calendars against what its services and pools say of hours, shifts and several pools."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from sim.config.errors import Problem, unknown
from sim.config.reading.region_tables import Table
from sim.config.schema.care import Care
from sim.config.schema.region import Calendar
from sim.config.sentence import Sentence
from sim.model.codes import ACUITY_NAMES, Acuity


def check_hours(
    care: Care, file: str, calendars: Mapping[str, Calendar], calendar_file: str, run: tuple[date, date] | None
) -> Iterator[Problem]:
    """Calendars of starting and ending that the region lacks, or that are never open in the days of a run."""
    for name, service in care.services.items():
        for part in ("starts", "ends"):
            calendar = getattr(service, part)
            if calendar is None:
                continue
            key = f"services.{name}.{part}"
            if calendar not in calendars:
                yield unknown(
                    file, key, calendar, Sentence("calendar of {calendar_file}", calendar_file=calendar_file), calendars
                )
            elif not calendars[calendar].is_ever_open:
                message = Sentence(
                    "is never open, so nothing of {name} would ever {value}", name=name, value=part.removesuffix("s")
                )
                yield Problem(file, key, calendar, message)
            elif run is not None and not calendars[calendar].is_open_between(*run):
                dates = f"from {run[0]} to {run[1]}"
                message = Sentence(
                    "is closed all the run, {dates}, so nothing of {name} would ever {value}",
                    dates=dates,
                    name=name,
                    value=part.removesuffix("s"),
                )
                yield Problem(file, key, calendar, message)


def check_meetings(care: Care, pools: Table, offers: Table, calendars: Mapping[str, Calendar]) -> Iterator[Problem]:
    """Hours of starting in which no pool of an offer ever has units."""
    hours = dict(zip(pools.names("pool"), pools.names("calendar"), strict=True))
    for line, row in offers.numbered():
        service = care.services.get(str(row["service"]))
        starts = calendars.get(service.starts or "") if service is not None else None
        known = [calendars.get(hours.get(name, "")) for name in str(row["pool"]).split()]
        if starts is None or not starts.is_ever_open or any(calendar is None for calendar in known):
            continue
        if not any(calendar is not None and starts.meets(calendar) for calendar in known):
            message = Sentence(
                "has units only outside the hours in which {row} may start (starts): none ever would",
                row=row["service"],
            )
            yield Problem(offers.file, f"row {line}, pool", str(row["pool"]), message)


def check_shifts(pools: Table, calendars: Mapping[str, Calendar]) -> Iterator[Problem]:
    """Rules for the end of a shift where no shift ends, and hours of overtime that nobody works."""
    for line, row in pools.numbered():
        rule, calendar = str(row["shift_end"]), calendars.get(str(row["calendar"]))
        if rule != "finish" and calendar is not None and calendar.is_around_the_clock:
            message = Sentence(
                "{row} is one shift around the clock, so no shift ends: name its shifts", row=row["calendar"]
            )
            yield Problem(pools.file, f"row {line}, shift_end", rule, message, "", "finish")
        hours = float(str(row["overtime_h"]))
        if hours > 0 and rule != "overtime":
            message = Sentence("hours of overtime are worked where shift_end is overtime; here it is {rule}", rule=rule)
            yield Problem(pools.file, f"row {line}, overtime_h", f"{hours:g}", message, "", "0")
        elif hours == 0 and rule == "overtime":
            message = Sentence("no overtime is the rule finish: say how many hours, or finish")
            yield Problem(pools.file, f"row {line}, overtime_h", "0", message, "", "above 0")


def check_rooms(care: Care, pools: Table, offers: Table) -> Iterator[Problem]:
    """Offers whose pools cannot be tried one after another or take nobody, and pools of teams that hand over."""
    yield from _kept_from_all(care, pools, offers)
    places = dict(zip(pools.names("pool"), pools.names("site"), strict=True))
    for line, row in offers.numbered():
        names = str(row["pool"]).split()
        yield from _several(names, str(row.get("spill_after_h") or "").split(), offers.file, line)
        yield from _elsewhere(names, str(row["site"]), places, offers.file, line)
        service = care.services.get(str(row["service"]))
        if service is not None and service.mode == "outreach" and len(names) > 1:
            message = Sentence("an outreach service has one pool, that of its teams")
            yield Problem(offers.file, f"row {line}, pool", str(row["pool"]), message)
    tours = {
        pool
        for _, row in offers.numbered()
        if (service := care.services.get(str(row["service"]))) is not None and service.mode == "outreach"
        for pool in str(row["pool"]).split()
    }
    for line, row in pools.numbered():
        if row["shift_end"] == "hand_over" and row["pool"] in tours:
            message = Sentence("a visit of a team cannot be handed over")
            yield Problem(pools.file, f"row {line}, shift_end", "hand_over", message, "", "finish, overtime, fresh")


def _kept_from_all(care: Care, pools: Table, offers: Table) -> Iterator[Problem]:
    """Offers that a class of acuity could never start at, since each of their pools keeps as many units free as it has.

    A pool that keeps all its units from some acuities is allowed where the offer has another one for them.
    """
    most: dict[str, float] = {}
    for _, row in pools.numbered():
        name = str(row["pool"])
        most[name] = max(most.get(name, 0.0), float(str(row["capacity"])) + float(str(row["surge"])))
    free = {str(row["pool"]): str(row.get("keep_free") or "").split() for _, row in pools.numbered()}
    for _, row in offers.numbered():
        names = [name for name in str(row["pool"]).split() if name in free]
        never = [
            q
            for q in care.acuities(
                care.needs if row["needs"] == "all" else care.needs.keys() & str(row["needs"]).split()
            )
            if names and all(_keeps(free[name], q) >= most[name] > 0 for name in names)
        ]
        if never:
            lines = [line for line, pool in pools.numbered() if pool["pool"] == names[0]]
            classes = f"{'acuities' if len(never) > 1 else 'acuity'} {', '.join(never)}"
            message = Sentence(
                "keeps every unit free of {classes}, so nobody of it could ever start {row}",
                classes=classes,
                row=row["service"],
            )
            yield Problem(pools.file, f"row {lines[0]}, keep_free", " ".join(free[names[0]]), message)


def _keeps(free: list[str], acuity: Acuity) -> int:
    return int(free[ACUITY_NAMES.index(acuity)]) if free else 0


def _elsewhere(names: list[str], site: str, places: Mapping[str, str], file: str, line: int) -> Iterator[Problem]:
    """Pools after the first that stand at another site: nobody travels there, and the contact is counted here."""
    for name in names[1:]:
        if places.get(name, site) != site:
            message = Sentence(
                "stands at {places}, and nobody travels within an offer: use when_full: next_site instead",
                places=places[name],
            )
            yield Problem(file, f"row {line}, pool", name, message)


def _several(names: list[str], spills: list[str], file: str, line: int) -> Iterator[Problem]:
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        yield Problem(
            file, f"row {line}, pool", " ".join(names), Sentence("names a pool twice: {names}", names=", ".join(twice))
        )
    if spills and len(names) == 1:
        message = Sentence("is for an offer of several pools, and this one has a single one: leave it empty")
        yield Problem(file, f"row {line}, spill_after_h", " ".join(spills), message)
    elif len(spills) not in (0, len(names) - 1):
        message = Sentence(
            "has {number} hours where {value} pools come after the first: one for each, or none",
            number=len(spills),
            value=len(names) - 1,
        )
        yield Problem(file, f"row {line}, spill_after_h", " ".join(spills), message)
    elif [float(hours) for hours in spills] != sorted(float(hours) for hours in spills):
        message = Sentence(
            "falls: pools are tried in their order, so a later one waits at least as long as those before it"
        )
        yield Problem(file, f"row {line}, spill_after_h", " ".join(spills), message)


__all__ = ["check_hours", "check_meetings", "check_rooms", "check_shifts"]
