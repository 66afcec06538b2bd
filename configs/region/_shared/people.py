"""Municipalities, and zones with people by age."""

from __future__ import annotations

import numpy as np

from . import sizing as by
from .facts import Facts
from .region import AGES
from .tables import Row, Rows, plain, read


def municipalities(facts: Facts) -> Rows:
    """The municipalities with their people at the end of 2024."""
    return [
        {
            "municipality": r["scb_code"],
            "name": r["name"],
            "subregion": r["delregion"],
            "people": int(r["pop_2024_12_31"]),
            "source": r["pop_source"].split(";")[0],
            "quality": r.get("pop_quality", "A"),
        }
        for r in read(facts.folder, "municipalities")
    ]


def ages_2024(facts: Facts, municipalities: Rows) -> dict[str, by.Floats]:
    """Shares of the four age groups per municipality at the end of 2024, from one-year ages of 2019.

    0-17: the share of 2019. 65-79: those aged 60-74 in 2019 who live. 80+: those aged 75 and over in 2019,
    times what makes the region's sum follow its forecast, or a survival. 18-64: the rest. No one moves.
    """
    table = {r["scb_code"]: [int(r[str(age)]) for age in range(101)] for r in read(facts.folder, "age_2019")}
    left = by.SURVIVAL_75PLUS
    if facts.people_80plus is not None:
        left = facts.people_80plus / sum(sum(n[75:]) for n in table.values())
    shares = {}
    for m in municipalities:
        n, now = table[m["municipality"]], m["people"]
        child, older, oldest = (
            sum(n[:18]) / sum(n),
            by.SURVIVAL_60_74 * sum(n[60:75]) / now,
            left * sum(n[75:]) / now,
        )
        shares[m["municipality"]] = np.array([child, 1 - child - older - oldest, older, oldest])
    return shares


def zones(facts: Facts, municipalities: Rows) -> Rows:
    """The places where people live, with people by age in whole numbers."""
    ages = ages_2024(facts, municipalities)
    crossing = {r["place"]: r["crossing"] for r in read(facts.folder, "crossings")}
    return [_zone(facts, r, ages[r["scb_code"]], crossing) for r in read(facts.folder, "localities")]


def _zone(facts: Facts, r: dict[str, str], ages: by.Floats, crossing: dict[str, str]) -> Row:
    counts = by.whole(ages, int(r["demand_pop_2024_est"]))
    counted = bool(r["pop_geonames"] or r["pop_scb"]) and r["kind"] != "city_district"
    size = "size from GeoNames (CC BY 4.0, changed)" if counted else "size assumption"
    source = f"{size}, scaled to SCB 2024-12-31; ages: SCB 2019 aged 5 years; place {r['coord_source']}"
    return {
        "zone": plain(r["locality_id"]),
        "name": r["name"].removesuffix(" (SDN)"),
        "municipality": r["scb_code"],
        "lat": r["lat"],
        "lon": r["lon"],
        **{f"people_{age}": n for age, n in zip(AGES, counts, strict=True)},
        "crossing": crossing.get(r["locality_id"], crossing.get(r["scb_code"], "")),
        "source": facts.made_up or source,
        "quality": "X" if counted else "D",
    }
