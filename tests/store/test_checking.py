from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import killing
import pytest

from quotes.errors import StoreDamagedError
from quotes.store import checking, review
from quotes.store.store import reading, writing

HEADERS, BLOCK = 3 * 4096, 2**18
"""Bytes of DuckDB's headers, and of a block; see duckdb.org/docs/stable/internals/storage."""
ONE = "(SELECT min(quote_id) FROM quotes)"
REPEATED = "(SELECT min(quote_id) FROM repeats)"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with quotes in several parts, with verbs in front, repeats, copies, stances and decisions."""
    folder = tmp_path_factory.mktemp("whole")
    path = folder / "quotes.duckdb"
    with killing.installed():
        killing.do_ingest(path, killing.write_articles(folder / "0.jsonl", 20, 0))
    with writing(path, 5) as store:
        by = review.Reviewer("Tester", None)
        for (quote_id,) in store.connection.execute("SELECT quote_id FROM quotes ORDER BY 1 LIMIT 2").fetchall():
            review.set_status(store.connection, quote_id, "rejected", by)
            review.set_status(store.connection, quote_id, "accepted", by)
    return path


@pytest.fixture
def database(whole: Path, tmp_path: Path) -> Path:
    return Path(shutil.copyfile(whole, tmp_path / "quotes.duckdb"))


def problems(path: Path) -> dict[str, int]:
    with reading(path, 5) as connection:
        return {found.problem: found.rows for found in checking.check(connection) if found.wrong}


def test_nothing_is_wrong_with_what_was_ingested(whole: Path) -> None:
    with reading(whole, 5) as connection:
        assert checking.check(connection) == []
        counted = connection.execute(
            """SELECT (SELECT count(*) FROM quotes WHERE len(spans) > 1),
                      (SELECT count(*) FROM quotes WHERE text LIKE 'called it%'), (SELECT count(*) FROM repeats),
                      (SELECT count(*) FROM articles WHERE copy_of IS NOT NULL), (SELECT count(*) FROM stances)"""
        ).fetchone()
    assert counted
    assert all(counted)


@pytest.mark.parametrize(
    ("change", "problem", "rows"),
    [
        (f"UPDATE quotes SET text = text || '!' WHERE quote_id = {ONE}", "quotes are not what their article says", 1),
        (
            "UPDATE quotes SET text = replace(text, 'called it', 'called that') WHERE text LIKE 'called it%' "
            "AND quote_id IN (SELECT min(quote_id) FROM quotes WHERE text LIKE 'called it%')",
            "quotes are not what their article says",
            1,
        ),
        (
            "UPDATE quotes SET text = replace(text, ' ... ', ' ') WHERE quote_id IN "
            "(SELECT min(quote_id) FROM quotes WHERE len(spans) > 1)",
            "quotes are not what their article says",
            1,
        ),
        (f"UPDATE quotes SET source_text = 'Nobody' WHERE quote_id = {ONE}", "quotes are not what", 1),
        (f"UPDATE quotes SET cue_text = NULL WHERE quote_id = {ONE}", "quotes are not what", 1),
        (
            f"""UPDATE quotes SET cue = [{{'start': 0, 'end': 1000000}}] WHERE quote_id = {ONE}""",
            "places of quotes lie outside",
            1,
        ),
        (f"UPDATE quotes SET spans = [] WHERE quote_id = {ONE}", "places of quotes lie outside", 1),
        (
            "UPDATE stances SET evidence = [{'start': 9, 'end': 9}] "
            "WHERE quote_id IN (SELECT min(quote_id) FROM stances)",
            "places of stances lie outside",
            1,
        ),
        ("UPDATE articles SET text = text || '.' WHERE article_id = 'a0003'", "articles have another text", 1),
        ("UPDATE articles SET copy_of = 'a0009' WHERE article_id = 'a0010'", "copies are marked as copies of", 1),
        ("UPDATE articles SET copy_of = 'none' WHERE article_id = 'a0010'", "rows of articles have a copy_of", 1),
        ("DELETE FROM articles WHERE article_id = 'a0003'", "rows of quotes have a article_id that is none", 1),
        ("DELETE FROM articles WHERE article_id = 'a0003'", "the runs together added another number", 1),
        ("DELETE FROM ingests", "rows of articles have a ingest_id that is none of ingests", 1),
        (
            "DELETE FROM people WHERE person_id IN (SELECT min(person_id) FROM quotes)",
            "rows of quotes have a person_id that is none of people",
            1,
        ),
        (f"DELETE FROM quotes WHERE quote_id = {ONE}", "rows of topics have a quote_id that is none of quotes", 1),
        ("UPDATE ingests SET added = added - 1, changed = changed + 1", "the runs together added another number", 1),
        ("UPDATE ingests SET added = 0", "runs wrote more articles than they counted", 1),
        ("UPDATE ingests SET problems = 7", "runs met another number of problems", 1),
        (
            "UPDATE people SET name = 'X Y' WHERE person_id IN (SELECT min(person_id) FROM quotes)",
            "speakers are not called what the person is called",
            None,
        ),
        (
            "UPDATE people SET name = 'X Y' WHERE person_id IN (SELECT min(person_id) FROM stances)",
            "targets are not called what the person is called",
            None,
        ),
        (
            "UPDATE name_forms SET person_id = (SELECT max(person_id) FROM people) "
            f"WHERE (article_id, form) IN (SELECT (article_id, speaker_form) FROM quotes WHERE quote_id = {ONE})",
            "speakers are other people than the name in their article",
            None,
        ),
        (f"DELETE FROM search_docs WHERE quote_id = {ONE}", "quotes are missing in the index of words", 1),
        (
            f"INSERT INTO search_docs SELECT 999999, quote_id, 0 FROM search_docs WHERE quote_id = {ONE}",
            "quotes stand in the index of words twice",
            1,
        ),
        ("UPDATE search_docs SET docid = 1 WHERE docid = 2", "quotes share a number", 1),
        ("DELETE FROM search_postings WHERE docid = 1", "quotes have lost words in the index", 1),
        (
            "DELETE FROM fingerprints WHERE fingerprint IN (SELECT min(fingerprint) FROM fingerprints)",
            "quotes have lost fingerprints",
            None,
        ),
        (f"DELETE FROM repeats WHERE quote_id = {REPEATED}", "quotes are counted with other repeats", 1),
        ("UPDATE repeats SET statement_id = (SELECT max(statement_id) FROM repeats)", "quotes are counted with", None),
        (
            "UPDATE corrections SET spans = [{'start': 0, 'end': 1}] "
            "WHERE correction_id IN (SELECT min(correction_id) FROM placed_corrections)",
            "decisions of reviewers hold for no quote",
            1,
        ),
        ("INSERT INTO schema_version VALUES (1)", "versions of the schema", 2),
    ],
)
def test_what_does_not_fit_is_found(database: Path, change: str, problem: str, rows: int | None) -> None:
    with duckdb.connect(database) as connection:
        connection.execute(change)
    (found,) = [count for told, count in problems(database).items() if told.startswith(problem)]
    assert found == rows if rows else found


def test_what_is_unfinished_is_only_remarked(database: Path) -> None:
    with duckdb.connect(database) as connection:
        connection.execute("UPDATE ingests SET finished_at = NULL")
        connection.execute("INSERT INTO blocks_to_link (block) VALUES ('lind')")
        connection.execute("UPDATE corrections SET text_hash = 'elsewhere'")
    with reading(database, 5) as connection:
        found = checking.check(connection)
    assert [one.wrong for one in found] == [False, False, False]
    assert [one.problem.split(" ")[0] for one in found] == ["decisions", "runs", "names"]


def test_every_key_in_a_comment_is_a_column(whole: Path) -> None:
    with reading(whole, 5) as connection:
        rules = checking.references(connection)
        for rule in rules:
            assert connection.execute(rule.sql).fetchall() == []
    assert len(rules) >= 20


def test_a_damaged_block_is_found(database: Path) -> None:
    content = database.read_bytes()
    damaged: list[StoreDamagedError] = []
    for block in range(HEADERS, len(content), BLOCK):
        database.write_bytes(content[: block + 64] + b"\xff" * 64 + content[block + 128 :])
        try:
            with reading(database, 5) as connection:
                checking.check(connection)
        except StoreDamagedError as error:
            damaged.append(error)
        if len(damaged) == 3:
            break
    assert ["backup" in error.advice for error in damaged] == [True] * 3


def test_the_command_tells_what_is_wrong_and_needs_no_pipeline(database: Path) -> None:
    code = """
import sys
sys.argv = ["quotes", "check", "--database", sys.argv[1]]
from quotes import cli
try:
    cli.main()
finally:
    assert "spacy" not in sys.modules
"""

    def run() -> subprocess.CompletedProcess[str]:
        return subprocess.run([sys.executable, "-c", code, str(database)], capture_output=True, text=True)

    fine = run()
    assert fine.returncode == 0
    assert fine.stdout.endswith("quotes; nothing is wrong.\n")
    with duckdb.connect(database) as connection:
        connection.execute("DELETE FROM search_docs")
    stale = run()
    assert stale.returncode == 1
    assert "quotes are missing in the index of words: " in stale.stdout
    assert "quotes search --rebuild" in stale.stdout
    assert stale.stdout.endswith("1 kind of thing is wrong.\n")
