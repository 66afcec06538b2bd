"""Small random networks of care, and the one way in which they are run."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, Phase, assume, settings
from hypothesis import strategies as st
from worlds import Offer, Plain, Sketch, exponential, need, service, way

from sim.config.errors import ConfigErrors
from sim.demand import draw_episodes
from sim.model.tables import CONTACT_COLUMNS, Contacts, Model
from sim.simulation import simulate_episodes

ALWAYS = "00:00-24:00"  # no shift ends
HOURS = (ALWAYS, "08:00-17:00", "21:00-07:00")
LOGIT = {"rule": "logit", "per_min": 0.05}
FARTHEST = 40  # minutes
BEFORE_THE_END = 60 * (1440 - FARTHEST)  # whoever decides later may still be on the way at the horizon
SETTINGS = settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],  # each example is a whole study: no time to shrink
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@st.composite
def a_service(draw: st.DrawFn, j: int, names: list[str]) -> Plain:
    """A service that may lead to later ones at once, and to any after a delay."""
    later = names[j + 1 :]
    mode = draw(st.sampled_from(["walk_in", "booked", "remote", "outreach"]))
    ways = [way("exit", 0.25)]
    if later:
        how = draw(st.sampled_from(["at_once", "holding"])) if mode != "outreach" else "at_once"
        ways.append(way(draw(st.sampled_from(later)), 0.5, how))
    rest = 1 - sum(w["probability"] for w in ways)
    ways += [way(draw(st.sampled_from(names)), rest / 2, after=exponential(90)), way("exit", rest / 2)]
    waits = draw(st.booleans())
    leaves = [way(draw(st.sampled_from(later)))] if later and draw(st.booleans()) else [way("exit")]
    return service(
        exponential(draw(st.integers(5, 120))),
        mode,
        then=ways,
        patience=exponential(draw(st.integers(5, 200))) if waits else None,
        leaves=leaves if waits else (),
        targets=draw(st.sampled_from([None, [0, 10, 60, 120, 240]])),
        choice=draw(st.sampled_from([{"rule": "nearest"}, LOGIT, {**LOGIT, "listed": f"list{j}"}])),
        at_close=draw(st.sampled_from(["keep", "fallback"])),
        **({"fallback": "call"} if draw(st.booleans()) else {}),
    )


@st.composite
def a_network(draw: st.DrawFn, units: int | None = None) -> Sketch:
    """One to four services at one to three sites, some travel, a hundred episodes in a day."""
    names = [f"s{j}" for j in range(draw(st.integers(1, 4)))]
    services = {name: draw(a_service(j, names)) for j, name in enumerate(names)}
    places = [f"t{j}" for j in range(draw(st.integers(1, 3)))]
    offers: dict[str, dict[str, Offer]] = {place: {} for place in places}
    for name in names:
        for place in draw(st.lists(st.sampled_from(places), min_size=1, unique=True)):
            hours = draw(st.sampled_from(HOURS))
            offers[place][name] = Offer(
                units or draw(st.integers(1, 3)),
                hours,
                tour=services[name]["mode"] == "outreach",
                overtime_h=draw(st.sampled_from([0, 0, 1])) if hours != ALWAYS else 0,
            )
    travel = {(a, b): draw(st.integers(0, FARTHEST)) for a in ("x", "y", *places) for b in places if a != b}
    return Sketch(
        {**services, "call": service(5, "remote", unlimited_at="self_care")},
        {place: found for place, found in offers.items() if found},
        {"ill": need({name: 1 / len(names) for name in names}, rate=36_500, **MIXED)},
        zones={"x": 500, "y": 500},
        travel=travel,
        tour_factor=1.25,
    )


MIXED: Plain = {"acuity": {"all": {"mix": dict.fromkeys("12345", 0.2), "source": "test", "quality": "D"}}}


def compiled(sketch: Sketch, scenario: str = "baseline") -> Model:
    """The model of a random network; one that happens to have a circle of held units, which is refused, is none."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            return sketch.compile(Path(folder), scenario)
        except ConfigErrors as errors:
            assume(any("circle of held pools" not in problem.message for problem in errors.problems))
            raise


def run(sketch: Sketch, scenario: str = "baseline") -> tuple[Model, Contacts]:
    model = compiled(sketch, scenario)
    return model, simulate_episodes(model, draw_episodes(model, 1, 0), "simpy")


def columns(contacts: Contacts) -> list[list[int]]:
    return [getattr(contacts, name).tolist() for name in CONTACT_COLUMNS]
