"""Items 5.1 to 5.4 and 6.1."""

from __future__ import annotations

import re
from importlib import metadata
from typing import Any

from sim.config.folders import PACKAGE
from sim.model.codes import EventClass, Purpose
from sim.report.markdown import bullets, paragraphs, table
from sim.report.numbers import round_figures
from sim.report.stress_des.subject import Subject
from sim.study.plan import estimate

LOCK_FILE = "requirements.lock"
DISTRIBUTION = "careshift"


def software(subject: Subject) -> str:
    """Item 5.1: versions of the run if there is one, else those of the lock file."""
    python = metadata.metadata(DISTRIBUTION)["Requires-Python"]
    if subject.manifest is not None:
        versions = dict(subject.manifest["versions"])
        text = "The versions that computed the results:"
    else:
        versions = {"python": python, **_locked_versions()}
        text = "The versions that the lock file pins for every installation (`manifest.json` keeps those of a run):"
    return paragraphs(
        f"careshift {metadata.version(DISTRIBUTION)}, in Python ({python}), on Linux or another POSIX system. The "
        "discrete-event kernel is SimPy; pools and events are its own. numpy holds the tables, pydantic and "
        "Hydra "
        "the configuration, joblib the processes.",
        text,
        table(("library", "version"), sorted(versions.items())),
    )


def _locked_versions() -> dict[str, str]:
    """Versions of the direct dependencies in the lock file; several where it pins one for each version of Python."""
    path = next(p for p in (PACKAGE.parent / LOCK_FILE, PACKAGE / "_data" / LOCK_FILE) if p.is_file())
    pinned: dict[str, list[str]] = {}
    for name, version in re.findall(r"^([a-z0-9-]+)==([^\s;]+)", path.read_text(encoding="utf-8"), flags=re.MULTILINE):
        pinned.setdefault(name, []).append(version)
    names = [re.split(r"[^A-Za-z0-9-]", r)[0] for r in metadata.requires(DISTRIBUTION) or [] if "extra ==" not in r]
    return {name: " or ".join(pinned[name]) for name in names if name in pinned}


def sampling(subject: Subject) -> str:
    """Item 5.2."""
    purposes = ", ".join(p.name.lower() for p in Purpose)
    return paragraphs(
        "Counter-based: every random word is a 64-bit hash (the finaliser of splitmix64; Steele, Lea and Flood 2014) "
        "of a "
        "key and a salt. There is no stream, so no order of events can change a draw. Inversion by tables gives all "
        "distributions.",
        f"Common random numbers: the key of an episode follows from the study's seed ({subject.world.study.seed}), the "
        "replication, need, age group, layer, zone and number, and from no scenario; the salt from the service, how "
        "many "
        f"times the episode has asked for it, and the purpose ({purposes}). `docs/model.md`, section 10, gives the "
        "constants.",
    )


def execution(subject: Subject) -> str:
    """Item 5.3."""
    order = ", ".join(c.name.lower().replace("_", " ") for c in EventClass)
    return paragraphs(
        "Process interaction: an episode is one process (a generator), driven by SimPy's event list. Events of the "
        "same "
        f"second are done by class ({order}), within a class by index. A unit that becomes free goes to the request "
        "with "
        "the earliest request time plus target wait (item 2.5.4), at once after every event.",
        "One run is sequential. Runs are independent of each other and are spread over processes with joblib (loky); "
        "the "
        "results are the same bytes for any number of processes and any order.",
    )


def system(subject: Subject) -> str:
    """Item 5.4: of the run if there is one, else expected."""
    if subject.manifest is not None:
        return _run_times(subject.manifest)
    load = estimate(subject.world, subject.model)
    return (
        f"Expected: {load.runs} runs of {round_figures(load.contacts):,} contacts, about "
        f"{load.contacts * load.runs / load.contacts_per_s / 60:.0f} minutes of one core of an x86-64 server and "
        f"{load.mb_per_run:,.0f} MB for each process. No GPU, network or other special hardware. `docs/performance.md` "
        "has measured times; `manifest.json` keeps those of a run."
    )


def _run_times(manifest: dict[str, Any]) -> str:
    runs = manifest["runs"]
    seconds = [run["seconds"] for run in runs if "seconds" in run]
    memory = max((run["peak_mb"] for run in runs if "peak_mb" in run), default=0)
    computed = (
        f"{len(seconds)} of {len(runs)} runs were computed then" if seconds else "all runs had been stored before"
    )
    return (
        f"The study took {manifest['wall_s'] / 60:.1f} minutes with {manifest['workers']} processes ({computed}"
        + (f", at most {memory:,} MB each" if seconds else "")
        + "), on the machine that made these results. No GPU, network or other special hardware."
    )


def sharing(subject: Subject) -> str:
    """Item 6.1."""
    about = metadata.metadata(DISTRIBUTION)
    return paragraphs(
        f"careshift is open source under the {about['License-Expression']} licence; all that it needs is open source "
        "too. "
        "`CITATION.cff` says how to cite it, `DATA.md` the terms of the data. To reproduce the results:",
        bullets([
            "`make run` (the shipped main study) or `careshift run study=<name>` from a checkout, the environment "
            "being "
            "made from the hash-pinned `requirements.lock`;",
            f"this study: `careshift run study={subject.world.study.name}` with the seed and the configuration that "
            "its `results/<study>/config.yaml` keeps, tables by their sha256.",
        ]),
    )  # fmt: skip


__all__ = ["execution", "sampling", "sharing", "software", "system"]
