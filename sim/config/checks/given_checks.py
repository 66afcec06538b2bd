"""Given episodes and a given start against the world: names, times that exist, services and sites that fit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from sim.config.checks.care_checks import fits
from sim.config.errors import Problem, comma_list, unknown
from sim.config.reading.cells import Cell
from sim.config.reading.parts import RegionParts
from sim.config.reading.region_tables import Table
from sim.config.schema.care import Care
from sim.config.schema.study_design import Study
from sim.config.sentence import Sentence

Row = Mapping[str, Cell]


def check_given(tables: Mapping[str, Table], region: RegionParts, care: Care, study: Study) -> Iterator[Problem]:
    """Every problem of the rows that could be read."""
    names = {
        "zone": region.tables["zones"].names("zone"),
        "site": region.tables["sites"].names("site"),
        "need": list(care.needs),
        "service": list(care.services),
    }
    for table in tables.values():
        yield from _names(table, names)
        yield from _ids(table)
        if region.file is not None:
            yield from _times(table, region.file.timezone)
        yield from _places(table, region, care)
    if "episodes" in tables:
        yield from _first_services(tables["episodes"], care)
    if "initial" in tables:
        yield from _before_the_run(tables["initial"], study.start - timedelta(days=study.warm_up_days))


def _names(table: Table, names_of: Mapping[str, list[str]]) -> Iterator[Problem]:
    sets = {column: set(names) for column, names in names_of.items()}
    for line, row in table.numbered():
        for column, names in sets.items():
            if row[column] and row[column] not in names:
                yield unknown(table.file, f"row {line}, {column}", str(row[column]), column, names)


def _ids(table: Table) -> Iterator[Problem]:
    first: dict[Cell, int] = {}
    for line, row in table.numbered():
        if row["id"] and first.setdefault(row["id"], line) != line:
            yield Problem(
                table.file,
                f"row {line}, id",
                str(row["id"]),
                Sentence("is there twice (first on row {first})", first=first[row["id"]]),
            )


def _times(table: Table, timezone: str) -> Iterator[Problem]:
    """Local times that the clock skips in spring."""
    try:
        zone = ZoneInfo(timezone)
    except (ValueError, OSError):
        return  # told elsewhere
    for line, row in table.numbered():
        for column in ("time", "requested", "started"):
            text = str(row.get(column) or "")
            if not text:
                continue
            local = datetime.fromisoformat(text)
            if local.replace(tzinfo=zone).astimezone(UTC).astimezone(zone).replace(tzinfo=None) != local:
                yield Problem(table.file, f"row {line}, {column}", text, "does not exist: the clock skips this hour")


def _places(table: Table, region: RegionParts, care: Care) -> Iterator[Problem]:
    """A site without its service, or a service that the site does not offer."""
    offers = region.tables["offers"]
    offered = set(zip(offers.names("site"), offers.names("service"), strict=True))
    for line, row in table.numbered():
        service, site = str(row["service"]), str(row["site"])
        if not site:
            continue
        if not service:
            yield Problem(table.file, f"row {line}, service", "", "is missing: a site is that of a service")
        elif service in care.services and (site, service) not in offered:
            places = sorted(t for t, s in offered if s == service)
            yield Problem(
                table.file,
                f"row {line}, site",
                site,
                Sentence("does not offer {service}", service=service),
                "",
                comma_list(places),
            )


def _first_services(table: Table, care: Care) -> Iterator[Problem]:
    """A first service that nobody of this need, age and acuity turns to in the care model."""
    for line, row in table.numbered():
        need, service = care.needs.get(str(row["need"])), str(row["service"])
        if need is None or not service or service not in care.services:
            continue
        who = str(row["need"]), str(row["age"]), str(row["acuity"])
        rule = next((rule for rule in need.first.values() if fits(rule.when, who)), None)
        shares = {name: share for name, share in rule.to.items() if share > 0} if rule is not None else {}
        if service not in shares:
            message = Sentence("is no first contact of {names} in the care model", names=", ".join(who))
            yield Problem(table.file, f"row {line}, service", service, message, "", comma_list(list(shares)))


def _before_the_run(table: Table, first: date) -> Iterator[Problem]:
    """Who is there at the start asked before it, and started after asking and not after the start."""
    starts = f"{first}T00:00:00"
    for line, row in table.numbered():
        requested, started = str(row["requested"]), str(row["started"])
        if requested >= starts:
            message = Sentence("is not before the run starts: {starts}, warm-up counted", starts=starts)
            yield Problem(table.file, f"row {line}, requested", requested, message)
        if started and not requested <= started < starts:
            message = Sentence(
                "must be from requested ({requested}) to before the run starts ({starts}), or empty: still waits",
                requested=requested,
                starts=starts,
            )
            yield Problem(table.file, f"row {line}, started", started, message)


__all__ = ["check_given"]
