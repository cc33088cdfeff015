"""Every query the dashboard makes: parameters bound, lists paged in SQL, results as records.

Each function takes an open connection, so that a page makes all its queries in one short ``with opened():``
and holds no connection while it draws: an open reader shuts a writer out.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import duckdb

from dashboard.records import (
    ArticleEntry,
    Facets,
    Filter,
    Holdings,
    Matrix,
    PersonCount,
    PlacedStatement,
    Statement,
    Tally,
)
from quotes.records import Article, Person, Span, Stance
from quotes.store.store import reading

WAIT = 3.0
"""How long a page waits for a database that another process has locked, in seconds."""


def opened() -> AbstractContextManager[duckdb.DuckDBPyConnection]:
    """Open the database named by ``QUOTES_DATABASE`` (default ``quotes.duckdb``) for one piece of work.

    Returns:
        A context manager that gives a read-only connection and closes it at the end.

    Raises:
        StoreError: the file is missing or cannot be used; ``StoreBusyError`` where another process keeps it locked.
    """
    return reading(Path(os.environ.get("QUOTES_DATABASE", "quotes.duckdb")), WAIT)


def holdings(db: duckdb.DuckDBPyConnection, person_id: str | None = None) -> Holdings:
    """Count statements, and the articles and publishers that hold them, of everybody or of one person."""
    row = _one(
        db,
        """SELECT count(*), count(DISTINCT article_id), count(DISTINCT publisher)
           FROM quotes JOIN articles USING (article_id) WHERE $person IS NULL OR person_id = $person""",
        person=person_id,
    )
    return Holdings(*row)


def people(db: duckdb.DuckDBPyConnection, limit: int = 2000) -> list[PersonCount]:
    """List people by the number of their statements, the most quoted first; people never quoted are left out."""
    rows = _all(
        db,
        """SELECT person_id, name, role, n
           FROM (SELECT person_id, count(*) AS n FROM quotes WHERE person_id IS NOT NULL GROUP BY person_id)
           JOIN people USING (person_id) ORDER BY n DESC, name, person_id LIMIT $limit""",
        limit=limit,
    )
    return [PersonCount(*row) for row in rows]


def person(db: duckdb.DuckDBPyConnection, person_id: str) -> Person | None:
    """Look up one person."""
    rows = _all(
        db,
        """SELECT person_id, name, aliases, role, party, country, gender, in_register
           FROM people WHERE person_id = $person""",
        person=person_id,
    )
    return Person(rows[0][0], rows[0][1], tuple(rows[0][2]), *rows[0][3:]) if rows else None


# Parts that several queries share, placed in them as they stand; what they compare with is bound.
_JOINED = "FROM quotes AS q JOIN articles AS a USING (article_id)"

_CONDITIONS = {
    "person": "q.person_id = $person",
    "speaker": "q.person_id IS NULL AND q.speaker = $speaker",
    "kind": "q.kind = $kind",
    "publisher": "a.publisher = $publisher",
    "since": "coalesce(q.said_on, a.published) >= $since",
    "until": "coalesce(q.said_on, a.published) <= $until",
}
_STANCE_CONDITIONS = {"target": "s.target = $target", "stance": "s.stance = $stance"}

_FOUND = """
    ($find IS NULL OR contains(lower(coalesce(a.title, left(a.text, 120))), lower($find))
     OR contains(lower(a.publisher), lower($find))
     OR a.article_id IN (SELECT article_id FROM quotes WHERE contains(lower(speaker), lower($find))))
"""

_TALLY = """
    count(*) FILTER (s.stance = 'against'), count(*) FILTER (s.stance = 'neutral'), count(*) FILTER (s.stance = 'favor')
"""

_CARD = """
    SELECT q.quote_id, q.speaker, q.speaker_type, coalesce(q.speaker_role, p.role), q.person_id, q.kind, q.text,
           q.cue_text, q.source_text, q.said_on, q.said_on_precision, q.said_on_text, q.venue, q.confidence,
           q.article_id, a.title, a.publisher, a.published, q.spans, q.source, q.cue
"""

_NEWEST = """
    ORDER BY coalesce(q.said_on, a.published) DESC NULLS LAST, a.published DESC NULLS LAST, q.article_id,
             q.spans[1]."start", q.quote_id
"""


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
    where, values = _where(wanted)
    query = f"SELECT q.quote_id {_JOINED} WHERE {where} {_NEWEST} LIMIT $size OFFSET $skip"
    page_of_ids = [row[0] for row in _all(db, query, size=size, skip=(page - 1) * size, **values)]
    # In a query of its own, which finds them by their key and leaves the texts of all others unread.
    query = f"{_CARD} {_JOINED} LEFT JOIN people AS p USING (person_id) WHERE q.quote_id IN $quotes {_NEWEST}"
    return _statements(db, _all(db, query, quotes=page_of_ids))


def count_statements(db: duckdb.DuckDBPyConnection, wanted: Filter) -> int:
    """Count the statements that a filter lets through."""
    where, values = _where(wanted)
    return int(_one(db, f"SELECT count(*) {_JOINED} WHERE {where}", **values)[0])


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
        where, values = _where(wanted, stances_joined=stances)
        join, number = ("JOIN stances AS s USING (quote_id)", "DISTINCT quote_id") if stances else ("", "*")
        rows = _all(
            db,
            f"""SELECT {value}, count({number}) AS n {_JOINED} {join}
                WHERE {where} AND {value} IS NOT NULL GROUP BY 1 ORDER BY n DESC, 1 LIMIT $limit""",
            limit=limit,
            **values,
        )
        return dict(rows)

    anybody = replace(wanted, person=None, speaker=None)
    known = counts("q.person_id", anybody)
    names = dict(_all(db, "SELECT person_id, name FROM people WHERE person_id IN $known", known=list(known)))
    return Facets(
        people={person_id: (names.get(person_id, person_id), n) for person_id, n in known.items()},
        speakers=counts("CASE WHEN q.person_id IS NULL THEN q.speaker END", anybody),
        targets=counts("s.target", replace(wanted, target=None), stances=True),
        stances=counts("s.stance", replace(wanted, stance=None), stances=True),
        kinds=counts("q.kind", replace(wanted, kind=None)),
        publishers=counts("a.publisher", replace(wanted, publisher=None)),
    )


def stances_by_target(db: duckdb.DuckDBPyConnection, person_id: str, limit: int) -> list[tuple[str, Tally]]:
    """Tally one person's stances by target, the targets most spoken about first."""
    rows = _all(
        db,
        f"""SELECT s.target, {_TALLY} FROM quotes AS q JOIN stances AS s USING (quote_id)
            WHERE q.person_id = $person GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT $limit""",
        person=person_id,
        limit=limit,
    )
    return [(target, Tally(*counts)) for target, *counts in rows]


def count_about(db: duckdb.DuckDBPyConnection, person_id: str) -> dict[str, int]:
    """Count the statements about a person, by the name under which the stances have him or her as target."""
    query = "SELECT target, count(*) AS n FROM stances WHERE person_id = $person GROUP BY 1 ORDER BY n DESC, 1"
    return dict(_all(db, query, person=person_id))


def matrix(db: duckdb.DuckDBPyConnection, most_people: int, most_targets: int) -> Matrix:
    """Tally the stances of the most outspoken people toward the targets most spoken about.

    Args:
        db: an open connection.
        most_people: how many people at most.
        most_targets: how many targets at most, counted over the statements of all people.

    Returns:
        People and targets with the most statements first, and a tally for each pair that has any.
    """
    told = "FROM quotes AS q JOIN stances AS s USING (quote_id) JOIN people AS p ON p.person_id = q.person_id"
    all_people, all_targets = _one(db, f"SELECT count(DISTINCT q.person_id), count(DISTINCT s.target) {told}")
    who = _all(
        db,
        f"""SELECT p.person_id, any_value(p.name), any_value(p.role), count(DISTINCT quote_id) AS n {told}
            GROUP BY 1 ORDER BY n DESC, 2, 1 LIMIT $most""",
        most=most_people,
    )
    targets = _all(
        db, f"SELECT s.target, count(*) AS n {told} GROUP BY 1 ORDER BY n DESC, 1 LIMIT $most", most=most_targets
    )
    cells = _all(
        db,
        f"""SELECT q.person_id, s.target, {_TALLY} {told}
            WHERE q.person_id IN $people AND s.target IN $targets GROUP BY 1, 2""",
        people=[row[0] for row in who],
        targets=[row[0] for row in targets],
    )
    return Matrix(
        tuple(PersonCount(*row) for row in who),
        tuple(row[0] for row in targets),
        {(person_id, target): Tally(*counts) for person_id, target, *counts in cells},
        all_people,
        all_targets,
    )


def count_articles(db: duckdb.DuckDBPyConnection, find: str | None) -> int:
    """Count the articles whose title, publisher or speakers hold the given words; all where there are none."""
    return int(_one(db, f"SELECT count(*) FROM articles AS a WHERE {_FOUND}", find=find)[0])


def articles(db: duckdb.DuckDBPyConnection, find: str | None, page: int, size: int) -> list[ArticleEntry]:
    """Fetch one page of the list of articles, the newest first.

    Args:
        db: an open connection.
        find: words that the title, the publisher or a speaker's name must hold, in any case of letters; None for all.
        page: which page, from 1.
        size: how many articles a page holds.

    Returns:
        The articles of that page; none past the last.
    """
    rows = _all(
        db,
        f"""WITH page AS MATERIALIZED (
                SELECT article_id, title, left(text, 120) AS opening, publisher, published FROM articles AS a
                WHERE {_FOUND} ORDER BY published DESC NULLS LAST, title, article_id LIMIT $size OFFSET $skip)
            SELECT page.*, count(q.quote_id), coalesce(list_sort(list(DISTINCT q.speaker)
                   FILTER (q.speaker IS NOT NULL AND q.speaker_type <> 'unnamed')), [])
            FROM page LEFT JOIN quotes AS q USING (article_id)
            GROUP BY ALL ORDER BY published DESC NULLS LAST, title, article_id""",
        find=find,
        size=size,
        skip=(page - 1) * size,
    )
    return [ArticleEntry(*row) for row in rows]


def article(db: duckdb.DuckDBPyConnection, article_id: str) -> Article | None:
    """Fetch one article with its whole text."""
    rows = _all(
        db,
        """SELECT article_id, text, title, url, publisher, author, published, language
           FROM articles WHERE article_id = $article""",
        article=article_id,
    )
    return Article(*rows[0]) if rows else None


def article_statements(db: duckdb.DuckDBPyConnection, article_id: str) -> list[PlacedStatement]:
    """Fetch the statements of one article with the places of their words, in the order of the text."""
    rows = _all(
        db,
        f"""{_CARD} {_JOINED} LEFT JOIN people AS p USING (person_id)
            WHERE q.article_id = $article ORDER BY q.spans[1]."start", q.quote_id""",
        article=article_id,
    )
    return [
        PlacedStatement(statement, _spans(row[18]), _spans(row[19]), _spans(row[20]))
        for statement, row in zip(_statements(db, rows), rows, strict=True)
    ]


def _where(wanted: Filter, *, stances_joined: bool = False) -> tuple[str, dict[str, Any]]:
    """Put the conditions of a filter together, with the values that they bind.

    Target and stance are those of one row of ``stances``: of the row ``s``, where the query joins that table.
    """
    values = {name: value for name, value in asdict(wanted).items() if value is not None}
    parts = [condition for name, condition in _CONDITIONS.items() if name in values]
    about = " AND ".join(condition for name, condition in _STANCE_CONDITIONS.items() if name in values)
    if about:
        parts.append(about if stances_joined else f"q.quote_id IN (SELECT s.quote_id FROM stances AS s WHERE {about})")
    return " AND ".join(parts) or "true", values


def _statements(db: duckdb.DuckDBPyConnection, rows: Sequence[Sequence[Any]]) -> list[Statement]:
    """Make statements of rows of ``_CARD``.

    Their stances are fetched here for these rows alone: ``statements_view`` gathers those of the whole database.
    """
    stances: dict[str, list[Stance]] = {row[0]: [] for row in rows}
    found = _all(
        db,
        """SELECT quote_id, target, target_type, stance, score, person_id FROM stances
           WHERE quote_id IN $quotes ORDER BY score DESC, target""",
        quotes=list(stances),
    )
    for quote_id, *stance in found:
        stances[quote_id].append(Stance(*stance))
    return [Statement(*[*row[:14], tuple(stances[row[0]]), *row[14:18]]) for row in rows]


def _spans(column: Sequence[Mapping[str, int]]) -> tuple[Span, ...]:
    return tuple(Span(span["start"], span["end"]) for span in column)


def _all(db: duckdb.DuckDBPyConnection, query: str, **values: Any) -> list[tuple[Any, ...]]:
    return db.execute(query, values).fetchall()


def _one(db: duckdb.DuckDBPyConnection, query: str, **values: Any) -> tuple[Any, ...]:
    return _all(db, query, **values)[0]
