"""Every kind of lever at every end of what its numbers can be: it is refused, or nothing in the model is impossible."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from lever_examples import EXAMPLES, kinds, loaded
from worlds import at_variant

from sim.compile import compile_scenario
from sim.config.errors import ConfigErrors
from sim.config.schema.base import EffectSize
from sim.config.schema.number_ranges import NumberKind
from sim.config.unusual_numbers import measured_values
from sim.config.variants import Variant
from sim.model.codes import ONE
from sim.model.tables import Model


def sizes(kind: str) -> dict[str, NumberKind]:
    """The effect sizes of a kind's example, with what they can be."""
    lever = kinds()[kind].model_validate({"kind": kind, **EXAMPLES[kind]})
    return {one.path[0]: one.kind for one in measured_values(lever) if isinstance(one.value, EffectSize)}


FREE = {kind: {k: v for k, v in said.items() if k != "paid_by"} for kind, said in EXAMPLES.items()}  # nobody has to pay
CASES = [(kind, name) for kind in EXAMPLES for name in sizes(kind)]


def size(value: float, low: float, high: float) -> dict[str, Any]:
    return {"value": value, "low": low, "high": high, "source": "assumption", "quality": "D"}


def require_possible(model: Model) -> None:
    """Nothing in a model is negative, no share is above all, and no cost is below nothing."""
    assert (model.capacity_value >= 0).all()
    assert (model.places_value >= 0).all()
    assert (model.quantile >= 0).all()
    assert (model.factor >= 0).all()
    for table in (model.first, model.next, model.shift):
        assert ((table.cum >= 0) & (table.cum <= ONE)).all()


@pytest.mark.parametrize(("kind", "name"), CASES)
def test_a_lever_at_an_end_of_its_range_is_refused_or_possible(kind: str, name: str, tmp_path: Path) -> None:
    (hard, usual), middle = (sizes(kind)[name].hard, sizes(kind)[name].usual), EXAMPLES[kind][name]["value"]
    ends: list[tuple[dict[str, Any], Variant]] = [
        (size(hard.low, hard.low, hard.low), "value"),
        (size(usual.high, usual.high, usual.high), "value"),
        (size(hard.high, hard.high, hard.high), "value"),
        (size(middle, hard.low, hard.high), "low"),
        (size(middle, hard.low, hard.high), "high"),
    ]
    possible = 0
    for effect, variant in ends:
        try:
            world = loaded(tmp_path, kind, {**FREE[kind], name: effect})
            model = compile_scenario(at_variant(world, "mine", variant), "mine")
        except ConfigErrors as refused:
            assert all(problem.key.startswith(("levers.it", "pool ")) for problem in refused.problems), str(refused)
            continue
        possible += 1
        require_possible(model)
    assert possible


@pytest.mark.parametrize(("kind", "name"), CASES)
def test_a_lever_beyond_an_end_of_its_range_is_refused_by_its_key(kind: str, name: str, tmp_path: Path) -> None:
    hard = sizes(kind)[name].hard
    for beyond in (hard.low - 1, 1e300):
        with pytest.raises(ConfigErrors) as refused:
            loaded(tmp_path, kind, {**EXAMPLES[kind], name: size(beyond, beyond, beyond)})
        keys = {problem.key for problem in refused.value.problems}
        assert {f"levers.it.{name}.{end}" for end in ("value", "low", "high")} <= keys
