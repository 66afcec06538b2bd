"""How long a run takes to forget its start: MSER-5 on the number present, hour by hour, season taken out.

MSER-5 (White 1997, Simulation 69(6), 323-334): the series is averaged in batches of five, and the start is cut where
the squared standard error of what is left, sum of squares / n^2, is smallest; a minimum beyond the first half says
that the run is too short to tell. The series here is each hour's time average of the patients present from the first
second of the run. Demand and opening hours make it rise and fall with the day and the week, which MSER would take for
noise and cut in the middle of a week: the median of the hour of the week over the weeks is subtracted first (of the
hour of the day where the run has fewer than three weeks). A median does not follow a start that is unlike the rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.measures.definition import Definition
from sim.measures.er_contacts import Emergencies
from sim.measures.intervals import TimePersistentCounter, counts, time_between_marks
from sim.measures.rows import Floats, MeasureRows, ratio
from sim.measures.stations import Stations, hours_of_run
from sim.measures.view import ObservedRun
from sim.model.codes import Ints, Kind
from sim.model.tables import Contacts, Episodes, Model

HOUR_S = 3600
DAY_H, WEEK_H = 24, 168
BATCH = 5
CYCLES = 3  # of a season that a median needs
NOT_REACHED = "not reached within the first half of the run"
NOBODY = "nobody was there"
ALL_LATE = "the window begins in the second half of the run"


@dataclass(frozen=True)
class Start:
    """Of each group: what to cut from the run, and how far off the window is."""

    needed_s: Ints  # -1: not within the first half of the run
    bias: Floats  # patients: mean of the window less mean of what is left after the cut; NaN: unknown


def mser(series: Ints) -> int:
    """Number of first values to cut; more than half of them if the minimum does not lie within the first half.

    In whole numbers, so that a tie is a tie on every machine; of several minima the first.
    """
    values = series.tolist()
    total, square, best, start = 0, 0, float("inf"), 0
    for cut in range(len(values) - 1, -1, -1):
        total, square = total + values[cut], square + values[cut] ** 2
        left = len(values) - cut
        if 2 * cut <= len(values):
            score = (left * square - total * total) / left**3
            if score <= best:
                best, start = score, cut
    half = len(values) // 2
    return len(values) if start == half and half > 0 else start


def without_season(series: Ints, hour_of_week: Ints) -> Ints:
    """[groups, hours] less the median of the hour of the week, or of the day in less than three weeks."""
    hours = series.shape[1]
    cycle = WEEK_H if hours >= CYCLES * WEEK_H else DAY_H if hours >= CYCLES * DAY_H else 0
    out = series.copy()
    for hour in range(cycle):
        same = hour_of_week % cycle == hour
        ordered = np.sort(out[:, same], axis=1)
        if ordered.shape[1]:
            out[:, same] -= ordered[:, [(ordered.shape[1] - 1) // 2]]
    return out


def start_of(series: Ints, hour_of_week: Ints, window_h: int) -> Start:
    """The start of each group of [groups, hours] seconds present; the window begins at hour ``window_h``."""
    plain = without_season(series, hour_of_week)
    batches = plain.shape[1] // BATCH
    needed, bias = [], []
    for row in plain:
        cut = mser(row[: batches * BATCH].reshape(batches, BATCH).sum(axis=1))
        reached = cut <= batches // 2
        needed.append(cut * BATCH * HOUR_S if reached else -1)
        inside = row[window_h:]
        if not reached and window_h >= len(row) // 2:  # nothing later to hold the window against
            bias.append(np.nan)
            continue
        after = row[max(cut * BATCH if reached else len(row) // 2, window_h) :]
        over = int(inside.sum()) * len(after) - int(after.sum()) * len(inside)
        bias.append(ratio([over], [len(inside) * len(after)], 1, HOUR_S)[0])
    return Start(np.array(needed, dtype=np.int64), np.array(bias, dtype=np.float64))


def hourly_numbers(model: Model, episodes: Episodes, contacts: Contacts) -> dict[str, Floats]:
    """Mean number present in each hour of a run, from its first second, by service: the data of a Welch plot."""
    run = ObservedRun(model, episodes, contacts)
    present = TimePersistentCounter(len(model.services), hours_of_run(run))
    for block in run.blocks():
        present.add(block.service, block.request, block.out)
    return dict(zip(model.services, (present.pieces() / HOUR_S).astype(np.float64), strict=True))


def measure_warm_up(run: ObservedRun, stations: Stations, emergencies: Emergencies, rows: MeasureRows) -> None:
    """warm_up_needed_days, warm_up_bias and present_mean, by service and, of emergency rooms and wards, by site."""
    _add(rows, run, "service", run.model.services, stations.present, stations.number)
    wards = run.sites_of(run.services_of(Kind.WARD))
    for by, there, sites in (
        ("er_site", emergencies.ever, emergencies.sites),
        ("ward_site", run.ever(Kind.WARD), wards),
    ):
        cut = there.by_site(sites)
        series = time_between_marks(cut.code, there.request, there.out, cut.size, hours_of_run(run))
        _add(rows, run, by, cut.groups, series, counts(cut.code, cut.size))


def _add(rows: MeasureRows, run: ObservedRun, by: str, groups: Sequence[str], series: Ints, number: Ints) -> None:
    """From [groups, hours of the run] seconds that patients are present, and the number of contacts of each group."""
    size = len(groups)
    hour_of_week = run.model.hour_of_week[: series.shape[1]]
    window_h = run.low // HOUR_S
    start = start_of(series, hour_of_week, window_h)
    nobody = number == 0
    days = np.where(nobody | (start.needed_s < 0), np.nan, ratio(start.needed_s, [DAY_H * HOUR_S] * size))
    why = [NOBODY if none else NOT_REACHED for none in nobody.tolist()]
    rows.add("warm_up_needed_days", by, groups, days, missing=why)
    why = [NOBODY if none else ALL_LATE for none in nobody.tolist()]
    rows.add("warm_up_bias", by, groups, np.where(nobody, np.nan, start.bias), missing=why)
    inside = series[:, window_h:]
    rows.add("present_mean", by, groups, ratio(inside.sum(axis=1), [inside.shape[1] * HOUR_S] * size))


PRESENT = "patients from the first second of the run, the warm-up included"
STATIONS = ("service", "er_site", "ward_site")
WARM_UP: dict[str, Definition] = {
    "warm_up_needed_days": Definition(
        "days",
        "Days from the start of the run after which the number present is best kept, by MSER-5 on hourly averages less "
        "the median of their hour of the week; empty if that is not within the first half of the run.",
        PRESENT,
        STATIONS,
    ),
    "warm_up_bias": Definition(
        "patients",
        "Mean number present in the window less the mean after warm_up_needed_days (after the first half, if that is "
        "empty), season taken out; 0 where the warm-up is long enough, empty where nothing later is left to tell.",
        PRESENT,
        STATIONS,
    ),
    "present_mean": Definition(
        "patients",
        "Time average of patients present: waiting, in service or keeping their unit.",
        "patients during the window, whenever they came",
        STATIONS,
    ),
}


__all__ = [
    "NOT_REACHED",
    "PRESENT",
    "STATIONS",
    "WARM_UP",
    "Start",
    "hourly_numbers",
    "measure_warm_up",
    "mser",
    "start_of",
    "without_season",
]
