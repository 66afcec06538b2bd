"""Markdown that the program writes: tables, lists, and pages of which each region has a part."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from sim.results.files import write_text

PARTS = re.compile(r"^(?=## )", re.MULTILINE)


def put_part(part: str, path: Path, introduction: str) -> None:
    """As ``write_part``, on a page with another introduction."""
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    parts = {heading(old): old for old in PARTS.split(text)[1:]}
    parts[heading(part)] = part
    body = "\n".join(parts[key].strip() + "\n" for key in sorted(parts))
    write_text(path, f"{introduction}\n{body}")


def heading(part: str) -> str:
    """Title of a part of the page."""
    return part.splitlines()[0].removeprefix("## ")


def paragraphs(*texts: str) -> str:
    """Texts that are not empty, each a paragraph."""
    return "\n\n".join(text for text in texts if text)


def bullets(lines: Iterable[str]) -> str:
    """A list."""
    return "\n".join(f"- {line}" for line in lines)


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table; nothing without rows."""
    lines = [[_cell(cell) for cell in row] for row in rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in (head, ["---"] * len(head), *lines)) if lines else ""


def _cell(value: object) -> str:
    return str(value).replace("|", "\\|").replace("\n", " ").strip()
