"""The town of the calibration's tests with roads, so that travel has figures with ranges."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from calibrated_town import REGION, Town
from worlds import figure

from sim.credibility.sensitivity import Screening, screen

ROADS = {
    "detour": {
        "near": {"up_to_km": 10, "factor": figure(1.3, 1.1, 1.5)},
        "far": {"up_to_km": 1000, "factor": figure(1.2, 1.1, 1.3)},
    },
    "speed": {"all": {"up_to_km": 1000, "speed_kmh": figure(60, 40, 80)}},
    "access_min": figure(4, 2, 8),
    "within_km": figure(1),
}
FAR = "home,hospital,70000,4200"  # m and s; a degree to the east


class Roads(Town):
    """The town with roads, figures of the care model with ranges, and an hour's queue at the emergency room."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.targets()
        self.write("travel", ROADS)
        for table, here, there in (("sites", ",12.0,", ",13.0,"), ("matrix", "home,hospital,0,0", FAR)):
            path = root / REGION / f"{table}.csv"
            path.write_text(path.read_text(encoding="utf-8").replace(here, there), encoding="utf-8")
        care = yaml.safe_load((root / "configs/care/test.yaml").read_text(encoding="utf-8"))
        care["co2_g_per_km"] = figure(140, 100, 170)
        (root / "configs/care/test.yaml").write_text(yaml.safe_dump(care, sort_keys=False), encoding="utf-8")

    def write(self, name: str, data: dict[str, Any]) -> None:
        (self.root / REGION / f"{name}.yaml").write_text(yaml.safe_dump(data, sort_keys=False), encoding="utf-8")

    def screen(self, trajectories: int = 3, **overrides: object) -> Screening:
        return screen(self.load(replications=1, **overrides), trajectories, progress=False)
