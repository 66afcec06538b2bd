"""Slides and brief: the report's answer, in text and tables that can be edited, and pictures with words."""

from __future__ import annotations

import pytest
from docx import Document
from docx.document import Document as Pages
from pptx import Presentation
from pptx.presentation import Presentation as Deck
from reports import writer

from sim.export.brief import write_brief
from sim.export.slides import write_slides
from sim.report.html.headline import headline
from sim.report.language import Code
from sim.results.read import Results

LANGUAGES: tuple[Code, ...] = ("sv", "en")
LABELS = {"sv": "=SUMMA(A1:A9)", "en": "@SUM(A1:A9)"}


@pytest.fixture(scope="module", params=LANGUAGES)
def code(request: pytest.FixtureRequest) -> Code:
    return request.param  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def deck(results: Results, code: Code, tmp_path_factory: pytest.TempPathFactory) -> Deck:
    path = tmp_path_factory.mktemp("deck") / "slides.pptx"
    write_slides(path, results, writer(results, code))
    return Presentation(str(path))


@pytest.fixture(scope="module")
def pages(results: Results, code: Code, tmp_path_factory: pytest.TempPathFactory) -> Pages:
    path = tmp_path_factory.mktemp("brief") / "brief.docx"
    write_brief(path, results, writer(results, code))
    return Document(str(path))


def texts(deck: Deck, number: int) -> str:
    return "\n".join(shape.text_frame.text for shape in deck.slides[number].shapes if shape.has_text_frame)


def test_there_are_five_slides_each_with_a_title(deck: Deck) -> None:
    assert len(deck.slides) == 5
    assert all(slide.shapes.title is not None and slide.shapes.title.text_frame.text for slide in deck.slides)


def test_the_first_slide_has_the_question_and_the_answer_of_the_report(
    deck: Deck, results: Results, code: Code
) -> None:
    text = texts(deck, 0)
    assert results.config["study"]["question"][code] in text
    sentences = headline(writer(results, code))
    assert len(sentences) == 3
    for sentence in sentences:
        assert sentence in text


def test_pictures_tell_in_words_what_they_show(deck: Deck, pages: Pages) -> None:
    shapes = [shape for slide in deck.slides for shape in slide.shapes if shape.shape_type == 13]
    assert shapes
    told = [shape._element._nvXxPr.cNvPr.get("descr") for shape in shapes]
    told += [shape._inline.docPr.get("descr") for shape in pages.inline_shapes]
    assert len(told) > len(shapes)
    assert all(len(text) > 60 for text in told)


def test_no_shape_reaches_beyond_its_slide(deck: Deck) -> None:
    for slide in deck.slides:
        for shape in slide.shapes:
            assert shape.left >= 0 and shape.top >= 0
            assert shape.left + shape.width <= deck.slide_width
            assert shape.top + shape.height <= deck.slide_height


def test_each_emergency_room_has_a_line_and_each_scenario_a_column(deck: Deck, results: Results, code: Code) -> None:
    (table,) = [shape.table for shape in deck.slides[2].shapes if shape.has_table]
    rows = [[cell.text_frame.text for cell in row.cells] for row in table.rows]
    assert rows[0][2:] == [results.config["scenarios"][s]["label"][code] for s in ("near_care", "closed_er", "formula")]
    shown = writer(results, code)
    rooms = [shown.names.site(site) for site in shown.effects.groups("er_arrivals_per_day", "site")]
    assert len(rooms) == 2
    assert [row[0] for row in rows[1:-1]] == rooms
    for line, place in ((1, ("site", "hospital_north")), (-1, ("all", ""))):
        cells = [shown.cell(effect) for effect in shown.effects.row("er_arrivals_per_day", *place)]
        assert rows[line][2:] == [f"{c.sign}\N{NO-BREAK SPACE}{c.change}" if c.change else c.sign for c in cells]
        assert any(cell.change for cell in cells)


def test_travel_and_sureness_are_told(deck: Deck, results: Results, code: Code) -> None:
    (table,) = [shape.table for shape in deck.slides[3].shapes if shape.has_table]
    assert len(table.rows) == 4
    assert table.cell(3, 0).text_frame.text == LABELS[code]
    sure = texts(deck, 4)
    assert {"sv": "kvalitet D", "en": "quality D"}[code] in sure
    for label in results.config["region"]["file"]["left_out"]:
        assert label[code] in sure


def test_the_brief_has_its_headings_in_order_and_says_how_it_was_made(
    pages: Pages, results: Results, code: Code
) -> None:
    heads = [p.text for p in pages.paragraphs if p.style is not None and p.style.name == "Heading 1"]
    expected = {
        "sv": ["Frågan", "Svaret", "De viktigaste utfallen", "Hur säkert är det?", "Vad har antagits?"],
        "en": ["The question", "The answer", "The most important outcomes", "How sure is it?", "What was assumed?"],
    }
    assert heads[:5] == expected[code]
    text = "\n".join(p.text for p in pages.paragraphs)
    assert results.config["study"]["question"][code] in text
    assert "SHA-256" in text and str(results.manifest["seed"]) in text


def test_the_brief_has_a_line_a_scenario_with_the_change_and_how_sure_it_is(
    pages: Pages, results: Results, code: Code
) -> None:
    (table,) = pages.tables
    assert len(table.rows) == 4
    assert table.rows[3].cells[0].text == LABELS[code]
    shown = writer(results, code)
    cell = shown.cell(shown.effects.get("closed_er", "er_arrivals_per_day"))
    text = table.rows[2].cells[1].text
    assert cell.change in text and text.endswith(cell.certainty)


def test_the_brief_is_on_a4_and_in_its_language(pages: Pages, code: Code) -> None:
    section = pages.sections[0]
    assert section.page_width is not None and section.page_height is not None
    assert (round(section.page_width.cm, 1), round(section.page_height.cm, 1)) == (21.0, 29.7)
    assert {"sv": 'w:lang w:val="sv-SE"', "en": 'w:lang w:val="en-GB"'}[code] in pages.styles["Normal"].element.xml


def test_files_carry_the_date_of_the_study_and_not_of_today(deck: Deck, pages: Pages, results: Results) -> None:
    for about in (deck.core_properties, pages.core_properties):
        assert about.created is not None
        assert about.created.strftime("%Y-%m-%dT%H:%M:%S") == results.manifest["finished"][:19]
