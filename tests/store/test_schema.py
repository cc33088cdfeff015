from __future__ import annotations

from pathlib import Path

import pytest

from quotes.store import reading

TABLES = (
    "schema_version",
    "ingests",
    "articles",
    "fetches",
    "article_bands",
    "people",
    "quotes",
    "stances",
    "topics",
    "ingest_problems",
    "offices",
    "register",
    *("search_words", "search_docs", "search_postings", "search_index", "meanings"),
    *("corrections", "fingerprints", "repeat_pairs", "repeats"),
)
TABLES_OF_LINKING = ("name_forms", "blocks_to_link", "people_decisions")
STATEMENT = [
    "quote_id",
    "speaker",
    "speaker_type",
    "role",
    "person_id",
    "kind",
    "text",
    "cue",
    "cue_class",
    "source",
    "said_on",
    "said_on_precision",
    "said_on_text",
    "venue",
    "confidence",
    "stances",
    "topics",
    "article_id",
    "title",
    "publisher",
    "published",
    "url",
    "spans",
    "copy_of",
    "review",
]


@pytest.mark.parametrize(
    "listing",
    [
        "SELECT table_name, comment FROM duckdb_tables()",
        "SELECT view_name, comment FROM duckdb_views() WHERE NOT internal",
        "SELECT function_name, comment FROM duckdb_functions() WHERE NOT internal AND schema_name = 'main'",
        "SELECT table_name || '.' || column_name, comment FROM duckdb_columns() WHERE NOT internal",
    ],
)
def test_everything_has_a_comment(tracker: Path, listing: str) -> None:
    with reading(tracker, 5) as connection:
        comments = dict(connection.execute(listing).fetchall())
    assert comments
    assert [name for name, comment in comments.items() if not comment] == []


def test_tables_are_those_of_the_design(tracker: Path) -> None:
    with reading(tracker, 5) as connection:
        tables = connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()
    assert {name for (name,) in tables} == {*TABLES, *TABLES_OF_LINKING}


def test_statements_view_joins_what_people_want_to_see(tracker: Path) -> None:
    with reading(tracker, 5) as connection:
        answer = connection.execute("SELECT * FROM statements_view WHERE text LIKE '%fairest%'")
        assert answer.description
        row = dict(zip([column[0] for column in answer.description], answer.fetchall()[0], strict=True))
    assert list(row) == STATEMENT
    assert (row["speaker"], row["role"], row["cue"], row["source"]) == (
        "Ilse Marrow",
        "Prime Minister",
        "said",
        "Marrow",
    )
    assert [(stance["target"], stance["stance"]) for stance in row["stances"]] == [
        ("the harbour levy", "favor"),
        ("Tobin Ashgrove", "against"),
    ]
    assert len(row["spans"]) == 2


def test_statements_view_keeps_quotes_without_speaker_or_stance(hostile_tracker: Path) -> None:
    with reading(hostile_tracker, 5) as connection:
        rows = connection.execute("SELECT speaker, stances FROM statements_view WHERE text = 'A line after it'")
        assert rows.fetchall() == [(None, [])]
