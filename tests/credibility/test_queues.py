"""The gate itself, on a case that takes seconds; all others pass it in ``make verify``."""

from __future__ import annotations

from sim.credibility.verification import verify


def test_waits_of_mmc_are_erlang_c() -> None:
    found = verify(["M/M/1"], workers=1, progress=False)
    assert [verdict.quantity for verdict in found] == ["mean wait, min", "present", "median stay, min"]
    assert all(verdict.replications >= 30 for verdict in found)
    assert [verdict.wrong for verdict in found] == ["", "", ""]
