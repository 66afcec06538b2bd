"""The command that writes results for other programs. No logic here."""

from __future__ import annotations

import typer

commands = typer.Typer()

__all__ = ["commands"]
