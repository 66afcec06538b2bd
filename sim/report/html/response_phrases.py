"""What is value of those who are not taken, do not come, or answer to how full it is, in short words."""

from __future__ import annotations

from typing import Any

from sim.report.html.lever_sentences import EXIT
from sim.report.language import N_, Language
from sim.report.names import Names

WHEN_FULL = {
    "fallback": N_("who is turned away goes elsewhere"),
    "next_site": N_("who is turned away asks the next place"),
    "leave": N_("who is turned away leaves"),
}


SIGNALS = {
    "occupancy": N_("how full {service} is"),
    "site_occupancy": N_("how full the place is for {service}"),
    "per_unit": N_("how many there are for each open unit of {service}"),
    "queue": N_("the queue to {service}"),
    "expected_wait": N_("the expected wait for {service}"),
}


def response(value: dict[str, Any], names: Names, language: Language) -> str:
    """What a way on, or the time, is multiplied by, one number for each class of the signal."""
    numbers = ", ".join(language.plain(n) for n in value.get("odds") or value["factor"])
    if value.get("step"):
        step = language.translate("nothing more") if value["to"] == EXIT else names.within(names.service(value["to"]))
        parts = {"step": step, "signal": _signal(value["signal"], names, language), "list": numbers}
        return language.translate("the odds of {step} by {signal}: times {list}", **parts)
    by = _signal(value["signal"], names, language)
    return language.translate("longer or shorter by {signal}: times {list}", signal=by, list=numbers)


def signal(name: str, names: Names, language: Language) -> str:
    """By which signal."""
    return language.translate("by {signal}", signal=_signal(name, names, language))


def share(value: float | list[float], _names: Names, language: Language) -> str:
    """Whom an offer does not take, class after class; or who does not come."""
    if isinstance(value, list):
        return language.translate("turned away {list}", list=", ".join(language.plain_percent(one) for one in value))
    return language.translate("{share} do not come", share=language.plain_percent(value))


def occupies(part: float, _names: Names, language: Language) -> str:
    """How much of the time is lost by who does not come."""
    return language.translate("{share} of the time is lost then", share=language.plain_percent(part))


def when_full(value: str, _names: Names, language: Language) -> str:
    """What one does who is turned away."""
    return language.translate(WHEN_FULL[value])


def _signal(name: str, names: Names, language: Language) -> str:
    """What is looked at; its name alone if the care model has no such signal."""
    record = names.signals.get(name)
    if record is None:
        return name.replace("_", " ")
    what = SIGNALS[record["what"]]
    return language.translate(what, service=names.within(names.service(record["of"])))


__all__ = ["WHEN_FULL", "occupies", "response", "share", "signal", "when_full"]
