"""Listed people: one site for all visits of an episode to the services of a list, and its queue is what they feel."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from both_engines import each_engine
from worlds import SAID, Offer, Plain, Sketch, exponential, need, service, way

from sim.config.errors import ConfigErrors, Problem
from sim.demand import draw_episodes
from sim.engines.select import Engine
from sim.model.codes import Origin
from sim.model.tables import Contacts, Model
from sim.simulation import simulate_episodes

LOGIT: Plain = {"rule": "logit", "per_min": 0.05}
LISTED: Plain = {**LOGIT, "listed": "centre"}
PLACES = {"a": {"nurse": Offer(99), "doctor": Offer(99)}, "b": {"nurse": Offer(99), "doctor": Offer(99)}}


def centres(choice: Plain, sites: dict[str, dict[str, Offer]] | None = None, **more: object) -> Sketch:
    """Two centres, equally far; half of the nurses' patients come back to the doctor, some once more to the nurse."""
    to_doctor, to_nurse = (way(name, 0.5, after=exponential(60)) for name in ("doctor", "nurse"))
    services = {
        "nurse": service(20, "booked", then=[to_doctor, way("exit", 0.5)], choice=choice),
        "doctor": service(20, "booked", then=[to_nurse, way("exit", 0.5)], choice=choice),
        "er": service(5, "remote", unlimited_at="self_care"),
    }
    ill = need({"nurse": 0.5, "doctor": 0.2, "er": 0.3}, rate=200_000)
    return Sketch(services, sites or PLACES, {"ill": ill}, **more)  # type: ignore[arg-type]


def run(engine: Engine, model: Model) -> Contacts:
    return simulate_episodes(model, draw_episodes(model, 1, 0), engine)


def sites_of(c: Contacts) -> list[set[int]]:
    """The sites that each episode with several visits has been at."""
    found: dict[int, list[int]] = {}
    for episode, site in zip(c.episode.tolist(), c.site.tolist(), strict=True):
        if site >= 0:
            found.setdefault(episode, []).append(site)
    return [set(sites) for sites in found.values() if len(sites) > 1]


@each_engine
def test_who_is_listed_comes_to_one_site_at_every_visit_to_every_service_of_the_list(
    engine: Engine, tmp_path: Path
) -> None:
    listed = sites_of(run(engine, centres(LISTED).compile(tmp_path / "a")))
    free = sites_of(run(engine, centres(LOGIT).compile(tmp_path / "b")))
    assert len(listed) > 100
    assert {len(sites) for sites in listed} == {1}
    assert 0.4 < np.mean([sites == {0} for sites in listed]) < 0.6
    assert max(len(sites) for sites in free) == 2


@each_engine
def test_a_list_has_the_shares_of_the_choice(engine: Engine, tmp_path: Path) -> None:
    """Twenty minutes further away is exp(-1) as likely."""
    sketch = centres(LISTED, travel={("home", "a"): 10, ("home", "b"): 30, ("a", "b"): 5})
    c = run(engine, sketch.compile(tmp_path))
    first = (c.step == 0) & (c.site >= 0)
    share = float((c.site[first] == 1).mean())
    assert share == pytest.approx(1 / (1 + np.e), abs=4 * np.sqrt(0.2 / first.sum()))


@each_engine
def test_the_same_people_are_listed_at_a_site_in_every_scenario(engine: Engine, tmp_path: Path) -> None:
    more = {
        "kind": "capacity",
        "pools": {"where": {"sites": ["a"]}},
        "scale": {"value": 1, "low": 1, "high": 1, **SAID},
    }
    world = centres(LISTED, scenarios={"more": {"x": more}})
    before, after = (run(engine, world.compile(tmp_path, name)) for name in ("baseline", "more"))
    assert np.array_equal(before.site, after.site)


@each_engine
def test_the_queue_of_ones_own_site_is_what_one_feels(engine: Engine, tmp_path: Path) -> None:
    """Centre b has one nurse, who is far behind: those listed there turn to the emergency room, those at a do not."""
    sites = {"a": dict(PLACES["a"]), "b": {"nurse": Offer(1), "doctor": Offer(99)}}
    signal = {"load": {"of": "nurse", "what": "per_unit", "classes": [3000]}}
    wait = {"nurse": {"signal": "load", "by_acuity": {"3": [0, -4]}, **SAID}}
    calm = centres(LISTED, sites, care={"signals": signal})
    felt = replace(calm, care={"signals": signal, "service_choice": {"wait": wait}})
    before, after = run(engine, calm.compile(tmp_path / "a")), run(engine, felt.compile(tmp_path / "b"))
    first, was = after.step == 0, before.step == 0
    turned = after.episode[first & (after.origin == Origin.SWITCHED)]
    at = dict(zip(before.episode[was].tolist(), before.site[was].tolist(), strict=True))
    assert len(turned) > 50
    assert {at[episode] for episode in turned.tolist()} == {1}


def refusals(sketch: Sketch, root: Path) -> list[Problem]:
    with pytest.raises(ConfigErrors) as caught:
        sketch.load(root)
    return caught.value.problems


def test_services_of_a_list_are_chosen_alike(tmp_path: Path) -> None:
    sketch = centres(LISTED)
    doctor = {**sketch.services["doctor"], "choice": {**LISTED, "per_min": 0.1, **SAID}}
    (problem,) = refusals(replace(sketch, services={**sketch.services, "doctor": doctor}), tmp_path)
    assert problem.key == "services.doctor.choice.per_min"
    assert "one list is one choice: nurse" in problem.message


def test_services_of_a_list_are_at_the_same_sites(tmp_path: Path) -> None:
    (problem,) = refusals(centres(LISTED, {"a": PLACES["a"], "b": {"nurse": Offer(99)}}), tmp_path)
    assert problem.file.endswith("offers.csv") and problem.value == "b"
    assert "nurse and doctor are of one list (centre)" in problem.message


def test_who_is_listed_does_not_choose_by_who_is_idle(tmp_path: Path) -> None:
    keys = {p.key for p in refusals(centres({"rule": "nearest_idle", "listed": "centre"}), tmp_path)}
    assert keys == {"services.nurse.choice.rule", "services.doctor.choice.rule"}


def test_nobody_belongs_to_a_service_without_sites(tmp_path: Path) -> None:
    sketch = centres(LISTED)
    er = {**sketch.services["er"], "choice": {**LISTED, "listed": "other", **SAID}}
    (problem,) = refusals(replace(sketch, services={**sketch.services, "er": er}), tmp_path)
    assert problem.key == "services.er.choice.listed"
