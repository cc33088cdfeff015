"""One writer and many readers, each in a process of its own: nobody gets an error, nothing is lost, all get on."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import replace
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any

import killing
import pytest

from quotes import workers
from quotes.ingesting import ingest
from quotes.settings import Settings
from quotes.store import checking
from quotes.store.backup import back_up
from quotes.store.search_rebuild import rebuild
from quotes.store.store import reading

READERS = 8
PAUSE = 0.25
"""Seconds from an answer to the next question of a process that asks in a loop."""
LOOK = 1.0
"""Seconds for which a person looks at a page of the dashboard."""
PACE = 0.05
"""Seconds that the stand-in for language takes for an article: the pipeline takes several times as long."""
PATIENCE = 10.0
ARTICLES = int(os.environ.get("QUOTES_TEST_ARTICLES", "500"))
PAGES = ("overview", "people", "statements", "stances", "sql")
NOTICES = ("The database is busy", "No database to read", "The database could not answer")
SLOWER = 1.5


@pytest.fixture(scope="module", autouse=True)
def light_processes() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep.join([str(Path(__file__).parent), str(Path(__file__).parents[1])]))
        patch.setenv("OMP_NUM_THREADS", "1")
        yield


def fill(path: Path, articles: Path, told: Any) -> None:
    """Ingest, by a stand-in for language that takes its time."""

    def read_slowly(reader: workers.Reader, batch: workers.Batch) -> Any:
        time.sleep(PACE * len(batch))
        return killing.read_batch(batch, reader.settings, reader.register)

    with killing.installed(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(workers.Reader, "__call__", read_slowly)
        began = time.monotonic()
        report = ingest([articles], replace(killing.settings(path), batch_size=Settings().batch_size))
        told.put(("ingest", report.added, time.monotonic() - began, [problem.problem for problem in report.problems]))


def ask(path: Path, stop: Event, told: Any) -> None:
    """Ask in a loop, and expect never to see less than before."""
    asked, slowest, seen = 0, 0.0, 0
    errors: list[str] = []
    while not stop.is_set():
        began = time.monotonic()
        try:
            with reading(path, PATIENCE) as connection:
                row = connection.execute("SELECT count(*) FROM statements_view").fetchone()
            assert row is not None
            assert row[0] >= seen, f"{row[0]} statements after {seen}"
            seen = row[0]
        except Exception as error:
            errors.append(repr(error))
        asked += 1
        slowest = max(slowest, time.monotonic() - began)
        stop.wait(PAUSE)
    told.put(("reader", asked, slowest, errors))


def look(path: Path, stop: Event, told: Any) -> None:
    """Look at one page of the dashboard after the other."""
    from streamlit.testing.v1 import AppTest

    os.environ["QUOTES_DATABASE"] = str(path)
    looked, slowest = 0, 0.0
    errors: list[str] = []
    while not stop.is_set():
        page = PAGES[looked % len(PAGES)]
        began = time.monotonic()
        file = Path(__file__).parents[1] / "dashboard" / "app_pages" / f"{page}.py"
        app = AppTest.from_file(file, default_timeout=60).run()
        shown = " ".join(element.proto.body for element in app.get("html"))
        errors += [f"{page}: {notice}" for notice in NOTICES if notice in shown]
        errors += [f"{page}: {exception.message}" for exception in app.exception]
        looked += 1
        slowest = max(slowest, time.monotonic() - began)
        stop.wait(LOOK)
    told.put(("dashboard", looked, slowest, errors))


def keep_up(path: Path, stop: Event, told: Any) -> None:
    """Back the database up and build its index anew, now and then."""
    done, errors = 0, []
    target = path.with_name("backup.duckdb")
    while not stop.is_set():
        try:
            back_up(path, target, PATIENCE, overwrite=True)
            with reading(target, 0) as connection:
                errors += [repr(found) for found in checking.check(connection) if found.wrong]
            rebuild(path, PATIENCE)
        except Exception as error:
            errors.append(repr(error))
        done += 1
        stop.wait(4 * LOOK)
    told.put(("keeper", done, 0.0, errors))


def run(folder: Path, articles: int, others: int) -> tuple[float, list[tuple[str, int, float, list[str]]]]:
    """Ingest articles while others use the file.

    Returns:
        How many seconds the ingest took, and what each of the others tells: kind, times, slowest, errors.
    """
    path = folder / "quotes.duckdb"
    with killing.installed():
        killing.do_ingest(path, killing.write_articles(folder / "first.jsonl", 4, 0))
    corpus = killing.write_articles(folder / "articles.jsonl", articles, 0)
    context = killing.server()
    told, stop = context.SimpleQueue(), context.Event()
    using = [look, keep_up, *[ask] * READERS][:others]
    processes = [context.Process(target=target, args=(path, stop, told)) for target in using]
    for process in processes:
        process.start()
    if processes:
        time.sleep(2)  # so that they are at work
    writer = context.Process(target=fill, args=(path, corpus, told))
    writer.start()
    writer.join()
    stop.set()
    reports = [told.get() for _ in [writer, *processes]]
    for process in processes:
        process.join()
    assert [process.exitcode for process in (writer, *processes)] == [0] * (1 + len(processes))
    ((_, added, seconds, problems),) = [report for report in reports if report[0] == "ingest"]
    assert (added, problems) == (articles - 4, [])
    with reading(path, PATIENCE) as connection:
        assert checking.check(connection) == []
        assert connection.execute("SELECT count(*) FROM articles").fetchone() == (articles,)
    assert not list(folder.glob("*.writing")) + list(folder.glob("*.ingesting")) + list(folder.glob("*.wal"))
    return seconds, [report for report in reports if report[0] != "ingest"]


def test_readers_and_a_writer_get_on(tmp_path: Path) -> None:
    """A short version: the backups, the rebuilding and one reader, beside an ingest of a few articles."""
    _, reports = run(tmp_path, 16, 3)
    assert [errors for _, _, _, errors in reports] == [[], [], []]
    assert all(times for _, times, _, _ in reports)


@pytest.mark.slow
@pytest.mark.timeout(3000)
def test_an_ingest_of_500_articles_while_all_use_the_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folders = [tmp_path / name for name in ("alone", "shared")]
    for folder in folders:
        folder.mkdir()
    alone, _ = run(folders[0], ARTICLES, 0)
    shared, reports = run(folders[1], ARTICLES, 2 + READERS)
    with capsys.disabled():
        for kind, times, slowest, errors in sorted(reports):
            print(f"{kind}: {times} times, at most {slowest:.2f} s, {len(errors)} errors")  # noqa: T201
        print(f"{ARTICLES} articles: alone {alone:.1f} s, shared {shared:.1f} s, ratio {shared / alone:.2f}")  # noqa: T201
    assert [error for _, _, _, errors in reports for error in errors] == []
    assert shared <= SLOWER * alone
