"""Which engine computes a run. Both write the same contacts; a result never depends on the choice."""

from __future__ import annotations

import pickle
import shutil
import sys
import warnings
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import chdir, suppress
from importlib import import_module
from pathlib import Path
from threading import Thread
from typing import Literal

from sim.engines.audit.tally import Tally
from sim.model.tables import Contacts, Episodes, Model

Engine = Literal["simpy", "compiled"]
Choice = Literal["auto", "simpy", "compiled"]
Simulate = Callable[[Model, Episodes], tuple[Contacts, Tally]]


class NoCompiledEngine(RuntimeError):
    """The compiled engine was asked for, and numba does not work here."""


def simulator(engine: Engine) -> Simulate:
    """An engine: what it makes of a model and its episodes, and what it counted meanwhile. Nothing is checked here."""
    if engine == "compiled":
        load_numba()
        from sim.engines.compiled.numba_engine import simulate as compiled  # noqa: PLC0415  # numba is slow to import

        return compiled
    from sim.engines.reference.simpy_engine import simulate as simpy  # noqa: PLC0415

    return simpy


def choose(choice: Choice, model: Model) -> Engine:
    """The engine for a choice, ready to run: ``auto`` is the compiled one where numba works here, else SimPy's.

    The first time on a machine, the loop is compiled (half a minute, and a minute more for the first model with more
    than plain queues). Warns where ``auto`` must do without numba; raises ``NoCompiledEngine`` if ``compiled`` was
    asked for.
    """
    if choice == "simpy":
        return "simpy"
    try:
        _make_ready(model)
    except Exception as error:
        reason = f"numba does not work here ({f'{type(error).__name__}: {error}'.splitlines()[0]})"
        if choice == "compiled":
            raise NoCompiledEngine(f"{reason}; engine=auto or engine=simpy computes the same with SimPy") from error
        warnings.warn(f"{reason}; the SimPy engine computes the same, slower", stacklevel=2)
        return "simpy"
    return "compiled"


def choose_meanwhile(choice: Choice, model: Model) -> Future[Engine]:
    """What ``choose`` gives, or raises, from a thread of its own: its caller may do other things meanwhile."""
    engine: Future[Engine] = Future()
    if choice != "simpy":
        with suppress(Exception):  # ``choose`` meets it again and says what follows
            load_numba()  # here: it changes the working folder for a moment, which all threads share

    def make() -> None:
        try:
            engine.set_result(choose(choice, model))
        except BaseException as error:  # whoever asks for the result has it raised
            engine.set_exception(error)

    Thread(target=make, daemon=True, name="making the engine ready").start()
    return engine


def _make_ready(model: Model) -> None:
    """Loads or compiles the loop. Kept machine code that cannot be read, as after a full disk, is made anew."""
    load_numba()
    from sim.engines.compiled.jit import cache_folder  # noqa: PLC0415
    from sim.engines.compiled.numba_engine import warm  # noqa: PLC0415

    try:
        warm(model)
    except (EOFError, pickle.UnpicklingError):
        shutil.rmtree(cache_folder(), ignore_errors=True)
        warm(model)


def load_numba() -> None:
    """Imports numba from where no ``.numba_config.yaml`` lies: what is in the working folder orders nothing."""
    if "numba" not in sys.modules:
        with chdir(Path(__file__).parent):
            import_module("numba")


__all__ = ["Choice", "Engine", "NoCompiledEngine", "Simulate", "choose", "choose_meanwhile", "load_numba", "simulator"]
