"""What a scenario inherits: the levers of others come first; each is merged once, and not too many in a row."""

from __future__ import annotations

from collections.abc import Mapping

from sim.config.errors import Problem
from sim.config.reading.parts import ScenarioFile
from sim.config.reading.switched_off import not_there
from sim.config.schema.scenario import AnyLever, Scenario
from sim.config.sentence import Sentence

DEEPEST = 50  # scenarios that inherit one from another


def merge_inherited(name: str, files: Mapping[str, ScenarioFile], problems: list[Problem]) -> Scenario | None:
    """A scenario with the levers of those it inherits first; its own of the same name replace them."""
    if name not in files:
        return None
    levers = _levers(name, files, [], problems, {})
    return files[name].scenario.model_copy(update={"levers": levers}) if levers is not None else None


def _levers(
    name: str,
    files: Mapping[str, ScenarioFile],
    heirs: list[str],
    problems: list[Problem],
    known: dict[str, dict[str, AnyLever] | None],
) -> dict[str, AnyLever] | None:
    """The levers of a scenario, each inherited one once; ``known``: those of the scenarios that were merged before."""
    if name in known:
        return known[name]
    if len(heirs) > DEEPEST:
        message = Sentence("inherits through more than {number} scenarios, one behind the other", number=DEEPEST)
        problems.append(Problem(files[heirs[0]].file, "inherits", name, message))
        return None
    known[name] = _merged(name, files, heirs, problems, known)
    return known[name]


def _merged(
    name: str,
    files: Mapping[str, ScenarioFile],
    heirs: list[str],
    problems: list[Problem],
    known: dict[str, dict[str, AnyLever] | None],
) -> dict[str, AnyLever] | None:
    if name in heirs:
        circle = " inherits ".join([*heirs[heirs.index(name) :], name])
        problems.append(
            Problem(files[name].file, "inherits", name, Sentence("inheritance in a circle: {circle}", circle=circle))
        )
        return None
    if name not in files:
        return None
    own, off = files[name].scenario.levers, files[name].off
    levers: dict[str, AnyLever] = {}
    for parent in files[name].scenario.inherits:
        inherited = _levers(parent, files, [*heirs, name], problems, known)
        if inherited is None:
            return None
        clashing = [k for k, lever in inherited.items() if k in levers and levers[k] != lever and k not in (*own, *off)]
        problems += [
            Problem(
                files[name].file,
                f"inherits.{parent}",
                k,
                "two inherited scenarios have different levers of this name",
            )
            for k in clashing
        ]
        levers |= inherited
    problems += not_there(off, levers, files[name].file)
    return {key: lever for key, lever in levers.items() if key not in off} | own


__all__ = ["DEEPEST", "merge_inherited"]
