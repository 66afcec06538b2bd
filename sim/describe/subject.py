"""What a description is about, and how it writes tables and lists."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sim.compile import compile_scenario
from sim.config.world import World, resolved
from sim.report.language import Language
from sim.report.names import Names
from sim.tables import Model


@dataclass(frozen=True)
class Subject:
    """A study, and the manifest of its results if it has been run."""

    world: World
    manifest: dict[str, Any] | None = None

    @cached_property
    def say(self) -> Language:
        """English."""
        return Language("en")

    @cached_property
    def config(self) -> dict[str, Any]:
        """The configuration as plain data."""
        return resolved(self.world)

    @cached_property
    def names(self) -> Names:
        """What things are called."""
        return Names(self.config, self.say)

    @cached_property
    def model(self) -> Model:
        """The compiled baseline."""
        return compile_scenario(self.world, self.world.study.scenarios[0])


def paragraphs(*texts: str) -> str:
    """Texts that are not empty, each a paragraph."""
    return "\n\n".join(text for text in texts if text)


def bullets(lines: Iterable[str]) -> str:
    """A list."""
    return "\n".join(f"- {line}" for line in lines)


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table; nothing without rows."""
    lines = [f"| {' | '.join(_cell(c) for c in row)} |" for row in rows]
    if not lines:
        return ""
    return "\n".join([f"| {' | '.join(head)} |", f"|{'---|' * len(head)}", *lines])


def _cell(value: object) -> str:
    return str(value).replace("|", "\\|").replace("\n", " ").strip()


__all__ = ["Subject", "bullets", "paragraphs", "table"]
