"""A tracker's file that leaves the articles and what is said in them where they are, in the Parquet files of a lake.

A DuckLake catalogue beside the file names the chunks' files, and ``articles``, ``quotes``, ``stances`` and ``topics``
are views over them; everything that follows from all articles together, such as who is who and the index of words, is
in tables as ever. So all other views, searches and pages work as with a file into which the lake was loaded, and give
the same rows; only reading costs more, since Parquet has no keys. Nothing can be added to such a file but decisions of
reviewers.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from pathlib import Path

import duckdb

from quotes.errors import LakeError, StoreError
from quotes.store.extensions import extension
from quotes.store.transactions import transaction

VIEWS = {
    "articles": """
        SELECT a.article_id, a.title, a.text, a.url, a.publisher, a.author, a.published, a.language, a.text_hash,
               1::INTEGER AS ingest_id, a.sha256, a.fetched_at, c.copy_of
        FROM (SELECT unnest(article) FROM lake_articles) AS a LEFT JOIN lake_copies AS c USING (article_id)""",
    "quotes": """
        SELECT q.* REPLACE (coalesce(p.name, q.speaker) AS speaker, coalesce(f.person_id, q.person_id) AS person_id)
        FROM (SELECT * EXCLUDE (stances, topics) FROM lake_quotes) AS q
        LEFT JOIN name_forms AS f
            ON q.speaker_type = 'person' AND f.article_id = q.article_id AND f.form = q.speaker_form
        LEFT JOIN people AS p ON p.person_id = f.person_id""",
    "stances": """
        SELECT s.* EXCLUDE (article_id) REPLACE (coalesce(p.name, s.target) AS target,
               coalesce(k.target_key, s.target_key) AS target_key, coalesce(f.person_id, s.person_id) AS person_id)
        FROM (SELECT article_id, unnest(stances, max_depth := 2) FROM lake_quotes) AS s
        LEFT JOIN name_forms AS f
            ON s.target_type = 'person' AND f.article_id = s.article_id AND f.form = s.target_form
        LEFT JOIN people AS p ON p.person_id = f.person_id
        LEFT JOIN lake_names AS k ON k.name = p.name""",
    "topics": "SELECT unnest(topics, max_depth := 2) FROM lake_quotes",
}
"""What stands in the place of tables: the lake's rows, with the people that all articles make of their names."""

PARTS = """
    CREATE TABLE lake_catalogue AS SELECT $catalogue AS catalogue, $folder AS folder;
    CREATE TABLE lake_left_out AS FROM whole.lake_left_out;
    CREATE TABLE lake_copies AS SELECT article_id, copy_of FROM whole.articles WHERE copy_of IS NOT NULL;
    CREATE TABLE lake_names AS
        SELECT DISTINCT target AS name, target_key FROM whole.stances
        WHERE target_type = 'person' AND person_id IS NOT NULL;
    CREATE VIEW lake_articles AS FROM lake.chunks
        WHERE article IS NOT NULL AND (filename, file_row_number) NOT IN (FROM lake_left_out);
    CREATE VIEW lake_quotes AS SELECT unnest(quotes, max_depth := 2) FROM lake_articles;
    COMMENT ON TABLE lake_catalogue IS 'One row: the DuckLake catalogue beside this file, and the folder of its files.';
    COMMENT ON TABLE lake_left_out IS 'Rows of the lake that do not count, such as an article that it has twice.';
    COMMENT ON TABLE lake_copies IS 'The near-copies among the articles (articles.copy_of).';
    COMMENT ON TABLE lake_names IS 'The keys of the names of people (stances.target_key).';
    COMMENT ON VIEW lake_articles IS 'The rows of the lake that count, an article each.';
    COMMENT ON VIEW lake_quotes IS 'The quotes of the lake as each article by itself gives them.';
"""

_attaching = threading.Lock()


def make(whole: Path, connection: duckdb.DuckDBPyConnection, catalogue: Path, files: Sequence[str]) -> None:
    """Turn an empty tracker's file into one that reads a lake.

    Args:
        whole: a tracker's file into which the lake was loaded, with the table ``lake_left_out``.
        connection: open for writing on the empty file.
        catalogue: the DuckLake catalogue to make, beside the file.
        files: the chunks' files, on this machine.

    Raises:
        LakeError: DuckDB's extension for DuckLake is missing.
    """
    sql = connection.execute
    folder = os.path.commonpath([Path(file).parent for file in files])
    sql(f"LOAD {_quoted(_extension())}")
    sql(f"ATTACH {_quoted(f'ducklake:{catalogue}')} AS lake (DATA_PATH {_quoted(folder)})")
    sql("CREATE TABLE lake.chunks AS FROM read_parquet($file) LIMIT 0", {"file": files[0]})
    with transaction(connection):
        for file in files:
            sql("CALL ducklake_add_data_files('lake', 'chunks', $file)", {"file": file})
    sql(f"ATTACH {_quoted(str(whole))} AS whole (READ_ONLY)")
    with transaction(connection):
        for (table,) in sql(
            """SELECT table_name FROM duckdb_tables() WHERE database_name = current_database()
               AND table_name NOT IN (SELECT unnest($views))""",
            {"views": list(VIEWS)},
        ).fetchall():
            sql(f"DELETE FROM {table}")
            sql(f"INSERT INTO {table} FROM whole.{table}")
        comments = sql(
            """SELECT table_name, column_name, comment FROM duckdb_columns()
               WHERE database_name = current_database() AND table_name IN (SELECT unnest($views))
               UNION ALL SELECT table_name, NULL, comment FROM duckdb_tables()
               WHERE database_name = current_database() AND table_name IN (SELECT unnest($views))""",
            {"views": list(VIEWS)},
        ).fetchall()
        for statement in connection.extract_statements(PARTS):
            given = {"catalogue": catalogue.name, "folder": folder} if statement.named_parameters else None
            sql(statement, given)
        for name, query in VIEWS.items():
            sql(f"DROP TABLE {name}")
            sql(f"CREATE VIEW {name} AS {query}")
        for name, column, comment in comments:
            what = f"COLUMN {name}.{column}" if column else f"VIEW {name}"
            sql(f"COMMENT ON {what} IS {_quoted(comment)}")


def attach(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Attach the lake that a file reads, where it reads one.

    Args:
        connection: open on the file.
        path: the file.

    Raises:
        StoreError: the catalogue is not beside the file.
        LakeError: DuckDB's extension for DuckLake is missing.
    """
    statements = attaching(connection, path)
    if not statements:
        return
    with _attaching:
        if not connection.execute("SELECT 1 FROM duckdb_databases() WHERE database_name = 'lake'").fetchone():
            for statement in statements:
                connection.execute(statement)


def attaching(connection: duckdb.DuckDBPyConnection, path: Path) -> list[str]:
    """Give the statements by which any connection attaches the lake that a file reads; none where it reads none.

    They also let a connection that is caged afterwards read the files of the lake. See :func:`attach`.
    """
    if not is_registered(connection):
        return []
    row = connection.execute("SELECT catalogue, folder FROM lake_catalogue").fetchone()
    assert row is not None
    catalogue = path.absolute().parent / row[0]
    if not catalogue.exists():
        raise StoreError(
            f"{path} reads a lake, but its catalogue {catalogue} is missing.",
            "Put it back beside the file, or make both anew: `quotes lake register`.",
        )
    return [
        f"LOAD {_quoted(_extension())}",
        f"ATTACH {_quoted(f'ducklake:{catalogue}')} AS lake (READ_ONLY)",
        f"SET allowed_directories = [{_quoted(row[1])}]",
    ]


def is_registered(connection: duckdb.DuckDBPyConnection) -> bool:
    """Tell whether a tracker's file reads a lake."""
    return bool(
        connection.execute(
            """SELECT 1 FROM duckdb_tables()
               WHERE database_name = current_database() AND table_name = 'lake_catalogue'"""
        ).fetchone()
    )


def refuse(connection: duckdb.DuckDBPyConnection) -> None:
    """Refuse to change what the articles say in a file that reads a lake.

    Raises:
        StoreError: it reads one.
    """
    if is_registered(connection):
        raise StoreError(
            "This database reads a lake, whose articles and people stay as they are.",
            "Build the lake with more articles and register it again, or load it: `quotes lake load`.",
        )


def _extension() -> str:
    file = extension("ducklake")
    if file is None:
        raise LakeError(
            "DuckDB's extension for DuckLake is missing.",
            f"Install it: pip install duckdb-extension-ducklake=={duckdb.__version__}.",
        )
    return str(file)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
