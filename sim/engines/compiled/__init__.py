"""The compiled engine's parts; importing them keeps their machine code in the cache folder."""

from sim.engines.compiled.jit import caching

with caching():
    from sim.engines.compiled.loop import run

__all__ = ["run"]
