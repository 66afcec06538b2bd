"""What every stored file carries: what it is, and a hash of all its bytes. Without both it is not believed.

The mark is ``sha256:`` and 64 digits, once, near a file's end: in a Parquet file's metadata, in the last line of YAML,
in a key of JSON. The hash is of all bytes of the file, with 64 zeros in the place of the digits.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from sim.config.sentence import Sentence
from sim.results.files import read_bytes, write_bytes

SCHEMA = "1"  # of what is stored; another one is not read
MARK = re.compile(rb"sha256:([0-9a-f]{64})")
OPEN_MARK = "sha256:" + 64 * "0"  # until the hash is known
UNMARKED = Sentence("it does not carry its identity: it was stored by an older version, or is not of careshift")


@dataclass(frozen=True)
class Damaged:
    """A stored file that is not what it should be, and why."""

    path: Path
    why: str


@dataclass(frozen=True)
class StoredTable:
    """A table as it was stored, and what its file says of itself."""

    frame: pd.DataFrame
    about: dict[str, str]


def sealed(content: bytes) -> bytes:
    """The same bytes, with their hash in the place of the last open mark."""
    head, mark, tail = content.rpartition(OPEN_MARK.encode())
    assert mark, "what is stored has a place for its hash"
    return head + b"sha256:" + hashlib.sha256(content).hexdigest().encode() + tail


def fault_of(content: bytes) -> Sentence | None:
    """Why bytes that were read are not those that were stored; None if they are."""
    if not content:
        return Sentence("it is empty")
    marks = list(MARK.finditer(content))
    if not marks:
        return UNMARKED
    start, end = marks[-1].span(1)
    whole = content[:start] + 64 * b"0" + content[end:]
    if hashlib.sha256(whole).hexdigest().encode() != marks[-1][1]:
        return Sentence("its content is not what was stored")
    return None


def read_sealed(path: Path) -> bytes | Damaged:
    """The bytes of a stored file, or why they are not believed. Raises OSError if the system cannot read it."""
    if path.is_dir():
        return Damaged(path, Sentence("it is a folder"))
    content = read_bytes(path)
    fault = fault_of(content)
    return content if fault is None else Damaged(path, fault)


def write_table(path: Path, frame: pd.DataFrame, about: Mapping[str, str]) -> None:
    """A Parquet file with its identity, whole or not at all; the same frame and identity give the same bytes."""
    metadata = {**about, "schema": SCHEMA, "rows": str(len(frame)), "identity": OPEN_MARK}
    table = pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(metadata)
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd")
    write_bytes(path, sealed(sink.getvalue().to_pybytes()))


def read_table(path: Path, wanted: Mapping[str, str]) -> StoredTable | Damaged:
    """What ``write_table`` wrote, or why it is not believed; ``wanted``: what the file must say of itself.

    Raises OSError if the system cannot read it.
    """
    content = read_sealed(path)
    if isinstance(content, Damaged):
        return content
    try:
        file = pq.ParquetFile(pa.BufferReader(content))
        about = {key.decode(): value.decode() for key, value in (file.metadata.metadata or {}).items()}
        table = file.read()
    except (pa.ArrowException, OSError, ValueError) as error:
        return Damaged(path, str(error).splitlines()[0])
    for key, value in {"schema": SCHEMA, "rows": str(table.num_rows), **wanted}.items():
        if about.get(key) != value:
            found = about.get(key, "-")
            return Damaged(
                path,
                Sentence("it is another file: its {key} is {found}, not {value}", key=key, found=found, value=value),
            )
    return StoredTable(table.to_pandas(), about)


__all__ = [
    "OPEN_MARK", "SCHEMA", "Damaged", "StoredTable", "fault_of", "read_sealed", "read_table", "sealed", "write_table",
]  # fmt: skip
