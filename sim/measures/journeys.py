"""Who travels, how far and how long: patients one way, teams there and back."""

from __future__ import annotations

import numpy as np

from sim.measures.emergency import DAY_S
from sim.measures.rows import Rows, ratio
from sim.measures.spells import counts, quantile, sums
from sim.measures.window import Cut, Mask, Run, View
from sim.tables import Ints, Kind, Mode

CUTS = ("all", "municipality", "age_group", "need", "level")
URGENT = 2  # acuity 1 and 2 are codes below this
NO_JOURNEY = "nobody travelled"
G_PER_T = 1_000_000


def travels(view: View) -> Mask:
    """Contacts to which the patient travels from another place: walk-in always, booked only if it started.

    A booked contact is waited for at home: its journey begins there, wherever the patient was when it was booked.
    """
    model = view.run.model
    mode = model.mode[view.service]
    goes = (mode == Mode.WALK_IN) | ((mode == Mode.BOOKED) & view.started)
    elsewhere = view.departure != view.site + len(model.zones)
    there: Mask = goes & elsewhere & (view.site >= 0)
    return there


def measure_travel(run: Run, rows: Rows) -> None:
    """Patients' and teams' travel, the way to the ER in an emergency, and CO2."""
    made = run.asked.where(travels(run.asked))
    metres = run.model.travel_m[made.departure, made.site]
    seconds = run.model.travel_s[made.departure, made.site]
    for by in CUTS:
        _patients(run, made.cut(by), metres, seconds, rows)
    transfer = made.departure >= len(run.model.zones)
    outreach = _outreach_m(run)
    day = [run.seconds]
    rows.add("transfer_km_per_day", "all", ("",), ratio([int(metres[transfer].sum())], day, DAY_S, 1000))
    rows.add("outreach_km_per_day", "all", ("",), ratio([outreach], day, DAY_S, 1000))
    # from home there and back; a transfer one way, since the way home is that of the journey before it
    total_m = 2 * int(metres[~transfer].sum()) + int(metres[transfer].sum()) + outreach
    grams = total_m * run.model.co2_g_per_km
    rows.add("co2_t_per_year", "all", ("",), ratio([grams], day, run.model.year_s, 1000 * G_PER_T))
    _urgent(run, rows)


def _patients(run: Run, cut: Cut, metres: Ints, seconds: Ints, rows: Rows) -> None:
    number = counts(cut.code, cut.size)
    for name, values, unit in (("travel_km", metres, 1000), ("travel_min", seconds, 60)):
        total = sums(cut.code, values, cut.size)
        rows.add(f"{name}_per_contact", cut.by, cut.groups, ratio(total, number, 1, unit), missing=NO_JOURNEY)
        yearly = ratio(total, cut.people, run.model.year_s, unit * run.seconds)
        rows.add(f"{name}_per_resident_year", cut.by, cut.groups, yearly, missing="no residents")
    for suffix, percent in (("median", 50), ("p90", 90)):
        found, known = quantile(cut.code, seconds, cut.size, percent)
        minutes = np.where(known, found / 60, np.nan)
        rows.add(f"travel_{suffix}_min", cut.by, cut.groups, minutes, missing=NO_JOURNEY)


def _outreach_m(run: Run) -> int:
    """Metres of teams from base to home and back, of contacts requested in the window that started."""
    model = run.model
    view = run.asked
    team = view.where((model.mode[view.service] == Mode.OUTREACH) & view.started & (view.pool >= 0))
    return 2 * int(model.travel_m[team.zone, model.pool_site[team.pool]].sum())


def _urgent(run: Run, rows: Rows) -> None:
    """The way from home to the ER that was reached, for acuity 1 and 2, and the ambulances' minutes."""
    model = run.model
    er = run.asked.of_kind(Kind.EMERGENCY)
    er = er.where(er.place < len(model.zones))
    seconds = model.travel_s[er.place, er.site]
    ppm_s = int((model.ambulance_ppm[er.acuity] * seconds).sum())
    rows.add("ambulance_min_per_day", "all", ("",), ratio([ppm_s], [run.seconds], DAY_S, 60 * 1_000_000))
    hurry = er.acuity < URGENT
    urgent, seconds = er.where(hurry), seconds[hurry]
    for by in ("all", "municipality", "age_group"):
        cut = urgent.cut(by)
        number = counts(cut.code, cut.size)
        for suffix, percent in (("median", 50), ("p90", 90)):
            found, known = quantile(cut.code, seconds, cut.size, percent)
            rows.add(f"urgent_min_to_er_{suffix}", by, cut.groups, np.where(known, found / 60, np.nan))
        for limit in (30, 60):
            over = counts(cut.code[seconds > limit * 60], cut.size)
            rows.add(f"urgent_share_over_{limit}_min", by, cut.groups, ratio(over, number))


__all__ = ["measure_travel", "travels"]
