"""Lists of statements, and what each filter would leave of them."""

from __future__ import annotations

from dataclasses import replace

import duckdb

from dashboard.queries.parts import CARD, JOINED, NEWEST, conditions_of, fetch_all, fetch_one, read_cards
from dashboard.records import SAID, Facets, Filter, Statement

CONFIDENCES = (0.5, 0.7, 0.9)
"""The least confidences that one may ask for."""


def statements(db: duckdb.DuckDBPyConnection, wanted: Filter, page: int, size: int) -> list[Statement]:
    """Fetch one page of the statements that a filter lets through, newest first.

    Args:
        db: an open connection.
        wanted: the filter.
        page: which page, from 1.
        size: how many statements a page holds.

    Returns:
        The statements of that page; none past the last.
    """
    where, values = conditions_of(wanted)
    query = f"SELECT q.quote_id {JOINED} WHERE {where} {NEWEST} LIMIT $size OFFSET $skip"
    page_of_ids = [row[0] for row in fetch_all(db, query, size=size, skip=(page - 1) * size, **values)]
    # In a query of its own, which finds them by their key and leaves the texts of all others unread.
    query = f"{CARD} {JOINED} WHERE q.quote_id IN $quotes {NEWEST}"
    return read_cards(db, fetch_all(db, query, quotes=page_of_ids))


def count_statements(db: duckdb.DuckDBPyConnection, wanted: Filter) -> int:
    """Count the statements that a filter lets through."""
    where, values = conditions_of(wanted)
    return int(fetch_one(db, f"SELECT count(*) {JOINED} WHERE {where}", **values)[0])


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
        where, values = conditions_of(wanted, stances_joined=stances)
        join, number = ("JOIN reviewed_stances AS s USING (quote_id)", "DISTINCT quote_id") if stances else ("", "*")
        rows = fetch_all(
            db,
            f"""SELECT {value}, count({number}) AS n {JOINED} {join}
                WHERE {where} AND {value} IS NOT NULL GROUP BY 1 ORDER BY n DESC, 1 LIMIT $limit""",
            limit=limit,
            **values,
        )
        return dict(rows)

    def sure(wanted: Filter) -> dict[float, int]:
        where, values = conditions_of(wanted)
        numbers = ", ".join(f"count(*) FILTER (q.confidence >= {least})" for least in CONFIDENCES)
        return dict(zip(CONFIDENCES, fetch_one(db, f"SELECT {numbers} {JOINED} WHERE {where}", **values), strict=True))

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
        publishers=counts("a.publisher", replace(wanted, publisher=None)),
        sure=sure(replace(wanted, sure=None)),
        topics=topics(db, replace(wanted, topic=None), limit),
    )


def topics(db: duckdb.DuckDBPyConnection, wanted: Filter, limit: int = 500) -> dict[str, int]:
    """Count the statements that a filter lets through by topic, the most frequent first.

    Args:
        db: an open connection.
        wanted: the filter.
        limit: how many topics to list.

    Returns:
        How many statements speak of each topic.
    """
    where, values = conditions_of(wanted)
    rows = fetch_all(
        db,
        f"""SELECT t.topic, count(*) AS n {JOINED} JOIN topics AS t USING (quote_id)
            WHERE {where} GROUP BY 1 ORDER BY n DESC, 1 LIMIT $limit""",
        limit=limit,
        **values,
    )
    return dict(rows)
