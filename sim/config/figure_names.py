"""What people call the figures of the care model and of travel, in both languages."""

from __future__ import annotations

from collections.abc import Mapping

from sim.config.schema.base import Label
from sim.config.schema.care import Care
from sim.config.schema.travel_rules import Band, TravelConfig

LAST = {  # of the keys that lead to a figure
    "co2_g_per_km": ("gram koldioxid per km", "grams of carbon dioxide per km"),
    "tour_factor": ("upptagen tid, av körning och besök", "occupied time over driving and visit"),
    "staff_h_per_unit_h": ("personaltimmar per öppen timme", "staff hours per open hour"),
    "sek_per_staff_h": ("kronor per personaltimme", "SEK per staff hour"),
    "rate_per_1000_year": ("tillfällen per 1 000 invånare och år", "occasions per 1,000 residents and year"),
    "weekly_variation": ("veckor som skiljer sig åt", "weeks that differ"),
    "cv": ("variationskoefficient", "coefficient of variation"),
    "access_min": ("minuter till och från bilen", "minutes to and from the car"),
    "within_km": ("kortaste väg, inom en ort (km)", "shortest way, within a locality (km)"),
    "penalty_min": ("minuter", "minutes"),
    "penalty_km": ("km", "km"),
}


def care_label(care: Care, path: tuple[str, ...]) -> Label:
    """A figure of the care model, from the keys that lead to it: whose it is, and what it is."""
    owners = {"resources": care.resources, "needs": care.needs}
    labels = {k: v.label for k, v in owners[path[0]].items()} if path[0] in owners else {}  # type: ignore[attr-defined]
    parts = [_label(labels, key) for key in path if key not in owners]
    return Label(
        sv=_sentence(", ".join(p.sv for p in parts)),
        en=_sentence(", ".join(p.en for p in parts)),
    )


def travel_label(travel: TravelConfig, path: tuple[str, ...]) -> Label:
    """A figure of ``travel.yaml``, from the keys that lead to it."""
    if path[0] == "detour":
        sv, en = _span(travel.detour, path[1])
        return Label(sv=f"Omvägar på vägen, {sv} fågelvägen", en=f"Detours of roads, {en} as the crow flies")
    if path[0] == "speed":
        sv, en = _span(travel.speed, path[1])
        return Label(sv=f"Fart med bil, {sv} av vägen", en=f"Speed by car, {en} of the way")
    label = _label({}, path[-1])
    return Label(sv=_sentence(label.sv), en=_sentence(label.en))


def crossings_label(last: str, number: int) -> Label:
    """A figure of all ferries and bridges together."""
    label = _label({}, last)
    return Label(
        sv=f"Färjor och broar, {label.sv} per passage (alla {number})",
        en=f"Ferries and bridges, {label.en} per crossing (all {number})",
    )


def _span(bands: Mapping[str, Band], name: str) -> tuple[str, str]:
    """Where a band of distance lies, in both languages."""
    names = list(bands)
    at = names.index(name)
    start = bands[names[at - 1]].up_to_km if at else 0.0
    if at == len(names) - 1:
        return (f"över {start:g} km", f"beyond {start:g} km") if at else ("hela", "all")
    return f"{start:g}–{bands[name].up_to_km:g} km", f"{start:g} to {bands[name].up_to_km:g} km"


def _label(labels: Mapping[str, Label], key: str) -> Label:
    plain = key.replace("_", " ")
    sv, en = LAST.get(key, (plain, plain))
    return labels.get(key, Label(sv=sv, en=en))


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


__all__ = ["care_label", "crossings_label", "travel_label"]
