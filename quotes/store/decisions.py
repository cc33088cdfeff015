"""What users decided about people, as SQL."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import duckdb

from quotes.store.linking import link_again


class DecisionRow(NamedTuple):
    """A row of ``people_decisions``; times are seconds since 1970."""

    decision_id: int
    decided_at: float
    decided_by: str
    person_id: str
    to_id: str
    forms: list[str]
    articles: list[str]
    pins: list[dict[str, str]]
    undone_at: float | None
    undone_by: str | None


def read_decisions(connection: duckdb.DuckDBPyConnection, also_undone: bool = False) -> list[DecisionRow]:
    """Read what users decided about people, in the order in which it is applied."""
    # epoch, because fetching a TIMESTAMPTZ would need pytz.
    rows = connection.execute(
        """SELECT decision_id, epoch(decided_at), decided_by, person_id, to_id, forms, articles, pins, epoch(undone_at),
                  undone_by
           FROM people_decisions WHERE undone_at IS NULL OR $also ORDER BY decision_id""",
        {"also": also_undone},
    ).fetchall()
    return [DecisionRow(*row) for row in rows]


def write_decision(
    connection: duckdb.DuckDBPyConnection,
    by: str,
    person_id: str,
    to_id: str,
    forms: Sequence[str],
    articles: Sequence[str],
) -> int:
    """Write down a decision and that everybody it concerns must be linked anew.

    The first mentions of both people are kept with it, by which they keep their ids.

    Args:
        connection: open for writing, in a transaction.
        by: who decides.
        person_id: whose mentions are moved.
        to_id: to whom.
        forms: which forms.
        articles: which articles; where there are neither, everything is moved.

    Returns:
        The number of the decision.
    """
    row = connection.execute(
        """INSERT INTO people_decisions (decision_id, decided_at, decided_by, person_id, to_id, forms, articles, pins)
           SELECT (SELECT coalesce(max(decision_id), 0) + 1 FROM people_decisions), now(), $by, $one, $other,
                  $forms, $articles, coalesce(
               (SELECT list({'article_id': article_id, 'form': form, 'person_id': linked_id}) FROM (
                   SELECT f.article_id, f.form, f.linked_id FROM name_forms AS f JOIN articles AS a USING (article_id)
                   WHERE f.linked_id IN ($one, $other)
                   QUALIFY row_number() OVER (
                       PARTITION BY f.linked_id ORDER BY a.published NULLS LAST, f.article_id, f.form) <= 5)), [])
           RETURNING decision_id""",
        {"by": by, "one": person_id, "other": to_id, "forms": list(forms), "articles": list(articles)},
    ).fetchone()
    assert row is not None
    link_again(connection, [person_id, to_id])
    return int(row[0])


def undo_decision(connection: duckdb.DuckDBPyConnection, number: int, by: str) -> DecisionRow | None:
    """Undo a decision, and note that everybody it concerns must be linked anew.

    Args:
        connection: open for writing, in a transaction.
        number: the decision.
        by: who undoes it.

    Returns:
        The decision as it was; None where there is none of this number that holds.
    """
    found = next((row for row in read_decisions(connection) if row.decision_id == number), None)
    if found:
        connection.execute(
            "UPDATE people_decisions SET undone_at = now(), undone_by = $by WHERE decision_id = $number",
            {"by": by, "number": number},
        )
        link_again(connection, [found.person_id, found.to_id])
    return found
