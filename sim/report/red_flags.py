"""What in a study a reader should doubt, all on one screen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from sim.report.language import N_, Language
from sim.report.names import Names
from sim.report.no_effect_lines import no_effect_lines, question_lines
from sim.results.first_look import is_first_look
from sim.results.plausibility import missed_totals, tellable
from sim.results.published import TOLERANCE, VALIDATION
from sim.results.read import Results
from sim.results.settled import moving_levels

FAR = 3 * TOLERANCE + 1e-12  # relative deviation from which a published figure is missed by so much that it is named
MET = N_("The baseline comes within {limit} of {hits} of {number} published figures.")
FAR_OFF = N_("The baseline is off by more than {limit}: {figures}.")
NO_TARGETS = N_("The baseline was held against no published figure.")
HIDDEN = N_(
    "No changes are told: the baseline is more than three tolerances off {figures}. A model that is so far from what "
    "there is tells nothing of what there would be. Mend the baseline first, as docs/new_region.md says; with "
    "effects=always all is told the same."
)
FEW = N_("A first look: too short for conclusions.")
FAILED = N_("{failed} of {number} runs failed; the results rest on the others.")
UNTESTED = N_("No change was tested against other assumptions: neither worlds nor assumption_runs.")
REJECTED = N_("{world} was rejected: {why}")
MOVING = N_("{number} levels of the whole region had not settled, among them: {measures}.")
OVERLOADED = N_("{number} pools are asked for more than they have open and nobody turns away: {pools}.")
UNSERVED = N_("{scenario}: {number} contacts a day that no one could take care of.")
SHOWN = 5  # of a long list


@dataclass(frozen=True)
class Published:
    """How many published figures a baseline meets, and those that it misses by far, with their deviation."""

    hits: int
    number: int
    far: list[tuple[str, float]]


def published(folder: Path) -> Published | None:
    """What the study's table of published figures says; None without one, or with none that can be judged."""
    path = folder / VALIDATION
    if not path.is_file():
        return None
    table = pd.read_csv(path, usecols=["target", "deviation", "within_15"])
    judged = table[table["deviation"].notna()]
    far = judged[judged["deviation"].abs() > FAR]
    if not len(judged):
        return None
    hits = int(judged["within_15"].astype(str).eq("True").sum())
    return Published(hits, len(judged), list(zip(far["target"], far["deviation"], strict=True)))


def published_sentence(folder: Path, language: Language) -> str:
    """How many published figures the baseline meets; empty where it was held against none."""
    found = published(folder)
    if found is None:
        return ""
    return language.translate(MET, limit=language.percent(TOLERANCE, 0), hits=found.hits, number=found.number)


def hidden_sentence(results: Results, language: Language) -> str:
    """That no changes are told, and why; empty where they are."""
    if tellable(results) is results:
        return ""
    figures = [f"{miss.target} ({language.percent(miss.deviation, 0, signed=True)})" for miss in missed_totals(results)]
    return language.translate(HIDDEN, figures=language.enumeration(figures))


def red_flags(results: Results, language: Language) -> list[str]:
    """A sentence for each thing to doubt; the first tells how far the baseline is what is published."""
    study, manifest = results.config["study"], results.manifest
    flags = [published_sentence(results.folder, language) or language.translate(NO_TARGETS)]
    flags += [hidden] if (hidden := hidden_sentence(results, language)) else []
    flags += _far_off(results, language)
    flags += [language.translate(FEW)] if is_first_look(study) else []
    if failed := len(manifest["failed"]):
        flags.append(language.translate(FAILED, failed=failed, number=failed + len(manifest["runs"])))
    if len(study["scenarios"]) > 1 and not study["worlds"] and not study["assumption_runs"]:
        flags.append(language.translate(UNTESTED))
    rejected = manifest.get("worlds", {}).get("rejected", {})
    flags += [language.translate(REJECTED, world=world, why=why) for world, why in rejected.items()]
    flags += no_effect_lines(results.config, manifest.get("without_effect", {}), language)
    flags += question_lines(manifest.get("questions", []), language)
    return [*flags, *_unsettled(results, language), *_overloaded(results, language), *_unserved(results, language)]


def _far_off(results: Results, language: Language) -> list[str]:
    found = published(results.folder)
    if found is None or not found.far:
        return []
    figures = [f"{target} ({language.percent(off, 0, signed=True)})" for target, off in found.far]
    return [language.translate(FAR_OFF, limit=language.percent(FAR, 0), figures=language.enumeration(figures))]


def _unsettled(results: Results, language: Language) -> Iterator[str]:
    values = results.measures[(results.measures["variant"] == "value") & (results.measures["by"] == "all")]
    moving = moving_levels(values)
    levels = moving.index[moving.to_numpy()].to_frame(index=False)
    if len(levels):
        listed = ", ".join(sorted(set(levels["measure"]))[:SHOWN])
        yield language.translate(MOVING, number=len(levels), measures=listed)


def _overloaded(results: Results, language: Language) -> Iterator[str]:
    names = Names(results.config, language)
    pools = {one["pool"]: one for one in results.manifest.get("overloaded", []) if not one.get("turns_away")}
    if pools:
        listed = [f"{pool} ({names.site(one['site'])})" for pool, one in list(pools.items())[:SHOWN]]
        yield language.translate(OVERLOADED, number=len(pools), pools=", ".join(listed))


def _unserved(results: Results, language: Language) -> Iterator[str]:
    table, names = results.measures, Names(results.config, language)
    rows = table[(table["measure"] == "unserved_per_day") & (table["by"] == "all") & (table["variant"] == "value")]
    for scenario, value in rows.groupby("scenario", sort=False)["value"].mean().items():
        if value > 0:
            yield language.translate(UNSERVED, scenario=names.scenario(str(scenario)), number=language.number(value))


__all__ = ["hidden_sentence", "published", "published_sentence", "red_flags"]
