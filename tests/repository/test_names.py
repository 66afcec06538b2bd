"""A name means one thing, and says what it is: modules and classes have names of their own, results those of nouns."""

from __future__ import annotations

import ast
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted((ROOT / "sim").rglob("*.py"))
ENGINES = ROOT / "sim" / "engines"
PARTICIPLES = {
    "told", "said", "made", "found", "given", "kept", "held", "left", "named", "shown", "written", "joined", "put",
    "placed", "moved", "changed", "chosen", "served", "used", "ended", "waited", "counted", "missed", "reached",
    "asked", "tried", "wanted", "seen", "known", "taken", "drawn", "sent",
}  # fmt: skip
MASKS = frozenset({("sim/measures/columns.py", "ended")})  # which contacts have: the field's word for such a column
SAID = frozenset({"said", "told", "made"})


def twice(names: list[tuple[str, Path]]) -> dict[str, list[str]]:
    """Names that stand in more than one place, each with its places."""
    places: dict[str, list[str]] = defaultdict(list)
    for name, path in names:
        places[name].append(path.relative_to(ROOT).as_posix())
    return {name: files for name, files in places.items() if len(files) > 1}


def public_classes(path: Path) -> list[str]:
    """Names of the classes at the top of a module, but those that begin with an underscore."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [node.name for node in tree.body if isinstance(node, ast.ClassDef) and not node.name.startswith("_")]


def functions(path: Path) -> list[str]:
    """Names of all functions and methods of a module, without underscores before and after."""
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    return [node.name.strip("_") for node in nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def variables(path: Path) -> list[str]:
    """Names of all arguments of a module, and all names that it gives a value, without underscores before and after."""
    names: list[str] = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.arg(arg=name) | ast.Name(id=name, ctx=ast.Store()):
                names.append(name.strip("_"))
            case ast.ExceptHandler(name=str(name)):
                names.append(name.strip("_"))
    return names


def test_no_two_modules_have_the_same_name() -> None:
    modules = [path for path in SOURCES if not path.stem.startswith("__")]
    stems = [(path.stem, path) for path in modules if path.stem != path.parent.name]  # sim/study/study.py is its face
    packages = [(path.parent.name, path) for path in SOURCES if path.name == "__init__.py"]
    assert len(stems) > 100
    assert twice([*stems, *packages]) == {}


def test_no_two_public_classes_have_the_same_name() -> None:
    classes = [(name, path) for path in SOURCES for name in public_classes(path)]
    assert len(classes) > 100
    assert twice(classes) == {}


def test_no_function_has_the_name_of_a_participle() -> None:
    names = [(path.relative_to(ROOT).as_posix(), name) for path in SOURCES for name in functions(path)]
    assert len(names) > 1000
    assert {(file, name) for file, name in names if name in PARTICIPLES} == MASKS


def test_no_variable_outside_the_engines_is_called_said_or_told_or_made() -> None:
    names = [(path.relative_to(ROOT), n) for path in SOURCES if ENGINES not in path.parents for n in variables(path)]
    assert len(names) > 5000
    assert [(file.as_posix(), name) for file, name in names if name in SAID] == []
