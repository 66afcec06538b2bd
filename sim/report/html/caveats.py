"""What a reader must know before believing: the unserved, the unsettled, failed runs, who is touched where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sim.report.html.change_cells import Writer
from sim.report.html.effects import Effect
from sim.report.html.measure_labels import READINGS
from sim.report.html.replications import TRIED, replications_needed
from sim.report.numbers import DASH
from sim.results.conclusion import Conclusion
from sim.results.first_look import is_first_look, window_days

UNSERVED = "unserved_per_day"
MOST_SERVICES = 3
WHOLE_CUTS = ("all", "service")


def first_look(writer: Writer, study: dict[str, Any]) -> str:
    """What a study is too short for; empty for one that is not."""
    if not is_first_look(study):
        return ""
    return writer.language.translate(
        "{days} days, replications: {replications}. Too short for conclusions: it shows what to ask, not what is so.",
        days=window_days(study), replications=study["replications"],
    )  # fmt: skip


def unserved_sentences(writer: Writer) -> list[str]:
    """A sentence for the baseline, and for each scenario where more or fewer get no care than in the baseline."""
    effects, translate = writer.effects, writer.language.translate
    out = []
    without_care = [s for s in [effects.baseline, *effects.scenarios] if effects.mean(s, UNSERVED) > 0]
    alike = [s for s in without_care if effects.baseline in without_care and _as_before(effects.get(s, UNSERVED))]
    for scenario in without_care:
        if scenario not in alike:
            out.append(
                translate(
                    "{scenario}: {number} contacts per day that no one could take care of ({services}).",
                    scenario=writer.names.scenario(scenario),
                    number=writer.language.number(effects.mean(scenario, UNSERVED)),
                    services=_services(writer, scenario),
                )
            )
    if alike:
        names = writer.language.enumeration([writer.names.scenario(s) for s in alike])
        out.append(translate("No certain difference from the baseline that matters in {names}.", names=names))
    return out


def _as_before(effect: Effect | None) -> bool:
    return effect is not None and effect.is_shown and effect.verdict in (Conclusion.UNKNOWN, Conclusion.NO_CHANGE)


def _services(writer: Writer, scenario: str) -> str:
    """The services that most often could not be had, with their numbers."""
    effects = writer.effects
    by_service = {s: effects.mean(scenario, UNSERVED, "service", s) for s in effects.groups(UNSERVED, "service")}
    largest = sorted((s for s in by_service if by_service[s] > 0), key=lambda s: -by_service[s])[:MOST_SERVICES]
    return ", ".join(f"{writer.names.service(s)} {writer.language.number(by_service[s])}" for s in largest)


def unsettled_measures(writer: Writer) -> list[tuple[str, str]]:
    """Measures whose queues still moved over the window, with the scenarios where it is so."""
    scenarios: dict[str, list[str]] = {}
    for effect in writer.effects.unsettled_effects():
        if effect.by in WHOLE_CUTS:
            reading = READINGS.get(effect.measure)
            name = writer.language.translate(reading.name) if reading else effect.measure
            if effect.by != "all":
                name = f"{name}: {writer.names.group(effect.by, effect.group)}"
            scenarios.setdefault(name, []).append(effect.scenario)
    everyone = len(writer.effects.scenarios)
    in_all = writer.language.translate("all scenarios")
    return [
        (
            name,
            in_all
            if len(where) == everyone
            else writer.language.enumeration([writer.names.scenario(s) for s in where]),
        )
        for name, where in scenarios.items()
    ]


def failed_runs(writer: Writer, manifest: dict[str, Any]) -> list[str]:
    """A line for each run that failed; the others are kept."""
    return [
        writer.language.translate(
            "{scenario}, {variant}, replication {replication}: {error}",
            scenario=writer.names.scenario(run["scenario"]), variant=run["variant"],
            replication=run["replication"], error=run["error"],
        )
        for run in manifest.get("failed", [])
    ]  # fmt: skip


@dataclass(frozen=True)
class MunicipalityChanges:
    """The municipalities whose change is beyond luck, and matters, in one scenario."""

    scenario: str
    more: str
    less: str
    needed: str


def municipality_changes(writer: Writer, measure: str) -> list[MunicipalityChanges]:
    """Who gets more and who gets less of a measure, by municipality, after Holm."""
    effects, out = writer.effects, []
    for scenario in effects.scenarios:
        towns = effects.groups(measure, "municipality")
        by_municipality = [effects.get(scenario, measure, "municipality", m) for m in towns]
        sure = [e for e in by_municipality if e is not None and e.is_sure]
        more = sorted((e for e in sure if e.change > 0), key=lambda e: -e.change)
        less = sorted((e for e in sure if e.change < 0), key=lambda e: e.change)
        name, needed = (
            writer.names.scenario(scenario),
            _number_needed(writer, [e for e in by_municipality if e is not None]),
        )
        out.append(MunicipalityChanges(name, _places(writer, more), _places(writer, less), needed))
    return out


def _number_needed(writer: Writer, effects: list[Effect]) -> str:
    """Replications that would tell half of the municipalities; a dash where nothing changes."""
    if all(e.change == 0 for e in effects if e.is_shown):
        return DASH
    needed = replications_needed(effects)
    return writer.language.translate("more than {number}", number=TRIED[-1]) if needed is None else str(needed)


def _places(writer: Writer, sure: list[Effect]) -> str:
    """How many residents in how many municipalities, and the three with the largest change."""
    translate = writer.language.translate
    if not sure:
        return translate("no municipality")
    people = sum(writer.names.people(e.group) for e in sure)
    largest = [
        f"{writer.names.municipality(e.group)} {writer.change(READINGS[e.measure], e.change, e)}" for e in sure[:3]
    ]
    if len(sure) == 1:
        return translate(
            "{people} residents in {largest}", people=writer.language.number(people, 0), largest=largest[0]
        )
    return translate(
        "{people} residents in {number} municipalities; most {largest}",
        people=writer.language.number(people, 0), number=len(sure), largest=", ".join(largest),
    )  # fmt: skip


__all__ = [
    "MunicipalityChanges", "failed_runs", "first_look", "municipality_changes", "unserved_sentences",
    "unsettled_measures",
]  # fmt: skip
