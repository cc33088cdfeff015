"""Search by what is meant: language gives the vectors, the store keeps and compares them."""

from __future__ import annotations

import re
from collections.abc import Callable

import duckdb

from quotes.errors import QueryError
from quotes.language.meaning import is_installed, load_model
from quotes.settings import Settings
from quotes.store import meanings
from quotes.store.search import Found
from quotes.store.search_query import Filters
from quotes.store.store import reading, writing

_ASKING = re.compile(r"^\W*(?:quotes?|statements?|remarks?)\s+(?:about|on)\s+", re.IGNORECASE)
"""How a question may begin that says nothing of what is sought: with it, recall on the judged searches was 0.62, not
0.71, since statements about anybody's words come first."""
AT_ONCE = 500
"""Quotes whose meaning is read between two looks into the file; nobody is kept from it meanwhile."""


def add_meanings(
    settings: Settings, ingest_id: int | None = None, progress: Callable[[int, int | None], None] | None = None
) -> int:
    """Read the meaning of quotes of which the file does not know it.

    Args:
        settings: the file.
        ingest_id: only quotes of articles that this run wrote, or one that was stopped in the middle; all where None.
        progress: called with the number of quotes done and of all.

    Returns:
        How many were added.

    Raises:
        MeaningError: the model is missing.
        StoreError: the file cannot be used. What was written before stays.
    """
    model = load_model()
    with reading(settings.database, settings.wait) as connection:
        total = meanings.count_missing(connection)
    added = 0
    while True:
        with reading(settings.database, settings.wait) as connection:
            texts = meanings.read_missing(connection, AT_ONCE, ingest_id)
        if not texts:
            return added
        vectors = model.encode(list(texts.values()))
        with writing(settings.database, settings.wait) as store:
            added += meanings.add(store.connection, texts, vectors)
        if progress:
            progress(added, total)


def add_meanings_of_run(settings: Settings, ingest_id: int) -> None:
    """Do so for the quotes of a run, where the extra is installed; without it, nothing is done."""
    if is_installed():
        add_meanings(settings, ingest_id)


def search_by_meaning(
    connection: duckdb.DuckDBPyConnection, question: str, filters: Filters | None = None, limit: int = 20
) -> Found:
    """Find statements by what they mean.

    Args:
        connection: open on a tracker's file.
        question: what is sought, in words of one's own, such as "holding Putin to account".
        filters: which statements count.
        limit: how many to give at most.

    Returns:
        The nearest of them, by their likeness.

    Raises:
        QueryError: the question has no word in it.
        MeaningError: the model is missing, or no quote of the file has been read for its meaning.
    """
    if not any(letter.isalnum() for letter in question):
        raise QueryError(
            "There is no word to search for.", 'Try: quotes search --meaning "quotes about holding Putin to account".'
        )
    (vector,) = load_model().encode([_ASKING.sub("", question)])
    return meanings.search(connection, vector, filters, limit)
