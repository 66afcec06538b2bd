"""One run: demand is drawn, an engine turns it into contacts, measures are read. The face for notebooks."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from sim.demand import draw_episodes
from sim.engines.select import Engine, simulator
from sim.measures import measure
from sim.model.tables import Contacts, Episodes, Model


@dataclass(frozen=True, eq=False)
class Simulation:
    """A model simulated once: who fell ill, every contact, and the measures of it."""

    model: Model
    episodes: Episodes
    contacts: Contacts

    @cached_property
    def measures(self) -> pd.DataFrame:
        """Tidy measures: measure, unit, by, group, value, note."""
        return measure(self.model, self.episodes, self.contacts)


def simulate(model: Model, seed: int, replication: int = 0, engine: Engine = "compiled") -> Simulation:
    """One run of a compiled model.

    The same model, seed and replication give the same contacts by either engine. Raises ``BrokenIdentity`` if the
    contacts are not what the engine counted event by event, or not what the model allows.
    """
    episodes = draw_episodes(model, seed, replication)
    return Simulation(model, episodes, simulator(engine)(model, episodes))


__all__ = ["Simulation", "simulate"]
