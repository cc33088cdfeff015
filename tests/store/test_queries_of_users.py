from __future__ import annotations

import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from quotes.errors import QueryError
from quotes.store import Result, reading, run_query, sql, writing


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


FORBIDDEN = """
    DELETE FROM quotes
    DROP VIEW statements_view
    CREATE TABLE mine (a INTEGER)
    UPDATE people SET name = 'x'
    INSERT INTO people (person_id) VALUES ('x')
    ALTER TABLE quotes ADD COLUMN x INTEGER
    COMMENT ON TABLE quotes IS 'x'
    CREATE MACRO mine() AS 1
    CREATE INDEX mine ON quotes (text)
    SELECT * FROM read_csv('/etc/passwd')
    SELECT * FROM read_text('{file}')
    SELECT * FROM read_blob('{file}')
    SELECT * FROM read_json('{file}')
    SELECT * FROM read_parquet('{file}')
    SELECT * FROM read_text('/proc/self/environ')
    SELECT * FROM sniff_csv('{file}')
    SELECT * FROM parquet_metadata('{file}')
    SELECT * FROM '{file}'
    SELECT * FROM glob('{folder}/*')
    SELECT * FROM query('FROM read_text(''{file}'')')
    SELECT * FROM 'https://example.com/a.csv'
    SELECT getenv('HOME')
    COPY (SELECT 1) TO '{folder}/out.csv'
    COPY quotes TO '{folder}/out.parquet'
    COPY quotes FROM '{file}'
    EXPLAIN ANALYZE COPY (SELECT 1) TO '{folder}/out.csv'
    ATTACH '{folder}/other.duckdb'
    ATTACH ':memory:' AS other
    EXPORT DATABASE '{folder}/out'
    IMPORT DATABASE '{folder}'
    INSTALL httpfs
    FORCE INSTALL json
    LOAD httpfs
    LOAD '{folder}/mine.duckdb_extension'
    CREATE SECRET mine (TYPE http)
    SET enable_external_access = true
    SET memory_limit = '100GB'
    SET GLOBAL threads = 64
    SET VARIABLE x = 1
    SET temp_directory = '{folder}'
    RESET lock_configuration
    RESET memory_limit
    PRAGMA memory_limit = '100GB'
    PRAGMA enable_profiling
    PRAGMA profiling_output = '{folder}/profile'
    PRAGMA disable_optimizer
    CALL enable_logging(storage = 'file', storage_path = '{folder}/log')
    FROM enable_logging(storage = 'file', storage_path = '{folder}/log'); SELECT 1
    CHECKPOINT
    VACUUM
    BEGIN; SELECT 1
    PREPARE mine AS SELECT 1
    PREPARE mine AS FROM read_text('{file}'); EXECUTE mine
    SELECT 1; SET threads = 1
    SELECT 1; DELETE FROM quotes; SELECT 2
""".strip().splitlines()


@pytest.mark.parametrize("query", [query.strip() for query in FORBIDDEN])
def test_the_cage_holds(tracker: Path, tmp_path: Path, query: str) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("a\n1\n")
    before = tracker.read_bytes()
    with pytest.raises(QueryError):
        run(tracker, query.format(file=secret, folder=tmp_path))
    assert list(tmp_path.iterdir()) == [secret]
    assert tracker.read_bytes() == before


def test_several_questions_give_the_rows_of_the_last(tracker: Path) -> None:
    assert run(tracker, "SELECT 1; FROM range(2)").rows == ((0,), (1,))
    assert run(tracker, "PIVOT (SELECT kind FROM quotes) ON kind").rows  # which DuckDB makes two statements of


# Too much in one way or another; several went on without end before queries had processes of their own.
EXCESSIVE = """
    WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n
    SELECT count(*) FROM range(100000) AS a, range(100000) AS b WHERE a.range * b.range % 7 = 3
    SELECT levenshtein(repeat('a', 200000), repeat('b', 200000))
    SELECT damerau_levenshtein(repeat('a', 20000), repeat('b', 20000))
    SELECT jaro_winkler_similarity(repeat('ab', 2000000), repeat('ba', 2000000))
    SELECT list_sum(list_transform(range(200000000), x -> x * x))
    SELECT list_reduce(range(1, 300000000), (a, b) -> a + b)
    SELECT len(range(1000000000))
    SELECT md5(repeat('x', 3000000000))
    SELECT lpad('x', 2000000000, 'y')
    SELECT map(range(100000000), range(100000000))
    SELECT string_agg(repeat('x', 1000), '') FROM range(100000000)
    SELECT list(repeat('x', 10000) || i) FROM range(1000000) AS t(i)
    SELECT * FROM range(100000000) ORDER BY random()
    CREATE TEMP TABLE large AS SELECT range, repeat('x', 1000) AS x FROM range(100000000)
""".strip().splitlines()


@pytest.mark.parametrize("query", [query.strip() for query in EXCESSIVE])
def test_what_takes_too_much_time_or_memory_is_stopped(tracker: Path, query: str) -> None:
    with pytest.raises(QueryError, match=r"stopped after|[Mm]emory"):
        run(tracker, query, seconds=1)
    assert not left_behind()
    assert run(tracker, "SELECT 7").rows == ((7,),)
    with writing(tracker, 5):  # nothing keeps the file
        pass


def left_behind() -> list[str]:
    """The processes that queries of this process left behind, from what Linux says of its children."""
    children = Path(f"/proc/self/task/{os.getpid()}/children")
    return [
        name
        for name in (children.read_text().split() if children.exists() else [])
        if "caged.py" in Path(f"/proc/{name}/cmdline").read_text()
    ]


def test_a_process_that_ends_in_the_middle_ends_nothing_else(tracker: Path) -> None:
    """As DuckDB 1.5.5 ends it where its log cannot be written, and the system where memory is short."""
    ended: list[str] = []
    endless = "SELECT count(*) FROM range(1000000) AS a, range(1000000) AS b WHERE a.range * b.range % 7 = 3"

    def end() -> None:
        deadline = time.monotonic() + 30
        while not ended and time.monotonic() < deadline:
            for child in left_behind():
                os.kill(int(child), signal.SIGKILL)
                ended.append(child)
            time.sleep(0.01)

    if not Path(f"/proc/self/task/{os.getpid()}/children").exists():
        pytest.skip("only Linux tells which processes are ours")
    with ThreadPoolExecutor() as beside:
        beside.submit(end)
        with pytest.raises(QueryError, match="broke off"):
            run(tracker, endless)
    assert len(ended) == 1
    assert run(tracker, "SELECT 3").rows == ((3,),)


def test_a_log_is_written_nowhere(tracker: Path, tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "none"):
        with pytest.raises(QueryError):
            run(tracker, f"FROM enable_logging(storage = 'file', storage_path = '{folder}'); SELECT 1")
    assert list(tmp_path.iterdir()) == []
    assert run(tracker, "SELECT 3").rows == ((3,),)


def test_a_result_may_have_only_so_many_bytes(tracker: Path) -> None:
    query = "SELECT repeat('x', 1000) FROM range(1000)"
    result = run_query(tracker, query, 5, 5_000, max_bytes=500_000)
    assert result.cut
    assert 300 < len(result.rows) < 500
    with pytest.raises(QueryError, match="too large"):
        run_query(tracker, "SELECT repeat('x', 1000000)", 5, 10, max_bytes=500_000)


def test_values_of_every_type_come_back_as_they_are(tracker: Path) -> None:
    def types(result: list[Any] | tuple[Any, ...]) -> list[type]:
        return [type(value) for row in result for value in row]

    query = "FROM test_all_types()"
    with reading(tracker, 5) as connection:
        direct = connection.execute(query).fetchall()
    through = run(tracker, query).rows
    assert types(through) == types(direct)
    assert repr(list(through)) == repr(direct)


def test_only_so_many_queries_run_at_once(tracker: Path) -> None:
    with ExitStack() as taken:
        for _ in range(sql.AT_ONCE):
            sql._turns.acquire()
            taken.callback(sql._turns.release)
        with pytest.raises(QueryError, match="running already"):
            run(tracker, "SELECT 1", seconds=0.1)
    assert run(tracker, "SELECT 1").rows == ((1,),)


def test_a_query_that_needs_more_memory_fails_and_fills_no_disk(tracker: Path) -> None:
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
