"""What is remembered of addresses that were fetched."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import duckdb

from quotes.records import Fetch


def remember(connection: duckdb.DuckDBPyConnection, fetch: Fetch) -> None:
    """Write down that an address was fetched; its article only where that is in the file.

    Args:
        connection: open for writing.
        fetch: what is to be remembered.
    """
    connection.execute(
        """INSERT INTO fetches (url, fetched_at, etag, last_modified, article_id)
           VALUES (?, ?, ?, ?, (SELECT article_id FROM articles WHERE article_id = ?))
           ON CONFLICT DO UPDATE SET fetched_at = excluded.fetched_at, etag = excluded.etag,
               last_modified = excluded.last_modified, article_id = excluded.article_id""",
        [fetch.url, fetch.fetched_at, fetch.etag, fetch.last_modified, fetch.article_id],
    )


def recall(connection: duckdb.DuckDBPyConnection, urls: Sequence[str]) -> dict[str, Fetch]:
    """Find what is remembered of addresses; nothing where the article is no longer in the file.

    Args:
        connection: open on a tracker's file.
        urls: the addresses.

    Returns:
        By address, those that were fetched before.
    """
    # epoch, because fetching a TIMESTAMPTZ would need pytz.
    rows = connection.execute(
        """SELECT url, epoch(fetched_at), etag, last_modified, article_id FROM fetches
           WHERE url IN ? AND (article_id IS NULL OR article_id IN (SELECT article_id FROM articles))""",
        [list(urls)],
    ).fetchall()
    return {
        url: Fetch(url, datetime.fromtimestamp(fetched, UTC), etag, last_modified, article_id)
        for url, fetched, etag, last_modified, article_id in rows
    }
