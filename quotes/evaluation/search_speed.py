"""How long a search, the index of words and the repeats of one article take on a large database."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

import duckdb

from quotes.errors import StoreError
from quotes.store import repeats, search
from quotes.store.search_query import Filters, parse
from quotes.store.search_rebuild import rebuild
from quotes.store.store import reading, writing

SEARCH, REBUILD, REPEATS = 250, 20, 100
"""What a filtered search (ms), a new index (s) and the repeats of an article (ms) may take on a million quotes."""

READER = """
import sys, time
from pathlib import Path
from quotes.store.store import reading
longest = 0.0
print("ready", flush=True)
while not Path(sys.argv[2]).exists():
    begin = time.perf_counter()
    with reading(Path(sys.argv[1]), 60) as connection:
        connection.execute("SELECT text FROM quotes LIMIT 1").fetchall()
    longest = max(longest, time.perf_counter() - begin)
    time.sleep(0.2)
print(longest)
"""
"""A program that reads the file again and again until another file appears, and prints its longest wait."""


@dataclass(frozen=True, slots=True)
class Timed:
    """A search, how many hits it gave, and how long it took at the median, in milliseconds of clock and processor."""

    words: str
    filters: str
    hits: int
    clock: float
    processor: float


@dataclass(frozen=True, slots=True)
class SearchSpeed:
    """What was measured.

    Attributes:
        quotes: how many the file holds.
        searches: each question.
        rebuild: seconds that building the index of words took: of the clock, and of the processor.
        waited: seconds that another process waited at most to read the file meanwhile.
        repeats: milliseconds that finding the repeats of one article took, for each that was tried.
    """

    quotes: int
    searches: tuple[Timed, ...]
    rebuild: tuple[float, float]
    waited: float
    repeats: tuple[float, ...]

    @property
    def filtered(self) -> float:
        """The median of the searches with a filter, in milliseconds."""
        return median(one.clock for one in self.searches if one.filters)


def measure(database: Path, wait: float, rounds: int = 5, articles: int = 20) -> SearchSpeed:
    """Search with each filter, build the index anew, and find the repeats of some articles as if they were new.

    Nothing is changed but the index, which is built of the same quotes.

    Args:
        database: a tracker's file with statements in it.
        wait: how long to try while another process holds the file, in seconds.
        rounds: how often to ask each question, in a connection of its own each time.
        articles: how many articles to take.

    Returns:
        The times.

    Raises:
        StoreError: the file cannot be used, or holds no statements.
    """
    with reading(database, wait) as connection:
        asked = list(_questions(connection))
        count = _one(connection, "SELECT count(*) FROM quotes")
    searches = tuple(_search(database, wait, rounds, *question) for question in asked)
    built, waited = _rebuild(database, wait)
    return SearchSpeed(count, searches, built, waited, tuple(_find_repeats(database, wait, articles)))


def _questions(connection: duckdb.DuckDBPyConnection) -> Iterator[tuple[str, str, Filters]]:
    """Choose words, frequent and rare, and filters, as what is quoted most has them."""
    words = connection.execute(
        """SELECT any_value(word), count(*) AS n FROM search_words JOIN search_postings USING (termid)
           GROUP BY termid ORDER BY n DESC, 1"""
    ).fetchall()
    if not words:
        raise StoreError("The file holds no words to search for.", "`quotes bench seed-database` makes one.")
    often, rare = words[0][0], words[len(words) // 2][0]
    person, target, publisher, day, text = (
        _one(connection, query)
        for query in (
            "SELECT speaker FROM quotes WHERE person_id IS NOT NULL GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1",
            "SELECT target FROM stances GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1",
            "SELECT publisher FROM articles GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1",
            "SELECT median(published)::DATE FROM articles",
            "SELECT text FROM quotes ORDER BY quote_id LIMIT 1",
        )
    )
    opening = " ".join(parse(text).words[:3])
    for query in (often, f"{often} {rare}", f'"{opening}"', f"{rare[:4]}*"):
        yield query, "", Filters()
    for query in (often, f"{often} {rare}"):
        yield query, f"person={person}", Filters(person=person)
        yield query, f"target={target}", Filters(target=target)
        yield query, f"publisher={publisher}", Filters(publisher=publisher)
        yield query, f"since={day}", Filters(since=day)
        yield query, "kind=direct", Filters(kind="direct")
        yield query, f"target={target}, since={day}, kind=direct", Filters(target=target, since=day, kind="direct")


def _search(database: Path, wait: float, rounds: int, query: str, told: str, filters: Filters) -> Timed:
    def ask() -> int:
        with reading(database, wait) as connection:
            return len(search.search(connection, query, filters).hits)

    hits = ask()
    clock, processor = (1000 * median(times) for times in zip(*(_time(ask) for _ in range(rounds)), strict=True))
    return Timed(query, told, hits, clock, processor)


def _rebuild(database: Path, wait: float) -> tuple[tuple[float, float], float]:
    done = database.with_name(f"{database.name}.rebuilt")
    reader = subprocess.Popen(
        [sys.executable, "-P", "-c", READER, str(database), str(done)], stdout=subprocess.PIPE, text=True
    )
    with reader:
        try:
            assert reader.stdout
            reader.stdout.readline()
            clock, processor = _time(partial(rebuild, database, wait))
            done.touch()
            waited = float(reader.stdout.read())
        finally:
            reader.terminate()
            done.unlink(missing_ok=True)
    return (clock, processor), waited


def _find_repeats(database: Path, wait: float, articles: int) -> Iterator[float]:
    """Take the repeats of each article away, find them again, and leave everything as it was."""
    with writing(database, wait) as store:
        given = store.connection.execute(
            """SELECT list(quote_id) FROM quotes WHERE article_id IN (
                   SELECT article_id FROM articles ORDER BY hash(article_id) LIMIT ?) GROUP BY article_id""",
            [articles],
        ).fetchall()
        for (quote_ids,) in given:
            store.connection.begin()
            try:
                repeats.forget(store.connection, quote_ids)
                yield 1000 * _time(partial(repeats.add, store.connection, quote_ids))[0]
            finally:
                store.connection.rollback()


def _time(work: Callable[[], object]) -> tuple[float, float]:
    """Give the seconds of the clock and of the processor that some work took."""
    clock, processor = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - clock, time.process_time() - processor


def _one(connection: duckdb.DuckDBPyConnection, query: str) -> Any:
    row = connection.execute(query).fetchone()
    return row[0] if row else None
