"""What changes the database: commands of the command line, each in a process of its own, for this one may only read.

Whoever calls these must hold no connection: an open reader shuts a writer out. A command waits for a busy database as
long as the user's settings say, ten seconds where they say nothing.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Generator, Iterable, Sequence
from contextlib import ExitStack
from queue import Empty, Queue
from tempfile import TemporaryFile
from threading import Thread
from typing import IO

from dashboard.queries import database
from quotes.errors import CommandError

SECONDS_TO_DECIDE = 120.0
SECONDS_TO_READ = 900.0
"""How long a command may run: one that decides, and one that reads articles."""

TICK = 0.5
"""Seconds after which whoever waits for a long command hears that it still runs."""


def decide(quote_id: str, by: str, *options: str) -> list[str]:
    """Decide about a quote, as ``quotes review apply`` does.

    Args:
        quote_id: the quote.
        by: who decides.
        options: what, such as ``--accept`` or ``--speaker=Ann Lee``.

    Returns:
        The ids of what was decided.

    Raises:
        CommandError: it was refused, or the database stayed busy; then nothing was decided.
    """
    done = _run(["review", "apply", *_database(), f"--by={by}", *options, "--", quote_id])
    return re.findall(r"\b[0-9a-f]{12}\b", done.partition(": ")[2])


def undo(correction_ids: Iterable[str], by: str) -> None:
    """Take decisions about quotes back; raises a ``CommandError`` where one of them cannot be."""
    for one in correction_ids:
        _run(["review", "undo", *_database(), f"--by={by}", "--", one])


def merge(kept: str, other: str, by: str) -> str:
    """Make two people one, as ``quotes people merge`` does.

    Args:
        kept: the id of who stays.
        other: the id of who is the same person.
        by: who decides.

    Returns:
        The number of the decision.

    Raises:
        CommandError: it was refused, or the database stayed busy.
    """
    return _run(["people", "merge", *_database(), f"--by={by}", "--", kept, other]).split()[-1]


def undo_merge(number: str, by: str) -> None:
    """Undo a merge or a split; raises a ``CommandError`` where it cannot be."""
    _run(["people", "undo", *_database(), f"--by={by}", "--", number])


def extract(sources: Sequence[str], options: Sequence[str] = (), given: str = "") -> Generator[str | None]:
    """Find what articles hold, as ``quotes extract`` does; nothing is saved.

    Args:
        sources: files, or addresses, or "-" for ``given``.
        options: what is known about them, such as ``--publisher=The Courier``.
        given: what standard input holds.

    Yields:
        Lines of JSON: an article with its quotes, or a problem. None whenever half a second has passed without one.

    Raises:
        CommandError: it could not be started, found no source, or took too long.
    """
    command = ["extract", "--whole", *_database(), *options, "--", *sources]
    # It also ends with an error where nothing could be read, of which a line told then.
    yield from _watch(command, given, told_by_line=True)


def ingest(lines: Iterable[str]) -> Generator[None]:
    """Save articles, as ``quotes ingest`` does.

    Args:
        lines: articles, as :func:`extract` gave them.

    Yields:
        None, each half second until it is done.

    Raises:
        CommandError: nothing could be saved, or it took too long.
    """
    for _ in _watch(["ingest", *_database(), "--", "-"], "\n".join(lines)):
        yield None


def _database() -> list[str]:
    return ["--database", str(database().absolute())]


def _command(arguments: Sequence[str]) -> list[str]:
    # -P: a folder called quotes, where the user works, is not this program.
    return [sys.executable, "-P", "-m", "quotes", *(one.replace("\0", "") for one in arguments)]


def _folder() -> str | None:
    """Name the folder whose quotes.toml holds: where ``quotes dashboard`` was started."""
    return os.environ.get("QUOTES_FOLDER")


def _run(arguments: Sequence[str]) -> str:
    """Run a short command and give what it prints."""
    try:
        done = subprocess.run(
            _command(arguments),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf8",
            errors="replace",
            timeout=SECONDS_TO_DECIDE,
            cwd=_folder(),
        )
    except subprocess.TimeoutExpired as error:
        raise _too_slow(SECONDS_TO_DECIDE) from error
    except (OSError, ValueError) as error:
        raise _not_started(error) from error
    if done.returncode:
        raise _failed(done.stderr)
    return done.stdout.strip()


def _watch(arguments: Sequence[str], given: str, told_by_line: bool = False) -> Generator[str | None]:
    """Run a long command and give its lines as they come; it is ended with whoever listens."""
    deadline = time.monotonic() + SECONDS_TO_READ
    with ExitStack() as stack:
        try:
            source, errors = (stack.enter_context(TemporaryFile()) for _ in range(2))
            source.write(given.encode("utf8", "backslashreplace"))
            source.seek(0)
            process = stack.enter_context(
                subprocess.Popen(
                    _command(arguments), stdin=source, stdout=subprocess.PIPE, stderr=errors, cwd=_folder()
                )
            )
        except (OSError, ValueError) as error:
            raise _not_started(error) from error
        stack.callback(process.kill)
        assert process.stdout
        lines: Queue[bytes | None] = Queue()
        Thread(target=_pass_on, args=(process.stdout, lines), daemon=True).start()
        told = False
        while True:
            try:
                line = lines.get(timeout=TICK)
            except Empty:
                if time.monotonic() > deadline:
                    raise _too_slow(SECONDS_TO_READ) from None
                yield None
                continue
            if line is None:
                break
            told = True
            yield line.decode("utf8", "replace")
        if process.wait() and not (told and told_by_line):
            errors.seek(0)
            raise _failed(errors.read().decode("utf8", "replace"))


def _pass_on(stream: IO[bytes], lines: Queue[bytes | None]) -> None:
    for line in stream:
        lines.put(line)
    lines.put(None)


def _too_slow(seconds: float) -> CommandError:
    return CommandError(
        f"It took longer than {seconds:g} seconds and was stopped.",
        "Try again with less at once, or on the command line, which waits as long as it takes.",
    )


def _not_started(error: Exception) -> CommandError:
    return CommandError(f"It could not be started: {error}.", "Try again; if it stays so, run `quotes status`.")


def _failed(errors: str) -> CommandError:
    """Make an error of what a command wrote: its own words, and none of the warnings of others before them."""
    told = [line for line in errors.splitlines() if line.strip()]
    own = [line.removeprefix("quotes: ") for line in told if line.startswith("quotes: ")] or told
    return CommandError(" ".join(own) or "The command ended without a word.", "Nothing was changed.")
