"""Tables as people have them, in SCB's, Kolada's and Excel's forms: understood aloud, written clean, never guessed."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
import xlsxwriter

from sim.config.errors import ConfigErrors
from sim.config.intake import Intake, Wanted, take_in
from sim.config.reading.region_tables import COLUMNS, read_table

TINY = Path(__file__).resolve().parents[1] / "data" / "tiny" / "configs" / "region" / "tiny"
PLACES = (("00", "Riket"), ("14", "Västra Götalands län"), ("1440", "Ale"), ("1489", "Alingsås"))
TITLE = "Folkmängd efter region, ålder, kön och år"


def age(years: int) -> str:
    return f"{years}{'+' if years == 100 else ''} år"


def ages(sexes: dict[str, int], totals: bool = False, places: tuple[tuple[str, str], ...] = PLACES) -> str:
    """SCB's text file with headings; each year of age has so many of each sex."""
    rows = [TITLE, "", '"region";"ålder";"kön";"2024"']
    for code, name in places:
        for sex, number in sexes.items():
            rows += [f'"{code} {name}";"{age(a)}";"{sex}";{number}' for a in range(101)]
            rows += [f'"{code} {name}";"totalt";"{sex}";{101 * number}'] if totals else []
    return "\r\n".join(rows) + "\r\n"


def taken(path: Path, text: str, encoding: str = "utf-8", **more: object) -> Intake:
    path.write_bytes(text.encode(encoding))
    return take_in(path, **more)  # type: ignore[arg-type]


def rows(intake: Intake) -> list[list[str]]:
    return list(csv.reader(io.StringIO(intake.text)))


def refused(path: Path, text: str, **more: object) -> str:
    with pytest.raises(ConfigErrors) as caught:
        taken(path, text, **more)
    return "\n".join(map(str, caught.value.problems))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "export.csv"


def test_people_by_age_of_scb_in_the_letters_of_windows(path: Path) -> None:
    intake = taken(path, ages({"män": 3, "kvinnor": 4}), "cp1252")
    assert intake.name == "source/age_2019"
    header, *found = rows(intake)
    assert header == ["scb_code", *map(str, range(101))]
    assert found == [["1440", *["7"] * 101], ["1489", *["7"] * 101]]
    told = "\n".join(intake.understood)
    assert "cp1252" in told
    assert "Riket, Västra Götalands län" in told
    assert TITLE in told


def test_totals_that_agree_with_their_parts_are_not_counted_twice(path: Path) -> None:
    intake = taken(path, ages({"män": 3, "kvinnor": 4, "totalt": 7}, totals=True))
    assert {cell for row in rows(intake)[1:] for cell in row[1:]} == {"7"}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (ages({"män": 3, "kvinnor": 4, "totalt": 8}), "men and women are 7"),
        (ages({"totalt": 7}, totals=True).replace(";707", ";708"), "ages sum to 707"),
        (ages({"män": 3}), "one sex alone"),
        (ages({"totalt": 7}).replace('"44 år";"totalt";7', '"44 år";"totalt";..'), "missing"),
        (ages({"totalt": 7}).replace('"44 år";"totalt";7', '"44 år";"totalt";7.000'), "thousands or decimals"),
        (ages({"totalt": 7}).replace("44 år", "44-49 år"), "one year of age at a time"),
        (ages({"totalt": 7}).replace("1440 Ale", "Ale"), "needs its code"),
        (ages({"totalt": 7}, places=(("144", "Ale"),)), "needs its code"),
        (ages({"totalt": 7}).replace('"totalt";7', '"totalt";x'), "and 182 more"),
        ("hej;på\ndig;du\n", "no row has the columns"),
        ("bara text\n", "no columns"),
        ('"region";"Folkmängd 2023";"Folkmängd 2024"\n"1440 Ale";1;2\n', "several years"),
        ('"region";"2024"\n"1440 Ale";2\n', "but of what is not said"),
    ],
)  # fmt: skip
def test_what_is_not_understood_is_refused_and_not_guessed(path: Path, text: str, told: str) -> None:
    assert told in refused(path, text)


def test_a_workbook_with_a_region_once_above_its_rows_and_notes_below(tmp_path: Path) -> None:
    path = tmp_path / "BE0101N1.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("BE0101N1")
        sheet.write(0, 0, TITLE)
        sheet.write(2, 3, "2024")
        row = 3
        for code, name in PLACES:
            for a in range(101):
                for sex, number in (("män", 3), ("kvinnor", 1000)):
                    cells = [f"{code} {name}" if a == 0 and sex == "män" else "", age(a) if sex == "män" else "", sex]
                    sheet.write_row(row, 0, [*cells, number])
                    row += 1
        sheet.write_column(row + 1, 0, ["Senaste uppdatering:", "20250221 08:00", "Källa:", "SCB"])
    assert rows(take_in(path))[1:] == [["1440", *["1003"] * 101], ["1489", *["1003"] * 101]]


def test_code_and_name_in_two_columns_without_heads(tmp_path: Path) -> None:
    path = tmp_path / "folk.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "Folkmängd efter region och år")
        sheet.write_row(2, 2, ["2023", "2024"])
        for line, (code, name) in enumerate(PLACES, start=3):
            sheet.write_row(line, 0, [code, name, 100, 200])
    found = rows(take_in(path, choice=Wanted(year="2024")))
    assert [row[:2] + row[7:8] for row in found[1:]] == [["1440", "Ale", "200"], ["1489", "Alingsås", "200"]]


def test_people_with_spaces_between_thousands(path: Path) -> None:
    text = '"region";"Folkmängd 2024"\n"1440 Ale";"32\u00a0602"\n"1489 Alingsås";"42 500"\nKälla: SCB;\n'
    found = rows(taken(path, text, "utf-8-sig"))
    assert [row[7] for row in found] == ["pop_2024_12_31", "32602", "42500"]


def test_key_figures_of_kolada_need_their_unit_and_what_is_missing_is_left_out(path: Path) -> None:
    text = "Nyckeltal;Kommun;Kommun_id;Kön;År;Värde\n"
    text += (
        "N70808;Västra Götaland;14;T;2024;11436,5\nN70808;Västra Götaland;14;K;2024;9\nN70808;Halland;13;T;2024;..\n"
    )
    assert "--unit" in refused(path, text)
    intake = taken(path, text, choice=Wanted(unit="admissions/100k/yr"))
    assert intake.name == "source/parameters"
    (row,) = rows(intake)[1:]
    assert row[:2] == ["kolada.N70808.14", "11436.5"]
    assert row[4:7] == ["admissions/100k/yr", "2024", "Västra Götaland"]
    assert any("N70808 Halland" in line for line in intake.understood)


def swedish(text: str) -> str:
    """A table of ours as a Swedish Excel saves it, with a title above and a source below."""
    file = io.StringIO()
    cells = [
        [cell.replace(".", ",") if i else cell for cell in row] for i, row in enumerate(csv.reader(io.StringIO(text)))
    ]
    csv.writer(file, delimiter=";").writerows([["Min region"], [], *cells, ["Källa: egen"]])
    return file.getvalue()


@pytest.mark.parametrize("name", COLUMNS)
def test_our_own_tables_come_back_from_a_swedish_excel(path: Path, name: str) -> None:
    text = (TINY / f"{name}.csv").read_text("utf-8")
    intake = taken(path, swedish(text), "cp1252")
    assert intake.name == name
    path.write_text(intake.text, "utf-8")
    whole = read_table(TINY / f"{name}.csv", name, COLUMNS[name], [])
    again = read_table(path, name, COLUMNS[name], [])
    assert again.complete
    assert [list(map(str, row.values())) for row in again.rows] == [list(map(str, row.values())) for row in whole.rows]


def test_a_cell_that_is_no_number_is_named_by_its_row_in_the_file(path: Path) -> None:
    text = swedish((TINY / "zones.csv").read_text("utf-8")).replace("58,05", "okänt")
    assert "row 5, lat" in refused(path, text)


def test_a_comma_in_a_file_of_commas_may_be_two_things(path: Path) -> None:
    text = (TINY / "municipalities.csv").read_text("utf-8").replace(",4000,", ',"4,000",')
    assert "row 2, people" in refused(path, text)
