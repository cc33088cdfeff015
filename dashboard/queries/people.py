"""Who there is, how they stand, and who speaks about whom."""

from __future__ import annotations

from unicodedata import combining, normalize

import duckdb

from dashboard.queries.keeping import kept
from dashboard.queries.narrow import narrow
from dashboard.queries.parts import COUNTED, OF_CLASS, TALLY, TOLD, fetch_all
from dashboard.records import UTTERANCES, PersonCount, Tally
from quotes.records import Person


@kept
def people(db: duckdb.DuckDBPyConnection, limit: int = 2000) -> list[PersonCount]:
    """List people by the number of their statements, the most quoted first; people never quoted are left out."""
    rows = fetch_all(
        narrow(db),
        f"""SELECT person_id, name, role, n, aliases
           FROM (SELECT q.person_id, count(*) AS n {COUNTED} WHERE q.person_id IS NOT NULL AND {OF_CLASS} GROUP BY 1)
           JOIN people USING (person_id) ORDER BY n DESC, name, person_id LIMIT $limit""",
        classes=UTTERANCES,
        limit=limit,
    )
    return [PersonCount(key, name, role, n, tuple(aliases)) for key, name, role, n, aliases in rows]


@kept
def find_people(db: duckdb.DuckDBPyConnection, words: str, limit: int) -> list[PersonCount]:
    """Find people whose name or an alias holds all the words, whatever their case and accents, the most quoted first.

    Args:
        db: an open connection.
        words: what was typed.
        limit: how many people at most.
    """
    rows = fetch_all(
        narrow(db),
        f"""SELECT person_id, name, role,
                   (SELECT count(*) {COUNTED} WHERE q.person_id = p.person_id AND {OF_CLASS}) AS n, aliases
            FROM people AS p
            WHERE list_bool_or(list_transform([name] || aliases, lambda known: list_bool_and(list_transform(
                string_split($words, ' '), lambda word: contains(lower(strip_accents(known)), word)))))
            ORDER BY n DESC, name, person_id LIMIT $limit""",
        classes=UTTERANCES,
        words=" ".join(_folded(words).split()),
        limit=limit,
    )
    return [PersonCount(key, name, role, n, tuple(aliases)) for key, name, role, n, aliases in rows]


@kept
def speakers_about(db: duckdb.DuckDBPyConnection, person_id: str, limit: int) -> list[PersonCount]:
    """List who speaks about a person, with the number of those statements, the most outspoken first."""
    rows = fetch_all(
        narrow(db),
        f"""SELECT p.person_id, any_value(p.name), any_value(p.role), count(DISTINCT q.n) AS n
            {TOLD} JOIN people AS p ON p.person_id = q.person_id
            WHERE s.person_id = $person AND {OF_CLASS} GROUP BY 1 ORDER BY n DESC, 2, 1 LIMIT $limit""",
        person=person_id,
        classes=UTTERANCES,
        limit=limit,
    )
    return [PersonCount(*row) for row in rows]


def person(db: duckdb.DuckDBPyConnection, person_id: str) -> Person | None:
    """Look up one person."""
    rows = fetch_all(
        db,
        """SELECT person_id, name, aliases, role, party, country, gender, in_register
           FROM people WHERE person_id = $person""",
        person=person_id,
    )
    return Person(rows[0][0], rows[0][1], tuple(rows[0][2]), *rows[0][3:]) if rows else None


@kept
def stances_by_target(db: duckdb.DuckDBPyConnection, person_id: str, limit: int) -> list[tuple[str, Tally]]:
    """Tally one person's stances by target, the targets most spoken about first."""
    rows = fetch_all(
        narrow(db),
        f"""SELECT s.target, {TALLY} {TOLD}
            WHERE q.person_id = $person AND {OF_CLASS} GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT $limit""",
        person=person_id,
        classes=UTTERANCES,
        limit=limit,
    )
    return [(target, Tally(*counts)) for target, *counts in rows]


@kept
def compared(db: duckdb.DuckDBPyConnection, one: str, other: str, limit: int) -> list[tuple[str, Tally, Tally]]:
    """Tally two people's stances toward the targets of both.

    Args:
        db: an open connection.
        one: the id of one person.
        other: the id of the other.
        limit: how many targets at most.

    Returns:
        For each target the tallies of both, those most spoken about first.
    """
    rows = fetch_all(
        narrow(db),
        f"""WITH taken AS (
                SELECT s.target, q.person_id, {TALLY.strip()}, count(*) AS n
                {TOLD} WHERE q.person_id IN ($one, $other) AND {OF_CLASS} GROUP BY 1, 2)
            SELECT * FROM taken WHERE target IN (
                SELECT target FROM taken GROUP BY 1 HAVING count(*) = 2 ORDER BY sum(n) DESC, 1 LIMIT $limit)
            ORDER BY sum(n) OVER (PARTITION BY target) DESC, target""",
        one=one,
        other=other,
        classes=UTTERANCES,
        limit=limit,
    )
    found: dict[str, dict[str, Tally]] = {}
    for target, who, *counts, _ in rows:
        found.setdefault(target, {})[who] = Tally(*counts)
    return [(target, both[one], both[other]) for target, both in found.items()]


@kept
def count_about(db: duckdb.DuckDBPyConnection, person_id: str) -> dict[str, int]:
    """Count the statements about a person, by the name under which the stances have him or her as target."""
    rows = fetch_all(
        narrow(db),
        f"""SELECT s.target, count(*) AS n {TOLD}
            WHERE s.person_id = $person AND {OF_CLASS} GROUP BY 1 ORDER BY n DESC, 1""",
        person=person_id,
        classes=UTTERANCES,
    )
    return dict(rows)


def _folded(words: str) -> str:
    """Take case and accents away, as ``lower(strip_accents(...))`` does in SQL."""
    return "".join(c for c in normalize("NFD", words) if not combining(c)).lower()
