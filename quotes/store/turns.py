"""Whose turn it is with the tracker's file, across processes: DuckDB refuses whoever comes second, and knows no queue.

Many readers one after the other would keep a writer out for ever, and a writer that comes back at once the readers. So
a writer announces itself by a locked file beside the database while it waits and writes, and readers that come later
let it go first. They announce themselves too, and it lets those in before it comes again. This is courtesy: what keeps
the file whole is DuckDB's own lock. The system lets go of a lock when its process dies; a file that is left over then
hinders nobody.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from quotes.errors import StoreBusyError

if sys.platform != "win32":
    import fcntl

POLL = 0.01
"""Seconds from one look at a lock to the next."""
COURTESY = 2.0
"""Seconds at most that a writer waits for readers that were there before it."""
PATIENCE = 0.5
"""Share of its time that a reader waits for a writer before it tries all the same."""


@contextmanager
def turn(path: Path, deadline: float) -> Iterator[None]:
    """Be the one writer that is waiting for the file or writing to it.

    Args:
        path: the DuckDB file.
        deadline: until when to wait for other writers, by ``time.monotonic()``; then it is tried all the same.

    Yields:
        Once it is this writer's turn.
    """
    file, waiting = _beside(path, "writing"), _beside(path, "waiting")
    latest = min(deadline, time.monotonic() + COURTESY)
    while _is_locked(waiting, for_all=True) and not _is_locked(file) and time.monotonic() < latest:
        time.sleep(POLL)
    held = _lock(file, deadline)
    try:
        yield
    finally:
        _let_go(file, held)


@contextmanager
def after_writers(path: Path, deadline: float) -> Iterator[None]:
    """Let a writer that waits or writes go first, and be let in by the next.

    Args:
        path: the DuckDB file.
        deadline: until when the reader has time, by ``time.monotonic()``; a part of that it waits here.

    Yields:
        Once it is the reader's turn; until the end of the ``with`` block, in which it opens the file, writers wait.
    """
    file = _beside(path, "writing")
    if not _is_locked(file):
        yield
        return
    waiting = _beside(path, "waiting")
    announced = _lock(waiting, time.monotonic(), shared=True)
    try:
        latest = time.monotonic() + PATIENCE * (deadline - time.monotonic())
        while _is_locked(file) and time.monotonic() < latest:
            time.sleep(POLL)
        yield
    finally:
        if announced is not None and _is_locked(waiting, for_all=True, but=announced):
            os.close(announced)
        else:  # the last one takes the file away
            _let_go(waiting, announced)


@contextmanager
def alone(path: Path, wait: float, tell: Callable[[str], None] | None = None) -> Iterator[None]:
    """Be the one ingest that fills the file.

    Args:
        path: the DuckDB file.
        wait: how long to wait while another ingest fills it, in seconds.
        tell: called once with a sentence when it must wait.

    Yields:
        Once no other ingest is at work; the next waits until the end of the ``with`` block.

    Raises:
        StoreBusyError: another ingest went on for longer than ``wait``.
    """
    file = _beside(path, "ingesting")
    deadline = time.monotonic() + wait
    held = _lock(file, time.monotonic())
    if held is None and _is_locked(file):
        if tell and wait:
            tell(f"Another ingest is filling {path}{_by(file)}; waiting for its end, at most {wait:g} seconds.")
        held = _lock(file, deadline)
        if held is None:
            raise StoreBusyError(
                f"Another ingest is filling {path}{_by(file)} and did not end in {wait:g} seconds.",
                "Run this one again when that is done, or wait longer with --wait SECONDS.",
            )
    try:
        if held is not None:
            with suppress(OSError):  # a full disk: only the number in the message is missing then
                os.truncate(held, 0)
                os.write(held, f"{os.getpid()}\n".encode())
        yield
    finally:
        _let_go(file, held)


def _beside(path: Path, what: str) -> Path:
    path = path.resolve()
    return path.with_name(f"{path.name}.{what}")


def _by(file: Path) -> str:
    with suppress(OSError, ValueError):
        return f" (process {int(file.read_text())})"
    return ""


def _lock(file: Path, deadline: float, shared: bool = False) -> int | None:
    """Lock a file, made where it is missing; give its descriptor, or None where it cannot be had or made in time."""
    if sys.platform == "win32":
        return None
    while True:
        try:
            descriptor = os.open(file, os.O_RDWR | os.O_CREAT, 0o666)
        except OSError:
            return None
        try:
            fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
            if _is(file, descriptor):
                return descriptor
        except OSError:
            if time.monotonic() >= deadline:
                os.close(descriptor)
                return None
            time.sleep(POLL)
        os.close(descriptor)


def _is(file: Path, descriptor: int) -> bool:
    """Tell whether this is still the file of that name: whoever had it before may have removed it meanwhile."""
    try:
        return os.path.samestat(os.stat(file), os.fstat(descriptor))
    except OSError:
        return False


def _is_locked(file: Path, for_all: bool = False, but: int | None = None) -> bool:
    """Tell whether a living process has a file locked: for itself or, ``for_all``, together with others.

    With ``but``, a descriptor of ours that has it locked, whether another one has.
    """
    if sys.platform == "win32":
        return False
    try:
        descriptor = os.open(file, os.O_RDONLY) if but is None else but
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, (fcntl.LOCK_EX if for_all else fcntl.LOCK_SH) | fcntl.LOCK_NB)
    except OSError:
        return True
    else:
        return False
    finally:
        if but is None:
            os.close(descriptor)


def _let_go(file: Path, held: int | None) -> None:
    if held is not None:
        file.unlink(missing_ok=True)
        os.close(held)
