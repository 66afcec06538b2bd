"""A lever is judged in its world: what it may take, and whether it does anything."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sim.compile.lever_effects import levers_without_effect
from sim.config.errors import ConfigErrors
from sim.config.load import load_study
from sim.config.world import World
from sim.model.codes import NoEffect
from sim.study.plan import ends, plan, refuse_impossible

SAID = {"source": "assumption", "quality": "D"}
LABEL = {"sv": "x", "en": "x"}
ER = {"resource": "er_place"}


def size(value: float, low: float | None = None, high: float | None = None) -> dict[str, object]:
    """An effect size."""
    return {"value": value, "low": value if low is None else low, "high": value if high is None else high, **SAID}


def world(root: Path, lever: dict[str, object], **others: dict[str, object]) -> World:
    """The teaching region's baseline, and a scenario of one lever (and others)."""
    scenario = {"label": LABEL, "description": LABEL, "levers": {"it": lever, **others}}
    (root / "x.yaml").write_text(json.dumps(scenario), encoding="utf-8")
    return load_study(["study=teaching", "scenarios=[baseline]"], files=[root / "x.yaml"])


def refusal(root: Path, lever: dict[str, object], **others: dict[str, object]) -> str:
    """What is said of a lever that cannot be."""
    with pytest.raises(ConfigErrors) as refused:
        loaded = world(root, lever, **others)
        refuse_impossible([*plan(loaded), *ends(loaded)])
    return "; ".join(map(str, refused.value.problems))


REFUSED = {
    "more places than there are": (
        {"kind": "capacity", "pools": ER, "add_units": size(-900)}, "takes 900 units of the 18",
    ),
    "more than all of them": ({"kind": "capacity", "pools": ER, "scale": size(-1.5)}, "-1"),
    "a payer that has too little": (
        {"kind": "capacity", "pools": {"resource": "bed"}, "add_units": size(500), "paid_by": ER},
        "what is to pay for it has",
    ),
    "a transfer to itself": (
        {"kind": "transfer", "source_pools": ER, "target_pools": ER, "share": size(0.1)}, "to itself",
    ),
    "all pools there are": ({"kind": "capacity", "pools": {}, "add_units": size(1)}, "says no pools"),
    "a payer that is nobody": (
        {"kind": "capacity", "pools": ER, "add_units": size(1), "paid_by": {"resource": None}}, "says no pools",
    ),
    "more enrolled than eligible": (
        {
            "kind": "enrolment", "when": {"needs": ["frailty"]}, "enrolled": size(5_000), "eligible": size(10),
            "reduction": size(0.1), "staff_min_per_week": size(1), "sek_per_staff_h": size(400),
            "sek_per_year": size(1), "level": "primary_care", "payer": "region",
        },
        "enrols 5000 people of 10 eligible",
    ),
    "less than no need": ({"kind": "demand", "when": {"needs": ["frailty"]}, "change": size(-1.2)}, "-1"),
    "less than no time": ({"kind": "duration", "service": "er", "change": size(-1.2)}, "-1"),
}  # fmt: skip


@pytest.mark.parametrize(("lever", "words"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_done_is_refused_with_what_there_is(
    tmp_path: Path, lever: dict[str, object], words: str
) -> None:
    said = refusal(tmp_path, lever)
    assert "levers.it" in said
    assert words in said


def test_what_cannot_be_done_at_an_end_of_the_range_alone_is_refused_too(tmp_path: Path) -> None:
    said = refusal(tmp_path, {"kind": "capacity", "pools": ER, "add_units": size(-2, -100, -1)})
    assert "with every effect at its stronger end" in said
    assert "takes 100 units of the 18" in said


def test_levers_that_take_too_much_together_are_refused_at_the_second(tmp_path: Path) -> None:
    half = {"kind": "capacity", "pools": ER, "add_units": size(-10)}
    assert "levers.next: takes 10 units of the 8" in refusal(tmp_path, half, next=half)


def test_all_may_be_taken(tmp_path: Path) -> None:
    loaded = world(tmp_path, {"kind": "capacity", "pools": ER, "add_units": size(-18)})
    refuse_impossible([*plan(loaded), *ends(loaded)])


FRAIL = {"needs": ["frailty"], "ages": ["65_79", "80plus"]}
IDLE = {
    "a ramp that begins after the study": (
        {"kind": "demand", "when": FRAIL, "change": size(0.5), "ramp": {"2040-01-01": 1}}, NoEffect.LATE,
    ),
    "a ramp of nothing": (
        {"kind": "demand", "when": FRAIL, "change": size(0.5), "ramp": {"2020-01-01": 0}}, NoEffect.OFF,
    ),
    "a size of nothing": ({"kind": "demand", "when": FRAIL, "change": size(0)}, NoEffect.OFF),
    "people who have no such need": (
        {"kind": "demand", "when": {"needs": ["frailty"], "ages": ["0_17"]}, "change": size(0.5)}, NoEffect.NOBODY,
    ),
    "a service that such patients never reach": (
        {"kind": "duration", "service": "rare_clinic", "when": {"needs": ["minor_illness"]}, "change": size(0.5)},
        NoEffect.NOBODY,
    ),
    "beds that round to as many": (
        {"kind": "capacity", "pools": {"resource": "rare_bed"}, "scale": size(0.0001)}, NoEffect.NOBODY,
    ),
}  # fmt: skip


@pytest.mark.parametrize(("lever", "reason"), IDLE.values(), ids=IDLE)
def test_a_lever_that_changes_nothing_is_told_with_the_reason(
    tmp_path: Path, lever: dict[str, object], reason: NoEffect
) -> None:
    assert levers_without_effect(world(tmp_path, lever), "x") == {"it": reason}


def test_a_lever_that_changes_something_is_not_told(tmp_path: Path) -> None:
    for lever in (
        {"kind": "demand", "when": FRAIL, "change": size(0.01)},
        {"kind": "capacity", "pools": ER, "add_units": size(1)},
        {"kind": "target", "service": "er", "target_min": {"3": 7}},
        {"kind": "duration", "service": "er", "change": size(0.01)},
    ):
        assert levers_without_effect(world(tmp_path, lever), "x") == {}


def test_every_lever_of_every_shipped_scenario_does_something() -> None:
    for study in ("vgr_first", "vastmanland_first"):
        loaded = load_study([f"study={study}"])
        assert {s: idle for s in loaded.study.scenarios if (idle := levers_without_effect(loaded, s))} == {}
