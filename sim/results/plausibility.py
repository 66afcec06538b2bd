"""Whether a baseline is near enough to what is published for the changes of scenarios to be told.

A model that is far from what there is tells nothing of what there would be (face validity before experimentation;
Sargent 2013, J Simul 7:12, doi:10.1057/jos.2012.20). Judged are the totals of a whole region on which both questions
rest; how far is too far is our choice.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NamedTuple

import pandas as pd

from sim.results.published import VALIDATION
from sim.results.read import Results

ALWAYS, PLAUSIBLE = "always", "plausible"  # when effects are told
TOTALS = ("er_visits_per_year", "admissions_per_1000_year_adjusted", "primary_care_visits_per_1000_year_adjusted")
FAR = 3 + 1e-9  # tolerances of a published total


class Miss(NamedTuple):
    """A published total that a baseline is far off."""

    target: str
    deviation: float  # simulated / published - 1
    tolerance: float


def missed_totals(results: Results) -> list[Miss]:
    """The published totals of the whole region that the baseline misses by more than three tolerances.

    None where a study's baseline has levers, or the people of another year: no figure is published of such a world.
    """
    path = results.folder / VALIDATION
    if _is_another_world(results.config) or not path.is_file():
        return []
    table = pd.read_csv(path, usecols=["target", "measure", "by", "deviation", "tolerance"])
    judged = table[(table["by"] == "all") & table["measure"].isin(TOTALS) & table["tolerance"].notna()]
    far = judged[judged["deviation"].abs() > FAR * judged["tolerance"]]
    return [Miss(*row) for row in far[["target", "deviation", "tolerance"]].itertuples(index=False)]


def _is_another_world(config: dict[str, Any]) -> bool:
    study = config["study"]
    return bool(study.get("people_year") or config["scenarios"][study["scenarios"][0]].get("levers"))


def tellable(results: Results) -> Results:
    """What of a study may be told: all of it, or the baseline alone where it misses a total by far.

    All of it too where the study was started, or is read, with ``effects=always``.
    """
    if results.config["execution"].get("effects") == ALWAYS or not missed_totals(results):
        return results
    baseline = results.config["study"]["scenarios"][0]
    return replace(
        results,
        measures=results.measures[results.measures["scenario"] == baseline],
        comparison=results.comparison[results.comparison["scenario"] == baseline],
        decomposition=results.decomposition[results.decomposition["scenario"] == baseline],
        config=results.config | {"study": results.config["study"] | {"scenarios": [baseline]}},
        decisive=results.decisive.iloc[:0],
        by_period=results.by_period[results.by_period["scenario"] == baseline],
        timeline=results.timeline.iloc[:0],
    )


def with_effects(results: Results, effects: str) -> Results:
    """The results as if their study had been started with ``effects``."""
    return replace(results, config=results.config | {"execution": results.config["execution"] | {"effects": effects}})


__all__ = ["ALWAYS", "PLAUSIBLE", "Miss", "missed_totals", "tellable", "with_effects"]
