from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import faking
import pytest

import quotes
from quotes import ingesting, language, tracker
from quotes.errors import ReadError, StoreBusyError, StoreError
from quotes.readers import Metadata
from quotes.records import Article, Problem, Quote, Span, Speaker, Stance
from quotes.settings import Settings, shipped
from quotes.store import reading, writing

MARA = "Mara Lind (Mayor): “We will build the bridge.” Otto Brandt: “Never.”"


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> faking.FakePipeline:
    return faking.install(monkeypatch)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(database=tmp_path / "quotes.duckdb", batch_size=3, max_characters=10_000, wait=5)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Seven articles, and between them one of each kind that cannot be read."""
    folder = tmp_path / "articles"
    folder.mkdir()
    for number in range(7):
        (folder / f"{number}.txt").write_text(f"{MARA} Number {number}.")
    (folder / "1-empty.txt").write_text("")
    (folder / "2-binary.txt").write_bytes(bytes(range(256)) * 9)
    (folder / "3-long.txt").write_text("x" * 10_000_000)
    (folder / "4-boom.txt").write_text("BOOM")
    (folder / "5-lines.jsonl").write_text('{"id": "a", "text": "One."}\nbroken\n{"id": "c", "text": "Three."}\n')
    return folder


def query(settings: Settings, sql: str) -> list[tuple[object, ...]]:
    with reading(settings.database, settings.wait) as connection:
        return connection.execute(sql).fetchall()


# extract


def test_extract_gives_linked_quotes_of_a_text(fake: faking.FakePipeline) -> None:
    first, second = tracker.extract(MARA, published=date(2031, 5, 2))
    assert MARA[slice(*first.spans[0])] == first.text == "“We will build the bridge.”"
    assert first.speaker == Speaker("Mara Lind", "person", "Mayor", "mara-lind")
    assert second.speaker == Speaker("Otto Brandt", "person", None, "otto-brandt")


def test_extract_raises_on_a_text_that_cannot_be_read(fake: faking.FakePipeline) -> None:
    with pytest.raises(ReadError, match=r"ValueError: boom"):
        tracker.extract("BOOM")
    with pytest.raises(ReadError, match="more than 5"):
        tracker.extract("Too long.", settings=Settings(max_characters=5))


def test_extract_all_keeps_order_and_passes_problems_on(fake: faking.FakePipeline, settings: Settings) -> None:
    given: list[Article | Problem] = [
        Article("a", MARA),
        Problem("b", "It is broken.", "Mend it."),
        Article("c", "BOOM", title="Loud"),
        Article("d", "x" * 20_000),
        Article("e", MARA),
    ]
    first, second, third, fourth, fifth = tracker.extract_all(given, settings)
    assert isinstance(first, tuple)
    assert isinstance(fifth, tuple)
    assert (first[0], len(first[1]), fifth[0]) == (given[0], 2, given[4])
    assert second is given[1]
    assert isinstance(third, Problem)
    assert (third.source, third.article_id) == ("Loud", "c")
    assert isinstance(fourth, Problem)
    assert "20,000 characters" in fourth.problem


def test_a_pipeline_that_loses_an_article_is_noticed(
    fake: faking.FakePipeline, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(language, "read_quotes", lambda nlp, articles, size: iter([(a, ()) for a in articles[1:]]))
    found = list(tracker.extract_all([Article("a", "One."), Article("b", "Two.")], settings))
    assert [isinstance(item, Problem) for item in found] == [True, True]


def test_as_json_has_the_shape_of_the_design() -> None:
    stance = Stance("Otto Brandt", "person", "against", 0.5, evidence=(Span(1, 3),))
    full = Quote(
        "mixed",
        "no",
        (Span(1, 3), Span(4, 6)),
        (Span(7, 8),),
        (),
        "speech",
        Speaker("Mara Lind", "person"),
        date(2031, 5, 2),
        "week",
        "last week",
        "the hall",
        0.5,
        (stance,),
    )
    bare = Quote("indirect", "no", (Span(1, 3),))
    shape = tracker.as_json(Article("a", "text"), [full, bare])
    assert json.loads(json.dumps(shape)) == shape
    first, second = shape["quotes"]
    assert (shape["id"], first["spans"], first["source"], first["cue"]) == ("a", [[1, 3], [4, 6]], [[7, 8]], [])
    assert first["speaker"] == {"name": "Mara Lind", "type": "person", "role": None, "person_id": None}
    assert (first["said_on"], first["said_on_text"], first["venue"]) == ("2031-05-02", "last week", "the hall")
    assert first["stances"] == [
        {
            "target": "Otto Brandt",
            "target_type": "person",
            "stance": "against",
            "score": 0.5,
            "person_id": None,
            "evidence": [[1, 3]],
        }
    ]
    assert (second["speaker"], second["said_on"], second["stances"]) == (None, None, [])
    assert first.keys() == second.keys()


# ingest


def test_ingest_loses_no_neighbour_and_reports_each_problem(
    fake: faking.FakePipeline, settings: Settings, folder: Path
) -> None:
    report = ingesting.ingest([folder], settings)
    assert (report.added, report.changed, report.unchanged, report.quotes) == (9, 0, 0, 14)
    assert [Path(problem.source).name for problem in sorted(report.problems, key=lambda problem: problem.source)] == [
        "1-empty.txt",
        "2-binary.txt",
        "3-long.txt",
        "4-boom.txt",
        "5-lines.jsonl, line 2",
    ]
    assert query(settings, "SELECT source, problem, advice FROM ingest_problems ORDER BY ALL") == sorted(
        (problem.source, problem.problem, problem.advice) for problem in report.problems
    )
    assert query(settings, "SELECT added, problems, pipeline, finished_at IS NOT NULL FROM ingests") == [
        (9, 5, "en_fake 1.0", True)
    ]
    assert query(settings, "SELECT person_id, role FROM people ORDER BY 1") == [
        ("mara-lind", "Mayor"),
        ("otto-brandt", None),
    ]


def test_ingesting_again_reads_nothing_and_changes_nothing(
    fake: faking.FakePipeline, settings: Settings, folder: Path
) -> None:
    ingesting.ingest([folder], settings)
    tables = [query(settings, f"FROM {table} ORDER BY ALL") for table in ("articles", "quotes", "people")]
    fake.read.clear()
    report = ingesting.ingest([folder], settings)
    assert (report.added, report.changed, report.unchanged, report.quotes) == (0, 0, 9, 0)
    assert len(set(fake.read)) == 1  # the one that fails is tried again
    assert [query(settings, f"FROM {table} ORDER BY ALL") for table in ("articles", "quotes", "people")] == tables


def test_a_changed_text_replaces_the_quotes(fake: faking.FakePipeline, settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "a.md"
    file.write_text(f"---\nid: a\n---\n{MARA}")
    ingesting.ingest([file], settings)
    file.write_text("---\nid: a\n---\nOtto Brandt: “Perhaps.”")
    report = ingesting.ingest([file], settings, metadata=Metadata(publisher="The Paper"))
    assert (report.added, report.changed, report.quotes) == (0, 1, 1)
    assert query(settings, "SELECT speaker, text, publisher FROM statements_view") == [
        ("Otto Brandt", "“Perhaps.”", "The Paper")
    ]


def test_progress_counts_up_to_the_number_of_articles(
    fake: faking.FakePipeline, settings: Settings, tmp_path: Path
) -> None:
    for number in range(7):
        (tmp_path / f"{number}.txt").write_text(f"Number {number}.")
    seen: list[tuple[int, int | None]] = []
    ingesting.ingest([tmp_path], settings, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(3, 7), (6, 7), (7, 7)]


def test_the_database_is_free_while_articles_are_read(
    fake: faking.FakePipeline, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.txt").write_text(MARA)
    calm, seen = language.read_quotes, []

    def looking(*arguments: object) -> object:
        with writing(settings.database, 0) as store:
            seen.append(store.connection.execute("SELECT count(*) FROM ingests").fetchall())
        return calm(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(language, "read_quotes", looking)
    assert ingesting.ingest([tmp_path / "a.txt"], settings).problems == ()
    assert seen == [[(1,)]]


def test_an_article_that_the_database_refuses_costs_no_neighbour(
    fake: faking.FakePipeline, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in "abc":
        (tmp_path / f"{name}.md").write_text(f"---\nid: {name}\n---\n{MARA}")
    calm = language.read_quotes

    def unsure(nlp: object, articles: list[Article], size: int) -> object:
        for article, found in calm(nlp, articles, size):  # type: ignore[arg-type]
            yield article, tuple(replace(quote, confidence=2.0 if article.id == "b" else 0.5) for quote in found)

    monkeypatch.setattr(language, "read_quotes", unsure)
    report = ingesting.ingest([tmp_path], settings)
    assert report.added == 2
    (problem,) = report.problems
    assert (problem.source, problem.article_id) == (str(tmp_path / "b.md"), "b")


def test_ingest_waits_for_a_busy_database_and_then_gives_up(
    fake: faking.FakePipeline, settings: Settings, folder: Path
) -> None:
    ingesting.ingest([folder / "0.txt"], settings)
    with reading(settings.database, 5), pytest.raises(StoreBusyError):
        ingesting.ingest([folder / "1.txt"], replace(settings, wait=0))


def test_a_source_that_does_not_exist_makes_no_database(fake: faking.FakePipeline, settings: Settings) -> None:
    with pytest.raises(ReadError):
        ingesting.ingest(["nowhere.txt"], settings)
    assert not settings.database.exists()


# The public names


def test_open_tracker_answers_queries_and_lets_go(fake: faking.FakePipeline, settings: Settings, folder: Path) -> None:
    ingesting.ingest([folder], settings)
    with quotes.open_tracker(settings.database) as opened:
        assert opened.sql("SELECT count(*) FROM quotes").fetchall() == [(14,)]
        with pytest.raises(duckdb.Error, match="read-only"):
            opened.sql("DELETE FROM quotes")
    with writing(settings.database, 0) as store:
        assert store.begin([], "") == 2
    with pytest.raises(StoreError, match="no database"):
        quotes.open_tracker(settings.database.with_name("none.duckdb"))


def test_importing_quotes_loads_nothing_heavy() -> None:
    heavy = "'spacy', 'duckdb', 'streamlit', 'numpy', 'rich', 'yaml'"
    code = f"import sys, quotes; print([name for name in ({heavy}) if name in sys.modules])"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout == "[]\n"


def test_every_public_name_exists() -> None:
    assert [name for name in quotes.__all__ if not getattr(quotes, name)] == []
    assert set(quotes.__all__) <= set(dir(quotes))
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        quotes.nothing  # noqa: B018


# With the real pipeline


def test_the_whole_way_on_the_samples(tmp_path: Path) -> None:
    settings = Settings(database=tmp_path / "quotes.duckdb")
    report = ingesting.ingest([shipped("sample")], settings)
    assert report.problems == ()
    assert report.added == 12
    rows = query(settings, "SELECT text, spans, article_id FROM quotes")
    texts: dict[object, str] = dict(query(settings, "SELECT article_id, text FROM articles"))  # type: ignore[arg-type]
    assert len(rows) == report.quotes > 30
    for quoted, spans, article_id in rows:
        for span in spans:  # type: ignore[attr-defined]
            words = texts[article_id][span["start"] : span["end"]]
            assert words.split()[0] in quoted  # type: ignore[operator]
    loose = """SELECT person_id FROM quotes WHERE person_id NOT IN (SELECT person_id FROM people)
               UNION SELECT person_id FROM stances WHERE person_id NOT IN (SELECT person_id FROM people)"""
    assert query(settings, loose) == []
    assert ingesting.ingest([shipped("sample")], settings).unchanged == 12


@pytest.mark.parametrize("text", ["“”‘’\"'«»" * 20, "“" * 5_000, '"' * 4_999, "‘’" * 5_000, "\u2028", "a\u0000b", "."])
def test_strange_texts_give_no_quotes_and_no_error(text: str) -> None:
    assert tracker.extract(text) == ()
