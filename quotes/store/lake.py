"""Loads a lake into a tracker's file: the rows by SQL, then what follows from all articles together.

Who is who, repeats, near-copies and the index of words depend on more than one article. They are found here, in one
process, after the rows are in: so the file is the same, row for row, as if ``quotes ingest`` had read the articles.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from quotes.errors import LakeError
from quotes.readers import twin
from quotes.store import copies, linking, registered, repeats
from quotes.store.opening import made_whole
from quotes.store.search_rebuild import refresh
from quotes.store.store import Store, writing

OUTCOMES = """
    CREATE TEMP TABLE lake_rows AS
    WITH numbered AS (
        SELECT l.filename, l.file_row_number, f.position, l.key, l.article IS NOT NULL AS read
        FROM lake AS l JOIN lake_files AS f ON f.filename = l.filename
    ),
    compared AS (
        SELECT *, first_value(key) OVER (PARTITION BY key.article_id ORDER BY position, file_row_number) AS first,
               row_number() OVER (PARTITION BY key.article_id, read ORDER BY position, file_row_number) AS time
        FROM numbered
    )
    SELECT filename, file_row_number, key.article_id AS article_id, key.place AS place, first.place AS first,
           row_number() OVER (ORDER BY position, file_row_number) AS number,
           CASE WHEN key.content <> first.content THEN 'twin' WHEN NOT read THEN 'problem'
                WHEN time = 1 THEN 'added' ELSE 'again' END AS outcome
    FROM compared
"""
"""What becomes of each row, in the order of the chunks. Of several articles of one id the first counts."""
PROBLEMS = """
    SELECT DISTINCT ON (problem.source, problem.problem) $ingest AS ingest_id, unnest(problem)
    FROM lake AS l JOIN lake_rows AS r ON r.filename = l.filename AND r.file_row_number = l.file_row_number
    WHERE r.outcome = 'problem' ORDER BY r.number
"""
TABLES = {
    "articles": "SELECT unnest(l.article), $ingest AS ingest_id FROM lake_articles AS l",
    "quotes": """SELECT * EXCLUDE (stances, topics)
                 FROM (SELECT unnest(l.quotes, max_depth := 2) FROM lake_articles AS l)""",
    "stances": """SELECT unnest(s.stances, max_depth := 2)
                  FROM (SELECT unnest(l.quotes, max_depth := 2) FROM lake_articles AS l) AS s""",
    "topics": """SELECT unnest(s.topics, max_depth := 2)
                 FROM (SELECT unnest(l.quotes, max_depth := 2) FROM lake_articles AS l) AS s""",
    "name_forms": "SELECT unnest(l.name_forms, max_depth := 2) FROM lake_articles AS l",
    "ingest_problems": PROBLEMS,
}


@dataclass(frozen=True, slots=True)
class Loaded:
    """How much was loaded."""

    articles: int
    quotes: int
    problems: int


def load(
    files: Sequence[str],
    source: str,
    path: Path,
    wait: float,
    pipeline: str,
    link: Callable[[Store], None],
    filesystem: Any = None,
    catalogue: Path | None = None,
) -> Loaded:
    """Make a tracker's file of the chunks of a lake.

    Args:
        files: the chunks' files, in the order of the articles.
        source: the lake's folder, which the run is noted under.
        path: the DuckDB file to make.
        wait: how long to try while another process holds the file, in seconds.
        pipeline: name and version of the language pipeline.
        link: finds out who is who in a store.
        filesystem: an fsspec file system where the files do not lie on this machine.
        catalogue: a DuckLake catalogue to make, beside the DuckDB file, which then reads articles and quotes from the
            chunks' files instead of holding them (:mod:`quotes.store.registered`).

    Returns:
        What was loaded.

    Raises:
        LakeError: the file or the catalogue exists, or the lake cannot be read.
    """
    for new in (path, catalogue):
        if new and new.exists():
            raise LakeError(f"{new} exists already.", "Name a new file with --database FILE; it is made as a whole.")
    try:
        with made_whole(path) as made:
            whole = made.with_name("whole") if catalogue else made
            with writing(whole, wait) as store:
                if filesystem is not None:
                    store.connection.register_filesystem(filesystem)
                loaded = _load(store, files, source, pipeline)
                link(store)
                repeats.rebuild(store.connection)
                if catalogue:
                    store.connection.execute(
                        """CREATE TABLE lake_left_out AS SELECT filename, file_row_number FROM lake_rows
                           WHERE outcome IN ('twin', 'again')"""
                    )
            refresh(whole, wait)
            if catalogue:
                with writing(made, wait) as store:
                    registered.make(whole, store.connection, catalogue, files)
    except BaseException:
        if catalogue:
            catalogue.unlink(missing_ok=True)
        raise
    return loaded


def _load(store: Store, files: Sequence[str], source: str, pipeline: str) -> Loaded:
    sql = store.connection.execute
    ingest = store.begin([source], pipeline)
    sql(
        """CREATE TEMP TABLE lake_files AS
           SELECT unnest($files::VARCHAR[]) AS filename, generate_subscripts($files::VARCHAR[], 1) AS position""",
        {"files": list(files)},
    )
    try:
        store.connection.read_parquet(list(files), filename=True, file_row_number=True).create_view("lake")
        sql(OUTCOMES)
        sql(
            """CREATE TEMP VIEW lake_articles AS SELECT l.*, r.number FROM lake AS l
               JOIN lake_rows AS r ON r.filename = l.filename AND r.file_row_number = l.file_row_number
               WHERE r.outcome = 'added'"""
        )
        for table, query in TABLES.items():
            sql(f"INSERT INTO {table} BY NAME {query}", {"ingest": ingest} if "$ingest" in query else {})
        for article_id, place, first in sql(
            "SELECT article_id, place, first FROM lake_rows WHERE outcome = 'twin' ORDER BY number"
        ).fetchall():
            store.report(ingest, twin(article_id, place, first))
        _mark_copies(store)
        linking.link_again(store.connection)
        sql(
            """UPDATE ingests SET
                   added = (SELECT count(*) FROM lake_rows WHERE outcome = 'added'),
                   problems = (SELECT count(*) FROM ingest_problems WHERE ingest_id = $ingest)
               WHERE ingest_id = $ingest""",
            {"ingest": ingest},
        )
    except duckdb.Error as error:
        raise LakeError(f"{source} cannot be loaded: {error}", "Build it again with this version of quotes.") from error
    for name in ("lake_articles", "lake"):
        sql(f"DROP VIEW {name}")
    store.finish(ingest)
    row = sql("SELECT added, (SELECT count(*) FROM quotes), problems FROM ingests").fetchone()
    assert row is not None
    return Loaded(*row)


def _mark_copies(store: Store) -> None:
    """Mark near-copies: of articles that share no band with any other nothing is to be found, the rest go in order."""
    sql = store.connection.execute
    sql(
        """CREATE TEMP TABLE lake_bands AS
           SELECT article.article_id AS article_id, number, unnest(bands) AS band FROM lake_articles"""
    )
    sql("CREATE TEMP TABLE shared AS SELECT band FROM lake_bands GROUP BY band HAVING count(*) > 1")
    sql(
        """CREATE TEMP TABLE sharing AS
           SELECT DISTINCT article_id, number FROM lake_bands WHERE band IN (SELECT band FROM shared)"""
    )
    sql(
        """INSERT INTO article_bands SELECT article_id, band FROM lake_bands
           WHERE article_id NOT IN (SELECT article_id FROM sharing) ORDER BY number"""
    )
    rows = sql(
        """SELECT article_id, any_value(a.text), list(b.band ORDER BY b.rowid)
           FROM sharing AS s JOIN articles AS a USING (article_id) JOIN lake_bands AS b USING (article_id)
           GROUP BY article_id, s.number ORDER BY s.number"""
    ).fetchall()
    for article_id, text, bands in rows:
        copies.mark(store.connection, article_id, text, bands)
