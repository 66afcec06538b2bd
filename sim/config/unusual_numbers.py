"""Numbers of a world that hardly ever are: each is asked about, with what is usual and the unit probably meant."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

import pandas as pd
from pydantic import BaseModel

from sim.config.checks.table_checks import KEYS
from sim.config.reading.cells import Measured, Reader, numbers_in
from sim.config.reading.forecast_table import FORECAST, FORECAST_COLUMNS
from sim.config.reading.region_tables import readers_of
from sim.config.schema.base import Figure
from sim.config.schema.care import Care
from sim.config.schema.number_kinds import DURATION, DURATION_OF, UNITS_OF
from sim.config.schema.number_ranges import NumberKind, kind_in
from sim.config.sentence import Sentence
from sim.config.world_parts import WorldParts

Path = tuple[str, ...]
TABLES = ("municipalities", "zones", "sites", "pools", "offers", "targets", "dated_pools", "dated_offers")
FORECAST_KEYS = ("forecast", "year", "municipality")


@dataclass(frozen=True)
class MeasuredValue:
    """A number, figure or time of a model, with the keys that lead to it and its kind."""

    path: Path
    value: Any
    kind: NumberKind


def number_questions(world: WorldParts) -> list[str]:
    """A sentence for each number of a world's files that hardly ever is so, in a fixed order."""
    region = world.region
    models: dict[str, tuple[Path, BaseModel]] = {
        f"care/{world.study.care}.yaml": ((), world.care),
        "travel.yaml": ((), region.travel),
        f"study/{world.study.name}": ((), world.study),
        "execution": ((), world.execution),
        **{f"calendars.yaml: {name}": ((), calendar) for name, calendar in region.calendars.items()},
        **{f"scenarios/{name}.yaml": ((), scenario) for name, scenario in world.scenarios.items()},
    }
    if region.free is not None:
        models["free_parameters.yaml"] = ((), region.free)
    asked = [one for file, (path, model) in models.items() for one in _of_model(file, path, model)]
    kinds = _kinds_of_pools(world)
    for name in TABLES:
        plain = name.removeprefix("dated_")
        asked += _of_table(f"{plain}.csv", getattr(region, name), readers_of(plain), KEYS[name], kinds)
    if region.forecast is not None:
        asked += _of_table(FORECAST, region.forecast, FORECAST_COLUMNS, FORECAST_KEYS, {})
    return asked


def _of_model(file: str, path: Path, model: BaseModel) -> Iterator[str]:
    for found in measured_values(model, path):
        for key, question in _kind_of(model, found).questions(found.value):
            where = ".".join((*found.path, key) if key else found.path)
            yield Sentence("{file}: {key}: {question}", file=file, key=where, question=question)


def _kind_of(model: BaseModel, found: MeasuredValue) -> NumberKind:
    """The kind of a number; of the duration of a service that of its kind of service."""
    if isinstance(model, Care) and found.kind is DURATION:
        return DURATION_OF.get(model.services[found.path[1]].kind, found.kind)
    return found.kind


def measured_values(model: BaseModel, path: Path = ()) -> Iterator[MeasuredValue]:
    """Every number, figure and time within a model, with its kind."""
    for name, field in type(model).model_fields.items():
        yield from _within(getattr(model, name), field.annotation, kind_in(field.metadata), (*path, name))


def _within(value: Any, annotation: Any, kind: NumberKind | None, path: Path) -> Iterator[MeasuredValue]:
    origin, args = get_origin(annotation), get_args(annotation)
    if value is None:
        return
    if origin is Annotated:
        yield from _within(value, args[0], kind_in(args[1:]) or kind, path)
    elif origin in (Union, UnionType) and len(rest := [one for one in args if one is not NoneType]) == 1:
        yield from _within(value, rest[0], kind, path)
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _within(inner, args[1], kind, (*path, str(key)))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _within(inner, args[0], kind, (*path, str(number)))
    else:
        if kind is not None:
            yield MeasuredValue(path, value, kind)
        if isinstance(value, BaseModel) and not isinstance(value, Figure):
            yield from measured_values(value, path)


def _kinds_of_pools(world: WorldParts) -> dict[str, NumberKind]:
    """How many units a pool usually has at most, by what it is for: the most generous of its services."""
    most: dict[str, NumberKind] = {}
    for row in world.region.offers[["service", "pool"]].itertuples(index=False):
        service = world.care.services.get(str(row.service))
        kind = UNITS_OF.get(service.kind) if service is not None else None
        for pool in str(row.pool).split():
            if kind is not None and (pool not in most or kind.usual.high > most[pool].usual.high):
                most[pool] = kind
    return most


def _of_table(
    file: str,
    table: pd.DataFrame,
    readers: Mapping[str, Reader],
    names: Sequence[str],
    of_pools: Mapping[str, NumberKind],
) -> Iterator[str]:
    for column, reader in readers.items():
        if not isinstance(reader, Measured) or column not in table:
            continue
        keys = zip(*(table[key].astype(str) for key in names), strict=True)
        for key, cell in zip(keys, table[column], strict=True):
            kind = of_pools.get(key[0], reader.kind) if (file, column) == ("pools.csv", "capacity") else reader.kind
            for size in numbers_in(cell):
                if not kind.usual.holds(size):
                    where = f"{' '.join(key)}, {column}"
                    question = kind.question(size)
                    yield Sentence("{file}: {key}: {question}", file=file, key=where, question=question)


__all__ = ["MeasuredValue", "measured_values", "number_questions"]
