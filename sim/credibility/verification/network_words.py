"""The words of a small network: figures, times, ways on, services and needs, as a file says them."""

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
    to: str,
    probability: float = 1,
    how: str = "at_once",
    after: float | Plain | None = None,
    gives_back: str | None = None,
) -> Plain:
    """A way on from a contact; ``after`` in minutes makes it a follow-up."""
    if after is None:
        more = {} if gives_back is None else {"gives_back": gives_back}
        return {"to": to, "probability": probability, "how": how, **more}
    delay = after if isinstance(after, dict) else minutes(after)
    return {"to": to, "probability": probability, "how": "follow_up", "after": delay}


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
    """A service: ``time`` and ``patience`` in minutes, ``then`` and ``leaves`` are ways on, by name w0, w1 ..."""
    words: Plain = {"label": LABEL, "kind": "other", "mode": mode, **more}
    words["duration"] = {"all": {"time": time if isinstance(time, dict) else minutes(time), **SAID}}
    if "unlimited_at" not in more:
        words["choice"] = {**(choice or {"rule": "nearest"}), **SAID}
    if then:
        words["next"] = {"all": {"then": steps(then), **SAID}}
    if patience is not None:
        wait = patience if isinstance(patience, dict) else minutes(patience)
        words["patience"] = {"all": {"time": wait, "then": steps(leaves), **SAID}}
    if targets is not None:
        words["targets"] = {"target_min": {str(q + 1): t for q, t in enumerate(targets)}, **SAID}
    return words


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


def responding(words: Plain, ways: Plain | None = None, length: Plain | None = None) -> Plain:
    """A service whose ways on, or whose time, answer to a signal."""
    if ways is not None:
        words["next"]["all"]["response"] = {**ways, **SAID}
    if length is not None:
        words["duration"]["all"]["response"] = {**length, **SAID}
    return words


__all__ = [
    "LABEL", "SAID", "Plain", "exponential", "figure", "minutes", "need", "responding", "service", "steps", "way",
]  # fmt: skip
