"""One run: demand is drawn, an engine turns it into contacts, these are checked, measures are read."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from sim.demand import draw_episodes
from sim.engines.audit.identities import check_identities
from sim.engines.select import Choice, choose, simulator
from sim.measures import measure
from sim.model.tables import Contacts, Episodes, Model


@dataclass(frozen=True, eq=False)
class Simulation:
    """A model simulated once: who fell ill, every contact, and the measures of it.

    ``episodes`` and ``contacts`` are codes and seconds; ``sim.episodes_frame`` and ``sim.contacts_frame`` have names
    and times of the clock.
    """

    model: Model
    episodes: Episodes
    contacts: Contacts

    @cached_property
    def measures(self) -> pd.DataFrame:
        """Tidy measures: measure, unit, by, group, value, note."""
        return measure(self.model, self.episodes, self.contacts)


def simulate(model: Model, seed: int, replication: int = 0, engine: Choice = "auto") -> Simulation:
    """One run of a compiled model.

    The same model, seed and replication give the same contacts by either engine. Raises what ``simulate_episodes``
    raises.
    """
    episodes = draw_episodes(model, seed, replication)
    return Simulation(model, episodes, simulate_episodes(model, episodes, engine))


def simulate_episodes(model: Model, episodes: Episodes, engine: Choice = "auto") -> Contacts:
    """What an engine makes of given episodes: one row a contact, in the order in which they were asked for.

    Raises ``BrokenIdentity`` if the contacts are not what the engine counted event by event, or not what the model
    allows, and ``Overloaded`` if a queue grows without end.
    """
    run = simulator(choose(engine, model) if engine == "auto" else engine)
    contacts, tally = run(model, episodes)
    check_identities(model, episodes, contacts, tally)
    return contacts


__all__ = ["Simulation", "simulate", "simulate_episodes"]
