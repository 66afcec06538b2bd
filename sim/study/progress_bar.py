"""The listener for people: a bar in a terminal or a notebook, lines elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from html import escape
from importlib import import_module
from typing import Any

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from sim.config.sentence import Sentence, as_sentence
from sim.study.console import own_console, own_voice
from sim.study.progress import (
    Event,
    Finished,
    JobDone,
    JobFailed,
    Listener,
    Message,
    RunDamaged,
    Started,
    WorkerKilled,
    silence,
)


class ProgressBar:
    """Shows each event; as lines where the console is no terminal."""

    def __init__(self) -> None:
        console = own_console()
        self.live = console.is_terminal
        description, time_left = (
            TextColumn(text, markup=False) for text in ("{task.description}", "{task.fields[left]}")
        )
        columns = (description, BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), time_left)
        self.bar = Progress(*columns, disable=not self.live, console=console)
        self.task = self.bar.add_task("", total=None, left="")
        self.text = ""

    def __call__(self, event: Event) -> None:
        """Shows one event."""
        self.text = _text(event) or self.text
        if self.live and isinstance(event, RunDamaged):
            own_console().print(self.text, highlight=False)  # stays above the bar
        elif self.live:
            self.bar.update(
                self.task, completed=event.done, total=event.total, description=self.text, left=_time_left(event)
            )
        elif not isinstance(event, Finished):
            line = f"{event.done}/{event.total} {self.text} {_time_left(event)}"
            own_console().print(line.rstrip(), highlight=False)


class NotebookBar:
    """Shows each event in one output of a cell, which stays as one line; takes nothing but the notebook itself."""

    def __init__(self) -> None:
        self.text = ""
        self.output: Any = None

    def __call__(self, event: Event) -> None:
        """Shows one event."""
        self.text = "" if isinstance(event, Finished) else _text(event) or self.text
        display = import_module("IPython.display")
        bar = display.HTML(_bar_in_html(event, self.text))
        if self.output is None:
            self.output = display.display(bar, display_id=True)
        else:
            self.output.update(bar)


def _bar_in_html(event: Event, text: str) -> str:
    end = f", {event.failed} failed" if isinstance(event, Finished) and event.failed else ""
    parts = (f"{event.done} of {event.total}{end}", f"{event.seconds:.0f} s", _time_left(event), text)
    line = " · ".join(part for part in parts if part)
    return f'<progress value="{event.done}" max="{event.total or 1}"></progress> <small>{escape(line)}</small>'


@contextmanager
def watch(progress: bool | Listener) -> Iterator[Listener]:
    """The listener that was asked for: True for the bar, False for silence, or one's own."""
    if progress is True:
        bar = NotebookBar() if own_console().is_jupyter else ProgressBar()
        with bar.bar if isinstance(bar, ProgressBar) else nullcontext():
            yield bar
    else:
        yield progress or silence


def _text(event: Event) -> str:
    say = own_voice().say
    match event:
        case JobDone():
            return f"{event.name}: {event.job_s:.0f} s"
        case JobFailed():
            return say(Sentence("{name}: failed", name=event.name))
        case WorkerKilled():
            return say(Sentence("{why}; once more: {names}", why=as_sentence(event.why), names=", ".join(event.names)))
        case RunDamaged():
            why = say(as_sentence(event.why))
            return say(Sentence("{path} is damaged: {why}. It is computed again", path=event.path, why=why))
        case Message():
            return say(as_sentence(event.text))
        case Started(done=0):
            return say(Sentence("running"))
        case Started():
            return say(Sentence("{done} of {total} are there already", done=event.done, total=event.total))
    return ""


def _time_left(event: Event) -> str:
    """Time left, in words."""
    if event.left_s is None:
        return ""
    if event.left_s >= 90:
        return own_voice().say(Sentence("{number} min left", number=f"{event.left_s / 60:.0f}"))
    return own_voice().say(Sentence("{number} s left", number=f"{event.left_s:.0f}"))


__all__ = ["NotebookBar", "ProgressBar", "watch"]
