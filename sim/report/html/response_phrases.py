"""What is said of those who are not taken, do not come, or answer to how full it is, in short words."""

from __future__ import annotations

from typing import Any

from sim.report.language import N_, Language
from sim.report.names import Names

WHEN_FULL = {
    "fallback": N_("who is turned away goes elsewhere"),
    "next_site": N_("who is turned away asks the next place"),
    "leave": N_("who is turned away leaves"),
}


def response(said: dict[str, Any], _names: Names, say: Language) -> str:
    """What a way on, or the time, is multiplied by, one number for each class of the signal."""
    numbers = ", ".join(say.plain(n) for n in said.get("odds") or said["factor"])
    if said.get("step"):
        parts = {"step": _plain(said["step"]), "signal": _plain(said["signal"]), "list": numbers}
        return say._("the odds of {step} by {signal}: times {list}", **parts)
    return say._("longer or shorter by {signal}: times {list}", signal=_plain(said["signal"]), list=numbers)


def signal(name: str, _names: Names, say: Language) -> str:
    """By which signal."""
    return say._("by {signal}", signal=_plain(name))


def share(said: float | list[float], _names: Names, say: Language) -> str:
    """Whom an offer does not take, class after class; or who does not come."""
    if isinstance(said, list):
        return say._("turned away {list}", list=", ".join(say.plain_percent(one) for one in said))
    return say._("{share} do not come", share=say.plain_percent(said))


def occupies(part: float, _names: Names, say: Language) -> str:
    """How much of the time is lost by who does not come."""
    return say._("{share} of the time is lost then", share=say.plain_percent(part))


def when_full(said: str, _names: Names, say: Language) -> str:
    """What one does who is turned away."""
    return say._(WHEN_FULL[said])


def _plain(name: str) -> str:
    return name.replace("_", " ")


__all__ = ["WHEN_FULL", "occupies", "response", "share", "signal", "when_full"]
