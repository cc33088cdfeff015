from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import faking
import lakes
import pytest
from typer.testing import CliRunner

from dashboard import queries
from dashboard.records import Filter
from quotes.cli import app
from quotes.errors import LakeError, StoreError
from quotes.ingesting import ingest
from quotes.lake import ChunkReader, everywhere, plan
from quotes.laking import load_lake
from quotes.people import Register
from quotes.settings import Settings
from quotes.store.checking import check
from quotes.store.document import _relations
from quotes.store.export import export
from quotes.store.importing import import_export
from quotes.store.sql import cage, run_query
from quotes.store.store import reading
from quotes.workers import Reader

pytest.importorskip("duckdb_extension_ducklake", reason="pip install 'quote-tracker[ducklake]'")


@pytest.fixture(autouse=True)
def fake(monkeypatch: pytest.MonkeyPatch) -> faking.FakePipeline:
    return faking.install(monkeypatch)


@pytest.fixture
def lake(tmp_path: Path) -> str:
    """A lake with people under several names, an article twice, another of the same id, and a near-copy."""
    rows = lakes.articles(12)
    rows[5]["text"] = rows[5]["text"].replace("Otto Brandt", "O. Brandt")
    twins = [rows[3], rows[4] | {"text": "Mara Lind: “Not what I said before about the bridge.”"}]
    stories = [{"id": "story", "text": lakes.STORY}, {"id": "copy", "text": lakes.STORY + " So it was."}]
    source = lakes.write(tmp_path / "articles" / "a.parquet", rows + stories)
    lakes.write(tmp_path / "articles" / "b.parquet", twins)
    folder = str(tmp_path / "o'lake")
    reader = Reader(Settings(batch_size=3), Register())
    read = ChunkReader(reader, everywhere(folder))
    for chunk in plan(str(source.parent), folder, reader, {}, 5).chunks:
        read(chunk)
    return folder


@pytest.fixture
def loaded(tmp_path: Path, lake: str) -> Settings:
    settings = Settings(database=tmp_path / "loaded.duckdb", wait=5)
    load_lake(lake, settings)
    return settings


@pytest.fixture
def registered(tmp_path: Path, lake: str) -> Settings:
    settings = Settings(database=tmp_path / "registered.duckdb", wait=5)
    load_lake(lake, settings, register=True)
    return settings


def test_a_registered_lake_gives_the_rows_of_a_loaded_one(loaded: Settings, registered: Settings, lake: str) -> None:
    assert lakes.rows_of(registered.database) == lakes.rows_of(loaded.database)
    views = [row[0] for row in query(loaded, "SELECT view_name FROM duckdb_views() WHERE NOT internal")]
    assert len(views) > 10
    for view in views:
        columns = "* EXCLUDE (started_at, finished_at)" if view == "ingests_view" else "*"
        one, other = (
            sorted(map(repr, query(settings, f"SELECT {columns} FROM {view}"))) for settings in (loaded, registered)
        )
        assert one == other, view
    assert query(registered, "SELECT copy_of FROM articles WHERE article_id = 'copy'") == [("story",)]
    assert query(registered, "SELECT count(*) FROM lake_left_out") == [(2,)]
    inside = "SELECT count(*) FROM duckdb_tables() WHERE database_name = current_database() AND table_name = 'quotes'"
    assert query(registered, inside) == [(0,)]
    assert len([file for file in Path(lake).rglob("*.parquet") if file.is_file()]) == 4  # none was copied


def test_it_is_described_as_a_loaded_one(loaded: Settings, registered: Settings) -> None:
    found = []
    for settings in (loaded, registered):
        with reading(settings.database, 5) as connection:
            relations = _relations(connection, "duckdb_tables", "table") + _relations(
                connection, "duckdb_views", "view"
            )
            found.append(
                {one.name: (one.comment, [(c.name, c.type, c.comment) for c in one.columns]) for one in relations}
            )
    assert all(found[1][name] == told for name, told in found[0].items())
    assert all(comment for comment, _ in found[1].values())


def test_a_cage_leaves_its_lake_open_and_nothing_else(registered: Settings, tmp_path: Path) -> None:
    (tmp_path / "secret.csv").write_text("a\n1\n")
    assert run_query(registered.database, "SELECT count(*) FROM statements_view", 5, 10).rows == ((23,),)
    with pytest.raises(Exception, match="disabled by configuration"):
        run_query(registered.database, f"FROM '{tmp_path}/secret.csv'", 5, 10)
    with reading(registered.database, 5) as connection:
        cage(connection)
        with reading(registered.database, 5) as second:  # which finds the lake attached
            assert second.execute("SELECT count(*) FROM quotes").fetchone() == (23,)
        with pytest.raises(Exception, match="read-only"):
            connection.execute("DELETE FROM lake.chunks")


def test_the_dashboard_shows_what_it_shows_of_a_loaded_one(
    loaded: Settings, registered: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = []
    for settings in (loaded, registered):
        monkeypatch.setenv("QUOTES_DATABASE", str(settings.database))
        with queries.opened() as db:
            cage(db)
            every = Filter(said="all")
            shown.append(
                (
                    queries.holdings(db, every),
                    queries.statements(db, every, 1, 50),
                    queries.statements(db, replace(every, words="bridge spring"), 1, 5),
                    queries.facets(db, every),
                    queries.people(db),
                    queries.matrix(db, every, 10, 10),
                    queries.article(db, "a5"),
                    queries.article_statements(db, "a5"),
                )
            )
    assert shown[0] == shown[1]
    assert len(shown[0][1]) > 5


def test_what_would_change_articles_or_people_is_refused(registered: Settings, tmp_path: Path) -> None:
    (tmp_path / "new.txt").write_text("Mara Lind: “Something new.”")
    with pytest.raises(StoreError, match="reads a lake"):
        ingest([tmp_path / "new.txt"], registered)
    shown = CliRunner().invoke(app, ["people", "merge", "mara-lind", "otto-brandt", "-d", str(registered.database)])
    assert "reads a lake" in str(shown.exception)
    assert query(registered, "SELECT count(*) FROM people_decisions") == [(0,)]


def test_it_is_exported_and_checked_as_any_other(registered: Settings, loaded: Settings, tmp_path: Path) -> None:
    export(registered.database, tmp_path / "out", "parquet", None, 5)
    again = replace(registered, database=tmp_path / "again.duckdb")
    import_export(tmp_path / "out", again.database, 5)
    assert lakes.rows_of(again.database) == lakes.rows_of(loaded.database)
    with reading(registered.database, 5) as connection:
        assert [finding.problem for finding in check(connection)] == []


def test_what_is_missing_is_said(registered: Settings, lake: str, monkeypatch: pytest.MonkeyPatch) -> None:
    catalogue = registered.database.with_suffix(".ducklake")
    with pytest.raises(LakeError, match="exists already"):
        load_lake(lake, replace(registered, database=registered.database.with_suffix(".db")), register=True)
    os.rename(catalogue, catalogue.with_suffix(".away"))
    with pytest.raises(StoreError, match=r"its catalogue .* is missing"):
        query(registered, "FROM quotes")
    with pytest.raises(LakeError, match="no folder of this machine"):
        load_lake("memory://nothing", registered, register=True)


def query(settings: Settings, sql: str) -> list[tuple[object, ...]]:
    with reading(settings.database, 5) as connection:
        return connection.execute(sql).fetchall()
