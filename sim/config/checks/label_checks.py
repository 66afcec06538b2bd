"""Scenarios that a reader could not tell apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sim.config.errors import Problem
from sim.config.reading.parts import ScenarioFile
from sim.config.schema.scenario import Scenario
from sim.config.sentence import Sentence


def check_labels(files: Mapping[str, ScenarioFile], scenarios: Mapping[str, Scenario]) -> Iterator[Problem]:
    """A problem for each scenario whose label another scenario of the study has already, in either language."""
    for language in ("sv", "en"):
        first: dict[str, str] = {}
        for name, scenario in scenarios.items():
            label = str(getattr(scenario.label, language))
            if label in first:
                text = Sentence("is the label of {other} too: a report could not tell them apart", other=first[label])
                yield Problem(files[name].file, f"label.{language}", label, text)
            first.setdefault(label, name)


__all__ = ["check_labels"]
