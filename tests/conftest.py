"""Databases of invented people, and the dashboard's pages run on them."""

from __future__ import annotations

import sys
from datetime import date, timedelta
from pathlib import Path

import pytest
from commands import Answer, Run
from invented import articles, fill, hostile, inward, quote, quote_id
from seeing import Find, Read, See, Seen, Visit
from spacy.language import Language
from streamlit.testing.v1 import AppTest

from quotes import cli
from quotes.ingesting import ingest
from quotes.language import load_pipeline, read_quotes
from quotes.records import Article, Person, Quote, Speaker, Stance
from quotes.settings import Settings, shipped
from quotes.store.store import writing

DASHBOARD = Path(__file__).parents[1] / "dashboard"


@pytest.fixture(scope="session")
def nlp() -> Language:
    """Load the pipeline once for all tests."""
    return load_pipeline(Settings())


@pytest.fixture(scope="session")
def read(nlp: Language) -> Read:
    """Find the quotes of a text, published on a Wednesday: 16 March 2022."""

    def quotes_of(text: str, published: date | None = date(2022, 3, 16)) -> tuple[Quote, ...]:
        ((_, quotes),) = read_quotes(nlp, [Article("test", text, published=published)])
        spans = [span for found in quotes for span in (*found.spans, *found.source, *found.cue)]
        assert all(0 <= span.start < span.end <= len(text) for span in spans)
        return quotes

    return quotes_of


@pytest.fixture(scope="session")
def find_quote() -> Find:
    """Find the id of the one quote that holds these words."""
    return quote_id


@pytest.fixture(scope="session")
def long_tracker(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database of 45 articles with a statement each, enough for three pages of a list."""
    given = []
    for number in range(45):
        text = f"“The quay needs {number} bollards,” Ilse Marrow said."
        day = date(2031, 1, 1) + timedelta(days=number)
        bollards = quote(text, text.partition(" Ilse")[0], source="Ilse Marrow", cue="said", by="ilse-marrow")
        given.append((Article(f"bollards-{number}", text, f"Bollards, part {number}", published=day), [bollards]))
    return fill(tmp_path_factory.mktemp("long") / "quotes.duckdb", given)


@pytest.fixture(scope="session")
def tracker(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database of four invented articles."""
    return fill(tmp_path_factory.mktemp("tracker") / "quotes.duckdb", articles())


@pytest.fixture(scope="session")
def inward_tracker(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database of utterances, beliefs and wishes."""
    return fill(tmp_path_factory.mktemp("inward") / "quotes.duckdb", inward())


@pytest.fixture(scope="session")
def hostile_tracker(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database of one hostile article among the others."""
    return fill(tmp_path_factory.mktemp("hostile") / "quotes.duckdb", [*articles(), hostile()])


@pytest.fixture(scope="session")
def empty_tracker(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database into which nothing was ever read."""
    return fill(tmp_path_factory.mktemp("empty") / "quotes.duckdb", [])


@pytest.fixture(scope="session")
def namesakes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with two people of the same name, and a third about whom they speak."""
    path = tmp_path_factory.mktemp("namesakes") / "quotes.duckdb"
    with writing(path, 10) as store:
        ingest = store.begin(["invented"], "none")
        for person_id, words in {"ana-twin": "“I am the first.”", "ana-twin-2": "“I am the second.”"}.items():
            about = Stance("Osric Fenn", "person", "neutral", 0.6, "osric-fenn")
            twin = quote(words, words, by=Speaker("Ana Twin", "person", None, person_id), stances=(about,))
            people = [Person(person_id, "Ana Twin"), Person("osric-fenn", "Osric Fenn")]
            store.save(ingest, Article(person_id, words), [twin], people)
        store.finish(ingest)
    return path


@pytest.fixture(scope="session")
def sample_tracker(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database that `make demo` makes of the sample articles."""
    path = tmp_path_factory.mktemp("sample") / "quotes.duckdb"
    ingest([shipped("sample")], Settings(database=path))
    return path


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """Run a command of the command line in an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "150")

    def answer(*arguments: str | Path) -> Answer:
        monkeypatch.setattr(sys, "argv", ["quotes", *map(str, arguments)])
        with pytest.raises(SystemExit) as ending:
            cli.main()
        out, err = capsys.readouterr()
        return (ending.value.code if isinstance(ending.value.code, int) else 0), out, err

    return answer


@pytest.fixture
def visit(monkeypatch: pytest.MonkeyPatch) -> Visit:
    """Run a page on a database, as its address with these parameters opens it."""

    def run(page: str, database: Path, /, **parameters: str) -> AppTest:
        monkeypatch.setenv("QUOTES_DATABASE", str(database))
        app = AppTest.from_file(DASHBOARD / "app_pages" / f"{page}.py", default_timeout=60)
        app.query_params.update(parameters)
        app.run()
        assert not app.exception
        return app

    return run


@pytest.fixture
def seen() -> See:
    """Take apart the HTML of a page, or HTML itself."""
    return lambda page: Seen([page] if isinstance(page, str) else [one.proto.body for one in page.get("html")])
