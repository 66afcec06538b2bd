"""Every figure of a baseline that has a range: where it stands, how far it reaches, and the world with it changed.

Three kinds: the region's free parameters (factors, ``free_parameters.yaml``), figures of the care model, and figures of
``travel.yaml``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel

from sim.config.factors import factor_changes
from sim.config.figure_names import care_label, crossings_label, travel_label
from sim.config.paths import with_changes
from sim.config.reading.free_parameter_files import FITTED
from sim.config.schema.base import Figure, Label
from sim.config.schema.free_parameters import FittedFactor, FreeParameter
from sim.config.schema.travel_rules import TravelConfig
from sim.config.world import World

Path = tuple[str, ...]
Part = tuple[Path, float, float]  # the keys that lead to a figure, and its range
CROSSINGS = "crossings"
DIGITS = 6  # of a varied value: what is closer is the same point


@dataclass(frozen=True)
class UncertainFigure:
    """What is varied: what it is, its value in force, the range's ends, and who says so.

    One figure of the care model or of travel is its only part. Crossings are moved together, minutes and km apart,
    each from one end of its own range to the other; the value and the ends are then their means.
    """

    name: str  # of a free parameter; else care. or travel. and the keys that lead to the figure
    kind: Literal["factor", "care", "travel"]
    parts: tuple[Part, ...]
    label: Label
    value: float
    low: float
    high: float
    source: str
    quality: str

    def at(self, share: float) -> float:
        """The figure at a share of its range, 0 its low end; a factor by its logarithm, as calibration believes."""
        if self.kind == "factor":
            return float(self.low * (self.high / self.low) ** share)
        return self.low + (self.high - self.low) * share

    def changes(self, value: float) -> dict[str, float]:
        """What puts every part where the value says, by paths of a world; the value in force changes nothing.

        Not of a factor, which ``sim.config.factors`` knows how to put.
        """
        if value == round_off(self.value) or self.kind == "factor":
            return {}
        if len(self.parts) == 1:
            return {_path(self.kind, self.parts[0][0]): value}
        share = (value - self.low) / (self.high - self.low)
        return {_path(self.kind, path): low + share * (high - low) for path, low, high in self.parts}


def _path(kind: str, keys: Path) -> str:
    return ".".join(("care" if kind == "care" else "region.travel", *keys, "value"))


@dataclass(frozen=True)
class Unreached:
    """A figure with a range that is not varied, and why."""

    name: str
    why: str


def figures(record: object, path: Path = ()) -> Iterator[tuple[Path, Figure]]:
    """Every figure within a part of the configuration, with the keys that lead to it."""
    if isinstance(record, Figure):
        yield path, record
    elif isinstance(record, BaseModel):
        for name in type(record).model_fields:
            yield from figures(getattr(record, name), (*path, name))
    elif isinstance(record, dict):
        for name, part in record.items():
            yield from figures(part, (*path, str(name)))


def uncertain_figures(plain: World) -> list[UncertainFigure]:
    """What can be varied of the baseline of a world, in a fixed order.

    In a world with factors in force the ranges of what they act on are those that they make of them.
    """
    all_figures = _factors(plain) if _has_factors(plain) else []
    all_figures += [
        _ranged_figure("care", path, one, care_label(plain.care, path))
        for path, one in figures(plain.care)
        if _spans(one)
    ]
    return all_figures + _trips(plain.region.travel) if plain.region.travel.matrix_file is None else all_figures


def unreached(plain: World) -> list[Unreached]:
    """Figures that have a range, or one end of it, and are not varied."""
    out_of_reach = []
    if plain.region.free is not None and not _has_factors(plain):
        why = f"the factors are of the care model {plain.region.free.care}, the study's is {plain.study.care}"
        out_of_reach += [Unreached(name, why) for name in plain.region.free.parameters]
    for kind, part in (("care", plain.care), ("travel", plain.region.travel)):
        for path, one in figures(part):
            name = ".".join((kind, *path))
            if (one.low is None) != (one.high is None):
                out_of_reach.append(Unreached(name, "one end of the range is not said"))
            elif _spans(one) and kind == "travel" and plain.region.travel.matrix_file is not None:
                out_of_reach.append(
                    Unreached(name, "the region has a ready-made matrix of ways, which is not made of it")
                )
    return out_of_reach


def value_changes(world: World, varied: Sequence[UncertainFigure], values: Mapping[str, float]) -> dict[str, Any]:
    """What puts each figure at its value: figures first, then factors, as when a study is loaded.

    A factor that is in force in the world already is put at its value by what is left of it.
    """
    changes: dict[str, Any] = {}
    for one in varied:
        changes |= one.changes(values[one.name])
    in_force = world.factors
    factors = {one.name: values[one.name] / in_force.get(one.name, 1.0) for one in varied if one.kind == "factor"}
    if factors and world.region.free is not None:
        changed = with_changes(world, changes)
        changes |= factor_changes(changed.care, changed.region, world.region.free.parameters, factors)
    return changes


def _has_factors(plain: World) -> bool:
    return plain.region.free is not None and plain.region.free.care == plain.study.care


def _spans(figure: Figure) -> bool:
    return figure.low is not None and figure.high is not None and figure.low < figure.high


def _factors(plain: World) -> list[UncertainFigure]:
    assert plain.region.free is not None
    fitted = plain.region.fitted
    estimates = fitted.parameters if fitted is not None and fitted.care == plain.study.care else {}
    return [_factor(name, one, estimates.get(name)) for name, one in plain.region.free.parameters.items()]


def _factor(name: str, free: FreeParameter, estimate: FittedFactor | None) -> UncertainFigure:
    """A free parameter: what the figures tell of it, if they tell anything; else its evidence range."""
    span, value = free.factor, estimate.factor if estimate is not None else free.factor.value
    if estimate is not None and estimate.identified and estimate.low < estimate.high:
        source = f"95 % of what published figures tell ({FITTED}), within {span.low:g} to {span.high:g}: {span.source}"
        return UncertainFigure(name, "factor", (), free.label, value, estimate.low, estimate.high, source, "X")
    return UncertainFigure(name, "factor", (), free.label, value, span.low, span.high, span.source, span.quality)


def _trips(travel: TravelConfig) -> list[UncertainFigure]:
    """The figures of travel, crossings together."""
    spanning = [(path, one) for path, one in figures(travel) if _spans(one)]
    trip_figures = [
        _ranged_figure("travel", path, one, travel_label(travel, path))
        for path, one in spanning
        if path[0] != CROSSINGS
    ]
    for last in dict.fromkeys(path[-1] for path, _ in spanning if path[0] == CROSSINGS):
        trip_figures.append(
            _together(last, [(path, one) for path, one in spanning if (path[0], path[-1]) == (CROSSINGS, last)])
        )
    return trip_figures


def _together(last: str, members: list[tuple[Path, Figure]]) -> UncertainFigure:
    parts = tuple((path, *_ends(one)) for path, one in members)
    low, high = (sum(ends) / len(parts) for ends in zip(*(_ends(one) for _, one in members), strict=True))
    value = sum(one.value for _, one in members) / len(members)
    label = crossings_label(last, len(members))
    source = f"means of {len(members)} crossings, each within its own range: travel.yaml"
    weakest = max((one.quality for _, one in members), key="AXBCD".index)
    return UncertainFigure(f"travel.{CROSSINGS}.{last}", "travel", parts, label, value, low, high, source, weakest)


def _ranged_figure(kind: Literal["care", "travel"], path: Path, one: Figure, label: Label) -> UncertainFigure:
    low, high = _ends(one)
    return UncertainFigure(
        ".".join((kind, *path)), kind, ((path, low, high),), label, one.value, low, high, one.source, one.quality
    )


def _ends(one: Figure) -> tuple[float, float]:
    assert one.low is not None and one.high is not None
    return one.low, one.high


def round_off(value: float) -> float:
    """A value with the digits that count, so that a point has one name."""
    return float(f"{value:.{DIGITS}g}")


__all__ = [
    "UncertainFigure",
    "Unreached",
    "figures",
    "round_off",
    "uncertain_figures",
    "unreached",
    "value_changes",
]
