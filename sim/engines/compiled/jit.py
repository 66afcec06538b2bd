"""How the compiled engine is compiled, and where the machine code is kept.

Machine code is kept in a folder whose name is a hash of the sources, since numba's cache does not notice an edit in an
imported module. Arrays are allocated by the caller and nothing is counted inside (``_nrt=False``), which makes the loop
several times faster.
"""

from __future__ import annotations

import hashlib
import os
import sys
import warnings
from bisect import bisect_right
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

import numba
from numba import njit
from numba.extending import overload, register_jitable

from sim.model import codes, randomness, rules, tables

HERE = Path(__file__).resolve().parent
SOURCES = (*sorted(HERE.glob("*.py")), *(Path(m.__file__ or "") for m in (codes, randomness, rules, tables)))
JIT: Any = njit  # numba's types do not know _nrt
SETTINGS: Any = numba.config
KEPT = [True]  # whether machine code is kept; False where no folder can be written


def cache_folder() -> Path:
    """Where the machine code of these sources is kept: in NUMBA_CACHE_DIR, or in the user's folder for caches."""
    digest = hashlib.sha256(f"{numba.__version__} {sys.version}".encode())
    for path in SOURCES:
        digest.update(path.read_bytes())
    named = os.environ.get("NUMBA_CACHE_DIR")
    base = Path(named) if named else Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "careshift"
    return base / digest.hexdigest()[:16]


@contextmanager
def caching() -> Iterator[None]:
    """Lets functions that are declared inside keep their machine code in the cache folder.

    Warns, and lets them be compiled anew in each process, if the folder cannot be written.
    """
    before, folder = SETTINGS.CACHE_DIR, None
    try:
        folder = cache_folder()
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=folder):
            SETTINGS.CACHE_DIR = str(folder)
            KEPT[0] = True
    except (OSError, RuntimeError) as error:
        KEPT[0] = False
        told = "the compiled engine cannot keep its machine code and is compiled anew in each process (half a minute)"
        warnings.warn(f"{told}: {folder or 'no home folder'}: {error}; name a folder in NUMBA_CACHE_DIR", stacklevel=3)
    try:
        yield
    finally:
        SETTINGS.CACHE_DIR = before


def compiled(function: Callable[..., Any]) -> Any:
    """Compiles a function that is called from Python."""
    return JIT(cache=KEPT[0], error_model="numpy", _nrt=False)(function)


PART: Any = partial(JIT, error_model="numpy", _nrt=False, no_cpython_wrapper=True, no_cfunc_wrapper=True)

inlined: Callable[[Callable[..., Any]], Any] = partial(PART, forceinline=True)
"""A part of the loop, copied into each place that calls it."""

called: Callable[[Callable[..., Any]], Any] = partial(PART)
"""A part that the optimiser may leave as a function that is called: what happens seldom."""


@overload(bisect_right)
def _bisect_right(a: Any, x: Any, lo: Any = 0, hi: Any = None) -> Any:
    """``bisect`` for arrays, so that ``sim.model.rules`` reads the same in both engines."""
    if isinstance(hi, numba.types.Omitted | numba.types.NoneType) or hi is None:

        def search(a: Any, x: Any, lo: Any = 0, hi: Any = None) -> Any:
            return rules_bisect(a, x, lo, len(a))
    else:

        def search(a: Any, x: Any, lo: Any = 0, hi: Any = None) -> Any:
            return rules_bisect(a, x, lo, hi)

    return search


@register_jitable
def rules_bisect(a: Any, x: Any, lo: Any, hi: Any) -> Any:
    """First place from ``lo`` to ``hi`` whose value is above ``x``."""
    while lo < hi:
        middle = (lo + hi) >> 1
        if x < a[middle]:
            hi = middle
        else:
            lo = middle + 1
    return lo


for _rule in (
    randomness.mix,
    randomness.salt,
    randomness.draw,
    rules.quantile,
    rules.pick,
    rules.remainder,
    rules.phase_of,
    rules.stays,
):
    register_jitable(_rule)

__all__ = ["cache_folder", "caching", "called", "compiled", "inlined"]
