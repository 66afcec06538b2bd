"""Ways on from a service as uncertain figures: shares that have a source and a quality, and no range of their own.

A rule says with one quality where everybody goes from a service; single shares of it may rest on less. So each way on
that no free parameter of the region acts on is drawn by a factor of its odds, from a range that depends on the quality.
Those who are carried by a vehicle are left out: no free parameter can act on them.
"""

from __future__ import annotations

from collections.abc import Iterator

from sim.config.schema.base import EffectSize, Label, Quality
from sim.config.schema.care import NextRule
from sim.config.schema.free_parameters import FreeParameter, WayOn
from sim.config.world import World

NARROW, WIDE = 1.5, 2.0  # odds from a part to a multiple: of quality A and B, of all else
GOOD = ("A", "B")
HOW = {
    "at_once": ("genast", "at once"),
    "follow_up": ("senare", "later"),
    "holding": ("med platsen kvar", "keeping the place"),
    "within": ("under besöket", "within the visit"),
}


def way_factors(world: World) -> dict[str, FreeParameter]:
    """By name, ``way.SERVICE.TO.HOW``: a factor of the odds that a service leads there; 1 is what the model says."""
    services, taken = world.care.services, set(_fitted_ways(world))
    factors: dict[str, FreeParameter] = {}
    for service, one in services.items():
        for to, how in dict.fromkeys((step.to, step.how) for rule in one.next.values() for step in rule.then.values()):
            rules = [rule for rule in one.next.values() if _splits(rule, to, how)]
            if how == "carried" or to not in services or not rules or (service, to) in taken:
                continue
            weakest = max((rule.quality for rule in rules), key="ABXCD".index)
            label = Label(
                sv=f"{one.label.sv}: vidare till {services[to].label.sv.lower()} ({HOW[how][0]})",
                en=f"{one.label.en}: on to {services[to].label.en.lower()} ({HOW[how][1]})",
            )
            acts_on = WayOn(kind="way_on", service=service, to=[to], how=how)
            factors[f"way.{service}.{to}.{how}"] = FreeParameter(label=label, factor=_range(weakest), acts_on=acts_on)
    return factors


def _splits(rule: NextRule, to: str, how: str) -> bool:
    """Whether some go that way, and some not."""
    share = sum(step.probability for step in rule.then.values() if (step.to, step.how) == (to, how))
    return 0 < share < 1


def _fitted_ways(world: World) -> Iterator[tuple[str, str]]:
    """Ways that a free parameter acts on: what it leaves open is drawn with it."""
    free = world.region.free
    if free is None or free.care != world.study.care:
        return
    for parameter in free.parameters.values():
        if isinstance(parameter.acts_on, WayOn):
            yield from ((parameter.acts_on.service, to) for to in parameter.acts_on.to)


def _range(quality: Quality) -> EffectSize:
    times = NARROW if quality in GOOD else WIDE
    source = f"shares of ways on have no range: odds from {1 / times:.2g} to {times:g} times, as the quality is"
    return EffectSize(value=1, low=1 / times, high=times, source=source, quality=quality)


__all__ = ["way_factors"]
