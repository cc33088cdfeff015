"""A full disk, a folder that cannot be written, files that are not whole: a clear error, and the old data untouched."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import killing
import pytest

from quotes.errors import BackupError, StoreBusyError, StoreDamagedError, StoreError, StoreFullError
from quotes.ingesting import ingest
from quotes.store import checking, migrations, opening
from quotes.store.backup import back_up
from quotes.store.store import reading, writing
from quotes.store.turns import alone

MANY = """
import sys
sys.path.insert(0, {tests!r})
import killing
from pathlib import Path
from quotes import cli
sys.argv = ["quotes", "ingest", sys.argv[1], "--database", sys.argv[2], *sys.argv[3:]]
with killing.installed():
    cli.main()
"""


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("whole")
    with killing.installed():
        killing.do_ingest(folder / "quotes.duckdb", killing.write_articles(folder / "0.jsonl", 8, 0))
    return folder / "quotes.duckdb"


@pytest.fixture
def database(whole: Path, tmp_path: Path) -> Path:
    return Path(shutil.copyfile(whole, tmp_path / "quotes.duckdb"))


@contextmanager
def mounted(folder: Path, *options: str) -> Iterator[Path]:
    """Mount a small disk of its own in memory; skip where that is not allowed."""
    folder.mkdir()
    if shutil.which("mount") is None or sys.platform != "linux":
        pytest.skip("there is no mount for disks in memory")
    done = subprocess.run(["mount", "-t", "tmpfs", *options, "none", str(folder)], capture_output=True, text=True)
    if done.returncode:
        pytest.skip(f"mounting is not allowed: {done.stderr.strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def count(path: Path) -> int:
    with reading(path, 5) as connection:
        assert [found for found in checking.check(connection) if found.wrong] == []
        row = connection.execute("SELECT count(*) FROM articles").fetchone()
    assert row
    return int(row[0])


def long_articles(file: Path, number: int) -> Path:
    """Write articles that do not compress."""
    draw = random.Random(8)
    with file.open("w") as stream:
        for place in range(number):
            words = " ".join(str(draw.random()) for _ in range(2500))
            stream.write(
                json.dumps({"id": f"long{place}", "text": f"{words}\nMara Lind said “We build {words[:50]}.”"}) + "\n"
            )
    return file


def quotes_ingest(file: Path, path: Path) -> subprocess.CompletedProcess[str]:
    code = MANY.format(tests=str(Path(killing.__file__).parent))
    command = [sys.executable, "-c", code, str(file), str(path)]
    return subprocess.run(command, capture_output=True, text=True)


# Full


def test_a_full_disk_loses_nothing(whole: Path, tmp_path: Path) -> None:
    file = long_articles(tmp_path / "long.jsonl", 60)
    with mounted(tmp_path / "disk", "-o", f"size={whole.stat().st_size + 2 * 2**20}") as disk:
        path = Path(shutil.copyfile(whole, disk / "quotes.duckdb"))
        done = quotes_ingest(file, path)
        assert done.returncode == 1
        assert done.stderr.endswith(
            f"quotes: There is no room left where {path} is. Make room and run it again; "
            "what was written before is safe.\n"
        )
        rescued = tmp_path / "rescued"
        shutil.copytree(disk, rescued)
    before = count(rescued / "quotes.duckdb")
    assert 8 <= before < 68
    assert quotes_ingest(file, rescued / "quotes.duckdb").returncode == 0
    assert count(rescued / "quotes.duckdb") == 68


def test_a_limit_on_the_size_of_files_loses_nothing(database: Path, tmp_path: Path) -> None:
    code = """
import random, resource, sys
from pathlib import Path
from quotes.errors import StoreFullError
from quotes.records import Article
from quotes.store.store import writing
path = Path(sys.argv[1])
limit = path.stat().st_size + 2**20
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
draw, saved = random.Random(8), 0
try:
    while True:
        with writing(path, 5) as store:
            ingest = store.begin(["invented"], "none")
            for _ in range(2):
                words = " ".join(str(draw.random()) for _ in range(20000))
                store.save(ingest, Article(f"long{saved}", words), [], [])
                saved += 1
except StoreFullError as error:
    print(saved)
"""
    done = subprocess.run([sys.executable, "-c", code, str(database)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    saved = int(done.stdout)
    assert saved
    assert count(database) in (8 + saved, 9 + saved)  # the last may be in the file though DuckDB could not say so


def test_a_full_disk_takes_no_backup(whole: Path, tmp_path: Path) -> None:
    with mounted(tmp_path / "disk", "-o", "size=2m") as disk:
        with pytest.raises(BackupError, match="cannot be written: No space left on device"):
            back_up(whole, disk / "copy.duckdb", 5)
        assert list(disk.iterdir()) == []


# Not to be written


def test_a_read_only_folder_is_named(whole: Path, tmp_path: Path) -> None:
    with mounted(tmp_path / "disk", "-o", "size=64m") as disk:
        path = Path(shutil.copyfile(whole, disk / "quotes.duckdb"))
        content = path.read_bytes()
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        with pytest.raises(StoreError, match="may not be opened in this way: Read-only file system"), writing(path, 5):
            pass
        with pytest.raises(StoreError, match="cannot be made: Read-only file system"), writing(disk / "new.duckdb", 5):
            pass
        assert count(path) == 8
        assert back_up(path, tmp_path / "copy.duckdb", 5) == len(content)
        with pytest.raises(BackupError, match="cannot be written: Read-only file system"):
            back_up(path, disk / "copy.duckdb", 5)
        done = quotes_ingest(long_articles(tmp_path / "long.jsonl", 1), path)
        assert (done.returncode, done.stdout) == (1, "")
        assert path.read_bytes() == content


@pytest.mark.skipif(os.name == "nt" or os.geteuid() != 0, reason="only root can become somebody else")
def test_somebody_elses_file_is_named(whole: Path) -> None:
    code = f"""
import os
from pathlib import Path
from quotes.errors import StoreError
from quotes.store.store import writing
os.setuid(65534)
try:
    with writing(Path({str(whole)!r}), 5):
        pass
except StoreError as error:
    print(error)
"""
    for parent in whole.parents:
        if parent.name.startswith("pytest-"):
            parent.chmod(0o755)
    whole.parent.chmod(0o755)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert "may not be opened in this way: Permission denied" in done.stdout


# Not whole


@pytest.mark.parametrize("share", [0.001, 0.01, 0.2, 0.5])
@pytest.mark.parametrize("opened", [reading, writing])
def test_a_truncated_file_is_left_as_it_is(database: Path, share: float, opened: type) -> None:
    content = database.read_bytes()
    content = content[: max(16, int(len(content) * share))]
    database.write_bytes(content)
    with pytest.raises(StoreDamagedError, match=r"is damaged: .*quotes backup"), opened(database, 5):
        pass
    assert database.read_bytes() == content


@pytest.mark.parametrize("place", [12, 4096 + 8, 2 * 4096 + 8])
def test_damaged_headers_are_told(database: Path, place: int) -> None:
    content = bytearray(database.read_bytes())
    content[place : place + 16] = b"\xff" * 16
    if place > 4096:  # there are two, of which the newer counts
        content[4096 + 8 : 4096 + 24] = content[8192 + 8 : 8192 + 24] = b"\xff" * 16
    database.write_bytes(content)
    for opened in (reading, writing):
        with pytest.raises(StoreError, match=r"is damaged|newer version of DuckDB"), opened(database, 5):
            pass
    assert database.read_bytes() == content


def test_a_log_that_breaks_off_costs_only_its_end(whole: Path, tmp_path: Path) -> None:
    """What a power cut leaves: the log of what was not yet written into the file, cut anywhere."""
    source = tmp_path / "source.duckdb"
    shutil.copyfile(whole, source)
    code = """
import os, sys
import duckdb
connection = duckdb.connect(sys.argv[1])
for number in range(50):
    connection.execute("INSERT INTO fetches (url, fetched_at) VALUES (?, now())", [f"https://paper.example/{number}"])
os._exit(0)
"""
    subprocess.run([sys.executable, "-c", code, str(source)], check=True)
    log = source.with_name("source.duckdb.wal").read_bytes()
    draw = random.Random(8)
    kept = []
    for cut in sorted(draw.randrange(len(log)) for _ in range(6)):
        path = tmp_path / "cut.duckdb"
        shutil.copyfile(source, path)
        path.with_name("cut.duckdb.wal").write_bytes(log[:cut])
        assert count(path) == 8
        with writing(path, 5) as store:
            row = store.connection.execute("SELECT count(*) FROM fetches").fetchone()
            assert row
            kept.append(row[0])
    assert kept == sorted(kept)
    assert kept[-1] > kept[0]


# Opening


def test_looking_at_a_file_does_not_let_writers_in_under_a_reader(database: Path) -> None:
    """The system takes a process's locks on a file away when it closes any descriptor of it."""
    write = [sys.executable, "-c", "import duckdb, sys; duckdb.connect(sys.argv[1])", str(database)]
    with reading(database, 5):
        with reading(database, 5):
            pass
        shut_out = subprocess.run(write, capture_output=True, text=True)
    assert "Could not set lock" in shut_out.stderr
    assert subprocess.run(write, capture_output=True, text=True).returncode == 0


def test_a_file_appears_only_when_it_is_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "quotes.duckdb"
    put = opening.put_in_place

    def look_first(file: Path, final: Path) -> None:
        assert not final.exists()
        with duckdb.connect(file, read_only=True) as connection:
            assert connection.execute("FROM schema_version").fetchall()
        put(file, final)

    monkeypatch.setattr(opening, "put_in_place", look_first)
    with writing(path, 5):
        pass
    assert [file.name for file in tmp_path.iterdir()] == ["quotes.duckdb"]


def test_who_makes_the_same_file_at_the_same_time_finds_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "quotes.duckdb"
    put = opening.put_in_place

    def too_late(file: Path, final: Path) -> None:
        with duckdb.connect(final) as connection:
            migrations.prepare(connection, final)
            connection.execute("INSERT INTO fetches (url, fetched_at) VALUES ('first', now())")
        put(file, final)

    monkeypatch.setattr(opening, "put_in_place", too_late)
    with writing(path, 5) as store:
        assert store.connection.execute("SELECT url FROM fetches").fetchall() == [("first",)]


def test_a_file_system_without_links_will_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    with writing(tmp_path / "quotes.duckdb", 5):
        pass
    assert (tmp_path / "quotes.duckdb").exists()


# Two ingests


HOLD = """
import sys
from pathlib import Path
from quotes.store.turns import alone
with alone(Path(sys.argv[1]), 0):
    print("alone", flush=True)
    sys.stdin.read()
"""


@contextmanager
def another_ingest(path: Path) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", HOLD, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "alone\n"
        yield process
        if process.poll() is None:
            process.communicate()


def test_a_second_ingest_waits_and_says_so(database: Path, tmp_path: Path) -> None:
    told: list[str] = []
    with another_ingest(database) as other:
        assert other.stdin
        end = threading.Timer(0.5, other.stdin.close)

        def tell(line: str) -> None:
            told.append(line)
            end.start()

        with killing.installed():
            articles = killing.write_articles(tmp_path / "1.jsonl", 9, 0)
            ingest([articles], killing.settings(database), tell=tell)
        end.join()
        other.stdin = None
    assert told == [
        f"Another ingest is filling {database} (process {other.pid}); waiting for its end, at most 120 seconds."
    ]
    assert count(database) == 9
    assert sorted(file.name for file in tmp_path.iterdir()) == ["1.jsonl", "quotes.duckdb"]


def test_a_second_ingest_gives_up_in_the_end(database: Path, tmp_path: Path) -> None:
    file = killing.write_articles(tmp_path / "1.jsonl", 9, 0)
    with another_ingest(database) as other:
        code = MANY.format(tests=str(Path(killing.__file__).parent))
        command = [sys.executable, "-c", code, str(file), str(database), "--wait", "0.3"]
        done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr == (
        f"Another ingest is filling {database} (process {other.pid}); waiting for its end, at most 0.3 seconds.\n"
        f"quotes: Another ingest is filling {database} (process {other.pid}) and did not end in 0.3 seconds. "
        "Run this one again when that is done, or wait longer with --wait SECONDS.\n"
    )
    assert count(database) == 8


def test_an_ingest_that_was_killed_hinders_no_other(database: Path, tmp_path: Path) -> None:
    with another_ingest(database) as other:
        other.kill()
        other.wait()
    assert database.with_name("quotes.duckdb.ingesting").exists()
    with alone(database, 0):
        pass
    assert [file.name for file in tmp_path.iterdir()] == ["quotes.duckdb"]


def test_two_of_one_process_are_alone_one_after_the_other(database: Path) -> None:
    with alone(database, 0), pytest.raises(StoreBusyError, match=f"process {os.getpid()}"), alone(database, 0):
        pass


# Backups


def test_a_backup_is_the_same_database(database: Path, tmp_path: Path) -> None:
    target = tmp_path / "copy.duckdb"
    assert back_up(database, target, 5) == target.stat().st_size
    assert count(target) == 8
    with pytest.raises(BackupError, match=r"copy\.duckdb exists already.*--overwrite"):
        back_up(database, target, 5)
    with pytest.raises(BackupError, match="exists already"):
        back_up(database, database, 5, overwrite=True)
    with pytest.raises(BackupError, match="Name a file"):
        back_up(database, tmp_path, 5)
    with pytest.raises(BackupError, match="no such folder"):
        back_up(database, tmp_path / "none" / "copy.duckdb", 5)
    target.write_text("old")
    back_up(database, target, 5, overwrite=True)
    assert count(target) == 8
    assert sorted(file.name for file in tmp_path.iterdir()) == ["copy.duckdb", "quotes.duckdb"]


def test_a_backup_has_what_a_killed_writer_left_in_the_log(database: Path, tmp_path: Path) -> None:
    code = """
import os, sys
import duckdb
connection = duckdb.connect(sys.argv[1])
connection.execute("INSERT INTO fetches (url, fetched_at) VALUES ('https://paper.example', now())")
os._exit(0)
"""
    subprocess.run([sys.executable, "-c", code, str(database)], check=True)
    assert database.with_name("quotes.duckdb.wal").exists()
    back_up(database, tmp_path / "copy.duckdb", 5)
    with reading(tmp_path / "copy.duckdb", 5) as connection:
        assert connection.execute("SELECT url FROM fetches").fetchall() == [("https://paper.example",)]


def test_no_backup_of_what_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "words.txt").write_text("words")
    for name, problem in (("none.duckdb", "There is no database"), ("words.txt", "not a DuckDB file")):
        with pytest.raises(StoreError, match=problem):
            back_up(tmp_path / name, tmp_path / "copy.duckdb", 5)
    assert [file.name for file in tmp_path.iterdir()] == ["words.txt"]


def test_errors_are_told_apart() -> None:
    path = Path("quotes.duckdb")
    full = opening.explained(path, duckdb.IOException("Could not write: No space left on device"))
    assert isinstance(full, StoreFullError)
    newer = opening.explained(
        path, duckdb.IOException("version number 99, but we can only read versions between 1 and 2")
    )
    assert "newer version of DuckDB" in newer.problem
    assert "cannot work on" in opening.explained(path, duckdb.FatalException("anything\nmore")).problem
