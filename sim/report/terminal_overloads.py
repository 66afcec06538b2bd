"""What a terminal shows of figures that are doubtful: overloaded pools, and stations whose start still shows."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Hashable
from typing import Any

from sim.report.names import Names
from sim.report.no_effect_lines import no_effect_lines
from sim.report.numbers import absent
from sim.report.terminal_language import terminal_language
from sim.results.read import Results
from sim.results.warm_up import short_warm_ups
from sim.study.console import own_console

MORE = 1.1  # a pool's load over the baseline's, from which it is the scenario's own


def print_warnings(results: Results) -> None:
    """What makes figures doubtful: overloaded pools, and stations whose start still shows; nothing if all is well."""
    language = terminal_language()
    names = Names(results.config, language)
    common, own = overloads_apart(results.manifest.get("overloaded", []), results.manifest["baseline"])
    for line in overload_lines(common, names) + [
        line for pools in own.values() for line in overload_lines(pools, names)
    ]:
        own_console().print(line, highlight=False)
    for line in no_effect_lines(results.config, results.manifest.get("without_effect", {}), language):
        own_console().print(language.translate("Warning: {text}", text=line), highlight=False)
    days = results.config["study"]["warm_up_days"]
    for (by, group), rows in short_warm_ups(results.measures, days).groupby(["by", "group"], sort=False):
        text = language.translate(
            "Warning: the warm-up of {days} days is too short for {station}, or the run too short to tell: {needs}.",
            days=days, station=_station(str(by), str(group), names),
            needs=", ".join(f"{row['scenario']} {_needs(row)}" for row in rows.to_dict("records")),
        )  # fmt: skip
        own_console().print(text, highlight=False)


def _station(by: str, group: str, names: Names) -> str:
    """A service, or the emergency room or the ward of a site."""
    if by == "service":
        return names.within(names.service(group))
    site, translate = names.site(group), terminal_language().translate
    return translate("emergency room, {site}", site=site) if by == "er_site" else translate("ward, {site}", site=site)


def _needs(row: dict[Hashable, Any]) -> str:
    """Days needed, and how far off the patients present are."""
    language = terminal_language()
    needed = (
        language.translate("more than half of the run")
        if math.isinf(row["needed_days"])
        else language.translate("{number} days", number=f"{row['needed_days']:.0f}")
    )
    if absent(row["bias_share"]):
        return needed
    share = language.percent(row["bias_share"], 0, signed=True)
    return language.translate("{days} ({share} patients)", days=needed, share=share)


def overloads_apart(
    pools: list[dict[str, Any]], baseline: str
) -> tuple[list[dict[str, Any]], dict[str, list[dict[str, Any]]]]:
    """The pools that are overloaded in the baseline, and by scenario those that are so only, or clearly more, in it."""
    before = {one["pool"]: one["load"] for one in pools if one["scenario"] == baseline}
    own: dict[str, list[dict[str, Any]]] = {}
    for one in pools:
        if one["scenario"] != baseline and one["load"] > MORE * before.get(one["pool"], 0.0):
            own.setdefault(one["scenario"], []).append(one)
    return [one for one in pools if one["scenario"] == baseline], own


def overload_lines(overloaded_pools: list[dict[str, Any]], names: Names) -> list[str]:
    """A line for each pool with the scenarios in which it is overloaded; by service for those that people turn from."""
    pools: dict[str, list[dict[str, Any]]] = {}
    full: dict[str, list[dict[str, Any]]] = {}
    for one in overloaded_pools:
        part, key = (full, one["services"][0]) if one.get("turns_away") else (pools, one["pool"])
        part.setdefault(key, []).append(one)
    return [_full(names.within(names.service(service)), rows) for service, rows in full.items()] + [
        _overload(pool, rows, names) for pool, rows in pools.items()
    ]


def _full(service: str, rows: list[dict[str, Any]]) -> str:
    language = terminal_language()
    counts = Counter(row["scenario"] for row in rows)
    return language.translate(
        "Note: pools of {service} that are asked for more than they have open: {many}; offered load up to {load}. "
        "Who finds the wait long turns elsewhere.",
        service=service, many=", ".join(f"{scenario} {count}" for scenario, count in counts.items()),
        load=language.number(max(row["load"] for row in rows), 2),
    )  # fmt: skip


def _overload(pool: str, rows: list[dict[str, Any]], names: Names) -> str:
    language = terminal_language()
    return language.translate(
        "Warning: {services} at {site} (pool {pool}) is overloaded, its queue will grow. Offered load: {loads}.",
        services=", ".join(names.service(service) for service in rows[0]["services"]),
        site=names.site(rows[0]["site"]), pool=pool,
        loads=", ".join(f"{row['scenario']} {language.number(row['load'], 2)}" for row in rows),
    )  # fmt: skip


__all__ = ["overload_lines", "overloads_apart", "print_warnings"]
