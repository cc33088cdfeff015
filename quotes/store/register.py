"""The people that were imported into the tracker's file, as each file of people described them."""

from __future__ import annotations

from collections.abc import Iterable

import duckdb

from quotes.records import Office, Person
from quotes.store.store import ROWS_PER_INSERT


def read_entries(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, Person]]:
    """Read all entries.

    Args:
        connection: open on a tracker's file.

    Returns:
        Pairs of the file's name and a person, in the order of their import.
    """
    rows = connection.execute(
        """SELECT source, person_id, name, aliases, party, country, gender, offices, identifiers
           FROM register ORDER BY position"""
    ).fetchall()
    return [
        (
            source,
            Person(
                person_id,
                name,
                tuple(aliases),
                party=party,
                country=country,
                gender=gender,
                in_register=True,
                offices=tuple(
                    Office(office["title"], office["start"], office["end"], office["country"]) for office in offices
                ),
                identifiers=tuple(identifiers),
            ),
        )
        for source, person_id, name, aliases, party, country, gender, offices, identifiers in rows
    ]


def write_entries(connection: duckdb.DuckDBPyConnection, source: str, people: Iterable[Person]) -> None:
    """Write entries of one file; those of it that are there under the same ids are replaced.

    Args:
        connection: open for writing, in a transaction.
        source: the file's name.
        people: the entries, with ids.
    """
    last = connection.execute("SELECT coalesce(max(position), 0) FROM register").fetchone()
    assert last is not None
    rows = [
        (
            person.id,
            source,
            position,
            person.name,
            list(person.aliases),
            person.party,
            person.country,
            person.gender,
            [office._asdict() for office in person.offices],
            list(person.identifiers),
        )
        for position, person in enumerate(people, start=last[0] + 1)
    ]
    for first in range(0, len(rows), ROWS_PER_INSERT):
        some = rows[first : first + ROWS_PER_INSERT]
        marks = ", ".join([f"({', '.join('?' * len(some[0]))})"] * len(some))
        connection.execute(
            f"""INSERT INTO register VALUES {marks}
                ON CONFLICT DO UPDATE SET
                    name = excluded.name, aliases = excluded.aliases, party = excluded.party,
                    country = excluded.country, gender = excluded.gender, offices = excluded.offices,
                    identifiers = excluded.identifiers""",
            [value for row in some for value in row],
        )
