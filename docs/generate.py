"""Writes the pages and pictures that the program tells of itself: ``python docs/generate.py [NAME ...]``.

Without a name those are written that take seconds; ``all`` is everything, ``--list`` tells the names. ``make docs``
calls it, with ``PAGES="NAME ..."`` for the names. Exit code 1 if one of them cannot be written, 2 if a name is unknown.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGES = Path("docs/generated")


@dataclass(frozen=True)
class Generated:
    """What one name writes: the files, the commands that do it (after ``python``), and how long they take.

    Without a command the text is that of ``text_of``.
    """

    files: tuple[str, ...]
    commands: tuple[tuple[str, ...], ...] = ()
    takes: str = "seconds"


def _careshift(command: str, page: str, *more: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """A command of careshift that writes a page, once for each of ``more``."""
    return tuple(("-m", "sim.app.cli", command, *one, "--write", f"{PAGES}/{page}") for one in more)


GENERATED: dict[str, Generated] = {
    "house": Generated(("docs/generated/house.svg",)),
    "way": Generated(("docs/generated/way.svg",)),
    "measures": Generated(("docs/generated/measures.md",)),
    "reference": Generated(
        ("docs/generated/reference_configuration.md",), (("-m", "sim.report.pages.reference_page"),)
    ),
    "stress_des": Generated(
        ("docs/generated/stress_des.md",),
        (("-m", "sim.app.cli", "describe", "study=vgr_first", "--output", "docs/generated/stress_des.md"),),
    ),
    "model": Generated(("docs/model.md",), (("tests/support/doc_tables.py",),)),
    "travel": Generated(("docs/travel.md",), (("tests/support/doc_travel.py",),)),
    "notebooks": Generated(
        ("notebooks/first_comparison.ipynb",),
        (("-m", "jupytext", "--to", "ipynb", "--update", "notebooks/first_comparison.py"),),
    ),
    "own_model": Generated(("docs/own_model.md",), (("tests/support/own_model.py",),), "a minute"),
    "verification": Generated(
        ("docs/generated/verification.md",), _careshift("verify", "verification.md", ()), "a minute"
    ),
    "validation": Generated(
        ("docs/generated/validation.md",),
        _careshift(
            "validate", "validation.md", ("region=vgr",), ("region=vastmanland",), ("region=goteborgsregionen",)
        ),
        "long",
    ),
    "experiments": Generated(
        ("docs/generated/experiments.md",), _careshift("experiments", "experiments.md", ("region=vgr",)), "long"
    ),
    "sensitivity": Generated(
        ("docs/generated/sensitivity.md",),
        _careshift("screen", "sensitivity.md", ("region=vgr",), ("region=vastmanland",)),
        "long",
    ),
    "warm_up": Generated(
        ("docs/generated/warm_up.md",),
        _careshift("warmup", "warm_up.md", ("study=vgr_first", "replications=5", "--days", "14", "--days", "28")),
        "long",
    ),
    "beds": Generated(
        ("docs/generated/beds.md", "docs/generated/beds.svg"),
        _careshift("beds", "beds.md", ("study=vgr_first", "replications=3")),
        "long",
    ),
    "mutations": Generated(("docs/generated/mutations.md",), (("tests/mutations/run.py",),), "long"),
    "performance": Generated(
        ("docs/performance.md", "docs/performance_scaling.svg"), (("bench/bench.py", "--write"),), "long"
    ),
}


def text_of(name: str) -> str:
    """The text of a page that needs no command of its own."""
    sys.path.insert(0, str(ROOT))  # the program beside this folder, wherever it is installed
    from drawings import house, way  # the list of names comes at once

    from sim.report.pages.measures_page import as_markdown

    return {"house": house, "way": way, "measures": as_markdown}[name]()


def choose(names: Iterable[str]) -> list[str]:
    """The names to write. Raises ValueError with the nearest name if one is unknown."""
    asked = list(names)
    for name in asked:
        if name not in (*GENERATED, "all"):
            near = get_close_matches(name, GENERATED, 1)
            raise ValueError(f"{name}: no such page{f'; is it {near[0]}?' if near else ''} {', '.join(GENERATED)}, all")
    if "all" in asked:
        return list(GENERATED)
    return asked or [name for name, one in GENERATED.items() if one.takes == "seconds"]


def write(name: str) -> bool:
    """Writes the files of a name, commands being run from the top of the checkout; whether all went well."""
    one = GENERATED[name]
    print(f"{name}: {', '.join(one.files)} ({one.takes})", flush=True)
    if not one.commands:
        (ROOT / one.files[0]).write_text(text_of(name), encoding="utf-8")
        return True
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))}
    return all(
        subprocess.run([sys.executable, *command], cwd=ROOT, env=env, check=False).returncode == 0
        for command in one.commands
    )


def main(given: list[str]) -> int:
    """Writes what is asked for, and tells what could not be written."""
    if given == ["--list"]:
        print("\n".join(f"{name:13} {one.takes:13} {', '.join(one.files)}" for name, one in GENERATED.items()))
        return 0
    try:
        names = choose(given)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    failed = [name for name in names if not write(name)]
    if failed:
        print(f"not written: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
