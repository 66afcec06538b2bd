"""Paths to what a world says, and the world with something else said there.

A path is the keys that lead to a figure, as they stand in the files, with dots between: ``care.needs.injury...``,
``region.pools.<pool>.capacity``, ``region.offers.<site>.<service>.pull``, ``scenarios.<scenario>.levers.<lever>...``,
``study.replications``. ``scenarios`` and ``levers`` may be left out: ``<scenario>.<lever>...``. Nothing here judges a
value; ``sim.config.changes`` does.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, is_dataclass, replace
from typing import Any, TypeVar

import pandas as pd
from pydantic import BaseModel

from sim.config.checks.table_checks import KEYS
from sim.config.schema.region import Region
from sim.config.schema.scenario import Scenario
from sim.config.world_parts import WorldParts

Changes = Mapping[str, Any]  # what is said instead, by path
Keys = tuple[str, ...]
R = TypeVar("R")
ROOTS = ("care", "region", "scenarios", "study")
AREAS = ("file", "calendars", "travel", *KEYS)  # of a region, what can be changed


class UnknownPath(KeyError):
    """A path that leads nowhere: as far as it leads, the key that is not there, and those that are."""

    def __init__(self, known: Keys, key: str, allowed: Collection[str]) -> None:
        super().__init__(".".join((*known, key)))
        self.known, self.key, self.allowed = known, key, list(allowed)


@dataclass(frozen=True)
class TableRows:
    """A table of a region, by the names of its rows."""

    frame: pd.DataFrame
    index: dict[str, int]  # name of a row to its number; several key columns with dots between


@dataclass(frozen=True)
class TableRow:
    """A row of a table, by the names of its columns."""

    frame: pd.DataFrame
    number: int


def rows_of(region: Region, table: str) -> TableRows:
    """A table by its rows' names."""
    frame = getattr(region, table)
    keys = zip(*(frame[column].astype(str) for column in KEYS[table]), strict=True)
    return TableRows(frame, {".".join(key): number for number, key in enumerate(keys)})


class Finder:
    """Finds paths from a node; the names of a table's rows are looked up once for all of them."""

    def __init__(self, node: object) -> None:
        self.node = node
        self.tables: dict[str, TableRows] = {}

    def keys(self, path: str) -> Keys:
        """The keys of a path. Raises UnknownPath."""
        keys: list[str] = []
        node, rest = self.node, path
        while rest:
            names, implied = children(node), _implied(node)
            key = _first(rest, names)
            if key is None and implied and _first(rest, children(child(node, implied))):
                keys.append(implied)
                node = child(node, implied)
                continue
            if key is None:
                more = children(child(node, implied)) if implied else ()
                raise UnknownPath(tuple(keys), rest.split(".")[0], [*names, *more])
            keys.append(key)
            node, rest = self._below(node, key), rest[len(key) + 1 :]
        return tuple(keys)

    def at(self, keys: Keys) -> Any:
        """What lies at the keys of a path."""
        node = self.node
        for key in keys:
            node = self._below(node, key)
        return node

    def _below(self, node: object, key: str) -> object:
        if not (isinstance(node, Region) and key in KEYS):
            return child(node, key)
        if key not in self.tables:
            self.tables[key] = rows_of(node, key)
        return self.tables[key]


def _implied(node: object) -> str:
    """The key that a path may leave out below a node; nothing: none."""
    return "scenarios" if isinstance(node, WorldParts) else "levers" if isinstance(node, Scenario) else ""


def _first(path: str, names: Collection[str]) -> str | None:
    """The key that a path begins with; keys may have dots themselves."""
    parts = path.split(".")
    return next((key for n in range(len(parts), 0, -1) if (key := ".".join(parts[:n])) in names), None)


def children(node: object) -> Collection[str]:
    """The keys of what lies below a node; none below a figure."""
    match node:
        case WorldParts():
            return ROOTS
        case Region():
            return AREAS
        case BaseModel():
            return type(node).model_fields
        case dict():
            return {str(key) for key in node}
        case TableRows():
            return node.index
        case TableRow():
            return list(node.frame.columns)
    return ()


def child(node: object, key: str) -> Any:
    """What lies below a node. ``key`` is one of its ``children``."""
    match node:
        case Region() if key in KEYS:
            return rows_of(node, key)
        case dict():
            return next(value for name, value in node.items() if str(name) == key)
        case TableRows():
            return TableRow(node.frame, node.index[key])
        case TableRow():
            return node.frame[key].iloc[node.number]
    return getattr(node, key)


def with_changes(node: R, changes: Changes) -> R:
    """A world, or a part of one, with changes in force; nothing is changed in place, and nothing is judged.

    Paths are from the node. Raises UnknownPath.
    """
    tree: dict[str, Any] = {}
    finder = Finder(node)
    for path, value in changes.items():
        *above, last = finder.keys(path)
        here = tree
        for key in above:
            here = here.setdefault(key, {})
        here[last] = _Leaf(value)
    changed: R = _with_values(node, tree)
    return changed


@dataclass(frozen=True)
class _Leaf:
    value: Any


def _with_values(node: Any, tree: dict[str, Any] | _Leaf) -> Any:
    if isinstance(tree, _Leaf):
        return tree.value
    if not tree:
        return node
    if isinstance(node, TableRows):
        return _put_cells(node, tree)
    below = {key: _with_values(child(node, key), part) for key, part in tree.items()}
    if isinstance(node, dict):
        return {key: below.get(str(key), value) for key, value in node.items()}
    if is_dataclass(node) and not isinstance(node, type):
        return replace(node, **below)
    return node.model_copy(update=below)


def _put_cells(rows: TableRows, tree: dict[str, Any]) -> pd.DataFrame:
    """The table with some cells changed; a column keeps its type."""
    cells: dict[str, dict[int, Any]] = {}
    for name, columns in tree.items():
        for column, leaf in columns.items():
            cells.setdefault(column, {})[rows.index[name]] = leaf.value
    frame = rows.frame.copy()
    for column, leaf in cells.items():
        values = frame[column].tolist()
        for number, value in leaf.items():
            values[number] = value
        frame[column] = pd.Series(values, index=frame.index, dtype=frame[column].dtype)
    return frame


__all__ = ["AREAS", "ROOTS", "Changes", "Finder", "Keys", "UnknownPath", "child", "children", "rows_of", "with_changes"]
