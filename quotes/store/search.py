"""Searching what was said: words ranked by BM25, phrases and prefixes, and filters, all in one query.

Words are compared by their stems, without accents and in any case, and stop words do not count. The score is that of
Robertson & Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009, section 3.5), k = 1.2, b = 0.75.
A phrase in quotation marks and a prefix such as ``account*`` must occur in a quote as they stand; of the other words,
one must, and the more of them occur and the rarer they are, the higher a quote stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

import duckdb

from quotes.store.search_index import STOP_WORDS, load_fts, read_state
from quotes.store.search_query import Filters, Wanted, conditions_of, is_reviewed, parse, passing


@dataclass(frozen=True, slots=True)
class Hit:
    """A statement that was found; ``score`` is None where it was found by comparing texts, without the index.

    It is that of BM25 or, where meanings are compared, their likeness, from -1 to 1.
    """

    quote_id: str
    score: float | None
    speaker: str | None
    kind: str
    text: str
    said_on: date | None
    said_on_precision: str | None
    published: date | None
    article_id: str
    article: str


@dataclass(frozen=True, slots=True)
class Found:
    """The hits, best first; ``unindexed`` quotes were compared text by text, for want of an index.

    Where meanings are compared, ``unindexed`` quotes have none yet and cannot be found.
    """

    hits: tuple[Hit, ...]
    unindexed: int


@dataclass(frozen=True, slots=True)
class Matched:
    """What stands in ``search_matches``, and by which words it was found.

    Attributes:
        words: the words that count as those asked for, as they occur in the file; folded.
        prefixes: beginnings of words.
        phrases: each a run of words.
        unindexed: how many quotes were compared text by text, for want of an index.
    """

    words: frozenset[str]
    prefixes: tuple[str, ...]
    phrases: tuple[tuple[str, ...], ...]
    unindexed: int


_CARD = """
    SELECT q.quote_id, NULL AS score, q.speaker, q.kind, q.text, q.said_on, q.said_on_precision, a.published,
           q.article_id, coalesce(a.title, q.article_id) AS article
"""

_HOLDS = "list_bool_and([contains(' ' || search_fold(text) || ' ', m) FOR m IN $must])"

_KNOWN = """
    SELECT w, list(DISTINCT s.termid ORDER BY s.termid) FROM (SELECT unnest($words::VARCHAR[]) AS w)
    JOIN search_words AS s ON {same} GROUP BY w
"""

_FOUND = """SELECT quote_id, score FROM search_scores($termids)
            WHERE list_bool_and([list_has_any(terms, g) FOR g IN $groups::INTEGER[][]]) IS NOT false"""


def search(connection: duckdb.DuckDBPyConnection, query: str, filters: Filters | None = None, limit: int = 20) -> Found:
    """Find statements by their words.

    Quotes that the index does not know (the extension was missing when they were read, or they came in by other ways)
    are searched by comparing their texts with ILIKE, and stand last; there, all words must occur.

    Args:
        connection: open on a tracker's file; where it is caged, words are looked up in the index instead of stemmed.
        query: words, "phrases" and prefixes*, as :func:`quotes.store.search_query.parse` reads them.
        filters: which statements count.
        limit: how many to give at most.

    Returns:
        The best of them, by score.

    Raises:
        QueryError: the query has no word in it.
    """
    wanted = parse(query)
    conditions, values = conditions_of(connection, filters or Filters())
    way = _way(connection, wanted)
    hits = _ranked(connection, wanted, conditions, values, limit) if way.ranked else []
    if way.compared is not None and len(hits) < limit:
        hits += _compared(connection, wanted, way.compared, conditions, values, limit - len(hits))
    return Found(tuple(hits), way.unindexed)


def match(connection: duckdb.DuckDBPyConnection, query: str) -> Matched:
    """Put all quotes that fit a query into the temporary table ``search_matches``, for queries with other conditions.

    It has the columns quote_id and score, which is NULL where the index does not know the quote: the same quotes with
    the same scores as :func:`search` finds, but for those that a reviewer rejected, which are here too.

    Args:
        connection: open on a tracker's file.
        query: as for :func:`search`.

    Returns:
        By which words they were found.

    Raises:
        QueryError: the query has no word in it.
    """
    wanted = parse(query)
    way = _way(connection, wanted)
    sql = connection.execute
    sql("CREATE OR REPLACE TEMP TABLE search_matches (quote_id VARCHAR, score DOUBLE)")
    if way.ranked:
        termids, groups = _look_up(connection, wanted)
        if termids and all(groups):
            sql(f"INSERT INTO search_matches {_FOUND}", {"termids": termids, "groups": groups})
        must = _must(connection, wanted.phrases, wanted.prefixes)
        if must:
            sql(
                """CREATE OR REPLACE TEMP TABLE search_texts AS
                   SELECT quote_id, score, text FROM quotes JOIN search_matches USING (quote_id)"""
            )
            sql("DELETE FROM search_matches")
            sql(f"INSERT INTO search_matches SELECT quote_id, score FROM search_texts WHERE {_HOLDS}", {"must": must})
    if way.compared is not None:
        alike, values, must = _alike(connection, wanted, way.compared, ())
        sql(f"CREATE OR REPLACE TEMP TABLE search_texts AS {alike}", values)
        sql(f"INSERT INTO search_matches SELECT quote_id, NULL FROM search_texts WHERE {_HOLDS}", {"must": must})
    alone = [word for word in wanted.words if not way.ranked or word not in STOP_WORDS]
    words = sql(
        """SELECT strip_accents(unnest($words::VARCHAR[]))
           UNION SELECT word FROM search_words WHERE termid IN $termids""",
        {"words": alone, "termids": _look_up(connection, Wanted(tuple(alone), (), ()))[0]},
    ).fetchall()
    prefixes, *phrases = (
        sql("SELECT [strip_accents(one) FOR one IN ?::VARCHAR[]]", [given]).fetchall()[0][0]
        for given in (wanted.prefixes, *(phrase.split() for phrase in wanted.phrases))
    )
    return Matched(frozenset(word for (word,) in words), tuple(prefixes), tuple(map(tuple, phrases)), way.unindexed)


class _Way(NamedTuple):
    """How a query is answered: by the index, and by comparing texts of this join's quotes; either may be left out."""

    ranked: bool
    compared: str | None
    unindexed: int


def _way(connection: duckdb.DuckDBPyConnection, wanted: Wanted) -> _Way:
    state = read_state(connection)
    if all(word in STOP_WORDS for word in wanted.all_words) and not wanted.prefixes:
        return _Way(False, "", 0)
    if not state.indexed:
        return _Way(False, "", state.quotes)
    missing = _count_missing(connection) if state.stale else 0
    return _Way(True, " ANTI JOIN search_docs USING (quote_id)" if missing else None, missing)


def _ranked(
    connection: duckdb.DuckDBPyConnection, wanted: Wanted, conditions: Sequence[str], values: dict[str, Any], limit: int
) -> list[Hit]:
    """Find by the index: first the keys of the best, then their texts, as texts are slow to read."""
    termids, groups = _look_up(connection, wanted)
    if not termids or not all(groups):
        return []
    values = values | {"termids": termids, "groups": groups}
    best = f"WITH found AS MATERIALIZED ({_FOUND}), passed AS ({passing(connection, conditions)})"
    must = _must(connection, wanted.phrases, wanted.prefixes)
    if must:
        # In a table: else DuckDB folds the text of every quote of the file.
        connection.execute(
            f"""CREATE OR REPLACE TEMP TABLE search_texts AS
                {best} SELECT quote_id, score, text FROM passed JOIN quotes USING (quote_id)""",
            values,
        )
        best, values = f"SELECT quote_id, score FROM search_texts WHERE {_HOLDS}", {"must": must}
    else:
        best += " FROM passed"
    rows = connection.execute(f"{best} ORDER BY score DESC, quote_id LIMIT $limit", values | {"limit": limit})
    return fetch_hits(connection, dict(rows.fetchall()))


def fetch_hits(connection: duckdb.DuckDBPyConnection, scores: dict[str, float]) -> list[Hit]:
    """Fetch what is shown of quotes.

    Keys are bound one by one: only then does DuckDB find them by its index instead of reading all rows.

    Args:
        connection: open on a tracker's file.
        scores: the keys of quotes, each with its score, the best first.

    Returns:
        The hits in the order given.
    """
    marks = ", ".join("?" * len(scores)) or "NULL"
    rows = connection.execute(
        f"""SELECT quote_id, speaker, kind, text, said_on, said_on_precision, article_id
            FROM {"reviewed_quotes" if is_reviewed(connection) else "quotes"} WHERE quote_id IN ({marks})""",
        list(scores),
    ).fetchall()
    articles = {row[6] for row in rows}
    marks = ", ".join("?" * len(articles)) or "NULL"
    known = connection.execute(
        f"SELECT article_id, published, coalesce(title, article_id) FROM articles WHERE article_id IN ({marks})",
        list(articles),
    ).fetchall()
    about = {article_id: (published, article_id, name) for article_id, published, name in known}
    hits = {row[0]: Hit(*(row[0], scores[row[0]], *row[1:6], *about[row[6]])) for row in rows}
    return [hits[quote_id] for quote_id in scores if quote_id in hits]


def _compared(
    connection: duckdb.DuckDBPyConnection,
    wanted: Wanted,
    only: str,
    conditions: Sequence[str],
    values: dict[str, Any],
    limit: int,
) -> list[Hit]:
    """Find by comparing texts, newest first: all of the words, prefixes and phrases must occur."""
    alike, more, must = _alike(connection, wanted, only, conditions)
    rows = connection.execute(
        f"""WITH alike AS MATERIALIZED ({alike}) SELECT * FROM alike WHERE {_HOLDS}
            ORDER BY coalesce(said_on, published) DESC NULLS LAST, quote_id LIMIT $limit""",
        values | more | {"must": must, "limit": limit},
    ).fetchall()
    return [Hit(*row) for row in rows]


def _alike(
    connection: duckdb.DuckDBPyConnection, wanted: Wanted, only: str, conditions: Sequence[str]
) -> tuple[str, dict[str, Any], list[str]]:
    """Give the query for texts that look like what is wanted, what it binds, and what those must hold in truth."""
    parts = [f"%{'%'.join(part.split())}%" for part in (*wanted.words, *wanted.prefixes, *wanted.phrases)]
    likes = [f"strip_accents(q.text) ILIKE strip_accents($like{n})" for n in range(len(parts))]
    query = f"""{_CARD} FROM reviewed_quotes AS q{only} JOIN articles AS a USING (article_id)
                WHERE {" AND ".join([*likes, *(one.format(stances="reviewed_stances") for one in conditions)])}"""
    must = _must(connection, (*wanted.words, *wanted.phrases), wanted.prefixes)
    return query, {f"like{n}": part for n, part in enumerate(parts)}, must


def _must(connection: duckdb.DuckDBPyConnection, phrases: Sequence[str], prefixes: Sequence[str]) -> list[str]:
    """Give the strings that a folded text between two blanks must contain: whole words, and beginnings of words."""
    given = [f" {phrase} " for phrase in phrases] + [f" {prefix}" for prefix in prefixes]
    without_accents: list[str] = connection.execute(
        "SELECT [strip_accents(one) FOR one IN ?::VARCHAR[]]", [given]
    ).fetchall()[0][0]
    return without_accents


def _look_up(connection: duckdb.DuckDBPyConnection, wanted: Wanted) -> tuple[list[int], list[list[int]]]:
    """Find the stems of a query, and the groups of stems of each of which a quote must have one."""
    words = sorted(set(wanted.all_words) - STOP_WORDS)
    known = _KNOWN.format(same="s.word = strip_accents(w)")
    terms: dict[str, list[int]] = dict(connection.execute(known, {"words": words}).fetchall())
    others = [word for word in words if word not in terms]
    if others and load_fts(connection):
        known = _KNOWN.format(same="s.term = stem(strip_accents(w), 'english')")
        terms |= dict(connection.execute(known, {"words": others}).fetchall())
    begun = [
        connection.execute(
            """SELECT coalesce(list(DISTINCT termid ORDER BY termid), []) FROM search_words
               WHERE starts_with(word, strip_accents(?))""",
            [prefix],
        ).fetchall()[0][0]
        for prefix in wanted.prefixes
    ]
    in_phrases = sorted({word for phrase in wanted.phrases for word in phrase.split()} - STOP_WORDS)
    groups = [terms.get(word, []) for word in in_phrases] + begun
    return sorted({id for ids in (*terms.values(), *begun) for id in ids}), groups


def _count_missing(connection: duckdb.DuckDBPyConnection) -> int:
    row = connection.execute("SELECT count(*) FROM quotes ANTI JOIN search_docs USING (quote_id)").fetchone()
    assert row is not None
    return int(row[0])
