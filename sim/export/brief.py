"""A study as a brief of two pages (.docx): the question, the answer, how sure it is, and what was not simulated."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

from docx import Document
from docx.document import Document as Pages
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from docx.table import _Cell as TableCell

from sim.export.provenance import finished
from sim.export.summary import SIGNS, ScenarioOutcome, cell_text, summary_of
from sim.report.html.change_cells import Cell, Writer
from sim.report.html.figures.style import Picture
from sim.report.language import LOCALES, N_
from sim.results.read import Results

MARGIN, BODY, SMALL = 2.0, 10, 8  # cm, points
WIDTHS = 4.6, 4.3, 4.3, 3.8  # cm
PICTURE = 13.0  # cm
CHANGE = N_("Change from “{baseline}”; in brackets the 95 % interval of chance.")


def write_brief(path: Path, results: Results, writer: Writer) -> None:
    """Writes the brief; with many scenarios it may take more than two pages."""
    summary, translate = summary_of(results, writer), writer.language.translate
    pages = _pages(LOCALES[writer.language.code].replace("_", "-"))
    pages.add_heading(translate(N_("Basis for decision: {study}"), study=summary.title), 0)
    _small(pages, summary.place)
    _section(pages, translate(N_("The question")), [summary.question])
    _section(pages, translate(N_("The answer")), [*summary.answer, *summary.cautions])
    pages.add_heading(translate(N_("The most important outcomes")), 1)
    _table(pages, [translate(N_("Scenario")), *summary.heads], summary.outcomes)
    _small(pages, f"{translate(CHANGE, baseline=summary.baseline)} {translate(SIGNS)}")
    if summary.plane is not None:
        _picture(pages, summary.plane)
    _section(pages, translate(N_("How sure is it?")), summary.sureness)
    _list(pages, translate(N_("What was assumed?")), summary.assumed)
    _list(
        pages, translate(N_("What was not simulated?")), ["; ".join(summary.left_out) + "."] if summary.left_out else []
    )
    _section(pages, translate(N_("How this was made")), summary.making)
    about = pages.core_properties
    about.title, about.author, about.comments = summary.title, "careshift", ""
    about.created = about.modified = finished(results)
    pages.save(str(path))


def _pages(spelling: str) -> Pages:
    """An empty document on A4, in a language."""
    pages = Document()
    for section in pages.sections:
        section.page_width, section.page_height = Cm(21.0), Cm(29.7)
        section.left_margin = section.right_margin = Cm(MARGIN)
        section.top_margin = section.bottom_margin = Cm(1.6)
    for name, size, before in (("Normal", BODY, 0), ("Title", 20, 0), ("Heading 1", 12, 8)):
        style = pages.styles[name]
        style.font.size, style.font.name = Pt(size), "Calibri"
        fonts = style.element.rPr.rFonts
        for kind in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{kind}"), None)
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(3)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), spelling)
    properties = pages.styles["Normal"].element.get_or_add_rPr()
    properties.append(language)
    return pages


def _section(pages: Pages, head: str, lines: Sequence[str]) -> None:
    if lines:
        pages.add_heading(head, 1)
    for line in lines:
        pages.add_paragraph(line)


def _list(pages: Pages, head: str, lines: Sequence[str]) -> None:
    if lines:
        pages.add_heading(head, 1)
    for line in lines:
        paragraph = pages.add_paragraph(line, style="List Bullet" if len(lines) > 1 else None)
        paragraph.paragraph_format.space_after = Pt(1)


def _small(pages: Pages, text: str) -> None:
    pages.add_paragraph().add_run(text).font.size = Pt(SMALL)


def _table(pages: Pages, heads: Sequence[str], outcomes: Sequence[ScenarioOutcome]) -> None:
    """A line a scenario; the headings are repeated on the next page."""
    table = pages.add_table(rows=1, cols=len(heads), style="Light Grid Accent 1")
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    for cell, head in zip(table.rows[0].cells, heads, strict=True):
        _write(cell, head, bold=True)
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    for one in outcomes:
        cells = table.add_row().cells
        _write(cells[0], one.name, bold=True)
        for cell, change in zip(cells[1:], one.cells, strict=True):
            _write(cell, _words(change))
    for row in table.rows:
        for cell, width in zip(row.cells, WIDTHS, strict=True):
            cell.width = Cm(width)


def _words(cell: Cell) -> str:
    """A change, the interval of chance, and how sure it is."""
    span = f" ({cell.luck})" if cell.luck else ""
    return f"{cell_text(cell)}{span}, {cell.certainty}"


def _write(cell: TableCell, text: str, bold: bool = False) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_after = Pt(1)
    run = paragraph.add_run(text)
    run.font.size, run.bold = Pt(9), bold


def _picture(pages: Pages, picture: Picture) -> None:
    """A picture with its text for who cannot see it."""
    shape = pages.add_picture(io.BytesIO(picture.png), width=Cm(PICTURE))
    pages.paragraphs[-1].alignment = WD_TABLE_ALIGNMENT.CENTER  # type: ignore[assignment]
    shape._inline.docPr.set("descr", picture.alt)
    shape._inline.docPr.set("title", picture.title)


__all__ = ["write_brief"]
