"""Both sides of the ledger: contacts by level and origin, and what was put in by level and payer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.measures.emergency import DAY_S
from sim.measures.rows import Floats, Rows, ratio
from sim.measures.settled import Drift
from sim.measures.spells import counts, overlap, place_seconds, sums
from sim.measures.window import NOBODY, ORIGINS, Run, View
from sim.tables import LEVELS, PAYERS, Ints, Outcome

HOME = len(LEVELS)  # where an episode's first contact comes from
STAGES = (*LEVELS, "home")
MILLI_H = 3600 * 1000  # thousandth hours in the product of seconds and thousandths
WEEK_S = 7 * DAY_S
NO_POOL = "other"  # input that belongs to no resource: enrolment, equipment


def measure_balance(run: Run, drift: Drift, rows: Rows) -> None:
    """Contacts, flows, the right level, the unserved, those who left, staff and cost, use of pools."""
    _contacts(run, rows)
    _flows(run, rows)
    _right_level(run, rows)
    _lost(run, rows)
    _staff_and_cost(run, rows)
    _use(run, drift, rows)
    _episodes(run, rows)


def _yearly(run: Run, number: Ints) -> Floats:
    """Numbers in the window as rates per 1,000 residents and year."""
    return ratio(number, [run.total_people] * len(number), 1000 * run.model.year_s, run.seconds)


def _contacts(run: Run, rows: Rows) -> None:
    view, name = run.asked, "contacts_per_1000_year"
    for by in ("all", "level", "origin", "service"):
        cut = view.cut(by)
        rows.add(name, by, cut.groups, _yearly(run, counts(cut.code, cut.size)), missing="no residents")
    for by in ("municipality", "age_group"):
        cut = view.cut(by)
        values = ratio(counts(cut.code, cut.size), cut.people, 1000 * run.model.year_s, run.seconds)
        rows.add(name, by, cut.groups, values, missing="no residents")
    both = view.level.astype(np.int64) * len(ORIGINS) + view.origin
    names = [f"{level}|{origin}" for level in LEVELS for origin in ORIGINS]
    rows.add(name, "level_origin", names, _yearly(run, counts(both, len(names))), missing="no residents")


def _flows(run: Run, rows: Rows) -> None:
    """From level to level between consecutive contacts of an episode; the first comes from home."""
    before = run.previous_row[run.asked.index]
    source = np.where(before == NOBODY, HOME, run.level[before]).astype(np.int64)
    names = [f"{a}>{b}" for a in STAGES for b in LEVELS]
    number = counts(source * len(LEVELS) + run.asked.level, len(names))
    rows.add("flow_contacts_per_1000_year", "flow", names, _yearly(run, number), missing="no residents")


def _right_level(run: Run, rows: Rows) -> None:
    """Of contacts that started, the share at a level where need and acuity belong, where the care model says which."""
    table = run.model.right_level == 1
    view = run.asked.where(run.asked.started & table.any(axis=2)[run.asked.need, run.asked.acuity])
    right = table[view.need, view.acuity, view.level]
    for by in ("all", "need", "level", "age_group", "municipality"):
        cut = view.cut(by)
        share = ratio(counts(cut.code[right], cut.size), counts(cut.code, cut.size))
        rows.add("right_level_share", by, cut.groups, share)


def _lost(run: Run, rows: Rows) -> None:
    """Those whom no open site served, who gave up waiting, and who found it closed or full."""
    left = run.asked.where(run.asked.outcome == Outcome.LEFT)
    turned = run.asked.where(run.asked.outcome == Outcome.TURNED_AWAY)
    plans: tuple[tuple[str, View, tuple[str, ...]], ...] = (
        ("unserved_per_day", run.unserved, ("all", "service", "municipality", "age_group")),
        ("left_per_day", left, ("all", "service", "age_group")),
        ("turned_away_per_day", turned, ("all", "service", "age_group")),
    )
    for name, view, cuts in plans:
        for by in cuts:
            cut = view.cut(by)
            rows.add(name, by, cut.groups, ratio(counts(cut.code, cut.size), [run.seconds] * cut.size, DAY_S))


@dataclass(frozen=True)
class Input:
    """Staff put in, by pool: thousandth staff seconds in the window, and those times SEK per hour."""

    work: Ints
    sek: Ints


def _input(run: Run) -> Input:
    model = run.model
    resource = model.pool_resource
    work = place_seconds(model, run.low, run.high) * model.staff_milli[resource]
    return Input(work, work * model.staff_sek[resource])


def _staff_and_cost(run: Run, rows: Rows) -> None:
    """Open unit hours turned into staff hours and cost, and what is put in without a pool."""
    model, put_in = run.model, _input(run)
    hours, sek = model.extra_staff_h_per_week, model.extra_sek_per_year
    nothing = [0] * len(model.resources)
    payer = model.payer[model.pool_resource]
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
    )
    for by, groups, code, extra_h, extra_sek in plans:
        for name, values, more, per, unit in (
            ("staff_h_per_week", put_in.work, extra_h, WEEK_S, 1),
            ("cost_msek_per_year", put_in.sek, extra_sek, model.year_s, 1_000_000),
        ):
            total = _exact_sums(code, values, len(groups))
            whole = MILLI_H * run.seconds
            number = [n * per + e * whole for n, e in zip(total, more, strict=True)]
            rows.add(name, by, groups, np.array([n / (whole * unit) for n in number]))


def _exact_sums(code: Ints, values: Ints, size: int) -> list[int]:
    """Sums by group of large whole numbers (pools are few)."""
    out = np.zeros(size, dtype=np.int64)
    np.add.at(out, code, values)
    return [int(n) for n in out]


def _use(run: Run, drift: Drift, rows: Rows) -> None:
    """Used over open unit time, by resource; above 1 where more are treated than the calendar has units for."""
    model = run.model
    view = run.all.where((run.all.pool >= 0) & run.all.started)
    size = len(model.resources)
    resource = model.pool_resource[view.pool]
    used = sums(resource, overlap(view.start, view.out, run.low, run.high), size)
    opened = sums(model.pool_resource, place_seconds(model, run.low, run.high), size)
    notes = drift.notes(resource, view.start, view.out, size)
    rows.add("pool_utilisation", "resource", model.resources, ratio(used, opened), notes, "not open in the window")


def _episodes(run: Run, rows: Rows) -> None:
    """Episodes that begin in the window."""
    e = run.episodes
    inside = (e.time >= run.low) & (e.time < run.high)
    number = counts(e.need[inside], len(run.model.needs))
    name = "episodes_per_1000_year"
    rows.add(name, "all", ("",), _yearly(run, number.sum(keepdims=True)), missing="no residents")
    rows.add(name, "need", run.model.needs, _yearly(run, number), missing="no residents")


__all__ = ["measure_balance"]
