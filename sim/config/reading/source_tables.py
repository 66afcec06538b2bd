"""The tables of a region's ``source/``: which columns they have, and what their cells may say."""

from __future__ import annotations

import re

from sim.config.reading.cells import READERS, Bad, Reader, people_cell
from sim.config.sentence import Sentence

SOURCE_COLUMNS: dict[str, tuple[str, ...]] = {
    "municipalities": (
        *("scb_code", "name", "delregion", "centralort", "lat", "lon", "coord_source", "pop_2024_12_31"),
        "pop_source",
    ),
    "localities": (
        *("locality_id", "name", "kind", "scb_code", "lat", "lon", "coord_source", "pop_geonames", "pop_scb"),
        "demand_pop_2024_est",
    ),
    "age_2019": ("scb_code", *(str(age) for age in range(101))),
    "crossings": ("place", "crossing"),
    "hospitals": (
        *("hospital_id", "name", "scb_code", "lat", "lon", "coord_quality", "ed_24h", "ed_status"),
        *("ed_visits_per_year", "ed_low", "ed_high", "ed_year", "ed_quality", "ed_source", "beds_model_2025"),
    ),
    "places": ("site", "name", "kind", "at", "source", "quality"),
    "parameters": ("parameter", "value", "low", "high", "unit", "year", "population", "source", "quality"),
    "targets": (
        *("target", "measure", "by", "group", "parameter", "scale", "unit", "use", "tolerance", "note"),
    ),
}  # fmt: skip
SOURCE_KEYS = {
    "municipalities": "scb_code", "localities": "locality_id", "age_2019": "scb_code", "crossings": "place",
    "hospitals": "hospital_id", "places": "site", "parameters": "parameter", "targets": "target",
}  # fmt: skip


def code_cell(text: str) -> str:
    """A municipality's code."""
    if not re.fullmatch(r"\d{4}", text, re.ASCII):
        raise Bad(Sentence("must be a municipality's code of four digits, as 1480"))
    return text


def _perhaps(reader: Reader) -> Reader:
    return lambda text: reader(text) if text else text


_NUMBER, _TEXT, _ANY = READERS["number"], READERS["text"], READERS["any"]
_PERHAPS = _perhaps(_NUMBER)
_PLACE = {"lat": _NUMBER, "lon": _NUMBER}
SOURCE_CELLS: dict[str, dict[str, Reader]] = {  # what is counted with, and what is looked up
    "municipalities": {"scb_code": code_cell, "name": _TEXT, **_PLACE, "pop_2024_12_31": people_cell},
    "localities": {
        **{"locality_id": _TEXT, "name": _TEXT, "scb_code": code_cell, **_PLACE},
        **dict.fromkeys(("pop_geonames", "pop_scb"), _PERHAPS),
        "demand_pop_2024_est": people_cell,
    },
    "age_2019": {"scb_code": code_cell, **{str(age): people_cell for age in range(101)}},
    "crossings": {"place": _TEXT, "crossing": _TEXT},
    "hospitals": {
        **{"hospital_id": _TEXT, "name": _TEXT, "scb_code": code_cell, **_PLACE},
        **dict.fromkeys(("ed_visits_per_year", "ed_low", "ed_high", "beds_model_2025"), _PERHAPS),
    },
    "places": {"site": _TEXT, "name": _TEXT, "kind": _TEXT, "at": _TEXT},
    "parameters": {"parameter": _TEXT, **dict.fromkeys(("value", "low", "high"), _PERHAPS), "unit": _ANY},
    "targets": {"target": _TEXT, "parameter": _TEXT, **dict.fromkeys(("scale", "tolerance"), _PERHAPS)},
}  # fmt: skip

__all__ = ["SOURCE_CELLS", "SOURCE_COLUMNS", "SOURCE_KEYS", "code_cell"]
