"""Near-copies among the articles of the file: each points to the first of its kind."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import duckdb

from quotes.copies import are_copies


def mark(connection: duckdb.DuckDBPyConnection, articles: Sequence[tuple[str, str, Sequence[int]]]) -> None:
    """Point new articles to those that they are near-copies of, if any, and remember their bands.

    Candidates are those that share a band; whether one is a copy is told by the texts themselves.

    Args:
        connection: open for writing, in the transaction that writes the articles.
        articles: id, text and bands (from :func:`quotes.copies.bands`) of articles that are in the file already, in the
            order in which they came.
    """
    rows = [(article_id, band) for article_id, _, bands in articles for band in bands]
    if not rows:
        return
    ids, hashes = (list(column) for column in zip(*rows, strict=True))
    sharing: dict[int, set[str]] = defaultdict(set)
    for band, other in connection.execute(
        "SELECT band, article_id FROM article_bands WHERE band IN (SELECT unnest(?::UBIGINT[]))", [hashes]
    ).fetchall():
        sharing[band].add(other)
    for article_id, text, bands in articles:
        others = {other for band in bands for other in sharing[band]}
        candidates = _read(connection, others) if others else []
        for candidate, candidate_text, copy_of in candidates:
            if are_copies(text, candidate_text):
                connection.execute(
                    "UPDATE articles SET copy_of = ? WHERE article_id = ?", [copy_of or candidate, article_id]
                )
                break
        for band in bands:
            sharing[band].add(article_id)
    connection.execute("INSERT INTO article_bands SELECT unnest(?::VARCHAR[]), unnest(?::UBIGINT[])", [ids, hashes])


def _read(connection: duckdb.DuckDBPyConnection, article_ids: set[str]) -> list[tuple[str, str, str | None]]:
    """Read articles with their texts, and what they are copies of: those first that are none."""
    return connection.execute(
        """SELECT article_id, text, copy_of FROM articles WHERE article_id IN ?
           ORDER BY copy_of IS NOT NULL, ingest_id, article_id""",
        [sorted(article_ids)],
    ).fetchall()


def forget(connection: duckdb.DuckDBPyConnection, article_id: str) -> None:
    """Let the copies of an article that goes point to the first of them instead.

    Args:
        connection: open for writing, in the transaction that deletes the article.
        article_id: the article.
    """
    connection.execute("DELETE FROM article_bands WHERE article_id = ?", [article_id])
    heir = connection.execute(
        "SELECT min_by(article_id, (ingest_id, article_id)) FROM articles WHERE copy_of = ?", [article_id]
    ).fetchone()
    if heir and heir[0]:
        connection.execute(
            "UPDATE articles SET copy_of = nullif(?, article_id) WHERE copy_of = ?", [heir[0], article_id]
        )
