"""Who is who, as SQL: the name forms to be linked, what came of it, and what users decided."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple

import duckdb

from quotes.people import names
from quotes.records import Person
from quotes.store import repeats


class SenseRow(NamedTuple):
    """Name forms that nothing tells apart, and how they are linked at present; None where they are not yet.

    ``article_id`` is set where the article is one of those that are to be told apart from all others.
    """

    block: str
    form: str
    role: str | None
    register_id: str | None
    article_id: str | None
    linked_id: str | None
    person_id: str
    reason: str | None
    articles: int
    first_published: date
    first_article: str


class LinkRow(NamedTuple):
    """What becomes of such name forms: whom the program found, whom the users' decisions make of that, and why."""

    block: str
    form: str
    role: str | None
    register_id: str | None
    article_id: str | None
    linked_id: str
    person_id: str
    reason: str


class LookedUpRow(NamedTuple):
    """A name form in an article, and whom the register took it for."""

    article_id: str
    form: str
    role: str | None
    published: date | None
    register_id: str | None


class FormRow(NamedTuple):
    """A form of a person's name: in how many articles, by whose names in the register, found or moved there."""

    person_id: str
    form: str
    articles: int
    own: bool
    register_ids: list[str]


def blocks_to_link(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """List the blocks whose name forms have changed since they were linked."""
    rows = connection.execute("SELECT DISTINCT block FROM blocks_to_link ORDER BY 1").fetchall()
    return [row[0] for row in rows]


def read_senses(connection: duckdb.DuckDBPyConnection, blocks: Sequence[str], apart: Sequence[str]) -> list[SenseRow]:
    """Read all name forms of some blocks, those that nothing tells apart in one row.

    Args:
        connection: open on a tracker's file.
        blocks: which blocks.
        apart: articles whose forms get rows of their own.

    Returns:
        The rows, in no particular order.
    """
    rows = connection.execute(
        """SELECT f.block, f.form, f.role, f.register_id, CASE WHEN f.article_id IN $apart THEN f.article_id END,
                  f.linked_id, f.person_id, f.reason, count(*),
                  min((coalesce(a.published, DATE '9999-12-31'), f.article_id)) AS first
           FROM name_forms AS f JOIN articles AS a USING (article_id)
           WHERE f.block IN (SELECT unnest($blocks::VARCHAR[])) GROUP BY ALL""",
        {"apart": list(apart), "blocks": list(blocks)},
    ).fetchall()
    return [SenseRow(*row[:9], *row[9]) for row in rows]


def write_links(connection: duckdb.DuckDBPyConnection, links: Sequence[LinkRow], apart: Sequence[str]) -> None:
    """Write down to whom name forms belong; :func:`carry_over` then does so for quotes and stances.

    Args:
        connection: open for writing, in a transaction.
        links: what has changed.
        apart: the articles that were told apart from all others.
    """
    columns = {name: [getattr(link, name) for link in links] for name in LinkRow._fields}
    # Selected apart from the update, because RETURNING makes DuckDB write whole rows anew, with their keys.
    connection.execute(
        """CREATE OR REPLACE TEMP TABLE changed_forms AS
           SELECT f.article_id, f.form, c.linked_id, c.person_id, c.reason
           FROM name_forms AS f JOIN (
               SELECT unnest($block::VARCHAR[]) AS block, unnest($form::VARCHAR[]) AS form,
                      unnest($role::VARCHAR[]) AS role, unnest($register_id::VARCHAR[]) AS register_id,
                      unnest($article_id::VARCHAR[]) AS article_id, unnest($linked_id::VARCHAR[]) AS linked_id,
                      unnest($person_id::VARCHAR[]) AS person_id, unnest($reason::VARCHAR[]) AS reason
           ) AS c ON f.block = c.block AND f.form = c.form AND f.role IS NOT DISTINCT FROM c.role
               AND f.register_id IS NOT DISTINCT FROM c.register_id
               AND (f.article_id = c.article_id OR c.article_id IS NULL AND f.article_id NOT IN $apart)
           WHERE (f.linked_id, f.person_id, f.reason) IS DISTINCT FROM (c.linked_id, c.person_id, c.reason)""",
        {**columns, "apart": list(apart)},
    )
    connection.execute(
        """UPDATE name_forms SET linked_id = c.linked_id, person_id = c.person_id, reason = c.reason
           FROM changed_forms AS c WHERE name_forms.article_id = c.article_id AND name_forms.form = c.form"""
    )


def read_forms(connection: duckdb.DuckDBPyConnection, ids: Sequence[str]) -> list[FormRow]:
    """Read the forms of some people's names, over all blocks."""
    rows = connection.execute(
        """SELECT person_id, form, count(*), bool_or(linked_id = person_id),
                  list(DISTINCT coalesce(register_id, linked_id))
           FROM name_forms WHERE person_id IN (SELECT unnest(?::VARCHAR[])) GROUP BY ALL""",
        [list(ids)],
    ).fetchall()
    return [FormRow(*row) for row in rows]


def write_people(connection: duckdb.DuckDBPyConnection, people: Sequence[tuple[Person, bool]]) -> list[str]:
    """Write people with their offices, and the names of those who are called otherwise now.

    Args:
        connection: open for writing, in a transaction.
        people: each with whether only one name is known of him or her.

    Returns:
        The quotes whose speaker is called otherwise now.
    """
    ids = [person.id for person, _ in people]
    known = {
        row[0]: row[1:]
        for row in connection.execute(
            """SELECT person_id, name, aliases, register_role, party, country, gender, in_register, one_name
               FROM people WHERE person_id IN (SELECT unnest(?::VARCHAR[]))""",
            [ids],
        ).fetchall()
    }
    changed = []
    for person, one_name in people:
        role = person.role if person.in_register else None
        row = (person.name, list(person.aliases), role, person.party, person.country, person.gender)
        if known.get(person.id) != (*row, person.in_register, one_name):
            changed.append((person.id, *row, person.in_register, one_name))
    if changed:
        id, name, aliases, role_, party, country, gender, in_register, one = map(list, zip(*changed, strict=True))
        connection.execute(
            """INSERT INTO people
                   (person_id, name, aliases, register_role, party, country, gender, in_register, one_name)
               SELECT unnest(?::VARCHAR[]), unnest(?::VARCHAR[]), unnest(?::VARCHAR[][]), unnest(?::VARCHAR[]),
                      unnest(?::VARCHAR[]), unnest(?::VARCHAR[]), unnest(?::VARCHAR[]), unnest(?::BOOLEAN[]),
                      unnest(?::BOOLEAN[])
               ON CONFLICT DO UPDATE SET
                   name = excluded.name, aliases = excluded.aliases, register_role = excluded.register_role,
                   party = excluded.party, country = excluded.country, gender = excluded.gender,
                   in_register = excluded.in_register, one_name = excluded.one_name""",
            [id, name, aliases, role_, party, country, gender, in_register, one],
        )
    write_offices(connection, [person for person, _ in people])
    renamed = [row[:2] for row in changed if row[0] in known and known[row[0]][0] != row[1]]
    quote_ids = []
    if renamed:
        ids = [id for id, _ in renamed]
        quote_ids = _column(
            connection,
            """SELECT quote_id FROM quotes JOIN people AS p USING (person_id)
               WHERE p.person_id IN (SELECT unnest(?::VARCHAR[])) AND quotes.speaker <> p.name""",
            [ids],
        )
        connection.execute(
            """UPDATE quotes SET speaker = p.name FROM people AS p
               WHERE quotes.person_id = p.person_id AND p.person_id IN (SELECT unnest(?::VARCHAR[]))
                   AND quotes.speaker <> p.name""",
            [ids],
        )
        connection.execute(
            """UPDATE stances SET target = p.name, target_key = p.key
               FROM (SELECT unnest(?::VARCHAR[]) AS person_id, unnest(?::VARCHAR[]) AS name,
                            unnest(?::VARCHAR[]) AS key) AS p
               WHERE stances.person_id = p.person_id AND stances.target <> p.name""",
            [ids, *_with_keys(name for _, name in renamed)],
        )
    return quote_ids


def write_offices(connection: duckdb.DuckDBPyConnection, people: Sequence[Person]) -> None:
    """Write the offices of people in place of those that were there."""
    connection.execute(
        "DELETE FROM offices WHERE person_id IN (SELECT unnest(?::VARCHAR[]))", [[person.id for person in people]]
    )
    held = [(person.id, *office) for person in people for office in person.offices]
    if held:
        connection.execute(
            """INSERT INTO offices (person_id, title, "start", "end", country)
               SELECT unnest(?::VARCHAR[]), unnest(?::VARCHAR[]), unnest(?::DATE[]), unnest(?::DATE[]),
                      unnest(?::VARCHAR[])""",
            [list(column) for column in zip(*held, strict=True)],
        )


def refresh(connection: duckdb.DuckDBPyConnection, people: Sequence[Person]) -> None:
    """Write anew what the register says of people who are in the file; forms that articles use stay aliases.

    Args:
        connection: open for writing, in a transaction.
        people: of the register.
    """
    printed: dict[str, list[str]] = {person.id: [] for person in people}
    for row in read_forms(connection, list(printed)):
        printed[row.person_id].append(row.form)
    renamed = write_people(connection, [(with_forms(person, printed[person.id]), False) for person in people])
    tidy(connection, printed)
    repeats.follow_speakers(connection, renamed)


def with_forms(person: Person, forms: Iterable[str]) -> Person:
    """Add the forms that articles use to the aliases of a person of the register."""
    more = sorted({form for form in forms if form not in (person.name, *person.aliases)})
    return replace(person, aliases=(*person.aliases, *more))


def _column(connection: duckdb.DuckDBPyConnection, query: str, values: list[Any]) -> list[str]:
    return [row[0] for row in connection.execute(query, values).fetchall()]


def _with_keys(names_: Iterable[str]) -> tuple[list[str], list[str]]:
    given = list(names_)
    return given, [names.target_key(name) for name in given]


def carry_over(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Carry the persons of the forms that ``write_links`` changed over to their quotes and stances.

    In steps, because DuckDB 1.5.5 would join stances with forms by name alone first, which takes minutes.

    Returns:
        The quotes whose speaker is another now.
    """
    connection.execute(
        """CREATE OR REPLACE TEMP TABLE changed_rows AS
           SELECT q.quote_id, f.person_id, p.name
           FROM quotes AS q
           JOIN changed_forms AS f ON f.article_id = q.article_id AND f.form = q.speaker_form
           JOIN people AS p ON p.person_id = f.person_id
           WHERE q.speaker_type = 'person'
               AND (q.person_id IS DISTINCT FROM f.person_id OR q.speaker IS DISTINCT FROM p.name)"""
    )
    connection.execute(
        """UPDATE quotes SET person_id = c.person_id, speaker = c.name
           FROM changed_rows AS c WHERE quotes.quote_id = c.quote_id"""
    )
    moved = _column(connection, "SELECT quote_id FROM changed_rows", [])
    connection.execute(
        """CREATE OR REPLACE TEMP TABLE changed_rows AS
           WITH aimed AS MATERIALIZED (
               SELECT s.quote_id, s.target, s.target_form, s.person_id, q.article_id
               FROM stances AS s JOIN quotes AS q USING (quote_id)
               WHERE s.target_type = 'person' AND q.article_id IN (SELECT article_id FROM changed_forms))
           SELECT s.quote_id, s.target_form, f.person_id, p.name
           FROM aimed AS s
           JOIN changed_forms AS f ON f.article_id = s.article_id AND f.form = s.target_form
           JOIN people AS p ON p.person_id = f.person_id
           WHERE s.person_id IS DISTINCT FROM f.person_id OR s.target IS DISTINCT FROM p.name"""
    )
    found = connection.execute("SELECT DISTINCT name FROM changed_rows").fetchall()
    connection.execute(
        """UPDATE stances SET person_id = c.person_id, target = c.name, target_key = k.key
           FROM changed_rows AS c
           JOIN (SELECT unnest(?::VARCHAR[]) AS name, unnest(?::VARCHAR[]) AS key) AS k USING (name)
           WHERE stances.quote_id = c.quote_id AND stances.target_form = c.target_form""",
        list(_with_keys(row[0] for row in found)),
    )
    return moved


def people_to_look_at(connection: duckdb.DuckDBPyConnection, blocks: Sequence[str]) -> set[str]:
    """Give the people who lost a form of these blocks."""
    rows = connection.execute(
        """SELECT DISTINCT person_id FROM blocks_to_link
           WHERE person_id IS NOT NULL AND block IN (SELECT unnest(?::VARCHAR[]))""",
        [list(blocks)],
    ).fetchall()
    return {row[0] for row in rows}


def mark_linked(connection: duckdb.DuckDBPyConnection, blocks: Sequence[str]) -> None:
    """Take blocks off the list of those that are to be linked."""
    connection.execute("DELETE FROM blocks_to_link WHERE block IN (SELECT unnest(?::VARCHAR[]))", [list(blocks)])


def tidy(connection: duckdb.DuckDBPyConnection, ids: Iterable[str]) -> None:
    """Delete those of these people whom nothing mentions any more; give the others their newest office."""
    given = {"ids": sorted(ids)}
    if not given["ids"]:
        return
    connection.execute(
        """DELETE FROM people WHERE person_id IN (SELECT unnest($ids::VARCHAR[]))
               AND NOT EXISTS (FROM name_forms WHERE name_forms.person_id = people.person_id)""",
        given,
    )
    connection.execute(
        """DELETE FROM offices WHERE person_id IN (SELECT unnest($ids::VARCHAR[]))
               AND NOT EXISTS (FROM people WHERE people.person_id = offices.person_id)""",
        given,
    )
    connection.execute(
        """UPDATE people SET role = coalesce(newest.role, people.register_role)
           FROM (
               SELECT p.person_id, arg_max(
                   f.role, (coalesce(a.published, DATE '0001-01-01'), a.article_id, f.form)
               ) FILTER (f.role IS NOT NULL) AS role
               FROM people AS p
               LEFT JOIN name_forms AS f ON f.person_id = p.person_id
               LEFT JOIN articles AS a ON a.article_id = f.article_id
               WHERE p.person_id IN (SELECT unnest($ids::VARCHAR[])) GROUP BY p.person_id
           ) AS newest
           WHERE people.person_id = newest.person_id
               AND people.role IS DISTINCT FROM coalesce(newest.role, people.register_role)""",
        given,
    )


def link_again(connection: duckdb.DuckDBPyConnection, ids: Sequence[str] | None = None) -> None:
    """Note that the blocks of some people, or of all, must be linked anew."""
    connection.execute(
        """INSERT INTO blocks_to_link (block) SELECT DISTINCT block FROM name_forms
           WHERE $ids IS NULL OR list_has_any($ids::VARCHAR[], [person_id, linked_id])""",
        {"ids": None if ids is None else list(ids)},
    )


def read_looked_up(connection: duckdb.DuckDBPyConnection) -> list[LookedUpRow]:
    """Read all name forms with what the register said of them."""
    rows = connection.execute(
        """SELECT f.article_id, f.form, f.role, a.published, f.register_id
           FROM name_forms AS f JOIN articles AS a USING (article_id)"""
    ).fetchall()
    return [LookedUpRow(*row) for row in rows]


def write_looked_up(connection: duckdb.DuckDBPyConnection, changed: Sequence[tuple[str, str, str | None]]) -> None:
    """Write down whom the register takes name forms for: article, form, and the register's id."""
    if changed:
        connection.execute(
            """UPDATE name_forms SET register_id = c.register_id
               FROM (SELECT unnest(?::VARCHAR[]) AS article_id, unnest(?::VARCHAR[]) AS form,
                            unnest(?::VARCHAR[]) AS register_id) AS c
               WHERE name_forms.article_id = c.article_id AND name_forms.form = c.form""",
            [list(column) for column in zip(*changed, strict=True)],
        )


def all_ids(connection: duckdb.DuckDBPyConnection) -> set[str]:
    """Give the ids of all people."""
    return {row[0] for row in connection.execute("SELECT person_id FROM people").fetchall()}


def read_mentions(connection: duckdb.DuckDBPyConnection, person_id: str) -> list[tuple[Any, ...]]:
    """Read the name forms of one person: form, reason, linked id, article, its day, title and the role in it."""
    return connection.execute(
        """SELECT f.form, f.reason, f.linked_id, f.article_id, a.published, a.title, f.role
           FROM name_forms AS f JOIN articles AS a USING (article_id)
           WHERE f.person_id = ? ORDER BY f.form, a.published DESC NULLS LAST, f.article_id""",
        [person_id],
    ).fetchall()
