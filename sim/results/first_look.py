"""Whether a study is a first look: too short, or repeated too few times, for conclusions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sim.results.settled import FEW

FEW_DAYS = 14  # two of each weekday, so that a week can be told from another


def window_days(study: Mapping[str, Any]) -> int:
    """Days of the window of a study, as its configuration says."""
    return (date.fromisoformat(str(study["end"])) - date.fromisoformat(str(study["start"]))).days + 1


def is_first_look(study: Mapping[str, Any]) -> bool:
    """Whether the window has fewer than ``FEW_DAYS`` days, or there are fewer than ``FEW`` replications."""
    return window_days(study) < FEW_DAYS or int(study["replications"]) < FEW


__all__ = ["FEW_DAYS", "is_first_look", "window_days"]
