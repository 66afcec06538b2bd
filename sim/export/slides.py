"""A study as five slides (.pptx): text and tables that can be edited, pictures with a text for who cannot see them."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.lang import MSO_LANGUAGE_ID
from pptx.enum.text import PP_ALIGN
from pptx.presentation import Presentation as Deck
from pptx.shapes.autoshape import Shape
from pptx.slide import Slide
from pptx.table import _Cell as TableCell
from pptx.text.text import TextFrame
from pptx.util import Emu, Inches, Pt

from sim.export.provenance import finished
from sim.export.summary import SIGNS, Summary, cell_text, summary_of
from sim.report.html.change_cells import Writer
from sim.report.html.figures.style import Picture
from sim.report.language import N_, Code
from sim.results.read import Results

WIDTH, HEIGHT = 13.333, 7.5  # inches
MARGIN, TOP = 0.6, 1.45
WIDE = WIDTH - 2 * MARGIN
TITLE_ONLY = 5  # layout of python-pptx's own template
DARK, SOFT = RGBColor.from_string("1A1A1A"), RGBColor.from_string("5A5A5A")
WHITE = RGBColor.from_string("FFFFFF")
HEAD_GROUND, GROUND = RGBColor.from_string("1F4E79"), RGBColor.from_string("F2F5F8")
LANGUAGES: dict[Code, MSO_LANGUAGE_ID] = {"sv": MSO_LANGUAGE_ID.SWEDISH, "en": MSO_LANGUAGE_ID.ENGLISH_UK}
MOST_ROOMS = 16
Box = tuple[float, float, float, float]  # left, top, width, height in inches


def write_slides(path: Path, results: Results, writer: Writer) -> None:
    """Writes five slides: the answer, the main picture, emergency rooms, travel, and how sure it is."""
    summary = summary_of(results, writer)
    deck = Presentation()
    deck.slide_width, deck.slide_height = Inches(WIDTH), Inches(HEIGHT)
    slides = Slides(deck, writer)
    slides.answer(summary)
    slides.picture(summary)
    slides.rooms(summary)
    slides.travel(summary)
    slides.sureness(summary)
    about = deck.core_properties
    about.title, about.author, about.language = summary.title, "careshift", writer.language.code
    about.created = about.modified = finished(results)
    deck.save(str(path))


class Slides:
    """Slides of one deck, in one language."""

    def __init__(self, deck: Deck, writer: Writer) -> None:
        self.deck, self.translate = deck, writer.language.translate
        self.spelling = LANGUAGES[writer.language.code]

    def answer(self, summary: Summary) -> None:
        """The question, and the answer in at most three sentences."""
        slide = self._slide(summary.question, 28, height=1.5)
        self._text(slide, (MARGIN, 1.9, WIDE, 0.4), [f"{summary.title} · {summary.place}"], 15, SOFT)
        self._text(slide, (MARGIN, 2.4, WIDE, 2.8), summary.answer or [self.translate(NOTHING)], 22, space=10)
        if summary.cautions:
            self._text(slide, (MARGIN, 5.2, WIDE, 1.5), summary.cautions, 14, space=4)
        self._text(slide, (MARGIN, 6.8, WIDE, 0.4), summary.making[1:], 9, SOFT)

    def picture(self, summary: Summary) -> None:
        """Both outcomes in one picture."""
        plane = summary.plane
        slide = self._slide(
            plane.title if plane is not None else self.translate(N_("Load on emergency rooms and travel"))
        )
        if plane is None:
            self._text(slide, (MARGIN, TOP, WIDE, 1), [self.translate(NO_PICTURE)], 18)
            return
        self._picture(slide, plane, (MARGIN, TOP, WIDE, 5.2))
        self._text(slide, (MARGIN, 6.75, WIDE, 0.5), [self.translate(READING)], 12, SOFT)

    def rooms(self, summary: Summary) -> None:
        """Visits to each emergency room: the baseline's level, the change in each scenario."""
        slide = self._slide(self.translate(N_("Visits to each emergency room per day, change from the baseline")))
        if not summary.rooms:
            self._text(slide, (MARGIN, TOP, WIDE, 1), [self.translate(N_("The study has no emergency room."))], 18)
            return
        kept = (
            [*summary.rooms[: MOST_ROOMS - 1], summary.rooms[-1]] if len(summary.rooms) > MOST_ROOMS else summary.rooms
        )
        rows = [[row.name, row.baseline, *(cell_text(cell) for cell in row.cells)] for row in kept]
        heads = [self.translate(N_("Emergency room")), summary.baseline, *summary.columns]
        self._table(slide, (MARGIN, TOP, WIDE, 4.8), heads, rows, 12 if len(heads) < 7 else 11, bold_last=True)
        more = len(summary.rooms) - len(kept)
        rest = [self.translate(N_("{number} more are in the workbook."), number=more)] if more else []
        self._text(slide, (MARGIN, 6.75, WIDE, 0.5), [" ".join([self.translate(SIGNS), *rest])], 12, SOFT)

    def travel(self, summary: Summary) -> None:
        """Travel in each scenario, beside a map of the municipalities where it surely changes."""
        slide = self._slide(self.translate(N_("Travel to care, change from the baseline")))
        part = WIDE if summary.travel_map is None else 5.2
        heads = [self.translate(N_("Scenario")), summary.heads[1], self.translate(N_("How sure"))]
        rows = [[one.name, cell_text(one.cells[1]), one.cells[1].certainty] for one in summary.outcomes]
        if rows:
            self._table(slide, (MARGIN, TOP, part, 0.4 * len(rows)), heads, rows, 12)
        if summary.travel_map is not None:
            self._picture(slide, summary.travel_map, (MARGIN + part + 0.3, TOP, WIDE - part - 0.3, 5.2))
        text = summary.travel_map.title if summary.travel_map is not None else self.translate(NO_MAP)
        self._text(slide, (MARGIN, 6.75, WIDE, 0.5), [text], 12, SOFT)

    def sureness(self, summary: Summary) -> None:
        """How sure it is, what is assumed, what was not simulated."""
        slide = self._slide(self.translate(N_("What is assumed, and how sure it is")))
        half = (WIDE - 0.5) / 2
        sure = [self.translate(N_("How sure is it?")), *summary.sureness]
        self._text(slide, (MARGIN, TOP, half, 3.4), sure, 12, first_bold=True, space=4)
        left_out = [self.translate(N_("Not simulated")), "; ".join(summary.left_out) + "."]
        if summary.left_out:
            self._text(slide, (MARGIN, TOP + 3.55, half, 1.6), left_out, 12, first_bold=True, space=4)
        assumed = [self.translate(N_("Of the change in visits")), *(summary.assumed or [self.translate(NO_PARTS)])]
        size = 13 if sum(map(len, assumed)) < 900 else 11
        self._text(slide, (MARGIN + half + 0.5, TOP, half, 5.2), assumed, size, first_bold=True, space=4)
        self._text(slide, (MARGIN, 6.75, WIDE, 0.5), summary.making[:1], 11, SOFT)

    def _slide(self, title: str, size: int = 28, height: float = 1.0) -> Slide:
        slide: Slide = self.deck.slides.add_slide(self.deck.slide_layouts[TITLE_ONLY])
        head = slide.shapes.title
        assert head is not None
        head.left, head.top, head.width, head.height = (Inches(x) for x in (MARGIN, 0.35, WIDE, height))
        self._fill(head.text_frame, [title], size if len(title) < 75 else size - 6, DARK, first_bold=True)
        return slide

    def _text(
        self, slide: Slide, box: Box, lines: Sequence[str], size: int, colour: RGBColor = DARK, *,
        first_bold: bool = False, space: int = 0,
    ) -> None:  # fmt: skip
        shape: Shape = slide.shapes.add_textbox(*(Inches(x) for x in box))
        self._fill(shape.text_frame, lines, size, colour, first_bold=first_bold, space=space)

    def _fill(
        self,
        frame: TextFrame,
        lines: Sequence[str],
        size: int,
        colour: RGBColor,
        *,
        first_bold: bool = False,
        space: int = 0,
    ) -> None:
        frame.word_wrap = True
        for number, line in enumerate(lines):
            paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
            paragraph.space_after = Pt(space)
            paragraph.alignment = PP_ALIGN.LEFT
            run = paragraph.add_run()
            run.text, run.font.size, run.font.bold = line, Pt(size), first_bold and number == 0
            run.font.color.rgb, run.font.language_id = colour, self.spelling

    def _table(
        self,
        slide: Slide,
        box: Box,
        heads: Sequence[str],
        rows: Sequence[Sequence[str]],
        size: int,
        *,
        bold_last: bool = False,
    ) -> None:
        left, top, width, height = (Inches(x) for x in box)
        table = slide.shapes.add_table(len(rows) + 1, len(heads), left, top, width, min(height, Inches(5.2))).table
        share = 0.22 if len(heads) > 3 else 0.42
        table.columns[0].width = Emu(int(width * share))
        for j in range(1, len(heads)):
            table.columns[j].width = Emu(int(width * (1 - share) / (len(heads) - 1)))
        for i, row in enumerate([heads, *rows]):
            table.rows[i].height = Inches(0.3)
            for j, text in enumerate(row):
                bold = i == 0 or (bold_last and i == len(rows))
                self._cell(table.cell(i, j), text, size if i else size - 1, bold, i)

    def _cell(self, cell: TableCell, text: str, size: int, bold: bool, line: int) -> None:
        cell.fill.solid()
        cell.fill.fore_color.rgb = HEAD_GROUND if line == 0 else GROUND if line % 2 else WHITE
        cell.margin_top = cell.margin_bottom = Inches(0.03)
        cell.margin_left = cell.margin_right = Inches(0.05)
        self._fill(cell.text_frame, [text], size, WHITE if line == 0 else DARK, first_bold=bold)

    def _picture(self, slide: Slide, picture: Picture, box: Box) -> None:
        """As large as it fits into a box, with its text for who cannot see it."""
        left, top, width, height = (Inches(x) for x in box)
        shape = slide.shapes.add_picture(io.BytesIO(picture.png), left, top)
        scale = min(width / shape.width, height / shape.height)
        shape.width, shape.height = Emu(int(shape.width * scale)), Emu(int(shape.height * scale))
        shape.left = Emu(left + (width - shape.width) // 2)
        properties = shape._element._nvXxPr.cNvPr
        properties.set("descr", picture.alt)
        shape.name = picture.name


READING = N_(
    "A point is a scenario, its cross the interval of chance (95 %); small points are other worlds, where there "
    "are any."
)
NOTHING = N_("The study compares nothing: it has one scenario.")
NO_PICTURE = N_("No scenario has a change of both visits and travel that can be shown.")
NO_MAP = N_("In no scenario is the change of any municipality beyond chance.")
NO_PARTS = N_("No effect can be divided.")

__all__ = ["write_slides"]
