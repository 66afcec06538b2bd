"""How much a lever may do: ranges of its effect sizes, and what cannot be done by halves."""

from __future__ import annotations

from collections.abc import Iterator

from sim.config.errors import Problem
from sim.config.schema import scenario as s
from sim.config.schema.base import EffectSize
from sim.config.sentence import Sentence

INFINITE = float("inf")
LIMITS: dict[str, tuple[float, float]] = {
    "share": (0, 1),
    "fail_share": (0, 1),
    "moved": (0, 1),
    "induced": (0, INFINITE),
    "enrolled": (0, INFINITE),
    "eligible": (1, INFINITE),
    "staff_min_per_week": (0, INFINITE),
    "sek_per_staff_h": (0, INFINITE),
    "sek_per_year": (0, INFINITE),
    "reduction": (-10, 1),
    "change": (-1, INFINITE),
    "scale": (-1, INFINITE),
}


def check_ramp(lever: s.Lever, file: str, key: str) -> Iterator[Problem]:
    """What cannot be done by halves is off or on."""
    if not isinstance(lever, s.CloseLever | s.OpeningHoursLever):
        return
    for day, share in (lever.ramp or {}).items():
        if share not in (0, 1):
            yield Problem(
                file, f"{key}.ramp.{day}", f"{share:g}", Sentence("{kind} is off or on", kind=lever.kind), "", "0, 1"
            )


def check_sizes(lever: s.Lever, file: str, key: str) -> Iterator[Problem]:
    """Effect sizes that lie outside what can be."""
    for name in type(lever).model_fields:
        effect = getattr(lever, name)
        if not isinstance(effect, EffectSize) or name not in LIMITS:
            continue
        least, most = LIMITS[name]
        for end in ("value", "low", "high"):
            size = getattr(effect, end)
            if not least <= size <= most:
                allowed = (
                    Sentence("{low} to {high}", low=f"{least:g}", high=f"{most:g}")
                    if most < INFINITE
                    else Sentence("at least {number}", number=f"{least:g}")
                )
                yield Problem(file, f"{key}.{name}.{end}", str(size), "out of range", "", allowed)


__all__ = ["LIMITS", "check_ramp", "check_sizes"]
