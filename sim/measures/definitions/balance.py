"""Measures of both sides of the ledger, and of queues."""

from __future__ import annotations

from sim.measures.definitions.definition import ASKED, Definition

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
        "contacts requested in the window that started, of needs and acuities for which the care model names a level",
        ("all", "need", "level", "age_group", "municipality"),
    ),
    "unserved_per_day": Definition(
        "contacts/day",
        "Contacts for which no site was open and no other service stood in.",
        "requests in the window",
        ("all", "service", "municipality", "age_group"),
    ),
    "left_per_day": Definition(
        "contacts/day", "Contacts whose patient left before service started.", ASKED, ("all", "service", "age_group")
    ),
    "turned_away_per_day": Definition(
        "contacts/day",
        "Contacts whose patient found the service closed or its queue full, or was sent away when it closed.",
        ASKED,
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
        "Cost of staff hours and of what is put in beside the pools, scaled to a year.",
        OPEN_POOLS,
        ("all", "level", "payer", "resource"),
    ),
    "pool_utilisation": Definition(
        "share", "Used over open unit time, holding counted, surge units not open.", OPEN_POOLS, ("resource",)
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

__all__ = ["BALANCE"]
