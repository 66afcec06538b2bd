"""Rules of rooms, hours, signals and appointments in words: in the description of a study, and in the report."""

from __future__ import annotations

from pathlib import Path

import pytest
from worlds import SAID, Offer, Sketch, minutes, need, responding, service, way

from sim.config.world import World, resolved
from sim.report.html.assumptions import care_records
from sim.report.language import Language
from sim.report.names import Names
from sim.report.stress_des import describe
from sim.report.stress_des.components import activities, queues, resources
from sim.report.stress_des.subject import Subject

SHIFTS = {"every_day": ["00:00-12:00", "12:00-24:00"]}


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A network that uses every mechanism."""
    full = {"when_full": "next_site", **SAID}
    refuse = {"busy": {"when": {"acuity": ["4"]}, "signal": "full", "share": [0, 0.5, 1], **SAID}}
    missed = {"all": {"share": 0.1, "occupies": 0.5, **SAID}}
    services = {
        "er": responding(
            service(then=[way("lab", 0.3, "within"), way("ward", 0.3, "holding", gives_back="all"), way("exit", 0.4)],
                    refuse=refuse, queue_limit=full),
            ways={"signal": "full", "step": "w1", "odds": [1, 0.5, 0.25]},
        ),
        "lab": service(10),
        "ward": responding(service(starts="day", ends="day"), length={"signal": "full", "factor": [1, 0.9, 0.8]}),
        "clinic": service(mode="booked", no_show=missed, not_before={"all": {"time": minutes(60), **SAID}}),
    }  # fmt: skip
    offers = {name: Offer() for name in services}
    offers["ward"] = Offer(further="over", spill_after_h="2", keep_free="0 0 1 1 1", staffed=SHIFTS, shift_end="fresh")
    signals = {"full": {"of": "ward", "what": "occupancy", "over_h": 4, "classes": [900, 1000]}}
    return Sketch(
        services, {"a": offers}, {"ill": need({"er": 0.5, "clinic": 0.5})}, rooms={"a": {"over": Offer()}},
        calendars={"day": "08:00-16:00"}, care={"signals": signals},
    ).load(tmp_path)  # fmt: skip


def test_a_study_that_uses_everything_is_described_whole(world: World) -> None:
    page = describe(world)
    assert "{" not in page.split("```")[0]
    assert page.count("### ") == 24


def test_the_activities_say_hours_refusal_appointments_and_signals(world: World) -> None:
    text = activities(Subject(world))
    assert "starts in the hours of `day`. ends in the hours of `day`" in text
    assert "turns away: busy: urgency (1 is the most urgent): 4; by how full x is; turned away 0%, 50%, 100%" in text
    assert "not before: all: always 60 min" in text
    assert "missed: all: 10% do not come; 50% of the time is lost then" in text
    assert "| `full` | occupancy of `ward`, mean of 4 h | 900, 1000 |" in text
    assert "the odds of x by how full x is: times 1, 0.5, 0.25" in text
    assert "(the place is kept meanwhile)" in text


def test_who_may_be_refused_balks(world: World) -> None:
    assert "balking is in item 2.5.2" in queues(Subject(world))


def test_a_resource_is_used_by_the_services_of_all_its_pools(world: World) -> None:
    assert "`clinic`, `er`, `lab`, `ward`" in resources(Subject(world))


@pytest.mark.parametrize("code", ["sv", "en"])
def test_the_report_says_every_rule_in_both_languages(world: World, code: str) -> None:
    config, say = resolved(world), Language(code)  # type: ignore[arg-type]
    rows = [r for _, part in care_records(config["care"], Names(config, say), say) for r in part]
    assert [r.what for r in rows if not r.value] == ["x"]  # the label of a profile: it is numbers
    told = {r.value for r in rows}
    assert any(("asks the next place" if code == "en" else "söker sig till nästa ställe") in one for one in told)
