"""What quotes mean, as rows: vectors that say so, and the search for those nearest to a question.

The numbers are kept in thousandths, which changes likenesses by less than 0.001 and which DuckDB packs: 100,000 vectors
take 88 MB in place of 154.
"""

from __future__ import annotations

from collections.abc import Sequence

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from quotes.errors import MeaningError
from quotes.store.search import Found, fetch_hits
from quotes.store.search_query import Filters, conditions_of, passing

LEAST = 0.15
"""The likeness below which no statement is given: judged answers among the first ten have 0.16 to 0.81."""


def read_missing(connection: duckdb.DuckDBPyConnection, limit: int, ingest_id: int | None = None) -> dict[str, str]:
    """Find quotes whose meaning the file does not know.

    Args:
        connection: open on a tracker's file.
        limit: how many at most.
        ingest_id: only those of articles that this run wrote, or one that was stopped in the middle; all where None.

    Returns:
        Their texts by their keys.
    """
    rows = connection.execute(
        """SELECT quote_id, q.text FROM quotes AS q ANTI JOIN meanings USING (quote_id)
           JOIN articles AS a USING (article_id) JOIN ingests AS i USING (ingest_id)
           WHERE $ingest IS NULL OR ingest_id = $ingest OR i.finished_at IS NULL ORDER BY quote_id LIMIT $limit""",
        {"ingest": ingest_id, "limit": limit},
    ).fetchall()
    return dict(rows)


def count_missing(connection: duckdb.DuckDBPyConnection) -> int:
    """Count the quotes whose meaning the file does not know."""
    row = connection.execute("SELECT count(*) FROM quotes ANTI JOIN meanings USING (quote_id)").fetchone()
    assert row is not None
    return int(row[0])


def add(connection: duckdb.DuckDBPyConnection, texts: dict[str, str], vectors: npt.NDArray[np.float32]) -> int:
    """Write down what quotes mean, in one transaction; those left out whose text is gone or another by now.

    Args:
        connection: open for writing.
        texts: what was read, from :func:`read_missing`.
        vectors: what each of them means, shape (texts, 384).

    Returns:
        How many were written.
    """
    numbers = pa.array(np.round(vectors, 3).ravel())
    fresh = pa.table(
        {
            "quote_id": pa.array(list(texts), pa.string()),
            "text": pa.array(list(texts.values()), pa.string()),
            "vector": pa.FixedSizeListArray.from_arrays(numbers, vectors.shape[1]),
        }
    )
    connection.register("fresh_meanings", fresh)
    try:
        done = connection.execute(
            """INSERT INTO meanings (quote_id, vector) SELECT quote_id, f.vector
               FROM fresh_meanings AS f JOIN quotes USING (quote_id, text) ANTI JOIN meanings USING (quote_id)"""
        ).fetchone()
    finally:
        connection.unregister("fresh_meanings")
    assert done is not None
    return int(done[0])


def forget(connection: duckdb.DuckDBPyConnection, quote_ids: Sequence[str]) -> None:
    """Take quotes out, in the transaction that is open."""
    if quote_ids:
        connection.execute("DELETE FROM meanings WHERE quote_id IN ?", [list(quote_ids)])


def search(
    connection: duckdb.DuckDBPyConnection,
    vector: npt.NDArray[np.float32],
    filters: Filters | None = None,
    limit: int = 20,
) -> Found:
    """Find the statements that mean nearly the same as a question.

    Args:
        connection: open on a tracker's file.
        vector: what the question means, shape (384,).
        filters: which statements count.
        limit: how many to give at most.

    Returns:
        The nearest of them, by their likeness; none of a likeness below ``LEAST``.

    Raises:
        MeaningError: the file has quotes but knows of none what it means.
    """
    conditions, values = conditions_of(connection, filters or Filters())
    missing = count_missing(connection)
    if missing and connection.execute("SELECT 1 FROM meanings LIMIT 1").fetchone() is None:
        raise MeaningError(
            "No quote of this file has been read for its meaning yet.", "Run `quotes search --meaning --rebuild` once."
        )
    best = connection.execute(
        f"""WITH found AS MATERIALIZED (
                SELECT quote_id, array_inner_product(vector, $vector::FLOAT[384])::DOUBLE AS score
                FROM meanings WHERE score >= $least)
            {passing(connection, conditions)} ORDER BY score DESC, quote_id LIMIT $limit""",
        values | {"vector": vector.tolist(), "least": LEAST, "limit": limit},
    ).fetchall()
    return Found(tuple(fetch_hits(connection, dict(best))), missing)
