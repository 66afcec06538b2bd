"""What is refused before anything is written."""

from __future__ import annotations

from sim.config.errors import ConfigErrors


class NothingWritten(ConfigErrors):
    """All that keeps an export from being written; its text is one line a problem."""

    def __str__(self) -> str:
        return "\n".join(["Nothing was written.", *(f"  {problem}" for problem in self.problems)])


__all__ = ["NothingWritten"]
