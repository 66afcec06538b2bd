"""Profiles of arrivals that are said by hour of the week, or piece by piece."""

from __future__ import annotations

from datetime import date

import pytest
from pydantic import ValidationError
from worlds import Plain

from sim.compile.calendars import Clock, hourly_weights
from sim.config.schema.care import Profile

NOTHING: Plain = {"hour": None, "weekday": None, "month": None}
HOURS: Plain = {"hour": [1.0] * 24, "weekday": [1.0] * 7, "month": [1.0] * 12, "source": "test", "quality": "D"}


def clock(day: date) -> Clock:
    return Clock("Europe/Stockholm", "SE", day, day, day)


def test_a_profile_may_be_said_by_hour_of_the_week() -> None:
    said = Profile(hour_of_week=[float(h) for h in range(168)], source="test", quality="D")
    tuesday, sunday, eve = (
        hourly_weights(said, clock(d)) for d in (date(2026, 5, 5), date(2026, 5, 3), date(2026, 12, 24))
    )
    assert tuesday[7] / sunday[8] == pytest.approx((24 + 7) / (144 + 8))
    assert eve == pytest.approx(sunday)  # a holiday
    summer = Profile(hour_of_week=[1.0] * 168, month=[1.0] * 6 + [0.5] + [1.0] * 5, source="test", quality="D")
    july, june = (hourly_weights(summer, clock(d)).sum() for d in (date(2026, 7, 1), date(2026, 6, 1)))
    assert july == pytest.approx(june / 2)


def test_a_profile_may_be_said_piece_by_piece_in_local_time() -> None:
    pieces = {"2026-03-29 01:00": 1.0, "2026-03-29 04:00": 5.0, "2026-03-30 00:00": 2.0}
    said = Profile(piecewise=pieces, source="test", quality="D")
    day, after = (hourly_weights(said, clock(date(2026, 3, d))) for d in (29, 30))
    before = hourly_weights(said, clock(date(2026, 3, 28)))
    assert len(day) == 23
    assert day / day[0] == pytest.approx([1, 1, 1, *[5] * 20])  # 00, 01, 03 (02 is missing), then from 04
    assert before / day[0] == pytest.approx([1] * 24)
    assert after / day[0] == pytest.approx([2] * 24)
    year = 24 * 87 + 3 + 5 * 20 + 2 * (8760 - 24 * 87 - 23)
    assert day.sum() == pytest.approx((3 + 100) / year)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"weekday": None}, "a profile is given by"),
        ({"hour_of_week": [1.0] * 168}, "a profile is given by"),
        (NOTHING, "here nothing"),
        ({**NOTHING, "hour_of_week": [1.0] * 24}, "at least 168"),
        ({**NOTHING, "piecewise": {"2026-03-29 01:30": 1.0}}, "whole hour"),
        ({**NOTHING, "piecewise": {"2026-02-30 01:00": 1.0}}, "whole hour"),
        ({**NOTHING, "piecewise": {"2026-03-29 01:00": 1.0, "2026-03-28 01:00": 2.0}}, "must rise"),
    ],
)
def test_a_profile_is_said_in_one_way(said: Plain, why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        Profile.model_validate({**HOURS, **said})
