"""What a description is about, and how it writes tables and lists."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sim.compile import compile_scenario
from sim.config.world import World, resolved
from sim.model.tables import Model
from sim.report.language import Language
from sim.report.names import Names


@dataclass(frozen=True)
class Subject:
    """A study, and the manifest of its results if it has been run."""

    world: World
    manifest: dict[str, Any] | None = None

    @cached_property
    def language(self) -> Language:
        """English."""
        return Language("en")

    @cached_property
    def config(self) -> dict[str, Any]:
        """The configuration as plain data."""
        return resolved(self.world)

    @cached_property
    def names(self) -> Names:
        """What things are called."""
        return Names(self.config, self.language)

    @cached_property
    def model(self) -> Model:
        """The compiled baseline."""
        return compile_scenario(self.world, self.world.study.scenarios[0])


__all__ = ["Subject"]
