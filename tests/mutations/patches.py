"""The mutations: small faults, each with the tests that must turn red when it is put into a copy of the program."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TABLE = ROOT / "docs" / "generated" / "mutations.md"
HEAD = """# Mutations

Would the tests notice a wrong program? `make mutations` puts each of these faults into a copy of `sim/`, one at a
time, and runs the tests that are named beside it. Before that they must pass on the copy as it is; then each of them
must fail. A fault that a test lets through, and a fault that no longer fits the source, fail the command.
`tests/mutations/` holds the faults; this page is written by the command.

| fault | file in `sim/` | killed by |
|---|---|---|
"""


@dataclass(frozen=True)
class Patch:
    """One fault: ``old`` stands exactly once in ``file`` (below sim/) and becomes ``new``; ``tests`` must then fail."""

    fault: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]

    def applied(self, source: str) -> str:
        """The source with the fault. Raises ValueError if the old text is not there exactly once."""
        if source.count(self.old) != 1:
            raise ValueError(f"{self.fault}: {self.old!r} stands {source.count(self.old)} times in sim/{self.file}")
        return source.replace(self.old, self.new)


def row(patch: Patch) -> str:
    """The patch as a row of the table."""
    killers = "<br>".join(f"`{test}`" for test in patch.tests)
    return f"| {patch.fault} | `{patch.file}` | {killers} |"


def page(patches: Sequence[Patch]) -> str:
    """docs/generated/mutations.md."""
    return HEAD + "".join(f"{row(patch)}\n" for patch in patches)


def located(test: str) -> str:
    """A test by its path: ``test_rules.py::a`` is ``tests/model/test_rules.py::a``."""
    file, _, name = test.partition("::")
    (path,) = (ROOT / "tests").rglob(file)
    return f"{path.relative_to(ROOT).as_posix()}::{name}"
