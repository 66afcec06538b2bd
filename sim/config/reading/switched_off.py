"""Levers that a scenario switches off: ``more_physicians: off`` in the place of a lever."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from sim.config.errors import Problem, unknown
from sim.config.reading.yaml_text import Text

OFF = ("off", "false")  # ``off`` is false to readers of YAML 1.1 that saved the file once more


def is_off(value: object) -> bool:
    """Whether what stands at a lever switches it off."""
    return isinstance(value, str) and value.strip().lower() in OFF


def apart_from_off(data: Mapping[str, Text]) -> tuple[dict[str, Text], list[str]]:
    """A scenario's text without the levers that it switches off, and their names."""
    levers = data.get("levers")
    if not isinstance(levers, dict):
        return dict(data), []
    off = [name for name, lever in levers.items() if is_off(lever)]
    return {**data, "levers": {name: lever for name, lever in levers.items() if name not in off}}, off


def not_there(off: Collection[str], levers: Collection[str], file: str, key: str = "levers") -> Iterator[Problem]:
    """One problem for each lever that is switched off and is none of those that there are."""
    for name in off:
        if name not in levers:
            yield unknown(file, f"{key}.{name}", name, "lever: only one that there is can be switched off", levers)


__all__ = ["apart_from_off", "is_off", "not_there"]
