"""Who stands how toward whom and what: the matrix, and a target's own page."""

from __future__ import annotations

import duckdb

from dashboard.queries.keeping import kept
from dashboard.queries.narrow import narrow
from dashboard.queries.parts import OF_CLASS, TALLY, TOLD, conditions_of, fetch_all, fetch_one
from dashboard.records import UTTERANCES, Filter, Matrix, MonthCount, PersonCount, SpeakerTally, Tally, TargetCount


@kept
def targets(db: duckdb.DuckDBPyConnection, limit: int) -> list[TargetCount]:
    """List whom and what most statements are about."""
    rows = fetch_all(
        narrow(db),
        f"""SELECT s.target, count(*) AS n {TOLD} WHERE {OF_CLASS} GROUP BY 1 ORDER BY n DESC, 1 LIMIT $limit""",
        classes=UTTERANCES,
        limit=limit,
    )
    return [TargetCount(*row) for row in rows]


@kept
def target_months(db: duckdb.DuckDBPyConnection, wanted: Filter) -> list[MonthCount]:
    """Count the statements about the filter's target by month and stance, in order of the months."""
    memory, where, values = conditions_of(db, wanted, stances_joined=True)
    rows = fetch_all(
        memory,
        f"""SELECT date_trunc('month', q.day)::DATE, s.stance, count(*)
            {TOLD} WHERE {where} AND q.day IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 2""",
        **values,
    )
    return [MonthCount(*row) for row in rows]


@kept
def target_speakers(db: duckdb.DuckDBPyConnection, wanted: Filter, limit: int) -> list[SpeakerTally]:
    """Tally how each person stands toward the filter's target, the most outspoken first."""
    memory, where, values = conditions_of(db, wanted, stances_joined=True)
    rows = fetch_all(
        memory,
        f"""SELECT p.person_id, any_value(p.name), {TALLY} {TOLD}
            JOIN people AS p ON p.person_id = q.person_id
            WHERE {where} GROUP BY 1 ORDER BY count(*) DESC, 2, 1 LIMIT $limit""",
        limit=limit,
        **values,
    )
    return [SpeakerTally(key, name, Tally(*counts)) for key, name, *counts in rows]


@kept
def matrix(db: duckdb.DuckDBPyConnection, wanted: Filter, most_people: int, most_targets: int) -> Matrix:
    """Tally the stances of the most outspoken people toward the targets most spoken about.

    Args:
        db: an open connection.
        wanted: the filter that the statements pass.
        most_people: how many people at most.
        most_targets: how many targets at most, counted over the statements of all people.

    Returns:
        People and targets with the most statements first, and a tally for each pair that has any.
    """
    memory, where, values = conditions_of(db, wanted, stances_joined=True)
    told = f"{TOLD} WHERE {where} AND q.person_id IS NOT NULL"
    query = f"SELECT count(DISTINCT q.person_id), count(DISTINCT s.target) {told}"
    all_people, all_targets = fetch_one(memory, query, **values)
    who = fetch_all(
        memory,
        f"""SELECT person_id, name, role, n FROM (SELECT q.person_id, count(DISTINCT q.n) AS n {told} GROUP BY 1)
            JOIN people USING (person_id) ORDER BY n DESC, name, person_id LIMIT $most""",
        most=most_people,
        **values,
    )
    targets = fetch_all(
        memory,
        f"SELECT s.target, count(*) AS n {told} GROUP BY 1 ORDER BY n DESC, 1 LIMIT $most",
        most=most_targets,
        **values,
    )
    cells = fetch_all(
        memory,
        f"""SELECT q.person_id, s.target, {TALLY} {told}
            AND q.person_id IN $people AND s.target IN $targets GROUP BY 1, 2""",
        people=[row[0] for row in who],
        targets=[row[0] for row in targets],
        **values,
    )
    return Matrix(
        tuple(PersonCount(*row) for row in who),
        tuple(row[0] for row in targets),
        {(person_id, target): Tally(*counts) for person_id, target, *counts in cells},
        all_people,
        all_targets,
    )
