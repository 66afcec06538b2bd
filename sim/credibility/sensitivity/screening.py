"""Morris' method: many figures varied one at a time along random paths, all with the same luck."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import metadata
from typing import Any

import numpy as np
import pandas as pd
from SALib.analyze import morris as analysis
from SALib.sample import morris as design

from sim.config.uncertain_figures import UncertainFigure, Unreached, round_off, unreached
from sim.config.world import World
from sim.credibility.sensitivity.ranges import OUTCOMES, Ranges, outcomes, ranges
from sim.credibility.simulated_figures import Floats, SimulatedFigures
from sim.study.progress import Listener
from sim.study.progress_bar import watch
from sim.study.store import code_hash

LEVELS = 4
RESAMPLES = 1000
LUCK_RUNS = 4  # replications of the baseline, to tell what luck alone does
ONE_WAY = 0.9  # |mu| over mu* from which the effects count as going one way


@dataclass(frozen=True)
class Screening:
    """What a screening found.

    ``table``: one row for each outcome and varied figure, the one that matters most first within each outcome; its
    columns are told in docs/generated/sensitivity.md. ``seconds``: how long it took, without what was there already.
    """

    world: World
    table: pd.DataFrame
    unreached: list[Unreached]
    seconds: float


def screen(plain: World, trajectories: int, progress: bool | Listener = True) -> Screening:
    """Screens the baseline of a world that was loaded without factors.

    Every evaluation is stored as it is done, so that what is interrupted goes on, and a screening with more
    trajectories computes only those. Raises ConfigErrors if too little has a range, StudyLocked if another screening of
    the region is at work.
    """
    started = time.perf_counter()
    spans = ranges(plain)
    points = paths(len(spans.varied), trajectories, plain.study.seed)
    with watch(progress) as listener:
        figures = outcomes(spans, listener)
        with figures.locked("sensitivity"):
            nowhere = spans.values(np.full(len(spans.varied), np.nan))
            base = figures.at([nowhere], "the baseline", LUCK_RUNS)[0]
            outcome_means = figures.at([spans.values(shares) for shares in points], "along the paths").mean(axis=2)
    effects = [_effects(spans, points, outcome_means[:, i], name, base[i]) for i, name in enumerate(OUTCOMES)]
    table = pd.concat(effects, ignore_index=True).assign(**_provenance(figures, trajectories))
    return Screening(plain, table, unreached(plain), time.perf_counter() - started)


def paths(figures: int, trajectories: int, seed: int) -> Floats:
    """[trajectories x (figures + 1), figures] shares of ranges; each row changes one figure of the row before.

    With the same seed, more trajectories begin with the same ones. Morris 1991, Technometrics 33, by SALib.
    """
    points: Floats = design.sample(_problem(figures), trajectories, num_levels=LEVELS, seed=seed)
    return points


def _problem(figures: int) -> dict[str, Any]:
    names = [str(i) for i in range(figures)]
    return {"num_vars": figures, "names": names, "bounds": [[0.0, 1.0]] * figures}


def _effects(spans: Ranges, points: Floats, outcome: Floats, name: str, base: Floats) -> pd.DataFrame:
    """The varied figures by how much they matter for one outcome."""
    analysed = analysis.analyze(
        _problem(points.shape[1]),
        points,
        outcome,
        num_levels=LEVELS,
        num_resamples=RESAMPLES,
        seed=spans.world.study.seed,
    )
    table = pd.DataFrame([_row(one) for one in spans.varied])
    for column in ("mu_star", "mu_star_conf", "sigma", "mu"):
        table[column] = np.asarray(analysed[column], dtype=np.float64)
    table["sign"] = [_sign(mu, size) for mu, size in zip(table["mu"], table["mu_star"], strict=True)]
    table = table.sort_values(["mu_star", "parameter"], ascending=[False, True], ignore_index=True)
    table.insert(0, "outcome", name)
    table.insert(1, "about", OUTCOMES[name])
    table.insert(2, "rank", np.arange(1, len(table) + 1))
    table = table.assign(baseline=base[: spans.world.study.replications].mean(), luck_sd=base.std(ddof=1))
    numbers = table.select_dtypes("float").columns
    table[numbers] = table[numbers].map(round_off)  # so that the page and the file round the same numbers
    return table


def _row(one: UncertainFigure) -> dict[str, Any]:
    return {
        "parameter": one.name,
        "kind": one.kind,
        "sv": one.label.sv,
        "en": one.label.en,
        "value": one.value,
        "low": one.low,
        "high": one.high,
        "source": one.source,
        "quality": one.quality,
    }


def _sign(mu: float, size: float) -> str:
    """Which way the outcome goes when the figure is raised; both: it depends on the other figures, or on luck."""
    if size == 0:
        return "none"
    if abs(mu) < ONE_WAY * size:
        return "both"
    return "up" if mu > 0 else "down"


def _provenance(simulated: SimulatedFigures, trajectories: int) -> dict[str, Any]:
    study, fitted = simulated.world.study, simulated.world.region.fitted
    in_force = fitted is not None and fitted.care == study.care
    return {
        "care": study.care,
        "fitted": fitted.run.written.isoformat() if fitted is not None and in_force else "",
        "written": datetime.now(UTC).date().isoformat(),
        "version": metadata.version("careshift"),
        "code": code_hash()[:16],
        "seed": simulated.seed,
        "start": study.start.isoformat(),
        "end": study.end.isoformat(),
        "warm_up_days": study.warm_up_days,
        "replications": simulated.replications,
        "trajectories": trajectories,
        "levels": LEVELS,
    }


__all__ = ["LUCK_RUNS", "Screening", "paths", "screen"]
