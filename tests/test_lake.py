from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import NoReturn
from uuid import uuid4

import faking
import fsspec
import lakes
import pyarrow as pa
import pytest
from pyarrow import parquet
from typer.testing import CliRunner

from quotes.cli import app
from quotes.errors import LakeError
from quotes.ingesting import ingest
from quotes.lake import ATTEMPTS, ChunkReader, chunk_names, everywhere, plan, remove
from quotes.laking import load_lake
from quotes.people import Register
from quotes.records import Problem
from quotes.settings import Settings
from quotes.workers import Batch, Read, Reader


@pytest.fixture(autouse=True)
def fake(monkeypatch: pytest.MonkeyPatch) -> faking.FakePipeline:
    return faking.install(monkeypatch)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(database=tmp_path / "quotes.duckdb", batch_size=3, wait=5)


@pytest.fixture
def reader(settings: Settings) -> Reader:
    return Reader(settings, Register())


def build(source: Path | str, folder: str, reader: Reader, rows: int = 5) -> list[str]:
    """Build a lake in this process; give the chunks that were read."""
    todo = plan(str(source), folder, reader, {}, rows)
    read = ChunkReader(reader, everywhere(folder))
    done = [read(chunk).name for chunk in todo.missing]
    remove(folder, todo.stale)
    return done


def hard(folder: Path) -> Path:
    """A folder with everything that can be wrong with articles, and copies and later versions among them."""
    good = lakes.articles(17)
    story = {"text": lakes.STORY}
    lakes.write(folder / "b.parquet", good)
    lakes.write(
        folder / "a" / "first.parquet",
        [
            {"id": "story", **story},
            {"id": "a3", "text": "An older version. Mara Lind: “We shall see about the bridge in the spring.”"},
            {"id": "boom", "text": "BOOM"},
            {"id": "no-text"},
            {"id": "twice", "text": "Mara Lind: “The same twice.”"},
            {"id": "twice", "text": "Mara Lind: “The same twice.”"},
            {"id": "long", "text": "x" * 5_000},
        ],
    )
    lakes.write(folder / "a" / "second.parquet", [{"id": "copy", "text": lakes.STORY + " So it was."}, good[2]])
    lakes.write(folder / "c" / "empty.parquet", [])
    (folder / "c" / "broken.parquet").write_bytes(b"PAR1 and then nothing")
    lakes.write(folder / ".hidden.parquet", good)
    return folder


def test_a_lake_loads_as_the_rows_that_ingest_writes(tmp_path: Path, settings: Settings, reader: Reader) -> None:
    source = hard(tmp_path / "articles")
    reader = replace(reader, settings=replace(settings, max_characters=4_000))
    alone = replace(reader.settings, database=tmp_path / "alone.duckdb")
    report = ingest([source], alone)
    build(source, str(tmp_path / "lake"), reader)
    loaded = load_lake(str(tmp_path / "lake"), settings)
    assert loaded.articles == report.added == 20
    assert loaded.problems == len(report.problems) == 6
    assert lakes.rows_of(settings.database) == lakes.rows_of(alone.database)
    assert len(lakes.rows_of(alone.database)["repeats"]) > 5


def test_chunks_have_the_same_names_everywhere_and_only_what_is_missing_is_read(
    tmp_path: Path, reader: Reader, fake: faking.FakePipeline
) -> None:
    source = lakes.write(tmp_path / "articles" / "x" / "one.parquet", lakes.articles(12)).parents[1]
    first, second = str(tmp_path / "lake"), f"memory://{uuid4().hex}"
    names = build(source, first, reader)
    assert [name.rpartition("-")[0] for name in names] == [f"x/one.parquet/{row:012}" for row in (0, 5, 10)]
    assert build(source, second, reader) == names == chunk_names(second)
    fake.read.clear()
    assert build(source, first, reader) == []
    remove(first, names[1:2])
    assert build(source, first, reader) == names[1:2]
    assert fake.read == ["a5", "a6", "a7", "a8", "a9"]
    assert not list(Path(first).rglob("*.json"))


def test_what_was_made_of_articles_that_changed_is_replaced(tmp_path: Path, settings: Settings, reader: Reader) -> None:
    source, lake = tmp_path / "articles", str(tmp_path / "lake")
    lakes.write(source / "one.parquet", lakes.articles(6))
    lakes.write(source / "two.parquet", lakes.articles(6, 6))
    assert len(build(source, lake, reader)) == 4
    lakes.write(source / "two.parquet", lakes.articles(3, 20))
    (source / "one.parquet").rename(source / "three.parquet")
    assert len(build(source, lake, reader)) == 3
    assert load_lake(lake, settings).articles == 9


def test_another_pipeline_makes_other_chunks(tmp_path: Path, reader: Reader, fake: faking.FakePipeline) -> None:
    source = lakes.write(tmp_path / "articles" / "one.parquet", lakes.articles(2)).parent
    build(source, str(tmp_path / "lake"), reader)
    fake.meta = {**fake.meta, "version": "2.0"}  # type: ignore[misc]
    assert len(build(source, str(tmp_path / "lake"), reader)) == 1
    assert len(chunk_names(str(tmp_path / "lake"))) == 1


def test_lake_and_articles_may_lie_in_an_object_store(tmp_path: Path, settings: Settings, reader: Reader) -> None:
    files = fsspec.filesystem("memory")
    bucket = uuid4().hex
    for name in ("one", "two"):
        local = lakes.write(tmp_path / f"{name}.parquet", lakes.articles(7, 7 * len(name)))
        files.pipe_file(f"/{bucket}/articles/{name}.parquet", local.read_bytes())
    build(f"memory://{bucket}/articles", f"memory://{bucket}/quotes", reader)
    assert load_lake(f"memory://{bucket}/quotes", settings).articles == 7
    local_settings = replace(settings, database=tmp_path / "alone.duckdb")
    ingest([tmp_path / "one.parquet", tmp_path / "two.parquet"], local_settings)
    assert lakes.rows_of(settings.database)["quotes"] == lakes.rows_of(local_settings.database)["quotes"]


class Dead(BaseException):
    """Stands for the end of a process."""


class Mortal(Reader):
    """Dies at one article."""

    __slots__ = ()

    def __call__(self, batch: Batch) -> list[Read]:
        if any("DIE" in article.text for _, article in batch):
            raise Dead
        return Reader.__call__(self, batch)


def test_an_article_that_kills_its_process_is_given_up_and_no_other(tmp_path: Path, settings: Settings) -> None:
    rows = lakes.articles(5)
    rows[2]["text"] = "DIE"
    source, lake = lakes.write(tmp_path / "articles" / "one.parquet", rows).parent, str(tmp_path / "lake")
    reader = Mortal(settings, Register())
    for _ in range(3):
        with pytest.raises(Dead):
            build(source, lake, reader)
        assert not chunk_names(lake)
    assert len(build(source, lake, reader)) == 1
    (row,) = [row for row in parquet.read_table(next(Path(lake).rglob("0*.parquet"))).to_pylist() if row["problem"]]
    assert row["problem"]["article_id"] == "a2"
    assert load_lake(lake, settings).articles == 4
    assert not list((Path(lake) / ATTEMPTS).rglob("*.json"))


def test_a_process_that_was_only_unlucky_costs_nothing(tmp_path: Path, settings: Settings, reader: Reader) -> None:
    source, lake = lakes.write(tmp_path / "articles" / "one.parquet", lakes.articles(5)).parent, str(tmp_path / "lake")

    class Unlucky(Reader):
        __slots__ = ()

        def __call__(self, batch: Batch) -> NoReturn:
            raise Dead

    for _ in range(2):
        with pytest.raises(Dead):
            build(source, lake, Unlucky(settings, Register()))
    build(source, lake, reader)
    loaded = load_lake(lake, settings)
    assert (loaded.articles, loaded.problems) == (5, 0)


def test_a_batch_at_which_a_process_died_once_is_read_together_again(tmp_path: Path, settings: Settings) -> None:
    source, lake = lakes.write(tmp_path / "articles" / "one.parquet", lakes.articles(5)).parent, str(tmp_path / "lake")
    read: list[list[str]] = []

    class Once(Reader):
        __slots__ = ()

        def __call__(self, batch: Batch) -> list[Read]:
            read.append([article.id for _, article in batch])
            if len(read) == 2:
                raise Dead
            return Reader.__call__(self, batch)

    with pytest.raises(Dead):
        build(source, lake, Once(settings, Register()))
    build(source, lake, Once(settings, Register()))
    assert read == 2 * [["a0", "a1", "a2"], ["a3", "a4"]]


def test_a_row_that_is_not_utf8_costs_one_row(tmp_path: Path, settings: Settings, reader: Reader) -> None:
    texts = pa.array([b"Mara Lind: \xe2\x80\x9cYes.\xe2\x80\x9d", b"\xff\xfe", b"Otto Brandt: no."], pa.binary())
    table = pa.table({"text": texts.view(pa.string())})
    source = tmp_path / "articles" / "one.parquet"
    source.parent.mkdir()
    parquet.write_table(table, source)
    build(source, str(tmp_path / "lake"), reader)
    assert load_lake(str(tmp_path / "lake"), settings).articles == 2
    report = ingest([source], replace(settings, database=tmp_path / "alone.duckdb"))
    assert report.added == 2
    assert [(problem.source, problem.problem) for problem in report.problems] == [
        (f"{source}, row 2", "It is not UTF-8.")
    ]


def test_rows_from_the_middle_of_a_file(tmp_path: Path) -> None:
    from quotes.readers import Options
    from quotes.readers.parquet import read_parquet

    file = lakes.write(tmp_path / "one.parquet", [*lakes.articles(10), {"id": "no-text"}], group=3)
    for first, rows in ((0, 4), (4, 4), (8, 3), (5, None)):
        with file.open("rb") as stream:
            found = list(read_parquet(stream, "one", Options(), first, rows))
        names = [item.source if isinstance(item, Problem) else item.id for item in found]
        assert names == [*(f"a{number}" for number in range(10)), "one, row 11"][first:][:rows]


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["lake", "build", "{}/none", "{}/lake"], "There is no Parquet file"),
        (["lake", "build", "{}/articles", "{}/articles"], "holds the articles themselves"),
        (["lake", "build", "nowhere://x", "{}/lake"], "cannot be used"),
        (["lake", "load", "{}/none"], "There are no quotes"),
        (["lake", "load", "nowhere://x"], "cannot be read"),
        (["ingest", "{}/articles", "--address", "auto"], "is of a Ray cluster"),
    ],
)
def test_what_cannot_be_used_is_said(tmp_path: Path, arguments: list[str], problem: str) -> None:
    lakes.write(tmp_path / "articles" / "one.parquet", lakes.articles(1))
    result = CliRunner().invoke(app, [argument.format(tmp_path) for argument in arguments])
    assert problem in str(result.exception)


def test_a_file_that_exists_is_not_overwritten(tmp_path: Path, settings: Settings, reader: Reader) -> None:
    source, lake = lakes.write(tmp_path / "articles" / "one.parquet", lakes.articles(1)).parent, str(tmp_path / "lake")
    build(source, lake, reader)
    load_lake(lake, settings)
    before = settings.database.read_bytes()
    with pytest.raises(LakeError, match="exists already"):
        load_lake(lake, settings)
    assert settings.database.read_bytes() == before


def test_a_lake_that_cannot_be_loaded_leaves_nothing(tmp_path: Path, settings: Settings) -> None:
    file = tmp_path / "lake" / "one.parquet" / "000-0.parquet"
    file.parent.mkdir(parents=True)
    parquet.write_table(pa.table({"x": [1]}), file)
    with pytest.raises(LakeError, match="cannot be loaded"):
        load_lake(str(tmp_path / "lake"), settings)
    assert not list(tmp_path.glob("*.duckdb*")) + list(tmp_path.glob(".*loading*"))


def test_the_schema_of_a_chunk_has_every_column_that_the_store_is_given(reader: Reader) -> None:
    from quotes.lake import SCHEMA
    from quotes.records import Article, Quote, Span, Stance
    from quotes.store import rows

    article = Article("a", "Words.")
    quote = Quote("direct", "Words.", (Span(0, 6),), stances=(Stance("x", "issue", "favor", 1.0),), topics=("x",))
    of_quote = {one.name: one.type for one in SCHEMA.field("quotes").type.value_type}
    assert {*rows.quote_row(article, quote, "q"), "stances", "topics"} == set(of_quote)
    for given, name in ((rows.stance_rows("q", quote), "stances"), (rows.topic_rows("q", quote), "topics")):
        assert set(given[0]) == {one.name for one in of_quote[name].value_type}
    assert {*rows.article_row(article, 1)} == {one.name for one in SCHEMA.field("article").type} | {"ingest_id"}
