"""Small networks as data: written as the files of a study, and read, checked and compiled as any other.

Times are minutes; without more being said, a run is Monday 1 March 2027, a service takes an hour, never closes and
has one unit, everything is next door, and a thousand adults may be ``ill``.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import yaml

from sim.compile import compile_scenario
from sim.config.load import load_study
from sim.config.world import World
from sim.credibility.verification.network_words import (
    LABEL,
    SAID,
    Plain,
    exponential,
    figure,
    minutes,
    need,
    responding,
    service,
    steps,
    way,
)
from sim.model.tables import Model

HEADS = {
    "municipalities": "municipality name subregion people",
    "zones": "zone name municipality lat lon people_0_17 people_18_64 people_65_79 people_80plus crossing",
    "sites": "site name kind municipality lat lon crossing",
    "pools": "pool resource site capacity surge calendar shift_end overtime_h keep_free",
    "offers": "site service pool level ages needs calendar pull serves spill_after_h",
    "targets": "target measure by group value low high unit year population use tolerance note",
}


HERE = 58.0, 12.0  # everything is at one place: the matrix alone says how far it is


class NoAlias(yaml.SafeDumper):
    """Writes what is there twice twice."""

    def ignore_aliases(self, data: object) -> bool:
        """Always."""
        return True


@dataclass(frozen=True)
class Offer:
    """A service at a site and its units; ``hours`` is a text or a calendar, ``staffed`` those of the units.

    ``further`` are pools for when the first is full, each from its hours of ``spill_after_h`` on (none said: at once).
    """

    units: float = 1
    hours: str | Plain = "00:00-24:00"
    staffed: str | Plain | None = None
    pool: str | None = None
    surge: int = 0
    overtime_h: float = 0
    level: str = "local_hospital"
    ages: str = "all"
    needs: str = "all"
    pull: float = 0
    serves: str = "region"
    tour: bool = False
    shift_end: str | None = None  # overtime if there are hours of it, else finish
    keep_free: str = ""
    further: str = ""
    spill_after_h: str = ""


@dataclass
class Sketch:
    """What is said of a network; the rest is ordinary."""

    services: Mapping[str, Plain]
    sites: Mapping[str, Mapping[str, Offer]]
    needs: Mapping[str, Plain] = field(default_factory=dict)
    zones: Mapping[str, int | Sequence[int]] = field(default_factory=lambda: {"home": 1000})
    travel: Mapping[tuple[str, str], float] = field(default_factory=dict)  # minutes, both ways, 1 km a minute; else 0
    municipality: Mapping[str, str] = field(default_factory=dict)  # of zones and sites; else ``town``
    scenarios: Mapping[str, Plain] = field(default_factory=dict)  # levers by name
    profiles: Mapping[str, Plain] = field(default_factory=dict)
    start: date = date(2027, 3, 1)
    end: date | None = None
    warm_up_days: int = 0
    holidays: str = "SE"
    tour_factor: float = 1
    care: Plain = field(default_factory=dict)
    calendars: Mapping[str, str | Plain] = field(default_factory=dict)  # those that services name
    rooms: Mapping[str, Mapping[str, Offer]] = field(default_factory=dict)  # pools by site that no offer has first

    def load(self, root: Path) -> World:
        """Writes the files below a folder and reads them."""
        for name, text in {**self._configs(), **self._tables()}.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return load_study(root=root)

    def compile(self, root: Path, scenario: str = "baseline") -> Model:
        """The model of a scenario."""
        return compile_scenario(self.load(root), scenario)

    def _configs(self) -> dict[str, str]:
        levers = {"baseline": {}, **self.scenarios}
        scenarios = {
            f"scenarios/{name}.yaml": {"label": {"sv": name, "en": name}, "description": LABEL, "levers": changes}
            for name, changes in levers.items()
        }
        files: dict[str, Plain] = {
            "configs/config.yaml": {"defaults": [{"study": "test"}, {"execution": "local"}]},
            "configs/execution/local.yaml": {"workers": 1},
            "configs/study/test.yaml": self._study(list(levers)),
            "configs/care/test.yaml": self._care(),
            "configs/region/town/region.yaml": {
                "label": LABEL,
                "population_date": "2024-12-31",
                "users_from_outside": {"sv": "Inga.", "en": "None."},
                "holidays": self.holidays,
            },
            "configs/region/town/travel.yaml": {
                "detour": {"all": {"up_to_km": 1000, "factor": figure(1)}},
                "speed": {"all": {"up_to_km": 1000, "speed_kmh": figure(60)}},
                "access_min": figure(0),
                "within_km": figure(0),
                "matrix_file": "matrix.csv",
            },
            "configs/region/town/calendars.yaml": {
                name: hours if isinstance(hours, dict) else {"every_day": hours}
                for name, hours in self._calendars().items()
            },
            **scenarios,
        }
        return {name: yaml.dump(data, Dumper=NoAlias, sort_keys=False) for name, data in files.items()}

    def _study(self, scenarios: list[str]) -> Plain:
        return {
            "name": "test", "region": "town", "care": "test", "label": LABEL, "question": LABEL,
            "scenarios": scenarios, "replications": 1, "start": str(self.start), "end": str(self.end or self.start),
            "warm_up_days": self.warm_up_days, "seed": 1,
        }  # fmt: skip

    def _care(self) -> Plain:
        unit = {
            "label": LABEL, "unit": LABEL, "staff_h_per_unit_h": figure(1), "sek_per_staff_h": figure(500),
            "payer": "region",
        }  # fmt: skip
        flat = {"hour": [1] * 24, "weekday": [1] * 7, "month": [1] * 12, **SAID}
        return {
            "label": LABEL,
            "co2_g_per_km": figure(100),
            "services": dict(self.services),
            "needs": dict(self.needs) or {"ill": need({next(iter(self.services)): 1})},
            "profiles": {"flat": flat, **self.profiles},
            "resources": {"unit": unit, "team": {**unit, "tour_factor": figure(self.tour_factor)}},
            **self.care,
        }

    def _calendars(self) -> dict[str, str | Plain]:
        weeks: list[str | Plain] = []
        for offers in (*self.sites.values(), *self.rooms.values()):
            for o in offers.values():
                weeks += [hours for hours in (o.hours, o.staffed) if hours is not None and hours not in weeks]
        return {**{f"c{j}": hours for j, hours in enumerate(weeks)}, **self.calendars}

    def _tables(self) -> dict[str, str]:
        rows: dict[str, list[Sequence[object]]] = {name: [] for name in HEADS}
        town = {place: self.municipality.get(place, "town") for place in (*self.zones, *self.sites)}
        people_of: dict[str, int] = {}
        for zone, people in self.zones.items():
            groups = people if isinstance(people, Sequence) else (0, people, 0, 0)
            rows["zones"].append((zone, zone, town[zone], *HERE, *groups, ""))
            people_of[town[zone]] = people_of.get(town[zone], 0) + sum(groups)
        for site in self.sites:
            rows["sites"].append((site, site, "hospital", town[site], *HERE, ""))
        rows["municipalities"] = [(m, m, m, people_of.get(m, 0)) for m in dict.fromkeys(town.values())]
        rows["pools"], rows["offers"] = self._rooms()
        tables = {name: [(*row, *SAID.values()) for row in lines] for name, lines in rows.items()}
        texts = {f"configs/region/town/{name}.csv": _csv(HEADS[name], tables[name]) for name in HEADS}
        return {**texts, "configs/region/town/matrix.csv": self._matrix()}

    def _rooms(self) -> tuple[list[Sequence[object]], list[Sequence[object]]]:
        """Rows of pools and of offers."""
        calendars = {str(hours): name for name, hours in reversed(self._calendars().items())}
        pools: dict[str, Sequence[object]] = {}
        offered: list[Sequence[object]] = []

        def add_pool(pool: str, site: str, o: Offer) -> None:
            staffed = calendars[str(o.staffed or o.hours)]
            end = o.shift_end or ("overtime" if o.overtime_h else "finish")
            kind = "team" if o.tour else "unit"
            pools.setdefault(pool, (pool, kind, site, o.units, o.surge, staffed, end, o.overtime_h, o.keep_free))

        for site, offers in self.sites.items():
            for name, o in offers.items():
                pool, hours = o.pool or f"{site}_{name}", calendars[str(o.hours)]
                add_pool(pool, site, o)
                order, spill = f"{pool} {o.further}".strip(), o.spill_after_h
                offered.append((site, name, order, o.level, o.ages, o.needs, hours, o.pull, o.serves, spill))
        for site, rooms in self.rooms.items():
            for pool, o in rooms.items():
                add_pool(pool, site, o)
        return list(pools.values()), offered

    def _matrix(self) -> str:
        rows = []
        for a in (*self.zones, *self.sites):
            for b in self.sites:
                time = self.travel.get((a, b), self.travel.get((b, a), 0))
                rows.append((a, b, round(1000 * time), round(60 * time)))
        return _csv("origin destination metres seconds", rows, origin=False)


def _csv(head: str, rows: Iterable[Sequence[object]], origin: bool = True) -> str:
    columns = [*head.split(), *(SAID if origin else ())]
    if "note" in columns:
        columns = [*(c for c in columns if c != "note"), "note"]
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([columns, *rows])
    return out.getvalue()


__all__ = [
    "LABEL",
    "SAID",
    "Offer",
    "Plain",
    "Sketch",
    "exponential",
    "figure",
    "minutes",
    "need",
    "responding",
    "service",
    "steps",
    "way",
]
