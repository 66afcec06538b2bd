"""Where a mistake is that shows only when a scenario is compiled: file and key, as for every other mistake."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from sim.config.errors import ConfigErrors, Problem


@contextmanager
def with_address(file: str, key: str) -> Iterator[None]:
    """Turns a ValueError or a number out of range within into ConfigErrors with this address; an address is kept.

    Raises ConfigErrors. An address without file gets that of the nearest ``addressed`` around it.
    """
    try:
        yield
    except ConfigErrors as errors:
        raise ConfigErrors(replace(p, file=p.file or file, key=p.key or key) for p in errors.problems) from None
    except (ValueError, ArithmeticError) as error:
        raise ConfigErrors([Problem(file, key, "", error.args[0] if error.args else str(error))]) from None


__all__ = ["with_address"]
