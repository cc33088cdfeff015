"""What there is in all: how much, from when to when, by whom printed, and how the last run went."""

from __future__ import annotations

from datetime import date, datetime

import duckdb

from dashboard.queries.keeping import kept
from dashboard.queries.narrow import narrow
from dashboard.queries.parts import COUNTED, OF_CLASS, conditions_of, fetch_all, fetch_one
from dashboard.records import UTTERANCES, Filter, Holdings, IngestEntry, MonthCount
from quotes.records import Problem


@kept
def holdings(db: duckdb.DuckDBPyConnection, wanted: Filter) -> Holdings:
    """Count the statements that a filter lets through, and the articles and publishers that hold them."""
    memory, where, values = conditions_of(db, wanted)
    query = f"SELECT count(*), count(DISTINCT article_id), count(DISTINCT publisher) {COUNTED} WHERE {where}"
    return Holdings(*fetch_one(memory, query, **values))


@kept
def days(db: duckdb.DuckDBPyConnection) -> tuple[date, date] | None:
    """Give the first and the last day on which anything was said; None where no day is known."""
    query = f"SELECT min(q.day), max(q.day) {COUNTED} WHERE {OF_CLASS}"
    first, last = fetch_one(narrow(db), query, classes=UTTERANCES)
    return (first, last) if first else None


@kept
def months(db: duckdb.DuckDBPyConnection, wanted: Filter, publishers: int = 6) -> list[MonthCount]:
    """Count the statements of each month by publisher, those beyond the most frequent publishers together.

    Args:
        db: an open connection.
        wanted: the filter that the statements pass.
        publishers: how many publishers to tell apart.

    Returns:
        A count for each month and publisher that has any, in order of the months.
    """
    memory, where, values = conditions_of(db, wanted)
    rows = fetch_all(
        memory,
        f"""WITH monthly AS MATERIALIZED (
                SELECT date_trunc('month', q.day)::DATE AS month, q.publisher, count(*) AS n
                {COUNTED} WHERE {where} AND q.day IS NOT NULL GROUP BY 1, 2),
            frequent AS (
                SELECT publisher FROM monthly WHERE publisher IS NOT NULL
                GROUP BY 1 ORDER BY sum(n) DESC, 1 LIMIT $publishers)
            SELECT month, CASE WHEN publisher IN (FROM frequent) THEN publisher
                               WHEN publisher IS NULL THEN 'no publisher given' ELSE 'other publishers' END,
                   sum(n)::INTEGER
            FROM monthly GROUP BY 1, 2 ORDER BY 1, 2""",
        publishers=publishers,
        **values,
    )
    return [MonthCount(*row) for row in rows]


@kept
def printed_by(db: duckdb.DuckDBPyConnection, wanted: Filter, limit: int) -> dict[str, int]:
    """Count the statements that a filter lets through by publisher, the most frequent first."""
    memory, where, values = conditions_of(db, wanted)
    rows = fetch_all(
        memory,
        f"""SELECT q.publisher, count(*) AS n {COUNTED} WHERE {where} AND q.publisher IS NOT NULL
            GROUP BY 1 ORDER BY n DESC, 1 LIMIT $limit""",
        limit=limit,
        **values,
    )
    return dict(rows)


@kept
def publishers(db: duckdb.DuckDBPyConnection, limit: int = 500) -> list[str]:
    """List the publishers, those with the most articles first."""
    query = (
        "SELECT publisher FROM articles WHERE publisher IS NOT NULL GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT $limit"
    )
    return [row[0] for row in fetch_all(db, query, limit=limit)]


def last_ingest(db: duckdb.DuckDBPyConnection, problems: int) -> IngestEntry | None:
    """Tell what the last run did, with the first of its problems; None where there was none yet.

    Args:
        db: an open connection.
        problems: how many problems to tell.
    """
    rows = fetch_all(
        db,
        """SELECT ingest_id, epoch(started_at), finished_at IS NOT NULL, added, changed, unchanged, problems
           FROM ingests ORDER BY ingest_id DESC LIMIT 1""",
    )
    if not rows:
        return None
    number, started, finished, added, changed, unchanged, count = rows[0]
    told = fetch_all(
        db,
        """SELECT source, problem, advice, article_id FROM ingest_problems
           WHERE ingest_id = $number ORDER BY source, problem LIMIT $problems""",
        number=number,
        problems=problems,
    )
    problems_told = tuple(Problem(*row) for row in told)
    return IngestEntry(datetime.fromtimestamp(started), finished, added, changed, unchanged, count, problems_told)
