"""What the dashboard keeps of a query is what the query gives, also after the file has changed."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import astuple
from pathlib import Path
from typing import Any

import duckdb
import pytest
from invented import quote_id

from dashboard import queries
from dashboard.queries import keeping
from dashboard.queries.narrow import fill_tables
from dashboard.records import Filter
from quotes.store import reading, review, writing
from quotes.store.review import Reviewer

PERSON = Filter(person="tobin-ashgrove")
ASKED: dict[str, tuple[Any, ...]] = {
    "holdings": (PERSON,),
    "days": (),
    "months": (PERSON,),
    "people": (),
    "find_people": ("ashgrove", 5),
    "speakers_about": ("ilse-marrow", 5),
    "stances_by_target": ("tobin-ashgrove", 5),
    "compared": ("tobin-ashgrove", "dov-hartwell", 5),
    "count_about": ("ilse-marrow",),
    "targets": (5,),
    "target_months": (Filter(target="Ilse Marrow"),),
    "target_speakers": (Filter(target="Ilse Marrow"), 5),
    "matrix": (Filter(), 5, 5),
    "statements": (Filter(words="budget"), 1, 20),
    "count_statements": (PERSON,),
    "facets": (PERSON,),
    "topics": (Filter(),),
    "times": (PERSON,),
    "search_terms": ("budget",),
    "count_articles": ("ashgrove",),
    "articles": (None, 1, 5),
    "article_statements": ("harbour",),
    "publishers": (),
    "printed_by": (PERSON, 5),
}


def answers(path: Path, kept: bool) -> dict[str, Any]:
    with reading(path, 5) as db:
        given: dict[str, Any] = {}
        for name, arguments in ASKED.items():
            query: Callable[..., Any] = getattr(queries, name)
            given[name] = (query if kept else query.__wrapped__)(db, *arguments)  # type: ignore[attr-defined]
    return given


def correct(path: Path) -> None:
    """Give one quote to another speaker, reject one, and turn a stance, as reviewers do."""
    turned, rejected = quote_id(path, "fishing net"), quote_id(path, "counts well")
    with writing(path, 5) as store:
        review.set_speaker(store.connection, turned, "dov-hartwell", Reviewer("Ann"))
        review.set_stance(store.connection, turned, "Ilse Marrow", "favor", Reviewer("Ann"))
        review.set_status(store.connection, rejected, "rejected", Reviewer("Ann"))


def assert_plain(path: Path) -> None:
    """Compare the figures that pages show with what the views of the file give."""
    said = "q.cue_class IN ('speech', 'writing') AND a.copy_of IS NULL"
    joined = "reviewed_quotes AS q JOIN articles AS a USING (article_id)"
    tallied = ", ".join(f"count(*) FILTER (s.stance = '{one}')" for one in ("against", "neutral", "favor"))
    with reading(path, 5) as db:

        def rows(query: str) -> list[tuple[Any, ...]]:
            return db.execute(query).fetchall()

        counted = rows(f"SELECT q.person_id, count(*) FROM {joined} WHERE {said} AND person_id IS NOT NULL GROUP BY 1")
        assert {one.person_id: one.statements for one in queries.people(db)} == dict(counted)
        facets = queries.facets(db, Filter())
        assert {person_id: n for person_id, (_, n) in facets.people.items()} == dict(counted)
        for person_id, number in counted:
            assert queries.count_statements(db, Filter(person=person_id)) == number
        all_of_it = "count(*), count(DISTINCT a.article_id), count(DISTINCT publisher)"
        (held,) = rows(f"SELECT {all_of_it} FROM {joined} WHERE {said}")
        assert astuple(queries.holdings(db, Filter())) == held
        for name, column in (("kinds", "q.kind"), ("publishers", "a.publisher")):
            plain = rows(f"SELECT {column}, count(*) FROM {joined} WHERE {said} AND {column} IS NOT NULL GROUP BY 1")
            assert getattr(facets, name) == dict(plain)
        cells = rows(
            f"""SELECT q.person_id, s.target, {tallied} FROM {joined} JOIN reviewed_stances AS s USING (quote_id)
                WHERE {said} AND q.person_id IS NOT NULL GROUP BY 1, 2"""
        )
        matrix = queries.matrix(db, Filter(), 100, 100)
        assert {key: astuple(tally) for key, tally in matrix.cells.items()} == {row[:2]: row[2:] for row in cells}
        newest = rows(
            f"""SELECT quote_id FROM {joined} WHERE {said} ORDER BY coalesce(said_on, published) DESC NULLS LAST,
                published DESC NULLS LAST, article_id, spans[1]."start", quote_id"""
        )
        assert [(one.quote_id,) for one in queries.statements(db, Filter(), 1, 100)] == newest


def test_answers_are_those_of_the_plain_queries_also_after_a_correction(tracker: Path, tmp_path: Path) -> None:
    path = Path(shutil.copy(tracker, tmp_path / "quotes.duckdb"))
    before = answers(path, kept=True)
    assert before == answers(path, kept=True) == answers(path, kept=False)
    assert_plain(path)
    correct(path)
    assert_plain(path)
    after = answers(path, kept=True)
    assert after == answers(path, kept=False)
    assert {name for name in ASKED if before[name] != after[name]} >= {
        "holdings", "people", "stances_by_target", "compared", "matrix", "count_statements", "facets",
    }  # fmt: skip


def test_a_question_is_asked_once_until_the_file_changes(tracker: Path, tmp_path: Path) -> None:
    path = Path(shutil.copy(tracker, tmp_path / "quotes.duckdb"))
    asked: list[int] = []

    @keeping.kept
    def number(db: duckdb.DuckDBPyConnection, more: int) -> int:
        asked.append(more)
        return int(db.execute("SELECT count(*) FROM quotes").fetchall()[0][0]) + more

    for _ in range(2):
        with reading(path, 5) as db:
            first = number(db, 1), number(db, 2)
    assert asked == [1, 2]
    with writing(path, 5) as store:
        store.connection.execute("DELETE FROM quotes WHERE quote_id = (SELECT min(quote_id) FROM quotes)")
    with reading(path, 5) as db:
        assert number(db, 1) == first[0] - 1
    assert asked == [1, 2, 1]
    with duckdb.connect() as memory:
        memory.execute("CREATE TABLE quotes (quote_id INTEGER)")
        assert (number(memory, 0), number(memory, 0)) == (0, 0)
    assert asked == [1, 2, 1, 0, 0]


def test_quotes_are_numbered_alike_whenever_they_are_read(tracker: Path) -> None:
    with reading(tracker, 5) as db:
        numbered = [fill_tables(db).execute("SELECT n, quote_id FROM counted ORDER BY n").fetchall() for _ in range(2)]
    assert numbered[0] == numbered[1]
    assert [n for n, _ in numbered[0]] == list(range(1, 18))


@pytest.mark.parametrize("name", ASKED)
def test_the_slow_queries_are_kept(name: str) -> None:
    assert hasattr(getattr(queries, name), "__wrapped__")
