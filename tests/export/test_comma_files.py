"""Tables for spreadsheets: as Swedes write numbers, or as the English do."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from reports import writer

from sim.export.comma_files import write_tables
from sim.export.sheet_cells import Amount, plain_text
from sim.report.language import Code
from sim.results.read import Results

SIGNS: dict[Code, tuple[str, str]] = {"sv": (";", ","), "en": (",", ".")}


@pytest.mark.parametrize("code", SIGNS)
def test_the_headlines_can_be_read_back_in_the_manner_of_the_language(
    results: Results, tmp_path: Path, code: Code
) -> None:
    headlines, _ = write_tables(results, writer(results, code), tmp_path, "x")
    assert headlines.read_bytes().startswith(b"\xef\xbb\xbf"), "the mark by which Excel knows UTF-8"
    between, point = SIGNS[code]
    with headlines.open(encoding="utf-8-sig", newline="") as file:
        heads, *rows = csv.reader(file, delimiter=between)
    assert len(rows) % 3 == 0 and len(rows) > 20, "three scenarios"
    assert {len(row) for row in rows} == {len(heads)}
    visits = [row for row in rows if row[1] in ("Besök på akutmottagningar", "Visits to emergency rooms")]
    table = results.comparison
    true = table[(table["measure"] == "er_arrivals_per_day") & (table["by"] == "all")]
    assert len(visits) == len(true) == 3
    for text, value in zip((row[4] for row in visits), true["baseline"], strict=True):
        assert point in text and float(text.replace(point, ".")) == pytest.approx(value, abs=0.005)


@pytest.mark.parametrize("code", SIGNS)
def test_the_measures_lose_no_bit(results: Results, tmp_path: Path, code: Code) -> None:
    _, measures = write_tables(results, writer(results, code), tmp_path, "x")
    between, point = SIGNS[code]
    back = pd.read_csv(measures, sep=between, encoding="utf-8-sig", keep_default_na=False, dtype=str)
    assert list(back.columns) == list(results.measures.columns)
    for name in ("value", "early", "late"):
        numbers = [float(text.replace(point, ".")) if text else float("nan") for text in back[name]]
        np.testing.assert_array_equal(numbers, results.measures[name])
        assert not any({",": ".", ".": ","}[point] in text for text in back[name])
    assert back["group"].tolist() == results.measures["group"].fillna("").tolist()


def test_no_text_is_a_formula(results: Results, tmp_path: Path) -> None:
    for code, label in (("sv", "'=SUMMA(A1:A9)"), ("en", "'@SUM(A1:A9)")):
        headlines, measures = write_tables(results, writer(results, code), tmp_path, code)  # type: ignore[arg-type]
        between = SIGNS[code][0]  # type: ignore[index]
        assert label in headlines.read_text("utf-8-sig")
        for path in (headlines, measures):
            with path.open(encoding="utf-8-sig", newline="") as file:
                cells = {cell for row in csv.reader(file, delimiter=between) for cell in row}
            numbers = {
                cell
                for cell in cells
                if cell[:1] == "-"
                and cell[1:].replace(",", "").replace(".", "").replace("e", "").replace("-", "").isdigit()
            }
            assert {cell for cell in cells - numbers if cell.startswith(("=", "+", "-", "@"))} == set()


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\t=1"])
def test_what_a_spreadsheet_would_compute_stands_behind_an_apostrophe(text: str) -> None:
    assert plain_text(text) == f"'{text}"
    assert plain_text(f"a{text}") == f"a{text}"


def test_an_amount_has_the_format_of_what_it_is() -> None:
    forms = [Amount(1, 0).form, Amount(1, 2).form, Amount(0.1, 1, percent=True).form, Amount(1, 1, signed=True).form]
    assert forms == ["#,##0", "#,##0.00", "0.0%", "+#,##0.0;-#,##0.0;#,##0.0"]
    assert Amount(float("nan")).is_empty and not Amount(0.0).is_empty
