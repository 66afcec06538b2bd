"""A budget buys as many units as the money pays for, counted by hand; and takes no more than there is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from sim.compile import areas_of, compile_scenario
from sim.compile.draft import Draft
from sim.compile.levers import WEEKS
from sim.compile.phases import phases_of
from sim.config.errors import ConfigErrors
from sim.config.load import load_study
from sim.config.world import World
from sim.model.codes import LEVELS, PAYERS

TINY = Path(__file__).resolve().parents[1] / "data" / "tiny"
LABEL = {"sv": "-", "en": "-"}
ROOMS, BEDS = {"resource": "room"}, {"resource": "bed"}


def world(folder: Path, sek: float, menu: dict[str, Any], **more: Any) -> World:
    size = {"value": sek, "low": sek, "high": sek, "source": "assumption", "quality": "D"}
    lever = {"kind": "budget", "sum_sek_per_year": size, "menu": menu, **more}
    path = folder / "mine.yaml"
    path.write_text(json.dumps({"label": LABEL, "description": LABEL, "levers": {"it": lever}}), encoding="utf-8")
    return load_study(["scenarios=[baseline]"], root=TINY, files=[path])


def draft(w: World) -> tuple[Draft, Draft]:
    """The region as configured, and with the budget in force."""
    levers = w.scenarios["mine"].levers
    (phase,) = phases_of(w, levers, areas_of(w, levers))
    return phase.reference, phase.draft


def sek_per_unit_year(w: World, resource: str, hours_per_week: float) -> float:
    of = w.care.resources[resource]
    return of.staff_h_per_unit_h.value * of.sek_per_staff_h.value * hours_per_week * WEEKS


def test_a_sum_buys_units_at_what_they_cost(tmp_path: Path) -> None:
    w = world(tmp_path, 1e6, {"beds": {"share": 0.6, "pools": BEDS}, "joint": {"share": 0.4}}, payer="municipality")
    before, after = draft(w)
    added = sum(after.pools[p].capacity - before.pools[p].capacity for p in ("beds_north", "beds_south"))
    assert added * sek_per_unit_year(w, "bed", 168) == pytest.approx(600_000)
    assert after.extra_sek[LEVELS.index("primary_care"), PAYERS.index("municipality")] == pytest.approx(400_000)
    assert after.extra_sek.sum() == pytest.approx(400_000)


def test_each_pool_grows_alike_or_as_people_live(tmp_path: Path) -> None:
    before, after = draft(world(tmp_path, 1e6, {"beds": {"share": 1, "pools": BEDS}}))
    assert after.pools["beds_north"].capacity / 6 == pytest.approx(after.pools["beds_south"].capacity / 10)
    w = world(tmp_path, 1e6, {"beds": {"share": 1, "pools": BEDS, "spread": "people"}})
    before, after = draft(w)
    people = w.region.municipalities.set_index("municipality")["people"]
    towns = w.region.sites.set_index("site")["municipality"]
    added = {p: after.pools[p].capacity - before.pools[p].capacity for p in ("beds_north", "beds_south")}
    wanted = people[towns["hospital_north"]] / people[towns["hospital_south"]]
    assert added["beds_north"] / added["beds_south"] == pytest.approx(wanted)


def test_who_pays_is_cut_by_what_it_costs(tmp_path: Path) -> None:
    w = world(tmp_path, 1e6, {"rooms": {"share": 0.5, "pools": ROOMS}, "joint": {"share": 0.5}}, paid_by=BEDS)
    before, after = draft(w)
    cut = sum(before.pools[p].capacity - after.pools[p].capacity for p in ("beds_north", "beds_south"))
    assert cut * sek_per_unit_year(w, "bed", 168) == pytest.approx(1e6)


@pytest.mark.parametrize(
    ("sek", "menu", "told"),
    [
        (1e6, {"beds": {"share": 0.5, "pools": BEDS}}, "levers.it.menu"),
        (1e6, {}, "levers.it.menu"),
        (1e6, {"beds": {"share": 1, "pools": {"resource": "bedd"}}}, "did you mean bed?"),
        (-1e12, {"beds": {"share": 1, "pools": BEDS}}, "that these units cost"),
        (1e13, {"beds": {"share": 1, "pools": BEDS}}, "levers.it.sum_sek_per_year"),
    ],
)  # fmt: skip
def test_what_no_budget_can_do_is_refused(tmp_path: Path, sek: float, menu: dict[str, Any], told: str) -> None:
    with pytest.raises(ConfigErrors) as errors:
        compile_scenario(world(tmp_path, sek, menu), "mine")
    assert told in str(errors.value)
