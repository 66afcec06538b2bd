"""Every figure of a baseline that has a range: where it stands, how far it reaches, and the world with it changed.

Three kinds: the region's free parameters (factors, ``free_parameters.yaml``), figures of the care model, and figures of
``travel.yaml``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from pydantic import BaseModel

from sim.config.base import Figure, Label
from sim.config.fitted import with_factors
from sim.config.free_checks import FITTED
from sim.config.free_parameters import FittedFactor, FreeParameter
from sim.config.world import World
from sim.sensitivity.words import care_label, travel_label

Path = tuple[str, ...]


@dataclass(frozen=True)
class Ranged:
    """One figure with a range: what it is, its value in force, the range's ends, and who says so."""

    name: str  # of a free parameter; else care. or travel. and the keys that lead to the figure
    kind: Literal["factor", "care", "travel"]
    path: Path
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


def with_value(record: Any, path: Path, value: float) -> Any:
    """The record with the value of one figure within it changed; nothing is changed in place."""
    if not path:
        return record.model_copy(update={"value": value})
    first, rest = path[0], path[1:]
    if isinstance(record, dict):
        return {**record, first: with_value(record[first], rest, value)}
    return record.model_copy(update={first: with_value(getattr(record, first), rest, value)})


def ranged(plain: World) -> list[Ranged]:
    """What can be varied of the baseline of a world that was loaded without factors, in a fixed order."""
    found = _factors(plain) if _has_factors(plain) else []
    found += [_ranged(plain, "care", path, one) for path, one in figures(plain.care) if _spans(one)]
    if plain.region.travel.matrix_file is None:
        found += [_ranged(plain, "travel", path, one) for path, one in figures(plain.region.travel) if _spans(one)]
    return found


def unreached(plain: World) -> list[Unreached]:
    """Figures that have a range, or one end of it, and are not varied."""
    found = []
    if plain.region.free is not None and not _has_factors(plain):
        why = f"the factors are of the care model {plain.region.free.care}, the study's is {plain.study.care}"
        found += [Unreached(name, why) for name in plain.region.free.parameters]
    for kind, part in (("care", plain.care), ("travel", plain.region.travel)):
        for path, one in figures(part):
            name = ".".join((kind, *path))
            if (one.low is None) != (one.high is None):
                found.append(Unreached(name, "one end of the range is not said"))
            elif _spans(one) and kind == "travel" and plain.region.travel.matrix_file is not None:
                found.append(Unreached(name, "the region has a ready-made matrix of ways, which is not made of it"))
    return found


def with_values(plain: World, varied: Sequence[Ranged], values: Mapping[str, float]) -> World:
    """The world with each figure at its value: figures first, then factors, as when a study is loaded."""
    care, region = plain.care, plain.region
    for one in varied:
        if one.kind == "care":
            care = with_value(care, one.path, values[one.name])
        elif one.kind == "travel":
            travel = with_value(region.travel, one.path, values[one.name])
            region = region.model_copy(update={"travel": travel})
    factors = {one.name: values[one.name] for one in varied if one.kind == "factor"}
    if factors and plain.region.free is not None:
        care, region = with_factors(care, region, plain.region.free.parameters, factors)
    return replace(plain, care=care, region=region)


def _has_factors(plain: World) -> bool:
    return plain.region.free is not None and plain.region.free.care == plain.study.care


def _spans(figure: Figure) -> bool:
    return figure.low is not None and figure.high is not None and figure.low < figure.high


def _factors(plain: World) -> list[Ranged]:
    assert plain.region.free is not None
    known = plain.region.fitted
    found = known.parameters if known is not None and known.care == plain.study.care else {}
    return [_factor(name, one, found.get(name)) for name, one in plain.region.free.parameters.items()]


def _factor(name: str, free: FreeParameter, found: FittedFactor | None) -> Ranged:
    """A free parameter: what the figures tell of it, if they tell anything; else its evidence range."""
    span, value = free.factor, found.factor if found is not None else free.factor.value
    if found is not None and found.identified and found.low < found.high:
        source = f"95 % of what published figures tell ({FITTED}), within {span.low:g} to {span.high:g}: {span.source}"
        return Ranged(name, "factor", (), free.label, value, found.low, found.high, source, "X")
    return Ranged(name, "factor", (), free.label, value, span.low, span.high, span.source, span.quality)


def _ranged(plain: World, kind: Literal["care", "travel"], path: Path, one: Figure) -> Ranged:
    assert one.low is not None and one.high is not None
    label = care_label(plain.care, path) if kind == "care" else travel_label(plain.region.travel, path)
    return Ranged(".".join((kind, *path)), kind, path, label, one.value, one.low, one.high, one.source, one.quality)


__all__ = ["Ranged", "Unreached", "figures", "ranged", "unreached", "with_value", "with_values"]
