"""YAML as data: every scalar stays the text that was written, and nothing in a file can run.

A scenario may come by e-mail from a colleague. So: a size limit, no anchors, aliases, tags or merge keys, no
key twice, and none of the keys and values that a configuration framework would act on.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

import yaml

from sim.config.errors import Problem
from sim.config.sentence import Sentence

Text: TypeAlias = "str | list[Text] | dict[str, Text]"
MAX_BYTES = 1_000_000
MAX_DEPTH = 20
REFUSED_KEY = re.compile(r"^(hydra|_.*_|<<)$")
RESAVE = Sentence("not UTF-8 (perhaps cp1252): save the file as UTF-8 (in Notepad: Save as, Encoding UTF-8)")


class Refused(Exception):
    """A file that is not read, with the reasons."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(problems)
        self.problems = problems


def read_yaml(path: Path, name: str, defaults: bool = False) -> dict[str, Text]:
    """The mapping in a file, all scalars as text; ``name`` is how messages call the file.

    ``defaults``: whether that key may be there at the top. Raises ``Refused`` with every problem found.
    """
    text = _decode(path, name)
    try:
        node = _compose(text)
    except yaml.YAMLError as error:
        raise Refused([*_indented_otherwise(text, name)] or [_syntax(error, name)]) from error
    except RecursionError as error:
        raise Refused(
            [Problem(name, "", "", Sentence("nested deeper than {number} levels", number=MAX_DEPTH))]
        ) from error
    if node is None:
        raise Refused([Problem(name, "", "", "the file is empty")])
    if not isinstance(node, yaml.MappingNode):
        raise Refused([Problem(name, "", "", "the file must hold keys and values, as `label: ...`")])
    problems = list(_judge(node, name, "", defaults, 1))
    if problems:
        raise Refused(problems)
    data = _plain(node)
    assert isinstance(data, dict)
    return data


def read_value(text: str, name: str, key: str) -> Text:
    """A value as a file would have it: one scalar, a list or a mapping, all scalars as text. Raises ``Refused``."""
    try:
        node = _compose(text)
    except yaml.YAMLError as error:
        raise Refused([replace(_syntax(error, name), key=key, value=text)]) from error
    if node is None:
        return ""
    if problems := list(_judge(node, name, key, False, 1)):
        raise Refused(problems)
    return _plain(node)


def _decode(path: Path, name: str) -> str:
    if path.exists() and not path.is_file():  # a pipe would keep the reader waiting for ever
        raise Refused([Problem(name, "", "", "is no ordinary file")])
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise Refused([Problem(name, "", "", Sentence("cannot be read: {why}", why=_why(error)))]) from error
    if len(raw) > MAX_BYTES:
        raise Refused([Problem(name, "", "", "larger than 1 MB")])
    try:
        return unicodedata.normalize("NFC", raw.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise Refused([Problem(name, _line(line), "", RESAVE)]) from error


class _Loader(yaml.SafeLoader):
    """Refuses anchors and aliases while reading, before they can multiply."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        event = self.peek_event()  # type: ignore[no-untyped-call]
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
            raise yaml.MarkedYAMLError(
                problem="anchors (&) and aliases (*) are not allowed", problem_mark=event.start_mark
            )
        tag = getattr(event, "tag", None)
        if tag is not None:
            raise yaml.MarkedYAMLError(problem=f"tags such as {tag} are not allowed", problem_mark=event.start_mark)
        node: yaml.Node | None = super().compose_node(parent, index)
        return node


def _compose(text: str) -> yaml.Node | None:
    loader = _Loader(text)
    try:
        node: yaml.Node | None = loader.get_single_node()
        return node
    finally:
        loader.dispose()


def _syntax(error: yaml.YAMLError, name: str) -> Problem:
    mark = getattr(error, "problem_mark", None)
    where = _line(mark.line + 1) if mark else ""
    return Problem(name, where, "", str(getattr(error, "problem", None) or error))


def _line(number: int) -> str:
    return Sentence("line {number}", number=number)


def _why(error: OSError) -> str:
    return Sentence("there is no such file") if isinstance(error, FileNotFoundError) else error.strerror or str(error)


def _indented_otherwise(text: str, name: str) -> Iterator[Problem]:
    """Lines that begin with spaces that are none to YAML, as a text that was copied from a letter or a web page has."""
    for number, line in enumerate(text.splitlines(), start=1):
        indent = line[: len(line) - len(line.lstrip())]
        if other := indent.replace(" ", ""):
            sign = unicodedata.name(other[0], "TAB")
            yield Problem(name, _line(number), "", Sentence("is indented by {sign}, where spaces belong", sign=sign))


def _judge(node: yaml.Node, name: str, path: str, defaults: bool, depth: int) -> Iterator[Problem]:
    """Every key and value that is refused."""
    if depth > MAX_DEPTH:
        yield Problem(name, path, "", Sentence("nested deeper than {number} levels", number=MAX_DEPTH))
    elif isinstance(node, yaml.MappingNode):
        yield from _judge_keys(node, name, path, defaults, depth)
    elif isinstance(node, yaml.SequenceNode):
        for i, item in enumerate(node.value):
            yield from _judge(item, name, f"{path}[{i}]", False, depth + 1)
    elif "${" in node.value:
        yield Problem(
            name, path, node.value, Sentence("values with {sign} are not allowed in a configuration file", sign="${")
        )


def _judge_keys(node: yaml.MappingNode, name: str, path: str, defaults: bool, depth: int) -> Iterator[Problem]:
    seen: set[str] = set()
    for key_node, value in node.value:
        if not isinstance(key_node, yaml.ScalarNode):
            yield Problem(
                name, path, "", Sentence("{line}: a key must be a word", line=_line(key_node.start_mark.line + 1))
            )
            continue
        key = key_node.value
        here = f"{path}.{key}" if path else key
        if key in seen:
            again = _line(key_node.start_mark.line + 1)
            yield Problem(name, here, "", Sentence("the key is there twice (again on {line})", line=again))
        seen.add(key)
        if other := [sign for sign in key if sign != " " and unicodedata.category(sign) == "Zs"]:
            line, sign = key_node.start_mark.line + 1, unicodedata.name(other[0])
            yield Problem(name, _line(line), key, Sentence("has {sign}, where a space belongs", sign=sign))
        if REFUSED_KEY.match(key) or "${" in key or (key == "defaults" and not defaults):
            yield Problem(name, here, "", "this key is not allowed in a configuration file")
        yield from _judge(value, name, here, False, depth + 1)


def _plain(node: yaml.Node) -> Text:
    if isinstance(node, yaml.MappingNode):
        return {key.value: _plain(value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item) for item in node.value]
    return str(node.value)
