"""Tables in a terminal, all of one look."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from rich.table import Table
from rich.text import Text

from sim.report.terminal_language import terminal_language


def terminal_table(heads: Sequence[str], left: Collection[str] = (), title: str | None = None) -> Table:
    """An empty table without lines: the first column and those in ``left`` are words, all others figures."""
    table = Table(title=title, title_justify="left", box=None, padding=(0, 1, 0, 0), pad_edge=False)
    for i, head in enumerate(heads):
        table.add_column(head, justify="left" if i == 0 or head in left else "right")
    return table


def translated_table(heads: Sequence[str], left: Collection[str] = (), title: str | None = None) -> Table:
    """An empty table whose heads are told in the terminal's language; ``left`` names them in English."""
    translate = terminal_language().translate
    return terminal_table([_head(head, translate) for head in heads], [_head(h, translate) for h in left], title)


def _head(head: str, translate: Callable[[str], str]) -> str:
    return translate(head) if head else ""


def heading(text: str) -> Text:
    """A cell that heads the rows below it."""
    return Text(text, style="bold")


__all__ = ["heading", "terminal_table", "translated_table"]
