"""Near-copies among the articles of the file: each points to the first of its kind."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from quotes.copies import are_copies


def mark(connection: duckdb.DuckDBPyConnection, article_id: str, text: str, bands: Sequence[int]) -> None:
    """Point a new article to the one that it is a near-copy of, if any, and remember its bands.

    Candidates are those that share a band with it; whether one is a copy is told by the texts themselves.

    Args:
        connection: open for writing, in the transaction that writes the article.
        article_id: the article, which is in the file already.
        text: its text.
        bands: from :func:`quotes.copies.bands`.
    """
    if not bands:
        return
    candidates = connection.execute(
        """SELECT a.article_id, a.text, a.copy_of FROM articles AS a
           WHERE a.article_id IN (SELECT article_id FROM article_bands WHERE band IN ?) AND a.article_id <> ?
           ORDER BY a.copy_of IS NOT NULL, a.ingest_id, a.article_id""",
        [list(bands), article_id],
    ).fetchall()
    for candidate, candidate_text, copy_of in candidates:
        if are_copies(text, candidate_text):
            connection.execute(
                "UPDATE articles SET copy_of = ? WHERE article_id = ?", [copy_of or candidate, article_id]
            )
            break
    connection.execute("INSERT INTO article_bands SELECT ?, unnest(?::UBIGINT[])", [article_id, list(bands)])


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
