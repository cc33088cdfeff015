"""A stand-in for reading a batch in another process, which dies at one article; it imports nothing heavy."""

from __future__ import annotations

import os
import signal

from quotes import workers
from quotes.records import Problem


class Dying(workers.Reader):
    """Makes each article a problem that repeats its text; dies where one says so."""

    def __call__(self, batch: workers.Batch) -> list[workers.Read]:
        if any("DIE" in article.text for _, article in batch):
            os.kill(os.getpid(), signal.SIGKILL)
        return [workers.Read(Problem(place, article.text, ""), (os.getpid(),)) for place, article in batch]
