"""The engines that stories are told to: each must tell the same."""

from __future__ import annotations

import pytest
from stories import Person, Row, episodes, told

from sim.engines.select import Engine, simulator
from sim.model.tables import Model

ENGINES: list[Engine] = ["compiled"]
each_engine = pytest.mark.parametrize("engine", ENGINES)


def happens(
    engine: Engine, model: Model, *people: Person, columns: str = "request start end release outcome"
) -> list[Row]:
    """What happens to the people by an engine: (person, service, site, and the columns), in order of request."""
    return told(model, simulator(engine)(model, episodes(model, people)), columns)


__all__ = ["ENGINES", "each_engine", "happens"]
