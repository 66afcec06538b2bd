"""A town with one emergency room and a line, whose free parameters and published figures a test can set."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import numpy as np
import yaml
from worlds import Offer, Sketch, exponential, need, service

from sim.config.load import load_study
from sim.config.world import World
from sim.credibility.calibration import Calibration, calibrate
from sim.credibility.calibration.beliefs import beliefs, fit_figures
from sim.study.progress import silence

REGION = Path("configs/region/town")
PARAMETERS = {
    "rate": {"kind": "need_rate", "needs": ["ill"]},
    "calls": {"kind": "first_contact", "service": "call"},
    "stay": {"kind": "length", "services": ["er"]},
    "other": {"kind": "need_rate", "needs": ["worried"]},
}
COLUMNS = (
    *("target", "measure", "by", "group", "value", "low", "high", "unit", "year", "population"),
    *("use", "tolerance", "source", "quality", "note"),
)
Cell = tuple[str, str, str, str]  # target, measure, by, group
CALLS: Cell = ("calls", "contacts_per_1000_year_adjusted", "service", "call")
VISITS: Cell = ("visits", "er_visits_per_year", "all", "")
STAY: Cell = ("stay", "er_stay_median_min", "all", "")


class Town:
    """The town's files below a folder."""

    def __init__(self, root: Path) -> None:
        self.root = root
        Sketch(
            services={
                "call": service(10, mode="remote", unlimited_at="self_care"),
                "chat": service(10, mode="remote", unlimited_at="self_care"),
                "er": service(exponential(120), kind="emergency"),
            },
            sites={"hospital": {"er": Offer(units=12)}},
            needs={"ill": need({"call": 0.4, "er": 0.6}, rate=2000), "worried": need({"chat": 1}, rate=500)},
            zones={"home": 20_000},
            end=date(2027, 3, 14),
        ).load(root)
        self.may_vary(PARAMETERS)

    def may_vary(self, parameters: dict[str, dict], low: float = 0.5, high: float = 2) -> None:
        said = {"value": 1, "low": low, "high": high, "source": "assumption", "quality": "D"}
        data = {
            name: {"label": {"sv": "x", "en": "x"}, "factor": dict(said), "acts_on": acts_on}
            for name, acts_on in parameters.items()
        }
        text = yaml.safe_dump({"care": "test", "parameters": data})
        (self.root / REGION / "free_parameters.yaml").write_text(text, encoding="utf-8")

    def targets(self, *rows: tuple[Cell, float], tolerance: float = 0.02, kept_out: tuple[Cell, ...] = ()) -> None:
        with (self.root / REGION / "targets.csv").open("w", encoding="utf-8", newline="") as file:
            out = csv.writer(file, lineterminator="\n")
            out.writerow(COLUMNS)
            for cell, value in rows:
                use = "kept_out" if cell in kept_out else "fit"
                out.writerow([*cell, value, "", "", "x", 2027, "all", use, tolerance, "assumption", "D", ""])

    def load(self, **overrides: object) -> World:
        given = {"replications": 2, "results": self.root / "results", **overrides}
        return load_study([f"{k}={v}" for k, v in given.items()], root=self.root, fitted=False)

    def simulated(self, factors: dict[str, float], *cells: Cell) -> list[float]:
        """The figures of some cells with factors in force, with the luck of a calibration."""
        self.targets(*((cell, 1.0) for cell in cells))
        held = beliefs(self.load())
        z = np.log([factors.get(name, 1.0) for name in held.names]) / held.widths
        return fit_figures(held, silence).at([held.factors(z)], "")[0].mean(axis=1).tolist()

    def calibrate(self, **overrides: object) -> Calibration:
        return calibrate(self.load(**overrides), progress=False, root=self.root)
