"""Builds the tables of the region from ``source/``: ``python configs/region/vgr/build.py [folder]``.

Out come municipalities.csv, zones.csv, sites.csv, pools.csv, offers.csv and (by targets.py) targets.csv.
Every row says its source and quality: A official or registry, B observed, C old or foreign, D assumption,
X derived here with the formula as source. The constants of the assumptions are in ``sizing.py``.
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


# ---------------------------------------------------------------- people


def make_municipalities() -> Rows:
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


def ages_2024(municipalities: Rows) -> dict[str, list[float]]:
    """Share of the four age groups per municipality at the end of 2024, from one-year ages of 2019."""
    table = {r["scb_code"]: [int(r[str(a)]) for a in range(101)] for r in read("age_2019.csv")}
    old = by.PEOPLE_80PLUS_2024 / sum(sum(n[75:]) for n in table.values())
    result = {}
    for m in municipalities:
        n, now = table[m["municipality"]], m["people"]
        child, older, oldest = (
            sum(n[:18]) / sum(n),
            by.SURVIVAL_60_74 * sum(n[60:75]) / now,
            old * sum(n[75:]) / now,
        )
        result[m["municipality"]] = [child, 1 - child - older - oldest, older, oldest]
    return result


def make_zones(municipalities: Rows) -> Rows:
    age, crossing = ages_2024(municipalities), {r["place"]: r["crossing"] for r in read("crossings.csv")}
    zones = []
    for r in read("localities.csv"):
        n = int(r["demand_pop_2024_est"])
        counted = bool(r["pop_geonames"] or r["pop_scb"]) and r["kind"] != "city_district"
        origin = "GeoNames (CC BY 4.0, changed)" if counted else "size assumption"
        zones.append(
            {
                "zone": plain(r["locality_id"]),
                "name": r["name"].removesuffix(" (SDN)"),
                "municipality": r["scb_code"],
                "lat": r["lat"],
                "lon": r["lon"],
                **{
                    f"people_{a}": k
                    for a, k in zip(AGES, by.whole(np.array(age[r["scb_code"]]), n), strict=True)
                },
                "crossing": crossing.get(r["locality_id"], crossing.get(r["scb_code"], "")),
                "source": f"{origin} scaled to SCB 2024-12-31; ages: SCB 2019 aged five years; "
                f"coordinates: {r['coord_source']}",
                "quality": "X" if counted else "D",
            }
        )
    return zones


# ---------------------------------------------------------------- sites


def make_sites(municipalities: Rows, zones: Rows) -> Rows:
    hospitals = [_hospital(r, zones) for r in read("hospitals.csv")]
    at = {z["zone"]: z for z in zones} | {h["site"]: h for h in hospitals}
    placed = [_placed(r, at[plain(r["at"])]) for r in read("places.csv")]
    towns = [_town(r, zones) for r in read("municipalities.csv")]
    centres = [
        c
        for m in municipalities
        for c in _centres(m, [z for z in zones if z["municipality"] == m["municipality"]])
    ]
    return hospitals + centres + placed + towns


def _site(site: str, name: str, kind: str, place: Row, source: str, quality: str) -> Row:
    where = {k: place[k] for k in ("municipality", "lat", "lon", "crossing")}
    return {"site": site, "name": name, "kind": kind, **where, "source": source, "quality": quality}


def _nearest(r: dict[str, str], zones: Rows) -> Row:
    """The zone nearest to a place: tells on which side of a crossing the place lies."""
    own = [z for z in zones if z["municipality"] == r["scb_code"]]
    return min(
        own,
        key=lambda z: (float(z["lat"]) - float(r["lat"])) ** 2 + (float(z["lon"]) - float(r["lon"])) ** 2 / 4,
    )


def _hospital(r: dict[str, str], zones: Rows) -> Row:
    place = {
        "municipality": r["scb_code"],
        "lat": r["lat"],
        "lon": r["lon"],
        "crossing": _nearest(r, zones)["crossing"],
    }
    source = f"vgregion.se A-Ö sjukhus; {r['ed_status']}; coordinates grade {r['coord_quality']}"
    return _site(plain(r["hospital_id"]), r["name"], "hospital", place, source, r["coord_quality"])


def _placed(r: dict[str, str], place: Row) -> Row:
    short = {"out_of_hours_clinic": "ooh", "team_base": "team"}
    if r["kind"] in short:
        name = plain(
            r["name"].replace("Jourcentral ", "").replace("Närakut ", "").replace("Mobilt team ", "")
        )
        return _site(f"{short[r['kind']]}_{name}", r["name"], r["kind"], place, r["source"], r["quality"])
    site = "telephone_1177" if r["kind"] == "telephone_centre" else "digital_centre"
    return _site(site, r["name"], r["kind"], place, r["source"], r["quality"])


def _town(r: dict[str, str], zones: Rows) -> Row:
    place = {
        "municipality": r["scb_code"],
        "lat": r["lat"],
        "lon": r["lon"],
        "crossing": _nearest(r, zones)["crossing"],
    }
    source = f"municipality (SCB), placed at {r['centralort']}; coordinates: {r['coord_source']}"
    return _site(
        f"mun_{r['scb_code']}",
        f"Kommunal hälso- och sjukvård {r['name']}",
        "municipality",
        place,
        source,
        "B",
    )


def _centres(municipality: Row, zones: Rows) -> Rows:
    """Vårdcentraler: about one per 8,800 residents, where people live."""
    number = max(1, round(municipality["people"] / by.RESIDENTS_PER_CENTRE))
    given = by.highest_averages([int(n) for n in people(zones)], number)
    spots = [(z, i, k) for z, k in zip(zones, given, strict=True) for i in range(1, k + 1)]
    source = f"assumption: one per {by.RESIDENTS_PER_CENTRE:,} residents (PC.vc_total_vgr about 200), placed by population"
    return [
        _site(
            f"vc_{municipality['municipality']}_{n:02d}",
            f"Vårdcentral {z['name']}" + (f" {i}" if k > 1 else ""),
            "primary_care_centre", z, source, "D",
        )
        for n, (z, i, k) in enumerate(spots, start=1)
    ]  # fmt: skip


def build(folder: Path) -> None:
    """Writes all tables into ``folder``."""
    municipalities = make_municipalities()
    zones = make_zones(municipalities)
    region = Region(zones, make_sites(municipalities, zones))
    near_care(region)
    home_care(region)
    hospital_care(region, {plain(h["hospital_id"]): h for h in read("hospitals.csv")})
    write(folder, "municipalities.csv", municipalities)
    write(folder, "zones.csv", zones)
    write(folder, "sites.csv", region.sites)
    write(folder, "pools.csv", region.pools)
    write(folder, "offers.csv", region.offers)
    write(
        folder,
        "targets.csv",
        targets.make(read("targets.csv"), read("parameters.csv"), read("hospitals.csv"), region.total),
    )


if __name__ == "__main__":
    build(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
