"""The DuckDB file: opening it for writing or reading, and putting articles with their quotes into it.

One process that has the file open for writing shuts out every other, and an open reader shuts out a writer. So
nobody keeps it open for longer than one piece of work, and whoever finds it locked tries again for a bounded time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Literal

import duckdb

from quotes.errors import StoreError
from quotes.records import Article, Person, Problem, Quote
from quotes.store import copies, meanings, registered, repeats, rows, search_index
from quotes.store import linking as people_table
from quotes.store.opening import is_trouble, opened
from quotes.store.transactions import transaction

Outcome = Literal["added", "changed", "unchanged"]

ROWS_PER_INSERT = 50
"""Rows bound in one INSERT: DuckDB's executemany takes a millisecond a row, one long VALUES list a tenth of it."""


@contextmanager
def writing(path: Path, wait: float) -> Iterator[Store]:
    """Open the tracker's file for writing; create it where it is missing, migrate it where it is older.

    Args:
        path: the DuckDB file.
        wait: how long to try while another process holds the file, in seconds.

    Yields:
        The store, open until the end of the ``with`` block.

    Raises:
        StoreBusyError: another process kept the file for longer than ``wait``.
        StoreError: the file is no tracker's file, is newer than this program, or DuckDB refuses to work on it.
    """
    if not path.absolute().parent.is_dir():
        raise StoreError(
            f"The folder of {path} does not exist.", "Create it, or name another file with --database FILE."
        )
    with opened(path, wait, read_only=False) as connection:
        yield Store(connection)


@contextmanager
def reading(path: Path, wait: float) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the tracker's file read-only.

    Args:
        path: the DuckDB file.
        wait: how long to try while another process writes to the file, in seconds.

    Yields:
        A read-only connection, open until the end of the ``with`` block.

    Raises:
        StoreBusyError: another process wrote to the file for longer than ``wait``.
        StoreError: the file is missing, is no tracker's file, or has another version of the schema than this program.
    """
    if not path.exists():
        raise StoreError(
            f"There is no database {path}.",
            "Make one with `quotes ingest ARTICLES` or `quotes demo`, or name another with --database FILE.",
        )
    with opened(path, wait, read_only=True) as connection:
        yield connection


class Store:
    """What can be written into the tracker's file; made by :func:`writing`.

    Attributes:
        connection: the open DuckDB connection.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection

    def begin(self, sources: Sequence[str], pipeline: str) -> int:
        """Note that a run begins.

        Args:
            sources: the files, folders or other sources that it was given.
            pipeline: name and version of the language pipeline.

        Returns:
            The id of the run.

        Raises:
            StoreError: the file reads a lake, to which nothing can be added.
        """
        registered.refuse(self.connection)
        row = self.connection.execute(
            """INSERT INTO ingests (ingest_id, started_at, sources, pipeline)
               SELECT coalesce(max(ingest_id), 0) + 1, now(), ?::VARCHAR[], ? FROM ingests RETURNING ingest_id""",
            [list(sources), pipeline],
        ).fetchone()
        assert row is not None
        return int(row[0])

    def resume(self, sources: Sequence[str]) -> tuple[int, datetime]:
        """Go on with the last run of these sources that was stopped in the middle.

        Args:
            sources: the same as when it began.

        Returns:
            The id of the run, and when it began.

        Raises:
            StoreError: no run of these sources was stopped in the middle.
        """
        row = self.connection.execute(
            """UPDATE ingests SET unchanged = 0 WHERE ingest_id = (
                   SELECT max(ingest_id) FROM ingests WHERE finished_at IS NULL AND sources = ?::VARCHAR[]
               ) RETURNING ingest_id, epoch(started_at)""",
            [list(sources)],
        ).fetchone()
        if row is None:
            raise StoreError(
                "There is no run of these sources that was stopped in the middle.", "Run it without --resume."
            )
        return int(row[0]), datetime.fromtimestamp(row[1], UTC)

    def has(self, article: Article) -> bool:
        """Tell whether this very article, word for word and with the same metadata, is in the file."""
        known = self.connection.execute(
            """SELECT text, title, url, publisher, author, published, language
               FROM articles WHERE article_id = ?""",
            [article.id],
        ).fetchone()
        return known == (
            article.text,
            article.title,
            article.url,
            article.publisher,
            article.author,
            article.published,
            article.language,
        )

    def keep(self, ingest_id: int, article_id: str) -> None:
        """Count an article that the run found in the file already, unless the run itself put it there."""
        self.connection.execute(
            """UPDATE ingests SET unchanged = unchanged + 1 WHERE ingest_id = $ingest AND NOT EXISTS (
                   SELECT 1 FROM articles WHERE article_id = $article AND ingest_id = $ingest)""",
            {"ingest": ingest_id, "article": article_id},
        )

    def save(
        self,
        ingest_id: int,
        article: Article,
        quotes: Sequence[Quote],
        people: Sequence[Person],
        bands: Sequence[int] = (),
    ) -> Outcome:
        """Put an article with all its rows into the file, in one transaction.

        The same article again changes nothing. Another text or other metadata under the same id replaces the
        article's row and all its quotes. Of people, the register's data win over what articles say; their office is
        the one that the most recently published article gives, in whatever order the articles come. Who is who across
        articles is not decided here: the surnames that occur are put down in ``blocks_to_link``.

        Args:
            ingest_id: the run, from :meth:`begin`.
            article: the article.
            quotes: its quotes, with spans inside ``article.text``.
            people: those who speak in it or are spoken about.
            bands: by which near-copies of the article are found, from :func:`quotes.copies.bands`.

        Returns:
            What became of it.

        Raises:
            StoreError: DuckDB refuses a row; then nothing of this article was written.
            duckdb.Error: DuckDB cannot work on the file; then neither.
        """
        try:
            with transaction(self.connection):
                return self._save(ingest_id, article, quotes, people, bands)
        except (duckdb.Error, RuntimeError) as error:  # pybind11 raises the latter for text that UTF-8 cannot hold
            if is_trouble(error):
                raise
            raise StoreError(
                f"DuckDB refuses article {article.id}: {error}", "The other articles are not concerned."
            ) from error

    def report(self, ingest_id: int, problem: Problem) -> None:
        """Write down that something could not be read, once in a run."""
        known = self.connection.execute(
            "SELECT 1 FROM ingest_problems WHERE ingest_id = ? AND source = ? AND problem = ?",
            [ingest_id, problem.source, problem.problem],
        ).fetchone()
        if known:
            return
        with transaction(self.connection):
            self._insert("ingest_problems", [rows.problem_row(problem, ingest_id)])
            self._count(ingest_id, "problems")

    def refresh(self, people: Sequence[Person]) -> None:
        """Bring what the file says about people of the register up to date; who is not in any article is left out.

        Args:
            people: people of the register, with ids.
        """
        known = {row[0] for row in self.connection.execute("SELECT person_id FROM people").fetchall()}
        here = [person for person in people if person.id in known]
        people_table.refresh(self.connection, here)

    def finish(self, ingest_id: int) -> None:
        """Note that a run came to its end."""
        self.connection.execute("UPDATE ingests SET finished_at = now() WHERE ingest_id = ?", [ingest_id])

    def _save(
        self,
        ingest_id: int,
        article: Article,
        quotes: Sequence[Quote],
        people: Sequence[Person],
        bands: Sequence[int],
    ) -> Outcome:
        if self.has(article):
            self._count(ingest_id, "unchanged")
            return "unchanged"
        forgotten = self._delete(article.id)
        outcome: Outcome = "added" if forgotten is None else "changed"
        self._insert("articles", [rows.article_row(article, ingest_id)])
        copies.mark(self.connection, article.id, article.text, bands)
        ids = rows.quote_ids(article.id, quotes)
        keyed = list(zip(ids, quotes, strict=True))
        self._insert("quotes", [rows.quote_row(article, quote, id) for id, quote in keyed])
        self._insert("stances", [row for id, quote in keyed for row in rows.stance_rows(id, quote)])
        self._insert("topics", [row for id, quote in keyed for row in rows.topic_rows(id, quote)])
        if self._stems:
            search_index.add(self.connection, ids)
        repeats.add(self.connection, ids)
        forms = rows.name_form_rows(article, quotes, people)
        self._insert("name_forms", forms)
        self._insert("blocks_to_link", [{"block": block} for block in sorted({row["block"] for row in forms})])
        self._upsert(people)
        people_table.tidy(self.connection, {person.id for person in people} | (forgotten or set()))
        self._count(ingest_id, outcome)
        return outcome

    @cached_property
    def _stems(self) -> bool:
        """Whether quotes can be added to the index of words; without the extension, the next rebuilding adds them."""
        return search_index.load_fts(self.connection)

    def _delete(self, article_id: str) -> set[str] | None:
        """Delete an article with all that hangs on it; give whom it mentions, None where there was no article."""
        sql = self.connection.execute
        if sql("DELETE FROM articles WHERE article_id = ?", [article_id]).fetchone() != (1,):
            return None
        copies.forget(self.connection, article_id)
        ids = [row[0] for row in sql("SELECT quote_id FROM quotes WHERE article_id = ?", [article_id]).fetchall()]
        people = sql("SELECT DISTINCT person_id FROM name_forms WHERE article_id = ?", [article_id]).fetchall()
        sql(
            "INSERT INTO blocks_to_link SELECT DISTINCT block, person_id FROM name_forms WHERE article_id = ?",
            [article_id],
        )
        sql("DELETE FROM name_forms WHERE article_id = ?", [article_id])
        search_index.forget(self.connection, ids)
        meanings.forget(self.connection, ids)
        repeats.forget(self.connection, ids)
        sql("DELETE FROM stances WHERE quote_id IN ?", [ids])
        sql("DELETE FROM topics WHERE quote_id IN ?", [ids])
        sql("DELETE FROM quotes WHERE article_id = ?", [article_id])
        return {row[0] for row in people}

    def _upsert(self, people: Sequence[Person]) -> None:
        once = {person.id: person for person in people}
        self._insert(
            "people",
            [rows.person_row(person) for person in once.values()],
            """ON CONFLICT DO UPDATE SET
                   name = excluded.name, aliases = excluded.aliases, register_role = excluded.register_role,
                   party = excluded.party, country = excluded.country, gender = excluded.gender,
                   in_register = excluded.in_register
               WHERE excluded.in_register""",
        )
        listed = [person for person in once.values() if person.in_register]
        people_table.write_offices(self.connection, listed)

    def _count(self, ingest_id: int, what: Literal["added", "changed", "unchanged", "problems"]) -> None:
        self.connection.execute(f"UPDATE ingests SET {what} = {what} + 1 WHERE ingest_id = ?", [ingest_id])

    def _insert(self, table: str, given: Sequence[rows.Row], on_conflict: str = "") -> None:
        """Insert rows of equal keys; table, keys and ``on_conflict`` are this module's own, values are bound."""
        for first in range(0, len(given), ROWS_PER_INSERT):
            some = given[first : first + ROWS_PER_INSERT]
            marks = ", ".join([f"({', '.join('?' * len(some[0]))})"] * len(some))
            self.connection.execute(
                f"INSERT INTO {table} ({', '.join(some[0])}) VALUES {marks} {on_conflict}",
                [value for row in some for value in row.values()],
            )
