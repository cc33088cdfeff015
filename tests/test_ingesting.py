from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import dying
import faking
import pytest

from quotes import workers
from quotes.errors import StoreError
from quotes.ingesting import ingest, reading_options
from quotes.people import load_register
from quotes.records import Article, Problem
from quotes.settings import Settings, shipped
from quotes.store import reading

MARA = "Mara Lind (Mayor): “We will build the bridge.” Otto Brandt: “Never.”"
STORY = """The council of Port Sorrel voted on Tuesday night to build a second bridge over the Vell, after
eleven hours of debate and two interruptions by people who live on the eastern bank. Mara Lind: “We
will build the bridge.” Her opponents left the hall before the vote was counted, and some of them
sang. The work is to begin in the spring, when the ice is gone, and will cost forty million crowns,
most of which the region is to pay."""
TABLES = ("articles", "quotes", "stances", "people", "ingest_problems", "article_bands", "fetches", "name_forms")


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> faking.FakePipeline:
    return faking.install(monkeypatch)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(database=tmp_path / "quotes.duckdb", batch_size=3, wait=5)


def query(settings: Settings, sql: str) -> list[tuple[object, ...]]:
    with reading(settings.database, settings.wait) as connection:
        return connection.execute(sql).fetchall()


def lines(tmp_path: Path, *texts: str) -> Path:
    file = tmp_path / "articles.jsonl"
    file.write_text("".join(json.dumps({"id": f"a{n}", "text": text}) + "\n" for n, text in enumerate(texts)))
    return file


# Several processes


def test_any_number_of_processes_gives_the_same_rows(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for file in sorted(shipped("sample").glob("*.md"))[:5]:
        (tmp_path / "in" / file.name).write_bytes(file.read_bytes())
    (tmp_path / "in" / "04-empty.md").write_text("")
    found = []
    for jobs in (1, 2):
        settings = Settings(database=tmp_path / f"{jobs}.duckdb", batch_size=1)
        report = ingest([tmp_path / "in"], settings, jobs=jobs)
        assert (report.added, len(report.problems)) == (5, 1)
        found.append([query(settings, f"FROM {table}") for table in TABLES])
    assert found[0] == found[1]
    assert len(found[0][1]) > 10


def test_a_process_that_dies_costs_one_article(settings: Settings) -> None:
    reader = dying.Dying(settings, load_register())
    texts = [f"Number {number}." for number in range(20)]
    texts[7] = "DIE"
    batches = [
        (first, [(f"place {n}", Article(str(n), texts[n])) for n in (first, first + 1)]) for first in range(0, 20, 2)
    ]
    read = list(workers.read_batches(batches, reader, workers.open_pool(reader, 2)))
    assert [kept for kept, _ in read] == list(range(0, 20, 2))
    said = [known.problem for _, batch in read for known, _ in batch if isinstance(known, Problem)]
    assert said == [*texts[:7], "The process that read it died, perhaps for want of memory.", *texts[8:]]


def test_batches_are_taken_only_a_few_ahead(settings: Settings) -> None:
    reader = dying.Dying(settings, load_register())
    taken = 0

    def endless() -> Iterator[tuple[None, workers.Batch]]:
        nonlocal taken
        while True:
            taken += 1
            yield None, [("", Article("a", "One."))]

    found = workers.read_batches(endless(), reader, workers.open_pool(reader, 2))
    for _ in range(3):
        next(found)
    assert taken <= 3 + workers.AHEAD * 2
    found.close()  # type: ignore[attr-defined]


# Going on


def test_a_run_that_was_stopped_is_resumed(
    fake: faking.FakePipeline, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = lines(tmp_path, *(f"{MARA} Number {number}." for number in range(8)), "BOOM")
    broken = file.read_text() + "broken\n"
    file.write_text("broken\n" + broken)

    def stop(done: int, total: int | None) -> None:
        if done >= 6:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ingest([file], settings, progress=stop)
    assert query(settings, "SELECT added, problems, finished_at IS NULL FROM ingests") == [(5, 1, True)]
    fake.read.clear()
    report = ingest([file], settings, resume=True)
    assert (report.added, report.unchanged) == (3, 5)
    assert not {"a0", "a1", "a4"} & set(fake.read)
    assert query(settings, "SELECT ingest_id, added, unchanged, problems, finished_at IS NULL FROM ingests") == [
        (1, 8, 0, 3, False)
    ]
    assert query(settings, "SELECT count(*) FROM ingest_problems") == [(3,)]
    with pytest.raises(StoreError, match="without --resume"):
        ingest([file], settings, resume=True)


# Near-copies


def test_copies_are_marked_and_counted_once(fake: faking.FakePipeline, settings: Settings, tmp_path: Path) -> None:
    other = STORY.replace("“", '"').replace("”", '"').upper()
    cut = STORY.partition(" The work")[0]
    different = " ".join(reversed(STORY.split()))
    ingest([lines(tmp_path, STORY, different, other + " More.", cut + " The paper adds a line of its own.")], settings)
    assert query(settings, "SELECT article_id, copy_of FROM articles ORDER BY 1") == [
        ("a0", None),
        ("a1", None),
        ("a2", "a0"),
        ("a3", "a0"),
    ]
    from quotes.store.overview import list_people

    with reading(settings.database, 5) as connection:
        (person,) = list_people(connection)
    assert person.statements == 1
    assert query(settings, "SELECT count(*) FROM quotes") == [(2,)]


def test_the_copies_of_an_article_that_changes_get_another_original(
    fake: faking.FakePipeline, settings: Settings, tmp_path: Path
) -> None:
    ingest([lines(tmp_path, STORY, STORY + " One.", STORY + " Two.")], settings)
    ingest([lines(tmp_path, "Something else altogether.", STORY + " One.")], settings)
    now = "SELECT article_id, copy_of FROM articles ORDER BY 1"
    assert query(settings, now) == [("a0", None), ("a1", None), ("a2", "a1")]
    ingest([lines(tmp_path, STORY)], settings)
    assert query(settings, now) == [("a0", "a1"), ("a1", None), ("a2", "a1")]


def test_short_articles_are_no_copies(fake: faking.FakePipeline, settings: Settings, tmp_path: Path) -> None:
    ingest([lines(tmp_path, "“No,” she said.", "“No,” she said!")], settings)
    assert query(settings, "SELECT copy_of FROM articles") == [(None,), (None,)]


# Much


MEMORY = """
import resource, sys
sys.path.insert(0, {tests!r})
import pytest, faking
from pathlib import Path
from quotes.ingesting import ingest_into, reading_options
from quotes.people import load_register
from quotes.readers import read_places
from quotes.settings import Settings
from quotes.tracker import batches
from quotes.workers import Reader, read_batches
settings = Settings(max_characters=100_000)
with pytest.MonkeyPatch.context() as patch:
    faking.install(patch)
    marks = []
    articles = read_places([Path(sys.argv[1])])
    found = ((None, [(place, item) for place, item in batch]) for batch in batches(articles, settings))
    for number, _ in enumerate(read_batches(found, Reader(settings, load_register()), None)):
        if number % 100 == 0:
            marks.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
print(*marks)
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="ru_maxrss is in other units elsewhere")
def test_memory_stays_flat_over_many_articles(tmp_path: Path) -> None:
    file = tmp_path / "many.jsonl"
    with file.open("w") as stream:
        for number in range(100_000):
            stream.write(json.dumps({"id": number, "text": f"Report {number}. {STORY} {MARA}"}) + "\n")
    code = MEMORY.format(tests=str(Path(__file__).parent))
    shown = subprocess.run([sys.executable, "-c", code, str(file)], capture_output=True, text=True, check=True)
    marks = [int(mark) for mark in shown.stdout.split()]
    assert len(marks) > 50
    assert marks[-1] - marks[5] < 60_000  # KiB, while the articles themselves have 60 MiB


def test_options_come_from_the_settings(settings: Settings) -> None:
    options = reading_options(replace(settings, max_bytes=7, repair_text=True, user_agent="x"), allow_private=True)
    assert (options.max_bytes, options.repair, options.user_agent, options.allow_private) == (7, True, "x", True)
    assert options.known(["https://a.example"]) == {}
