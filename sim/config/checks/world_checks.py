"""What no single file can know: names across files, sums, circles, times.

A pass over what could be read, so that these problems are told together with those of each file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import get_args

from sim.config.calendar_periods import PeriodKind, no_whole_period, whole_periods
from sim.config.checks.agreement_checks import check_names, check_targets_agree
from sim.config.checks.care_checks import check_care
from sim.config.checks.dated_checks import check_dated
from sim.config.checks.er_checks import check_emergency_rooms
from sim.config.checks.free_checks import check_free
from sim.config.checks.held_checks import held_by_levers, held_problems
from sim.config.checks.lever_checks import Known, check_levers, check_merged
from sim.config.checks.list_checks import check_listed_sites, check_lists
from sim.config.checks.mechanism_checks import check_mechanisms
from sim.config.checks.reach_checks import check_wards_reached
from sim.config.checks.room_checks import check_hours, check_meetings, check_rooms, check_shifts
from sim.config.checks.table_checks import check_tables
from sim.config.checks.time_checks import check_times
from sim.config.errors import Problem, unknown
from sim.config.named_places import NamedPlaces
from sim.config.reading.dated_rows import DATED
from sim.config.reading.parts import RegionParts, ScenarioFile
from sim.config.reading.region_tables import Table
from sim.config.reading.typed import is_date
from sim.config.reading.yaml_text import Text
from sim.config.schema.care import Care
from sim.config.schema.scenario import OpenLever, Scenario
from sim.config.schema.study_design import Study
from sim.config.sentence import Sentence

YEARS = 2000, 2100
LONGEST_WARM_UP_DAYS = 366
LONGEST_WINDOW_DAYS = 3660


def check_world(
    study: Study | None,
    study_file: str,
    region: RegionParts | None,
    care: Care | None,
    care_file: str,
    files: Mapping[str, ScenarioFile],
    scenarios: Mapping[str, Scenario],
    statements: list[str] | None,
) -> list[Problem]:
    """Every problem between the parts; a part that could not be read is None and left out."""
    problems: list[Problem] = []
    if study is not None:
        problems += _times(study, study_file)
    if region is not None:
        problems += _region(region)
        problems += check_targets_agree(region.tables, care)
    if care is not None:
        offered = _offered_services(region, scenarios)
        problems += check_care(care, care_file, offered)
        problems += check_mechanisms(care, care_file, offered)
        problems += check_lists(care, care_file)
        problems += check_times(care, care_file)
        if study is not None and not study.episodes and not study.initial:
            problems += check_wards_reached(care, care_file, scenarios)
    if region is not None and care is not None:
        problems += _region_and_care(region, care, care_file, _run(study))
        problems += check_free(region.free, care, study.care if study is not None else "", region.tables)
    known = _knowledge(region, care, statements, scenarios)
    for scenario in files.values():
        problems += check_levers(scenario, known)
        problems += check_times(scenario.scenario.levers, scenario.file, "levers")
    for name, scenario_merged in scenarios.items():
        problems += check_merged(files[name].file, scenario_merged, known)
        if region is not None and care is not None:
            problems += held_by_levers(care, *_room(region), scenario_merged, files[name].file)
    return problems


def _times(study: Study, file: str) -> Iterator[Problem]:
    for key, day in (("start", study.start), ("end", study.end)):
        if not YEARS[0] < day.year < YEARS[1]:
            yield Problem(
                file,
                key,
                str(day),
                "outside the calendar",
                "",
                Sentence("years {first} to {last}", first=YEARS[0] + 1, last=YEARS[1] - 1),
            )
    if study.warm_up_days > LONGEST_WARM_UP_DAYS:
        message = Sentence("the warm-up, before start, is longer than a year: services may start with queues")
        allowed = Sentence("{low} to {high}", low=0, high=LONGEST_WARM_UP_DAYS)
        yield Problem(file, "warm_up_days", str(study.warm_up_days), message, "", allowed)
    if study.end - study.start > timedelta(days=LONGEST_WINDOW_DAYS):
        yield Problem(file, "end", str(study.end), "the window is longer than ten years")


def in_order(keys: Mapping[str, Text], file: str) -> Iterator[Problem]:
    """What the model of a study can say only when each of its fields is right."""
    start, end, listed = (keys.get(k) for k in ("start", "end", "scenarios"))
    days = [date.fromisoformat(d) for d in (start, end) if isinstance(d, str) and is_date(d)]
    if len(days) == 2 and days[1] < days[0]:
        yield Problem(file, "end", str(days[1]), Sentence("is before start {day}", day=days[0]))
    period = keys.get("period")
    if len(days) == 2 and days[0] <= days[1] and period in get_args(PeriodKind) and period != "none":
        kind: PeriodKind = period  # type: ignore[assignment]  # as was just seen
        if not whole_periods(days[0], days[1], kind):
            yield Problem(file, "period", kind, no_whole_period(days[0], days[1], kind))
    if isinstance(listed, list):
        for name in sorted({str(n) for n in listed if listed.count(n) > 1}):
            yield Problem(file, "scenarios", name, "is named twice")


def _offered_services(region: RegionParts | None, scenarios: Mapping[str, Scenario]) -> set[str] | None:
    """Services that some site offers, or that a scenario opens; None if the offers could not be read."""
    if region is None or not region.tables["offers"].readable:
        return None
    opened = {lever.service for s in scenarios.values() for lever in s.levers.values() if isinstance(lever, OpenLever)}
    return set(region.tables["offers"].names("service")) | opened


def _region(region: RegionParts) -> Iterator[Problem]:
    yield from check_tables(region.tables)
    yield from check_names(region.tables["municipalities"])
    yield from check_dated(region.tables, region.dated)
    for table in (*(region.tables[name] for name in DATED), *region.dated.values()):
        if region.calendars is not None:
            yield from _names(table, "calendar", "calendar", set(region.calendars))
    for pools in (region.tables["pools"], region.dated["pools"]):
        yield from check_shifts(pools, region.calendars or {})
    if region.travel is not None:
        crossings = {"", *region.travel.crossings}
        for name in ("zones", "sites"):
            yield from _names(region.tables[name], "crossing", "crossing", crossings)
    yield from _one_pool_site(region)


def _names(table: Table, column: str, what: str, allowed: set[str]) -> Iterator[Problem]:
    for line, row in table.numbered():
        if row[column] not in allowed:
            yield unknown(table.file, f"row {line}, {column}", str(row[column]), what, allowed - {""})


def _one_pool_site(region: RegionParts) -> Iterator[Problem]:
    """A service is given to the whole region or to each municipality's own residents, not to both."""
    serves: dict[str, str] = {}
    for line, row in region.tables["offers"].numbered():
        service, kind = str(row["service"]), str(row["serves"])
        if serves.setdefault(service, kind) != kind:
            message = Sentence(
                "other sites offer {service} to: {serves}; one service serves in one way",
                service=service,
                serves=serves[service],
            )
            yield Problem(region.tables["offers"].file, f"row {line}, serves", kind, message, "", serves[service])


def _room(region: RegionParts) -> tuple[Table, Table]:
    return region.tables["offers"], region.tables["pools"]


def _run(study: Study | None) -> tuple[date, date] | None:
    """First and last day of a study's runs."""
    return (study.start - timedelta(days=study.warm_up_days), study.end) if study is not None else None


def _region_and_care(
    region: RegionParts, care: Care, care_file: str, run: tuple[date, date] | None
) -> Iterator[Problem]:
    offers, pools = _room(region)
    if region.calendars is not None:
        yield from check_hours(care, care_file, region.calendars, f"{region.folder}/calendars.yaml", run)
        yield from check_meetings(care, pools, offers, region.calendars)
        yield from check_emergency_rooms(care, pools, offers, region.calendars)
    yield from check_rooms(care, pools, offers)
    yield from check_listed_sites(care, offers)
    yield from held_problems(care, care_file, offers, pools)
    yield from _names(offers, "service", "service", set(care.services))
    yield from _names(pools, "resource", "resource", set(care.resources))
    resource = dict(zip(pools.names("pool"), pools.names("resource"), strict=True))
    for line, row in offers.numbered():
        needs = str(row["needs"]).split()
        for need in needs if needs != ["all"] else []:
            if need not in care.needs:
                yield unknown(offers.file, f"row {line}, needs", need, "need", [*care.needs, "all"])
        service = care.services.get(str(row["service"]))
        for pool in str(row["pool"]).split():
            kind = care.resources.get(resource.get(pool, ""))
            if service is not None and service.mode == "outreach" and kind is not None and kind.tour_factor is None:
                message = Sentence(
                    "the resource of an outreach service needs a tour_factor: {resource}", resource=resource[pool]
                )
                yield Problem(offers.file, f"row {line}, pool", pool, message)


def _named_places(tables: Mapping[str, Table]) -> NamedPlaces | None:
    """The places of a region; None if a table of them could not be read."""
    towns, sites = tables.get("municipalities"), tables.get("sites")
    if towns is None or sites is None or not (towns.readable and sites.readable):
        return None
    codes, ids = towns.names("municipality"), sites.names("site")
    return NamedPlaces(
        municipalities=dict(zip(codes, towns.names("name"), strict=True)),
        subregions=dict(zip(codes, towns.names("subregion"), strict=True)),
        sites=dict(zip(ids, sites.names("municipality"), strict=True)),
        site_names=dict(zip(ids, sites.names("name"), strict=True)),
    )


def _knowledge(
    region: RegionParts | None,
    care: Care | None,
    statements: list[str] | None,
    scenarios: Mapping[str, Scenario],
) -> Known:
    opened = {
        (site, lever.service)
        for s in scenarios.values()
        for lever in s.levers.values()
        if isinstance(lever, OpenLever)
        for site in lever.sites
    }
    tables = region.tables if region is not None else {}

    def names(table: str, column: str) -> list[str] | None:
        rows = tables.get(table)
        return rows.names(column) if rows is not None and rows.readable else None

    offers = tables.get("offers")
    pools = names("pools", "pool"), names("pools", "resource"), names("pools", "site")
    return Known(
        care=care,
        places=_named_places(tables),
        pools=list(zip(pools[1], pools[2], strict=True)) if pools[1] is not None and pools[2] is not None else None,
        calendars=region.calendars if region is not None else None,
        offers=set(zip(offers.names("site"), offers.names("service"), strict=True))
        if offers and offers.readable
        else None,
        opened=opened,
        statements=statements,
    )
