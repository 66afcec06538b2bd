"""What a lever cannot do by halves."""

from __future__ import annotations

from collections.abc import Iterator

from sim.config.errors import Problem
from sim.config.schema import scenario as s
from sim.config.sentence import Sentence


def check_ramp(lever: s.Lever, file: str, key: str) -> Iterator[Problem]:
    """What cannot be done by halves is off or on."""
    if not isinstance(lever, s.CloseLever | s.OpeningHoursLever):
        return
    for day, share in (lever.ramp or {}).items():
        if share not in (0, 1):
            yield Problem(
                file, f"{key}.ramp.{day}", f"{share:g}", Sentence("{kind} is off or on", kind=lever.kind), "", "0, 1"
            )


__all__ = ["check_ramp"]
