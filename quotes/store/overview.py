"""What the command line shows of a tracker's file: its state, its people, its statements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import duckdb


@dataclass(frozen=True, slots=True)
class IngestRow:
    """One run; ``finished_at`` is None where it was stopped in the middle."""

    ingest_id: int
    started_at: datetime
    finished_at: datetime | None
    sources: tuple[str, ...]
    pipeline: str
    added: int
    changed: int
    unchanged: int
    problems: int


@dataclass(frozen=True, slots=True)
class Status:
    """How much the file holds, and the last runs, newest first."""

    schema_version: int
    articles: int
    quotes: int
    people: int
    stances: int
    problems: int
    ingests: tuple[IngestRow, ...]


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person and what is known of his or her statements; ``latest`` is the newest day of one.

    ``one_name`` says that only one name is known, so that the row may hold several people.
    """

    person_id: str
    name: str
    role: str | None
    party: str | None
    country: str | None
    statements: int
    mentions: int
    latest: date | None
    aliases: list[str]
    one_name: bool


@dataclass(frozen=True, slots=True)
class StatementRow:
    """A statement in short: who, how, what, when, and where it stands."""

    speaker: str | None
    kind: str
    text: str
    said_on: date | None
    said_on_precision: str | None
    article: str


def read_status(connection: duckdb.DuckDBPyConnection, last: int = 5) -> Status:
    """Count what the file holds.

    Args:
        connection: open on a tracker's file.
        last: how many of the last runs to give.

    Returns:
        The counts.
    """
    counts = connection.execute(
        """SELECT (SELECT max(version) FROM schema_version), (SELECT count(*) FROM articles),
                  (SELECT count(*) FROM quotes), (SELECT count(*) FROM people),
                  (SELECT count(*) FROM stances), (SELECT count(*) FROM ingest_problems)"""
    ).fetchone()
    assert counts is not None
    version, articles, quotes, people, stances, problems = counts
    # epoch_us, because fetching a TIMESTAMPTZ would need pytz.
    runs = connection.execute(
        """SELECT ingest_id, epoch(started_at), epoch(finished_at), sources, pipeline,
                  added, changed, unchanged, problems
           FROM ingests ORDER BY ingest_id DESC LIMIT ?""",
        [last],
    ).fetchall()
    return Status(
        version,
        articles,
        quotes,
        people,
        stances,
        problems,
        tuple(
            IngestRow(
                id,
                datetime.fromtimestamp(started),
                None if finished is None else datetime.fromtimestamp(finished),
                tuple(sources),
                *others,
            )
            for id, started, finished, sources, *others in runs
        ),
    )


def list_people(connection: duckdb.DuckDBPyConnection, name: str | None = None) -> list[PersonRow]:
    """List the people of the file, those with most statements first.

    Args:
        connection: open on a tracker's file.
        name: give only those whose name, an alias or key contains this, in whatever case.

    Returns:
        A row a person.
    """
    rows = connection.execute(
        """SELECT p.person_id, p.name, p.role, p.party, p.country,
                  coalesce(q.statements, 0), coalesce(s.mentions, 0), q.latest,
                  p.aliases, p.one_name
           FROM people AS p
           LEFT JOIN (
               SELECT q.person_id, count(*) AS statements, max(coalesce(q.said_on, a.published)) AS latest
               FROM reviewed_quotes AS q JOIN articles AS a USING (article_id)
               WHERE a.copy_of IS NULL GROUP BY q.person_id
           ) AS q USING (person_id)
           LEFT JOIN (
               SELECT s.person_id, count(*) AS mentions
               FROM reviewed_stances AS s JOIN reviewed_quotes USING (quote_id) JOIN articles AS a USING (article_id)
               WHERE a.copy_of IS NULL GROUP BY s.person_id
           ) AS s USING (person_id)
           WHERE $name IS NULL OR list_bool_or(list_transform(
               [p.person_id, p.name] || p.aliases,
               lambda known: contains(lower(strip_accents(known)), lower(strip_accents($name)))
           ))
           ORDER BY 6 DESC, 7 DESC, p.name""",
        {"name": name},
    ).fetchall()
    return [PersonRow(*row) for row in rows]


def list_statements(connection: duckdb.DuckDBPyConnection, article_ids: Sequence[str]) -> list[StatementRow]:
    """List the statements of some articles, article by article, in the order of the text.

    Args:
        connection: open on a tracker's file.
        article_ids: which articles.

    Returns:
        A row a statement; ``article`` is its title or, without one, its id.
    """
    rows = connection.execute(
        """SELECT speaker, kind, text, said_on, said_on_precision, coalesce(title, article_id)
           FROM statements_view WHERE article_id IN ? ORDER BY published DESC, article_id, spans[1]."start" """,
        [list(article_ids)],
    ).fetchall()
    return [StatementRow(*row) for row in rows]
