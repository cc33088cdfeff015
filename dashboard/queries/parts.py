"""Parts that several queries share; they are placed in SQL as they stand, and what they compare with is bound."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import duckdb

from dashboard.records import SAID, Filter, Statement
from quotes.records import Span, Stance

JOINED = "FROM reviewed_quotes AS q JOIN articles AS a USING (article_id)"

DAY = "coalesce(q.said_on, a.published)"

OF_CLASS = "q.cue_class IN $classes"

# What is in a near-copy of another article is in that article already.
COUNTED = f"{OF_CLASS} AND q.article_id NOT IN (SELECT article_id FROM articles WHERE copy_of IS NOT NULL)"

CONDITIONS = {
    "person": "q.person_id = $person",
    "speaker": "q.person_id IS NULL AND q.speaker = $speaker",
    "kind": "q.kind = $kind",
    "publisher": "a.publisher = $publisher",
    "since": f"{DAY} >= $since",
    "until": f"{DAY} <= $until",
    "sure": "q.confidence >= $sure",
    "topic": "q.quote_id IN (SELECT t.quote_id FROM topics AS t WHERE t.topic = $topic)",
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

NEWEST = f"""
    ORDER BY {DAY} DESC NULLS LAST, a.published DESC NULLS LAST, q.article_id,
             q.spans[1]."start", q.quote_id
"""


def conditions_of(wanted: Filter, *, stances_joined: bool = False) -> tuple[str, dict[str, Any]]:
    """Put the conditions of a filter together, with the values that they bind.

    Target and stance are those of one row of ``stances``: of the row ``s``, where the query joins that table.
    """
    values = {name: value for name, value in asdict(wanted).items() if value is not None}
    values["classes"] = SAID[values.pop("said")]
    parts = [COUNTED, *(condition for name, condition in CONDITIONS.items() if name in values)]
    about = " AND ".join(condition for name, condition in STANCE_CONDITIONS.items() if name in values)
    if about:
        parts.append(
            about if stances_joined else f"q.quote_id IN (SELECT s.quote_id FROM reviewed_stances AS s WHERE {about})"
        )
    return " AND ".join(parts), values


def read_cards(db: duckdb.DuckDBPyConnection, rows: Sequence[Sequence[Any]]) -> list[Statement]:
    """Make statements of rows of ``CARD``.

    Their stances are fetched here for these rows alone: ``statements_view`` gathers those of the whole database.
    """
    stances: dict[str, list[Stance]] = {row[0]: [] for row in rows}
    found = fetch_all(
        db,
        """SELECT s.quote_id, s.target, s.target_type, s.stance, s.score, s.person_id, s.evidence,
                  list_transform(s.evidence, span -> substr(a.text, span."start" + 1, span."end" - span."start"))
           FROM reviewed_stances AS s JOIN reviewed_quotes AS q USING (quote_id) JOIN articles AS a USING (article_id)
           WHERE s.quote_id IN $quotes ORDER BY s.score DESC, s.target""",
        quotes=list(stances),
    )
    carried: dict[str, list[str]] = {row[0]: [] for row in rows}
    for quote_id, *stance, evidence, words in found:
        stances[quote_id].append(Stance(*[*stance, spans(evidence)]))
        carried[quote_id] += words
    return [
        Statement(*[*row[:15], tuple(stances[row[0]]), *row[15:20], tuple(dict.fromkeys(carried[row[0]]))])
        for row in rows
    ]


def spans(column: Sequence[Mapping[str, int]]) -> tuple[Span, ...]:
    """Make spans of a column of them."""
    return tuple(Span(span["start"], span["end"]) for span in column)


def fetch_all(db: duckdb.DuckDBPyConnection, query: str, **values: Any) -> list[tuple[Any, ...]]:
    """Ask for all rows of a query that binds these values."""
    return db.execute(query, values).fetchall()


def fetch_one(db: duckdb.DuckDBPyConnection, query: str, **values: Any) -> tuple[Any, ...]:
    """Ask for the first row of a query that binds these values."""
    return fetch_all(db, query, **values)[0]
