"""Published figures that a baseline is compared with."""

from __future__ import annotations

from .facts import Facts
from .tables import Row, plain, read

Table = list[dict[str, str]]
COLUMNS = (
    *("target", "measure", "by", "group", "value", "low", "high", "unit", "year", "population"),
    *("use", "tolerance", "source", "quality", "note"),
)
# What a figure is for: fitted to (``fit``), held against and never fitted to (``kept_out``), or told beside
# (``compare``); how far off it may be, as a share of the figure
TOTAL, SITE, OLD = ({"use": "fit", "tolerance": share} for share in (0.05, 0.1, 0.15))
TOLD = {"use": "compare"}
SITE_USE = {"A": SITE, "B": SITE, "X": SITE, "C": OLD, "D": TOLD}  # an old figure weighs less, an unverified nothing
WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def make(facts: Facts, hospitals: Table, people: float) -> list[Row]:
    """One row a target: value with range and unit, and where it comes from."""
    figure = {p["parameter"]: p for p in read(facts.folder, "parameters")}
    visits = [_visits(h) for h in hospitals if int(h["ed_visits_per_year"])]
    copied = [_copy(w, figure[w["parameter"]]) for w in read(facts.folder, "targets")]
    admissions = figure.get(f"IP.admissions_per_100k.{facts.evidence}")
    return [*visits, _total(facts, visits), *(_admissions(facts, admissions, people) if admissions else []), *copied]


def _row(**cells: object) -> Row:
    return {c: cells.get(c, "") for c in COLUMNS}


def _copy(w: dict[str, str], p: dict[str, str]) -> Row:
    """A figure in the unit of the measure that it is held against."""

    def scaled(text: str) -> str:
        return text if w["scale"] == "1" or not text else f"{float(text) * float(w['scale']):.6g}"

    cells = {c: w[c] for c in ("target", "measure", "by", "group", "unit", "use", "tolerance", "note")}
    cells |= {c: scaled(p[c]) for c in ("value", "low", "high")}
    cells |= {c: p[c] for c in ("year", "population", "quality")}
    return _row(**cells, source=f"{p['parameter']}: {p['source']}")


def _visits(h: dict[str, str]) -> Row:
    cells = {"value": h["ed_visits_per_year"], "low": h["ed_low"], "high": h["ed_high"], "year": h["ed_year"]}
    cells |= {"source": h["ed_source"], "quality": h["ed_quality"], "population": h["name"]}
    site = plain(h["hospital_id"])
    names = {"target": f"er_visits_{site}", "measure": "er_visits_per_year", "by": "site", "group": site}
    return _row(**names, **cells, **SITE_USE[h["ed_quality"]], unit="contacts/year")


def _total(facts: Facts, visits: list[Row]) -> Row:
    sums = {c: sum(int(v[c]) for v in visits) for c in ("value", "low", "high")}
    names = {"target": "er_visits_total", "measure": "er_visits_per_year", "by": "all"}
    note = "gynaecological and psychiatric emergency rooms are not among them"
    number = WORDS[len(visits)] if len(visits) < len(WORDS) else str(len(visits))
    about = {"population": f"{facts.short}, {number} emergency room{'s' if len(visits) > 1 else ''}"}
    about |= {"source": f"sum of the {number} sites", "quality": "X", "note": note}
    good = sum(int(v["value"]) for v in visits if v["quality"] in ("A", "B", "X"))
    return _row(**names, **sums, **about, **(TOTAL if 2 * good >= sums["value"] else OLD), unit="contacts/year")


def _admissions(facts: Facts, whole: dict[str, str], people: float) -> list[Row]:
    """Admissions of what is modelled, and of all care beside it, per 1,000 residents."""
    less = sum(one.number for one in facts.left) / people * 1000
    unit = {"unit": "admissions/1000/year", "year": whole["year"]}
    left_out = " and ".join(f"{one.number} {one.told}" for one in facts.left)
    formula = f"{whole['value']} per 100000 ({whole['parameter']}) less {left_out} of {people:.0f} people"
    published = {c: float(whole[c]) / 100 for c in ("value", "low", "high")}
    modelled: Row = {c: round(v - less, 2) for c, v in published.items()}
    modelled |= {"population": f"{facts.short}, what is modelled", "source": formula, "quality": "X"}
    names = {"target": "admissions", "measure": "admissions_per_1000_year_adjusted", "by": "all"}
    note = "psychiatry and obstetrics are not modelled"
    all_care: Row = {"target": "admissions_all_care", "measure": "none", "by": "all", "note": note}
    all_care |= {c: f"{v:.6g}" for c, v in published.items()}
    all_care |= {c: whole[c] for c in ("population", "source", "quality")}
    return [_row(**names, **unit, **modelled, **TOTAL), _row(**all_care, **unit, **TOLD)]
