"""Scenario minus baseline, paired by replication: luck and assumptions kept apart.

Luck is told by the 95 % t interval of the paired differences of the runs with every effect size at its value;
assumptions by how far the change is shifted in the runs with the effect sizes at low and high, and with all trips short
and long, each held against the run at value with the same luck; the shifts are put on the estimate.
What has not settled is judged on what it is used for (``sim.results.settled``).
"""

from __future__ import annotations

from collections.abc import Collection, Hashable
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.measures.rows import NOT_SETTLED
from sim.results.changes_by_world import changes_in_worlds, in_worlds, is_world
from sim.results.conclusion import Conclusion, conclusions
from sim.results.settled import ENDS, moving_effects, moving_levels, moving_variants, with_ends
from sim.results.statistics import ROUNDING, change_of, level_of, standard_error, t_half_width, two_sided_p

Floats = NDArray[np.float64]

MEASURE = ["measure", "unit", "by", "group"]
CELL = ["scenario", *MEASURE]
COLUMNS = [
    *CELL, "baseline", "mean", "change", "low", "high", "low_assumption", "high_assumption", "worlds",
    "worlds_with_sign", "low_worlds", "high_worlds", "n", "p", "p_holm", "robust", "finding", "note",
]  # fmt: skip
ONE_REPLICATION = "one replication: no interval"
ALIKE = "the same change in every replication by coincidence of small counts: luck unknown"
LEVEL_MOVES = "the level still moves, the difference does not"
STILL_MOVING = "left out of the range of the assumptions, since it still moves: "  # then the variants
NO_PAIR = "not measured in both scenario and baseline"
NOT_VARIED = "assumptions not varied"
TOO_FEW = "luck hides it: too few replications"
NO_END = "no value at an end of the assumptions"
MECHANISM = "mechanism"  # the variant without assumptions; sim.results.decomposition reads it
TRIPS = ("short_trips", "long_trips")  # variants that the baseline has too
# what no luck touches: it follows from where sites are, when they are open, and what is put in
WITHOUT_LUCK = frozenset({
    "nearest_er_min", "people_share_within_15_min_er", "people_share_within_30_min_er", "spread_nearest_er_min_p90_p10",
    "er_places", "staff_h_per_week", "cost_msek_per_year",
})  # fmt: skip
TYPES: dict[str, type[np.generic]] = {
    "n": np.int64,
    "worlds": np.int64,
    "worlds_with_sign": np.int64,
    "robust": np.bool_,
}  # of the columns that are neither text nor doubles
TEXT = (*CELL, "finding", "note")
NUMBERS = tuple(c for c in COLUMNS if c not in (*TEXT, "p", "robust"))


def compare(measures: pd.DataFrame, baseline: str, certain: Collection[str] = ()) -> pd.DataFrame:
    """Change of every measure in every scenario against ``baseline``, one row a scenario, measure, by and group.

    ``measures`` has the columns scenario, variant (value, low, high, short_trips, long_trips, world_01 ...),
    replication, measure, unit, by, group, value, note, and early and late unless an older version stored them. Runs of
    the variant mechanism are left out: they are no range of an assumption.
    ``baseline`` and ``mean`` are means over the ``n`` replications in which both are known; ``p`` is the paired
    t test's, ``p_holm`` adjusted over municipalities where ``by`` is municipality, else over scenarios. ``finding`` is
    a ``sim.results.conclusion.Conclusion``, ``robust`` whether it is that; a change that is the same in every
    replication counts only where luck cannot touch it. The scenarios ``certain`` have nothing to vary. ``note`` says
    why nothing can be told, and 'not settled' where the paired difference still moves. A variant whose difference still
    moves is left out of the range.
    Raises ValueError if the baseline has no runs, or if a run has two rows of one cell.
    """
    measures = with_ends(measures[measures["variant"] != MECHANISM])
    reference = measures[measures["scenario"] == baseline]
    if not (reference["variant"] == "value").any():
        raise ValueError(f"no runs of the baseline {baseline!r} among the measures")
    others = measures[measures["scenario"] != baseline]
    if others.empty:
        types = {c: "str" if c in TEXT else TYPES.get(c, np.float64) for c in COLUMNS}
        return pd.DataFrame({c: pd.Series(dtype=t) for c, t in types.items()})
    pairs = _judged_pairs(others, reference)
    at_value, drawn = pairs["variant"] == "value", is_world(pairs["variant"])
    luck = _luck(pairs[at_value])
    table = luck.join(_assumptions(pairs[~drawn], luck["change"])).join(_notes(pairs[~drawn]))
    table = table.join(in_worlds(changes_in_worlds(pairs, luck["change"], CELL), luck.index, CELL))
    table = table.join(_movement(measures[measures["variant"] == "value"], pairs[at_value], baseline)).reset_index()
    table["alike"] = _alike(table)
    table["p"] = table["p"].mask(table["alike"])
    table["p_holm"] = _holm(table)
    sure = table["scenario"].isin(list(certain)).to_numpy(dtype=bool)
    table["finding"] = [one.value for one in conclusions(table, sure)]
    table["robust"] = (table["finding"] == Conclusion.ROBUST).to_numpy(dtype=bool)
    table["note"] = _note_texts(table)
    return table[COLUMNS]


def world_changes(measures: pd.DataFrame, baseline: str) -> pd.DataFrame:
    """The change of every measure of the whole region in every world, put on the estimate.

    Columns scenario, measure, unit, by, group, variant, change, estimate, void; no rows without worlds.
    """
    whole = with_ends(measures[(measures["variant"] != MECHANISM) & (measures["by"] == "all")])
    reference = whole["scenario"] == baseline
    pairs = _judged_pairs(whole[~reference], whole[reference])
    return changes_in_worlds(pairs, _luck(pairs[pairs["variant"] == "value"])["change"], CELL)


def _judged_pairs(others: pd.DataFrame, reference: pd.DataFrame) -> pd.DataFrame:
    """The pairs, and whether the difference of each that is not at value still moves (``void``)."""
    pairs = _pairs(others, reference)
    at_value = pairs["variant"] == "value"
    pairs["void"] = False
    pairs.loc[~at_value, "void"] = moving_variants(pairs[~at_value], pairs[at_value])
    return pairs


def _pairs(others: pd.DataFrame, reference: pd.DataFrame) -> pd.DataFrame:
    """Each scenario's value beside the baseline's of the same replication, and with the same trips.

    A cell that only the baseline has (a site that is gone) is kept with an empty value in each scenario's runs.
    ``paired``: whether there is a run of the baseline too.
    """
    runs = others[["scenario", "variant", "replication"]].drop_duplicates()
    runs["against"] = runs["variant"].where(runs["variant"].isin(TRIPS) | is_world(runs["variant"]), "value")
    known = reference[["variant", "replication", *MEASURE, "value", "note", *ENDS]]
    known = known.rename(columns={"variant": "against", "value": "base"} | {n: f"base_{n}" for n in ("note", *ENDS)})
    known = known.merge(runs, on=["against", "replication"]).drop(columns="against")
    keys = ["scenario", "variant", "replication", *MEASURE]
    pairs = others[[*keys, "value", "note", *ENDS]].merge(known, on=keys, how="outer", validate="one_to_one")
    pairs[["note", "base_note"]] = pairs[["note", "base_note"]].fillna("")
    pairs["change"] = change_of(pairs["value"], pairs["base"])
    at_value = reference[reference["variant"] == "value"]
    pairs["paired"] = pairs["replication"].isin(at_value["replication"].unique())
    return pairs.sort_values(keys, kind="stable")


def _luck(pairs: pd.DataFrame) -> pd.DataFrame:
    """Means, change and its paired t interval, by cell; replications without a value on both sides are left out."""
    whole = pairs["change"].notna()
    paired = pairs.assign(value=pairs["value"].where(whole), base=pairs["base"].where(whole))
    cells = paired.groupby(CELL, sort=False)
    out = pd.DataFrame({"baseline": cells["base"].mean(), "mean": cells["value"].mean()})
    out["change"] = cells["change"].mean()
    out["n"] = cells["change"].count().astype(np.int64)
    out["runs"] = cells["paired"].sum().astype(np.int64)
    n, change = np.asarray(out["n"], dtype=np.int64), np.asarray(out["change"], dtype=np.float64)
    half, p = _t_test(change, np.asarray(cells["change"].std(ddof=1)), n, level_of(out["baseline"], out["mean"]))
    out["low"], out["high"], out["p"] = change - half, change + half, p
    return out


def _alike(table: pd.DataFrame) -> pd.Series:
    """Whether a change that luck can touch is the same in all replications: that tells nothing of luck."""
    same = (table["low"] == table["high"]) & (table["change"] != 0)
    return same & ~table["measure"].isin(WITHOUT_LUCK)


def _t_test(change: Floats, deviation: Floats, n: NDArray[np.int64], level: Floats) -> tuple[Floats, Floats]:
    """Half the width of the interval and the two-sided p; NaN below two replications.

    Where every replication has the same change, but for the rounding of the ``level`` that it is a change of, the
    interval is that change, and p is 0 (or 1 if it is 0).
    """
    some, error = n >= 2, standard_error(deviation, n)
    same = some & (deviation <= ROUNDING * level)
    score = np.abs(change) / np.where(same | ~some, 1.0, error)
    p = np.where(same, np.where(change == 0, 1.0, 0.0), two_sided_p(score, n))
    return np.where(same, 0.0, t_half_width(deviation, n)), np.where(some, p, np.nan)


def _assumptions(pairs: pd.DataFrame, estimate: pd.Series) -> pd.DataFrame:
    """The range of each cell's assumptions: what each variant shifts the change by, put on the estimate.

    The shift is the change of the variant's run less that of the run at value with the same luck, so that the luck of
    one replication neither widens the range nor moves it away from the mean over all: no shift is a part of it too, and
    low <= estimate <= high. Without runs of variants, or where a run of one or its run at value has no value, the
    range is empty. A variant that is void is no part of it.
    """
    run = [*CELL, "replication"]
    usual = pairs.loc[pairs["variant"] == "value", [*run, "change"]].rename(columns={"change": "usual"})
    varied = pairs[(pairs["variant"] != "value") & ~pairs["void"]].merge(usual, on=run, how="left")
    varied["shift"] = varied["change"] - varied["usual"]
    shifts = varied.groupby([*CELL, "variant"], sort=False)["shift"]
    mean = shifts.mean().where(shifts.count() == shifts.size())
    cells = mean.groupby(level=CELL, sort=False)
    whole = cells.count() == cells.size()
    lowest, highest = cells.min().clip(upper=0).where(whole), cells.max().clip(lower=0).where(whole)
    void = pairs[pairs["void"]].groupby(CELL, sort=False)["variant"].agg(lambda names: ", ".join(dict.fromkeys(names)))
    ends = {"low_assumption": estimate + lowest, "high_assumption": estimate + highest}
    tried = cells.size().reindex(estimate.index, fill_value=0) > 0
    return pd.DataFrame({**ends, "tried": tried, "void": void}, index=estimate.index)


def _notes(pairs: pd.DataFrame) -> pd.DataFrame:
    """The notes of all runs of a cell, each once, in order of the runs; what moves is judged of them together."""
    both = pd.concat([pairs[[*CELL, "note"]], pairs[[*CELL, "base_note"]].rename(columns={"base_note": "note"})])
    each = both[~both["note"].isin(["", NOT_SETTLED])].drop_duplicates().groupby(CELL, sort=False)["note"]
    return pd.DataFrame({"run_notes": each.agg("; ".join)})


def _movement(runs: pd.DataFrame, pairs: pd.DataFrame, baseline: str) -> pd.DataFrame:
    """Whether the difference of each cell still moves, and whether a level of the two does."""
    units = pairs.drop_duplicates(CELL).set_index(CELL).index
    cells = pd.MultiIndex.from_arrays([units.get_level_values(key) for key in ("scenario", "measure", "by", "group")])
    levels = moving_levels(runs)
    known = set(levels.index[levels.to_numpy()])
    level = [bool({cell, (baseline, *cell[1:])} & known) for cell in cells]
    return pd.DataFrame({"moves": moving_effects(pairs).reindex(cells).to_numpy(), "level": level}, index=units)


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


def _note_texts(table: pd.DataFrame) -> list[str]:
    """Why something is missing, then what the runs said."""
    no_end = table["tried"] & table["low_assumption"].isna() & table["change"].notna()
    parts = {
        "void": [f"{STILL_MOVING}{variants}" if variants else "" for variants in table["void"].fillna("")],
        "ends": no_end.map({True: NO_END, False: ""}),
        "tested": (table["finding"] == Conclusion.NOT_TESTED).map({True: NOT_VARIED, False: ""}),
        "moves": np.select([table["moves"], table["level"]], [NOT_SETTLED, LEVEL_MOVES], ""),
        "runs": table["run_notes"].fillna(""),
    }
    rows = zip(table["n"], table["runs"], map(_why_unknown, table.to_dict("records")), *parts.values(), strict=True)
    out = []
    for row in rows:
        n, runs, why = row[:3]
        some = f"measured in {n} of {runs} replications" if 0 < n < runs else ""
        out.append("; ".join(part for part in (why, some, *row[3:]) if part))
    return out


def _why_unknown(row: dict[Hashable, Any]) -> str:
    """Why luck hides a change, if it does and nothing else is to blame."""
    if row["n"] < 2:
        return NO_PAIR if row["n"] == 0 else ONE_REPLICATION
    if row["alike"]:
        return ALIKE
    to_blame = row["moves"] or row["n"] < row["runs"] or row["low"] > 0 or row["high"] < 0
    return TOO_FEW if row["finding"] == Conclusion.UNKNOWN and not to_blame else ""


__all__ = [
    "ALIKE", "COLUMNS", "LEVEL_MOVES", "MECHANISM", "NOT_VARIED", "NO_PAIR", "NUMBERS", "ONE_REPLICATION",
    "STILL_MOVING", "TEXT", "TOO_FEW", "TRIPS", "TYPES", "WITHOUT_LUCK", "compare", "world_changes",
]  # fmt: skip
