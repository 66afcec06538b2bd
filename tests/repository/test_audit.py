"""The audit of pinned versions asks for every one of them, and fails when it asked for nothing."""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
spec = importlib.util.spec_from_file_location("audit", ROOT / "docs" / "audit.py")
assert spec is not None and spec.loader is not None
audit = importlib.util.module_from_spec(spec)
spec.loader.exec_module(audit)
LOCKS = sorted(ROOT.glob("requirements*.lock"))


def clean(asked: Sequence[tuple[str, str]]) -> list[list[str]]:
    return [[] for _ in asked]


def test_every_pinned_version_of_every_lock_file_is_asked_for() -> None:
    heard: list[tuple[str, str]] = []
    assert audit.audit(LOCKS, lambda asked: heard.extend(asked) or clean(asked)) == 0
    starts = [line for file in LOCKS for line in file.read_text().splitlines() if line[:1].isalnum()]
    assert len(LOCKS) == 6 and len(set(heard)) == len(heard) > 100
    assert {f"{name}=={version}" for name, version in heard} == {line.split()[0] for line in starts}


def test_a_version_of_which_something_is_known_fails_by_name(capsys: pytest.CaptureFixture[str]) -> None:
    answers = lambda asked: [["GHSA-1"] if name == "numpy" else [] for name, _ in asked]  # noqa: E731
    assert audit.audit(LOCKS, answers) == audit.KNOWN
    assert any(line.startswith("numpy ") and "GHSA-1" in line for line in capsys.readouterr().out.splitlines())


@pytest.mark.parametrize("text", ["", "# nothing is pinned\nnumpy>=2\n"])
def test_an_audit_of_nothing_fails(text: str, tmp_path: Path) -> None:
    (tmp_path / "requirements.lock").write_text(text)
    assert audit.audit([tmp_path / "requirements.lock"], clean) == audit.NOT_ASKED
    assert audit.audit([], clean) == audit.NOT_ASKED


def test_an_audit_that_gets_no_answer_or_too_few_fails() -> None:
    def silent(asked: object) -> list[list[str]]:
        raise OSError("no network")

    assert audit.audit(LOCKS, silent) == audit.NOT_ASKED
    assert audit.audit(LOCKS, lambda asked: clean(asked)[1:]) == audit.NOT_ASKED
