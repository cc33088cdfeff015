"""How long the pages take and how much memory they need on a database: what a visitor waits for, but the network."""

from __future__ import annotations

import os
import resource
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

from streamlit.testing.v1 import AppTest

from dashboard import queries
from dashboard.records import Filter

PAGES = Path(__file__).parent / "app_pages"
MEDIAN, P95, MEMORY = 300, 800, 1536
"""What a second visit may take in milliseconds, and the process in MiB, on a million quotes."""


@dataclass(frozen=True, slots=True)
class Visited:
    """An address of a page, and how long its first and its second visit took, in milliseconds.

    ``processor`` is the processor's time of the second visit, which tells more where other programs run besides.
    """

    page: str
    address: str
    first: float
    second: float
    processor: float


@dataclass(frozen=True, slots=True)
class Measured:
    """All visits, and the most memory that the process ever took, in MiB."""

    visits: tuple[Visited, ...]
    memory: float

    @property
    def median(self) -> float:
        """The median of the second visits, in milliseconds."""
        return median(one.second for one in self.visits)

    @property
    def p95(self) -> float:
        """The 95th percentile of the second visits, in milliseconds."""
        return quantiles((one.second for one in self.visits), n=20, method="inclusive")[-1]


def measure(database: Path) -> Measured:
    """Visit several addresses of every page but SQL, and then all of them again, in this process.

    Args:
        database: a tracker's file with statements in it.

    Returns:
        The time of each visit, taken around the run of its page.

    Raises:
        StoreError: the file cannot be read.
    """
    os.environ["QUOTES_DATABASE"] = str(database)
    addresses = list(_addresses())
    readers = _sit_down({page for page, _ in addresses})
    os.environ["QUOTES_DATABASE"] = str(database)
    firsts, seconds = ([_visit(readers[page], given) for page, given in addresses] for _ in range(2))
    visits = tuple(
        Visited(page, "&".join(f"{name}={value}" for name, value in given.items()), first, *second)
        for (page, given), (first, _), second in zip(addresses, firsts, seconds, strict=True)
    )
    return Measured(visits, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def _sit_down(pages: Iterable[str]) -> dict[str, AppTest]:
    """Open each page once where there is no database: AppTest's first run looks for components, a server's does not."""
    os.environ["QUOTES_DATABASE"] = os.devnull
    return {page: AppTest.from_file(PAGES / f"{page}.py", default_timeout=600).run() for page in sorted(pages)}


def _visit(reader: AppTest, given: dict[str, str]) -> tuple[float, float]:
    """Open an address; give the time it took and the processor's, in milliseconds."""
    reader.query_params.clear()
    reader.query_params.update(given)
    begin, processor = time.perf_counter(), time.process_time()
    reader.run()
    took = 1000 * (time.perf_counter() - begin), 1000 * (time.process_time() - processor)
    if reader.exception:
        raise RuntimeError(f"{given}: {reader.exception[0].value}")
    return took


def _addresses() -> Iterator[tuple[str, dict[str, str]]]:
    """Choose addresses: of those most and hardly spoken of, with and without filters, and searches."""
    with queries.opened() as db:
        everybody = queries.people(db, 2_000)
        most, other, rare = (everybody[at].person_id for at in (0, min(1, len(everybody) - 1), -1))
        target = queries.targets(db, 1)[0].target
        publisher = queries.publishers(db)[0]
        newest = queries.statements(db, Filter(), 1, 1)[0]
        first, last = queries.days(db) or (None, None)
        words = sorted(newest.text.strip("“”,.").split(), key=len)
        waiting = queries.pending(db, Filter(said="all"), 1, 1)
    middle = str(first + (last - first) / 2) if first and last else ""
    yield "overview", {}
    for person in (most, other, rare):
        yield "people", {"person": person}
    yield "people", {"person": most, "beside": other}
    yield "people", {"person": most, "page": "3"}
    yield "people", {"find": everybody[-1].name[:4]}
    yield "stances", {}
    yield "stances", {"size": "large"}
    yield "stances", {"target": target}
    yield "stances", {"person": most, "target": target}
    yield "stances", {"publisher": publisher, "since": middle}
    yield "statements", {}
    yield "statements", {"page": "100"}
    yield "statements", {"person": most}
    yield "statements", {"target": target, "stance": "against"}
    yield "statements", {"publisher": publisher, "since": middle, "kind": "direct", "sure": "0.7"}
    yield "statements", {"words": words[-1]}
    yield "statements", {"words": " ".join(words[-3:]), "person": most}
    yield "statements", {"words": f'"{" ".join(newest.text.strip("“”,.").split()[:3])}"'}
    yield "article", {}
    yield "article", {"find": everybody[0].name.split()[-1]}
    yield "article", {"article": newest.article_id}
    yield "article", {"article": newest.article_id, "quote": newest.quote_id}
    yield "review", {}
    yield "review", {"page": "100"}
    yield "review", {"person": most}
    yield "review", {"publisher": publisher}
    for one in waiting:
        yield "review", {"quote": one.quote_id}
    yield "review", {"show": "people", "kept": most, "other": other}
    yield "review", {"show": "decided"}
    yield "add", {}
