from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest

from quotes.errors import StoreBusyError, StoreError
from quotes.store import migrations, reading, writing

HOLD = """
import duckdb, sys
connection = duckdb.connect(sys.argv[1], read_only=sys.argv[2] == "read")
print("open", flush=True)
sys.stdin.read()
"""


@contextmanager
def held(path: Path, how: str) -> Iterator[subprocess.Popen[str]]:
    """Let another process hold the file until its standard input closes."""
    command = [sys.executable, "-c", HOLD, str(path), how]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "open\n"
        yield process
        if process.poll() is None:
            process.communicate()


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "quotes.duckdb"
    with writing(path, 5):
        pass
    return path


def set_version(path: Path, version: int) -> None:
    with duckdb.connect(path) as connection:
        connection.execute("UPDATE schema_version SET version = ?", [version])


def test_writing_creates_the_file_with_the_present_version(database: Path) -> None:
    with reading(database, 5) as connection:
        assert connection.execute("FROM schema_version").fetchall() == [(migrations.SCHEMA_VERSION,)]


def test_reading_cannot_write(database: Path) -> None:
    with reading(database, 5) as connection, pytest.raises(duckdb.Error, match="read-only"):
        connection.execute("DELETE FROM articles")


def test_several_can_read_at_once(database: Path) -> None:
    with held(database, "read"), reading(database, 0) as connection:
        assert connection.execute("SELECT count(*) FROM articles").fetchall() == [(0,)]


def test_a_missing_file_says_how_to_make_one(tmp_path: Path) -> None:
    with (
        pytest.raises(StoreError, match=r"no database .*none\.duckdb.*quotes ingest"),
        reading(tmp_path / "none.duckdb", 5),
    ):
        pass


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="folder"), writing(tmp_path / "none" / "quotes.duckdb", 5):
        pass


@pytest.mark.parametrize("content", [b"", b"words", b"words" * 5000, b"SQLite format 3\0" * 200])
@pytest.mark.parametrize("opened", [reading, writing])
def test_another_kind_of_file_is_left_alone(tmp_path: Path, content: bytes, opened: type) -> None:
    path = tmp_path / "quotes.duckdb"
    path.write_bytes(content)
    with pytest.raises(StoreError, match="not a DuckDB file"), opened(path, 5):
        pass
    assert path.read_bytes() == content


@pytest.mark.parametrize("opened", [reading, writing])
def test_a_folder_is_no_database(tmp_path: Path, opened: type) -> None:
    with pytest.raises(StoreError, match="Cannot open"), opened(tmp_path, 5):
        pass


@pytest.mark.parametrize("opened", [reading, writing])
def test_somebody_elses_database_is_left_alone(tmp_path: Path, opened: type) -> None:
    path = tmp_path / "other.duckdb"
    with duckdb.connect(path) as connection:
        connection.execute("CREATE TABLE prices (price INTEGER)")
    with pytest.raises(StoreError, match="not one of quotes"), opened(path, 5):
        pass
    with duckdb.connect(path) as connection:
        assert connection.execute("SHOW TABLES").fetchall() == [("prices",)]


@pytest.mark.parametrize("opened", [reading, writing])
def test_a_newer_file_is_refused(database: Path, opened: type) -> None:
    set_version(database, migrations.SCHEMA_VERSION + 1)
    with pytest.raises(StoreError, match=r"newer version of quotes.*Upgrade"), opened(database, 5):
        pass


def test_an_older_file_is_migrated_when_it_is_written(
    database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with writing(database, 5) as store:
        store.begin(["before"], "none")
    now = migrations.SCHEMA_VERSION
    (tmp_path / f"{now + 1:03}.sql").write_text(
        "ALTER TABLE ingests ADD COLUMN note VARCHAR; UPDATE ingests SET note = 'two';"
    )
    (tmp_path / f"{now + 2:03}.sql").write_text("-- Only views changed.")
    monkeypatch.setattr(migrations, "MIGRATIONS", tmp_path)
    monkeypatch.setattr(migrations, "SCHEMA_VERSION", now + 2)
    message = rf"older version.*schema {now}, now {now + 2}.*quotes status"
    with pytest.raises(StoreError, match=message), reading(database, 5):
        pass
    with writing(database, 5):
        pass
    with reading(database, 5) as connection:
        assert connection.execute("SELECT sources, note FROM ingests").fetchall() == [(["before"], "two")]
        assert connection.execute("FROM schema_version").fetchall() == [(now + 2,)]


def test_migrations_give_what_a_new_file_has(database: Path, tmp_path: Path) -> None:
    """A file of version 1, without meanings and who undid what, becomes like a new one, with all comments."""
    everything = """SELECT table_name, column_name, data_type, comment FROM duckdb_columns() WHERE NOT internal
                    UNION ALL SELECT table_name, NULL, NULL, comment FROM duckdb_tables() ORDER BY ALL"""
    old = tmp_path / "old.duckdb"
    with writing(old, 5) as store:
        store.connection.execute("DROP TABLE meanings")
        store.connection.execute("ALTER TABLE people_decisions DROP COLUMN undone_by")
    set_version(old, 1)
    with writing(old, 5):
        pass
    with reading(old, 5) as one, reading(database, 5) as other:
        assert one.execute(everything).fetchall() == other.execute(everything).fetchall()


def test_a_failed_migration_leaves_the_file_as_it_was(
    database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = migrations.SCHEMA_VERSION + 1
    (tmp_path / f"{later:03}.sql").write_text("ALTER TABLE ingests ADD COLUMN note VARCHAR; SELECT * FROM nowhere;")
    monkeypatch.setattr(migrations, "MIGRATIONS", tmp_path)
    monkeypatch.setattr(migrations, "SCHEMA_VERSION", later)
    with pytest.raises(StoreError, match="nowhere"), writing(database, 5):
        pass
    monkeypatch.undo()
    with reading(database, 5) as connection:
        assert "note" not in [row[0] for row in connection.execute("DESCRIBE ingests").fetchall()]


def test_a_file_too_old_to_migrate_is_refused(database: Path) -> None:
    set_version(database, 0)
    with pytest.raises(StoreError, match=r"version 0.*ingest the articles again"), writing(database, 5):
        pass


@pytest.mark.parametrize(("holder", "opened"), [("write", reading), ("write", writing), ("read", writing)])
def test_a_held_file_is_busy(database: Path, holder: str, opened: type) -> None:
    with (
        held(database, holder) as process,
        pytest.raises(StoreBusyError, match=rf"in 0\.2 seconds \(process {process.pid}\).*try again"),
        opened(database, 0.2),
    ):
        pass


@pytest.mark.parametrize(("holder", "opened"), [("write", reading), ("read", writing)])
def test_who_waits_gets_the_file_when_it_is_free(database: Path, holder: str, opened: type) -> None:
    with held(database, holder) as process:
        assert process.stdin
        letting_go = threading.Timer(0.3, process.stdin.close)
        letting_go.start()
        with opened(database, 60):
            assert letting_go.finished.is_set()
        letting_go.join()
        process.stdin = None


def test_a_reader_and_a_writer_in_one_process_shut_each_other_out_too(database: Path) -> None:
    with reading(database, 5), pytest.raises(StoreBusyError, match="let go"), writing(database, 0):
        pass
    with writing(database, 5), pytest.raises(StoreBusyError, match="let go"), reading(database, 0):
        pass


def test_an_error_of_duckdb_inside_becomes_a_store_error(database: Path) -> None:
    with pytest.raises(StoreError, match="no_such_table"), writing(database, 5) as store:
        store.connection.execute("FROM no_such_table")
