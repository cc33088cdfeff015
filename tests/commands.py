"""What a command of the command line gave."""

from __future__ import annotations

from collections.abc import Callable

Answer = tuple[int, str, str]
"""Its exit code, standard output and standard error."""

Run = Callable[..., Answer]
