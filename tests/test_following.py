"""Repeats and corrections name whom the file knows by now, after people were merged, parted or found to be one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from quotes import relinking
from quotes.people import Register, link
from quotes.records import Article, Quote, Span, Speaker, Stance
from quotes.relinking import Relinker
from quotes.store import Store, repeats, review, writing
from quotes.store.review import Reviewer

ANN = Reviewer("Ann")
BRIDGE = "“We will rebuild the old timber bridge before winter, whatever the county says.”"
RELINKER = Relinker(Register())


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A file in which Otto Brandt and Hanna Marsh are said to have said the same, and Lund says it is Marsh's fault."""
    with writing(tmp_path / "quotes.duckdb", 5) as store:
        store.begin(["invented"], "none")
        tell(store, "a", "Otto Brandt", "Mayor")
        tell(store, "b", "Hanna Marsh", "Senator")
        tell(store, "c", "Petra Lund", "Chancellor", words="“Hanna Marsh has ruined us.”", about="Hanna Marsh")
        yield store


def tell(store: Store, id: str, name: str, role: str, words: str = BRIDGE, about: str | None = None) -> None:
    stances = (Stance(about, "person", "against", 0.6),) if about else ()
    quote = Quote("direct", words, (Span(0, len(words)),), speaker=Speaker(name, "person", role), stances=stances)
    article = Article(id, words, published=date(2031, 5, 1 + ord(id) - ord("a")))
    store.save(1, article, *link(article, [quote], Register()))
    RELINKER.run(store)


def rows(store: Store, query: str) -> list[tuple[Any, ...]]:
    return store.connection.execute(query).fetchall()


def one(store: Store) -> list[tuple[Any, ...]]:
    return rows(store, "SELECT speaker, person_id, article_ids FROM repeats_view ORDER BY ALL")


def conflicts(store: Store) -> list[tuple[Any, ...]]:
    query = "SELECT least(article_a, article_b), greatest(article_a, article_b) FROM conflicts_view ORDER BY ALL"
    return rows(store, query)


def as_found_anew(store: Store) -> bool:
    """Whether repeats are what they would be if all were found anew."""
    tables = ("repeat_pairs", "repeats")
    kept = [rows(store, f"FROM {table} ORDER BY ALL") for table in tables]
    repeats.rebuild(store.connection)
    return kept == [rows(store, f"FROM {table} ORDER BY ALL") for table in tables]


def key(store: Store, article: str) -> str:
    return str(rows(store, f"SELECT quote_id FROM quotes WHERE article_id = '{article}'")[0][0])


def test_a_conflict_becomes_a_repeat_when_people_are_merged_and_one_again_when_not(store: Store) -> None:
    assert (one(store), conflicts(store)) == ([], [("a", "b")])
    number = relinking.merge(store, RELINKER, "hanna-marsh", "otto-brandt")
    assert (one(store), conflicts(store)) == ([("Hanna Marsh", "hanna-marsh", ["a", "b"])], [])
    assert as_found_anew(store)
    relinking.undo(store, RELINKER, number)
    assert (one(store), conflicts(store)) == ([], [("a", "b")])
    assert as_found_anew(store)


def test_a_repeat_becomes_a_conflict_when_a_person_is_split(store: Store) -> None:
    tell(store, "d", "Hanna Marsh", "Senator")
    assert one(store) == [("Hanna Marsh", "hanna-marsh", ["b", "d"])]
    _, new = relinking.split(store, RELINKER, "hanna-marsh", [], ["d"], None)
    assert (one(store), conflicts(store)) == ([], [("a", "b"), ("a", "d"), ("b", "d")])
    assert rows(store, f"SELECT count(*) FROM quotes WHERE person_id = '{new}'") == [(1,)]
    assert as_found_anew(store)


def test_what_an_ingest_links_anew_becomes_a_repeat(store: Store) -> None:
    """Two forms are two people until an article has a form that joins them, or the other way round."""
    tell(store, "d", "Hanna J. Marsh", "Senator")
    tell(store, "e", "Marsh", "Senator")
    people = {row[0] for row in rows(store, "SELECT person_id FROM quotes WHERE article_id IN ('b', 'd', 'e')")}
    assert people == {"hanna-marsh"}
    assert one(store) == [("Hanna Marsh", "hanna-marsh", ["b", "d", "e"])]
    assert as_found_anew(store)


def test_a_corrected_speaker_follows_merges_and_their_undoing(store: Store) -> None:
    review.set_speaker(store.connection, key(store, "a"), "hanna-marsh", ANN)
    query = "SELECT speaker, person_id FROM statements_view WHERE article_id = 'a'"
    assert rows(store, query) == [("Hanna Marsh", "hanna-marsh")]
    assert one(store) == [("Hanna Marsh", "hanna-marsh", ["a", "b"])]
    number = relinking.merge(store, RELINKER, "petra-lund", "hanna-marsh")
    assert rows(store, query) == [("Petra Lund", "petra-lund")]
    assert one(store) == [("Petra Lund", "petra-lund", ["a", "b"])]
    assert rows(store, "SELECT statements FROM people_view WHERE person_id = 'petra-lund'") == [(3,)]
    assert as_found_anew(store)
    again = relinking.merge(store, RELINKER, "otto-brandt", "petra-lund")
    assert rows(store, query) == [("Otto Brandt", "otto-brandt")]
    relinking.undo(store, RELINKER, again)
    relinking.undo(store, RELINKER, number)
    assert rows(store, query) == [("Hanna Marsh", "hanna-marsh")]
    assert as_found_anew(store)


def test_a_corrected_speaker_follows_who_is_found_to_be_another(store: Store) -> None:
    """The person of "Marsh" alone is gone when everybody of that name turns out to be Hanna Marsh."""
    with_decision = "SELECT speaker, person_id FROM statements_view WHERE article_id = 'a'"
    store.connection.execute(
        """UPDATE name_forms SET form = 'H. Marsh' WHERE article_id = 'b';
           UPDATE people SET name = 'H. Marsh', person_id = 'h-marsh' WHERE person_id = 'hanna-marsh'"""
    )
    review.set_speaker(store.connection, key(store, "a"), "h-marsh", ANN)
    assert rows(store, with_decision) == [("H. Marsh", "h-marsh")]
    store.connection.execute(
        """UPDATE people SET name = 'Hanna Marsh', person_id = 'hanna-marsh', aliases = ['H. Marsh']
           WHERE person_id = 'h-marsh'"""
    )
    assert rows(store, with_decision) == [("Hanna Marsh", "hanna-marsh")]
    store.connection.execute("DELETE FROM people WHERE person_id = 'hanna-marsh'")
    assert rows(store, with_decision) == [("H. Marsh", None)]


def test_a_corrected_stance_follows_its_target(store: Store) -> None:
    # Distinct, since a correction holds for all articles of the same text.
    query = "SELECT DISTINCT target, person_id, stance FROM reviewed_stances ORDER BY ALL"
    review.set_stance(store.connection, key(store, "c"), "Hanna Marsh", "favor", ANN)
    review.set_stance(store.connection, key(store, "a"), "Hanna Marsh", "neutral", ANN)
    assert rows(store, query) == [("Hanna Marsh", "hanna-marsh", "favor"), ("Hanna Marsh", "hanna-marsh", "neutral")]
    number = relinking.merge(store, RELINKER, "otto-brandt", "hanna-marsh")
    assert rows(store, query) == [("Otto Brandt", "otto-brandt", "favor"), ("Otto Brandt", "otto-brandt", "neutral")]
    assert rows(store, "SELECT favor, against FROM who_on_whom WHERE person_id = 'petra-lund'") in ([], [(1, 0)])
    relinking.undo(store, RELINKER, number)
    _, new = relinking.split(store, RELINKER, "hanna-marsh", [], ["c"], None)
    found = rows(store, query)
    assert ("Hanna Marsh", "hanna-marsh", "neutral") in found
    assert [row[1:] for row in found if row[1] != "hanna-marsh"] == [(new, "favor")]
    review.set_stance(store.connection, key(store, "c"), str(found[0][0]), None, ANN)
    assert len(rows(store, query)) == 1
