"""Every query the dashboard makes: parameters bound, lists paged in SQL, results as records.

Where a query is not told otherwise, statements are utterances alone: no beliefs, no wishes.
Each function takes an open connection, so that a page makes all its queries in one short ``with opened():``
and holds no connection while it draws: an open reader shuts a writer out.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any
from unicodedata import combining, normalize

import duckdb

from dashboard.records import (
    SAID,
    UTTERANCES,
    ArticleEntry,
    Column,
    Decision,
    Facets,
    Filter,
    Holdings,
    IngestEntry,
    Matrix,
    MonthCount,
    PersonCount,
    PlacedStatement,
    Relation,
    Saved,
    SpeakerTally,
    Statement,
    Tally,
    TargetCount,
    UnderReview,
)
from quotes.records import Article, Person, Problem, Span, Stance
from quotes.store.sql import Result, run_query
from quotes.store.store import reading

WAIT = 3.0
"""How long a page waits for a database that another process has locked, in seconds."""


CONFIDENCES = (0.5, 0.7, 0.9)
"""The least confidences that one may ask for."""

SECONDS = 10.0
"""How long a user's own query may run."""


def database() -> Path:
    """Name the database: ``QUOTES_DATABASE``, else ``quotes.duckdb``."""
    return Path(os.environ.get("QUOTES_DATABASE", "quotes.duckdb"))


def opened() -> AbstractContextManager[duckdb.DuckDBPyConnection]:
    """Open the database named by ``QUOTES_DATABASE`` (default ``quotes.duckdb``) for one piece of work.

    Returns:
        A context manager that gives a read-only connection and closes it at the end.

    Raises:
        StoreError: the file is missing or cannot be used; ``StoreBusyError`` where another process keeps it locked.
    """
    return reading(database(), WAIT)


def ask(query: str, rows: int) -> Result:
    """Run a user's own query in the cage of :mod:`quotes.store.sql`.

    Args:
        query: SQL in DuckDB's dialect.
        rows: how many rows to fetch at most.

    Raises:
        QueryError: DuckDB refused the query, in its words, or the time ran out.
        StoreError: the database cannot be used.
    """
    return run_query(database(), query, WAIT, rows, SECONDS)


def holdings(db: duckdb.DuckDBPyConnection, wanted: Filter) -> Holdings:
    """Count the statements that a filter lets through, and the articles and publishers that hold them."""
    where, values = _where(wanted)
    query = f"SELECT count(*), count(DISTINCT article_id), count(DISTINCT publisher) {_JOINED} WHERE {where}"
    return Holdings(*_one(db, query, **values))


def days(db: duckdb.DuckDBPyConnection) -> tuple[date, date] | None:
    """Give the first and the last day on which anything was said; None where no day is known."""
    query = f"SELECT min({_DAY}), max({_DAY}) {_JOINED} WHERE {_COUNTED}"
    first, last = _one(db, query, classes=UTTERANCES)
    return (first, last) if first else None


def months(db: duckdb.DuckDBPyConnection, wanted: Filter, publishers: int = 6) -> list[MonthCount]:
    """Count the statements of each month by publisher, those beyond the most frequent publishers together.

    Args:
        db: an open connection.
        wanted: the filter that the statements pass.
        publishers: how many publishers to tell apart.

    Returns:
        A count for each month and publisher that has any, in order of the months.
    """
    where, values = _where(wanted)
    rows = _all(
        db,
        f"""WITH counted AS MATERIALIZED (
                SELECT date_trunc('month', {_DAY})::DATE AS month, a.publisher, count(*) AS n
                {_JOINED} WHERE {where} AND {_DAY} IS NOT NULL GROUP BY 1, 2),
            frequent AS (
                SELECT publisher FROM counted WHERE publisher IS NOT NULL
                GROUP BY 1 ORDER BY sum(n) DESC, 1 LIMIT $publishers)
            SELECT month, CASE WHEN publisher IN (FROM frequent) THEN publisher
                               WHEN publisher IS NULL THEN 'no publisher given' ELSE 'other publishers' END,
                   sum(n)::INTEGER
            FROM counted GROUP BY 1, 2 ORDER BY 1, 2""",
        publishers=publishers,
        **values,
    )
    return [MonthCount(*row) for row in rows]


def target_months(db: duckdb.DuckDBPyConnection, wanted: Filter) -> list[MonthCount]:
    """Count the statements about the filter's target by month and stance, in order of the months."""
    where, values = _where(wanted, stances_joined=True)
    rows = _all(
        db,
        f"""SELECT date_trunc('month', {_DAY})::DATE, s.stance, count(*)
            {_JOINED} JOIN reviewed_stances AS s USING (quote_id)
            WHERE {where} AND {_DAY} IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 2""",
        **values,
    )
    return [MonthCount(*row) for row in rows]


def target_speakers(db: duckdb.DuckDBPyConnection, wanted: Filter, limit: int) -> list[SpeakerTally]:
    """Tally how each person stands toward the filter's target, the most outspoken first."""
    where, values = _where(wanted, stances_joined=True)
    rows = _all(
        db,
        f"""SELECT p.person_id, any_value(p.name), {_TALLY} {_JOINED} JOIN reviewed_stances AS s USING (quote_id)
            JOIN people AS p ON p.person_id = q.person_id
            WHERE {where} GROUP BY 1 ORDER BY count(*) DESC, 2, 1 LIMIT $limit""",
        limit=limit,
        **values,
    )
    return [SpeakerTally(key, name, Tally(*counts)) for key, name, *counts in rows]


def publishers(db: duckdb.DuckDBPyConnection, limit: int = 500) -> list[str]:
    """List the publishers, those with the most articles first."""
    query = (
        "SELECT publisher FROM articles WHERE publisher IS NOT NULL GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT $limit"
    )
    return [row[0] for row in _all(db, query, limit=limit)]


def targets(db: duckdb.DuckDBPyConnection, limit: int) -> list[TargetCount]:
    """List whom and what most statements are about."""
    rows = _all(
        db,
        f"""SELECT s.target, count(*) AS n FROM reviewed_quotes AS q JOIN reviewed_stances AS s USING (quote_id)
            WHERE {_COUNTED} GROUP BY 1 ORDER BY n DESC, 1 LIMIT $limit""",
        classes=UTTERANCES,
        limit=limit,
    )
    return [TargetCount(*row) for row in rows]


def last_ingest(db: duckdb.DuckDBPyConnection, problems: int) -> IngestEntry | None:
    """Tell what the last run did, with the first of its problems; None where there was none yet.

    Args:
        db: an open connection.
        problems: how many problems to tell.
    """
    rows = _all(
        db,
        """SELECT ingest_id, epoch(started_at), finished_at IS NOT NULL, added, changed, unchanged, problems
           FROM ingests ORDER BY ingest_id DESC LIMIT 1""",
    )
    if not rows:
        return None
    number, started, finished, added, changed, unchanged, count = rows[0]
    told = _all(
        db,
        """SELECT source, problem, advice, article_id FROM ingest_problems
           WHERE ingest_id = $number ORDER BY source, problem LIMIT $problems""",
        number=number,
        problems=problems,
    )
    problems_told = tuple(Problem(*row) for row in told)
    return IngestEntry(datetime.fromtimestamp(started), finished, added, changed, unchanged, count, problems_told)


def relations(db: duckdb.DuckDBPyConnection) -> list[Relation]:
    """List the tables and views with their columns and comments, the views first, as the ones to start with."""
    rows = _all(
        db,
        """SELECT r.name AS relation, r.is_view AS is_view, coalesce(r.comment, '') AS told,
                  list({'name': column_name, 'type': data_type, 'comment': coalesce(c.comment, '')}
                       ORDER BY column_index)
           FROM (SELECT view_name AS name, schema_name, true AS is_view, comment FROM duckdb_views() WHERE NOT internal
                 UNION ALL
                 SELECT table_name, schema_name, false, comment FROM duckdb_tables() WHERE NOT internal) AS r
           JOIN duckdb_columns() AS c ON c.table_name = r.name AND c.schema_name = r.schema_name
           WHERE r.schema_name = 'main' GROUP BY 1, 2, 3
           ORDER BY is_view DESC, relation <> 'statements_view', relation""",
    )
    return [
        Relation(name, is_view, comment, tuple(Column(**column) for column in columns))
        for name, is_view, comment, columns in rows
    ]


def people(db: duckdb.DuckDBPyConnection, limit: int = 2000) -> list[PersonCount]:
    """List people by the number of their statements, the most quoted first; people never quoted are left out."""
    rows = _all(
        db,
        f"""SELECT person_id, name, role, n, aliases
           FROM (SELECT q.person_id, count(*) AS n FROM reviewed_quotes AS q
                 WHERE q.person_id IS NOT NULL AND {_COUNTED} GROUP BY 1)
           JOIN people USING (person_id) ORDER BY n DESC, name, person_id LIMIT $limit""",
        classes=UTTERANCES,
        limit=limit,
    )
    return [PersonCount(key, name, role, n, tuple(aliases)) for key, name, role, n, aliases in rows]


def find_people(db: duckdb.DuckDBPyConnection, words: str, limit: int) -> list[PersonCount]:
    """Find people whose name or an alias holds all the words, whatever their case and accents, the most quoted first.

    Args:
        db: an open connection.
        words: what was typed.
        limit: how many people at most.
    """
    rows = _all(
        db,
        f"""SELECT person_id, name, role, (SELECT count(*) FROM reviewed_quotes AS q WHERE q.person_id = p.person_id
                                           AND {_COUNTED}) AS n, aliases
            FROM people AS p
            WHERE list_bool_or(list_transform([name] || aliases, lambda known: list_bool_and(list_transform(
                string_split($words, ' '), lambda word: contains(lower(strip_accents(known)), word)))))
            ORDER BY n DESC, name, person_id LIMIT $limit""",
        classes=UTTERANCES,
        words=" ".join(_folded(words).split()),
        limit=limit,
    )
    return [PersonCount(key, name, role, n, tuple(aliases)) for key, name, role, n, aliases in rows]


def speakers_about(db: duckdb.DuckDBPyConnection, person_id: str, limit: int) -> list[PersonCount]:
    """List who speaks about a person, with the number of those statements, the most outspoken first."""
    rows = _all(
        db,
        f"""SELECT p.person_id, any_value(p.name), any_value(p.role), count(DISTINCT q.quote_id) AS n
            FROM reviewed_stances AS s JOIN reviewed_quotes AS q USING (quote_id)
            JOIN people AS p ON p.person_id = q.person_id
            WHERE s.person_id = $person AND {_COUNTED} GROUP BY 1 ORDER BY n DESC, 2, 1 LIMIT $limit""",
        person=person_id,
        classes=UTTERANCES,
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
_JOINED = "FROM reviewed_quotes AS q JOIN articles AS a USING (article_id)"

_DAY = "coalesce(q.said_on, a.published)"

_OF_CLASS = "q.cue_class IN $classes"

# What is in a near-copy of another article is in that article already.
_COUNTED = f"{_OF_CLASS} AND q.article_id NOT IN (SELECT article_id FROM articles WHERE copy_of IS NOT NULL)"

_CONDITIONS = {
    "person": "q.person_id = $person",
    "speaker": "q.person_id IS NULL AND q.speaker = $speaker",
    "kind": "q.kind = $kind",
    "publisher": "a.publisher = $publisher",
    "since": f"{_DAY} >= $since",
    "until": f"{_DAY} <= $until",
    "sure": "q.confidence >= $sure",
    "topic": "q.quote_id IN (SELECT t.quote_id FROM topics AS t WHERE t.topic = $topic)",
}
_STANCE_CONDITIONS = {"target": "s.target = $target", "stance": "s.stance = $stance"}

_FOUND = f"""
    ($find IS NULL OR contains(lower(coalesce(a.title, left(a.text, 120))), lower($find))
     OR contains(lower(a.publisher), lower($find))
     OR a.article_id IN (SELECT q.article_id FROM reviewed_quotes AS q
                         WHERE {_OF_CLASS} AND contains(lower(q.speaker), lower($find))))
"""

_TALLY = """
    count(*) FILTER (s.stance = 'against'), count(*) FILTER (s.stance = 'neutral'), count(*) FILTER (s.stance = 'favor')
"""

_CARD = """
    SELECT q.quote_id, q.speaker, q.speaker_type, coalesce(q.speaker_role, role_on(q.person_id, a.published)),
           q.person_id, q.kind, q.cue_class, q.text, q.cue_text,
           q.source_text, q.said_on, q.said_on_precision, q.said_on_text, q.venue, q.confidence,
           q.article_id, a.title, a.publisher, a.published, a.url, q.spans, q.source, q.cue
"""

_NEWEST = f"""
    ORDER BY {_DAY} DESC NULLS LAST, a.published DESC NULLS LAST, q.article_id,
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
    query = f"{_CARD} {_JOINED} WHERE q.quote_id IN $quotes {_NEWEST}"
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
        join, number = ("JOIN reviewed_stances AS s USING (quote_id)", "DISTINCT quote_id") if stances else ("", "*")
        rows = _all(
            db,
            f"""SELECT {value}, count({number}) AS n {_JOINED} {join}
                WHERE {where} AND {value} IS NOT NULL GROUP BY 1 ORDER BY n DESC, 1 LIMIT $limit""",
            limit=limit,
            **values,
        )
        return dict(rows)

    def sure(wanted: Filter) -> dict[float, int]:
        where, values = _where(wanted)
        numbers = ", ".join(f"count(*) FILTER (q.confidence >= {least})" for least in CONFIDENCES)
        return dict(zip(CONFIDENCES, _one(db, f"SELECT {numbers} {_JOINED} WHERE {where}", **values), strict=True))

    anybody = replace(wanted, person=None, speaker=None)
    known = counts("q.person_id", anybody)
    classes = counts("q.cue_class", replace(wanted, said="all"))
    names = dict(_all(db, "SELECT person_id, name FROM people WHERE person_id IN $known", known=list(known)))
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
    where, values = _where(wanted)
    rows = _all(
        db,
        f"""SELECT t.topic, count(*) AS n {_JOINED} JOIN topics AS t USING (quote_id)
            WHERE {where} GROUP BY 1 ORDER BY n DESC, 1 LIMIT $limit""",
        limit=limit,
        **values,
    )
    return dict(rows)


def stances_by_target(db: duckdb.DuckDBPyConnection, person_id: str, limit: int) -> list[tuple[str, Tally]]:
    """Tally one person's stances by target, the targets most spoken about first."""
    rows = _all(
        db,
        f"""SELECT s.target, {_TALLY} FROM reviewed_quotes AS q JOIN reviewed_stances AS s USING (quote_id)
            WHERE q.person_id = $person AND {_COUNTED} GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT $limit""",
        person=person_id,
        classes=UTTERANCES,
        limit=limit,
    )
    return [(target, Tally(*counts)) for target, *counts in rows]


def compared(db: duckdb.DuckDBPyConnection, one: str, other: str, limit: int) -> list[tuple[str, Tally, Tally]]:
    """Tally two people's stances toward the targets of both.

    Args:
        db: an open connection.
        one: the id of one person.
        other: the id of the other.
        limit: how many targets at most.

    Returns:
        For each target the tallies of both, those most spoken about first.
    """
    rows = _all(
        db,
        f"""WITH told AS (
                SELECT s.target, q.person_id, {_TALLY.strip()}, count(*) AS n
                FROM reviewed_quotes AS q JOIN reviewed_stances AS s USING (quote_id)
                WHERE q.person_id IN ($one, $other) AND {_COUNTED} GROUP BY 1, 2)
            SELECT * FROM told WHERE target IN (
                SELECT target FROM told GROUP BY 1 HAVING count(*) = 2 ORDER BY sum(n) DESC, 1 LIMIT $limit)
            ORDER BY sum(n) OVER (PARTITION BY target) DESC, target""",
        one=one,
        other=other,
        classes=UTTERANCES,
        limit=limit,
    )
    found: dict[str, dict[str, Tally]] = {}
    for target, who, *counts, _ in rows:
        found.setdefault(target, {})[who] = Tally(*counts)
    return [(target, both[one], both[other]) for target, both in found.items()]


def count_about(db: duckdb.DuckDBPyConnection, person_id: str) -> dict[str, int]:
    """Count the statements about a person, by the name under which the stances have him or her as target."""
    rows = _all(
        db,
        f"""SELECT s.target, count(*) AS n FROM reviewed_quotes AS q JOIN reviewed_stances AS s USING (quote_id)
            WHERE s.person_id = $person AND {_COUNTED} GROUP BY 1 ORDER BY n DESC, 1""",
        person=person_id,
        classes=UTTERANCES,
    )
    return dict(rows)


def matrix(db: duckdb.DuckDBPyConnection, wanted: Filter, most_people: int, most_targets: int) -> Matrix:
    """Tally the stances of the most outspoken people toward the targets most spoken about.

    Args:
        db: an open connection.
        wanted: the filter that the statements pass.
        most_people: how many people at most.
        most_targets: how many targets at most, counted over the statements of all people.

    Returns:
        People and targets with the most statements first, and a tally for each pair that has any.
    """
    where, values = _where(wanted, stances_joined=True)
    told = f"""{_JOINED} JOIN reviewed_stances AS s USING (quote_id) JOIN people AS p ON p.person_id = q.person_id
               WHERE {where}"""
    query = f"SELECT count(DISTINCT q.person_id), count(DISTINCT s.target) {told}"
    all_people, all_targets = _one(db, query, **values)
    who = _all(
        db,
        f"""SELECT p.person_id, any_value(p.name), any_value(p.role), count(DISTINCT quote_id) AS n {told}
            GROUP BY 1 ORDER BY n DESC, 2, 1 LIMIT $most""",
        most=most_people,
        **values,
    )
    targets = _all(
        db,
        f"SELECT s.target, count(*) AS n {told} GROUP BY 1 ORDER BY n DESC, 1 LIMIT $most",
        most=most_targets,
        **values,
    )
    cells = _all(
        db,
        f"""SELECT q.person_id, s.target, {_TALLY} {told}
            AND q.person_id IN $people AND s.target IN $targets GROUP BY 1, 2""",
        people=[row[0] for row in who],
        targets=[row[0] for row in targets],
        **values,
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
    query = f"SELECT count(*) FROM articles AS a WHERE {_FOUND}"
    return int(_one(db, query, find=find, classes=UTTERANCES)[0])


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
            FROM page LEFT JOIN reviewed_quotes AS q ON q.article_id = page.article_id AND {_OF_CLASS}
            GROUP BY ALL ORDER BY published DESC NULLS LAST, title, page.article_id""",
        classes=UTTERANCES,
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


def article_statements(
    db: duckdb.DuckDBPyConnection, article_id: str, marked: str | None = None
) -> list[PlacedStatement]:
    """Fetch the statements of one article with the places of their words, in the order of the text.

    Args:
        db: an open connection.
        article_id: the article.
        marked: a quote of the article that is fetched even if it is no utterance.
    """
    rows = _all(
        db,
        f"""{_CARD} {_JOINED}
            WHERE q.article_id = $article AND ({_OF_CLASS} OR q.quote_id = $marked)
            ORDER BY q.spans[1]."start", q.quote_id""",
        article=article_id,
        classes=UTTERANCES,
        marked=marked,
    )
    return [
        PlacedStatement(statement, _spans(row[20]), _spans(row[21]), _spans(row[22]))
        for statement, row in zip(_statements(db, rows), rows, strict=True)
    ]


def _where(wanted: Filter, *, stances_joined: bool = False) -> tuple[str, dict[str, Any]]:
    """Put the conditions of a filter together, with the values that they bind.

    Target and stance are those of one row of ``stances``: of the row ``s``, where the query joins that table.
    """
    values = {name: value for name, value in asdict(wanted).items() if value is not None}
    values["classes"] = SAID[values.pop("said")]
    parts = [_COUNTED, *(condition for name, condition in _CONDITIONS.items() if name in values)]
    about = " AND ".join(condition for name, condition in _STANCE_CONDITIONS.items() if name in values)
    if about:
        parts.append(
            about if stances_joined else f"q.quote_id IN (SELECT s.quote_id FROM reviewed_stances AS s WHERE {about})"
        )
    return " AND ".join(parts), values


def _statements(db: duckdb.DuckDBPyConnection, rows: Sequence[Sequence[Any]]) -> list[Statement]:
    """Make statements of rows of ``_CARD``.

    Their stances are fetched here for these rows alone: ``statements_view`` gathers those of the whole database.
    """
    stances: dict[str, list[Stance]] = {row[0]: [] for row in rows}
    found = _all(
        db,
        """SELECT s.quote_id, s.target, s.target_type, s.stance, s.score, s.person_id, s.evidence,
                  list_transform(s.evidence, span -> substr(a.text, span."start" + 1, span."end" - span."start"))
           FROM reviewed_stances AS s JOIN reviewed_quotes AS q USING (quote_id) JOIN articles AS a USING (article_id)
           WHERE s.quote_id IN $quotes ORDER BY s.score DESC, s.target""",
        quotes=list(stances),
    )
    carried: dict[str, list[str]] = {row[0]: [] for row in rows}
    for quote_id, *stance, evidence, words in found:
        stances[quote_id].append(Stance(*[*stance, _spans(evidence)]))
        carried[quote_id] += words
    return [
        Statement(*[*row[:15], tuple(stances[row[0]]), *row[15:20], tuple(dict.fromkeys(carried[row[0]]))])
        for row in rows
    ]


def _folded(words: str) -> str:
    """Take case and accents away, as ``lower(strip_accents(...))`` does in SQL."""
    return "".join(c for c in normalize("NFD", words) if not combining(c)).lower()


def _spans(column: Sequence[Mapping[str, int]]) -> tuple[Span, ...]:
    return tuple(Span(span["start"], span["end"]) for span in column)


def _all(db: duckdb.DuckDBPyConnection, query: str, **values: Any) -> list[tuple[Any, ...]]:
    return db.execute(query, values).fetchall()


def _one(db: duckdb.DuckDBPyConnection, query: str, **values: Any) -> tuple[Any, ...]:
    return _all(db, query, **values)[0]


# Review and Add: what waits for a reviewer, what was decided, who there is to choose from, and what was saved.

_LEAST_SURE = "ORDER BY q.confidence, q.quote_id"


def pending(db: duckdb.DuckDBPyConnection, wanted: Filter, page: int, size: int) -> list[Statement]:
    """Fetch one page of the statements that nobody has decided about, the least sure first, without their stances.

    Args:
        db: an open connection.
        wanted: the filter.
        page: which page, from 1.
        size: how many statements a page holds.
    """
    where, values = _where(wanted)
    query = f"SELECT q.quote_id {_JOINED} WHERE {where} AND q.review IS NULL {_LEAST_SURE} LIMIT $size OFFSET $skip"
    found = [row[0] for row in _all(db, query, size=size, skip=(page - 1) * size, **values)]
    rows = _all(db, f"{_CARD} {_JOINED} WHERE q.quote_id IN $quotes {_LEAST_SURE}", quotes=found)
    return [Statement(*[*row[:15], (), *row[15:20]]) for row in rows]


def count_pending(db: duckdb.DuckDBPyConnection, wanted: Filter) -> int:
    """Count the statements of a filter that nobody has decided about."""
    where, values = _where(wanted)
    return int(_one(db, f"SELECT count(*) {_JOINED} WHERE {where} AND q.review IS NULL", **values)[0])


def pending_after(db: duckdb.DuckDBPyConnection, wanted: Filter, quote_id: str) -> str | None:
    """Name the statement that waits next after one, by its confidence; None at the end."""
    where, values = _where(wanted)
    rows = _all(
        db,
        f"""SELECT q.quote_id {_JOINED} WHERE {where} AND q.review IS NULL
            AND (q.confidence, q.quote_id) > (SELECT (confidence, quote_id) FROM quotes WHERE quote_id = $after)
            {_LEAST_SURE} LIMIT 1""",
        after=quote_id,
        **values,
    )
    return rows[0][0] if rows else None


def under_review(db: duckdb.DuckDBPyConnection, quote_id: str) -> UnderReview | None:
    """Fetch one statement for a reviewer, also a rejected one; None where there is none of this id."""
    for table, review in (("reviewed_quotes", "q.review"), ("quotes", "'rejected'")):
        rows = _all(
            db,
            f"{_CARD}, {review} FROM {table} AS q JOIN articles AS a USING (article_id) WHERE q.quote_id = $quote",
            quote=quote_id,
        )
        if rows:
            (statement,), row = _statements(db, rows), rows[0]
            found = article(db, statement.article_id)
            assert found is not None
            placed = PlacedStatement(statement, _spans(row[20]), _spans(row[21]), _spans(row[22]))
            return UnderReview(placed, found, row[23])
    return None


def everybody(db: duckdb.DuckDBPyConnection, limit: int = 50_000) -> dict[str, str]:
    """Give everybody's name with the aliases and the office, by id, in the order of the names."""
    rows = _all(
        db,
        """SELECT person_id, concat_ws(' · ', name, nullif(array_to_string(aliases, ' · '), ''), role) FROM people
           ORDER BY lower(name), person_id LIMIT $limit""",
        limit=limit,
    )
    return dict(rows)


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
               coalesce(o.name, d.to_id), d.decided_by, epoch(d.decided_at), NULL, NULL, epoch(d.undone_at),
               d.undone_at IS NULL, NULL, NULL, NULL
        FROM people_decisions AS d
        LEFT JOIN people AS p ON p.person_id = d.person_id LEFT JOIN people AS o ON o.person_id = d.to_id)
"""


def count_decisions(db: duckdb.DuckDBPyConnection) -> int:
    """Count what was decided about quotes and people, undone or not."""
    query = "SELECT (SELECT count(*) FROM corrections WHERE what <> 'undo') + (SELECT count(*) FROM people_decisions)"
    return int(_one(db, query)[0])


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
    rows = _all(
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
    number = _one(db, query, articles=list(article_ids))[0]
    return None if number is None else int(number)


def saved(db: duckdb.DuckDBPyConnection, ingest_id: int, limit: int) -> Saved | None:
    """Tell what a run saved, and what it could not read; None where there was no such run.

    Args:
        db: an open connection.
        ingest_id: the run.
        limit: how many articles and problems to tell of.
    """
    if not _all(db, "SELECT 1 FROM ingests WHERE ingest_id = $number", number=ingest_id):
        return None
    total = _one(db, "SELECT count(*) FROM articles WHERE ingest_id = $number", number=ingest_id)[0]
    rows = _all(
        db,
        f"""SELECT a.article_id, a.title, left(a.text, 120), a.publisher, a.published, count(q.quote_id),
                   coalesce(list_sort(list(DISTINCT q.speaker)
                   FILTER (q.speaker IS NOT NULL AND q.speaker_type <> 'unnamed')), [])
            FROM articles AS a LEFT JOIN reviewed_quotes AS q ON q.article_id = a.article_id AND {_OF_CLASS}
            WHERE a.ingest_id = $number GROUP BY ALL ORDER BY a.title, a.article_id LIMIT $limit""",
        number=ingest_id,
        classes=UTTERANCES,
        limit=limit,
    )
    problems = _all(
        db,
        """SELECT source, problem, advice, article_id FROM ingest_problems
           WHERE ingest_id = $number ORDER BY source, problem LIMIT $limit""",
        number=ingest_id,
        limit=limit,
    )
    return Saved(tuple(ArticleEntry(*row) for row in rows), total, tuple(Problem(*row) for row in problems))
