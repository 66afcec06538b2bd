"""Rules of the care model in short words: times, ways on, shares."""

from __future__ import annotations

import math
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
    "co2_g_per_km": N_("grams of carbon dioxide per km"),
    "nearness": N_("fewer turn to it first the longer the way, and while it is closed"),
    "wait": N_("fewer turn to it first the longer one waits"),
    "queue_limit": N_("how many may wait"),
    "refuse": N_("who is not taken when it is full"),
    "not_before": N_("how long before an appointment"),
    "no_show": N_("who does not come"),
    "service_choice": N_("choice of service"),
    "weekly_variation": N_("how much weeks differ"),
    "cv": N_("coefficient of variation"),
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


def record_title(path: list[str], names: Names, language: Language) -> str:
    """What a record is, from the keys that lead to it."""
    parts = []
    for before, key in zip(["", *path], path, strict=False):
        if before in RULED:
            continue
        parts.append(names.age(key) if before == "rate_per_1000_year" else _key(key, names, language))
    return ", ".join(parts)


def _key(key: str, names: Names, language: Language) -> str:
    """What a key is; the label of a service, whose name the configuration chose."""
    if key in PARTS:
        return language.translate(PARTS[key])
    label = names.service(key)
    return names.within(label) if label != key else key.replace("_", " ")


def rule_phrase(record: dict[str, Any], names: Names, language: Language) -> str:
    """What a rule says: whom it is for, how long, and what comes next."""
    parts = whom(record.get("when") or {}, names, language)
    for key, value in record.items():
        if key in _PHRASES and value:
            parts.append(_PHRASES[key](_with_way(value, record), names, language))
        elif key in NUMBERS and isinstance(value, (int, float)):
            parts.append(language.translate(NUMBERS[key], number=language.plain(value)))
    return "; ".join(parts)


def _with_way(value: Any, record: dict[str, Any]) -> Any:
    """A response to a way on, with the service that the way leads to."""
    if isinstance(value, dict) and value.get("step"):
        return {**value, "to": record["then"][value["step"]]["to"]}
    return value


def _time(time: dict[str, Any], _names: Names, language: Language) -> str:
    name = UNITS[time["unit"]]
    unit = language.translate(name)
    parts = [
        language.translate(NUMBERS[k], number=f"{language.plain(v)} {unit}")
        for k, v in time.items()
        if k in NUMBERS and v is not None
    ]
    return ", ".join(parts)


def _steps(steps: dict[str, dict[str, Any]], names: Names, language: Language) -> str:
    parts = []
    for step in steps.values():
        to = language.translate("nothing more") if step["to"] == EXIT else names.within(names.service(step["to"]))
        parts.append(f"{to} {language.plain_percent(step['probability'])}")
        if step.get("how") == "within":
            parts[-1] += language.translate(" (the place is kept meanwhile)")
        if step.get("after"):
            parts[-1] += language.translate(" (after {time})", time=_time(step["after"], names, language))
    return ", ".join(parts)


def _services(shares: dict[str, float], names: Names, language: Language) -> str:
    return ", ".join(
        f"{names.within(names.service(s))} {language.plain_percent(share)}" for s, share in shares.items() if share
    )


def _acuities(shares: dict[str, float], _names: Names, language: Language) -> str:
    return ", ".join(f"{acuity}: {language.plain_percent(share)}" for acuity, share in shares.items())


def _minutes(target: dict[str, float], _names: Names, language: Language) -> str:
    parts = [
        f"{acuity}: {language.plain(minutes)} {language.translate(UNITS['min'])}" for acuity, minutes in target.items()
    ]
    return language.translate("target wait by urgency {list}", list=", ".join(parts))


def _queue_days(queue: dict[str, float], _names: Names, language: Language) -> str:
    parts = [f"{acuity}: {language.plain(days)} {language.translate(UNITS['days'])}" for acuity, days in queue.items()]
    return language.translate("the more urgent wait for less, {list}", list=", ".join(parts))


def _per_km(change: dict[str, float], _names: Names, language: Language) -> str:
    parts = [f"{acuity}: {language.plain_percent(share)}" for acuity, share in change.items()]
    return language.translate("per km, by urgency {list}", list=", ".join(parts))


def _while_closed(utility: dict[str, float], _names: Names, language: Language) -> str:
    parts = [f"{acuity}: {language.plain_percent(math.exp(u))}" for acuity, u in utility.items()]
    return language.translate("odds while it is closed, by urgency {list}", list=", ".join(parts))


def _by_acuity(utilities: dict[str, list[float]], _names: Names, language: Language) -> str:
    parts = [f"{acuity}: {language.plain_percent(math.exp(row[-1]))}" for acuity, row in utilities.items()]
    return language.translate("odds at the longest wait, by urgency {list}", list=", ".join(parts))


_PHRASES: dict[str, Callable[[Any, Names, Language], str]] = {
    "time": _time,
    "then": _steps,
    "to": _services,
    "mix": _acuities,
    "target_min": _minutes,
    "queue_days_of": _queue_days,
    "per_km": _per_km,
    "closed": _while_closed,
    "by_acuity": _by_acuity,
    "signal": signal,
    "share": share,
    "occupies": occupies,
    "response": response,
    "when_full": when_full,
}

__all__ = ["record_title", "rule_phrase"]
