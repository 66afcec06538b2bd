"""From which study an export is: what a reader needs to find it again."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import NamedTuple

from sim.report.language import N_, Language
from sim.results.files import sha256
from sim.results.read import Results


class Fact(NamedTuple):
    """One thing that is known of the study."""

    name: str
    value: str


def facts(results: Results, language: Language) -> list[Fact]:
    """Name, question, region, days, seed, versions, when it was finished, and the hashes of its results."""
    study, manifest, translate = results.config["study"], results.manifest, language.translate
    days = translate("{start} to {end}", start=language.date(study["start"]), end=language.date(study["end"]))
    hashes = {
        N_("Hash of the measures (SHA-256)"): "measures.parquet",
        N_("Hash of the configuration (SHA-256)"): "config.yaml",
    }
    rows = {
        N_("Study"): f"{language.label(study['label'])} ({study['name']})",
        N_("Question"): language.label(study["question"]),
        N_("Region"): language.label(results.config["region"]["file"]["label"]),
        N_("Days that were measured"): days,
        N_("Replications"): str(study["replications"]),
        N_("Runs"): str(len(manifest["runs"])),
        N_("Seed"): str(manifest["seed"]),
        N_("Finished"): language.moment(str(manifest.get("finished", ""))),
        N_("Program"): ", ".join(f"{name} {version}" for name, version in manifest["versions"].items()),
        **{name: sha256(results.folder / file) for name, file in hashes.items()},
    }
    return [Fact(translate(name), value) for name, value in rows.items()]


def finished(results: Results) -> datetime:
    """When the study was finished (UTC, without a zone): the date that its exports carry, whenever they are written."""
    try:
        when = datetime.fromisoformat(str(results.manifest.get("finished", "")))
    except ValueError:
        return datetime(2000, 1, 1)
    return when.astimezone(UTC).replace(tzinfo=None)


def title(results: Results, language: Language) -> str:
    """The study's label."""
    return language.label(results.config["study"]["label"])


__all__ = ["Fact", "facts", "finished", "title"]
