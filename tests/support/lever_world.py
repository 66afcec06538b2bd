"""The tiny world with levers, for tests of what each lever does."""

from __future__ import annotations

from dataclasses import fields, replace
from functools import cache
from pathlib import Path

import numpy as np
from worlds import at_variant

from sim.compile import compile_scenario
from sim.compile.draft import Draft
from sim.compile.levers import Applier
from sim.compile.reference_draft import reference
from sim.config.load import load_study
from sim.config.schema import scenario as s
from sim.config.schema.base import Deterministic, EffectSize, Label
from sim.config.schema.pathway_rules import When
from sim.config.variants import Variant
from sim.config.world import World
from sim.demand import draw_episodes
from sim.model.codes import AGE_GROUPS, ONE
from sim.model.tables import Contacts, Discrete, Episodes, Model
from sim.simulation import simulate_episodes

TINY = Path(__file__).resolve().parents[1] / "data" / "tiny"
LABEL = Label(sv="-", en="-")
WEEKDAYS_H, ALWAYS_H = 45, 168
BEDS_POOLS = s.Pools(resource="bed")
ROOM_SEK = 1.5 * 600 * WEEKDAYS_H  # a room's week
BED_SEK = 0.5 * 500 * ALWAYS_H
NOON = 12 * 3600  # on the first day of the run, a Friday


@cache
def world() -> World:
    return load_study(root=TINY)


def exactly(value: float) -> EffectSize:
    return EffectSize(value=value, low=value, high=value, source="assumption", quality="D")


def between(low: float, value: float, high: float) -> EffectSize:
    return EffectSize(value=value, low=low, high=high, source="assumption", quality="D")


def draft(*levers: s.Lever, variant: Variant = "value", share: float = 1.0) -> Draft:
    """The tiny world with levers in force at a share."""
    made = reference(world().care, world().region)
    applier = Applier(world().care, world().region)
    for lever in at_variant(_with(*levers), "mine", variant).scenarios["mine"].levers.values():
        applier.apply(made, lever, share)
    return made


def compiled(*levers: s.AnyLever, variant: Variant = "value") -> Model:
    return compile_scenario(at_variant(_with(*levers), "mine", variant), "mine")


def _with(*levers: s.Lever) -> World:
    named = {f"lever_{j}": lever for j, lever in enumerate(levers)}
    scenario = s.Scenario.model_construct(label=LABEL, description=LABEL, levers=named)
    return replace(world(), scenarios={"mine": scenario})


def with_levers(*levers: s.AnyLever) -> World:
    """The tiny world, with levers in a scenario ``x`` beside the baseline; the first is ``it``."""
    named = {"it" if not j else f"it_{j}": lever for j, lever in enumerate(levers)}
    scenario = s.Scenario(label=LABEL, description=LABEL, levers=named)
    study = world().study.model_copy(update={"scenarios": ["baseline", "x"]})
    return replace(world(), study=study, scenarios={"baseline": world().scenarios["baseline"], "x": scenario})


def run(model: Model) -> tuple[Episodes, Contacts]:
    episodes = draw_episodes(model, 1, 0)
    return episodes, simulate_episodes(model, episodes, "simpy")


def places(model: Model, pool: str, second: int = NOON) -> tuple[int, int]:
    """(places, units with surge) of a pool at a second."""
    p = model.pools.index(pool)
    first, last = model.capacity_ptr[p], model.capacity_ptr[p + 1]
    step = first + int(np.searchsorted(model.capacity_time[first:last], second, side="right")) - 1
    return int(model.places_value[step]), int(model.capacity_value[step])


def sek_per_week(made: Draft) -> float:
    """Cost of all pools of a draft, by hand."""
    staff = {"room": 1.5, "line": 1.0, "team": 2.0, "er_place": 1.0, "bed": 0.5}
    sek = {"room": 600, "line": 400, "team": 500, "er_place": 600, "bed": 500}
    hours = {"always": 168.0, "weekdays": 45.0, "every_day_08_22": 98.0, "er_places": 7 * (7 * 0.5 + 17)}
    return sum(p.capacity * staff[p.resource] * sek[p.resource] * hours[p.calendar] for p in made.pools.values())


def row(table: Discrete, r: int) -> dict[int, float]:
    """Item to probability of a row of a distribution."""
    a, b = table.ptr[r], table.ptr[r + 1]
    shares = np.diff(table.cum[a:b], prepend=0) / ONE
    return dict(zip(table.item[a:b].tolist(), shares.tolist(), strict=True))


def a_class(need: str, age: str, acuity: int) -> int:
    needs = list(world().care.needs)
    return (needs.index(need) * len(AGE_GROUPS) + AGE_GROUPS.index(age)) * 5 + acuity - 1


def ways(made: Draft, service: str, c: int) -> dict[str, float]:
    index = made.services.index(service)
    return {way.to: way.probability for way in made.next[index][c]}


def same(a: Model, b: Model) -> bool:
    """Whether two models are equal, array by array."""
    return all(_same(getattr(a, f.name), getattr(b, f.name)) for f in fields(Model))


def _same(a: object, b: object) -> bool:
    if isinstance(a, Discrete):
        return all(np.array_equal(getattr(a, f.name), getattr(b, f.name)) for f in fields(Discrete))
    return np.array_equal(a, b) if isinstance(a, np.ndarray) else a == b


LESS_ER = s.ShiftLever(
    kind="shift",
    when=When(needs=["minor"], ages=["18_64"], acuity=["4"]),
    from_service="er",
    to_service="primary_care",
    share=exactly(0.5),
    fail_share=exactly(0.25),
    fail_after=Deterministic(dist="deterministic", unit="h", value=2),
)
