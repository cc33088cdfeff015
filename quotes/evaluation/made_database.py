"""A large database of invented articles, on which speed is measured: seeded, so that it is the same everywhere."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

from quotes.errors import StoreError
from quotes.store.store import Store
from quotes.store.transactions import transaction

SCRIPT = Path(__file__).with_suffix(".sql")
QUOTES_PER_ARTICLE = 5
QUOTES_PER_PERSON = 50


@dataclass(frozen=True, slots=True)
class Made:
    """How many rows of each kind were made."""

    articles: int
    quotes: int
    people: int
    stances: int


def make_database(store: Store, quotes: int, seed: int = 0) -> Made:
    """Fill an empty file with invented articles, people and quotes.

    Words, speakers, targets and publishers come with frequencies after Zipf's law; words of grammar are English, all
    others are made of syllables. A quote in eight repeats an earlier one of the same speaker, often cut at its ends.
    Every offset is right: ``articles.text`` holds the quotes at their places.

    Args:
        store: an open store without articles.
        quotes: how many quotes; there are five to an article, and fifty to a person.
        seed: another seed makes another database.

    Returns:
        What was made.

    Raises:
        StoreError: the file holds articles already.
    """
    sql = store.connection.execute
    if sql("SELECT count(*) FROM articles").fetchone() != (0,):
        raise StoreError("The file holds articles already.", "Name a new file with --database FILE.")
    ingest = store.begin([f"{quotes} invented quotes, seed {seed}"], "none")
    connection = store.connection
    with transaction(connection):
        sql(f"SET VARIABLE seed = {int(seed)}")
        sql(f"SET VARIABLE people = {max(1, quotes // QUOTES_PER_PERSON)}")
        sql("CREATE TEMP TABLE numbers AS SELECT range AS n FROM range(?)", [quotes])
        for statement in duckdb.extract_statements(SCRIPT.read_text(encoding="utf8")):
            connection.execute(statement, {"ingest": ingest} if "ingest" in statement.named_parameters else None)
        counts = [_count(connection, table) for table in ("articles", "quotes", "people", "stances")]
        sql("UPDATE ingests SET added = ? WHERE ingest_id = ?", [counts[0], ingest])
    store.finish(ingest)
    return Made(*counts)


def _count(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    row = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
    assert row is not None
    return int(row[0])
