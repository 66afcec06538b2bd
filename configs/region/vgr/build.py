"""Builds the tables of the region from ``source/``: ``python configs/region/vgr/build.py [folder]``.

Out come municipalities.csv, zones.csv, sites.csv (here), pools.csv and offers.csv (``capacity.py``) and
targets.csv (``targets.py``). Every row says its source and quality: A official statistic or registry, B
observed or an authority's page, C old, press or foreign, D assumption, X derived here with the formula as
source. The constants of the assumptions are in ``sizing.py``.
"""

from __future__ import annotations

import csv
import sys
import unicodedata
from pathlib import Path

import numpy as np
import sizing as by
import targets
from capacity import AGES, Region, Row, Rows, home_care, hospital_care, near_care, people

HERE = Path(__file__).resolve().parent


def read(name: str) -> list[dict[str, str]]:
    """Rows of a table in ``source/``."""
    with (HERE / "source" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write(folder: Path, name: str, rows: Rows) -> None:
    """A table: UTF-8, commas, one header row."""
    with (folder / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def plain(text: str) -> str:
    """A name as a safe id: lower case, a-z, digits, _ and - only."""
    letters = unicodedata.normalize("NFKD", text.lower()).encode("ascii", "ignore").decode()
    return "".join(c if c.isalnum() or c in "-_" else "_" for c in letters)


def make_municipalities() -> Rows:
    """The 49 municipalities with their people at the end of 2024."""
    return [
        {
            "municipality": r["scb_code"],
            "name": r["name"],
            "subregion": r["delregion"],
            "people": int(r["pop_2024_12_31"]),
            "source": r["pop_source"].split(";")[0],
            "quality": "A",
        }
        for r in read("municipalities.csv")
    ]


def ages_2024(municipalities: Rows) -> dict[str, by.Floats]:
    """Shares of the four age groups per municipality at the end of 2024, from one-year ages of 2019.

    0-17: the share of 2019. 65-79: those aged 60-74 in 2019 who live. 80+: those aged 75 and over in 2019,
    times what makes the region's sum follow the forecast. 18-64: the rest. No one moves.
    """
    table = {r["scb_code"]: [int(r[str(age)]) for age in range(101)] for r in read("age_2019.csv")}
    left = by.PEOPLE_80PLUS / sum(sum(n[75:]) for n in table.values())
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


def make_zones(municipalities: Rows) -> Rows:
    """The 290 places where people live, with people by age in whole numbers."""
    ages, crossing = ages_2024(municipalities), {r["place"]: r["crossing"] for r in read("crossings.csv")}
    return [_zone(r, ages[r["scb_code"]], crossing) for r in read("localities.csv")]


def _zone(r: dict[str, str], ages: by.Floats, crossing: dict[str, str]) -> Row:
    counts = by.whole(ages, int(r["demand_pop_2024_est"]))
    counted = bool(r["pop_geonames"] or r["pop_scb"]) and r["kind"] != "city_district"
    size = "size from GeoNames (CC BY 4.0, changed)" if counted else "size assumption"
    return {
        "zone": plain(r["locality_id"]),
        "name": r["name"].removesuffix(" (SDN)"),
        "municipality": r["scb_code"],
        "lat": r["lat"],
        "lon": r["lon"],
        **{f"people_{age}": n for age, n in zip(AGES, counts, strict=True)},
        "crossing": crossing.get(r["locality_id"], crossing.get(r["scb_code"], "")),
        "source": f"{size}, scaled to SCB 2024-12-31; ages: SCB 2019 aged 5 years; place {r['coord_source']}",
        "quality": "X" if counted else "D",
    }


def make_sites(municipalities: Rows, zones: Rows) -> Rows:
    """Hospitals, vårdcentraler, other units of the region, and the municipalities' own care."""
    hospitals = [_hospital(r, zones) for r in read("hospitals.csv")]
    at = {z["zone"]: z for z in zones} | {h["site"]: h for h in hospitals}
    centres = [site for m in municipalities for site in _centres(m, zones)]
    other = [
        _site(r["site"], r["name"], r["kind"], at[plain(r["at"])], r["source"], r["quality"])
        for r in read("places.csv")
    ]
    return hospitals + centres + other + [_town(r, zones) for r in read("municipalities.csv")]


def _site(site: str, name: str, kind: str, place: Row, source: str, quality: str) -> Row:
    where = {k: place[k] for k in ("municipality", "lat", "lon", "crossing")}
    return {"site": site, "name": name, "kind": kind, **where, "source": source, "quality": quality}


def _place(r: dict[str, str], zones: Rows) -> Row:
    """A place with coordinates of its own, behind the crossing of the municipality's nearest zone."""

    def apart(z: Row) -> float:
        north, east = float(z["lat"]) - float(r["lat"]), float(z["lon"]) - float(r["lon"])
        return north**2 + (east / 2) ** 2  # a degree of longitude is about half as long as one of latitude

    nearest = min((z for z in zones if z["municipality"] == r["scb_code"]), key=apart)
    return {"municipality": r["scb_code"], "lat": r["lat"], "lon": r["lon"], "crossing": nearest["crossing"]}


def _hospital(r: dict[str, str], zones: Rows) -> Row:
    source = f"vgregion.se A-Ö sjukhus; {r['ed_status']}; coordinates grade {r['coord_quality']}"
    site = plain(r["hospital_id"])
    return _site(site, r["name"], "hospital", _place(r, zones), source, r["coord_quality"])


def _town(r: dict[str, str], zones: Rows) -> Row:
    name = f"Kommunal hälso- och sjukvård {r['name']}"
    source = f"municipality (SCB), placed at {r['centralort']}; coordinates {r['coord_source']}"
    return _site(f"mun_{r['scb_code']}", name, "municipality", _place(r, zones), source, "B")


def _centres(municipality: Row, zones: Rows) -> Rows:
    """Vårdcentraler: about one per 8,800 residents, where people live."""
    code, own = (
        municipality["municipality"],
        [z for z in zones if z["municipality"] == municipality["municipality"]],
    )
    number = max(1, round(municipality["people"] / by.RESIDENTS_PER_CENTRE))
    given = by.highest_averages([int(n) for n in people(own)], number)
    names = [
        (z, f"Vårdcentral {z['name']}" + (f" {i}" if k > 1 else ""))
        for z, k in zip(own, given, strict=True)
        for i in range(1, k + 1)
    ]
    source = f"assumption: one per {by.RESIDENTS_PER_CENTRE} residents (PC.vc_total_vgr: about 200), by people"
    return [
        _site(f"vc_{code}_{i:02d}", name, "primary_care_centre", z, source, "D")
        for i, (z, name) in enumerate(names, start=1)
    ]


def build(folder: Path) -> None:
    """Writes all tables into ``folder``."""
    municipalities, hospitals = make_municipalities(), read("hospitals.csv")
    zones = make_zones(municipalities)
    region = Region(zones, make_sites(municipalities, zones), {plain(h["hospital_id"]): h for h in hospitals})
    for care in (near_care, home_care, hospital_care):
        care(region)
    goals = targets.make(read("targets.csv"), read("parameters.csv"), hospitals, region.total)
    tables = {"municipalities": municipalities, "zones": zones, "sites": region.sites}
    tables |= {"pools": region.pools, "offers": region.offers, "targets": goals}
    for name, rows in tables.items():
        write(folder, f"{name}.csv", rows)


if __name__ == "__main__":
    build(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
