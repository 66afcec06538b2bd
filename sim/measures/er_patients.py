"""Patients of the emergency rooms: how long they wait and stay, who they are, where they come from and go."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sim.measures.columns import Mask, Times
from sim.measures.emergency import HOUR_S
from sim.measures.er_contacts import PRESENT, UNSEEN, WAITING, Emergencies
from sim.measures.er_visits import Visits
from sim.measures.intervals import counts, quantile, sums
from sim.measures.kaplan_meier import survival_quantiles
from sim.measures.rows import NO_CONTACTS, Behind, Floats, MeasureRows, ratio
from sim.measures.view import SPANS, Cut, ObservedRun, View
from sim.model.codes import ABSENT, Ints, Kind, Origin, Outcome

FOUR_HOURS_S = 4 * HOUR_S
SOON_S = HOUR_S  # until the physician comes
PPM = 1_000_000
PRIMARY = (Kind.PRIMARY_CARE, Kind.OUT_OF_HOURS)
NO_PHYSICIAN = "no service is a physician of the emergency room"
NOT_REACHED = "not reached before leaving or the end of the run"


def measure_er_patients(run: ObservedRun, emergencies: Emergencies, rows: MeasureRows) -> None:
    """Waits, stays, who left, who was admitted, how acute, and who sent them."""
    sites, requests = emergencies.sites, emergencies.requests
    for by, view, cut in _cuts(requests, sites):
        queue, unseen, present = (emergencies.behind(what, by) for what in (WAITING, UNSEEN, PRESENT))
        _quantiles("er_wait", view, view.wait_end, view.started, cut, rows, queue)
        _physician(run, view, cut, rows, unseen)
        if by != "acuity":
            _quantiles("er_stay", view, view.out, view.release != ABSENT, cut, rows, present)
            _within(run, view, cut, rows, present)
            _share("er_left_share", (view.outcome == Outcome.LEFT) & ~view.meets_physician, cut, rows, unseen)
            _admissions(view, cut, rows, present)
    for cut in (requests.cut("all"), requests.by_site(sites)):
        ppm = run.model.treatable_ppm[requests.need, requests.acuity]
        values = ratio(sums(cut.code, ppm, cut.size), counts(cut.code, cut.size), 1, PPM)
        rows.add("er_share_treatable_in_primary_care", cut.by, cut.groups, values)
    for cut in (requests.cut("all"), requests.cut("age_group")):
        by_phone = (requests.origin == Origin.REFERRED) & (requests.previous_kind == Kind.TELEPHONE)
        _share("er_referred_by_telephone_share", by_phone, cut, rows)
        by_visit = requests.sent_on & np.isin(requests.previous_kind, PRIMARY)
        _share("er_referred_by_primary_care_share", by_visit, cut, rows)
    _acuity(requests, rows)


def _cuts(view: Visits, sites: Ints) -> Iterator[tuple[str, Visits, Cut]]:
    yield "all", view, view.cut("all")
    yield "site", view, view.by_site(sites)
    yield "age_group", view, view.cut("age_group")
    yield "acuity", view, view.cut("acuity")
    for span in SPANS:
        older = view.where(view.age >= SPANS[span])
        yield span, older, older.cut(span)


def _physician(run: ObservedRun, view: Visits, cut: Cut, rows: MeasureRows, behind: Behind) -> None:
    """How long until the physician comes, by who has been seen; the share seen soon of those who came early enough."""
    name = "er_physician"
    if not run.services_of(Kind.EMERGENCY_PHYSICIAN).any():
        nothing = np.full(cut.size, np.nan)
        for suffix in ("wait_median_min", "wait_p90_min", "within_60_min_share"):
            rows.add(f"{name}_{suffix}", cut.by, cut.groups, nothing, missing=NO_PHYSICIAN)
        return
    _quantiles(f"{name}_wait", view, view.unseen_until, view.meets_physician, cut, rows, behind)
    early = view.request + SOON_S <= run.high
    soon = early & view.meets_physician & (view.unseen_until - view.request <= SOON_S)
    share = ratio(counts(cut.code[soon], cut.size), counts(cut.code[early], cut.size))
    rows.add(f"{name}_within_60_min_share", cut.by, cut.groups, share, behind, "no contacts an hour before the end")


def _quantiles(
    name: str, view: View, until: Times, happened: Mask, cut: Cut, rows: MeasureRows, behind: Behind
) -> None:
    """Median and 90th percentile of minutes since the request."""
    quantiles = survival_quantiles(cut.code, until - view.request, happened, cut.size, (50, 90))
    missing = not_reached(counts(cut.code, cut.size))
    for suffix, seconds in zip(("median_min", "p90_min"), quantiles, strict=True):
        minutes: Floats = seconds / 60
        rows.add(f"{name}_{suffix}", cut.by, cut.groups, minutes, behind, missing)


def not_reached(number: Ints) -> list[str]:
    """Why a quantile is missing, by group: nobody came, or too few got so far."""
    return [NOT_REACHED if came else NO_CONTACTS for came in number.tolist()]


def _within(run: ObservedRun, view: View, cut: Cut, rows: MeasureRows, behind: Behind) -> None:
    early = view.request + FOUR_HOURS_S <= run.high
    within = early & (view.release != ABSENT) & (view.out - view.request <= FOUR_HOURS_S)
    share = ratio(counts(cut.code[within], cut.size), counts(cut.code[early], cut.size))
    missing = "no contacts four hours before the end"
    rows.add("er_share_within_4h", cut.by, cut.groups, share, behind, missing)


def _share(name: str, those: Mask, cut: Cut, rows: MeasureRows, behind: Behind | None = None) -> None:
    share = ratio(counts(cut.code[those], cut.size), counts(cut.code, cut.size))
    rows.add(name, cut.by, cut.groups, share, behind)


def _admissions(view: Visits, cut: Cut, rows: MeasureRows, behind: Behind) -> None:
    """Of those whose visit is over, the share who went on to a ward at once, and how long these stayed."""
    over = view.outcome != Outcome.OPEN
    admitted = over & (view.next_kind == Kind.WARD) & view.went_on
    values = ratio(counts(cut.code[admitted], cut.size), counts(cut.code[over], cut.size))
    rows.add("er_share_admitted", cut.by, cut.groups, values)
    gone = admitted & (view.release != ABSENT)
    seconds, known = quantile(cut.code[gone], (view.out - view.request)[gone], cut.size, 50)
    minutes = np.where(known, seconds / 60, np.nan)
    rows.add("er_stay_admitted_median_min", cut.by, cut.groups, minutes, behind, "nobody was admitted")


def _acuity(requests: View, rows: MeasureRows) -> None:
    cut = requests.cut("acuity")
    number = counts(cut.code, cut.size)
    rows.add("er_acuity_share", "acuity", cut.groups, ratio(number, [len(requests)] * cut.size))


__all__ = ["measure_er_patients", "not_reached"]
