"""Scenario minus baseline, paired by replication: luck and assumptions kept apart.

Luck is told by the 95 % t interval of the paired differences of the runs with every effect size at its value;
assumptions by the smallest and the largest change in the runs with the effect sizes at value, low and high, each less
the baseline's run of the same replication.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

Floats = NDArray[np.float64]

MEASURE = ["measure", "unit", "by", "group"]
CELL = ["scenario", *MEASURE]
COLUMNS = [
    *CELL, "baseline", "mean", "change", "low", "high", "low_assumption", "high_assumption", "n", "p", "p_holm",
    "robust", "note",
]  # fmt: skip
CONFIDENCE = 0.95
ONE_REPLICATION = "one replication: no interval"
NO_PAIR = "not measured in both scenario and baseline"
NOT_SETTLED = "not settled"


def compare(measures: pd.DataFrame, baseline: str) -> pd.DataFrame:
    """Change of every measure in every scenario against ``baseline``, one row a scenario, measure, by and group.

    ``measures`` has the columns scenario, variant (value, low, high), replication, measure, unit, by, group, value,
    note. ``baseline`` and ``mean`` are means over the ``n`` replications that both have; ``p`` is the paired t test's,
    ``p_holm`` adjusted over municipalities where ``by`` is municipality, else over scenarios. ``robust``: both
    the luck interval and the assumption range exclude 0 on the same side, and nothing is 'not settled'.
    Raises ValueError if the baseline has no runs.
    """
    reference = measures[(measures["scenario"] == baseline) & (measures["variant"] == "value")]
    if reference.empty:
        raise ValueError(f"no runs of the baseline {baseline!r} among the measures")
    others = measures[measures["scenario"] != baseline]
    if others.empty:
        return pd.DataFrame(columns=COLUMNS)
    pairs = _pairs(others, reference)
    table = _luck(pairs[pairs["variant"] == "value"]).join(_assumptions(pairs)).join(_notes(pairs)).reset_index()
    table["p_holm"] = _holm(table)
    table["robust"] = _robust(table)
    table["note"] = _joined(table)
    return table[COLUMNS]


def _pairs(others: pd.DataFrame, reference: pd.DataFrame) -> pd.DataFrame:
    """Each scenario's value beside the baseline's of the same replication.

    A cell that only the baseline has (a site that is gone) is kept with an empty value in each scenario's runs.
    """
    runs = others[["scenario", "variant", "replication"]].drop_duplicates()
    known = reference[["replication", *MEASURE, "value", "note"]]
    known = known.rename(columns={"value": "base", "note": "base_note"}).merge(runs, on="replication")
    keys = ["scenario", "variant", "replication", *MEASURE]
    pairs = others[[*keys, "value", "note"]].merge(known, on=keys, how="outer")
    pairs[["note", "base_note"]] = pairs[["note", "base_note"]].fillna("")
    both = pairs["value"].notna() & pairs["base"].notna()
    pairs["change"] = np.where(both, pairs["value"] - pairs["base"], np.nan)
    return pairs.sort_values(keys, kind="stable")


def _luck(pairs: pd.DataFrame) -> pd.DataFrame:
    """Means, change and its paired t interval, by cell; replications without a pair are left out."""
    whole = pairs["change"].notna()
    paired = pairs.assign(value=pairs["value"].where(whole), base=pairs["base"].where(whole))
    cells = paired.groupby(CELL, sort=False)
    out = pd.DataFrame({"baseline": cells["base"].mean(), "mean": cells["value"].mean()})
    out["change"] = cells["change"].mean()
    out["n"] = cells["change"].count().astype(np.int64)
    n, change = out["n"].to_numpy(), out["change"].to_numpy()
    half, p = _t_test(change, cells["change"].std(ddof=1).to_numpy(dtype=np.float64), n)
    out["low"], out["high"], out["p"] = change - half, change + half, p
    return out


def _t_test(change: Floats, deviation: Floats, n: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """Half the width of the interval and the two-sided p; NaN below two replications.

    Where every replication has the same change the interval is that change, and p is 0 (or 1 if it is 0).
    """
    some = n >= 2
    freedom = np.where(some, n - 1, 1)
    error = np.where(some, deviation, np.nan) / np.sqrt(np.maximum(n, 1))
    half = stats.t.ppf((1 + CONFIDENCE) / 2, freedom) * error
    same = some & (np.abs(error) <= 1e-12 * np.abs(change))
    score = np.abs(change) / np.where(same | ~some, 1.0, error)
    p = np.where(same, np.where(change == 0, 1.0, 0.0), 2 * stats.t.sf(score, freedom))
    return np.where(same, 0.0, half), np.where(some, p, np.nan)


def _assumptions(pairs: pd.DataFrame) -> pd.DataFrame:
    """Smallest and largest change in the runs at value, low and high, of the replications that low or high has.

    Only the same replications are put beside each other, so that luck does not widen the range; without runs at
    low or high the range is empty.
    """
    varied = pairs.loc[pairs["variant"] != "value", ["scenario", "replication"]].drop_duplicates()
    cells = pairs.merge(varied, on=["scenario", "replication"]).groupby(CELL, sort=False)["change"]
    return pd.DataFrame({"low_assumption": cells.min(), "high_assumption": cells.max()})


def _notes(pairs: pd.DataFrame) -> pd.DataFrame:
    """The notes of all runs of a cell, each once, in order of the runs."""
    both = pd.concat([pairs[[*CELL, "note"]], pairs[[*CELL, "base_note"]].rename(columns={"base_note": "note"})])
    each = both[both["note"] != ""].drop_duplicates().groupby(CELL, sort=False)["note"]
    return pd.DataFrame({"run_notes": each.agg("; ".join)})


def _holm(table: pd.DataFrame) -> Floats:
    """Holm's adjusted p: over municipalities within measure and scenario, else over scenarios within measure and group.

    All families at once: statsmodels' ``multipletests`` collects garbage at each call, minutes for thousands of cells.
    """
    adjusted = pd.Series(np.nan, index=table.index)
    known = table[table["p"].notna()]
    places = known["by"] == "municipality"
    for rows, keys in ((known[places], ["scenario", "measure"]), (known[~places], MEASURE)):
        if len(rows):
            families = rows.sort_values("p", kind="stable").groupby(keys, sort=False)["p"]
            left = families.transform("size") - families.cumcount()  # hypotheses not yet rejected
            step = (left * families.obj).rename("step")
            raised = step.groupby([rows.loc[step.index, key] for key in keys], sort=False).cummax()
            adjusted[raised.index] = raised.clip(upper=1)
    return np.array(adjusted, dtype=np.float64)


def _robust(table: pd.DataFrame) -> NDArray[np.bool_]:
    up = (table["low"] > 0) & (table["low_assumption"] > 0)
    down = (table["high"] < 0) & (table["high_assumption"] < 0)
    moving = table["run_notes"].fillna("").str.contains(NOT_SETTLED)
    return ((up | down) & ~moving).to_numpy(dtype=bool)


def _joined(table: pd.DataFrame) -> list[str]:
    """Why something is missing, then what the runs said."""
    out = []
    for n, said in zip(table["n"], table["run_notes"].fillna(""), strict=True):
        why = NO_PAIR if n == 0 else ONE_REPLICATION if n == 1 else ""
        out.append("; ".join(part for part in (why, said) if part))
    return out


__all__ = ["COLUMNS", "compare"]
