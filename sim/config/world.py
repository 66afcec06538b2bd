"""The whole of a study, read and checked."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sim.config.changes import vary
from sim.config.paths import Changes
from sim.config.world_parts import Given, WorldParts

TABLES = ("municipalities", "zones", "sites", "pools", "offers", "targets")


class World(WorldParts):
    """What a study is about: ``study``, ``execution``, ``region``, ``care``, ``scenarios`` and what is given."""

    def vary(self, changes: Changes) -> World:
        """The world with something else said in it, judged as its files would be; this one is not changed.

        ``changes``: values by path, as ``{"near_care.more_physicians.scale": 0.03, "near_care.prevention": "off"}``;
        ``sim.vary`` tells what may stand there. Raises ConfigErrors with all that is wrong.
        """
        return vary(self, changes)


def resolved(world: World) -> dict[str, Any]:
    """The configuration as plain data, for ``config.yaml``: everything but the tables, of which the places' names."""
    travel = world.region.travel
    if travel.matrix_file is not None:
        travel = travel.model_copy(update={"matrix_file": Path(travel.matrix_file).name})
    calendars = {name: c.model_dump(mode="json") for name, c in world.region.calendars.items()}
    return {
        "study": world.study.model_dump(mode="json"),
        "execution": world.execution.model_dump(mode="json"),
        "region": {
            "name": world.region.name,
            "file": world.region.file.model_dump(mode="json"),
            "travel": travel.model_dump(mode="json"),
            "calendars": calendars,
            "municipalities": _records(world.region.municipalities, "municipality", ["name", "subregion", "people"]),
            "sites": _records(world.region.sites, "site", ["name", "kind", "municipality", "lat", "lon"]),
            "fitted": world.region.fitted.factors() if world.region.fitted is not None else {},
            "tables_sha256": {name: _hash(table) for name, table in _tables(world).items()},
        },
        "care": world.care.model_dump(mode="json"),
        "scenarios": {name: s.model_dump(mode="json") for name, s in world.scenarios.items()},
        **(world.statements.model_dump(mode="json") if world.statements else {"statements": {}, "documents": {}}),
    }


def _tables(world: World) -> dict[str, pd.DataFrame]:
    """The region's tables, and its dated rows and the given patients if there are any."""
    region = world.region
    tables = {"episodes": world.given.episodes, "initial": world.given.start}
    patients = {name: table for name, table in tables.items() if table is not None}
    dated = {name: getattr(region, name) for name in ("dated_pools", "dated_offers") if len(getattr(region, name))}
    return {**{name: getattr(region, name) for name in TABLES}, **dated, **patients}


def _hash(table: pd.DataFrame) -> str:
    """Hash of a table's text, so that another table is seen to be another study."""
    return hashlib.sha256(table.to_csv(index=False).encode()).hexdigest()


def _records(table: pd.DataFrame, key: str, columns: list[str]) -> dict[str, dict[str, Any]]:
    """Columns of a table by its key, as plain data; a missing value is None."""
    rows = table[columns].astype(object).where(table[columns].notna(), None).to_dict("records")
    return {str(name): {str(k): _plain(v) for k, v in row.items()} for name, row in zip(table[key], rows, strict=True)}


def _plain(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else value


__all__ = ["TABLES", "Given", "World", "resolved"]
