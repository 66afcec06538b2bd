"""Stations whose figures a reader must doubt: overloaded, or still marked by the start of the run."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from sim.report.html.change_cells import Writer
from sim.results.warm_up import short_warm_ups


def overloaded_pools(writer: Writer, manifest: dict[str, Any]) -> list[str]:
    """A line for each pool that is asked for as much as it has open, or more: where, how much, in which scenarios.

    Of those where whoever finds the wait long turns elsewhere a line for each service.
    """
    pools: dict[str, list[dict[str, Any]]] = {}
    full: dict[str, list[dict[str, Any]]] = {}
    for one in manifest.get("overloaded", []):
        part, key = (full, one["services"][0]) if one.get("turns_away") else (pools, one["pool"])
        part.setdefault(key, []).append(one)
    return [_load(writer, rows) for rows in pools.values()] + [_full(writer, *item) for item in full.items()]


def _full(writer: Writer, service: str, rows: list[dict[str, Any]]) -> str:
    language = writer.language
    return language.translate(
        "{service}, {number} places: up to {load} of what is open ({scenarios}); whoever finds the wait long turns "
        "elsewhere.",
        service=writer.names.service(service), number=language.number(len({row["pool"] for row in rows}), 0),
        load=language.percent(max(row["load"] for row in rows), 1),
        scenarios=_where(writer, list(dict.fromkeys(row["scenario"] for row in rows))),
    )  # fmt: skip


def _load(writer: Writer, rows: list[dict[str, Any]]) -> str:
    names, language = writer.names, writer.language
    return language.translate(
        "{service}, {site}: {load} of what is open ({scenarios}).",
        service=language.enumeration([names.service(s) for s in rows[0]["services"]]), site=names.site(rows[0]["site"]),
        load=language.percent(max(row["load"] for row in rows), 1),
        scenarios=_where(writer, [r["scenario"] for r in rows]),
    )  # fmt: skip


def warm_ups(writer: Writer, measures: pd.DataFrame, warm_up_days: float) -> list[str]:
    """A line for each station that needs a longer warm-up: how long, what that does to it, in which scenarios."""
    short = short_warm_ups(measures, warm_up_days)
    stations = list(dict.fromkeys(zip(short["by"].astype(str), short["group"].astype(str), strict=True)))
    return [
        _warm_up(writer, by, group, short[(short["by"] == by) & (short["group"] == group)]) for by, group in stations
    ]


def _warm_up(writer: Writer, by: str, group: str, rows: pd.DataFrame) -> str:
    known, language = rows["bias_share"].dropna(), writer.language
    station, days = _station(writer, by, group), _days(writer, float(rows["needed_days"].max()))
    scenarios = _where(writer, list(rows["scenario"]))
    if known.empty:
        return language.translate(
            "{station}: {days}; the run is too short to tell how far the figures are off ({scenarios}).",
            station=station, days=days, scenarios=scenarios,
        )  # fmt: skip
    return language.translate(
        "{station}: {days}; patients present {share} ({scenarios}).",
        station=station, days=days, scenarios=scenarios, share=language.percent(max(known, key=abs), 0, signed=True),
    )  # fmt: skip


def _station(writer: Writer, by: str, group: str) -> str:
    if by == "service":
        return writer.names.service(group)
    site = writer.names.site(group)
    if by == "er_site":
        return writer.language.translate("emergency room, {site}", site=site)
    return writer.language.translate("ward, {site}", site=site)


def _days(writer: Writer, days: float) -> str:
    if math.isinf(days):
        return writer.language.translate("more than half of the run")
    return writer.language.translate("{days} days", days=writer.language.number(days, 0))


def _where(writer: Writer, scenarios: list[str]) -> str:
    everyone = {writer.effects.baseline, *writer.effects.scenarios}
    if everyone <= set(scenarios):
        return writer.language.translate("all scenarios")
    return writer.language.enumeration([writer.names.scenario(s) for s in scenarios])


__all__ = ["overloaded_pools", "warm_ups"]
