"""What still moves over the window: a level by its own number of patients, an effect by the paired difference of two.

Each run keeps, behind a value, the mean number of patients (who wait, are present, keep a bed) over the first and over
the last third of the window (``early``, ``late``; ``sim.measures.stationarity``). Replications are independent, so
their changes from early to late are: the mean change is held against luck by a t test (the method of replications,
with the two ends of Geweke 1992, Bayesian Statistics 4, 169-193; Welch 1983 averages over replications before judging a
series). What moves does so beyond luck, at a level of 1 % since thousands of cells are judged, and by more than a tenth
of the larger end.

- A level is that of one scenario, all replications together.
- An effect is the difference of early and late between scenario and baseline, with the same luck: what drifts in both
  cancels. Two per cent of the number itself is no change, however sure.
- A variant is one run: its difference is held against what luck does to that of a single run of the scenario.
- With fewer than three replications, or where a run kept no numbers (studies stored before they were kept), nothing
  can be pooled: a level moves if a run says so, an effect if a level of the two does and the difference changes by more
  than the tolerance.
- What a moving queue feeds is as unsettled as the queue (``fed_by`` of a measure's definition).
"""

from __future__ import annotations

from collections.abc import Hashable
from graphlib import TopologicalSorter

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from sim.measures.catalogue import DEFINITIONS
from sim.measures.rows import NOT_SETTLED
from sim.results.statistics import standard_error, two_sided_p

Mask = NDArray[np.bool_]
Floats = NDArray[np.float64]

ENDS = ["early", "late"]
KEYS = ["scenario", "measure", "by", "group"]
TOLERANCE = 0.1  # of the larger end: a smaller change is none
OF_THE_NUMBER = 0.02  # a change of a difference by a smaller share of the number itself is none
LEVEL = 0.01  # of the test: so many of the cells that stand still are called moving
FEW = 3  # replications below which nothing can be pooled


def with_ends(measures: pd.DataFrame) -> pd.DataFrame:
    """The measures with the columns early and late, empty where the runs were stored without them."""
    return measures.assign(**{end: np.nan for end in ENDS if end not in measures})


def moving_levels(runs: pd.DataFrame) -> pd.Series:
    """Whether the level of each cell still moves, by scenario, measure, by and group.

    ``runs``: tidy measures of replications with every effect size at its value.
    """
    table = with_ends(runs)
    table = table.assign(drift=table["late"] - table["early"], claim=_claims(table["note"]))
    cells = table.groupby(KEYS, sort=False)
    early, late = cells["early"].mean(), cells["late"].mean()
    large = cells["drift"].mean().abs() > TOLERANCE * np.maximum(early, late)
    own = pd.Series(np.where(_has_enough(table), large & _beyond_luck(table), cells["claim"].any()), index=early.index)
    return _inheritance(own)


def moving_effects(pairs: pd.DataFrame) -> pd.Series:
    """Whether the difference of each cell still moves, by scenario, measure, by and group.

    ``pairs``: one row a replication and cell, with early, late and note of the scenario, and base_early, base_late and
    base_note of the baseline's run of the same luck.
    """
    table = _differences(pairs)
    cells = table.groupby(KEYS, sort=False)
    numbers = cells[["first", "last", "number", "drift"]].mean()
    large = _is_large(numbers["drift"], numbers["first"], numbers["last"], numbers["number"])
    few = cells["claim"].any() & (large | numbers["drift"].isna())
    return _inheritance(pd.Series(np.where(_has_enough(table), large & _beyond_luck(table), few), index=numbers.index))


def moving_variants(pairs: pd.DataFrame, at_value: pd.DataFrame) -> Mask:
    """[pairs] whether the difference of each single run still moves; ``at_value``: the pairs of the same scenarios."""
    table, known = _differences(pairs), _differences(at_value)
    cells = known.groupby(KEYS, sort=False)["drift"]
    luck = pd.DataFrame({"deviation": cells.std(ddof=1), "n": cells.count()})
    luck = luck.reindex(pd.MultiIndex.from_frame(table[KEYS]))
    n = luck["n"].fillna(0).to_numpy()
    drift = table["drift"].to_numpy()
    sure = _is_sure(drift, luck["deviation"].to_numpy(), n)  # the deviation of one run, not the error of a mean
    large = _is_large(table["drift"], table["first"], table["last"], table["number"]).to_numpy()
    few = table["claim"].to_numpy() & (large | np.isnan(drift))
    moving: Mask = np.where((n >= FEW) & ~np.isnan(drift), large & sure, few)
    return moving


def _differences(pairs: pd.DataFrame) -> pd.DataFrame:
    """Early and late of the difference, its change, the larger number of the two, and whether a level says it moves."""
    first, last = pairs["early"] - pairs["base_early"], pairs["late"] - pairs["base_late"]
    number = pairs[[*ENDS, "base_early", "base_late"]].max(axis=1, skipna=False)
    claim = _claims(pairs["note"]) | _claims(pairs["base_note"])
    return pairs[KEYS].assign(first=first, last=last, drift=last - first, number=number, claim=claim)


def _is_large(drift: pd.Series, first: pd.Series, last: pd.Series, number: pd.Series) -> pd.Series:
    """Whether a difference changes by more than is none, of itself and of the number that it is a difference of."""
    larger = np.maximum(first.abs(), last.abs())
    large: pd.Series = (drift.abs() > TOLERANCE * larger) & (drift.abs() > OF_THE_NUMBER * number)
    return large


def _has_enough(table: pd.DataFrame) -> pd.Series:
    """Whether a cell has enough replications, and each its numbers."""
    known = table.groupby(KEYS, sort=False)["drift"]
    enough: pd.Series = (known.count() >= FEW) & (known.count() == known.size())
    return enough


def _beyond_luck(table: pd.DataFrame) -> pd.Series:
    """Whether the mean change of a cell is not luck."""
    drift = table.groupby(KEYS, sort=False)["drift"]
    n = drift.count()
    sure = _is_sure(drift.mean().to_numpy(), standard_error(drift.std(ddof=1), n), n.to_numpy())
    return pd.Series(sure, index=n.index)


def _is_sure(drift: Floats, error: Floats, n: ArrayLike) -> Mask:
    """Whether a change is not luck, whose standard error was found from ``n`` replications; 0 is exact."""
    score = np.abs(drift) / np.where(error > 0, error, 1.0)
    sure: Mask = np.where(error > 0, two_sided_p(score, n) < LEVEL, drift != 0)
    return sure


def _claims(notes: pd.Series) -> pd.Series:
    claim: pd.Series = notes.fillna("").str.contains(NOT_SETTLED, regex=False)
    return claim


def _inheritance(own: pd.Series) -> pd.Series:
    """A cell moves if what feeds it does: in the same group, else at the same site, else in the whole region."""
    known = set(own.index)
    moving: set[Hashable] = set(own.index[own.to_numpy()])
    for measure in TopologicalSorter({name: one.fed_by for name, one in DEFINITIONS.items()}).static_order():
        fed_by = DEFINITIONS[measure].fed_by
        for scenario, name, by, group in own.index[own.index.get_level_values("measure") == measure] if fed_by else ():
            for source in fed_by:
                cells = [(scenario, source, *cut) for cut in ((by, group), ("site", group.partition("|")[0]))]
                if next((cell for cell in cells if cell in known), (scenario, source, "all", "")) in moving:
                    moving.add((scenario, name, by, group))
    return pd.Series(own.index.isin(moving), index=own.index, dtype=bool)


__all__ = ["ENDS", "FEW", "moving_effects", "moving_levels", "moving_variants", "with_ends"]
