"""The compiled engine: the reference engine's journey, contact for contact, as a loop on arrays."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np

from sim.engines.audit.tally import Tally
from sim.engines.compiled import run
from sim.engines.compiled.layout import State, Status
from sim.engines.compiled.mechanism_state import fitted, mechanisms_of
from sim.engines.compiled.state import TooLarge, enlarged, people_of, state_of, tables_of
from sim.engines.overload import WAITING_LIMIT, overloaded
from sim.model.codes import Ints
from sim.model.tables import CONTACT_COLUMNS, Contacts, Episodes, Model


def simulate(model: Model, episodes: Episodes) -> tuple[Contacts, Tally]:
    """What happens to the episodes: what ``simpy_engine.simulate`` returns, and the same errors.

    Raises ``TooLarge`` for a run beyond its counters.
    """
    state = _run(model, episodes)
    return _contacts(state), _tally(model, state)


def warm(model: Model) -> None:
    """Compiles the loop, or loads it from the cache, by a run without patients. Raises what numba raises."""
    nothing = {f.name: np.empty(0, dtype=np.int64) for f in fields(Episodes) if f.name != "key"}
    _run(replace(model, horizon=0), Episodes(key=np.empty(0, dtype=np.uint64), **nothing))


def _run(model: Model, episodes: Episodes) -> State:
    """A run at its horizon."""
    tables, people = tables_of(model, WAITING_LIMIT), people_of(model, episodes)
    state = state_of(model, tables, people)
    mechanisms = mechanisms_of(model, state)
    while (status := Status(run(tables, people, state, mechanisms))) != Status.OVER:
        if status == Status.OVERLOAD:
            pool = int(state.clock[0]["overloaded"]) - 1
            raise overloaded(model.pools[pool], *(int(state.pools[pool][n]) for n in ("waiting", "starts", "gone")))
        state = enlarged(state, tables, status)
        mechanisms = fitted(mechanisms, state, status)
    return state


def _contacts(state: State) -> Contacts:
    rows = int(state.clock[0]["rows"])
    return Contacts(**{name: state.table[c, :rows] for c, name in enumerate(CONTACT_COLUMNS)})


def _tally(model: Model, state: State) -> Tally:
    """What was counted until the horizon."""
    pools = state.pools
    counted: dict[str, Ints] = {name: pools[name].copy() for name in ("waiting", "users", "starts", "gone")}
    queue_s = pools["queue_s"] + pools["waiting"] * model.horizon
    users_s = pools["users_s"] + pools["users"] * model.horizon
    return Tally(queue_s=queue_s, users_s=users_s, onward=state.onward, unasked=state.unasked, **counted)


__all__ = ["TooLarge", "simulate", "warm"]
