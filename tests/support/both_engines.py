"""The engines that stories are told to: each must tell the same."""

from __future__ import annotations

import pytest
from stories import Person, Row, episodes, told

from sim.engines.select import Engine
from sim.model.tables import Model
from sim.simulation import simulate_episodes

ENGINES: list[Engine] = ["compiled", "simpy"]
each_engine = pytest.mark.parametrize("engine", ENGINES)


def happens(
    engine: Engine, model: Model, *people: Person, columns: str = "request start end release outcome"
) -> list[Row]:
    """What happens to the people by an engine: (person, service, site, and the columns), in order of request."""
    return told(model, simulate_episodes(model, episodes(model, people), engine), columns)


__all__ = ["ENGINES", "each_engine", "happens"]
