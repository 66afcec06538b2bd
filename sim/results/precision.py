"""How precise the changes of a study are, and how many replications a wanted half-width would take.

The half-width is that of the 95 % t interval of the paired differences, t(n - 1) s / sqrt(n). The number needed is the
smallest n whose half-width, with the s of the runs so far, is the wanted one (the confidence interval method of
Robinson 2004, Simulation, section 9.6.2, applied to differences). What a few replications say of s is itself
uncertain: ``likely_needed`` takes the upper 80 % confidence limit of s in its place (Browne 1995, Statistics in
Medicine 14, 1933-1940).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.config.sentence import Sentence
from sim.results.statistics import ROUNDING, change_of, t_half_width, upper_deviation

Floats = NDArray[np.float64]
ASSURANCE = 0.8  # that likely_needed replications are enough
MOST = 100_000  # replications; more is told as infinitely many
COLUMNS = [
    "scenario", "measure", "unit", "n", "baseline", "change", "half_width", "wanted", "needed", "likely_needed",
    "variance_reduction", "note",
]  # fmt: skip
NEAR_ZERO = "the baseline's mean cannot be told from 0: give a half-width in the measure's unit"
TOO_FEW = "fewer than two pairs of replications"
IDENTICAL = "every replication has the same change"


@dataclass(frozen=True)
class WantedHalfWidths:
    """The half-width that is wanted, of every measure or of one by name.

    ``relative`` is a share of the baseline's mean (not of the change, which may be 0); ``own`` is such a share for
    single measures, ``absolute`` a half-width in the measure's unit.
    """

    relative: float = 0.05
    own: Mapping[str, float] = field(default_factory=dict)
    absolute: Mapping[str, float] = field(default_factory=dict)

    def of(self, measure: str, baseline: Floats) -> float:
        """Half-width in the measure's unit; NaN if it is a share of what cannot be told from 0."""
        if measure in self.absolute:
            return self.absolute[measure]
        mean = float(baseline.mean())
        if abs(mean) <= half_width(baseline):
            return float("nan")
        return self.own.get(measure, self.relative) * abs(mean)


def wanted_half_widths(texts: Collection[str]) -> WantedHalfWidths:
    """Half-widths as they are typed: ``5%``, ``er_stay_median_min=2%``, ``unserved_per_day=1.5``.

    Raises ValueError, with what is allowed, for anything else.
    """
    relative, own, absolute = WantedHalfWidths().relative, {}, {}
    for text in texts:
        measure, sign, figure = text.rpartition("=")
        try:
            value = float(figure.removesuffix("%")) / (100 if figure.endswith("%") else 1)
        except ValueError:
            value = float("nan")
        plain = not sign and not figure.endswith("%")
        if not (0 < value < float("inf")) or plain or (sign and not measure):
            raise ValueError(
                Sentence(
                    "{text}: a half-width is 5%, measure=5% or measure=1.5 (in the measure's unit), above 0", text=text
                )
            )
        if not sign:
            relative = value
        elif figure.endswith("%"):
            own[measure] = value
        else:
            absolute[measure] = value
    return WantedHalfWidths(relative, own, absolute)


def half_width(values: Floats) -> float:
    """Half the width of the 95 % t interval of a mean; infinite below two values."""
    n = len(values)
    if n < 2:
        return float("inf")
    return float(t_half_width(values.std(ddof=1), n))


def replications_needed(deviation: float, wanted_half_width: float) -> float:
    """The smallest n >= 2 with t(n - 1) deviation / sqrt(n) <= wanted; infinite above ``MOST``."""
    low, high = 2, MOST
    if t_half_width(deviation, high) > wanted_half_width:
        return float("inf")
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if t_half_width(deviation, middle) <= wanted_half_width else (middle + 1, high)
    return float(low)


def precision(measures: pd.DataFrame, baseline: str, chosen: Collection[str], want: WantedHalfWidths) -> pd.DataFrame:
    """Precision of the change of whole-region measures, one row a measure and scenario.

    ``measures``: tidy measures of a study; the runs with effect sizes at low and high are left out. ``n`` pairs of
    replications; ``change`` and ``half_width`` of the paired differences; ``wanted`` half-width; ``needed`` and
    ``likely_needed`` replications in all (not further ones), NaN where they cannot be told. ``variance_reduction``: the
    variance that the difference would have with independent luck (that of the scenario plus that of the baseline) over
    that of the paired difference; replications without pairing would have to be so many times as many.
    Raises ValueError if the baseline has no runs or a measure in ``chosen`` or ``want`` is unknown.
    """
    rows = measures[(measures["by"] == "all") & (measures["variant"] == "value")]
    if rows[rows["scenario"] == baseline].empty:
        raise ValueError(Sentence("no runs of the baseline {baseline} among the measures", baseline=f"{baseline!r}"))
    for measure in [*chosen, *want.own, *want.absolute]:
        if measure not in set(rows["measure"]):
            raise ValueError(
                Sentence(
                    "no measure {measure} of the whole region; docs/generated/measures.md has them all",
                    measure=f"{measure!r}",
                )
            )
    out = []
    for measure in dict.fromkeys([*chosen, *want.own, *want.absolute]):
        here = rows[rows["measure"] == measure]
        table = here.pivot(index="replication", columns="scenario", values="value")
        unit = str(here["unit"].iloc[0])
        for scenario in here["scenario"].unique():
            if scenario != baseline:
                pairs = table[[baseline, scenario]].dropna().to_numpy(dtype=np.float64)
                out.append({"scenario": scenario, "measure": measure, "unit": unit, **_row(measure, pairs, want)})
    return pd.DataFrame(out, columns=COLUMNS)


def _row(measure: str, pairs: Floats, want: WantedHalfWidths) -> dict[str, float | str]:
    """What [n, 2] values of baseline and scenario say of the precision of their difference."""
    n, change = len(pairs), change_of(pairs[:, 1], pairs[:, 0])
    if n < 2:
        mean = change.mean() if n else np.nan
        return {"n": n, "baseline": pairs[:, 0].mean() if n else np.nan, "change": mean, "note": TOO_FEW}
    wide = want.of(measure, pairs[:, 0])
    paired, apart = float(change.var(ddof=1)), float(pairs.var(axis=0, ddof=1).sum())
    same = paired <= (ROUNDING * float(np.abs(pairs).max())) ** 2
    known = not np.isnan(wide)
    deviation = 0.0 if same else paired**0.5
    return {
        "n": n,
        "baseline": float(pairs[:, 0].mean()),
        "change": float(change.mean()),
        "half_width": 0.0 if same else half_width(change),
        "wanted": wide,
        "needed": replications_needed(deviation, wide) if known else np.nan,
        "likely_needed": replications_needed(upper_deviation(deviation, n, ASSURANCE), wide) if known else np.nan,
        "variance_reduction": (np.inf if apart > 0 else np.nan) if same else apart / paired,
        "note": IDENTICAL if same else "" if known else NEAR_ZERO,
    }


__all__ = ["WantedHalfWidths", "half_width", "precision", "replications_needed", "wanted_half_widths"]
