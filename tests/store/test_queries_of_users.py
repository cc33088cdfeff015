from __future__ import annotations

from pathlib import Path

import pytest

from quotes.errors import QueryError
from quotes.store import Result, reading, run_query


def run(path: Path, query: str, max_rows: int = 100, seconds: float = 30) -> Result:
    return run_query(path, query, 5, max_rows, seconds)


def test_a_query_gives_columns_and_rows(tracker: Path) -> None:
    result = run(tracker, "SELECT name AS who, role FROM people WHERE name LIKE 'Dov%'")
    assert result == Result(("who", "role"), (("Dov Hartwell", "Mayor of Port Sorrel"),), False)


def test_rows_beyond_the_limit_are_cut_and_it_says_so(tracker: Path) -> None:
    assert run(tracker, "FROM range(3)", max_rows=3) == Result(("range",), ((0,), (1,), (2,)), False)
    assert run(tracker, "FROM range(1000000000)", max_rows=3) == Result(("range",), ((0,), (1,), (2,)), True)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("SELEC 1", 'syntax error at or near "SELEC"'),
        ("SELECT spaeker FROM statements_view", '"spaeker" not found.*Candidate bindings'),
        ("FROM nowhere", "nowhere does not exist"),
        ("SELECT 'a'::INTEGER", "Could not convert"),
        ("", "no query"),
        (" ; ", "no query"),
    ],
)
def test_a_wrong_query_is_answered_in_duckdbs_words(tracker: Path, query: str, words: str) -> None:
    with pytest.raises(QueryError, match=f"(?s){words}"):
        run(tracker, query)


@pytest.mark.parametrize(
    "query",
    [
        "DELETE FROM quotes",
        "DROP VIEW statements_view",
        "CREATE TABLE mine (a INTEGER)",
        "UPDATE people SET name = 'x'",
        "SELECT * FROM read_text('{file}')",
        "SELECT * FROM '{file}'",
        "SELECT * FROM glob('{folder}/*')",
        "COPY (SELECT 1) TO '{folder}/out.csv'",
        "ATTACH '{folder}/other.duckdb'",
        "EXPORT DATABASE '{folder}/out'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SELECT * FROM 'https://example.com/a.csv'",
        "SET enable_external_access = true",
        "SET memory_limit = '100GB'",
        "RESET lock_configuration",
        "SELECT 1; SET threads = 1",
    ],
)
def test_the_cage_holds(tracker: Path, tmp_path: Path, query: str) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("a\n1\n")
    with pytest.raises(QueryError):
        run(tracker, query.format(file=secret, folder=tmp_path))
    assert list(tmp_path.iterdir()) == [secret]


def test_a_query_that_takes_too_long_is_stopped(tracker: Path) -> None:
    endless = "SELECT count(*) FROM range(1000000000) AS a, range(1000000000) AS b WHERE a.range + b.range = -1"
    with pytest.raises(QueryError, match="stopped after"):
        run(tracker, endless, seconds=0.3)


def test_a_query_that_takes_too_much_memory_is_stopped(tracker: Path) -> None:
    with pytest.raises(QueryError, match="Out of Memory"):
        run(tracker, "SELECT list(repeat('x', 10000) || i) FROM range(1000000) AS t(i)")
    assert not tracker.with_name(tracker.name + ".tmp").exists()


def test_the_cage_can_be_entered_twice(tracker: Path) -> None:
    with reading(tracker, 5):
        assert run(tracker, "SELECT 1").rows == ((1,),)
        assert run(tracker, "SELECT 2").rows == ((2,),)


def test_the_file_is_free_after_a_wrong_query(tracker: Path) -> None:
    with pytest.raises(QueryError):
        run(tracker, "FROM nowhere")
    assert run(tracker, "SELECT 3").rows == ((3,),)
