"""The list of articles, and one article with its statements in their places."""

from __future__ import annotations

import duckdb

from dashboard.queries.keeping import kept
from dashboard.queries.narrow import narrow
from dashboard.queries.parts import CARD, FILED, OF_CLASS, fetch_all, fetch_one, read_cards, spans
from dashboard.records import UTTERANCES, ArticleEntry, PlacedStatement
from quotes.records import Article

_FOUND = f"""
    FROM listed AS a
    WHERE $find IS NULL OR contains(lower(a.opening), lower($find)) OR contains(lower(a.publisher), lower($find))
       OR a.article_id IN (SELECT q.article_id FROM said AS q
                           WHERE {OF_CLASS} AND contains(lower(q.speaker), lower($find)))
"""


@kept
def count_articles(db: duckdb.DuckDBPyConnection, find: str | None) -> int:
    """Count the articles whose title, publisher or speakers hold the given words; all where there are none."""
    return int(fetch_one(narrow(db), f"SELECT count(*) {_FOUND}", find=find, classes=UTTERANCES)[0])


@kept
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
    rows = fetch_all(
        narrow(db),
        f"""WITH page AS MATERIALIZED (
                SELECT article_id, title, opening, publisher, published {_FOUND}
                ORDER BY published DESC NULLS LAST, title, article_id LIMIT $size OFFSET $skip)
            SELECT page.*, count(q.quote_id), coalesce(list_sort(list(DISTINCT q.speaker)
                   FILTER (q.speaker IS NOT NULL AND q.speaker_type <> 'unnamed')), [])
            FROM page LEFT JOIN said AS q ON q.article_id = page.article_id AND {OF_CLASS}
            GROUP BY ALL ORDER BY published DESC NULLS LAST, title, page.article_id""",
        classes=UTTERANCES,
        find=find,
        size=size,
        skip=(page - 1) * size,
    )
    return [ArticleEntry(*row) for row in rows]


def article(db: duckdb.DuckDBPyConnection, article_id: str) -> Article | None:
    """Fetch one article with its whole text."""
    rows = fetch_all(
        db,
        """SELECT article_id, text, title, url, publisher, author, published, language
           FROM articles WHERE article_id = $article""",
        article=article_id,
    )
    return Article(*rows[0]) if rows else None


@kept
def article_statements(
    db: duckdb.DuckDBPyConnection, article_id: str, marked: str | None = None
) -> list[PlacedStatement]:
    """Fetch the statements of one article with the places of their words, in the order of the text.

    Args:
        db: an open connection.
        article_id: the article.
        marked: a quote of the article that is fetched even if it is no utterance.
    """
    rows = fetch_all(
        db,
        f"""{CARD} {FILED}
            WHERE q.article_id = $article AND ({OF_CLASS} OR q.quote_id = $marked)
            ORDER BY q.spans[1]."start", q.quote_id""",
        article=article_id,
        classes=UTTERANCES,
        marked=marked,
    )
    return [
        PlacedStatement(statement, spans(row[20]), spans(row[21]), spans(row[22]))
        for statement, row in zip(read_cards(db, rows), rows, strict=True)
    ]
