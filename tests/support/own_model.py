"""The results that docs/own_model.md shows: ``python tests/support/own_model.py`` writes them anew."""

from __future__ import annotations

import re
import tempfile
from functools import cache

import pandas as pd
from doc_tables import ROOT, cells, line, tables, text

from sim.config.load import load_study
from sim.study.study import run_study

PAGE = ROOT / "docs" / "own_model.md"
EXAMPLES = ROOT / "docs" / "examples"
Cut = tuple[str, str, str]  # measure, by, group
SHOWN: dict[str, list[Cut]] = {
    "mmc": [
        ("er_present_mean", "all", ""),
        ("waiting_mean", "service", "er"),
        ("er_wait_p90_min", "all", ""),
        ("pool_utilisation", "resource", "place"),
    ],
    "wards": [
        ("er_boarding_h_per_day", "site", "hospital_north"),
        ("er_boarding_h_per_day", "site", "hospital_south"),
        ("er_wait_p90_min", "site", "hospital_north"),
        ("er_left_share", "site", "hospital_north"),
        ("bed_occupancy", "site", "hospital_north"),
        ("admissions_per_1000_year", "all", ""),
    ],
    "clinic": [
        ("turned_away_per_day", "service", "drop_in"),
        ("waiting_mean", "service", "drop_in"),
        ("pool_utilisation", "resource", "room"),
        ("contacts_per_1000_year", "service", "advice"),
        ("staff_h_per_week", "all", ""),
    ],
    "birth": [
        ("waiting_mean", "service", "delivery_bed"),
        ("waiting_mean", "service", "delivery"),
        ("waiting_mean", "service", "complication"),
        ("waiting_mean", "service", "visit"),
        ("pool_utilisation", "resource", "delivery_bed"),
        ("pool_utilisation", "resource", "nurse"),
        ("pool_utilisation", "resource", "doctor"),
    ],
    "diversion": [
        ("er_present_mean", "site", "hospital_north"),
        ("er_present_mean", "site", "hospital_south"),
        ("er_wait_p90_min", "site", "hospital_north"),
        ("er_wait_p90_min", "site", "hospital_south"),
        ("turned_away_per_day", "service", "er_diverting"),
        ("transfer_km_per_day", "all", ""),
    ],
    "step_down": [
        ("waiting_mean", "service", "intensive_care"),
        ("waiting_mean", "service", "step_down"),
        ("discharge_ready_wait_mean_days", "all", ""),
        ("bed_occupancy", "all", ""),
        ("pool_utilisation", "resource", "step_down_bed"),
        ("contacts_per_1000_year", "service", "intensive_care"),
    ],
}


def head(example: str) -> tuple[str, ...]:
    """The head of an example's table of results."""
    return (f"{example}: measure", "by", *scenarios(example))


def scenarios(example: str) -> list[str]:
    """The scenarios of an example, the baseline first."""
    return load_study(root=EXAMPLES / example).study.scenarios


@cache
def measures(example: str) -> pd.DataFrame:
    """The measures of an example's study, run now."""
    with tempfile.TemporaryDirectory() as folder:
        world = load_study([f"results={folder}", "workers=1"], root=EXAMPLES / example)
        found = run_study(world, progress=False)
        assert not found.manifest["failed"]
        return found.measures


def values(example: str, cut: Cut, scenario: str) -> list[float]:
    """One value a replication."""
    m = measures(example)
    of = (m["measure"] == cut[0]) & (m["by"] == cut[1]) & (m["group"] == cut[2]) & (m["scenario"] == scenario)
    return [float(v) for v in m.loc[of].sort_values("replication")["value"]]


def rows(example: str) -> list[tuple[str, ...]]:
    """The rows of an example's table: means over the replications."""
    found = []
    for cut in SHOWN[example]:
        means = [sum(v) / len(v) for v in (values(example, cut, s) for s in scenarios(example))]
        found.append((f"`{cut[0]}`", cut[2] or cut[1], *(f"{mean:.3g}" for mean in means)))
    return found


def rewritten(page: str) -> str:
    """The page with the tables of results as they should be."""
    for example in SHOWN:
        top = line(head(example))
        table = "\n".join([top, "|" + "---|" * len(head(example)), *map(line, rows(example))])
        page = re.sub(re.escape(top) + r"\n(\|.*\n?)*", lambda _, new=table: new + "\n", page)  # type: ignore[misc]
    return page


if __name__ == "__main__":
    PAGE.write_text(rewritten(text(PAGE)), encoding="utf-8")

__all__ = ["PAGE", "SHOWN", "cells", "head", "measures", "rows", "tables", "text", "values"]
