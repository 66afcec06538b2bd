"""The register of assumptions: effect sizes of each scenario's levers first, then the figures of the care model."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sim.report.html.lever_sentences import SIZES, described
from sim.report.html.rule_phrases import spoken, titled
from sim.report.language import N_, NOTHING, Language
from sim.report.names import Names

WEAK = "D"
PARTS = {
    "services": N_("services"),
    "needs": N_("needs"),
    "resources": N_("resources"),
    "profiles": N_("profiles of arrivals"),
}


@dataclass(frozen=True)
class Assumption:
    """One figure, or one rule, with its range, source and quality."""

    what: str
    value: str
    low: str
    high: str
    source: str
    quality: str

    @property
    def is_figure(self) -> bool:
        """Whether it is one number, or a rule told in words."""
        return self.low != ""

    @property
    def weak(self) -> bool:
        """Whether nothing but judgement stands behind it."""
        return self.quality == WEAK


@dataclass(frozen=True)
class LeverRecord:
    """A lever in words, and its effect sizes."""

    text: str
    note: str
    sizes: list[Assumption] = field(default_factory=list)


@dataclass(frozen=True)
class ScenarioRecord:
    """The levers of a scenario; those that an earlier scenario already showed are only counted."""

    name: str
    levers: list[LeverRecord]
    shared: list[str]


def scenario_records(config: dict[str, Any], scenarios: list[str], names: Names, say: Language) -> list[ScenarioRecord]:
    """What each scenario assumes. A lever that is the same in two scenarios is shown with the first."""
    seen: list[tuple[str, dict[str, Any]]] = []
    out = []
    for scenario in scenarios:
        levers, shared = [], []
        for lever in config["scenarios"][scenario]["levers"].values():
            before = next((name for name, known in seen if known == lever), None)
            if before is None:
                seen.append((scenario, lever))
                levers.append(_lever(lever, names, say))
            elif before not in shared:
                shared.append(before)
        out.append(ScenarioRecord(names.scenario(scenario), levers, [names.scenario(s) for s in shared]))
    return out


def _lever(lever: dict[str, Any], names: Names, say: Language) -> LeverRecord:
    sizes = [
        _figure(say._(SIZES.get(key, key)), value, say)
        for key, value in lever.items()
        if isinstance(value, dict) and "source" in value and "value" in value
    ]
    return LeverRecord(described(lever, names, say), str(lever.get("note", "")), sizes)


def _figure(what: str, figure: dict[str, Any], say: Language) -> Assumption:
    low, high = (say.plain(figure[k]) if figure.get(k) is not None else NOTHING for k in ("low", "high"))
    return Assumption(what, say.plain(figure["value"]), low, high, figure["source"], figure["quality"])


def weak_share(records: list[ScenarioRecord]) -> tuple[int, int]:
    """How many effect sizes rest on judgement alone, and how many there are."""
    sizes = [size for record in records for lever in record.levers for size in lever.sizes]
    return sum(size.weak for size in sizes), len(sizes)


def care_records(care: dict[str, Any], names: Names, say: Language) -> list[tuple[str, list[Assumption]]]:
    """Every figure and rule of the care model that has a source, by the part it belongs to."""
    named = {"services": names.service, "needs": names.need, "resources": names.resource}
    out = []
    for part, title in PARTS.items():
        rows = []
        for name, record in care.get(part, {}).items():
            called = named[part](name) if part in named else name.replace("_", " ")
            for path, sourced in _sourced(record, []):
                what = titled(path, names, say)
                rows.append(_record(f"{called}: {what}" if what else called, sourced, names, say))
        out.append((say._(title), rows))
    rest = {k: v for k, v in care.items() if k not in PARTS}
    rows = [_record(titled(path, names, say), record, names, say) for path, record in _sourced(rest, [])]
    out.append((say._("everything else"), rows))
    return out


def _sourced(record: Any, path: list[str]) -> Iterator[tuple[list[str], dict[str, Any]]]:
    """All records with a source within a part of the configuration, with the keys that lead there."""
    if not isinstance(record, dict):
        return
    if "source" in record and "quality" in record:
        yield path, record
        return
    for key, value in record.items():
        yield from _sourced(value, [*path, key])


def _record(what: str, record: dict[str, Any], names: Names, say: Language) -> Assumption:
    if "value" in record:
        return _figure(what, record, say)
    return Assumption(what, spoken(record, names, say), "", "", record["source"], record["quality"])


__all__ = ["Assumption", "LeverRecord", "ScenarioRecord", "care_records", "scenario_records", "weak_share"]
