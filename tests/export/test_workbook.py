"""The workbook: real numbers, headings that stay, text that is never a formula, and what the columns mean."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest
from reports import writer

from sim.export import workbook
from sim.export.nothing_written import NothingWritten
from sim.export.workbook import write_workbook
from sim.report.language import Code
from sim.results.files import sha256
from sim.results.read import Results

N = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
SHEETS: dict[Code, list[str]] = {
    "sv": ["Översikt", "Akutmottagningar", "Kommuner", "Alla jämförelser", "Antaganden", "Om filen"],
    "en": ["Overview", "Emergency rooms", "Municipalities", "All comparisons", "Assumptions", "About this file"],
}


@dataclass(frozen=True)
class Page:
    """A sheet as it stands in the file: cells by row, a number or a text, and the XML."""

    name: str
    rows: list[dict[str, float | str]]
    formats: list[dict[str, str]]
    xml: str


class Book:
    """A workbook, read from its parts."""

    def __init__(self, path: Path) -> None:
        with zipfile.ZipFile(path) as file:
            parts = {name: file.read(name).decode("utf-8") for name in file.namelist() if name.endswith(".xml")}
        shared = [
            "".join(t.text or "" for t in one.iter(f"{N}t")) for one in ET.fromstring(parts["xl/sharedStrings.xml"])
        ]
        names = [one.attrib["name"] for one in ET.fromstring(parts["xl/workbook.xml"]).iter(f"{N}sheet")]
        styles = ET.fromstring(parts["xl/styles.xml"])
        codes = {one.attrib["numFmtId"]: one.attrib["formatCode"] for one in styles.iter(f"{N}numFmt")}
        forms = [codes.get(one.attrib["numFmtId"], "") for one in styles.find(f"{N}cellXfs") or ()]
        self.parts = parts
        self.pages = {
            name: _page(name, parts[f"xl/worksheets/sheet{i}.xml"], shared, forms)
            for i, name in enumerate(names, start=1)
        }


def _page(name: str, xml: str, shared: list[str], forms: list[str]) -> Page:
    rows, formats = [], []
    for row in ET.fromstring(xml).iter(f"{N}row"):
        cells = {re.sub(r"\d", "", one.attrib["r"]): one for one in row}
        rows.append({column: _value(cell, shared) for column, cell in cells.items() if len(cell)})
        formats.append({column: forms[int(cell.attrib.get("s", 0))] for column, cell in cells.items()})
    return Page(name, rows, formats, xml)


def _value(cell: ET.Element, shared: list[str]) -> float | str:
    text = cell.findtext(f"{N}v") or ""
    return shared[int(text)] if cell.attrib.get("t") == "s" else float(text)


@pytest.fixture(scope="module")
def books(results: Results, tmp_path_factory: pytest.TempPathFactory) -> dict[Code, Book]:
    folder = tmp_path_factory.mktemp("books")
    for code in SHEETS:
        write_workbook(folder / f"{code}.xlsx", results, writer(results, code))
    return {code: Book(folder / f"{code}.xlsx") for code in SHEETS}


@pytest.mark.parametrize("code", SHEETS)
def test_there_is_a_sheet_for_each_thing_that_is_asked_for(books: dict[Code, Book], code: Code) -> None:
    assert list(books[code].pages) == SHEETS[code]


@pytest.mark.parametrize("code", SHEETS)
def test_headings_stay_and_filter_and_columns_have_widths(books: dict[Code, Book], code: Code) -> None:
    for name, page in list(books[code].pages.items())[:-1]:
        last = len(page.rows)
        assert '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>' in page.xml, name
        assert re.search(rf'<autoFilter ref="A1:[A-Z]+{last}"/>', page.xml), name
        assert page.xml.count("<col ") > 5, name
        assert last > 1, name


def test_the_overview_says_what_the_comparison_says_in_numbers(books: dict[Code, Book], results: Results) -> None:
    page = books["sv"].pages["Översikt"]
    heads = {str(text): column for column, text in page.rows[0].items()}
    label = results.config["scenarios"]["closed_er"]["label"]["sv"]
    rows = [r for r in page.rows if r["B"] == "Besök på akutmottagningar" and r["D"] == label]
    table = results.comparison
    here = table[
        (table["scenario"] == "closed_er") & (table["measure"] == "er_arrivals_per_day") & (table["by"] == "all")
    ]
    (row,), (true,) = rows, here.to_dict("records")
    for head, column in {
        "Nuläge": "baseline",
        "I scenariot": "mean",
        "Förändring": "change",
        "Slump, från": "low",
    }.items():
        assert row[heads[head]] == pytest.approx(true[column], rel=1e-12), head
    assert row[heads["Förändring, procent"]] == pytest.approx(true["change"] / true["baseline"])
    assert isinstance(row[heads["Slutsats"]], str)


def test_numbers_have_formats_that_each_excel_shows_in_its_own_manner(books: dict[Code, Book]) -> None:
    page = books["sv"].pages["Översikt"]
    used = {form for row in page.formats[1:] for form in row.values() if form}
    assert used
    assert all(re.fullmatch(r"(\+)?(#,##0|0)(\.0+)?%?(;.*)?", form) for form in used), used
    assert "0.0%" in used


def test_a_share_is_in_per_cent_and_its_change_in_points(books: dict[Code, Book], results: Results) -> None:
    page = books["en"].pages["Overview"]
    row = next(r for r in page.rows if r["B"] == "Occupied hospital beds" and "G" in r)
    table = results.comparison
    true = table[(table["measure"] == "bed_occupancy") & (table["by"] == "all")].set_index("scenario")
    scenario = next(s for s in true.index if true.loc[s, "mean"] == pytest.approx(row["F"]))
    assert row["G"] == pytest.approx(100 * true.loc[scenario, "change"])
    assert row["C"] == "%"


def test_every_row_of_the_comparison_is_there(books: dict[Code, Book], results: Results) -> None:
    rows = books["sv"].pages["Alla jämförelser"].rows[1:]
    assert len(rows) == len(results.comparison) > 100
    assert [row["D"] for row in rows] == results.comparison["measure"].tolist()
    assert sum("K" in row for row in rows) == results.comparison["change"].notna().sum()


def test_no_text_is_a_formula_or_a_link(books: dict[Code, Book]) -> None:
    for code, label in (("sv", "=SUMMA(A1:A9)"), ("en", "@SUM(A1:A9)")):
        book = books[code]  # type: ignore[index]
        assert any(label in row.values() for row in book.pages[SHEETS[code][0]].rows), code  # type: ignore[index]
        assert any("=a source" in row.values() for row in book.pages[SHEETS[code][4]].rows), code  # type: ignore[index]
        assert not [name for name, xml in book.parts.items() if "<f>" in xml or "<hyperlink" in xml]


def test_assumptions_are_numbers_with_their_source_and_quality(books: dict[Code, Book]) -> None:
    rows = books["en"].pages["Assumptions"].rows
    row = next(r for r in rows if "=a source" in r.values())
    assert (row["D"], row["E"], row["F"], row["H"], row["I"]) == (1, 1, 2, "D", "=a source")
    assert sum(str(r["A"]).startswith("Care model: ") for r in rows) > 10


def test_the_last_sheet_says_which_study_it_is_and_what_every_column_means(
    books: dict[Code, Book], results: Results
) -> None:
    rows = books["sv"].pages["Om filen"].rows
    facts = {row["A"]: row.get("B") for row in rows if row}
    assert facts["Studie"] == "Liten värld (tiny)"
    assert facts["Kontrollsumma för måtten (SHA-256)"] == sha256(results.folder / "measures.parquet")
    assert "2027" in str(facts["Dagar som mättes"]) and facts["Färdig"]
    for name in SHEETS["sv"][:-1]:
        assert f"Kolumner i ”{name}”" in facts
        assert {head for head in books["sv"].pages[name].rows[0].values() if not facts.get(head)} == set(), name


def test_more_rows_than_a_sheet_holds_are_refused_by_name(
    results: Results, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook, "MOST_ROWS", 100)
    with pytest.raises(NothingWritten, match=r"Alla jämförelser: a workbook's sheet holds 99 rows"):
        write_workbook(tmp_path / "x.xlsx", results, writer(results, "sv"))
    assert not (tmp_path / "x.xlsx").exists()
