"""The patients of a run by name and clock, each cell of a few of them written out."""

from __future__ import annotations

import inspect
from pathlib import Path

import pandas as pd
import pytest
from hand_made import TINY, people, table, tiny, visit

import sim
from sim import contacts_frame, episodes_frame
from sim.config.load import load_study
from sim.simulation import Simulation

API = Path(__file__).resolve().parents[2] / "docs" / "api" / "python.md"


def run(*overrides: str) -> Simulation:
    model = tiny("baseline", *overrides)
    episodes = people(
        model, {"time": 10, "age": "65_79", "acuity": 2}, {"zone": "soderby", "need": "minor", "time": -1}
    )
    contacts = table(
        model, episodes,
        visit(request=10, start=10.5, end=12, release=13, origin="referred", place="soderby"),
        visit("telephone", None, request=11, origin="left"), visit(episode=1, request=-1, start=0, end=1, release=1),
    )  # fmt: skip
    return Simulation(model, episodes, contacts)


def test_a_contact_is_a_row_of_names_and_times_of_the_clock() -> None:
    frame = contacts_frame(run(), load_study(root=TINY))
    first, second, third = frame.to_dict("records")
    monday = pd.Timestamp("2027-10-04", tz="Europe/Stockholm")
    assert first == {
        "episode": 0, "step": 0, "service": "er", "site": "hospital_north", "site_name": "Norra sjukhuset",
        "pool": first["pool"], "origin": "referred", "came_from": "soderby",
        "request": monday + pd.Timedelta("10h"), "start": monday + pd.Timedelta("10.5h"),
        "end": monday + pd.Timedelta("12h"), "release": monday + pd.Timedelta("13h"), "wait_min": 30, "outcome": "done",
        "need": "acute", "age": "65_79", "acuity": "2", "zone": "norrby", "municipality": "Norrby", "in_window": True,
    }  # fmt: skip
    assert second["site_name"] is pd.NA or pd.isna(second["site_name"])
    assert pd.isna(second["start"]) and pd.isna(second["wait_min"])
    assert (third["in_window"], third["need"], third["request"]) == (False, "minor", monday - pd.Timedelta("1h"))


def test_an_episode_is_a_row_that_its_contacts_name() -> None:
    patients = episodes_frame(run(), load_study(root=TINY))
    assert patients.index.name == "episode"
    assert patients.loc[1].to_dict() == {
        "time": pd.Timestamp("2027-10-03 23:00", tz="Europe/Stockholm"), "need": "minor", "age": "18_64", "acuity": "3",
        "zone": "soderby", "municipality": "Söderby", "in_window": False,
    }  # fmt: skip


def test_hours_after_the_clocks_are_turned_are_those_of_the_clock() -> None:
    days = ["start=2027-10-31", "end=2027-11-01"]
    frame = contacts_frame(run(*days), load_study(days, root=TINY))
    assert str(frame["request"][0]) == "2027-10-31 09:00:00+01:00"  # ten hours after midnight in summer time


def test_a_run_of_another_world_is_refused() -> None:
    with pytest.raises(ValueError, match="another world"):
        contacts_frame(run(), load_study(["end=2027-10-05"], root=TINY))


def test_the_public_names_are_listed_and_each_tells_what_it_raises_and_is_on_the_page() -> None:
    assert set(sim.__all__) <= set(dir(sim))
    page = API.read_text("utf-8")
    for name in sim.__all__:
        told = inspect.getdoc(getattr(sim, name)) or ""
        assert "Raises" in told, name
        assert f".{name}\n" in page, name
