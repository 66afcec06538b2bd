"""Puts each fault of patches.py into a copy of the program and sees that the named tests turn red.

    python tests/mutations/run.py            all of them; writes docs/generated/mutations.md
    python tests/mutations/run.py WORD ...   only those whose fault or file has one of the words

Exit code 0 if every fault was caught by every test named beside it, else 1.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from faults import PATCHES
from patches import ROOT, TABLE, Patch, located, page

from sim.study.processes import cores

COPIED = ("sim", "tests", "configs", "scenarios", "docs", "pyproject.toml", "requirements.lock", "README.md")
LEFT_OUT = shutil.ignore_patterns("__pycache__", ".hypothesis")
AT_ONCE = 2
TIMEOUT_S = 300  # a fault that makes a test hang is caught, too
NO_FAULT = re.compile(r"\b(NameError|SyntaxError|ImportError|AttributeError|UnboundLocalError)\b")  # a broken patch


def copy_of_the_program(folder: Path) -> Path:
    """A checkout of its own, without compiled files: a fault of the same length would not be noticed in them."""
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=LEFT_OUT)
        else:
            shutil.copy2(source, folder / name)
    return folder


def outcomes(checkout: Path, tests: tuple[str, ...]) -> tuple[set[str], set[str], str]:
    """Names of the tests that passed and that failed in a copy, and what pytest said."""
    env = {**os.environ, "PYTHONPATH": str(checkout), "PYTHONDONTWRITEBYTECODE": "1"}
    where = subprocess.run(
        [sys.executable, "-c", "import sim; print(sim.__file__)"],
        cwd=checkout, env=env, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    assert Path(where.strip()).is_relative_to(checkout), f"the copy is not what is tested, but {where}"
    command = [sys.executable, "-m", "pytest", "-q", "-rA", "--tb=no", "-p", "no:cacheprovider", *tests]
    try:
        said = subprocess.run(
            command, cwd=checkout, env=env, capture_output=True, text=True, timeout=TIMEOUT_S, check=False
        ).stdout
    except subprocess.TimeoutExpired:
        return set(), set(tests), "a test did not end"
    found = {word: set(re.findall(rf"^{word} ([^ \n]+)", said, re.MULTILINE)) for word in ("PASSED", "FAILED")}
    return found["PASSED"], found["FAILED"], said


def covers(test: str, names: set[str]) -> bool:
    """Whether a test, or one of its parametrised cases, is among the names."""
    return any(name == test or name.startswith((f"{test}[", f"{test}::")) for name in names)


def full(patch: Patch) -> tuple[str, ...]:
    """The tests of a patch as pytest names them."""
    return tuple(located(test) for test in patch.tests)


def try_one(patch: Patch) -> tuple[Patch, list[str], float]:
    """Applies a patch to a copy and runs its tests; returns what is wrong with that."""
    started = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        checkout = copy_of_the_program(Path(folder))
        target = checkout / "sim" / patch.file
        try:
            target.write_text(patch.applied(target.read_text("utf-8")), "utf-8")
        except ValueError as error:
            return patch, [str(error)], 0.0
        _, failed, said = outcomes(checkout, full(patch))
    wrong = [f"survives {test}" for test in full(patch) if not covers(test, failed)]
    if NO_FAULT.search(said):
        wrong.append("the patched program is not a program")
    if wrong:
        wrong.append(said[-1500:])
    elif os.environ.get("SHOW_KILLERS"):
        print(patch.fault, *sorted(failed), sep="\n    ")
    return patch, wrong, time.perf_counter() - started


def unharmed(patches: list[Patch]) -> list[str]:
    """Tests that fail without any fault: they would say nothing."""
    tests = tuple(dict.fromkeys(test for patch in patches for test in full(patch)))
    with tempfile.TemporaryDirectory() as folder:
        passed, failed, said = outcomes(copy_of_the_program(Path(folder)), tests)
    silent = [test for test in tests if not covers(test, passed) or covers(test, failed)]
    return [f"without any fault, {test} does not pass" for test in silent] + ([said[-3000:]] if silent else [])


def main(words: list[str]) -> int:
    """Tries the patches; writes the table if all were tried and all were caught."""
    chosen = [p for p in PATCHES if not words or any(w in f"{p.fault} {p.file}" for w in words)]
    wrong = unharmed(chosen)
    print("\n".join(wrong) or f"{len(chosen)} faults; the tests named beside them pass without any", flush=True)
    with ThreadPoolExecutor(min(AT_ONCE, cores())) as pool:
        for patch, found, seconds in pool.map(try_one, chosen):
            killers = ", ".join(test.split("::")[-1] for test in patch.tests)
            print(f"{'SURVIVES' if found else 'caught'} {seconds:5.1f} s  {patch.fault}: {killers}", flush=True)
            for text in found:
                print(f"    {text}", flush=True)
            wrong += found
    if not wrong and not words:
        TABLE.write_text(page(PATCHES), "utf-8")
        print(f"all caught; written: {TABLE.relative_to(ROOT)}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
