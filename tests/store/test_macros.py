from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from quotes.store import reading


def rows(path: Path, query: str, *values: str) -> list[tuple[Any, ...]]:
    with reading(path, 5) as connection:
        return connection.execute(query, list(values)).fetchall()


@pytest.mark.parametrize(
    ("name", "speakers"), [("MARROW", ["Ilse Marrow"]), ("ilsé", ["Ilse Marrow"]), ("%", []), ("o'x", [])]
)
def test_statements_are_found_by_part_of_a_name(tracker: Path, name: str, speakers: list[str]) -> None:
    assert rows(tracker, "SELECT DISTINCT speaker FROM statements_by(?)", name) == [(one,) for one in speakers]


def test_statements_by_gives_the_newest_first(tracker: Path) -> None:
    days = [day for (day,) in rows(tracker, "SELECT coalesce(said_on, published) FROM statements_by('marrow')")]
    assert len(days) == 3
    assert days == sorted(days, reverse=True)


def test_stance_of_sums_up(tracker: Path) -> None:
    query = "SELECT speaker, target, stance, favor, against FROM stance_of(?, ?)"
    assert rows(tracker, query, "marrow", "harbour levy") == [("Ilse Marrow", "the harbour levy", "favor", 1, 0)]
    assert rows(tracker, query, "ashgrove", "LEVY") == [("Tobin Ashgrove", "the harbour levy", "against", 0, 1)]
    assert rows(tracker, query, "nobody", "levy") == []


def test_people_view_counts_what_was_said(inward_tracker: Path) -> None:
    query = "SELECT name, statements, articles, mentions FROM people_view WHERE person_id = 'ilse-marrow'"
    said = rows(
        inward_tracker,
        """SELECT count(*) FROM quotes WHERE person_id = 'ilse-marrow' AND cue_class IN ('speech', 'writing')""",
    )
    ((name, statements, articles, _),) = rows(inward_tracker, query)
    assert (name, statements, articles) == ("Ilse Marrow", said[0][0], 1)
    assert statements < rows(inward_tracker, "SELECT count(*) FROM quotes WHERE person_id = 'ilse-marrow'")[0][0]


def test_topics_view_counts(sample_tracker: Path) -> None:
    query = "SELECT sum(statements), (SELECT count(*) FROM topics) FROM topics_view"
    ((counted, all_rows),) = rows(sample_tracker, query)
    assert counted == all_rows > 0
    assert max(n for (n,) in rows(sample_tracker, "SELECT count(*) FROM topics GROUP BY quote_id")) <= 5
