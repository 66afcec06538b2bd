"""How far a study has come, and how long it will take: a bar in a terminal or notebook, lines elsewhere."""

from __future__ import annotations

from types import TracebackType

from rich import get_console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
from rich.progress import Progress as Bar


class Progress:
    """Counts runs. ``shown`` False: counts in silence."""

    def __init__(self, total: int, workers: int, shown: bool) -> None:
        self.total, self.workers, self.shown = total, max(workers, 1), shown
        self.past, self.computed, self.seconds = 0, 0, 0.0
        said, left = TextColumn("{task.description}"), TextColumn("{task.fields[left]}")
        console = get_console()
        self.live = shown and (console.is_terminal or console.is_jupyter)
        self.bar = Bar(said, BarColumn(), MofNCompleteColumn(), left, disable=not self.live)
        self.task = self.bar.add_task("compiling", total=total, left="")

    def __enter__(self) -> Progress:
        self.bar.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.bar.stop()

    def tell(self, text: str) -> None:
        """What is going on before the runs."""
        self.bar.update(self.task, description=text)

    def begin(self, missing: int) -> None:
        """Runs that are to be computed; the others are there already."""
        self.past = self.total - missing
        self._show(f"{self.past} of {self.total} runs are there already" if self.past else "running")

    def advance(self, run: str, seconds: float, failed: bool) -> None:
        """A run that was computed."""
        self.past += 1
        self.computed += 1
        self.seconds += seconds
        self._show(f"{run}: failed" if failed else f"{run}: {seconds:.0f} s")

    def left(self) -> str:
        """Time left, from the mean of the runs so far."""
        if not self.computed:
            return ""
        rest = (self.total - self.past) * self.seconds / self.computed / self.workers
        return f"{rest / 60:.0f} min left" if rest >= 90 else f"{rest:.0f} s left"

    def _show(self, text: str) -> None:
        self.bar.update(self.task, completed=self.past, description=text, left=self.left())
        if self.shown and not self.live:
            get_console().print(f"{self.past}/{self.total} {text} {self.left()}".rstrip(), highlight=False)


__all__ = ["Progress"]
