"""Files that are whole or not there: written under another name, flushed, and only then given their own.

All that is asked of the disk for a stored file goes through ``DISK``, and what it refuses is told with the file's path.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import secrets
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

LONGEST = 120  # letters of a name that its temporary one repeats: no file system has more than 255
TEMPORARY = re.compile(r"\.(?P<name>.+)\.(?P<host>[0-9a-f]{8})-(?P<pid>\d+)\.[0-9a-f]{8}")


class Disk:
    """What is asked of the disk, each in one place."""

    def read(self, path: Path) -> bytes:
        """All bytes of a file."""
        return path.read_bytes()

    def write(self, path: Path, content: bytes) -> None:
        """Makes a file of these bytes."""
        path.write_bytes(content)

    def append(self, path: Path, content: bytes) -> None:
        """Adds bytes to a file's end, and waits until they are on the disk."""
        with path.open("ab") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())

    def flush(self, path: Path) -> None:
        """Waits until a file's bytes are on the disk."""
        with path.open("rb+") as file:
            os.fsync(file.fileno())

    def replace(self, temporary: Path, path: Path) -> None:
        """Gives a file its name, and waits until the disk has that too."""
        temporary.replace(path)
        if sys.platform != "win32":
            _flush_folder(path.parent)

    def make_folder(self, path: Path) -> None:
        """A folder, with those above it."""
        path.mkdir(parents=True, exist_ok=True)


DISK = Disk()


def _flush_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):  # some shared folders know no such thing
            raise
    finally:
        os.close(handle)


def write_whole(path: Path, write: Callable[[Path], None]) -> None:
    """Has ``write`` fill a temporary file, flushes it, and only then gives it its name.

    Raises OSError with the path, whatever the disk refuses.
    """
    temporary = path.with_name(temporary_name(path.name))
    with errors_of(path, temporary):
        DISK.make_folder(path.parent)
        try:
            write(temporary)
            DISK.flush(temporary)
            DISK.replace(temporary, path)
        finally:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)


def write_bytes(path: Path, content: bytes) -> None:
    """A file of these bytes, whole or not at all."""
    write_whole(path, lambda temporary: DISK.write(temporary, content))


def write_text(path: Path, text: str) -> None:
    """A text file, whole or not at all."""
    write_bytes(path, text.encode("utf-8"))


def append_line(path: Path, line: str) -> None:
    """One line more at the end of a text file; what a kill left without an end stays a line of its own."""
    with errors_of(path):
        begun = path.is_file() and not _ends_with_line(path)
        DISK.append(path, f"{begun * chr(10)}{line}\n".encode())


def _ends_with_line(path: Path) -> bool:
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(size - 1, 0))
        return file.read(1) in (b"\n", b"")


def read_bytes(path: Path) -> bytes:
    """All bytes of a file. Raises OSError with the path."""
    with errors_of(path):
        return DISK.read(path)


def sha256(path: Path) -> str:
    """Hash of a file's bytes. Raises OSError with the path."""
    return hashlib.sha256(read_bytes(path)).hexdigest()


@contextmanager
def errors_of(path: Path, temporary: Path | None = None) -> Iterator[None]:
    """What the system refuses within is told of ``path``, unless it names another file itself.

    Also of what a library made of it. Raises OSError with number, words and path.
    """
    try:
        yield
    except Exception as error:
        found = _of_the_system(error)
        if found is None:
            raise
        own = found.filename is None or (temporary is not None and str(found.filename) == str(temporary))
        number = found.errno if found.errno is not None else errno.EIO
        words = found.strerror or str(found).splitlines()[0]
        raise OSError(number, words, str(path) if own else str(found.filename)) from error


def _of_the_system(error: BaseException) -> OSError | None:
    """The system's error in one that a library raised with it."""
    if isinstance(error, OSError):
        return error
    return next((part for part in error.args if isinstance(part, OSError)), None)


@cache
def _host() -> str:
    """The machine, as temporary names have it."""
    return hashlib.sha256(socket.gethostname().encode()).hexdigest()[:8]


def temporary_name(name: str) -> str:
    """What a file is called until it is whole: a name that tells the machine and the process that write it."""
    return f".{name[:LONGEST]}.{_host()}-{os.getpid()}.{secrets.token_hex(4)}"


def abandoned(folder: Path) -> list[Path]:
    """Temporary files of a folder whose process is gone; those of other machines cannot be told."""
    if not folder.is_dir():
        return []
    found = [(path, TEMPORARY.fullmatch(path.name)) for path in sorted(folder.iterdir())]
    mine = [(path, int(match["pid"])) for path, match in found if match and match["host"] == _host()]
    return [path for path, pid in mine if path.is_file() and not path.is_symlink() and not is_alive(pid)]


def is_alive(pid: int) -> bool:
    """Whether a process of this machine is at work; one that ended and was not yet buried is not."""
    if sys.platform == "win32":
        import ctypes  # noqa: PLC0415 (of one system alone)

        handle = ctypes.windll.kernel32.OpenProcess(0x1000, 0, pid)  # PROCESS_QUERY_LIMITED_INFORMATION
        return bool(handle and ctypes.windll.kernel32.CloseHandle(handle))
    with suppress(OSError, IndexError):
        return Path(f"/proc/{pid}/stat").read_text("utf-8").rsplit(")", 1)[1].split()[0] not in ("Z", "X")
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


__all__ = [
    "DISK", "Disk", "abandoned", "append_line", "errors_of", "is_alive", "read_bytes", "sha256", "temporary_name",
    "write_bytes", "write_text", "write_whole",
]  # fmt: skip
