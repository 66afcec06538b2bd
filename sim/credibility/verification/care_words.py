"""What a care model of a few services says, in fewer words: times are minutes, and everything has the same source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sim.model.codes import AGE_GROUPS

SAID = {"source": "test", "quality": "D"}
LABEL = {"sv": "x", "en": "x"}
Plain = dict[str, Any]


def figure(value: float, low: float | None = None, high: float | None = None) -> Plain:
    """A number with its source; an effect size if it has a range."""
    return {"value": value, **SAID} if low is None else {"value": value, "low": low, "high": high, **SAID}


def minutes(value: float) -> Plain:
    """A time that is always the same."""
    return {"dist": "deterministic", "unit": "min", "value": value}


def exponential(mean: float) -> Plain:
    """An exponential time, mean in minutes."""
    return {"dist": "exponential", "unit": "min", "mean": mean}


def way(
    to: str, probability: float = 1, how: str = "at_once", after: float | Plain | None = None, **more: str
) -> Plain:
    """A way on from a contact; ``after`` in minutes makes it a follow-up; ``more`` may be ``gives_back``."""
    if after is None:
        return {"to": to, "probability": probability, "how": how, **more}
    delay = after if isinstance(after, dict) else minutes(after)
    return {"to": to, "probability": probability, "how": "follow_up", "after": delay}


def signal(of: str, what: str, classes: Sequence[int], over_h: int = 0) -> Plain:
    """What can be known of a service, by rising thresholds."""
    return {"of": of, "what": what, "over_h": over_h, "classes": list(classes)}


def rule(**says: Any) -> Plain:
    """One rule for everybody: a refusal, a delay before which nothing starts, or appointments that are missed."""
    return {"all": {**says, **SAID}}


def steps(ways: Sequence[Plain]) -> Plain:
    """Ways on by name."""
    return {f"w{j}": w for j, w in enumerate(ways)}


def service(
    time: float | Plain = 60,
    mode: str = "walk_in",
    then: Sequence[Plain] = (),
    patience: float | Plain | None = None,
    leaves: Sequence[Plain] = (),
    targets: Sequence[float] | None = None,
    choice: Plain | None = None,
    **more: Any,
) -> Plain:
    """A service: ``time`` and ``patience`` in minutes, ``then`` and ``leaves`` are ways on."""
    made: Plain = {"label": LABEL, "kind": "other", "mode": mode, **more}
    made["duration"] = {"all": {"time": time if isinstance(time, dict) else minutes(time), **SAID}}
    if "unlimited_at" not in more:
        made["choice"] = {**(choice or {"rule": "nearest"}), **SAID}
    if then:
        made["next"] = {"all": {"then": steps(then), **SAID}}
    if patience is not None:
        wait = patience if isinstance(patience, dict) else minutes(patience)
        made["patience"] = {"all": {"time": wait, "then": steps(leaves), **SAID}}
    if targets is not None:
        made["targets"] = {"target_min": {str(q + 1): t for q, t in enumerate(targets)}, **SAID}
    return made


def responding(care: Plain, rules: str, **response: Any) -> Plain:
    """A service whose ways on (``next``) or time (``duration``) answer to a signal."""
    return {**care, rules: {"all": {**care[rules]["all"], "response": {**response, **SAID}}}}


def need(first: Mapping[str, float], rate: float | Mapping[str, float] = 100, **more: Any) -> Plain:
    """A need: probabilities of the first contact, episodes per 1,000 and year."""
    rates = rate if isinstance(rate, Mapping) else dict.fromkeys(AGE_GROUPS, rate)
    return {
        "label": LABEL,
        "rate_per_1000_year": {age: figure(value) for age, value in rates.items()},
        "profile": "flat",
        "acuity": {"all": {"mix": {"3": 1}, **SAID}},
        "first": {"all": {"to": dict(first), **SAID}},
        **more,
    }


__all__ = [
    "LABEL",
    "SAID",
    "Plain",
    "exponential",
    "figure",
    "minutes",
    "need",
    "responding",
    "rule",
    "service",
    "signal",
    "steps",
    "way",
]
