"""What waits for a reviewer, what was decided, who there is to choose from, and what was saved."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

import duckdb

from dashboard.queries.articles import article
from dashboard.queries.keeping import kept, kept_large
from dashboard.queries.parts import CARD, COUNTED, OF_CLASS, conditions_of, fetch_all, fetch_one, read_cards, spans
from dashboard.queries.statements import read_statements
from dashboard.records import UTTERANCES, ArticleEntry, Decision, Filter, PlacedStatement, Saved, Statement, UnderReview
from quotes.records import Problem

_LEAST_SURE = "ORDER BY q.confidence, q.quote_id"


@kept
def pending(db: duckdb.DuckDBPyConnection, wanted: Filter, page: int, size: int) -> list[Statement]:
    """Fetch one page of the statements that nobody has decided about, the least sure first.

    Args:
        db: an open connection.
        wanted: the filter.
        page: which page, from 1.
        size: how many statements a page holds.
    """
    memory, where, values = conditions_of(db, wanted)
    query = f"SELECT q.quote_id {COUNTED} WHERE {where} AND q.review IS NULL {_LEAST_SURE} LIMIT $size OFFSET $skip"
    found = fetch_all(memory, query, size=size, skip=(page - 1) * size, **values)
    return read_statements(db, [quote_id for (quote_id,) in found])


@kept
def count_pending(db: duckdb.DuckDBPyConnection, wanted: Filter) -> int:
    """Count the statements of a filter that nobody has decided about."""
    memory, where, values = conditions_of(db, wanted)
    return int(fetch_one(memory, f"SELECT count(*) {COUNTED} WHERE {where} AND q.review IS NULL", **values)[0])


@kept
def pending_after(db: duckdb.DuckDBPyConnection, wanted: Filter, quote_id: str) -> str | None:
    """Name the statement that waits next after one, by its confidence; None at the end."""
    before = fetch_all(db, "SELECT confidence FROM quotes WHERE quote_id = $quote", quote=quote_id)
    if not before:
        return None
    memory, where, values = conditions_of(db, wanted)
    rows = fetch_all(
        memory,
        f"""SELECT q.quote_id {COUNTED} WHERE {where} AND q.review IS NULL
            AND q.confidence >= $confidence AND (q.confidence > $confidence OR q.quote_id > $after)
            {_LEAST_SURE} LIMIT 1""",
        confidence=before[0][0],
        after=quote_id,
        **values,
    )
    return rows[0][0] if rows else None


@kept_large
def under_review(db: duckdb.DuckDBPyConnection, quote_id: str) -> UnderReview | None:
    """Fetch one statement for a reviewer, also a rejected one; None where there is none of this id."""
    for table, review in (("reviewed_quotes", "q.review"), ("quotes", "'rejected'")):
        rows = fetch_all(
            db,
            f"{CARD}, {review} FROM {table} AS q JOIN articles AS a USING (article_id) WHERE q.quote_id = $quote",
            quote=quote_id,
        )
        if rows:
            (statement,), row = read_cards(db, rows), rows[0]
            found = article(db, statement.article_id)
            assert found is not None
            placed = PlacedStatement(statement, spans(row[20]), spans(row[21]), spans(row[22]))
            return UnderReview(placed, found, row[23])
    return None


_DECISIONS = """
    WITH undone AS (SELECT undoes, made_by, made_at FROM corrections WHERE what = 'undo'),
    held AS (SELECT correction_id, min(quote_id) AS quote_id FROM placed_corrections GROUP BY 1),
    told AS (
        SELECT c.correction_id AS id, 'quote' AS about, c.what, c.target, c.from_value AS before, c.to_value AS after,
               c.made_by, epoch(c.made_at) AS decided_at, c.reason, u.made_by AS undone_by,
               epoch(u.made_at) AS undone_at,
               h.quote_id IS NOT NULL AS holds,
               substr(a.text, c.spans[1]."start" + 1, c.spans[-1]."end" - c.spans[1]."start") AS words,
               a.article_id, coalesce(h.quote_id, q.quote_id) AS quote_id
        FROM corrections AS c
        LEFT JOIN undone AS u ON u.undoes = c.correction_id
        LEFT JOIN held AS h USING (correction_id)
        LEFT JOIN (SELECT text_hash, min(article_id) AS article_id, any_value(text) AS text FROM articles
                   WHERE text_hash IN (SELECT text_hash FROM corrections) GROUP BY 1) AS a USING (text_hash)
        LEFT JOIN quotes AS q ON q.article_id = a.article_id AND q.spans = c.spans
        WHERE c.what <> 'undo'
        UNION ALL
        SELECT d.decision_id::VARCHAR, 'people',
               CASE WHEN len(d.forms) + len(d.articles) = 0 THEN 'merge' ELSE 'split' END,
               nullif(array_to_string(d.forms || d.articles, ', '), ''), coalesce(p.name, d.person_id),
               coalesce(o.name, d.to_id), d.decided_by, epoch(d.decided_at), NULL, d.undone_by, epoch(d.undone_at),
               d.undone_at IS NULL, NULL, NULL, NULL
        FROM people_decisions AS d
        LEFT JOIN people AS p ON p.person_id = d.person_id LEFT JOIN people AS o ON o.person_id = d.to_id)
"""


def count_decisions(db: duckdb.DuckDBPyConnection) -> int:
    """Count what was decided about quotes and people, undone or not."""
    query = "SELECT (SELECT count(*) FROM corrections WHERE what <> 'undo') + (SELECT count(*) FROM people_decisions)"
    return int(fetch_one(db, query)[0])


@kept
def decisions(
    db: duckdb.DuckDBPyConnection, page: int = 1, size: int = 25, quote_id: str | None = None
) -> list[Decision]:
    """Fetch one page of what was decided about quotes and people, the newest first.

    Args:
        db: an open connection.
        page: which page, from 1.
        size: how many decisions a page holds.
        quote_id: only what was decided about this quote.
    """
    rows = fetch_all(
        db,
        f"""{_DECISIONS} SELECT * FROM told WHERE $quote IS NULL OR quote_id = $quote
            ORDER BY decided_at DESC, about, id LIMIT $size OFFSET $skip""",
        quote=quote_id,
        size=size,
        skip=(page - 1) * size,
    )
    found = []
    for row in rows:
        id, about, what, target, before, after, by, at, reason, undone_by, undone_at, *rest = row
        if about == "quote":
            before, after = _decided(before), _decided(after)
        undone = None if undone_at is None else datetime.fromtimestamp(undone_at)
        when = datetime.fromtimestamp(at)
        found.append(
            Decision(id, about, what, target, before, after, by, when, reason, undone_by, undone, *rest),
        )
    return found


def _decided(written: str | None) -> str | None:
    """Read the value of a decision, which is JSON: a word, or an object with a name or a stance."""
    value = None if written is None else json.loads(written)
    if isinstance(value, dict):
        value = value["name"] if "name" in value else value["stance"]
    return None if value is None else str(value)


def saved_by(db: duckdb.DuckDBPyConnection, article_ids: Sequence[str]) -> int | None:
    """Name the run that read the latest of some articles; None where none of them is in the database."""
    query = "SELECT max(ingest_id) FROM articles WHERE article_id IN $articles"
    number = fetch_one(db, query, articles=list(article_ids))[0]
    return None if number is None else int(number)


def saved(db: duckdb.DuckDBPyConnection, ingest_id: int, limit: int) -> Saved | None:
    """Tell what a run saved, and what it could not read; None where there was no such run.

    Args:
        db: an open connection.
        ingest_id: the run.
        limit: how many articles and problems to tell of.
    """
    if not fetch_all(db, "SELECT 1 FROM ingests WHERE ingest_id = $number", number=ingest_id):
        return None
    total = fetch_one(db, "SELECT count(*) FROM articles WHERE ingest_id = $number", number=ingest_id)[0]
    rows = fetch_all(
        db,
        f"""SELECT a.article_id, a.title, left(a.text, 120), a.publisher, a.published, count(q.quote_id),
                   coalesce(list_sort(list(DISTINCT q.speaker)
                   FILTER (q.speaker IS NOT NULL AND q.speaker_type <> 'unnamed')), [])
            FROM articles AS a LEFT JOIN reviewed_quotes AS q ON q.article_id = a.article_id AND {OF_CLASS}
            WHERE a.ingest_id = $number GROUP BY ALL ORDER BY a.title, a.article_id LIMIT $limit""",
        number=ingest_id,
        classes=UTTERANCES,
        limit=limit,
    )
    problems = fetch_all(
        db,
        """SELECT source, problem, advice, article_id FROM ingest_problems
           WHERE ingest_id = $number ORDER BY source, problem LIMIT $limit""",
        number=ingest_id,
        limit=limit,
    )
    return Saved(tuple(ArticleEntry(*row) for row in rows), total, tuple(Problem(*row) for row in problems))
