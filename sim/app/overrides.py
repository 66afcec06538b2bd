"""What commands of a study are given: keys with values, and scenario files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Overrides = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[KEY=VALUE | FILE.yaml]...",
        help="Keys of the study, as study=vgr_first replications=8 scenarios=[baseline,near_care] workers=2 seed=7 "
        "results=some/folder; or scenario files that join the study.",
    ),
]


def split(given: list[str] | None) -> tuple[list[str], list[Path]]:
    """Overrides, and scenario files."""
    files = [Path(text) for text in given or [] if text.endswith((".yaml", ".yml")) and "=" not in text]
    return [text for text in given or [] if Path(text) not in files], files


__all__ = ["Overrides", "split"]
