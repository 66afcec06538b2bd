"""Two towns far from each other, each with a site of its own, and who of each is changed by a scenario."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from stories import Person, episodes
from worlds import SAID, Offer, Sketch, exponential, need, service, way

from sim.engines.select import Engine
from sim.model.tables import Contacts
from sim.simulation import simulate_episodes

ALWAYS, DAY = "00:00-24:00", "08:00-17:00"
FAR_MIN = 90
PEOPLE = 400
CHOICE = {"rule": "logit", "per_min": 0.15, "reach_min": 45, "detour_min": 30, **SAID}
SLOPES = {"3": -0.02, "4": -0.02}


def two_towns() -> Sketch:
    """North by site a and south by site b; urgent care is at hand, and stands nowhere as yet."""
    signals = {"busy": {"of": "doctor", "what": "per_unit", "over_h": 2, "classes": [500, 1500]}}
    wait = {"doctor": {"signal": "busy", "by_acuity": {"3": [0, -0.7, -1.5], "4": [0, -0.7, -1.5]}, **SAID}}
    nearness = {
        "er": {"per_km": SLOPES, **SAID}, "urgent": {"per_km": SLOPES, **SAID},
        "doctor": {"per_km": {}, "closed": {"3": -1, "4": -1}, "within_min": 45, **SAID},
    }  # fmt: skip
    ill = need({"er": 0.3, "doctor": 0.5, "rest": 0.2}, acuity={"all": {"mix": {"3": 0.5, "4": 0.5}, **SAID}})
    ill["first"]["all"]["at_hand"] = {"urgent": 0.3}
    onward = [way("er", 0.3), way("rest", 0.3), way("exit", 0.4)]
    here = {"er": Offer(3), "doctor": Offer(3, DAY)}
    return Sketch(
        {
            "er": service(exponential(60), patience=120, leaves=[way("doctor", 0.5), way("exit", 0.5)]),
            "doctor": service(
                exponential(30), "booked", then=onward, patience=600, leaves=onward, choice=CHOICE, fallback="rest"
            ),
            "urgent": service(30, choice=CHOICE, fallback="er"),
            "rest": service(5, "remote", unlimited_at="self_care"),
        },
        {"a": dict(here), "b": dict(here)}, {"ill": ill}, zones={"north": 500, "south": 500},
        travel={("north", "a"): 5, ("north", "b"): FAR_MIN, ("south", "a"): FAR_MIN, ("south", "b"): 5,
                ("a", "b"): FAR_MIN},
        care={"signals": signals, "service_choice": {"nearness": nearness, "wait": wait, "ways_on": ["doctor", "er"]}},
        calendars={"long": "06:00-22:00", "all_day": ALWAYS}, municipality={"north": "norrort", "a": "norrort"},
    )  # fmt: skip


def journeys(contacts: Contacts, whose: np.ndarray) -> dict[int, list[tuple[int, ...]]]:
    """What happens to each of some patients."""
    columns = [getattr(contacts, c) for c in ("service", "site", "request", "start", "end", "outcome", "origin")]
    found: dict[int, list[tuple[int, ...]]] = {}
    for i, *row in zip(contacts.episode.tolist(), *(column.tolist() for column in columns), strict=True):
        if whose[i]:
            found.setdefault(i, []).append(tuple(row))
    return found


def change(sketch: Sketch, engine: Engine, folder: Path) -> tuple[int, int]:
    """How many patients of the south and of the north are changed by the scenario."""
    people = [
        Person(2 * t, zone=("north", "south")[t % 2], first=(37 * t % 101) / 101, key=t + 1, acuity=3 + t % 3 % 2)
        for t in range(PEOPLE)
    ]
    both = []
    for name in ("baseline", "changed"):
        model = sketch.compile(folder / name, name)
        found = episodes(model, people)
        south = found.zone == model.zones.index("south")
        contacts = simulate_episodes(model, found, engine)
        both.append([journeys(contacts, whose) for whose in (south, ~south)])
    south_changed, north_changed = (sum(b[i] != a[i] for i in b) for b, a in zip(*both, strict=True))
    return south_changed, north_changed


__all__ = ["change", "journeys", "two_towns"]
