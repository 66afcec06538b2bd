"""Which engine computes a run. Both write the same contacts; a result never depends on the choice."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Literal

from sim.tables import Contacts, Episodes, Model

Engine = Literal["simpy", "compiled"]
Choice = Literal["auto", "simpy", "compiled"]
Simulate = Callable[[Model, Episodes], Contacts]


def simulator(engine: Engine) -> Simulate:
    """``simulate(model, episodes) -> contacts`` of an engine."""
    if engine == "compiled":
        from sim.engines.numba_engine import simulate as compiled  # noqa: PLC0415  # numba is slow to import

        return compiled
    from sim.engines.simpy_engine import simulate as simpy  # noqa: PLC0415

    return simpy


def choose(choice: Choice, model: Model) -> Engine:
    """The engine for a choice, ready to run: ``auto`` is the compiled one where numba works here, else SimPy's.

    The first time on a machine, the loop is compiled (half a minute). Warns where ``auto`` must do without numba;
    raises what numba raises if ``compiled`` was asked for.
    """
    if choice == "simpy":
        return "simpy"
    try:
        from sim.engines.numba_engine import warm  # noqa: PLC0415

        warm(model)
    except Exception as error:
        if choice == "compiled":
            raise
        told = f"{type(error).__name__}: {error}".splitlines()[0]
        warnings.warn(f"numba does not work here ({told}); the SimPy engine computes the same, slower", stacklevel=2)
        return "simpy"
    return "compiled"


__all__ = ["Choice", "Engine", "Simulate", "choose", "simulator"]
