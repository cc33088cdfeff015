"""States in which there is nothing to show: designed, with what to do next, and never a traceback."""

from __future__ import annotations

from pathlib import Path

import pytest
from seeing import See, Visit

from quotes.store.store import writing

PAGES = ["overview", "people", "stances", "statements", "article", "review", "add", "sql"]


@pytest.mark.parametrize("page", [page for page in PAGES if page not in ("sql", "add")])
def test_empty_database(visit: Visit, seen: See, empty_tracker: Path, page: str) -> None:
    assert "quotes ingest FOLDER" in seen(visit(page, empty_tracker)).text


@pytest.mark.parametrize("page", [page for page in PAGES if page != "add"])  # which makes one
def test_missing_database(visit: Visit, seen: See, tmp_path: Path, page: str) -> None:
    shown = seen(visit(page, tmp_path / "none.duckdb"))
    assert "No database to read" in shown.text
    assert "quotes ingest" in shown.text


@pytest.mark.parametrize("page", PAGES)
def test_not_a_database(visit: Visit, seen: See, tmp_path: Path, page: str) -> None:
    file = tmp_path / "letter.duckdb"
    file.write_text("Dear Sir or Madam")
    assert "is not a DuckDB file" in seen(visit(page, file)).text


@pytest.mark.parametrize("page", PAGES)
def test_busy_database(visit: Visit, seen: See, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, page: str) -> None:
    monkeypatch.setattr("dashboard.queries.opening.WAIT", 0.1)
    with writing(tmp_path / "busy.duckdb", 10):
        shown = seen(visit(page, tmp_path / "busy.duckdb"))
    assert "The database is busy" in shown.text
    assert "Try again" in shown.text


@pytest.mark.parametrize("page", PAGES)
def test_nothing_keeps_the_database_open(visit: Visit, tracker: Path, page: str) -> None:
    visit(page, tracker)
    with writing(tracker, 0.5):
        pass
