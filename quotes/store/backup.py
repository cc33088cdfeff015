"""A copy of the tracker's file, made while others use it."""

from __future__ import annotations

import tempfile
from pathlib import Path

from quotes.errors import BackupError
from quotes.store.opening import copy_through, put_in_place
from quotes.store.store import reading, writing

TRIES = 5


def back_up(path: Path, target: Path, wait: float, overwrite: bool = False) -> int:
    """Copy a tracker's file as it is between two pieces of work.

    Writers wait while it is copied, readers do not. The copy gets its final name when it is whole and on the disk.

    Args:
        path: the DuckDB file.
        target: the copy's name.
        wait: how long to try while another process writes to the file, in seconds.
        overwrite: whether to replace a file of that name.

    Returns:
        The size of the copy in bytes.

    Raises:
        BackupError: there is a file of that name, or the copy cannot be written.
        StoreError: the file is missing, busy or damaged.
    """
    with reading(path, wait):  # says what is wrong with it
        pass
    if target.is_dir() or not target.absolute().parent.is_dir():
        raise BackupError(f"{target} cannot be written: there is no such folder, or it is one.", "Name a file.")
    if target.exists() and (not overwrite or target.samefile(path)):
        raise BackupError(f"{target} exists already.", "Name a new file, or give --overwrite to replace it.")
    try:
        with tempfile.TemporaryDirectory(prefix=f".{target.name}-", dir=target.absolute().parent) as folder:
            copy = Path(folder) / target.name
            _copy(path, copy, wait)
            with reading(copy, wait):  # says so where it would not open
                pass
            size = copy.stat().st_size
            if overwrite:
                copy.replace(target)
            else:
                put_in_place(copy, target)
    except FileExistsError as error:
        raise BackupError(f"{target} exists already.", "Name a new file, or give --overwrite to replace it.") from error
    except OSError as error:
        raise BackupError(f"{target} cannot be written: {error.strerror}.", "Name a file elsewhere.") from error
    return size


def _copy(path: Path, copy: Path, wait: float) -> None:
    """Copy a file that nobody writes to, and whose log was written into it."""
    log = path.with_name(f"{path.name}.wal")
    for _ in range(TRIES):
        if log.exists():  # left by a writer that was killed
            with writing(path, wait):
                pass
        # Closed after the connection: closing it before would take DuckDB's lock away.
        with path.open("rb") as source, reading(path, wait):
            if log.exists():
                continue
            copy_through(source, copy)
            return
    raise BackupError(f"{path} was never at rest.", "Try again when nothing is ingested.")
