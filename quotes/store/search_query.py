"""What is searched for: a query taken apart into words, phrases and prefixes, and filters as SQL."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, NamedTuple

import duckdb

from quotes.errors import QueryError

_PART = re.compile(r'["“”„]([^"“”„]*)["“”„]|(\S+)')


@dataclass(frozen=True, slots=True)
class Filters:
    """Which statements count; what is None lets all through.

    Attributes:
        person: the speaker, by key, name, part of a name, or alias.
        target: whom or what a stance is toward, by key, name, or part of it.
        publisher: part of the publisher's name.
        since: the first day on which it was said or, where that is unknown, published.
        until: the last day.
        kind: direct, indirect or mixed.
    """

    person: str | None = None
    target: str | None = None
    publisher: str | None = None
    since: date | None = None
    until: date | None = None
    kind: str | None = None


class Wanted(NamedTuple):
    """A query taken apart: folded words, prefixes without their asterisk, and phrases."""

    words: tuple[str, ...]
    prefixes: tuple[str, ...]
    phrases: tuple[str, ...]

    @property
    def all_words(self) -> Iterator[str]:
        """The words, with those of the phrases."""
        yield from self.words
        for phrase in self.phrases:
            yield from phrase.split()


_CONDITIONS = {
    "person": "(q.person_id IN $people OR contains(lower(q.speaker), lower($person)))",
    "target": """q.quote_id IN (SELECT s.quote_id FROM {stances} AS s
                                WHERE s.target IN $targets OR s.person_id IN $meant)""",
    "publisher": "contains(lower(a.publisher), lower($publisher))",
    "since": "coalesce(q.said_on, a.published) >= $since",
    "until": "coalesce(q.said_on, a.published) <= $until",
    "kind": "q.kind = $kind",
}

_PASSING = """SELECT found.quote_id, found.score FROM found JOIN {quotes} AS q USING (quote_id)
              JOIN articles AS a USING (article_id) WHERE {decided}"""


def parse(query: str) -> Wanted:
    """Take a query apart; a quotation mark that is not closed means nothing.

    Args:
        query: words, "phrases" in straight or curly marks, and prefixes that end in an asterisk.

    Returns:
        Its parts, in small letters; accents are left to the database.

    Raises:
        QueryError: the query has no word in it.
    """
    words: list[str] = []
    prefixes: list[str] = []
    phrases: list[str] = []
    for phrase, word in _PART.findall(query):
        parts = _split(phrase or word)
        if phrase and parts:
            phrases.append(" ".join(parts))
        elif word.endswith("*") and parts:
            words += parts[:-1]
            prefixes.append(parts[-1])
        else:
            words += parts
    wanted = Wanted(tuple(words), tuple(prefixes), tuple(phrases))
    if not any(wanted):
        raise QueryError("There is no word to search for.", 'Try: quotes search "held to account" putin.')
    return wanted


def conditions_of(connection: duckdb.DuckDBPyConnection, filters: Filters) -> tuple[list[str], dict[str, Any]]:
    """Make SQL of filters, on the tables ``q`` (reviewed_quotes) and ``a`` (articles).

    Args:
        connection: open on a tracker's file, where people are looked up.
        filters: which statements count.

    Returns:
        The conditions, to be written with the name of the table of stances, and the values that they bind.
    """
    given = {field.name: getattr(filters, field.name) for field in fields(filters)}
    values = {name: value for name, value in given.items() if value is not None}
    conditions = [_CONDITIONS[name] for name in values]
    if filters.person is not None:
        values["people"] = _people(connection, filters.person)
    if filters.target is not None:
        # Names first, as there are few: to look into each stance's took a third of a search.
        found = connection.execute(
            """SELECT target FROM (SELECT DISTINCT target FROM stances UNION SELECT target FROM corrections)
               WHERE contains(lower(target), lower($target))""",
            {"target": values.pop("target")},
        ).fetchall()
        values["targets"] = [target for (target,) in found]
        values["meant"] = _people(connection, filters.target)
    return conditions, values


def _people(connection: duckdb.DuckDBPyConnection, name: str) -> list[str]:
    """Find the people of this key, name, part of a name, or alias."""
    found = connection.execute(
        """SELECT person_id FROM people WHERE person_id = $name OR list_bool_or([
               contains(lower(strip_accents(known)), lower(strip_accents($name)))
               FOR known IN list_append(aliases, name)])""",
        {"name": name},
    ).fetchall()
    return [person_id for (person_id,) in found]


def is_reviewed(connection: duckdb.DuckDBPyConnection) -> bool:
    """Tell whether anybody decided anything about quotes; if not, the tables are what the views would give."""
    return connection.execute("SELECT 1 FROM corrections LIMIT 1").fetchone() is not None


def passing(connection: duckdb.DuckDBPyConnection, conditions: Sequence[str]) -> str:
    """Make the query for those rows of the relation ``found`` whose quotes fit all conditions.

    It asks twice: for quotes that nobody decided upon in the tables, and for the others, if there are any, in the views
    that apply what was decided. Joined to the views alone, ``found`` tells DuckDB nothing of which quotes to read: a
    search took twice as long.

    Args:
        connection: open on a tracker's file.
        conditions: from :func:`conditions_of`.

    Returns:
        SQL that gives quote_id and score; without the quotes that reviewers rejected.
    """
    undecided = ("quotes", "stances", "q.quote_id NOT IN (SELECT quote_id FROM placed_corrections)")
    reviewed = ("reviewed_quotes", "reviewed_stances", "q.review IS NOT NULL")
    return " UNION ALL ".join(
        " AND ".join([_PASSING, *conditions]).format(quotes=quotes, stances=stances, decided=decided)
        for quotes, stances, decided in ([undecided, reviewed] if is_reviewed(connection) else [undecided])
    )


def _split(text: str) -> list[str]:
    """Split into words of letters and digits, as search_fold in macros.sql does."""
    return re.findall(r"[^\W_]+", text.lower())
