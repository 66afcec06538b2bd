"""A name means one thing: no module and no public class of the program shares its name with another."""

from __future__ import annotations

import ast
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted((ROOT / "sim").rglob("*.py"))


def twice(named: list[tuple[str, Path]]) -> dict[str, list[str]]:
    """Names that stand in more than one place, each with its places."""
    places: dict[str, list[str]] = defaultdict(list)
    for name, path in named:
        places[name].append(path.relative_to(ROOT).as_posix())
    return {name: found for name, found in places.items() if len(found) > 1}


def public_classes(path: Path) -> list[str]:
    """Names of the classes at the top of a module, but those that begin with an underscore."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [node.name for node in tree.body if isinstance(node, ast.ClassDef) and not node.name.startswith("_")]


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
