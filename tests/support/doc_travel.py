"""The tables of docs/travel.md, from the regions' tables: ``python tests/support/doc_travel.py`` writes them anew."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import yaml
from doc_tables import cells, line

from sim.compile.travel_matrix import drive_min, great_circle_m, matrix, road_km
from sim.config.paths import with_changes
from sim.config.schema.travel_rules import TravelConfig
from sim.config.variants import VARIED, trip_changes
from sim.model.codes import AGE_GROUPS

ROOT = Path(__file__).resolve().parents[2]
REGIONS = ROOT / "configs" / "region"
PAGE = ROOT / "docs" / "travel.md"
Rows = list[tuple[str, ...]]

LABELS = {"vgr": "Västra Götaland", "goteborgsregionen": "Göteborgsregionen", "vastmanland": "Västmanland"}
ER_2018 = {"skas_lidkoping"}  # had an emergency room then
WITHIN_MIN = (15, 30, 45, 60)
BANDS = ((0, 30, "below 30 km"), (30, 80, "30 to 80 km"), (80, np.inf, "above 80 km"))
HEADS = {
    "pairs": ("from", "to", "great circle, km", "road, km", "ratio", "model, km", "error", "source"),
    "bands": ("great circle", "pairs", "error, mean", "error, range"),
    "reach": ("region", *(f"within {m} min" for m in WITHIN_MIN), "mean, min"),
    "ranges": ("region", "what is at an end of its range", "within 15 min", "within 30 min", "mean, min"),
}


@cache
def travel(region: str) -> TravelConfig:
    said = yaml.safe_load((REGIONS / region / "travel.yaml").read_text(encoding="utf-8"))
    return TravelConfig.model_validate(said)


@cache
def places(region: str) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Zones, sites and offers of a region."""
    names, text = ("zones", "sites", "offers"), {"crossing": str, "ages": str}
    zones, sites, offers = (pd.read_csv(REGIONS / region / f"{name}.csv", dtype=text) for name in names)
    return zones, sites, offers


def nearest_er_min(region: str, config: TravelConfig, also: set[str] | None = None) -> tuple[np.ndarray, np.ndarray]:
    """Minutes from door to door to the nearest emergency room that never closes, and people, by zone."""
    zones, sites, offers = places(region)
    er = offers[(offers["service"] == "er") & (offers["calendar"] == "always")]["site"]
    there = sites[sites["site"].isin({*er, *(also or set())})]
    ends = [(t["lat"], t["lon"], t["crossing"].fillna("").tolist()) for t in (zones, there)]
    seconds = matrix(*ends[0], *ends[1], config)[1]
    people = zones[[f"people_{age}" for age in AGE_GROUPS]].sum(axis=1).to_numpy()
    return seconds.min(axis=1) / 60, people


def share_within(minutes: np.ndarray, people: np.ndarray, limit: float) -> float:
    return float(people[minutes < limit].sum() / people.sum())


@cache
def pairs() -> pd.DataFrame:
    """Sourced road distances beside the model's; ``error`` is model / road - 1."""
    table = pd.read_csv(REGIONS / "_shared" / "road_distances.csv")
    straight = great_circle_m(table["from_lat"], table["from_lon"], table["to_lat"], table["to_lon"]) / 1000
    model = road_km(straight, travel("vastmanland"))
    return table.assign(
        straight=straight,
        ratio=table["road_km"] / straight,
        model=model,
        error=model / table["road_km"] - 1,
        model_min=drive_min(table["road_km"].to_numpy(float), travel("vastmanland")),
    )


def _bands() -> Rows:
    table, rows = pairs(), []
    for low, high, name in BANDS:
        for water in ("no", "yes"):
            found = table[(table["straight"] >= low) & (table["straight"] < high) & (table["water"] == water)]
            if len(found):
                told = f"{name}{', water between' if water == 'yes' else ''}"
                ends = found["error"].min(), found["error"].max()
                rows.append(
                    (told, str(len(found)), f"{found['error'].mean():+.0%}", f"{ends[0]:+.0%} to {ends[1]:+.0%}")
                )
    return rows


def _reach() -> Rows:
    rows = []
    for region, label in LABELS.items():
        minutes, people = nearest_er_min(region, travel(region))
        shares = [f"{share_within(minutes, people, limit):.0%}" for limit in WITHIN_MIN]
        rows.append((label, *shares, f"{np.average(minutes, weights=people):.1f}"))
    return rows


def _ranges() -> Rows:
    rows: Rows = []
    for region in ("vgr", "vastmanland"):
        cases = [("nothing", travel(region))]
        for name, parts in (
            ("detours", ("detour",)),
            ("speeds", ("speed",)),
            ("all three", VARIED),
        ):
            for end in ("short", "long"):
                cases.append(
                    (f"{name}, {end} trips", with_changes(travel(region), trip_changes(travel(region), end, parts)))
                )
        for what, config in cases:
            minutes, people = nearest_er_min(region, config)
            shares = (f"{share_within(minutes, people, limit):.0%}" for limit in (15, 30))
            rows.append((LABELS[region], what, *shares, f"{np.average(minutes, weights=people):.1f}"))
    return rows


def expected() -> dict[str, Rows]:
    """The rows of every table of the page, as they should be."""
    listed = [
        (r["from"], r["to"], f"{r['straight']:.0f}", f"{r['road_km']:.0f}", f"{r['ratio']:.2f}", f"{r['model']:.0f}",
         f"{r['error']:+.0%}", f"{r['source']}; {r['note']} ({r['quality']})")
        for r in pairs().to_dict("records")
    ]  # fmt: skip
    return {"pairs": listed, "bands": _bands(), "reach": _reach(), "ranges": _ranges()}


def rewritten(text: str) -> str:
    """The page with the rows of its tables as they should be."""
    out: list[str] = []
    rows = {HEADS[name]: found for name, found in expected().items()}
    skipping = False
    for row in text.splitlines():
        skipping = skipping and row.startswith("|")
        if skipping:
            continue
        out.append(row)
        if row.startswith("|") and cells(row) in rows:
            out += ["|" + "---|" * len(cells(row)), *map(line, rows[cells(row)])]
            skipping = True
    return "\n".join(out) + "\n"


if __name__ == "__main__":
    PAGE.write_text(rewritten(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
