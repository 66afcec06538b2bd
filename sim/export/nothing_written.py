"""What is refused before anything is written."""

from __future__ import annotations

from collections.abc import Callable

from sim.config.errors import ConfigErrors
from sim.config.sentence import Sentence


class NothingWritten(ConfigErrors):
    """All that keeps an export from being written."""

    def in_words(self, say: Callable[[str], str]) -> str:
        """That nothing was written, then one line a problem."""
        head = say(Sentence("Nothing was written."))
        return "\n".join([head, *(f"  {problem.in_words(say)}" for problem in self.problems)])


__all__ = ["NothingWritten"]
