"""Both sides of the ledger: contacts by level and origin, and what was put in by level and payer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.measures.definition import ASKED, Definition
from sim.measures.emergency import DAY_S
from sim.measures.intervals import counts, overlap, place_seconds, sums
from sim.measures.ledger import Ledger
from sim.measures.rows import Behind, Floats, MeasureRows, ratio
from sim.measures.stationarity import Drift
from sim.measures.stations import Stations
from sim.measures.view import ORIGINS, ObservedRun
from sim.model.codes import LEVELS, PAYERS, STAGES, Ints, Outcome

MILLI_H = 3600 * 1000  # thousandth hours in the product of seconds and thousandths
WEEK_S = 7 * DAY_S
NO_POOL = "other"  # input that belongs to no resource: enrolment, equipment


def measure_balance(run: ObservedRun, ledger: Ledger, stations: Stations, drift: Drift, rows: MeasureRows) -> None:
    """Contacts, flows, the right level, the unserved, those who left, staff and cost, use of pools."""
    _contacts(run, ledger, rows)
    _flows(run, ledger, rows)
    _right_level(run, ledger, rows)
    _lost(run, ledger, stations, drift, rows)
    _staff_and_cost(run, rows)
    _use(run, stations, drift, rows)
    _episodes(run, rows)


def _yearly(run: ObservedRun, number: Ints) -> Floats:
    """Numbers in the window as rates per 1,000 residents and year."""
    return ratio(number, [run.total_people] * len(number), 1000 * run.model.year_s, run.seconds)


def _contacts(run: ObservedRun, ledger: Ledger, rows: MeasureRows) -> None:
    name = "contacts_per_1000_year"
    for by in ("all", "level", "origin", "service"):
        rows.add(name, by, run.groups(by), _yearly(run, ledger.by(by)), missing="no residents")
    for by in ("municipality", "age_group"):
        values = ratio(ledger.by(by), run.people(by), 1000 * run.model.year_s, run.seconds)
        rows.add(name, by, run.groups(by), values, missing="no residents")
    names = [f"{level}|{origin}" for level in LEVELS for origin in ORIGINS]
    rows.add(name, "level_origin", names, _yearly(run, ledger.by("level", "origin").ravel()), missing="no residents")


def _flows(run: ObservedRun, ledger: Ledger, rows: MeasureRows) -> None:
    """From level to level between consecutive contacts of an episode; the first comes from home."""
    names = [f"{a}>{b}" for a in STAGES for b in LEVELS]
    rows.add("flow_contacts_per_1000_year", "flow", names, _yearly(run, ledger.flows.ravel()), missing="no residents")


def _right_level(run: ObservedRun, ledger: Ledger, rows: MeasureRows) -> None:
    """Of contacts that started, the share at a level where need and acuity belong, where the care model says which."""
    for by in ("all", "need", "level", "age_group", "municipality"):
        number, right = ledger.level_verdicts(by)
        rows.add("right_level_share", by, run.groups(by), ratio(right, number))


def _lost(run: ObservedRun, ledger: Ledger, stations: Stations, drift: Drift, rows: MeasureRows) -> None:
    """Those whom no open site served, who gave up waiting, and who found it closed or full."""
    unserved = run.unserved()
    for by in ("all", "service", "municipality", "age_group"):
        cut = unserved.cut(by)
        _per_day(run, "unserved_per_day", by, counts(cut.code, cut.size), rows)
    waiting = stations.waiting
    queues = {"all": waiting.sum(axis=(0, 1, 2))[None], "service": waiting.sum(axis=(1, 2))}
    queues["age_group"] = waiting.sum(axis=(0, 1))
    for name, outcome in (("left_per_day", Outcome.LEFT), ("turned_away_per_day", Outcome.TURNED_AWAY)):
        for by, pieces in queues.items():
            _per_day(run, name, by, ledger.by(by, outcome=outcome), rows, drift.behind(pieces))


def _per_day(
    run: ObservedRun, name: str, by: str, number: Ints, rows: MeasureRows, behind: Behind | None = None
) -> None:
    rows.add(name, by, run.groups(by), ratio(number, [run.seconds] * len(number), DAY_S), behind)


@dataclass(frozen=True)
class Input:
    """Staff put in, by pool: thousandth staff seconds in the window, and those times SEK per hour."""

    work: Ints
    sek: Ints


def _input(run: ObservedRun) -> Input:
    model = run.model
    resource = model.pool_resource
    work = place_seconds(model, run.low, run.high) * model.staff_milli[resource]
    return Input(work, work * model.staff_sek[resource])


def _staff_and_cost(run: ObservedRun, rows: MeasureRows) -> None:
    """Open unit hours turned into staff hours and cost, and what is put in without a pool."""
    model, put_in = run.model, _input(run)
    hours, sek = (_over_phases(run, extra) for extra in (model.extra_staff_h_per_week, model.extra_sek_per_year))
    nothing = [0] * len(model.resources)
    payer, sites = model.payer[model.pool_resource], np.unique(model.pool_site)
    one = np.zeros(len(model.pools), dtype=np.int64)
    plans: tuple[tuple[str, Sequence[str], Ints, list[int], list[int]], ...] = (
        ("all", ("",), one, [int(hours.sum())], [int(sek.sum())]),
        ("level", LEVELS, model.pool_level, hours.sum(axis=1).tolist(), sek.sum(axis=1).tolist()),
        ("payer", PAYERS, payer, hours.sum(axis=0).tolist(), sek.sum(axis=0).tolist()),
        (
            "resource",
            (*model.resources, NO_POOL),
            model.pool_resource,
            [*nothing, int(hours.sum())],
            [*nothing, int(sek.sum())],
        ),
        (
            "site",
            (*(model.sites[t] for t in sites), NO_POOL),
            np.searchsorted(sites, model.pool_site),
            [0] * len(sites) + [int(hours.sum())],
            [0] * len(sites) + [int(sek.sum())],
        ),
    )
    for by, groups, code, extra_h, extra_sek in plans:
        for name, values, more, per, unit in (
            ("staff_h_per_week", put_in.work, extra_h, WEEK_S, 1),
            ("cost_msek_per_year", put_in.sek, extra_sek, model.year_s, 1_000_000),
        ):
            if by == "site" and name != "cost_msek_per_year":
                continue
            total = _exact_sums(code, values, len(groups))
            whole = MILLI_H * run.seconds
            number = [n * per + e * MILLI_H for n, e in zip(total, more, strict=True)]
            rows.add(name, by, groups, np.array([n / (whole * unit) for n in number]))


def _over_phases(run: ObservedRun, extra: Ints) -> NDArray[np.object_]:
    """[LEVELS, PAYERS] what each phase puts in times its seconds in the window, in Python's integers."""
    starts = run.model.phase_start
    seconds = overlap(starts, np.append(starts[1:], run.high), run.low, run.high)
    weighted: NDArray[np.object_] = (extra.astype(object) * seconds.astype(object)[:, None, None]).sum(axis=0)
    return weighted


def _exact_sums(code: Ints, values: Ints, size: int) -> list[int]:
    """Sums by group of large whole numbers (pools are few)."""
    out = np.zeros(size, dtype=np.int64)
    np.add.at(out, code, values)
    return [int(n) for n in out]


def _use(run: ObservedRun, stations: Stations, drift: Drift, rows: MeasureRows) -> None:
    """Used over open unit time, by resource; above 1 where more are treated than the calendar has units for."""
    model, used = run.model, stations.use
    opened = sums(model.pool_resource, place_seconds(model, run.low, run.high), len(model.resources))
    values = ratio(used.sum(axis=1), opened)
    rows.add("pool_utilisation", "resource", model.resources, values, drift.behind(used), "not open in the window")


def _episodes(run: ObservedRun, rows: MeasureRows) -> None:
    """Episodes that begin in the window."""
    e = run.episodes
    inside = (e.time >= run.low) & (e.time < run.high)
    number = counts(e.need[inside], len(run.model.needs))
    name = "episodes_per_1000_year"
    rows.add(name, "all", ("",), _yearly(run, number.sum(keepdims=True)), missing="no residents")
    rows.add(name, "need", run.model.needs, _yearly(run, number), missing="no residents")


REQUESTED = "contacts requested in the window, the unserved not among them"
OPEN_POOLS = "pools during the window"
BALANCE: dict[str, Definition] = {
    "contacts_per_1000_year": Definition(
        "contacts/1000/year",
        "Contacts per 1,000 residents (by municipality and age group: of the group), scaled to a year.",
        ASKED,
        ("all", "level", "origin", "service", "municipality", "age_group", "level_origin"),
    ),
    "flow_contacts_per_1000_year": Definition(
        "contacts/1000/year",
        "Contacts per 1,000 residents by the level that the episode came from (home: its first contact) and the level "
        "asked for, scaled to a year.",
        ASKED,
        ("flow",),
    ),
    "right_level_share": Definition(
        "share",
        "Share at a level where the need and acuity belong.",
        "contacts requested in the window that started, those with ambulances and parts of a visit to an emergency "
        "room not among them, of needs and acuities for which the care model names a level",
        ("all", "need", "level", "age_group", "municipality"),
    ),
    "unserved_per_day": Definition(
        "contacts/day",
        "Contacts for which no site was open and no other service stood in.",
        "requests in the window",
        ("all", "service", "municipality", "age_group"),
    ),
    "left_per_day": Definition(
        "contacts/day",
        "Contacts whose patient left before service started, those within a visit to an emergency room among them.",
        REQUESTED,
        ("all", "service", "age_group"),
    ),
    "turned_away_per_day": Definition(
        "contacts/day",
        "Contacts whose patient found the service closed or its queue full, was refused, or was sent away when it "
        "closed.",
        REQUESTED,
        ("all", "service", "age_group"),
    ),
    "staff_h_per_week": Definition(
        "h/week",
        "Staff hours of open units (surge not counted) and of what is put in beside the pools, per week.",
        OPEN_POOLS,
        ("all", "level", "payer", "resource"),
    ),
    "cost_msek_per_year": Definition(
        "MSEK/year",
        "Cost of staff hours and of what is put in beside the pools, scaled to a year; by site where the pools stand.",
        OPEN_POOLS,
        ("all", "level", "payer", "resource", "site"),
    ),
    "pool_utilisation": Definition(
        "share",
        "Used over open unit time, holding counted, surge units not open; by service of all pools that it may use, "
        "whoever uses them.",
        OPEN_POOLS,
        ("resource", "pool", "service"),
    ),
    "episodes_per_1000_year": Definition(
        "episodes/1000/year",
        "Episodes per 1,000 residents, scaled to a year.",
        "episodes that begin in the window",
        ("all", "need"),
    ),
    "waiting_mean": Definition(
        "patients",
        "Time average of patients who wait for service to start.",
        "queues during the window",
        ("service",),
    ),
    "settled": Definition(
        "1/0",
        "0 if the mean number waiting differs between the first and the last third of the window (whole weeks of them) "
        "by more than 10 % of the larger and by more than four standard errors of the difference between paired days.",
        "queues during the window",
        ("service",),
    ),
}


__all__ = ["BALANCE", "OPEN_POOLS", "measure_balance"]
