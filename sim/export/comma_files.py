"""Tables for spreadsheets that read plain text: as Swedes write numbers, or as the English do."""

from __future__ import annotations

import csv
from pathlib import Path

import pandas as pd

from sim.export.headline_sheet import headline_sheet
from sim.export.sheet_cells import Cell, Sheet, plain_text
from sim.report.html.change_cells import Writer
from sim.report.language import Code
from sim.results.files import write_whole
from sim.results.read import Results

SIGNS: dict[Code, tuple[str, str]] = {"sv": (";", ","), "en": (",", ".")}  # between columns, before decimals
ENCODING = "utf-8-sig"  # by the mark in front Excel knows that it is UTF-8


def write_tables(results: Results, writer: Writer, folder: Path, name: str) -> list[Path]:
    """Writes ``<name>_headlines.csv`` (the workbook's overview) and ``<name>_measures.csv`` (all measures, tidy).

    Each whole or not at all.
    """
    code = writer.language.code
    paths = [folder / f"{name}_{what}.csv" for what in ("headlines", "measures")]
    sheet = headline_sheet(writer)
    write_whole(paths[0], lambda path: _write_sheet(path, sheet, code))
    write_whole(paths[1], lambda path: _write_frame(path, results.measures, code))
    return paths


def _write_sheet(path: Path, sheet: Sheet, code: Code) -> None:
    between, point = SIGNS[code]
    with path.open("w", encoding=ENCODING, newline="") as file:
        lines = csv.writer(file, delimiter=between, lineterminator="\r\n")
        lines.writerow([column.name for column in sheet.columns])
        lines.writerows([_text(cell, point) for cell in row] for row in sheet.rows)


def _text(cell: Cell, point: str) -> str:
    if isinstance(cell, str):
        return plain_text(cell)
    if cell.is_empty:
        return ""
    size = 100 * cell.value if cell.percent else cell.value
    return f"{size:.{cell.places}f}".replace(".", point)


def _write_frame(path: Path, frame: pd.DataFrame, code: Code) -> None:
    between, point = SIGNS[code]
    texts = {
        name: frame[name].astype(str).where(frame[name].notna(), "") for name in frame.columns if _is_text(frame[name])
    }
    safe = frame.assign(**{name: _safe(column) for name, column in texts.items()})
    safe.to_csv(path, sep=between, decimal=point, index=False, encoding=ENCODING, lineterminator="\r\n")


def _safe(column: pd.Series) -> pd.Series:
    return column.map({text: plain_text(text) for text in column.unique()})


def _is_text(column: pd.Series) -> bool:
    return not pd.api.types.is_numeric_dtype(column)


__all__ = ["write_tables"]
