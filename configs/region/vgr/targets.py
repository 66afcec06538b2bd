"""Published figures that a baseline is compared with. Used by ``build.py``."""

from __future__ import annotations

Row = dict[str, object]
Table = list[dict[str, str]]

OBSTETRIC_ADMISSIONS = 22_000  # a year: births, gynaecology and newborn; assumption (D)


def make(wanted: Table, parameters: Table, hospitals: Table, people: float) -> list[Row]:
    """One row a target: value with range and unit, and where it comes from."""
    figure = {p["parameter"]: p for p in parameters}
    per_site = [_visits(h) for h in hospitals if h["ed_24h"] == "yes"]
    return (
        per_site
        + [_total(per_site), *_admissions(figure, people)]
        + [_copy(w, figure[w["parameter"]]) for w in wanted]
    )


def _row(target: str, measure: str, by: str, group: str, value: object, low: object, high: object, unit: str,
         year: object, population: str, source: str, quality: str, note: str = "") -> Row:  # fmt: skip
    return {"target": target, "measure": measure, "by": by, "group": group, "value": value, "low": low, "high": high,
            "unit": unit, "year": year, "population": population, "source": source, "quality": quality,
            "note": note}  # fmt: skip


def _copy(w: dict[str, str], p: dict[str, str]) -> Row:
    def scaled(text: str) -> str:
        return text if w["scale"] == "1" or not text else f"{float(text) * float(w['scale']):.6g}"

    source = f"{p['parameter']}: {p['source']}"
    return _row(w["target"], w["measure"], w["by"], w["group"], scaled(p["value"]), scaled(p["low"]), scaled(p["high"]),
                w["unit"], p["year"], p["population"], source, p["quality"], w["note"])  # fmt: skip


def _visits(h: dict[str, str]) -> Row:
    site = h["hospital_id"].lower()
    return _row(f"er_visits_{site}", "er_visits_per_year", "site", site, h["ed_visits_per_year"], h["ed_low"],
                h["ed_high"], "visits per year", h["ed_year"], h["name"], h["ed_source"], h["ed_quality"])  # fmt: skip


def _total(sites: list[Row]) -> Row:
    value, low, high = (sum(int(str(s[k])) for s in sites) for k in ("value", "low", "high"))
    return _row("er_visits_total", "er_visits_per_year", "all", "all", value, low, high, "visits per year", "",
                "VGR, nine emergency rooms", "sum of the nine sites", "X",
                "gynaecological and psychiatric emergency rooms are not among them")  # fmt: skip


def _admissions(figure: dict[str, dict[str, str]], people: float) -> list[Row]:
    all_care, psychiatry = figure["IP.admissions_per_100k.vgr"], figure["IP.admissions_psych_vgr"]
    less = (float(psychiatry["value"]) + OBSTETRIC_ADMISSIONS) / people * 100_000
    value, low, high = (round(float(all_care[k]) - less) for k in ("value", "low", "high"))
    unit, name = "per 100000 and year", "admissions_per_100k"
    formula = (f"{all_care['value']} (IP.admissions_per_100k.vgr) - ({psychiatry['value']} psychiatric (A, 2019) + "
               f"{OBSTETRIC_ADMISSIONS} obstetric, gynaecological and newborn (D)) / {people:.0f} x 100000")  # fmt: skip
    return [
        _row(name, name, "all", "all", value, low, high, unit, all_care["year"], "VGR, what is modelled", formula, "X",
             "what a baseline is compared with"),
        _row(f"{name}_all_care", "none", "all", "all", all_care["value"], all_care["low"], all_care["high"], unit,
             all_care["year"], "VGR, all inpatient care", f"IP.admissions_per_100k.vgr: {all_care['source']}", "A",
             "not compared: psychiatry and obstetrics are not modelled"),
    ]  # fmt: skip
