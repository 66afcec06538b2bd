"""Published evidence that is quoted beside the results, since the model does not simulate it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from sim.report.language import Language

FILE = Path(__file__).with_name("quoted_evidence.yaml")


@dataclass(frozen=True)
class Quotation:
    """One finding in words, with where it comes from."""

    text: str
    source: str
    quality: str


def quotations(language: Language, about: str) -> list[Quotation]:
    """What is quoted about ``volume`` or ``distance``."""
    records: dict[str, list[dict[str, Any]]] = yaml.load(FILE.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return [_quotation(language, record) for record in records[about]]


def _quotation(language: Language, record: dict[str, Any]) -> Quotation:
    figures = {k: language.plain(record[k]) for k in ("value", "low", "high") if k in record}
    return Quotation(language.label(record["text"]).format(**figures), record["source"], record["quality"])


__all__ = ["Quotation", "quotations"]
