"""Kill -9 at any moment loses at most the article in hand, and leaves a file that opens and fits together."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import killing
import pytest

from quotes.settings import shipped
from quotes.store import checking
from quotes.store.export import Format, export
from quotes.store.migrations import SCHEMA_VERSION
from quotes.store.store import reading

NOT_COMPARED = {
    "ingest_id", "started_at", "finished_at", "fetched_at", "decided_at", "made_at", "correction_id", "undoes", "docid",
    "termid",
}  # fmt: skip
"""Runs and times, and numbers that count up."""
APART = ("ingests", "search_index", "search_docs", "search_postings", "search_words")
"""Tables of the index of words are compared by what they mean."""
INDEX = {
    "documents": "SELECT quote_id, size FROM search_docs",
    "words": """SELECT DISTINCT quote_id, term FROM search_postings
                JOIN search_docs USING (docid) JOIN search_words USING (termid)""",
}
PEOPLE = """name,aliases,party,country,title,start,end
Mara Lind,,Ferry Party,SE,Mayor of Vell,2030-01-01,
William Marsh,Bill Marsh,Quay Party,SE,Senator,2030-01-01,2031-12-31
"""


@pytest.fixture(scope="module", autouse=True)
def light_processes() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(Path(__file__).parent))
        patch.setenv("OMP_NUM_THREADS", "1")
        yield


def contents(path: Path) -> dict[str, list[str]]:
    """Give all rows of all tables, in an order of their own."""
    with reading(path, killing.WAIT) as connection:
        tables = [row[0] for row in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()]
        found: dict[str, list[str]] = {}
        for table in tables:
            if table in APART:
                continue
            columns = [
                row[0] for row in connection.execute(f"DESCRIBE {table}").fetchall() if row[0] not in NOT_COMPARED
            ]
            rows = connection.execute(f"SELECT {', '.join(map(_quoted, columns))} FROM {table}").fetchall()
            found[table] = sorted(map(repr, rows))
        for name, query in INDEX.items():
            found[name] = sorted(map(repr, connection.execute(query).fetchall()))
    return found


def _quoted(column: str) -> str:
    return f'"{column}"'


def assert_whole(path: Path) -> None:
    with reading(path, killing.WAIT) as connection:
        assert [finding for finding in checking.check(connection) if finding.wrong] == []


def assert_same(path: Path, other: Path) -> None:
    one, two = contents(path), contents(other)
    assert one.keys() == two.keys()
    for table in one:
        assert one[table] == two[table], table


def kill_an_ingest(folder: Path, kills: int, articles: int, seed: int) -> Counter[str]:
    """Kill an ingest at random moments, as often as told, and compare what came of it with an undisturbed run.

    A run goes on with the one that was killed, or begins anew. Where it ends before its moment comes, the next version
    of the articles is ingested.
    """
    draw = random.Random(seed)
    disturbed, undisturbed = folder / "disturbed.duckdb", folder / "undisturbed.duckdb"
    corpus = killing.write_articles(folder / "0.jsonl", articles, 0)
    length = killing.finish("ingest", undisturbed, corpus)
    version, landed = 0, Counter[str]()
    while landed.total() < kills:
        anywhere = "starting" if draw.random() < 0.1 else None
        operation = "resume" if is_unfinished(disturbed, corpus) and draw.random() < 0.5 else "ingest"
        phase = killing.kill(operation, disturbed, corpus, draw.uniform(0, length / min(8, kills)), anywhere)
        if disturbed.exists():
            assert_whole(disturbed)
        if phase != "done":
            landed[phase] += 1
            continue
        version += 1
        corpus = killing.write_articles(folder / f"{version}.jsonl", articles, version)
        killing.finish("ingest", undisturbed, corpus)
    killing.finish("ingest", disturbed, corpus)
    assert_whole(disturbed)
    assert_same(disturbed, undisturbed)
    sys.stdout.write(f"killed in {dict(landed)}, {version + 1} versions of {articles} articles, seed {seed}\n")
    return landed


def is_unfinished(path: Path, corpus: Path) -> bool:
    if not path.exists():
        return False
    with reading(path, killing.WAIT) as connection:
        query = "SELECT 1 FROM ingests WHERE finished_at IS NULL AND sources = [?]"
        return connection.execute(query, [str(corpus)]).fetchone() is not None


def test_an_ingest_may_be_killed(tmp_path: Path) -> None:
    kill_an_ingest(tmp_path, 3, 12, 8)


@pytest.mark.slow
@pytest.mark.timeout(3000)
def test_an_ingest_may_be_killed_fifty_times(tmp_path: Path) -> None:
    landed = kill_an_ingest(tmp_path, 50, 40, 50)
    assert len(landed) >= 4


@pytest.mark.slow
@pytest.mark.timeout(3000)
def test_an_ingest_with_the_whole_pipeline_may_be_killed_ten_times(tmp_path: Path) -> None:
    """The real program on sample articles; when more than half are written, it may end, is compared and begins anew."""
    articles = sorted(shipped("sample").glob("*.md"))[:6]
    (tmp_path / "quotes.toml").write_text("batch_size = 1\n")
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    disturbed, undisturbed = tmp_path / "disturbed.duckdb", tmp_path / "undisturbed.duckdb"

    def start(database: Path) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "quotes", "ingest", *map(str, articles), "--database", str(database)]
        return subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=subprocess.DEVNULL)

    began = time.monotonic()
    assert start(undisturbed).wait() == 0
    length = time.monotonic() - began
    draw, landed, compared = random.Random(10), Counter[int](), 0
    while landed.total() < 10 or disturbed.exists():
        process = start(disturbed)
        written = 0
        try:
            process.wait(draw.uniform(length / 3, length))
            assert process.returncode == 0
            written = len(articles)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            if disturbed.exists():
                assert_whole(disturbed)
                written = len(contents(disturbed)["articles"])
            landed[written] += 1
        if written > len(articles) / 2 or landed.total() >= 10:
            assert start(disturbed).wait() == 0
            assert_whole(disturbed)
            assert_same(disturbed, undisturbed)
            disturbed.unlink()
            compared += 1
    sys.stdout.write(f"killed with so many articles written: {dict(landed)}, compared {compared} times\n")


# All else that writes


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("filled")
    killing.finish("ingest", folder / "quotes.duckdb", killing.write_articles(folder / "0.jsonl", 40, 0))
    return folder / "quotes.duckdb"


def argument(operation: str, folder: Path) -> Path:
    """Make what an operation needs beside the database."""
    if operation == "people":
        (folder / "people.csv").write_text(PEOPLE)
        return folder / "people.csv"
    if operation == "migrate":
        steps = "".join(
            f"CREATE TABLE notes{number} AS SELECT quote_id, upper(text) AS text FROM quotes;" for number in range(20)
        )
        steps += "ALTER TABLE fetches ADD COLUMN note VARCHAR;"
        (folder / f"{SCHEMA_VERSION + 1:03}.sql").write_text(steps)
        return folder
    return folder / "backup.duckdb"


@pytest.mark.slow
@pytest.mark.timeout(3000)
@pytest.mark.parametrize(
    ("operation", "phase"),
    [
        ("ingest", "save"),
        ("ingest", "repeats"),
        ("ingest", "words"),
        ("ingest", "link"),
        ("ingest", "meanings"),
        ("relink", "link"),
        ("repeats", "work"),
        ("index", "copy quotes"),
        ("index", "take over"),
        ("people", "work"),
        ("review", "work"),
        ("migrate", "work"),
        ("backup", "work"),
    ],
)
def test_whatever_writes_may_be_killed(filled: Path, tmp_path: Path, operation: str, phase: str) -> None:
    kill_in(filled, tmp_path, operation, phase, 6)


@pytest.mark.parametrize(
    ("operation", "phase"),
    [("relink", "link"), ("index", "take over"), ("people", "work"), ("migrate", "work"), ("review", "work")],
)
def test_some_of_what_writes_may_be_killed(filled: Path, tmp_path: Path, operation: str, phase: str) -> None:
    kill_in(filled, tmp_path, operation, phase, 1)


@pytest.mark.parametrize(
    ("format", "kills"), [("parquet", 1), *(pytest.param(f, 6, marks=pytest.mark.slow) for f in ("parquet", "duckdb"))]
)
def test_an_import_may_be_killed(filled: Path, tmp_path: Path, format: Format, kills: int) -> None:
    """There is no file of its name then, or the whole one."""
    target, folder = tmp_path / "quotes.duckdb", tmp_path / "out"
    export(filled, folder, format, None, killing.WAIT)
    length = killing.finish("import", target, folder)
    draw, landed = random.Random(format), 0
    while landed < kills:
        target.unlink(missing_ok=True)
        landed += killing.kill("import", target, folder, draw.uniform(0, length)) != "done"
        if target.exists():
            assert_same(target, filled)
    target.unlink(missing_ok=True)
    killing.finish("import", target, folder)
    assert_whole(target)
    assert_same(target, filled)


def version_of(path: Path) -> int:
    with duckdb.connect(path, read_only=True) as connection:
        row = connection.execute("SELECT max(version) FROM schema_version").fetchone()
    assert row
    return int(row[0])


def kill_in(filled: Path, folder: Path, operation: str, phase: str, kills: int) -> None:
    """Kill an operation in one of its phases, until that happened often enough, and compare with an undisturbed one.

    The moment after which it is killed grows from nothing to half of what an undisturbed operation took.
    """
    disturbed, undisturbed = folder / "disturbed.duckdb", folder / "undisturbed.duckdb"
    for path in (disturbed, undisturbed):
        shutil.copyfile(filled, path)
    given = (
        killing.write_articles(folder / "new.jsonl", 40, 1) if operation == "ingest" else argument(operation, folder)
    )
    length = killing.finish(operation, undisturbed, given)
    draw = random.Random(f"{operation} {phase}")
    landed, tries = 0, 0
    while landed < kills and tries < 5 * kills:
        before: Any = contents(disturbed) if operation not in ("ingest", "review", "migrate") else None
        longest = length / 2 * (1 - tries / (5 * kills)) * (0.2 if phase in ("save", "repeats", "words") else 1)
        reached = killing.kill(operation, disturbed, given, draw.uniform(0, longest), phase)
        tries += 1
        if operation == "migrate" and version_of(disturbed) != SCHEMA_VERSION:  # it had come to its end
            landed += reached != "done"
            shutil.copyfile(filled, disturbed)
            continue
        assert_whole(disturbed)
        if reached == "done":
            shutil.copyfile(filled, disturbed)
            continue
        landed += reached != "not begun"
        if before is not None and operation in ("repeats", "index", "people", "backup"):
            assert contents(disturbed) in (before, contents(undisturbed))
    assert landed >= kills
    killing.finish(operation, disturbed, given)
    if operation == "migrate":
        return
    assert_whole(disturbed)
    assert_same(disturbed, undisturbed)
    if operation == "backup":
        assert_whole(given)
        assert sorted(file.name for file in folder.iterdir() if file.is_file() and file.suffix == ".duckdb") == [
            "backup.duckdb", "disturbed.duckdb", "undisturbed.duckdb",
        ]  # fmt: skip
