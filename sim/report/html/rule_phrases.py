"""Rules of the care model in short words: times, ways on, shares."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sim.report.html.lever_sentences import EXIT, whom
from sim.report.html.response_phrases import occupies, response, share, signal, when_full
from sim.report.language import N_, Language
from sim.report.names import Names

PARTS = {
    "duration": N_("time it takes"),
    "patience": N_("how long people wait before they leave"),
    "next": N_("what comes after"),
    "choice": N_("choice of place"),
    "targets": N_("order of the queue"),
    "initial": N_("queue at the start"),
    "acuity": N_("urgency"),
    "first": N_("first contact"),
    "rate_per_1000_year": N_("occasions per 1,000 residents and year"),
    "staff_h_per_unit_h": N_("staff hours per open hour"),
    "sek_per_staff_h": N_("SEK per staff hour"),
    "tour_factor": N_("occupied time over driving and visit"),
    "ambulance_share": N_("share who come by ambulance, by urgency"),
    "co2_g_per_km": N_("grams of carbon dioxide per km"),
    "distance": N_("fewer seek care the longer the way"),
    "queue_limit": N_("how many may wait"),
    "refuse": N_("who is not taken when it is full"),
    "not_before": N_("how long before an appointment"),
    "no_show": N_("who does not come"),
}
RULED = ("duration", "patience", "next", "acuity", "first", "refuse", "not_before", "no_show")
# rules by name: whom they are for says more than the name
NUMBERS = {
    "mean": N_("mean {number}"),
    "sd": N_("standard deviation {number}"),
    "median": N_("median {number}"),
    "p90": N_("one in ten above {number}"),
    "low": N_("least {number}"),
    "high": N_("most {number}"),
    "mode": N_("most common {number}"),
    "minimum": N_("least {number}"),
    "value": N_("always {number}"),
    "per_min": N_("disutility per minute {number}"),
    "span_days": N_("over {number} days"),
    "queue_days": N_("those of the last {number} days wait"),
    "waiting": N_("at most {number} wait"),
}
UNITS = {"s": N_("s"), "min": N_("min"), "h": N_("h"), "days": N_("days")}


def titled(path: list[str], names: Names, say: Language) -> str:
    """What a record is, from the keys that lead to it."""
    parts = []
    for before, key in zip(["", *path], path, strict=False):
        if before in RULED:
            continue
        parts.append(names.age(key) if before == "rate_per_1000_year" else say._(PARTS.get(key, key.replace("_", " "))))
    return ", ".join(parts)


def spoken(record: dict[str, Any], names: Names, say: Language) -> str:
    """What a rule says: whom it is for, how long, and what comes next."""
    parts = whom(record.get("when") or {}, names, say)
    for key, value in record.items():
        if key in _SPEAK and value:
            parts.append(_SPEAK[key](value, names, say))
        elif key in NUMBERS and isinstance(value, (int, float)):
            parts.append(say._(NUMBERS[key], number=say.plain(value)))
    return "; ".join(parts)


def _time(time: dict[str, Any], _names: Names, say: Language) -> str:
    name = UNITS[time["unit"]]
    unit = say._(name)
    told = [
        say._(NUMBERS[k], number=f"{say.plain(v)} {unit}") for k, v in time.items() if k in NUMBERS and v is not None
    ]
    return ", ".join(told)


def _steps(steps: dict[str, dict[str, Any]], names: Names, say: Language) -> str:
    told = []
    for step in steps.values():
        to = say._("nothing more") if step["to"] == EXIT else names.within(names.service(step["to"]))
        told.append(f"{to} {say.plain_percent(step['probability'])}")
        if step.get("how") == "within":
            told[-1] += say._(" (the place is kept meanwhile)")
        if step.get("after"):
            told[-1] += say._(" (after {time})", time=_time(step["after"], names, say))
    return ", ".join(told)


def _services(shares: dict[str, float], names: Names, say: Language) -> str:
    return ", ".join(
        f"{names.within(names.service(s))} {say.plain_percent(share)}" for s, share in shares.items() if share
    )


def _acuities(shares: dict[str, float], _names: Names, say: Language) -> str:
    return ", ".join(f"{acuity}: {say.plain_percent(share)}" for acuity, share in shares.items())


def _minutes(target: dict[str, float], _names: Names, say: Language) -> str:
    told = [f"{acuity}: {say.plain(minutes)} {say._(UNITS['min'])}" for acuity, minutes in target.items()]
    return say._("target wait by urgency {list}", list=", ".join(told))


def _per_km(change: dict[str, float], _names: Names, say: Language) -> str:
    told = [f"{acuity}: {say.plain_percent(share)}" for acuity, share in change.items()]
    return say._("per km, by urgency {list}", list=", ".join(told))


_SPEAK: dict[str, Callable[[Any, Names, Language], str]] = {
    "time": _time,
    "then": _steps,
    "to": _services,
    "mix": _acuities,
    "target_min": _minutes,
    "per_km": _per_km,
    "signal": signal,
    "share": share,
    "occupies": occupies,
    "response": response,
    "when_full": when_full,
}

__all__ = ["spoken", "titled"]
