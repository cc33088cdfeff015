"""A stand-in for reading a batch in another process, which dies at one article; it imports nothing heavy."""

from __future__ import annotations

import os
import signal

from quotes import workers
from quotes.people import Register
from quotes.records import Problem
from quotes.settings import Settings


def read_batch(batch: workers.Batch, settings: Settings, register: Register) -> list[workers.Read]:
    """Make each article a problem that repeats its text; die where one says so."""
    if any("DIE" in article.text for _, article in batch):
        os.kill(os.getpid(), signal.SIGKILL)
    return [workers.Read(Problem(place, article.text, ""), (os.getpid(),)) for place, article in batch]
