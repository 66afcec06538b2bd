"""The 24 items of STRESS-DES, by number and name.

Monks T, Currie CSM, Onggo BS, Robinson S, Kunc M, Taylor SJE. Strengthening the reporting of empirical simulation
studies: introducing the STRESS guidelines. Journal of Simulation 2019; 13(1): 55-67. doi:10.1080/17477778.2018.1442155
"""

from __future__ import annotations

CHECKLIST: dict[str, dict[str, str]] = {
    "Objectives": {
        "1.1": "Purpose of the model",
        "1.2": "Model outputs",
        "1.3": "Experimentation aims",
    },
    "Logic": {
        "2.1": "Base model overview diagram",
        "2.2": "Base model logic",
        "2.3": "Scenario logic",
        "2.4": "Algorithms",
        "2.5.1": "Components: entities",
        "2.5.2": "Components: activities",
        "2.5.3": "Components: resources",
        "2.5.4": "Components: queues",
        "2.5.5": "Components: entry/exit points",
    },
    "Data": {
        "3.1": "Data sources",
        "3.2": "Pre-processing",
        "3.3": "Input parameters",
        "3.4": "Assumptions",
    },
    "Experimentation": {
        "4.1": "Initialisation",
        "4.2": "Run length",
        "4.3": "Estimation approach",
    },
    "Implementation": {
        "5.1": "Software or programming language",
        "5.2": "Random sampling",
        "5.3": "Model execution",
        "5.4": "System specification",
    },
    "Code access": {
        "6.1": "Computer model sharing statement",
    },
}

__all__ = ["CHECKLIST"]
