"""A lever in one plain sentence."""

from __future__ import annotations

from typing import Any

from sim.report.language import N_, Language
from sim.report.names import Names

FEW = 4
EXIT = "exit"
SIZES = {
    "add_units": N_("units added"),
    "scale": N_("relative change of capacity"),
    "share": N_("share that moves"),
    "moved": N_("share of the capacity that moves along"),
    "fail_share": N_("share of the moved that comes back"),
    "induced": N_("further contacts for each that moves"),
    "change": N_("relative change"),
    "enrolled": N_("people enrolled"),
    "eligible": N_("people who could be enrolled"),
    "reduction": N_("relative reduction of their need"),
    "staff_min_per_week": N_("staff minutes per person and week"),
    "sek_per_staff_h": N_("SEK per staff hour"),
    "sum_sek_per_year": N_("SEK a year"),
    "sek_per_year": N_("SEK per person and year"),
}
WORDS = {
    "capacity": N_("Changes capacity: {pools}"),
    "budget": N_("A budget for {menu}"),
    "transfer": N_("Moves capacity from {source_pools} to {target_pools}, at equal {exchange}"),
    "opening_hours": N_("Changes opening hours of {service}{at}"),
    "close": N_("Closes {services} at {sites}{moved_to}"),
    "open": N_("Opens {service} at {sites}"),
    "shift": N_("First contacts move from {from_service} to {to_service}"),
    "demand": N_("Changes how often people need care"),
    "enrolment": N_("People are enrolled in care at home or remote monitoring"),
    "pathway": N_("After {service}, some who would go to {from_step} go to {to_step}"),
    "duration": N_("Changes how long {service} takes"),
    "lead_time": N_("Changes how long before {service} can start"),
    "target": N_("Changes the order of the queue to {service}"),
}
EXCHANGES = {"cost": N_("cost"), "staff_hours": N_("staff hours")}


def lever_sentence(lever: dict[str, Any], names: Names, language: Language) -> str:
    """What a lever does, for whom, and in which steps."""
    parts = [lever_deed(lever, names, language)]
    parts += whom(lever.get("when") or {}, names, language)
    if lever["kind"] not in AT_SITES and lever.get("where"):
        parts.append(language.translate("patients who live in: {place}", place=_place(lever["where"], names, language)))
    if lever.get("paid_by"):
        parts.append(language.translate("paid by {pools}", pools=_pools(lever["paid_by"], names, language)))
    if lever.get("ramp"):
        steps = [f"{day} {language.plain_percent(part)}" for day, part in lever["ramp"].items()]
        parts.append(language.translate("in steps: {steps}", steps=", ".join(steps)))
    return "; ".join(parts)


def lever_deed(lever: dict[str, Any], names: Names, language: Language) -> str:
    """What a lever does, to everybody whom it is for."""
    sentence = WORDS[lever["kind"]]
    return language.translate(sentence, **_parts(lever, names, language))


def _parts(lever: dict[str, Any], names: Names, language: Language) -> dict[str, str]:
    """Everything that any sentence may name."""
    out = {key: _service(lever[key], names, language) for key in SERVICES if lever.get(key)}
    out |= {key: _pools(lever[key], names, language) for key in POOLS if lever.get(key)}
    place = _place(lever["where"], names, language) if lever.get("where") else ""
    sites = [names.site(s) for s in lever.get("sites") or {}]
    to_sites = [names.site(s) for s in lever.get("to_sites") or {}]
    out["services"] = language.enumeration([names.within(names.service(s)) for s in lever.get("services", [])])
    out["sites"] = place or _few(sites, language)
    out["at"] = language.translate(" at {sites}", sites=place) if place else ""
    out["moved_to"] = (
        language.translate("; what moves along goes to {sites}", sites=_few(to_sites, language)) if to_sites else ""
    )
    out["menu"] = language.enumeration([_item(item, names, language) for item in (lever.get("menu") or {}).values()])
    out["exchange"] = language.translate(EXCHANGES.get(lever.get("exchange", ""), ""))
    return out


def _item(item: dict[str, Any], names: Names, language: Language) -> str:
    what = _pools(item["pools"], names, language) if item.get("pools") else language.translate("joint work")
    return f"{what} ({language.plain_percent(item['share'])})"


SERVICES = ("service", "from_service", "to_service", "from_step", "to_step")
AT_SITES = ("opening_hours", "close")  # whose place is told in the sentence itself
POOLS = ("pools", "source_pools", "target_pools")


def _service(name: str, names: Names, language: Language) -> str:
    return language.translate("nothing more") if name == EXIT else names.within(names.service(name))


def _pools(pools: dict[str, Any], names: Names, language: Language) -> str:
    what = names.within(names.resource(pools["resource"])) if pools.get("resource") else language.translate("all pools")
    return f"{what} ({_place(pools['where'], names, language)})" if pools.get("where") else what


def _place(where: dict[str, Any], names: Names, language: Language) -> str:
    """What fits every line, the narrowest first."""
    near = where.get("within")
    lines = [
        [names.site(s) for s in where.get("sites") or []],
        [names.municipality(m) for m in where.get("municipalities") or []],
        list(where.get("subregions") or []),
    ]
    words = [_few(line, language) for line in lines if line]
    if near:
        sites = _few([names.site(s) for s in near["sites"]], language)
        minutes = language.number(near["minutes"])
        words.insert(0, language.translate("within {minutes} minutes of {sites}", minutes=minutes, sites=sites))
    return ", ".join(words)


def _few(parts: list[str], language: Language) -> str:
    """A list that stays short."""
    if len(parts) <= FEW:
        return language.enumeration(parts)
    return language.translate("{some} and {number} more", some=", ".join(parts[: FEW - 1]), number=len(parts) - FEW + 1)


def whom(when: dict[str, Any], names: Names, language: Language) -> list[str]:
    """Whom a rule or a lever is for, each condition in words."""
    translate, out = language.translate, []
    if when.get("needs"):
        needs = [names.within(names.need(need)) for need in when["needs"]]
        out.append(translate("needs: {names}", names=language.enumeration(needs)))
    if when.get("ages"):
        out.append(translate("ages: {names}", names=language.enumeration([names.age(a) for a in when["ages"]])))
    if when.get("acuity"):
        acuities = language.enumeration(list(when["acuity"]))
        out.append(translate("urgency (1 is the most urgent): {names}", names=acuities))
    return out


__all__ = ["EXIT", "SIZES", "lever_deed", "lever_sentence", "whom"]
