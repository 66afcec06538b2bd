"""Locality: whatever a lever does at one site, nobody who lives far from it is changed by it, patient by patient."""

from __future__ import annotations

import tempfile
from pathlib import Path

from both_engines import each_engine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from two_towns import change, two_towns
from worlds import Plain, figure

from sim.engines.select import Engine

moved: dict[str, int] = {}  # by kind of lever: patients who are changed where it acts


@st.composite
def a_lever_at_a(draw: st.DrawFn) -> Plain:
    """A change of supply at site a."""
    kind = draw(st.sampled_from(["capacity", "opening_hours", "close", "open"]))
    if kind == "capacity":
        pools = {"resource": "unit", "where": {"sites": ["a"]}}
        units = draw(st.sampled_from([-4, -2, 2, 12]))
        return {"kind": kind, "pools": pools, "add_units": figure(units, units, units)}
    if kind == "opening_hours":
        calendar = draw(st.sampled_from(["long", "all_day"]))
        return {"kind": kind, "service": "doctor", "where": {"sites": ["a"]}, "calendar": calendar}
    if kind == "close":
        return {"kind": kind, "services": ["doctor"], "where": {"sites": ["a"]}, "moved": figure(0, 0, 0)}
    return {
        "kind": kind, "service": "urgent", "sites": {"a": draw(st.integers(1, 9))}, "resource": "unit",
        "level": "local_hospital", "calendar": draw(st.sampled_from(["long", "all_day"])),
    }  # fmt: skip


@each_engine
def test_no_lever_at_one_site_changes_anybody_far_away(engine: Engine) -> None:
    @settings(max_examples=12, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(a_lever_at_a())
    def holds(lever: Plain) -> None:
        sketch = two_towns()
        sketch.scenarios = {"changed": {"x": lever}}
        with tempfile.TemporaryDirectory() as folder:
            south, north = change(sketch, engine, Path(folder))
        assert south == 0, lever
        moved[lever["kind"]] = moved.get(lever["kind"], 0) + north

    moved.clear()
    holds()
    assert set(moved) == {"capacity", "opening_hours", "close", "open"} and min(moved.values()) > 20, moved
