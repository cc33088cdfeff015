from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from quotes.records import Problem
from quotes.store import list_people, list_statements, migrations, read_status, reading, writing


def test_people_come_with_their_statements_those_with_most_first(tracker: Path) -> None:
    with reading(tracker, 5) as connection:
        people = list_people(connection)
    counts = [person.statements for person in people]
    assert counts == sorted(counts, reverse=True)
    ilse = next(person for person in people if person.name == "Ilse Marrow")
    assert (ilse.role, ilse.party, ilse.statements, ilse.latest) == (
        "Prime Minister",
        "Orchard Party",
        3,
        date(2031, 4, 12),
    )


@pytest.mark.parametrize(
    ("name", "found"), [("MARROW", ["Ilse Marrow"]), ("dov-h", ["Dov Hartwell"]), ("%", []), ("Ilsé", ["Ilse Marrow"])]
)
def test_people_are_found_by_part_of_their_name(tracker: Path, name: str, found: list[str]) -> None:
    with reading(tracker, 5) as connection:
        assert [person.name for person in list_people(connection, name)] == found


def test_people_are_found_by_an_alias(tmp_path: Path) -> None:
    from quotes.records import Article, Person, Quote, Span, Speaker

    path = tmp_path / "quotes.duckdb"
    quote = Quote("direct", "“No”", (Span(0, 4),), speaker=Speaker("Mara Lind", "person", person_id="mara-lind"))
    with writing(path, 5) as store:
        store.save(
            store.begin([], ""), Article("a", "“No”"), [quote], [Person("mara-lind", "Mara Lind", ("Iron Mara",))]
        )
        assert [person.name for person in list_people(store.connection, "iron")] == ["Mara Lind"]


def test_statements_of_an_article_come_in_the_order_of_its_text(tracker: Path) -> None:
    with reading(tracker, 5) as connection:
        found = list_statements(connection, ["rail"])
    assert [statement.speaker for statement in found] == [
        "Velland Rail Union",
        "Dov Hartwell",
        "Tobin Ashgrove",
        "Edda Voss",
    ]
    assert {statement.article for statement in found} == {"Night trains return to the coast"}


def test_status_counts_and_gives_the_last_runs(tmp_path: Path) -> None:
    with writing(tmp_path / "quotes.duckdb", 5) as store:
        for number in range(1, 8):
            store.begin([f"source {number}"], "en_test 1.0")
        store.report(7, Problem("source 7", "It is broken.", "Mend it."))
        store.finish(7)
        status = read_status(store.connection, last=3)
    assert (status.schema_version, status.articles, status.problems) == (migrations.SCHEMA_VERSION, 0, 1)
    assert [run.sources for run in status.ingests] == [("source 7",), ("source 6",), ("source 5",)]
    newest, before, _ = status.ingests
    assert newest.finished_at
    assert newest.finished_at >= newest.started_at
    assert before.finished_at is None
