"""Markdown that the program writes: tables, lists, numbers, and pages of which each region has a part."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sim.results.files import write_text

PARTS = re.compile(r"^(?=## )", re.MULTILINE)


def put_part(made: str, path: Path, introduction: str) -> None:
    """As ``write_part``, on a page with another introduction."""
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    kept = {heading(part): part for part in PARTS.split(text)[1:]}
    kept[heading(made)] = made
    body = "\n".join(kept[key].strip() + "\n" for key in sorted(kept, key=lambda k: (k == "Behaviour", k)))
    write_text(path, f"{introduction}\n{body}")


def heading(part: str) -> str:
    """Title of a part of the page."""
    return part.splitlines()[0].removeprefix("## ")


def markdown(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table."""
    return "\n".join("| " + " | ".join(row) + " |" for row in (heads, ["---"] * len(heads), *rows)) + "\n"


def _absent(value: Any) -> bool:
    return bool(pd.isna(value))


def number(value: float) -> str:
    """A figure as people read it: four digits that count, thousands apart."""
    if _absent(value):
        return "–"
    digits = 0 if value == 0 else max(3 - int(np.floor(np.log10(abs(value)))), 0)
    return f"{value:,.{min(digits, 4)}f}"


def paragraphs(*texts: str) -> str:
    """Texts that are not empty, each a paragraph."""
    return "\n\n".join(text for text in texts if text)


def bullets(lines: Iterable[str]) -> str:
    """A list."""
    return "\n".join(f"- {line}" for line in lines)


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table; nothing without rows."""
    lines = [f"| {' | '.join(_cell(c) for c in row)} |" for row in rows]
    if not lines:
        return ""
    return "\n".join([f"| {' | '.join(head)} |", f"|{'---|' * len(head)}", *lines])


def _cell(value: object) -> str:
    return str(value).replace("|", "\\|").replace("\n", " ").strip()
