"""What is value of those who are not taken, do not come, or answer to how full it is, in short words."""

from __future__ import annotations

from typing import Any

from sim.report.language import N_, Language
from sim.report.names import Names

WHEN_FULL = {
    "fallback": N_("who is turned away goes elsewhere"),
    "next_site": N_("who is turned away asks the next place"),
    "leave": N_("who is turned away leaves"),
}


def response(value: dict[str, Any], _names: Names, language: Language) -> str:
    """What a way on, or the time, is multiplied by, one number for each class of the signal."""
    numbers = ", ".join(language.plain(n) for n in value.get("odds") or value["factor"])
    if value.get("step"):
        parts = {"step": _plain(value["step"]), "signal": _plain(value["signal"]), "list": numbers}
        return language.translate("the odds of {step} by {signal}: times {list}", **parts)
    return language.translate(
        "longer or shorter by {signal}: times {list}", signal=_plain(value["signal"]), list=numbers
    )


def signal(name: str, _names: Names, language: Language) -> str:
    """By which signal."""
    return language.translate("by {signal}", signal=_plain(name))


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


def _plain(name: str) -> str:
    return name.replace("_", " ")


__all__ = ["WHEN_FULL", "occupies", "response", "share", "signal", "when_full"]
