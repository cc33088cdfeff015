"""Lists of statements, and what each filter would leave of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import duckdb

from dashboard.queries.keeping import kept
from dashboard.queries.parts import (
    CARD,
    COUNTED,
    FILED,
    NEWEST,
    TOLD,
    conditions_of,
    fetch_all,
    fetch_one,
    marks,
    one_by_one,
    read_cards,
)
from dashboard.records import SAID, Facets, Filter, Statement
from quotes.store import search
from quotes.store.search import Matched

CONFIDENCES = (0.5, 0.7, 0.9)
"""The least confidences that one may ask for."""

AT_ONCE = 1_000
"""How many statements to fetch in one query."""

MONTHS = 24
"""Beyond so many months, years are counted instead."""

BEST = NEWEST.replace("ORDER BY", "ORDER BY m.score DESC NULLS LAST,")


@kept
def statements(db: duckdb.DuckDBPyConnection, wanted: Filter, page: int, size: int) -> list[Statement]:
    """Fetch one page of the statements that a filter lets through: the best match for its words first, else the newest.

    Args:
        db: an open connection.
        wanted: the filter.
        page: which page, from 1.
        size: how many statements a page holds.

    Returns:
        The statements of that page; none past the last.
    """
    return _statements(db, wanted, (page - 1) * size, size)


def all_statements(db: duckdb.DuckDBPyConnection, wanted: Filter, most: int) -> list[Statement]:
    """Fetch all statements that a filter lets through, in the order of :func:`statements`, but at most so many."""
    return _statements(db, wanted, 0, most)


def _statements(db: duckdb.DuckDBPyConnection, wanted: Filter, skip: int, size: int) -> list[Statement]:
    memory, where, values = conditions_of(db, wanted)
    scored, order = ("JOIN search_matches AS m USING (n)", BEST) if wanted.words else ("", NEWEST)
    query = f"SELECT q.quote_id {COUNTED} {scored} WHERE {where} {order} LIMIT $size OFFSET $skip"
    ids = [row[0] for row in fetch_all(memory, query, size=size, skip=skip, **values)]
    # In queries of their own, which find them by their key and leave the texts of all others unread.
    return [card for at in range(0, len(ids), AT_ONCE) for card in read_statements(db, ids[at : at + AT_ONCE])]


def read_statements(db: duckdb.DuckDBPyConnection, ids: Sequence[str]) -> list[Statement]:
    """Fetch statements by their ids, in this order."""
    bound = one_by_one(ids)
    rows = {row[0]: row for row in fetch_all(db, f"{CARD} {FILED} WHERE q.quote_id IN ({marks(bound)})", **bound)}
    return read_cards(db, [rows[quote_id] for quote_id in ids])


@kept
def count_statements(db: duckdb.DuckDBPyConnection, wanted: Filter) -> int:
    """Count the statements that a filter lets through."""
    memory, where, values = conditions_of(db, wanted)
    return int(fetch_one(memory, f"SELECT count(*) {COUNTED} WHERE {where}", **values)[0])


@kept
def facets(db: duckdb.DuckDBPyConnection, wanted: Filter, limit: int = 500) -> Facets:
    """Count, for each filter, what each of its values would leave while the other filters stay as they are.

    Args:
        db: an open connection.
        wanted: the filters as they are set.
        limit: how many values of a filter to list, the most frequent first.

    Returns:
        The values of each filter with their counts.
    """

    def counts(value: str, wanted: Filter, *, stances: bool = False) -> dict[str, int]:
        memory, where, values = conditions_of(db, wanted, stances_joined=stances)
        rows_of, number = (TOLD, "DISTINCT n") if stances else (COUNTED, "*")
        rows = fetch_all(
            memory,
            f"""SELECT {value}, count({number}) AS n {rows_of}
                WHERE {where} AND {value} IS NOT NULL GROUP BY 1 ORDER BY n DESC, 1 LIMIT $limit""",
            limit=limit,
            **values,
        )
        return dict(rows)

    def sure(wanted: Filter) -> dict[float, int]:
        memory, where, values = conditions_of(db, wanted)
        numbers = ", ".join(f"count(*) FILTER (q.confidence >= {least})" for least in CONFIDENCES)
        return dict(
            zip(CONFIDENCES, fetch_one(memory, f"SELECT {numbers} {COUNTED} WHERE {where}", **values), strict=True)
        )

    anybody = replace(wanted, person=None, speaker=None)
    known = counts("q.person_id", anybody)
    classes = counts("q.cue_class", replace(wanted, said="all"))
    names = dict(fetch_all(db, "SELECT person_id, name FROM people WHERE person_id IN $known", known=list(known)))
    return Facets(
        people={person_id: (names.get(person_id, person_id), n) for person_id, n in known.items()},
        speakers=counts("CASE WHEN q.person_id IS NULL THEN q.speaker END", anybody),
        targets=counts("s.target", replace(wanted, target=None), stances=True),
        stances=counts("s.stance", replace(wanted, stance=None), stances=True),
        kinds=counts("q.kind", replace(wanted, kind=None)),
        said={said: sum(classes.get(one, 0) for one in SAID[said]) for said in SAID},
        publishers=counts("q.publisher", replace(wanted, publisher=None)),
        sure=sure(replace(wanted, sure=None)),
        topics=topics(db, replace(wanted, topic=None), limit),
        times=times(db, replace(wanted, since=None, until=None)),
    )


@kept
def topics(db: duckdb.DuckDBPyConnection, wanted: Filter, limit: int = 500) -> dict[str, int]:
    """Count the statements that a filter lets through by topic, the most frequent first.

    Args:
        db: an open connection.
        wanted: the filter.
        limit: how many topics to list.

    Returns:
        How many statements speak of each topic.
    """
    memory, where, values = conditions_of(db, wanted)
    rows = fetch_all(
        memory,
        f"""SELECT t.topic, count(*) AS n {COUNTED} JOIN topics AS t USING (n)
            WHERE {where} GROUP BY 1 ORDER BY n DESC, 1 LIMIT $limit""",
        limit=limit,
        **values,
    )
    return dict(rows)


@kept
def times(db: duckdb.DuckDBPyConnection, wanted: Filter) -> dict[tuple[date, date], int]:
    """Count the statements that a filter lets through by month, or by year where there are many, the latest first.

    Args:
        db: an open connection.
        wanted: the filter.

    Returns:
        How many statements there are of each month or year, by its first and last day.
    """
    memory, where, values = conditions_of(db, wanted)
    rows = fetch_all(
        memory,
        f"""WITH months AS (
                SELECT date_trunc('month', q.day)::DATE AS month, count(*) AS n {COUNTED}
                WHERE {where} AND q.day IS NOT NULL GROUP BY 1),
            spans AS (SELECT if(count(*) > $most, 'year', 'month') AS span FROM months)
            SELECT date_trunc(span, month)::DATE AS first, last_day((
                first + if(span = 'year', INTERVAL 11 MONTH, INTERVAL 0 MONTH))::DATE), sum(n)::BIGINT
            FROM months, spans GROUP BY 1, span ORDER BY 1 DESC""",
        most=MONTHS,
        **values,
    )
    return {(first, last): number for first, last, number in rows}


@kept
def search_terms(db: duckdb.DuckDBPyConnection, words: str) -> Matched:
    """Tell by which words a search finds, and how many statements it must compare for want of an index.

    Raises:
        QueryError: there is no word in it.
    """
    return search.match(db, words)
