"""Opening the DuckDB file, and saying in plain words why DuckDB cannot work on it.

Inside one process, a file must not be opened beside DuckDB: the system takes a process's lock on a file away as soon as
the process closes any descriptor of it, and then a writer could change the file under a reader.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

import duckdb

from quotes.errors import StoreBusyError, StoreDamagedError, StoreError, StoreFullError
from quotes.store import migrations, registered, turns

_opening = threading.Lock()
_open: Counter[Path] = Counter()
"""How many connections of this process each file has."""

FULL = ("No space left", "File too large", "quota exceeded")
REFUSED = ("Read-only file system", "Permission denied", "Operation not permitted")
DAMAGED = ("Corrupt database file", "checksum", "Could not read enough bytes", "replaying WAL")
BUSY = ("Could not set lock", "different configuration")


@contextmanager
def opened(path: Path, wait: float, read_only: bool) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a tracker's file; where it is to be written, it is made or migrated first.

    Args:
        path: the DuckDB file.
        wait: how long to try while another process holds the file, in seconds.
        read_only: whether only to read.

    Yields:
        The connection, open until the end of the ``with`` block.

    Raises:
        StoreError: the file cannot be opened, or DuckDB refuses to work on it.
    """
    deadline = time.monotonic() + wait
    with ExitStack() as turn:
        if read_only:
            with turns.after_writers(path, deadline):
                connection = _connect(path, wait, deadline, read_only)
        else:
            turn.enter_context(turns.turn(path, deadline))
            if not path.exists():
                _create(path)
            connection = _connect(path, wait, deadline, read_only)
        try:
            (migrations.check if read_only else migrations.prepare)(connection, path)
            registered.attach(connection, path)
            yield connection
        except duckdb.Error as error:
            if read_only and not is_trouble(error):  # a mistake in a query
                raise
            raise explained(path, error) from error
        finally:
            with _opening:
                connection.close()
                _open[path.resolve()] -= 1


def explained(path: Path, error: duckdb.Error) -> StoreError:
    """Say in plain words what keeps DuckDB from working on a file.

    Args:
        path: the file.
        error: what DuckDB said.

    Returns:
        The error to raise.
    """
    message, first = str(error), str(error).partition("\n")[0]
    if any(sign in message for sign in FULL):
        return StoreFullError(
            f"There is no room left where {path} is.", "Make room and run it again; what was written before is safe."
        )
    if any(sign in message for sign in DAMAGED) or isinstance(error, duckdb.SerializationException):
        return StoreDamagedError(
            f"{path} is damaged: {first}",
            "Move it away and put a backup in its place (`quotes backup` makes one), or ingest the articles again.",
        )
    if any(sign in message for sign in REFUSED):
        reason = next(sign for sign in REFUSED if sign in message)
        return StoreError(
            f"{path} may not be opened in this way: {reason}.",
            "Change the rights of the file and its folder, or name another file with --database FILE.",
        )
    if "can only read versions" in message:
        return StoreError(
            f"{path} was written by a newer version of DuckDB: {first}",
            "Upgrade with `pip install --upgrade quote-tracker`, or name another file with --database FILE.",
        )
    return StoreError(f"DuckDB cannot work on {path}: {first}", "What was written before this step is safe.")


def is_trouble(error: Exception) -> bool:
    """Tell whether an error of DuckDB's is about the file, and not about what was asked of it."""
    kinds = (duckdb.IOException, duckdb.SerializationException, duckdb.FatalException, duckdb.InternalException)
    return isinstance(error, kinds) or any(sign in str(error) for sign in FULL)


@contextmanager
def made_whole(path: Path) -> Iterator[Path]:
    """Let a file be made under another name, so that no half-made one is ever in its place.

    Args:
        path: the wanted name.

    Yields:
        A name in a folder of its own beside it. The file made there gets the wanted name at the end of the ``with``
        block, and is gone where that ends with an error.

    Raises:
        FileExistsError: there is a file of the wanted name, or is one by then.
        StoreError: the file cannot be made.
    """
    if path.exists():
        raise FileExistsError(path)
    try:
        with tempfile.TemporaryDirectory(prefix=f".{path.name}-", dir=path.absolute().parent) as folder:
            new = Path(folder) / path.name
            yield new
            put_in_place(new, path)
    except FileExistsError:
        raise
    except duckdb.Error as error:
        raise explained(path, error) from error
    except OSError as error:
        raise StoreError(
            f"{path} cannot be made: {error.strerror}.", "Name a file in another folder with --database FILE."
        ) from error


def _create(path: Path) -> None:
    """Make a file of the present schema, unless somebody else is faster."""
    with suppress(FileExistsError), made_whole(path) as new, duckdb.connect(new) as connection:
        migrations.prepare(connection, path)
        connection.execute("CHECKPOINT")  # closing would pass over what a full disk keeps it from


def copy_through(source: BinaryIO, copy: Path) -> None:
    """Copy an open file, down to the disk itself."""
    with copy.open("wb") as file:
        shutil.copyfileobj(source, file, 2**20)
        file.flush()
        os.fsync(file.fileno())


def put_in_place(file: Path, path: Path) -> None:
    """Give a file its final name beside it, unless there is a file of that name.

    Args:
        file: the file, whole, in the same file system.
        path: its final name.

    Raises:
        FileExistsError: there is one.
    """
    try:
        os.link(file, path)
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        if path.exists():
            raise FileExistsError(path) from None
        file.rename(path)


def _connect(path: Path, wait: float, deadline: float, read_only: bool) -> duckdb.DuckDBPyConnection:
    """Connect, and try again while another process, or another kind of connection of ours, holds the file."""
    pause = 0.01
    while True:
        try:
            with _opening:
                if not _open[path.resolve()]:
                    _check_is_duckdb(path)
                connection = duckdb.connect(path, read_only=read_only)
                _open[path.resolve()] += 1
                return connection
        except duckdb.Error as error:
            message = str(error)
            if not any(sign in message for sign in BUSY):
                raise explained(path, error) from error
            if time.monotonic() + pause > deadline:
                raise StoreBusyError(
                    f"Another program is using {path} and did not let go of it in {wait:g} seconds{_holder(message)}.",
                    "Close it, or wait until it is done, and try again.",
                ) from error
        time.sleep(pause)
        pause = min(1.5 * pause, 0.1)


def _check_is_duckdb(path: Path) -> None:
    """Look at the file's first bytes: DuckDB would try to fetch an extension for some other formats."""
    try:
        with path.open("rb") as file:
            head = file.read(12)
    except OSError as error:
        raise StoreError(f"Cannot open {path}: {error.strerror}.", "Name another file with --database FILE.") from error
    if not head:
        raise StoreError(f"{path} is empty, and not a DuckDB file.", "Delete it, or name another with --database FILE.")
    if head[8:] != b"DUCK":
        raise StoreError(f"{path} is not a DuckDB file.", "Name another file with --database FILE.")


def _holder(message: str) -> str:
    """Find the process that DuckDB names in its message about a lock."""
    _, found, rest = message.partition("(PID ")
    return f" (process {rest.partition(')')[0]})" if found else ""
