"""The tables of the report: which measures stand where, and what is said beside them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import isnan
from typing import Any

from sim.model.codes import AGE_GROUPS, LEVELS, PAYERS, STAGES
from sim.report.html.answer import COST, ER, NEUTRAL, TRAVEL, moved_money, neutral
from sim.report.html.change_cells import Block, Cell, Row, Writer
from sim.report.html.effects import SWITCHED, Effect
from sim.report.html.measure_labels import READINGS
from sim.report.language import N_
from sim.report.model_parts import FEW_SERVICES, those_about_model

CHILDREN = AGE_GROUPS[0]
FLOWS = "flow_contacts_per_1000_year"
LARGEST_FLOWS = 12
SUMMARY: dict[str, tuple[str, ...]] = {
    N_("Emergency rooms"): (
        "er_arrivals_per_day", "er_present_mean", "er_physician_wait_median_min", "er_share_within_4h", "er_left_share",
    ),
    N_("Travel"): (
        "travel_min_per_resident_year", "travel_km_per_resident_year", "people_share_within_30_min_er",
        "urgent_min_to_er_p90",
    ),
    N_("Access and beds"): (
        "primary_care_share_within_3_days", "telephone_wait_p90_min", "bed_occupancy", "admissions_per_1000_year",
    ),
    N_("Right care"): ("right_level_share", "left_per_day", "unserved_per_day"),
    N_("What is put in"): ("staff_h_per_week", "cost_msek_per_year"),
}  # fmt: skip
WAITS: dict[str, tuple[str, ...]] = {
    N_("Emergency rooms"): (
        "er_present_p95", "er_share_time_above_places", "er_wait_median_min", "er_wait_p90_min",
        "er_physician_wait_median_min", "er_physician_wait_p90_min", "er_physician_within_60_min_share",
        "er_patients_per_physician", "er_stay_median_min", "er_stay_p90_min",
        "er_share_within_4h", "er_left_share", "er_share_treatable_in_primary_care",
    ),
    N_("Primary care and telephone"): (
        "primary_care_wait_median_h", "primary_care_share_within_3_days", "telephone_wait_median_min",
        "telephone_wait_p90_min", "telephone_share_within_10_min",
    ),
    N_("Specialist clinics"): (
        "clinic_wait_median_days", "clinic_share_within_90_days", "operation_started_share_within_90_days",
        "planned_admission_cancelled_share",
    ),
    N_("Hospital beds"): (
        "bed_occupancy", "overbeds_per_100_places", "outliers_per_100_places", "er_boarding_h_per_day",
        "ward_transfer_share", "discharge_ready_bed_days_per_day", "readmission_30_days_share",
    ),
}  # fmt: skip
JOURNEYS: dict[str, tuple[str, ...]] = {
    N_("Patients"): (
        "travel_min_per_resident_year", "travel_km_per_resident_year", "travel_median_min", "travel_p90_min",
        "spread_travel_min_p90_p10", "transfer_km_per_day",
    ),
    N_("In an emergency"): (
        "nearest_er_min", "people_share_within_30_min_er", "urgent_min_to_er_median", "urgent_min_to_er_p90",
        "urgent_share_over_30_min", "urgent_share_over_60_min", "ambulance_per_day", "ambulance_left_at_home_share",
        "ambulance_min_per_day",
    ),
    N_("Teams and climate"): ("outreach_km_per_day", "co2_t_per_year"),
}  # fmt: skip
OF_SERVICES = ("wait_mean_h", "left_per_day", "pool_utilisation")
MAPS = ("travel_min_per_resident_year", "er_visits_per_1000_year", "nearest_er_min")
BY_AGE = ("er_visits_per_1000_year", "travel_min_per_resident_year", "nearest_er_min", "primary_care_wait_median_h")


def blocks(writer: Writer, plan: dict[str, tuple[str, ...]]) -> list[Block]:
    """Measures of the whole region under headings, those that were measured and are about what the model has."""
    out = []
    for title, measures in plan.items():
        own = those_about_model(measures, writer.effects.services)
        rows = [writer.row(m) for m in own if writer.effects.base(m) == writer.effects.base(m)]
        if rows:
            out.append(Block(writer.language.translate(title), rows))
    return out


def summary(writer: Writer) -> list[Block]:
    """The most important outcomes; who chooses other care stands with the visits, if anyone does."""
    out = blocks(writer, SUMMARY)
    if len(writer.effects.services) <= FEW_SERVICES:
        out = [*each_service(writer), *out]
    elif out and any(writer.effects.mean(s, *SWITCHED) > 0 for s in _everyone(writer)):
        name = writer.language.translate("Choose other care first, since something else is open, near or soon")
        out[0].rows.insert(1, writer.row(*SWITCHED, name))
    return out


def each_service(writer: Writer) -> list[Block]:
    """How long each service of the model is waited for, who leaves, and how much of its units is used.

    One block a measure; a service of which nothing was measured is left out.
    """
    out = []
    for measure in OF_SERVICES:
        reading = READINGS[measure]
        there = [s for s in writer.effects.services if not isnan(writer.effects.base(measure, "service", s))]
        rows = [replace(writer.row(measure, "service", s, writer.names.service(s)), unit="") for s in there]
        title = ", ".join(part for part in (writer.language.translate(reading.name), writer.unit(reading)) if part)
        if rows:
            out.append(Block(title, rows))
    return out


def ages(writer: Writer) -> list[Block]:
    """Each age group, children first and in bold."""
    out = []
    for measure in those_about_model(BY_AGE, writer.effects.services):
        rows = [
            replace(writer.row(measure, "age_group", age, writer.names.age(age), age == CHILDREN), unit="")
            for age in AGE_GROUPS
            if age in writer.effects.groups(measure, "age_group")
        ]
        title = writer.language.translate(READINGS[measure].name)
        out.append(Block(f"{title}, {writer.unit(READINGS[measure])}", rows))
    return out


def flow_matrix(writer: Writer) -> list[tuple[str, list[str]]]:
    """The baseline's contacts from each level (or home) to each level, per 1,000 residents and year."""
    out = []
    for source in (STAGES[-1], *LEVELS):
        values = [writer.effects.base(FLOWS, "flow", f"{source}>{to}") for to in LEVELS]
        out.append((writer.names.level(source), [writer.language.number(v) if v else "" for v in values]))
    return out


def flow_changes(writer: Writer) -> list[Row]:
    """The flows that change most in any scenario, beyond luck."""
    sizes: dict[str, float] = {}
    for effect in writer.effects.of(FLOWS, "flow"):
        if effect.is_shown and (effect.low > 0 or effect.high < 0):
            sizes[effect.group] = max(sizes.get(effect.group, 0.0), abs(effect.change))
    largest = sorted(sizes, key=lambda flow: -sizes[flow])[:LARGEST_FLOWS]
    in_order = [f for f in writer.effects.groups(FLOWS, "flow") if f in largest]
    return [replace(writer.row(FLOWS, "flow", flow, _flow_name(writer, flow)), unit="") for flow in in_order]


def _flow_name(writer: Writer, flow: str) -> str:
    source, to = flow.split(">")
    return f"{writer.names.level(source)} → {writer.names.level(to)}"


def origins(writer: Writer) -> list[Block]:
    """Contacts of each level by origin, zeros left out."""
    measure, by = "contacts_per_1000_year", "level_origin"
    out = []
    for level in LEVELS:
        groups = [g for g in writer.effects.groups(measure, by) if g.startswith(f"{level}|")]
        shown_groups = [g for g in groups if any(writer.effects.mean(s, measure, by, g) for s in _everyone(writer))]
        rows = [writer.row(measure, by, g, writer.names.origin(g.split("|")[1])) for g in shown_groups]
        rows.append(writer.row(measure, "level", level, writer.language.translate("in all"), strong=True))
        out.append(Block(writer.names.level(level), [replace(row, unit="") for row in rows]))
    return out


def _everyone(writer: Writer) -> list[str]:
    return [writer.effects.baseline, *writer.effects.scenarios]


@dataclass(frozen=True)
class Balance:
    """What a scenario puts in, beside what comes out."""

    name: str
    staff: Cell
    cost: Cell
    by_payer: list[Cell]
    visits: Cell
    travel: Cell
    promise: str
    kept: bool


def balances(writer: Writer, config: dict[str, Any]) -> list[Balance]:
    """One line a scenario: staff hours, cost by payer, and the two headline outcomes."""
    return [_balance(writer, s, config["scenarios"][s]["budget_neutral"]) for s in writer.effects.scenarios]


def _balance(writer: Writer, scenario: str, promised: bool) -> Balance:
    effects = writer.effects
    cost = effects.get(scenario, COST)
    payers = [writer.cell(effects.get(scenario, COST, "payer", p)) for p in PAYERS]
    return Balance(
        writer.names.scenario(scenario),
        writer.cell(effects.get(scenario, "staff_h_per_week")),
        writer.cell(cost),
        payers,
        writer.cell(effects.get(scenario, ER)),
        writer.cell(effects.get(scenario, TRAVEL)),
        _promise(writer, cost, promised),
        not promised or (cost is not None and neutral(cost, moved_money(writer, scenario))),
    )


def _promise(writer: Writer, cost: Effect | None, promised: bool) -> str:
    """Whether the scenario is budget-neutral, and whether it promised to be."""
    translate = writer.language.translate
    if cost is None or not cost.is_shown:
        return translate("Cost not measured.")
    moved = moved_money(writer, cost.scenario)
    same = neutral(cost, moved)
    parts = {"limit": writer.language.percent(NEUTRAL, 0), "moved": writer.language.number(moved)}
    if promised and same:
        return translate(
            "Promises the same money, and keeps it (within {limit} of the {moved} SEK million moved).", **parts
        )
    if promised:
        return translate("Promises the same money, but is not budget-neutral ({moved} SEK million are moved).", **parts)
    if same:
        return translate("Costs the same (within {limit} of the {moved} SEK million moved).", **parts)
    return (
        translate("Not budget-neutral: more is put in.")
        if cost.change > 0
        else translate("Not budget-neutral: less is put in.")
    )


__all__ = [
    "JOURNEYS", "MAPS", "SUMMARY", "WAITS", "Balance", "ages", "balances", "blocks", "each_service", "flow_changes",
    "flow_matrix", "origins", "summary",
]  # fmt: skip
