"""Whether a pinned version is known to be vulnerable: asks OSV (osv.dev, the database that pip-audit asks too).

``python docs/audit.py``: all lock files; exit code 0 if every pinned version was asked for and none is known, 1 if one
is, 2 if not all could be asked for. An audit of nothing is none: it fails.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

ROOT = Path(__file__).resolve().parents[1]
ADDRESS = "https://api.osv.dev/v1/querybatch"
PIN = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==([^\s;\\]+)", re.MULTILINE)
WAIT_S = 60
KNOWN, NOT_ASKED = 1, 2
Pin = tuple[str, str]


def pins(text: str) -> list[Pin]:
    """Every package of a lock file with its version."""
    return [(name, version) for name, version in PIN.findall(text)]


def ask(asked: Sequence[Pin]) -> list[list[str]]:
    """Ids of what is known of each version. Raises OSError if nobody answers."""
    queries = [{"package": {"name": name, "ecosystem": "PyPI"}, "version": version} for name, version in asked]
    body = json.dumps({"queries": queries}).encode()
    request = Request(ADDRESS, data=body, headers={"Content-Type": "application/json"})  # https, above
    with urlopen(request, timeout=WAIT_S) as answer:  # noqa: S310
        results: list[dict[str, Any]] = json.load(answer)["results"]
    return [[one["id"] for one in result.get("vulns", [])] for result in results]


def audit(files: Sequence[Path], answers_of: Callable[[Sequence[Pin]], list[list[str]]] = ask) -> int:
    """Prints what is known, and how many versions were asked for; returns the exit code."""
    found = {file.name: pins(file.read_text(encoding="utf-8")) for file in files}
    asked = sorted({pin for listed in found.values() for pin in listed})
    if empty := [name for name, listed in found.items() if not listed]:
        print(f"no version is pinned in {', '.join(empty)}: nothing was audited")
        return NOT_ASKED
    if not asked:
        print("there is no lock file: nothing was audited")
        return NOT_ASKED
    try:
        answers = answers_of(asked)
    except (OSError, ValueError, KeyError) as error:
        print(f"{ADDRESS} gave no answer ({error}): nothing was audited")
        return NOT_ASKED
    if len(answers) != len(asked):
        print(f"{len(answers)} answers for {len(asked)} versions: not all were audited")
        return NOT_ASKED
    known = [(pin, ids) for pin, ids in zip(asked, answers, strict=True) if ids]
    for (name, version), ids in known:
        print(f"{name} {version}: {', '.join(ids)}")
    print(f"{len(asked)} versions of {len(found)} lock files audited, {len(known)} with something known")
    return KNOWN if known else 0


if __name__ == "__main__":
    sys.exit(audit(sorted(ROOT.glob("requirements*.lock"))))
