"""Simulated against published figures: whether the baseline resembles reality."""

from __future__ import annotations

import pandas as pd

from sim.measures.rows import NOT_SETTLED
from sim.results.settled import moving_levels
from sim.results.statistics import t_half_width

VALIDATION = "validation.csv"  # in the study's folder
TOLERANCE = 0.15  # relative deviation up to which a target counts as met
KEY = ["measure", "by", "group"]
COLUMNS = [
    "target", *KEY, "unit", "published", "low", "high", "simulated", "simulated_low", "simulated_high", "deviation",
    "within_15", "use", "tolerance", "hit", "source", "quality", "note",
]  # fmt: skip
TINY = 1e-12  # 85 / 100 - 1 is a little below -0.15
NO_MEASURE = "none"  # what a target names that no measure answers
NOT_MEASURED = "the runs have no value of this measure"


def compare_with_targets(measures: pd.DataFrame, targets: pd.DataFrame) -> pd.DataFrame:
    """Each published figure beside the baseline's, one row a target, in the order of ``targets``.

    ``measures``: tidy measures of the baseline's runs, one row a replication, measure, by and group; ``targets``: the
    region's table, whose measure, by and group are those of ``measures`` and whose value is in the measure's unit.
    ``simulated`` is the mean over replications with its 95 % t interval (empty with one), ``deviation`` is simulated /
    published - 1, ``within_15`` whether that is at most 15 %, ``hit`` whether it is at most the target's own
    tolerance; empty where nothing can be compared or no tolerance is said, and ``note`` says why. Raises ValueError
    if a run has two rows of one cell.
    """
    figures = targets.assign(group=_together(targets["group"]), note=targets["note"].fillna(""))
    figures = figures.rename(columns={"value": "published"})
    table = figures.merge(_means(measures), on=KEY, how="left", validate="many_to_one")
    comparable = table["simulated"].notna() & (table["published"] != 0)
    table["deviation"] = (table["simulated"] / table["published"] - 1).where(comparable)
    table["within_15"] = (table["deviation"].abs() <= TOLERANCE + TINY).astype("boolean").where(comparable)
    table["hit"] = (table["deviation"].abs() <= table["tolerance"] + TINY).astype("boolean")
    table["hit"] = table["hit"].where(comparable & table["tolerance"].notna())
    absent = (table["measure"] != NO_MEASURE) & table["simulated"].isna()
    run_notes = table["run_notes"].fillna("").mask(absent & table["run_notes"].isna(), NOT_MEASURED)
    table["note"] = [_join(pair) for pair in zip(table["note"], run_notes, strict=True)]
    return table[COLUMNS]


def _means(measures: pd.DataFrame) -> pd.DataFrame:
    """Mean and t interval over replications of each cell, and what the runs say of it."""
    rows = measures.assign(group=_together(measures["group"]), note=measures["note"].fillna(""))
    if "replication" in rows and rows.duplicated([*KEY, "replication"]).any():
        raise ValueError("two rows of one replication for the same measure, by and group")
    cells = rows.groupby(KEY, sort=False)
    table = cells["value"].agg(["mean", "std", "count"]).reset_index()
    half = t_half_width(table["std"], table["count"])
    moving = moving_levels(rows.assign(scenario="")).droplevel("scenario").reindex(pd.MultiIndex.from_frame(table[KEY]))
    own = rows["note"].replace(NOT_SETTLED, "").groupby([rows[key] for key in KEY], sort=False).agg(_join)
    notes = [_join([note, NOT_SETTLED if moves else ""]) for note, moves in zip(own, moving, strict=True)]
    low, high = table["mean"] - half, table["mean"] + half
    table = table.assign(simulated=table["mean"], simulated_low=low, simulated_high=high, run_notes=notes)
    return table[[*KEY, "simulated", "simulated_low", "simulated_high", "run_notes"]]


def _together(groups: pd.Series) -> pd.Series:
    """Groups as in the tidy measures, where that of everybody is nameless."""
    return groups.astype(object).where(groups.notna(), "").astype(str).replace("all", "")


def _join(notes: object) -> str:
    """Different notes, each once, in their order."""
    return "; ".join(dict.fromkeys(n for n in notes if n))  # type: ignore[attr-defined]


__all__ = ["TOLERANCE", "compare_with_targets"]
