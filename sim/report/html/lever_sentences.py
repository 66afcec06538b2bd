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
    "sek_per_year": N_("SEK per person and year"),
}
WORDS = {
    "capacity": N_("Changes capacity: {pools}"),
    "transfer": N_("Moves capacity from {source_pools} to {target_pools}, at equal {exchange}"),
    "opening_hours": N_("Changes opening hours of {service}{at}"),
    "close": N_("Closes {services} at {sites}{moved_to}"),
    "open": N_("Opens {service} at {sites}"),
    "shift": N_("First contacts move from {from_service} to {to_service}"),
    "demand": N_("Changes how often people need care"),
    "enrolment": N_("People are enrolled in care at home or remote monitoring"),
    "pathway": N_("After {service}, some who would go to {from_step} go to {to_step}"),
    "duration": N_("Changes how long {service} takes"),
    "target": N_("Changes the order of the queue to {service}"),
}
EXCHANGES = {"cost": N_("cost"), "staff_hours": N_("staff hours")}


def described(lever: dict[str, Any], names: Names, say: Language) -> str:
    """What a lever does, for whom, and in which steps."""
    sentence = WORDS[lever["kind"]]
    parts = [say._(sentence, **_parts(lever, names, say))]
    parts += whom(lever.get("when") or {}, names, say)
    if lever.get("paid_by"):
        parts.append(say._("paid by {pools}", pools=_pools(lever["paid_by"], names, say)))
    if lever.get("ramp"):
        steps = [f"{day} {say.plain_percent(part)}" for day, part in lever["ramp"].items()]
        parts.append(say._("in steps: {steps}", steps=", ".join(steps)))
    return "; ".join(parts)


def _parts(lever: dict[str, Any], names: Names, say: Language) -> dict[str, str]:
    """Everything that any sentence may name."""
    out = {key: _service(lever[key], names, say) for key in SERVICES if lever.get(key)}
    out |= {key: _pools(lever[key], names, say) for key in POOLS if lever.get(key)}
    sites = [names.site(s) for s in lever.get("sites") or {}]
    to_sites = [names.site(s) for s in lever.get("to_sites") or {}]
    out["services"] = say.listed([names.within(names.service(s)) for s in lever.get("services", [])])
    out["sites"] = _few(sites, say)
    out["at"] = say._(" at {sites}", sites=_few(sites, say)) if sites else ""
    out["moved_to"] = say._("; what moves along goes to {sites}", sites=_few(to_sites, say)) if to_sites else ""
    out["exchange"] = say._(EXCHANGES.get(lever.get("exchange", ""), ""))
    return out


SERVICES = ("service", "from_service", "to_service", "from_step", "to_step")
POOLS = ("pools", "source_pools", "target_pools")


def _service(name: str, names: Names, say: Language) -> str:
    return say._("nothing more") if name == EXIT else names.within(names.service(name))


def _pools(pools: dict[str, Any], names: Names, say: Language) -> str:
    what = names.within(names.resource(pools["resource"])) if pools.get("resource") else say._("all pools")
    where = [names.site(s) for s in pools.get("sites") or []] + list(pools.get("subregions") or [])
    return f"{what} ({_few(where, say)})" if where else what


def _few(parts: list[str], say: Language) -> str:
    """A list that stays short."""
    if len(parts) <= FEW:
        return say.listed(parts)
    return say._("{some} and {number} more", some=", ".join(parts[: FEW - 1]), number=len(parts) - FEW + 1)


def whom(when: dict[str, Any], names: Names, say: Language) -> list[str]:
    """Whom a rule or a lever is for, each condition in words."""
    out = []
    if when.get("needs"):
        out.append(say._("needs: {names}", names=say.listed([names.within(names.need(n)) for n in when["needs"]])))
    if when.get("ages"):
        out.append(say._("ages: {names}", names=say.listed([names.age(a) for a in when["ages"]])))
    if when.get("acuity"):
        out.append(say._("urgency (1 is the most urgent): {names}", names=say.listed(list(when["acuity"]))))
    return out


__all__ = ["EXIT", "SIZES", "described", "whom"]
