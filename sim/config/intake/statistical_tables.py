"""What a statistics database exports: a figure by region, age, sex, year; the columns are known by what stands in them.

SCB and Kolada write the same figures in many forms: years as columns or as cells, code and name in one cell or two, a
region's name once above its rows, titles above and notes below. Whatever is not recognised is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from sim.config.errors import ConfigErrors, Problem
from sim.config.intake.file_cells import Cells, FileCells
from sim.config.intake.swedish_numbers import is_missing
from sim.config.sentence import Sentence

YEAR = re.compile(r"(?:.*\D)?((?:19|20)\d\d)")
REGION = re.compile(r"(\d{2}|\d{4}) (\D.*)")
AGE = re.compile(r"(\d{1,3})(?:\+| och äldre)?(?: år| years?)?", re.IGNORECASE)
AGES = re.compile(r"\d{1,3}\s*[-\u2013]\s*\d{1,3}(?: år| years?)?", re.IGNORECASE)
TOTAL = ("totalt", "total", "samtliga", "båda könen", "alla", "t", "tot", "1+2")
SEXES = {"män": "m", "men": "m", "man": "m", "m": "m", "1": "m", "kvinnor": "k", "women": "k", "k": "k", "2": "k"}
KPI = re.compile(r"([NU]\d{5})(?:\D.*)?")
HEADS: dict[str, tuple[str, ...]] = {  # names of columns, as databases write them
    "code": ("kod", "kommunkod", "regionkod", "scb_code", "municipality_id", "kommun_id", "region code"),
    "region": ("region", "kommun", "område", "municipality", "kommun/region", "regioner"),
    "age": ("ålder", "alder", "age"),
    "sex": ("kön", "kon", "sex", "gender"),
    "year": ("år", "tid", "year", "period", "time"),
    "kpi": ("nyckeltal", "kpi", "kpi_id", "nyckeltals-id", "id nyckeltal"),
    "kpi_name": ("nyckeltalsnamn", "kpi_title", "titel", "nyckeltal namn"),
    "name": ("kommunnamn", "regionnamn", "namn", "municipality_name"),
    "value": ("värde", "value", "antal", "folkmängd", "befolkning", "population", "invånare"),
}


@dataclass(frozen=True)
class FigureOf:
    """One figure with all that is said of it."""

    row: int
    code: str
    region: str
    age: str
    sex: str
    kpi: str
    year: str
    value: str


@dataclass
class Statistics:
    """Figures of a sheet, and how it was understood."""

    header_row: int
    columns: dict[str, str]  # role to the column as it was called
    facts: list[FigureOf]
    above: list[str] = field(default_factory=list)
    below: list[str] = field(default_factory=list)
    last_row: int = 0
    heads: list[str] = field(default_factory=list)  # the header row as it was written

    def has(self, role: str) -> bool:
        """Whether a column of this role was found."""
        return role in self.columns


Tests = dict[str, Callable[[str], bool]]
CONTENT: Tests = {  # what the cells of a column without a known head must all be
    "region": lambda text: bool(REGION.fullmatch(text)),
    "kpi": lambda text: bool(KPI.fullmatch(text)),
    "sex": lambda text: text.lower() in ("män", "kvinnor", "men", "women", "totalt", "total", "samtliga"),
    "age": lambda text: (
        ("år" in text and bool(AGE.fullmatch(text) or AGES.fullmatch(text))) or text.lower() == "totalt"
    ),
}


def read_statistics(sheet: FileCells) -> Statistics | None:
    """The figures of a sheet; None if no row is a header of such a table. Raises ConfigErrors for what is unclear."""
    width = max((len(row) for row in sheet.cells), default=0)
    cells = [[*row, *[""] * (width - len(row))] for row in sheet.cells]
    header = next((i for i in range(len(cells)) if _is_header(cells, i)), None)
    if header is None:
        return None
    end = _notes_from(cells, header)
    roles, years = _roles(sheet, cells, header, end)
    above = [_text(row) for row in cells[:header] if any(row)]
    below = [_text(row) for row in cells[end:] if any(row)]
    names = {role: cells[header][j] or Sentence("column {number}, without a name", number=j + 1)
             for role, j in roles.items()}  # fmt: skip
    if years:
        names["years"] = ", ".join(years.values())
    facts = list(_facts(cells, header, end, roles, years))
    return Statistics(header + 1, names, facts, above, below, end, cells[header])


def _is_header(cells: Cells, index: int) -> bool:
    """A row whose cells name a region and a figure or years, or years alone above rows that begin with a region."""
    row = cells[index]
    heads = [_head(cell) for cell in row]
    years = sum(bool(YEAR.fullmatch(cell)) and len(cell) < 60 for cell in row)
    places = "region" in heads or "code" in heads
    if places and ("value" in heads or years or ("year" in heads and row[-1])):
        return True
    below = next((later for later in cells[index + 1 : index + 3] if any(later)), [])
    first = [*below, "", ""][:2]
    place = REGION.fullmatch(first[0]) or (re.fullmatch(r"\d{2}|\d{4}", first[0]) and first[1])
    return bool(years and not row[0] and place)


def _head(cell: str) -> str | None:
    text = cell.lower().strip()
    return next((role for role, names in HEADS.items() if text in names), None)


def _notes_from(cells: Cells, header: int) -> int:
    """The index from which on no row has a cell beyond its second: notes below."""
    end = len(cells)
    while end > header + 1 and not any(cells[end - 1][2 if len(cells[0]) > 2 else 1 :]):
        end -= 1
    return end


def _roles(sheet: FileCells, cells: Cells, header: int, end: int) -> tuple[dict[str, int], dict[int, str]]:
    """Which column is what, and the columns that are years. Raises ConfigErrors for a column that is not understood."""
    roles: dict[str, int] = {}
    years: dict[int, str] = {}
    unclear: list[int] = []
    for j, name in enumerate(cells[header]):
        column = list(dict.fromkeys(row[j] for row in cells[header + 1 : end] if row[j]))
        role = _head(name) or next((r for r, fits in CONTENT.items() if column and all(map(fits, column))), None)
        if role is None and (found := YEAR.fullmatch(name)):
            years[j] = found.group(1)
        elif role is not None and role not in roles:
            roles[role] = j
        elif column or name:
            unclear.append(j)
    _without_heads(cells, header, end, roles, unclear)
    if "value" not in roles and not years and len(unclear) == 1:  # a database calls its only figure by a code
        roles["value"] = unclear.pop()
    problems = [
        Problem(sheet.file, Sentence("column {number}", number=j + 1), cells[header][j], Sentence(
            "is not understood: it has {number} different cells; export the totals alone, or delete the column",
            number=len({row[j] for row in cells[header + 1 : end]}),
        ))
        for j in unclear if len({row[j] for row in cells[header + 1 : end] if row[j]}) > 1
    ]  # fmt: skip
    if "value" in roles and years:
        text = Sentence("figures beside columns of years: delete one or the other")
        problems.append(Problem(sheet.file, cells[header][roles["value"]], "", text))
    if len(set(years.values())) < len(years):
        problems.append(Problem(sheet.file, Sentence("row {row}", row=header + 1), ", ".join(years.values()),
                                Sentence("a year is there twice: export one figure alone")))  # fmt: skip
    if problems:
        raise ConfigErrors(problems)
    return roles, years


def _without_heads(cells: Cells, header: int, end: int, roles: dict[str, int], unclear: list[int]) -> None:
    """Code and name in two columns without heads, as a workbook of a statistics database has them."""
    for j in list(unclear):
        column = [row[j] for row in cells[header + 1 : end] if row[j]]
        codes = column and all(re.fullmatch(r"\d{2}|\d{4}", cell) for cell in column)
        if codes and not cells[header][j] and "region" not in roles and "code" not in roles and j + 1 in unclear:
            roles["code"], roles["name"] = j, j + 1
            unclear.remove(j)
            unclear.remove(j + 1)
            return


def _facts(cells: Cells, header: int, end: int, roles: dict[str, int], years: dict[int, str]) -> Iterator[FigureOf]:
    above: dict[str, str] = {}
    for number, row in enumerate(cells[header + 1 : end], start=header + 2):
        if not any(row):
            continue
        parts = {role: row[j] for role, j in roles.items()}
        for role in ("region", "code", "name", "kpi", "age"):  # said once, above its rows
            if role in parts:
                parts[role] = above[role] = parts[role] or above.get(role, "")
        code, region = _place(parts)
        plain = {role: parts.get(role, "") for role in ("age", "sex", "kpi")}
        for j, year in (years or {roles["value"]: parts.get("year", "")}).items():
            yield FigureOf(number, code, region, **plain, year=year, value=row[j])


def _place(parts: dict[str, str]) -> tuple[str, str]:
    """Code and name of a region, from one cell or two."""
    if found := REGION.fullmatch(parts.get("region", "")):
        return found.group(1), found.group(2)
    code = parts.get("code", "")
    if not code and re.fullmatch(r"\d{2,4}", parts.get("region", "")):
        return parts["region"], parts.get("name", "")
    return code, parts.get("name", "") or parts.get("region", "")


def is_total(text: str) -> bool:
    """Whether a cell of age or sex stands for all."""
    return text.lower() in TOTAL


def sex_of(text: str) -> str | None:
    """``m``, ``k``, ``t`` for all, or None for what is none."""
    return "t" if not text or is_total(text) else SEXES.get(text.lower())


def _text(row: list[str]) -> str:
    return " ".join(cell for cell in row if cell)


__all__ = ["AGE", "AGES", "KPI", "FigureOf", "Statistics", "is_missing", "is_total", "read_statistics", "sex_of"]
