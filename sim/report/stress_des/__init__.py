"""A study described by the STRESS-DES checklist, from its configuration and the code; ``careshift describe``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sim.config.world import World
from sim.report.stress_des import components, data, experimentation, implementation, logic, objectives
from sim.report.stress_des.checklist import CHECKLIST
from sim.report.stress_des.subject import Subject

HEAD = """\
# STRESS-DES: {title}

The checklist of Monks T, Currie CSM, Onggo BS, Robinson S, Kunc M and Taylor SJE (Strengthening the reporting of
empirical simulation studies: introducing the STRESS guidelines, Journal of Simulation 2019; 13(1): 55-67,
doi:10.1080/17477778.2018.1442155), filled from the study's configuration and the program's code by
`careshift describe study={name}`. Do not edit it: change the study.
"""
ITEMS: dict[str, Callable[[Subject], str]] = {
    "1.1": objectives.purpose,
    "1.2": objectives.outputs,
    "1.3": objectives.aims,
    "2.1": logic.diagram,
    "2.2": logic.base_logic,
    "2.3": logic.scenario_logic,
    "2.4": logic.algorithms,
    "2.5.1": components.entities,
    "2.5.2": components.activities,
    "2.5.3": components.resources,
    "2.5.4": components.queues,
    "2.5.5": components.entry_and_exit,
    "3.1": data.sources,
    "3.2": data.preprocessing,
    "3.3": data.parameters,
    "3.4": data.assumptions,
    "4.1": experimentation.initialisation,
    "4.2": experimentation.run_length,
    "4.3": experimentation.estimation,
    "5.1": implementation.software,
    "5.2": implementation.sampling,
    "5.3": implementation.execution,
    "5.4": implementation.system,
    "6.1": implementation.sharing,
}


def describe(world: World, manifest: dict[str, Any] | None = None) -> str:
    """The checklist of a study as Markdown, all 24 items; with a run's manifest also its versions and times."""
    subject = Subject(world, manifest)
    parts = [HEAD.format(title=world.study.label.en, name=world.study.name)]
    for section, items in CHECKLIST.items():
        parts.append(f"## {section}\n")
        parts += [f"### {number} {name}\n\n{ITEMS[number](subject).strip()}\n" for number, name in items.items()]
    return "\n".join(parts)


__all__ = ["CHECKLIST", "ITEMS", "describe"]
