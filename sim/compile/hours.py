"""How long a calendar is open."""

from __future__ import annotations

from sim.config.region import Calendar, Shift

WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def minutes(hhmm: str) -> int:
    """Minutes after midnight."""
    hour, minute = hhmm.split(":")
    return 60 * int(hour) + int(minute)


def length_min(hours: str) -> int:
    """Minutes of ``"HH:MM-HH:MM"``; one that ends before it starts passes midnight."""
    start, end = (minutes(t) for t in hours.split("-"))
    return end - start if end > start else end - start + 24 * 60


def open_hours_per_week(calendar: Calendar) -> float:
    """Hours a week that a unit works, each shift counted by its share of the units; no holiday."""
    shifts: list[Shift] = [shift for day in WEEK for shift in getattr(calendar, day)]
    return sum((length_min(s.hours) * s.capacity_factor for s in shifts), 0.0) / 60
