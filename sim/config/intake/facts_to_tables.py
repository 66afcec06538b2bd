"""Figures of a statistics database as the tables of a region's ``source/``: people, ages, published figures."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from sim.config.errors import ConfigErrors, Problem, comma_list
from sim.config.intake.statistical_tables import AGE, AGES, KPI, FigureOf, Statistics, is_missing, is_total, sex_of
from sim.config.intake.swedish_numbers import people, swedish_number
from sim.config.reading.cells import Bad
from sim.config.reading.source_tables import SOURCE_COLUMNS
from sim.config.sentence import Sentence

OLDEST = 100
PEOPLE_WORDS = ("folkmängd", "befolkning", "invånare", "population", "people")
Key = tuple[str, ...]


@dataclass(frozen=True)
class Wanted:
    """What was asked for beside the file."""

    year: str | None = None
    within: tuple[str, ...] = ()  # codes of counties or municipalities
    unit: str = ""


@dataclass
class CleanTable:
    """A clean table, and what was left out of it."""

    name: str
    columns: list[str]
    rows: list[list[str]]
    left_out: list[Sentence] = field(default_factory=list)
    remarks: list[Sentence] = field(default_factory=list)


class FactsAtWork:
    """Facts of one file on their way to a table; problems are told together."""

    def __init__(self, file: str, found: Statistics, choice: Wanted, comma_between: bool) -> None:
        """``comma_between``: whether a comma may be between columns and so is no plain decimal sign."""
        self.file, self.found, self.choice, self.comma = file, found, choice, comma_between
        self.problems: list[Problem] = []
        self.left_out: list[Sentence] = []
        self.facts = self._of_the_year(self._of_the_places(found.facts))

    def problem(self, fact: FigureOf, value: str, why: str, allowed: str = "") -> None:
        """Notes what is wrong with a figure."""
        self.problems.append(Problem(self.file, Sentence("row {row}", row=fact.row), value, why, "", allowed))

    def number(self, fact: FigureOf, whole: bool) -> float | None:
        """The figure; None, with the reason noted, if it is none."""
        try:
            return people(fact.value, self.comma) if whole else float(swedish_number(fact.value, self.comma))
        except Bad as bad:
            self.problem(fact, fact.value, bad.why)
            return None

    def refuse(self) -> None:
        """Raises ConfigErrors if something was noted."""
        if self.problems:
            raise ConfigErrors(self.problems)

    def _of_the_places(self, facts: list[FigureOf]) -> list[FigureOf]:
        """Municipalities alone, or for published figures every region; without those that were not asked for."""
        whole = self.found.has("kpi")
        asked = self.choice.within
        near = [f for f in facts if not asked or any(f.code.startswith(one) for one in asked)]
        kept = [f for f in near if whole or (len(f.code) != 2 and f.code != "0000")]
        for fact in {f"{f.code} {f.region}": f for f in reversed(kept)}.values():
            if len(fact.code) != 4 and not (whole and len(fact.code) == 2):
                text = Sentence("a region needs its code, four digits for a municipality: export with code and name")
                self.problem(fact, fact.code or fact.region, text)
        self._leave_out([f.region or f.code for f in near if f not in kept] if len(kept) < len(near) else [],
                        Sentence("whole country or county"))  # fmt: skip
        self._leave_out([f.region for f in facts if f not in near] if len(near) < len(facts) else [],
                        Sentence("not asked for"))  # fmt: skip
        if not kept:
            self.problems.append(Problem(self.file, "--within", comma_list(list(asked)),
                                         Sentence("no municipality is left")))  # fmt: skip
        self.refuse()
        return kept

    def _leave_out(self, regions: Iterable[str], why: Sentence) -> None:
        names = list(dict.fromkeys(regions))
        if names:
            self.left_out.append(Sentence("{why}: {names}", why=why, names=comma_list(names)))

    def _of_the_year(self, facts: list[FigureOf]) -> list[FigureOf]:
        years = list(dict.fromkeys(f.year for f in facts if f.year))
        year = self.choice.year
        if year is None and len(years) > 1:
            raise ConfigErrors([Problem(self.file, "--year", "", Sentence("figures of several years: say of which"), "",
                                        comma_list(years))])  # fmt: skip
        if year is not None and year not in years:
            raise ConfigErrors([Problem(self.file, "--year", year, Sentence("no figures of this year"), "",
                                        comma_list(years))])  # fmt: skip
        others = [one for one in years if year is not None and one != year]
        if others:
            self.left_out.append(Sentence("other years: {names}", names=comma_list(others)))
        return [f for f in facts if year is None or f.year == year]

    @property
    def year(self) -> str:
        """The year of the figures; empty if the file does not say it."""
        return self.facts[0].year if self.facts else ""


def grouped(number: float) -> str:
    """A whole number with spaces between its thousands, as both languages may have it."""
    return f"{number:,.0f}".replace(",", "\u00a0")


def kind_of(found: Statistics) -> str | None:
    """Which table the figures are for; None if that cannot be told."""
    if found.has("kpi"):
        return "parameters"
    if found.has("age"):
        return "age_2019"
    text = " ".join([*found.above, *found.heads]).lower()
    return "municipalities" if any(word in text for word in PEOPLE_WORDS) else None


def make(kind: str, work: FactsAtWork) -> CleanTable:
    """The table of a kind. Raises ConfigErrors with every figure that cannot be read or does not sum."""
    clean = MAKERS[kind](work)
    work.refuse()
    clean.left_out[:0] = work.left_out
    return clean


def _one_of_sexes(work: FactsAtWork, facts: list[FigureOf]) -> dict[Key, float]:
    """Figures by code and age, both sexes: as the total says where there is one, which must be their sum."""
    values: dict[Key, dict[str, float]] = defaultdict(dict)
    rows: dict[Key, FigureOf] = {}
    for fact in facts:
        key: Key = (fact.code, fact.age)
        sex = sex_of(fact.sex)
        value = work.number(fact, whole=True)
        if sex is None:
            work.problem(fact, fact.sex, Sentence("unknown sex"), "män, kvinnor, totalt")
        elif sex in values[key]:
            work.problem(fact, f"{fact.code} {fact.age} {fact.sex}".strip(), Sentence("is there twice"))
        elif value is not None:
            values[key][sex], rows[key] = value, fact
    sums = {}
    for key, by_sex in values.items():
        parts = [by_sex[sex] for sex in ("m", "k") if sex in by_sex]
        if "t" in by_sex:
            sums[key] = by_sex["t"]
            if len(parts) == 2 and sum(parts) != by_sex["t"]:
                text = Sentence("men and women are {sum}, the total is not", sum=grouped(sum(parts)))
                work.problem(rows[key], f"{by_sex['t']:g}", text)
        elif len(parts) == 2:
            sums[key] = sum(parts)
        elif key in rows:
            work.problem(rows[key], rows[key].sex, Sentence("one sex alone: export both, or the total"))
    return sums


def _ages(work: FactsAtWork) -> CleanTable:
    groups = list(dict.fromkeys(f.age for f in work.facts if AGES.fullmatch(f.age) or "-" in f.age))
    if groups:
        text = Sentence("ages in groups: export one year of age at a time (0 to 100+)")
        work.problems.append(Problem(work.file, work.found.columns["age"], comma_list(groups), text))
        work.refuse()
    totals = _one_of_sexes(work, [f for f in work.facts if is_total(f.age)])
    single = _one_of_sexes(work, [f for f in work.facts if not is_total(f.age)])
    by_code: dict[str, dict[int, float]] = defaultdict(dict)
    names = {f.code: f.region for f in work.facts}
    first = {f.code: f for f in reversed(work.facts)}
    for (code, age), value in single.items():
        found = AGE.fullmatch(age)
        if found is None or int(found.group(1)) > OLDEST:
            work.problem(first[code], age, Sentence("no year of age"), "0 to 100+")
        else:
            by_code[code][int(found.group(1))] = value
    for code, ages in by_code.items():
        missing = [str(age) for age in range(OLDEST + 1) if age not in ages]
        if missing:
            work.problem(first[code], code, Sentence("ages are missing: {ages}", ages=comma_list(missing)))
        for (other, _), total in totals.items():
            if other == code and total != sum(ages.values()):
                text = Sentence("its ages sum to {sum}, its total is not", sum=grouped(sum(ages.values())))
                work.problem(first[code], f"{code}: {total:g}", text)
    rows = [[code, *(f"{ages.get(age, 0):g}" for age in range(OLDEST + 1))] for code, ages in sorted(by_code.items())]
    clean = CleanTable("source/age_2019", list(SOURCE_COLUMNS["age_2019"]), rows)
    if totals:
        clean.left_out.append(Sentence("rows of totals, which agree with their parts"))
    sum_text = sum(sum(ages.values()) for ages in by_code.values())
    clean.remarks.append(
        Sentence("{count} municipalities, {people} people", count=len(names), people=grouped(sum_text))
    )
    if work.year not in ("", "2019"):
        clean.remarks.append(Sentence(
            "the table is called age_2019 and the figures are of {year}: only shares by age are taken of it",
            year=work.year))  # fmt: skip
    return clean


def _people(work: FactsAtWork) -> CleanTable:
    sums = _one_of_sexes(work, work.facts)
    names = {f.code: f.region for f in work.facts}
    columns = list(SOURCE_COLUMNS["municipalities"])
    source = Sentence("{file}, {year}", file=work.file, year=work.year or "?")
    known = {"pop_source": str(source)}
    rows = []
    for (code, _), value in sorted(sums.items()):
        cells = {**known, "scb_code": code, "name": names[code], "pop_2024_12_31": f"{value:.0f}"}
        rows.append([cells.get(column, "") for column in columns])
    clean = CleanTable("source/municipalities", columns, rows)
    text = Sentence("{count} municipalities, {people} people", count=len(rows), people=grouped(sum(sums.values())))
    by_hand = Sentence("to be filled by hand: {columns}", columns="delregion, centralort, lat, lon, coord_source")
    clean.remarks += [text, by_hand]
    if work.year not in ("", "2024"):
        clean.remarks.append(Sentence("the column is called pop_2024_12_31 and the figures are of {year}",
                                     year=work.year))  # fmt: skip
    return clean


def _figures(work: FactsAtWork) -> CleanTable:
    """Published figures as rows of ``parameters``; of sexes the total, a figure that is missing is left out."""
    rows, seen, missing = [], dict[Key, int](), []
    for fact in work.facts:
        found = KPI.fullmatch(fact.kpi)
        if sex_of(fact.sex) in ("m", "k"):
            continue
        if not fact.value or is_missing(fact.value):
            missing.append(f"{fact.kpi} {fact.region or fact.code}")
            continue
        value = work.number(fact, whole=False)
        if found is None:
            work.problem(fact, fact.kpi, Sentence("no key figure of Kolada, as N70808"))
            continue
        key = (found.group(1), fact.code)
        if seen.setdefault(key, fact.row) != fact.row:
            work.problem(fact, " ".join(key), Sentence("is there twice"))
        source = f"Kolada {fact.kpi}"
        rows.append([f"kolada.{key[0]}.{fact.code}", f"{value:.10g}" if value is not None else "", "", "",
                     work.choice.unit, fact.year, fact.region, source, "A"])  # fmt: skip
    if not work.choice.unit:
        work.problems.append(Problem(work.file, "--unit", "", Sentence(
            "the file does not say in which unit its figures are: say it, as --unit visits/1000/yr")))  # fmt: skip
    clean = CleanTable("source/parameters", list(SOURCE_COLUMNS["parameters"]), sorted(rows))
    if missing:
        clean.left_out.append(Sentence("figures that are missing: {names}", names=comma_list(missing)))
    clean.remarks.append(Sentence("{count} figures; low and high are to be filled by hand", count=len(rows)))
    return clean


MAKERS: dict[str, Callable[[FactsAtWork], CleanTable]] = {
    "age_2019": _ages,
    "municipalities": _people,
    "parameters": _figures,
}

__all__ = ["MAKERS", "CleanTable", "FactsAtWork", "Wanted", "kind_of", "make"]
