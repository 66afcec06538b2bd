"""Sites: hospitals, vårdcentraler, other units of the region, and the municipalities' own care."""

from __future__ import annotations

from . import sizing as by
from .facts import Facts
from .region import people
from .tables import Row, Rows, plain, read


def make(facts: Facts, municipalities: Rows, zones: Rows) -> Rows:
    """All sites of the region, hospitals first."""
    hospitals = [_hospital(facts, r, zones) for r in read(facts.folder, "hospitals")]
    at = {z["zone"]: z for z in zones} | {h["site"]: h for h in hospitals}
    centres = [site for m in municipalities for site in _centres(facts, m, zones)]
    other = [
        _site(r["site"], r["name"], r["kind"], at[plain(r["at"])], r["source"], r["quality"])
        for r in read(facts.folder, "places")
    ]
    return hospitals + centres + other + [_town(facts, r, zones) for r in read(facts.folder, "municipalities")]


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


def _hospital(facts: Facts, r: dict[str, str], zones: Rows) -> Row:
    source = f"{facts.hospitals_from}; {r['ed_status']}; coordinates grade {r['coord_quality']}"
    site = plain(r["hospital_id"])
    return _site(site, r["name"], "hospital", _place(r, zones), source, r["coord_quality"])


def _town(facts: Facts, r: dict[str, str], zones: Rows) -> Row:
    name = f"Kommunal hälso- och sjukvård {r['name']}"
    source = f"municipality (SCB), placed at {r['centralort']}; coordinates {r['coord_source']}"
    return _site(
        f"mun_{r['scb_code']}",
        name,
        "municipality",
        _place(r, zones),
        facts.made_up or source,
        "D" if facts.made_up else "B",
    )


def _centres(facts: Facts, municipality: Row, zones: Rows) -> Rows:
    """Vårdcentraler: one per so many residents, where people live."""
    code = municipality["municipality"]
    own = [z for z in zones if z["municipality"] == code]
    number = max(1, round(municipality["people"] / facts.residents_per_centre))
    given = by.highest_averages([int(n) for n in people(own)], number)
    names = [
        (z, f"Vårdcentral {z['name']}" + (f" {i}" if k > 1 else ""))
        for z, k in zip(own, given, strict=True)
        for i in range(1, k + 1)
    ]
    source = f"assumption: one per {facts.residents_per_centre} residents ({facts.centres_evidence}), by people"
    return [
        _site(f"vc_{code}_{i:02d}", name, "primary_care_centre", z, source, "D")
        for i, (z, name) in enumerate(names, start=1)
    ]
