"""The password of a dashboard that others can reach: it lies in a file, so that no list of processes shows it."""

from __future__ import annotations

from pathlib import Path

from quotes.errors import DashboardError

SHORTEST = 8


def read_password(file: Path) -> str:
    """Read a password: the first line of a file.

    Args:
        file: the file.

    Returns:
        The password, without white space around it.

    Raises:
        DashboardError: the file cannot be read, or its password is short.
    """
    try:
        with file.open(encoding="utf8") as stream:
            password = stream.readline(10_000).strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no text"
        raise DashboardError(f"The password cannot be read from its file: {reason}.", "Check the file.") from error
    if len(password) < SHORTEST:
        raise DashboardError(
            f"The password has fewer than {SHORTEST} characters.", "Write a longer one into the first line of its file."
        )
    return password
