"""Every kind of lever with all of its fields, in the tiny world, read from a file as a strategist's is."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any, get_args

from sim.config.load import load_study
from sim.config.schema.scenario import AnyLever, Lever
from sim.config.world import World

TINY = Path(__file__).resolve().parents[1] / "data" / "tiny"


def figure(value: float) -> dict[str, Any]:
    return {"value": value, "low": value, "high": value, "source": "assumption", "quality": "D"}


ROOMS, BEDS = {"resource": "room", "where": {"sites": ["vc_norrby"]}}, {"resource": "bed"}
WHO, HOMES = {"needs": ["minor"]}, {"municipalities": ["Norrby"]}
EXAMPLES: dict[str, dict[str, Any]] = {  # each kind with all of its fields, in the tiny world
    "capacity": {"pools": ROOMS, "add_units": figure(2), "scale": figure(0.5), "paid_by": BEDS},
    "budget": {
        "sum_sek_per_year": figure(1_000_000), "level": "mobile_team", "payer": "municipality", "paid_by": BEDS,
        "menu": {"rooms": {"share": 0.9, "pools": ROOMS, "spread": "people"}, "joint": {"share": 0.1}},
    },
    "transfer": {"source_pools": BEDS, "target_pools": ROOMS, "share": figure(0.5), "exchange": "cost"},
    "opening_hours": {
        "service": "primary_care", "where": {"sites": ["vc_norrby"]}, "calendar": "every_day_08_22",
        "capacity": "added",
    },
    "close": {
        "services": ["er"], "where": {"sites": ["hospital_south"]}, "moved": figure(0.5),
        "to_sites": {"hospital_north": 1},
    },
    "open": {
        "service": "telephone", "sites": {"hospital_south": 2}, "resource": "line", "level": "primary_care",
        "calendar": "always", "ages": ["18_64"],
    },
    "shift": {
        "when": WHO, "where": HOMES, "from_service": "er", "to_service": "primary_care", "share": figure(0.5),
        "fail_share": figure(0.1), "fail_after": {"dist": "exponential", "unit": "h", "mean": 3}, "induced": figure(1),
    },
    "demand": {"when": WHO, "where": HOMES, "change": figure(0.5)},
    "enrolment": {
        "when": WHO, "where": HOMES, "enrolled": figure(100), "eligible": figure(200), "reduction": figure(0.5),
        "staff_min_per_week": figure(10), "sek_per_staff_h": figure(500), "sek_per_year": figure(1000),
        "level": "mobile_team", "payer": "region", "paid_by": BEDS,
    },
    "pathway": {
        "service": "telephone", "when": {}, "where": HOMES, "from_step": "primary_care", "to_step": "self_care",
        "how": "follow_up", "after": {"dist": "deterministic", "unit": "h", "value": 1}, "share": figure(0.5),
    },
    "duration": {"service": "er", "when": {}, "where": HOMES, "change": figure(0.5)},
    "lead_time": {"service": "primary_care", "when": WHO, "where": HOMES, "change": figure(0.5)},
    "target": {"service": "primary_care", "where": HOMES, "target_min": {"3": 60}},
}  # fmt: skip


def kinds() -> dict[str, type[Lever]]:
    """Every kind that the schema has."""
    return {get_args(one.model_fields["kind"].annotation)[0]: one for one in get_args(get_args(AnyLever)[0])}


def loaded(folder: Path, kind: str, lever: dict[str, Any]) -> World:
    """The tiny world with a scenario ``mine`` of one lever, read from a file as a strategist's is."""
    label = {"sv": "-", "en": "-"}
    said = {"label": label, "description": label, "levers": {"it": {"kind": kind, **lever}}}
    path = folder / "mine.yaml"
    path.write_text(json.dumps(said), encoding="utf-8")  # JSON is YAML, too
    return load_study(["scenarios=[baseline]"], root=tiny(folder), files=[path])


def tiny(folder: Path) -> Path:
    """The tiny world, where a visit is planned an hour ahead, so that every kind has something to change."""
    root, care = folder / "tiny", "configs/care/standard.yaml"
    if not root.exists():
        shutil.copytree(TINY, root)
        planned = "    mode: booked\n    not_before: {all: {time: {dist: deterministic, unit: h, value: 1}, "
        planned += "source: assumption, quality: D}}\n"
        said = (TINY / care).read_text(encoding="utf-8")
        assert said.count("    mode: booked\n") == 1
        (root / care).write_text(said.replace("    mode: booked\n", planned), encoding="utf-8")
    return root
