"""What an effect is made of: how much a scenario puts in, and how much comes out of the model's mechanisms.

The variant ``mechanism`` of a scenario is the scenario without its assumptions. What came out is that variant less the
baseline, paired by replication; what is put in is the whole effect less what came out, so that what comes of both
together is among what is put in.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from enum import StrEnum
from math import isnan, nan
from pathlib import Path
from typing import Any

import pandas as pd

from sim.config.variants import Basis
from sim.measures.rows import NOT_SETTLED
from sim.results.compare import ALIKE, MECHANISM, NO_PAIR, ONE_REPLICATION, WITHOUT_LUCK, compare

TEXTS = ["scenario", "measure", "unit", "finding", "note"]
COLUMNS = ["scenario", "measure", "unit", "effect", "came_out", "low", "high", "put_in", "n", "finding", "note"]
OUT_IN_LUCK = "what came out cannot be told from 0"
IN_IN_LUCK = "what is put in cannot be told from 0"
BOTH_IN_LUCK = "neither part can be told from 0"
ROUNDING = 1e-9  # of the larger part: what is less is none
Row = dict[Hashable, Any]


class Finding(StrEnum):
    """What can be said of the parts of an effect."""

    TOLD = "told"
    ALL_PUT_IN = "all put in"  # no other lever, or the others change nothing
    ALL_CAME_OUT = "all came out"
    NO_CHANGE = "no change"
    NOT_TESTED = "not tested"  # not run without its assumptions
    UNKNOWN = "cannot be told"  # the note says why


def decomposition(
    measures: pd.DataFrame, comparison: pd.DataFrame, baseline: str, bases: Mapping[str, Basis]
) -> pd.DataFrame:
    """The parts of the effect on every measure of the whole region, one row a scenario and measure.

    ``comparison`` is what ``compare`` made of ``measures``; ``bases`` says of each scenario which kinds of levers it
    has. ``effect`` is the change, ``low`` and ``high`` the 95 % interval of ``came_out`` over its ``n`` replications.
    """
    tried = _trials(measures, baseline)
    whole = comparison[comparison["by"] == "all"].to_dict("records")
    rows = [_row(row, bases[row["scenario"]], tried.get((row["scenario"], row["measure"]))) for row in whole]
    return pd.DataFrame(rows, columns=COLUMNS)


def _trials(measures: pd.DataFrame, baseline: str) -> dict[tuple[str, str], Row]:
    """Change of the scenarios without their assumptions, by scenario and measure."""
    whole = measures[measures["by"] == "all"]
    reference = whole[(whole["scenario"] == baseline) & (whole["variant"] == "value")]
    runs = whole[whole["variant"] == MECHANISM].assign(variant="value")
    effects = compare(pd.concat([reference, runs], ignore_index=True), baseline).to_dict("records")
    return {(row["scenario"], row["measure"]): row for row in effects}


def _row(effect: Row, basis: Basis, tried: Row | None) -> Row:
    """One row of the table."""
    came, finding, why = _parts(effect, basis, tried)
    put_in = effect["change"] - came["change"]
    larger = max(abs(effect["change"]), abs(came["change"]))
    return {
        **{name: effect[name] for name in ("scenario", "measure", "unit")},
        "effect": effect["change"],
        "came_out": came["change"],
        **{name: came[name] for name in ("low", "high", "n")},
        "put_in": 0.0 if abs(put_in) <= ROUNDING * larger else put_in,
        "finding": finding.value,
        "note": why,
    }


def _parts(effect: Row, basis: Basis, tried: Row | None) -> tuple[Row, Finding, str]:
    """What came out with its interval, what can be said of it, and why no more."""
    if isnan(effect["change"]):
        return {**effect, "n": 0}, Finding.UNKNOWN, NO_PAIR
    if basis == "both":
        if tried is None:
            return {"change": nan, "low": nan, "high": nan, "n": 0}, Finding.NOT_TESTED, ""
        if tried["measure"] in WITHOUT_LUCK:
            tried = {**tried, "low": tried["change"], "high": tried["change"]}
        return tried, *_finding(effect, tried)
    none: Row = {"change": 0.0, "low": 0.0, "high": 0.0, "n": effect["n"]}
    if basis == "nothing" or _is_none(effect):
        return none, Finding.NO_CHANGE, ""
    if basis == "assumption":
        return none, Finding.ALL_PUT_IN, ""
    return effect, Finding.ALL_CAME_OUT, ""


def _finding(effect: Row, tried: Row) -> tuple[Finding, str]:
    """What can be said of the effect of both kinds of levers, and why no more."""
    settled = NOT_SETTLED not in effect["note"] + tried["note"]
    unknown = {
        NO_PAIR: isnan(tried["change"]),
        NOT_SETTLED: not settled,
        ONE_REPLICATION: tried["n"] == 1 and tried["measure"] not in WITHOUT_LUCK,
        ALIKE: ALIKE in tried["note"],
    }
    if why := next((why for why, so in unknown.items() if so), ""):
        return Finding.UNKNOWN, why
    if _is_none(tried):
        return Finding.NO_CHANGE if _is_none(effect) else Finding.ALL_PUT_IN, ""
    if tried["measure"] in WITHOUT_LUCK:
        same = abs(effect["change"] - tried["change"]) <= ROUNDING * abs(tried["change"])
        return Finding.ALL_CAME_OUT if same else Finding.TOLD, ""
    return _beyond_luck(effect["change"], tried["low"], tried["high"])


def _beyond_luck(effect: float, low: float, high: float) -> tuple[Finding, str]:
    """Whether each part can be told from 0, as what came out goes from low to high."""
    nothing_out, nothing_in = low <= 0 <= high, low <= effect <= high
    if nothing_out and nothing_in:
        return Finding.UNKNOWN, BOTH_IN_LUCK
    if nothing_out or nothing_in:
        return Finding.UNKNOWN, OUT_IN_LUCK if nothing_out else IN_IN_LUCK
    return Finding.TOLD, ""


def _is_none(change: Row) -> bool:
    """Whether there is no change in any replication; one alone tells it only of what luck does not touch."""
    sure = change["low"] == change["high"] == 0 or change["measure"] in WITHOUT_LUCK
    return bool(change["change"] == 0 and sure)


def write_decomposition(table: pd.DataFrame, path: Path) -> None:
    """Writes what ``decomposition`` made as CSV: empty for a number that is missing, numbers with all their digits."""
    table.to_csv(path, index=False, lineterminator="\n", encoding="utf-8")


def read_decomposition(path: Path) -> pd.DataFrame:
    """What ``write_decomposition`` wrote; a table without rows if an older study left none."""
    if not path.is_file():
        return pd.DataFrame(columns=COLUMNS)
    table = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8")[COLUMNS]
    for name in set(COLUMNS) - set(TEXTS):
        table[name] = [float(one) if one else nan for one in table[name]]
    return table.astype({"n": int})


__all__ = [
    "BOTH_IN_LUCK",
    "COLUMNS",
    "IN_IN_LUCK",
    "OUT_IN_LUCK",
    "Finding",
    "decomposition",
    "read_decomposition",
    "write_decomposition",
]
