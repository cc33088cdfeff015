"""Parts that several queries share; they are placed in SQL as they stand, and what they compare with is bound."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

import duckdb
import pyarrow as pa

from dashboard.queries.keeping import kept_large
from dashboard.queries.narrow import narrow
from dashboard.records import SAID, Filter, Printing, Statement
from quotes.records import Span, Stance
from quotes.store import search

FILED = "FROM reviewed_quotes AS q JOIN articles AS a USING (article_id)"
"""Everything about quotes, in the file."""

COUNTED = "FROM counted AS q"
"""What is counted, in the tables of narrow.py."""

TOLD = "FROM counted AS q JOIN told AS s USING (n)"
"""The same with a row for each stance."""

OF_CLASS = "q.cue_class IN $classes"

CONDITIONS = {
    "person": "q.person_id = $person",
    "speaker": "q.person_id IS NULL AND q.speaker = $speaker",
    "kind": "q.kind = $kind",
    "publisher": "q.publisher = $publisher",
    "since": "q.day >= $since",
    "until": "q.day <= $until",
    "sure": "q.confidence >= $sure",
    "topic": "q.n IN (SELECT t.n FROM topics AS t WHERE t.topic = $topic)",
}

STANCE_CONDITIONS = {"target": "s.target = $target", "stance": "s.stance = $stance"}

TALLY = """
    count(*) FILTER (s.stance = 'against'), count(*) FILTER (s.stance = 'neutral'), count(*) FILTER (s.stance = 'favor')
"""

CARD = """
    SELECT q.quote_id, q.speaker, q.speaker_type, coalesce(q.speaker_role, role_on(q.person_id, a.published)),
           q.person_id, q.kind, q.cue_class, q.text, q.cue_text,
           q.source_text, q.said_on, q.said_on_precision, q.said_on_text, q.venue, q.confidence,
           q.article_id, a.title, a.publisher, a.published, a.url, q.spans, q.source, q.cue
"""

NEWEST = """
    ORDER BY q.day DESC NULLS LAST, q.published DESC NULLS LAST, q.article_id, q."start", q.quote_id
"""


def conditions_of(
    db: duckdb.DuckDBPyConnection, wanted: Filter, *, stances_joined: bool = False
) -> tuple[duckdb.DuckDBPyConnection, str, dict[str, Any]]:
    """Put the conditions of a filter together.

    Target and stance are those of one row of ``told``: of the row ``s``, where the query joins that table.

    Args:
        db: an open connection to the file.
        wanted: the filter.
        stances_joined: whether the query joins ``told``.

    Returns:
        A connection to the narrow tables, where ``search_matches`` holds what fits the words that are wanted; the
        conditions; and the values that they bind.
    """
    memory = narrow(db)
    values = {name: value for name, value in asdict(wanted).items() if value is not None}
    values["classes"] = SAID[values.pop("said")]
    words = values.pop("words", None)
    parts = [OF_CLASS, *(condition for name, condition in CONDITIONS.items() if name in values)]
    about = " AND ".join(condition for name, condition in STANCE_CONDITIONS.items() if name in values)
    if about:
        parts.append(about if stances_joined else f"q.n IN (SELECT s.n FROM told AS s WHERE {about})")
    if words:
        memory.register("search_matches", _matches(db, words))
        parts.append("q.n IN (SELECT n FROM search_matches)")
    return memory, " AND ".join(parts), values


@kept_large
def _matches(db: duckdb.DuckDBPyConnection, words: str) -> pa.Table:
    """Give the numbers and scores of what fits a search."""
    search.match(db, words)
    memory = narrow(db)
    memory.register("found", db.execute("SELECT quote_id, score FROM search_matches").to_arrow_table())
    return memory.execute("SELECT n, score FROM found JOIN counted USING (quote_id)").to_arrow_table()


def read_cards(db: duckdb.DuckDBPyConnection, rows: Sequence[Sequence[Any]]) -> list[Statement]:
    """Make statements of rows of ``CARD``.

    Their stances are fetched here for these rows alone: ``statements_view`` gathers those of the whole database.
    """
    stances: dict[str, list[Stance]] = {row[0]: [] for row in rows}
    carried: dict[str, list[str]] = {row[0]: [] for row in rows}
    texts = one_by_one({row[15] for row in rows})
    found = fetch_all(
        db,
        f"""WITH told AS MATERIALIZED (FROM reviewed_stances WHERE quote_id IN $quotes),
                 read AS MATERIALIZED (SELECT article_id, text FROM articles WHERE article_id IN ({marks(texts)}))
            SELECT s.quote_id, s.target, s.target_type, s.stance, s.score, s.person_id, s.evidence,
                   list_transform(s.evidence, span -> substr(a.text, span."start" + 1, span."end" - span."start"))
            FROM told AS s JOIN (SELECT unnest($quotes) AS quote_id, unnest($articles) AS article_id) USING (quote_id)
            JOIN read AS a USING (article_id) ORDER BY s.score DESC, s.target""",
        quotes=[row[0] for row in rows],
        articles=[row[15] for row in rows],
        **texts,
    )
    for quote_id, *stance, evidence, words in found:
        stances[quote_id].append(Stance(*[*stance, spans(evidence)]))
        carried[quote_id] += words
    repeats, conflicts = _printings(db, {row[0]: row[15] for row in rows})
    return [
        Statement(
            *[
                *row[:15],
                tuple(stances[row[0]]),
                *row[15:20],
                tuple(dict.fromkeys(carried[row[0]])),
                tuple(repeats[row[0]]),
                tuple(conflicts[row[0]]),
            ]
        )
        for row in rows
    ]


def _printings(
    db: duckdb.DuckDBPyConnection, quotes: Mapping[str, str]
) -> tuple[Mapping[str, list[Printing]], Mapping[str, list[Printing]]]:
    """Find where else the words of some quotes stand, said by the same speaker and by others.

    Args:
        db: an open connection.
        quotes: ids of quotes, each with that of its article.
    """
    alike = fetch_all(
        db,
        """SELECT mine.quote_id, other.quote_id, true
           FROM repeats AS mine JOIN repeats AS other USING (statement_id) WHERE mine.quote_id IN $quotes
           UNION SELECT quote_a, quote_b, false FROM repeat_pairs WHERE NOT agree AND quote_a IN $quotes
           UNION SELECT quote_b, quote_a, false FROM repeat_pairs WHERE NOT agree AND quote_b IN $quotes
           ORDER BY 1, 2""",
        quotes=list(quotes),
    )
    repeats: dict[str, list[Printing]] = {quote_id: [] for quote_id in quotes}
    conflicts: dict[str, list[Printing]] = {quote_id: [] for quote_id in quotes}
    if not alike:
        return repeats, conflicts
    ids = one_by_one({other for _, other, _ in alike if other not in quotes} | {mine for mine, _, _ in alike})
    rows = fetch_all(
        db,
        f"""SELECT q.quote_id, q.speaker, q.article_id, a.title, a.publisher, a.published, a.copy_of IS NOT NULL
            {FILED} WHERE q.quote_id IN ({marks(ids)})""",
        **ids,
    )
    printed = {row[0]: Printing(*row) for row in rows}
    for mine, other, agree in alike:
        if other in printed and printed[other].article_id != quotes[mine]:
            (repeats if agree else conflicts)[mine].append(printed[other])
    for found in (*repeats.values(), *conflicts.values()):
        found.sort(key=lambda one: (one.published or date.max, one.article_id, one.quote_id))
    return repeats, conflicts


def one_by_one(ids: Iterable[str]) -> dict[str, str]:
    """Name ids, to be bound one by one: only then does DuckDB find rows by its index instead of reading all."""
    return {f"id{at}": id for at, id in enumerate(sorted(ids))}


def marks(names: Iterable[str]) -> str:
    """Write the names of bound values for ``IN (...)``."""
    return ", ".join(f"${name}" for name in names) or "NULL"


def spans(column: Sequence[Mapping[str, int]]) -> tuple[Span, ...]:
    """Make spans of a column of them."""
    return tuple(Span(span["start"], span["end"]) for span in column)


def fetch_all(db: duckdb.DuckDBPyConnection, query: str, **values: Any) -> list[tuple[Any, ...]]:
    """Ask for all rows of a query that binds these values."""
    return db.execute(query, values).fetchall()


def fetch_one(db: duckdb.DuckDBPyConnection, query: str, **values: Any) -> tuple[Any, ...]:
    """Ask for the first row of a query that binds these values."""
    return fetch_all(db, query, **values)[0]
