"""The register of assumptions: effect sizes of each scenario's levers first, then the figures of the care model."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sim.report.html.lever_sentences import SIZES, lever_sentence
from sim.report.html.rule_phrases import record_title, rule_phrase
from sim.report.language import N_, Language
from sim.report.names import Names
from sim.report.numbers import DASH

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
    figure: tuple[float | None, ...] = ()  # value, low and high as numbers

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
    in_own_language: bool  # the note is the writer's, in a language that nobody named
    sizes: list[Assumption] = field(default_factory=list)


@dataclass(frozen=True)
class ScenarioRecord:
    """The levers of a scenario; those that an earlier scenario already showed are only counted."""

    name: str
    levers: list[LeverRecord]
    shared: list[str]


def scenario_records(
    config: dict[str, Any], scenarios: list[str], names: Names, language: Language
) -> list[ScenarioRecord]:
    """What each scenario assumes. A lever that is the same in two scenarios is shown with the first."""
    seen: list[tuple[str, dict[str, Any]]] = []
    out = []
    for scenario in scenarios:
        levers, shared = [], []
        for lever in config["scenarios"][scenario]["levers"].values():
            before = next((name for name, known in seen if known == lever), None)
            if before is None:
                seen.append((scenario, lever))
                levers.append(_lever(lever, names, language))
            elif before not in shared:
                shared.append(before)
        out.append(ScenarioRecord(names.scenario(scenario), levers, [names.scenario(s) for s in shared]))
    return out


def _lever(lever: dict[str, Any], names: Names, language: Language) -> LeverRecord:
    sizes = [
        _figure(language.translate(SIZES.get(key, key)), value, language)
        for key, value in lever.items()
        if isinstance(value, dict) and "source" in value and "value" in value
    ]
    note = lever.get("note", "")
    return LeverRecord(lever_sentence(lever, names, language), language.words(note), isinstance(note, str), sizes)


def _figure(what: str, figure: dict[str, Any], language: Language) -> Assumption:
    low, high = (language.plain(figure[k]) if figure.get(k) is not None else DASH for k in ("low", "high"))
    figures = tuple(figure.get(k) for k in ("value", "low", "high"))
    return Assumption(what, language.plain(figure["value"]), low, high, figure["source"], figure["quality"], figures)


def weak_share(records: list[ScenarioRecord]) -> tuple[int, int]:
    """How many effect sizes rest on judgement alone, and how many there are."""
    sizes = [size for record in records for lever in record.levers for size in lever.sizes]
    return sum(size.weak for size in sizes), len(sizes)


def care_records(care: dict[str, Any], names: Names, language: Language) -> list[tuple[str, list[Assumption]]]:
    """Every figure and rule of the care model that has a source, by the part it belongs to."""
    named = {"services": names.service, "needs": names.need, "resources": names.resource, "profiles": names.profile}
    out = []
    for part, title in PARTS.items():
        rows = []
        for name, record in care.get(part, {}).items():
            subject = named[part](name)
            for path, source in _with_source(record, []):
                what = record_title(path, names, language)
                rows.append(_record(f"{subject}: {what}" if what else subject, source, names, language))
        out.append((language.translate(title), rows))
    rest = {k: v for k, v in care.items() if k not in PARTS}
    rows = [
        _record(record_title(path, names, language), record, names, language) for path, record in _with_source(rest, [])
    ]
    out.append((language.translate("everything else"), rows))
    return out


def _with_source(record: Any, path: list[str]) -> Iterator[tuple[list[str], dict[str, Any]]]:
    """All records with a source within a part of the configuration, with the keys that lead there."""
    if not isinstance(record, dict):
        return
    if "source" in record and "quality" in record:
        yield path, record
        return
    for key, value in record.items():
        yield from _with_source(value, [*path, key])


def _record(what: str, record: dict[str, Any], names: Names, language: Language) -> Assumption:
    if "value" in record:
        return _figure(what, record, language)
    return Assumption(what, rule_phrase(record, names, language), "", "", record["source"], record["quality"])


__all__ = ["Assumption", "LeverRecord", "ScenarioRecord", "care_records", "scenario_records", "weak_share"]
