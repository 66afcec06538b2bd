"""What became of a change in other worlds: its sign, how far it goes, and which figures decide.

A world's change is put on the estimate, as an end of the assumptions is (``sim.results.compare``): by how far it is
from the change of the run at value with the same luck.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from sim.config.world_draws import DRAW_COLUMNS, WORLD

Floats = NDArray[np.float64]
DRAWS, DECISIVE = "worlds.csv", "decisive_figures.csv"
FEWEST = 10  # worlds below which no figure can be told to matter
MOST = 3  # figures that are named
LEVEL = 0.05  # of the test, over all figures together
DECISIVE_COLUMNS = ("scenario", "measure", "rank", "parameter", "kind", "sv", "en", "correlation", "p", "sure")
LOW, HIGH = 0.1, 0.9  # quantiles over the worlds


def is_world(variants: pd.Series) -> pd.Series:
    """Whether runs are in a drawn world."""
    mask: pd.Series = variants.str.startswith(WORLD)
    return mask


def changes_in_worlds(pairs: pd.DataFrame, estimate: pd.Series, cell: list[str]) -> pd.DataFrame:
    """The change of each cell in each world, put on the estimate: columns ``cell``, variant, change, void.

    ``pairs``: as ``compare`` makes them, with the change of every run and whether it is void, which still moves.
    """
    run = [*cell, "replication"]
    usual = pairs.loc[pairs["variant"] == "value", [*run, "change"]].rename(columns={"change": "usual"})
    rows = pairs.loc[is_world(pairs["variant"]), [*run, "variant", "change", "void"]].merge(usual, on=run, how="left")
    rows = rows.merge(estimate.rename("estimate").reset_index(), on=cell)
    rows["change"] = rows["estimate"] + (rows["change"] - rows["usual"])
    return rows[[*cell, "variant", "change", "estimate", "void"]]


def in_worlds(rows: pd.DataFrame, cells: pd.Index, cell: list[str]) -> pd.DataFrame:
    """How many worlds there are, in how many the change has the estimate's sign, and its 10th and 90th percentile.

    A world in which a cell was not measured, or still moves, is counted and has not the sign.
    """
    sign = np.sign(rows["change"]).eq(np.sign(rows["estimate"])) & rows["change"].notna() & ~rows["void"]
    groups = rows.assign(sign=sign, change=rows["change"].mask(rows["void"])).groupby(cell, sort=False)
    table = pd.DataFrame(
        {
            "worlds": groups.size(),
            "worlds_with_sign": groups["sign"].sum(),
            "low_worlds": groups["change"].quantile(LOW),
            "high_worlds": groups["change"].quantile(HIGH),
        }
    ).reindex(cells)
    counted = table[["worlds", "worlds_with_sign"]].fillna(0).astype(np.int64)
    return table.assign(worlds=counted["worlds"], worlds_with_sign=counted["worlds_with_sign"])


def decisive_figures(rows: pd.DataFrame, draws: pd.DataFrame) -> pd.DataFrame:
    """The figures that go most with the change of each measure of the whole region, over the worlds.

    By Spearman's rank correlation (the ranks are what a rank regression on one figure after the other takes). ``sure``:
    beyond luck at 5 % when it is taken into account how many figures were looked at (Bonferroni). No rows below
    ``FEWEST`` worlds.
    """
    out: list[dict[str, Any]] = []
    whole = rows[rows["by"] == "all"]
    for (scenario, measure), cells in whole.groupby(["scenario", "measure"], sort=False):
        change = cells.set_index("variant")["change"].dropna()
        if len(change) >= FEWEST and change.nunique() > 1:
            out += _most_decisive(change, _draws_of(draws, str(scenario)), str(scenario), str(measure))
    return pd.DataFrame(out, columns=list(DECISIVE_COLUMNS))


def _draws_of(draws: pd.DataFrame, scenario: str) -> pd.DataFrame:
    """The draws of the model, and of the scenario's own effect sizes."""
    own = draws["parameter"].str.startswith(f"scenarios.{scenario}.")
    return draws[(draws["kind"] != "lever") | own]


def _most_decisive(change: pd.Series, drawn: pd.DataFrame, scenario: str, measure: str) -> list[dict[str, Any]]:
    shares = drawn.pivot(index="variant", columns="parameter", values="share").loc[change.index]
    ranks = stats.rankdata(shares.to_numpy(dtype=np.float64), axis=0)
    correlation = _correlations(ranks, stats.rankdata(change.to_numpy(dtype=np.float64)))
    n = len(change)
    with np.errstate(divide="ignore"):
        score = np.abs(correlation) * np.sqrt((n - 2) / np.maximum(1 - correlation**2, 0))
    p = np.minimum(2 * stats.t.sf(score, n - 2) * len(correlation), 1.0)
    about = drawn.drop_duplicates("parameter").set_index("parameter")
    first = np.argsort(-np.abs(correlation), kind="stable")[:MOST]
    return [
        {
            "scenario": scenario, "measure": measure, "rank": place, "parameter": name, "kind": about["kind"][name],
            "sv": about["sv"][name], "en": about["en"][name], "correlation": correlation[i], "p": p[i],
            "sure": bool(p[i] < LEVEL),
        }
        for place, i in enumerate(first, 1)
        for name in [shares.columns[i]]
    ]  # fmt: skip


def _correlations(ranks: Floats, outcome: Floats) -> Floats:
    """[figures] correlation of each column's ranks with the outcome's."""
    columns, centred = ranks - ranks.mean(axis=0), outcome - outcome.mean()
    scale = np.sqrt((columns**2).sum(axis=0) * (centred**2).sum())
    correlations: Floats = np.divide(columns.T @ centred, scale, out=np.zeros(columns.shape[1]), where=scale > 0)
    return correlations


def read_draws(path: Path) -> pd.DataFrame:
    """What a study left of its worlds; no rows if it had none."""
    return _read(path, (*DRAW_COLUMNS, "variant", "kept", "need_rates"))


def read_decisive(path: Path) -> pd.DataFrame:
    """As ``decisive_figures`` made them; no rows if there were none."""
    return _read(path, DECISIVE_COLUMNS)


def _read(path: Path, columns: tuple[str, ...]) -> pd.DataFrame:
    if not path.is_file():
        return pd.DataFrame(columns=list(columns))
    return pd.read_csv(
        path, dtype={"sv": str, "en": str, "parameter": str}, keep_default_na=False, na_values={"need_rates": [""]}
    )


__all__ = [
    "DECISIVE", "DRAWS", "changes_in_worlds", "decisive_figures", "in_worlds", "is_world", "read_decisive",
    "read_draws",
]  # fmt: skip
