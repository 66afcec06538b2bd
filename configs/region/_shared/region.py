"""Zones and sites of a region, and its pools and offers as they are made."""

from __future__ import annotations

from typing import Any

import numpy as np
import yaml

from sim.compile.travel_matrix import matrix
from sim.config.schema.travel_rules import TravelConfig

from . import sizing as by
from .facts import Facts
from .tables import Row, Rows

AGES = ("0_17", "18_64", "65_79", "80plus")


def people(zones: Rows, weight: dict[str, float] | None = None) -> by.Floats:
    """People of each zone, by age if weights are given."""
    weight = weight or dict.fromkeys(AGES, 1.0)
    return np.array([sum(w * z[f"people_{age}"] for age, w in weight.items()) for z in zones], dtype=float)


def _place(rows: Rows) -> tuple[list[Any], list[Any], list[Any]]:
    return [r["lat"] for r in rows], [r["lon"] for r in rows], [r["crossing"] for r in rows]


class Region:
    """Zones and sites, and the pools and offers as they are made."""

    def __init__(self, facts: Facts, zones: Rows, sites: Rows, hospitals: dict[str, dict[str, str]]) -> None:
        self.facts, self.zones, self.sites, self.hospitals = facts, zones, sites, hospitals
        travel = yaml.safe_load((facts.folder / "travel.yaml").read_text(encoding="utf-8"))
        self.travel = TravelConfig.model_validate(travel)
        self.pools: Rows = []
        self.offers: Rows = []
        self.total = float(people(zones).sum())

    def kind(self, kind: str) -> Rows:
        return [s for s in self.sites if s["kind"] == kind]

    def minutes(self, sites: Rows) -> by.Floats:
        """Minutes by car [zone, site], door to door."""
        (lat, lon, crossing), (to_lat, to_lon, to_crossing) = (_place(part) for part in (self.zones, sites))
        return matrix(lat, lon, crossing, to_lat, to_lon, to_crossing, self.travel)[1] / 60

    def drawn(self, sites: Rows, per_min: float) -> by.Floats:
        """Residents that each site draws by distance alone."""
        return people(self.zones) @ by.shares(self.minutes(sites), per_min)

    def residents(self, use: by.ByAge) -> float:
        """As many of Västra Götaland's mean age as use what the region's people do."""
        return self.total * round(float(people(self.zones, use.weight).sum()) / self.total / use.mean, 3)

    def groups(self, sites: Rows, weight: dict[str, float]) -> list[by.Group]:
        """The age groups at hospitals: weighted people by zone, and which sites take them."""
        taken = [self.ages_of(s) for s in sites]
        allowed = {a: np.array([float(t == "all" or a in t.split()) for t in taken]) for a in AGES}
        return [by.Group(people(self.zones, {a: weight[a]}), allowed[a]) for a in AGES]

    def ages_of(self, site: Row) -> str:
        """Age groups that a hospital takes."""
        return self.facts.ages.get(site["site"], "all")

    def level_of(self, site: Row) -> str:
        return "concentrated_hospital" if site["site"] in self.facts.concentrated else "local_hospital"

    def pool(
        self, site: Row, resource: str, capacity: float, source: str, quality: str, part: str = "", **more: object
    ) -> str:
        """Adds a pool; returns its name. ``part``: of the site, where it has several pools of the resource."""
        name = "_".join(filter(None, (site["site"], part, resource)))
        row = {"pool": name, "resource": resource, "site": site["site"], "capacity": capacity, "surge": 0}
        row |= {"calendar": "always", "shift_end": "finish", "overtime_h": 0}
        self.pools.append(row | more | {"source": source, "quality": quality})
        return name

    def offer(
        self, site: Row, service: str, pool: str, level: str, source: str, quality: str = "D", **more: object
    ) -> None:
        """Adds an offer."""
        row = {"site": site["site"], "service": service, "pool": pool, "level": level, "ages": "all", "needs": "all"}
        row |= {"calendar": "always", "pull": 0, "serves": "region", "spill_after_h": ""}
        self.offers.append(row | more | {"source": source, "quality": quality})
