"""The command that measures the pages; how fast they are on a million quotes is its answer, not a test's."""

from __future__ import annotations

from pathlib import Path

import pytest

from dashboard.measuring import PAGES, Measured, Visited, measure
from quotes.evaluation.made_database import make_database
from quotes.store import writing
from quotes.store.search_rebuild import refresh


def test_figures_are_those_of_the_second_visits() -> None:
    measured = Measured(tuple(Visited("people", str(n), 1000, n, n) for n in range(1, 102)), 512)
    assert (measured.median, measured.p95) == (51, 96)


@pytest.mark.slow
def test_every_page_but_sql_is_visited_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUOTES_DATABASE", "")
    path = tmp_path / "quotes.duckdb"
    with writing(path, 10) as store:
        make_database(store, 2_000)
    refresh(path, 10)
    measured = measure(path)
    pages = {file.stem for file in PAGES.glob("*.py")}
    assert {one.page for one in measured.visits} == pages - {"sql"}
    assert all(one.first > 0 and one.second > 0 for one in measured.visits)
    assert measured.memory > 0
