"""Published figures that a baseline is compared with. Used by ``build.py``."""

from __future__ import annotations

from typing import Any

Row = dict[str, Any]
Table = list[dict[str, str]]
COLUMNS = (
    *("target", "measure", "by", "group", "value", "low", "high", "unit", "year", "population"),
    *("source", "quality", "note"),
)
OBSTETRIC_ADMISSIONS = 22_000  # a year: births, gynaecology and newborn; assumption (D)


def make(wanted: Table, parameters: Table, hospitals: Table, people: float) -> list[Row]:
    """One row a target: value with range and unit, and where it comes from."""
    figure = {p["parameter"]: p for p in parameters}
    visits = [_visits(h) for h in hospitals if h["ed_24h"] == "yes"]
    copied = [_copy(w, figure[w["parameter"]]) for w in wanted]
    return [*visits, _total(visits), *_admissions(figure, people), *copied]


def _row(**cells: object) -> Row:
    return {c: cells.get(c, "") for c in COLUMNS}


def _copy(w: dict[str, str], p: dict[str, str]) -> Row:
    """A figure in the unit of the measure that it is held against."""

    def scaled(text: str) -> str:
        return text if w["scale"] == "1" or not text else f"{float(text) * float(w['scale']):.6g}"

    cells = {c: w[c] for c in ("target", "measure", "by", "group", "unit", "note")}
    cells |= {c: scaled(p[c]) for c in ("value", "low", "high")}
    cells |= {c: p[c] for c in ("year", "population", "quality")}
    return _row(**cells, source=f"{p['parameter']}: {p['source']}")


def _visits(h: dict[str, str]) -> Row:
    cells = {"value": h["ed_visits_per_year"], "low": h["ed_low"], "high": h["ed_high"], "year": h["ed_year"]}
    cells |= {"source": h["ed_source"], "quality": h["ed_quality"], "population": h["name"]}
    site = h["hospital_id"].lower()
    names = {"target": f"er_visits_{site}", "measure": "er_visits_per_year", "by": "site", "group": site}
    return _row(**names, **cells, unit="contacts/year")


def _total(visits: list[Row]) -> Row:
    sums = {c: sum(int(v[c]) for v in visits) for c in ("value", "low", "high")}
    names = {"target": "er_visits_total", "measure": "er_visits_per_year", "by": "all"}
    note = "gynaecological and psychiatric emergency rooms are not among them"
    told = {
        "population": "VGR, nine emergency rooms",
        "source": "sum of the nine sites",
        "quality": "X",
        "note": note,
    }
    return _row(**names, **sums, **told, unit="contacts/year")


def _admissions(figure: dict[str, dict[str, str]], people: float) -> list[Row]:
    """Admissions of what is modelled, and of all care beside it, per 1,000 residents."""
    whole, psychiatry = figure["IP.admissions_per_100k.vgr"], figure["IP.admissions_psych_vgr"]
    less = (float(psychiatry["value"]) + OBSTETRIC_ADMISSIONS) / people * 1000
    unit = {"unit": "admissions/1000/year", "year": whole["year"]}
    formula = (
        f"{whole['value']} per 100000 (IP.admissions_per_100k.vgr) less {psychiatry['value']} psychiatric (A, 2019)"
        f" and {OBSTETRIC_ADMISSIONS} obstetric, gynaecological and newborn (D) of {people:.0f} people"
    )
    published = {c: float(whole[c]) / 100 for c in ("value", "low", "high")}
    modelled = {c: round(v - less, 2) for c, v in published.items()}
    modelled |= {"population": "VGR, what is modelled", "source": formula, "quality": "X"}
    names = {"target": "admissions", "measure": "admissions_per_1000_year_adjusted", "by": "all"}
    note = "psychiatry and obstetrics are not modelled"
    all_care = {"target": "admissions_all_care", "measure": "none", "by": "all", "note": note}
    all_care |= {c: f"{v:.6g}" for c, v in published.items()} | {
        c: whole[c] for c in ("population", "source", "quality")
    }
    return [_row(**names, **unit, **modelled), _row(**all_care, **unit)]
