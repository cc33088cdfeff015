"""Building the index of words from scratch, without keeping others from the file meanwhile.

A rebuild copies the quotes, lets go of the file, builds the new index in a temporary file, and opens the tracker's file
again only to copy it in. That is a tenth of the time, and readers wait for it as they do for any other writer.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import duckdb

from quotes.errors import StoreError
from quotes.store.search_index import NEW_WORDS, STOP_WORDS, add, load_fts, read_state
from quotes.store.store import reading, writing
from quotes.store.transactions import transaction

GROWTH = 1.25
"""A rebuild is due when the index has grown by this factor since the last; below, its tail costs milliseconds."""
SMALL = 1_000
"""Quotes whose postings need no order."""


def refresh(path: Path, wait: float) -> bool:
    """Rebuild the index where it is stale or has grown much since it was last built.

    Args:
        path: the DuckDB file.
        wait: how long to try while another process holds the file, in seconds.

    Returns:
        Whether it was rebuilt; never without the extension.
    """
    with reading(path, wait) as connection:
        state = read_state(connection)
    if not state.stale and state.indexed <= max(SMALL, GROWTH * state.built):
        return False
    with duckdb.connect() as connection:
        if not load_fts(connection):
            return False
    rebuild(path, wait)
    return True


def rebuild(path: Path, wait: float) -> int:
    """Build the index from scratch, without keeping others from the file meanwhile.

    Args:
        path: the DuckDB file.
        wait: how long to try while another process holds the file, in seconds.

    Returns:
        How many quotes it knows.

    Raises:
        StoreError: the extension cannot be loaded, or the file cannot be used.
    """
    with tempfile.TemporaryDirectory(prefix="quotes-index-") as folder:
        texts, built = Path(folder) / "texts.parquet", Path(folder) / "index.duckdb"
        with reading(path, wait) as connection:
            fold = connection.execute(
                "SELECT macro_definition FROM duckdb_functions() WHERE function_name = 'search_fold'"
            ).fetchone()
            assert fold is not None
            connection.sql("SELECT quote_id, text FROM quotes").write_parquet(str(texts))
        _build(texts, built, f"CREATE TEMP MACRO search_fold(words) AS {fold[0]}")
        with writing(path, wait) as store:
            return _take_over(store.connection, built)


def _build(texts: Path, built: Path, fold: str) -> None:
    """Build the index of the quotes in a Parquet file, as tables of a DuckDB file; ``fold`` defines search_fold."""
    with duckdb.connect(built) as connection:
        if not load_fts(connection):
            raise StoreError(
                "Search needs DuckDB's full-text extension, which cannot be loaded.",
                f"Install it: pip install duckdb-extension-fts=={duckdb.__version__}.",
            )
        sql = connection.execute
        sql(
            """CREATE TEMP TABLE quoted AS
               SELECT (row_number() OVER ())::INTEGER AS docid, quote_id, text FROM read_parquet(?)""",
            [str(texts)],
        )
        sql("CREATE TABLE texts AS SELECT quote_id, hash(text) AS text_hash FROM quoted")
        sql(fold)
        sql(
            "CREATE TEMP TABLE tokens AS SELECT docid, unnest(string_split(search_fold(text), ' ')) AS word FROM quoted"
        )
        sql("CREATE TABLE search_words (word VARCHAR, term VARCHAR, termid INTEGER)")
        sql(NEW_WORDS.format(tokens="tokens"), {"stop": sorted(STOP_WORDS)})
        sql(
            """CREATE TABLE search_postings AS
               SELECT termid, docid FROM tokens JOIN search_words USING (word) ORDER BY termid, docid"""
        )
        sql(
            """CREATE TABLE search_docs AS
               SELECT docid, quote_id, coalesce(size, 0)::INTEGER AS size FROM quoted
               LEFT JOIN (SELECT docid, count(*) AS size FROM search_postings GROUP BY docid) USING (docid)"""
        )


def _take_over(connection: duckdb.DuckDBPyConnection, built: Path) -> int:
    """Put a built index in the place of the old one, with what was read while it was built.

    Args:
        connection: open for writing.
        built: the file with the new index.

    Returns:
        How many quotes the index knows now.
    """
    sql = connection.execute
    sql(f"ATTACH '{str(built).replace(chr(39), chr(39) * 2)}' AS built (READ_ONLY)")
    with transaction(connection):
        for table in ("search_words", "search_postings", "search_docs"):
            sql(f"DELETE FROM {table}")
            sql(f"INSERT INTO {table} FROM built.{table}")
        # A changed article may have other words at the same place, and so under the same key.
        sql(
            """DELETE FROM search_docs WHERE quote_id NOT IN (
                   SELECT quote_id FROM quotes JOIN built.texts USING (quote_id) WHERE hash(text) = text_hash)"""
        )
        missing = sql("SELECT quote_id FROM quotes ANTI JOIN search_docs USING (quote_id)").fetchall()
        if missing and load_fts(connection):
            add(connection, [quote_id for (quote_id,) in missing])
        sql("DELETE FROM search_index")
        sql("INSERT INTO search_index SELECT now(), count(*) FROM search_docs")
    sql("DETACH built")
    return read_state(connection).indexed
