"""Waits for primary care, clinics and the telephone, and where calls lead."""

from __future__ import annotations

import numpy as np

from sim.measures.columns import Codes, Mask, Times
from sim.measures.definition import KAPLAN_MEIER, PEOPLE, Definition
from sim.measures.er_patients import not_reached
from sim.measures.intervals import add, counts, firsts, quantile, sums
from sim.measures.kaplan_meier import survival_quantiles
from sim.measures.rows import Behind, Floats, MeasureRows, ratio
from sim.measures.stationarity import Drift
from sim.measures.stations import Stations
from sim.measures.view import ObservedRun, View
from sim.model.codes import AGE_GROUPS, Ints, Kind, Outcome

CUTS = ("all", "municipality", "age_group")
MIN_S, HOUR_S, DAY_S = 60, 3600, 24 * 3600
CLINIC_LIMIT_S = 90 * DAY_S  # the care guarantee
PLANS = (
    (Kind.PRIMARY_CARE, {"primary_care_wait_median_h": (50, HOUR_S)}, "primary_care_share_within_3_days", 3 * DAY_S),
    (Kind.CLINIC, {"clinic_wait_median_days": (50, DAY_S)}, "clinic_share_within_90_days", CLINIC_LIMIT_S),
    (
        Kind.TELEPHONE,
        {"telephone_wait_median_min": (50, MIN_S), "telephone_wait_p90_min": (90, MIN_S)},
        "telephone_share_within_10_min",
        10 * MIN_S,
    ),
)
LATE, EARLY, IN_TIME = range(3)  # asked so near the end that nothing can be said; before; and has started in time
NONE_STARTED = "no first contact started in the window"
TOO_SHORT = "no contacts so long before the end of the run"


class Waits:
    """Waits for one kind of service of those who asked in the window: how long each, and how many started in time."""

    def __init__(self, run: ObservedRun, kind: Kind, limit: int) -> None:
        self.run, self.kind, self.limit = run, kind, limit
        self._rows: list[tuple[Codes, Times, Mask]] = []
        self._shape = len(run.model.municipalities), len(AGE_GROUPS), 3
        self._number = np.zeros(int(np.prod(self._shape)), dtype=np.int64)

    def add(self, requests: View) -> None:
        """More contacts requested in the window."""
        some = np.flatnonzero(requests.kind == self.kind)
        who, time, started = requests.resident.take(some), requests.wait.take(some), requests.started.take(some)
        early = requests.request.take(some) <= self.run.high - self.limit
        in_time = early & started & (time <= self.limit)
        add(self._number, who * np.int64(3) + early + in_time)
        self._rows.append((who, time.astype(self.run.narrow.second), started))

    def numbers(self, by: str) -> Ints:
        """[groups, 3] those asked LATE, those asked EARLY who did not start IN_TIME, and those who did."""
        return residents_by(self._number.reshape(self._shape), by)

    def quantiles(self, percents: tuple[int, ...]) -> dict[str, list[Floats]]:
        """By cut, for each per cent the wait [s] of each group. They are made once: what was kept of each is let go."""
        who, time, started = (np.concatenate(column) for column in zip(*self._rows, strict=True))
        self._rows.clear()
        code = {"all": np.zeros_like(who), "municipality": who // len(AGE_GROUPS), "age_group": who % len(AGE_GROUPS)}
        return {by: survival_quantiles(code[by], time, started, len(self.run.groups(by)), percents) for by in CUTS}


def residents_by(cells: Ints, by: str) -> Ints:
    """[groups, ...] of [municipalities, age groups, ...] by one of ``CUTS``."""
    if by == "all":
        return np.expand_dims(cells.sum(axis=(0, 1)), 0)
    groups: Ints = cells.sum(axis=1 if by == "municipality" else 0)
    return groups


def waits_of(run: ObservedRun) -> list[Waits]:
    """Nobody yet, for each of ``PLANS``."""
    return [Waits(run, kind, limit) for kind, _, _, limit in PLANS]


def measure_access(
    run: ObservedRun, all_waits: list[Waits], stations: Stations, drift: Drift, rows: MeasureRows
) -> None:
    """Wait from request to start and the share started in time; clinics also by start and by who waits."""
    queues = {kind: _queues(run, kind, stations, drift) for kind, *_ in PLANS}
    for waits, (kind, percents, share, _) in zip(all_waits, PLANS, strict=True):
        _waits(run, waits, percents, rows, queues[kind])
        for by in CUTS:
            number = waits.numbers(by)
            values = ratio(number[:, IN_TIME], number[:, EARLY:].sum(axis=1))
            rows.add(share, by, run.groups(by), values, queues[kind][by], TOO_SHORT)
    clinic = run.ever(Kind.CLINIC)
    _started_clinic(run, clinic, rows, queues[Kind.CLINIC])
    _waiting("clinic", run, clinic, rows, queues[Kind.CLINIC])
    operation, behind = run.ever(Kind.OPERATION), _queues(run, Kind.OPERATION, stations, drift)
    _started("operation", _first_started(run, operation), rows, behind)
    _waiting("operation", run, operation, rows, behind)
    _calls(run.of_kind(Kind.TELEPHONE), rows)


def _queues(run: ObservedRun, kind: Kind, stations: Stations, drift: Drift) -> dict[str, Behind]:
    """The queue of each group, by cut."""
    waiting = stations.waiting[run.services_of(kind)].sum(axis=0)
    return {by: drift.behind(residents_by(waiting, by)) for by in CUTS}


def _waits(
    run: ObservedRun, waits: Waits, percents: dict[str, tuple[int, int]], rows: MeasureRows, queues: dict[str, Behind]
) -> None:
    quantiles = waits.quantiles(tuple(percent for percent, _ in percents.values()))
    for by in CUTS:
        missing = not_reached(waits.numbers(by).sum(axis=1))
        for (name, (_, unit)), seconds in zip(percents.items(), quantiles[by], strict=True):
            rows.add(name, by, run.groups(by), seconds / unit, queues[by], missing)


def _shares(name: str, view: View, those: Mask, rows: MeasureRows, queues: dict[str, Behind], missing: str) -> None:
    for by in CUTS:
        cut = view.cut(by)
        share = ratio(sums(cut.code, those, cut.size), counts(cut.code, cut.size))
        rows.add(name, by, cut.groups, share, queues[by], missing)


def _started_clinic(run: ObservedRun, clinic: View, rows: MeasureRows, queues: dict[str, Behind]) -> None:
    """Waits of an episode's first started contact with a clinic, of those that started in the window."""
    seen = _first_started(run, clinic)
    wait = seen.start - seen.request
    for by in CUTS:
        cut = seen.cut(by)
        median, known = quantile(cut.code, wait, cut.size, 50)
        days = np.where(known, median / DAY_S, np.nan)
        rows.add("clinic_started_wait_median_days", by, cut.groups, days, queues[by], NONE_STARTED)
    _started("clinic", seen, rows, queues)


def _first_started(run: ObservedRun, those: View) -> View:
    """The first contact of each episode that started, if it did in the window."""
    started = those.where(those.came)
    return started.where(firsts(started.episode) & (started.start >= run.low))


def _started(what: str, seen: View, rows: MeasureRows, queues: dict[str, Behind]) -> None:
    """Of those who were seen, the share who had waited for 90 days at most."""
    in_time = seen.start - seen.request <= CLINIC_LIMIT_S
    _shares(f"{what}_started_share_within_90_days", seen, in_time, rows, queues, NONE_STARTED)


def _waiting(what: str, run: ObservedRun, those: View, rows: MeasureRows, queues: dict[str, Behind]) -> None:
    """Of those who wait when the run ends, the share who have waited for 90 days at most."""
    waiting = those.where((those.outcome == Outcome.OPEN) & ~those.started)
    short = run.high - waiting.request <= CLINIC_LIMIT_S
    _shares(f"{what}_waiting_share_within_90_days", waiting, short, rows, queues, "nobody waits")


def _calls(requests: View, rows: MeasureRows) -> None:
    """Where answered calls lead next."""
    answered = requests.where(requests.outcome == Outcome.DONE)
    for name, kind in (("telephone_to_er_share", Kind.EMERGENCY), ("telephone_to_self_care_share", Kind.SELF_CARE)):
        for by in ("all", "age_group"):
            cut = answered.cut(by)
            number = sums(cut.code, answered.next_kind == kind, cut.size)
            rows.add(name, by, cut.groups, ratio(number, counts(cut.code, cut.size)))


PRIMARY = "contacts with primary care requested in the window"
CLINIC = "contacts with clinics requested in the window"
CLINIC_STARTED = "first started contact of an episode with a clinic, started in the window, whenever it was requested"
TELEPHONE = "contacts with telephone advice requested in the window"
ANSWERED = "telephone advice requested in the window that was given before the end of the run"
ACCESS: dict[str, Definition] = {
    "primary_care_wait_median_h": Definition(
        "h", f"Median hours from request to start, {KAPLAN_MEIER}.", PRIMARY, PEOPLE
    ),
    "primary_care_share_within_3_days": Definition(
        "share",
        "Share started within three days, of those who asked at least three days before the end of the run.",
        PRIMARY,
        PEOPLE,
    ),
    "clinic_wait_median_days": Definition(
        "days", f"Median days from request to start, {KAPLAN_MEIER}.", CLINIC, PEOPLE
    ),
    "clinic_share_within_90_days": Definition(
        "share",
        "Share started within 90 days, of those who asked at least 90 days before the end of the run.",
        CLINIC,
        PEOPLE,
    ),
    "clinic_started_wait_median_days": Definition(
        "days", "Median days from request to start (nearest rank).", CLINIC_STARTED, PEOPLE
    ),
    "clinic_started_share_within_90_days": Definition(
        "share", "Share started within 90 days of the request.", CLINIC_STARTED, PEOPLE
    ),
    "clinic_waiting_share_within_90_days": Definition(
        "share",
        "Share who have waited for 90 days at most.",
        "contacts with clinics that wait when the run ends, whenever they were requested",
        PEOPLE,
    ),
    "operation_started_share_within_90_days": Definition(
        "share",
        "Share started within 90 days of the request.",
        "first started operation of an episode, started in the window, whenever it was requested",
        PEOPLE,
    ),
    "operation_waiting_share_within_90_days": Definition(
        "share",
        "Share who have waited for 90 days at most.",
        "operations that are waited for when the run ends, whenever they were requested",
        PEOPLE,
    ),
    "telephone_wait_median_min": Definition("min", f"Median minutes to an answer, {KAPLAN_MEIER}.", TELEPHONE, PEOPLE),
    "telephone_wait_p90_min": Definition(
        "min", f"90th percentile of minutes to an answer, {KAPLAN_MEIER}.", TELEPHONE, PEOPLE
    ),
    "telephone_share_within_10_min": Definition(
        "share",
        "Share answered within ten minutes, of those who called at least ten minutes before the end of the run.",
        TELEPHONE,
        PEOPLE,
    ),
    "telephone_to_er_share": Definition(
        "share",
        "Share whose next contact in the episode is with an emergency room.",
        ANSWERED,
        ("all", "age_group"),
        fed_by=("telephone_wait_median_min",),
    ),
    "telephone_to_self_care_share": Definition(
        "share",
        "Share whose next contact in the episode is self-care.",
        ANSWERED,
        ("all", "age_group"),
        fed_by=("telephone_wait_median_min",),
    ),
}


__all__ = [
    "ACCESS",
    "ANSWERED",
    "CLINIC",
    "CLINIC_STARTED",
    "PRIMARY",
    "TELEPHONE",
    "Waits",
    "measure_access",
    "waits_of",
]
