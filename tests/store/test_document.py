"""docs/schema.md says what the file holds, and all that it shows works, here and in DuckDB's own client."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import duckdb
import pytest

from quotes.store import document, reading
from quotes.store.document import WorkedQuery

DOCS = Path(__file__).parents[2] / "docs"
QUERIES = document.read_queries((DOCS / "queries.sql").read_text(encoding="utf8"))
MAY_BE_EMPTY = {"repeats_view", "conflicts_view", "placed_corrections", "corrected_people"}
ARGUMENTS = {"search_scores": "[1]", "search_statements": "'the government'"}

Ask = Callable[[str], list[dict[str, Any]]]


@pytest.fixture(scope="session")
def ask(sample_tracker: Path) -> Ask:
    """Put a query to the client of the package duckdb-cli, which knows nothing of ours."""
    found = find_spec("duckdb_cli")
    if found is None or found.origin is None:
        pytest.skip("the package duckdb-cli is not installed")
    client = Path(found.origin).with_name("duckdb")

    def ask(query: str) -> list[dict[str, Any]]:
        command: list[str | Path] = [client, "-no-init", "-readonly", "-json", sample_tracker, "-c", query]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        assert (done.returncode, done.stderr) == (0, ""), query
        return json.loads(done.stdout or "[]")  # type: ignore[no-any-return]

    return ask


def test_the_page_is_as_the_file_is(sample_tracker: Path) -> None:
    with reading(sample_tracker, 5) as connection:
        page = document.write(connection, QUERIES)
    assert (DOCS / "schema.md").read_text(encoding="utf8") == page, "run `make docs`"


def test_there_are_twenty_worked_queries_and_each_asks_something() -> None:
    assert len(QUERIES) >= 20
    assert [query.question for query in QUERIES if not query.question.endswith("?")] == []


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.question)
def test_each_worked_query_has_an_answer(sample_tracker: Path, query: WorkedQuery) -> None:
    with reading(sample_tracker, 5) as connection:
        assert connection.execute(query.sql).fetchall()


def test_each_worked_query_gives_the_same_however_the_rows_lie(sample_tracker: Path, tmp_path: Path) -> None:
    file = tmp_path / "quotes.duckdb"
    shutil.copy(sample_tracker, file)
    with duckdb.connect(file) as connection:
        before = [connection.execute(query.sql).fetchall() for query in QUERIES]
        for (table,) in connection.execute("SELECT table_name FROM duckdb_tables() WHERE NOT internal").fetchall():
            connection.execute(f"CREATE TEMP TABLE turned AS SELECT * FROM {table} ORDER BY hash({table}), rowid DESC")
            connection.execute(f"DELETE FROM {table}; INSERT INTO {table} SELECT * FROM turned; DROP TABLE turned")
        for query, rows in zip(QUERIES, before, strict=True):
            assert connection.execute(query.sql).fetchall() == rows, query.question


def test_each_worked_query_gives_the_same_in_duckdbs_own_client(sample_tracker: Path, ask: Ask) -> None:
    for query in QUERIES:
        with reading(sample_tracker, 5) as connection:
            rows = connection.execute(query.sql).fetchall()
        assert len(ask(query.sql)) == len(rows), query.question


def test_each_view_and_macro_works_in_duckdbs_own_client(sample_tracker: Path, ask: Ask) -> None:
    views = ask("SELECT view_name FROM duckdb_views() WHERE NOT internal AND schema_name = 'main'")
    assert {"statements_view", "people_view", "topics_view"} <= {view["view_name"] for view in views}
    for view in views:
        assert ask(f"SELECT count(*) AS n FROM {view['view_name']}")[0]["n"] > 0 or view["view_name"] in MAY_BE_EMPTY
    macros = ask(
        """SELECT function_name AS name, function_type AS type, len(parameters) AS takes
           FROM duckdb_functions() WHERE NOT internal AND schema_name = 'main'"""
    )
    assert {"statements_by", "stance_of"} <= {macro["name"] for macro in macros}
    for macro in macros:
        given = ARGUMENTS.get(macro["name"], ", ".join(["'a'"] * macro["takes"]))
        call = f"{macro['name']}({given})"
        assert ask(f"FROM {call}" if macro["type"] == "table_macro" else f"SELECT {call}")


def test_a_reference_in_a_comment_becomes_a_line_of_the_diagram(sample_tracker: Path) -> None:
    with reading(sample_tracker, 5) as connection:
        diagram = document.write(connection, []).partition("```mermaid")[2].partition("```")[0]
    assert "articles ||--o{ quotes : article_id" in diagram
    assert "people |o--o{ quotes : person_id" in diagram


def test_a_block_that_is_only_a_comment_is_no_query() -> None:
    text = "-- Head.\n-- More.\n\n-- Who\n-- is it?\nSELECT 1,\n    2;\n"
    assert document.read_queries(text) == [WorkedQuery("Who is it?", "SELECT 1,\n    2")]
