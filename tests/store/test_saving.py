from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from quotes.errors import StoreError
from quotes.records import Article, Person, Problem, Quote, Span, Speaker, Stance
from quotes.store import Store, writing

TEXT = "Mara Lind said no. “No,” she said. Otto Brandt agreed with Mara Lind."
ARTICLE = Article("one", TEXT, "A title", "https://a.example", "The Paper", "A. Writer", date(2031, 5, 2), "en")


def said(start: int, end: int, who: str = "Mara Lind", role: str | None = None, **more: Any) -> Quote:
    speaker = Speaker(who, "person", role, who.lower().replace(" ", "-"))
    return Quote("direct", TEXT[start:end], (Span(start, end),), speaker=speaker, **more)


def person(name: str, **more: Any) -> Person:
    return Person(name.lower().replace(" ", "-"), name, **more)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with writing(tmp_path / "quotes.duckdb", 5) as store:
        store.begin(["somewhere"], "en_test 1.0")
        yield store


def rows(store: Store, query: str) -> list[tuple[Any, ...]]:
    return store.connection.execute(query).fetchall()


def everything(store: Store) -> list[list[tuple[Any, ...]]]:
    return [
        rows(store, f"FROM {table} ORDER BY ALL") for table in ("articles", "quotes", "stances", "topics", "people")
    ]


def test_a_saved_article_comes_back_as_it_was(store: Store) -> None:
    quote = Quote(
        "mixed",
        "“No,” she said",
        (Span(19, 24), Span(25, 33)),
        (Span(0, 9),),
        (Span(10, 14),),
        "speech",
        Speaker("Mara Lind", "person", "Mayor", "mara-lind"),
        date(2031, 5, 1),
        "day",
        "yesterday",
        "the town hall",
        0.75,
        (Stance("Otto Brandt", "person", "against", 0.5, "otto-brandt", (Span(20, 22),)),),
        ("town hall", "agreement"),
    )
    original = replace(ARTICLE, sha256="0f")
    assert store.save(1, original, [quote], [person("Mara Lind"), person("Otto Brandt")]) == "added"
    assert rows(store, "SELECT * EXCLUDE (ingest_id, text_hash) FROM articles") == [
        (
            "one",
            "A title",
            TEXT,
            "https://a.example",
            "The Paper",
            "A. Writer",
            date(2031, 5, 2),
            "en",
            "0f",
            None,
            None,
        )
    ]
    ((_, *quoted),) = rows(store, "FROM quotes")
    assert quoted == [
        "one",
        "mixed",
        "“No,” she said",
        [{"start": 19, "end": 24}, {"start": 25, "end": 33}],
        [{"start": 0, "end": 9}],
        "Mara Lind",
        [{"start": 10, "end": 14}],
        "said",
        "speech",
        "Mara Lind",
        "Mara Lind",
        "person",
        "Mayor",
        "mara-lind",
        date(2031, 5, 1),
        "day",
        "yesterday",
        "the town hall",
        0.75,
    ]
    assert rows(store, "SELECT * EXCLUDE quote_id FROM stances") == [
        (
            "Otto Brandt",
            "otto brandt",
            "Otto Brandt",
            "person",
            "otto-brandt",
            "against",
            0.5,
            [{"start": 20, "end": 22}],
        )
    ]
    assert rows(store, "SELECT topic, rank FROM topics ORDER BY rank") == [("town hall", 1), ("agreement", 2)]


def test_the_same_article_again_changes_nothing(store: Store) -> None:
    store.save(1, ARTICLE, [said(0, 9)], [person("Mara Lind")])
    before = everything(store)
    again = store.begin(["somewhere"], "en_test 1.0")
    assert store.has(ARTICLE)
    assert store.save(again, ARTICLE, [said(10, 14)], []) == "unchanged"
    assert everything(store) == before


@pytest.mark.parametrize(
    "other",
    [
        {"text": TEXT + " "},
        {"title": None},
        {"url": "https://b.example"},
        {"publisher": "Another"},
        {"author": None},
        {"published": date(2031, 5, 3)},
        {"language": "en-GB"},
    ],
)
def test_other_text_or_metadata_replace_the_quotes(store: Store, other: dict[str, Any]) -> None:
    store.save(1, ARTICLE, [said(0, 9), said(10, 14)], [person("Mara Lind")])
    changed = replace(ARTICLE, **other)
    assert not store.has(changed)
    # The first quote stays where it was, and so keeps its key.
    assert store.save(1, changed, [said(0, 9), said(20, 24)], [person("Mara Lind")]) == "changed"
    assert rows(store, "SELECT spans[1].start FROM quotes ORDER BY 1") == [(0,), (20,)]
    assert rows(store, "SELECT count(*) FROM articles") == [(1,)]
    assert store.has(changed)


def test_a_refused_article_leaves_no_trace(store: Store) -> None:
    store.save(1, ARTICLE, [said(0, 9)], [person("Mara Lind")])
    before = everything(store)
    wrong = said(10, 14, who="Otto Brandt", confidence=1.5)
    with pytest.raises(StoreError, match=r"refuses article one.*confidence"):
        store.save(1, replace(ARTICLE, title="Changed"), [said(0, 9), wrong], [person("Otto Brandt")])
    assert everything(store) == before
    assert store.save(1, replace(ARTICLE, id="two"), [said(0, 9)], [person("Mara Lind")]) == "added"


def test_text_that_utf8_cannot_hold_is_refused(store: Store) -> None:
    with pytest.raises(StoreError, match="refuses article one"):
        store.save(1, replace(ARTICLE, text="half a \ud83d character"), [], [])
    assert rows(store, "FROM articles") == []


def test_quote_ids_are_stable_and_unique_within_an_article(store: Store) -> None:
    twice = [said(0, 9), said(0, 9, who="Otto Brandt"), said(10, 14)]
    store.save(1, ARTICLE, twice, [])
    first = rows(store, "SELECT quote_id FROM quotes ORDER BY 1")
    assert len(set(first)) == 3
    store.save(1, replace(ARTICLE, title="Changed"), twice, [])
    assert rows(store, "SELECT quote_id FROM quotes ORDER BY 1") == first


def test_of_two_stances_on_one_target_the_surest_is_kept(store: Store) -> None:
    stances = (
        Stance("Otto Brandt", "person", "favor", 0.9),
        Stance("Otto Brandt", "person", "against", 0.4),
        Stance("the bridge", "issue", "neutral", 0.5),
    )
    store.save(1, ARTICLE, [said(0, 9, stances=stances)], [])
    assert rows(store, "SELECT target, stance FROM stances ORDER BY 1") == [
        ("Otto Brandt", "favor"),
        ("the bridge", "neutral"),
    ]


def test_more_quotes_than_fit_one_insert_are_all_kept(store: Store) -> None:
    quotes = [
        Quote("indirect", str(i), (Span(i, i + 1),), stances=(Stance(str(i), "issue", "favor", 1),)) for i in range(777)
    ]
    store.save(1, replace(ARTICLE, text="x" * 800), quotes, [])
    assert rows(store, "SELECT count(*), count(DISTINCT quote_id) FROM quotes") == [(777, 777)]
    assert rows(store, "SELECT count(*) FROM stances") == [(777,)]


def test_people_no_longer_mentioned_vanish(store: Store) -> None:
    aimed = (Stance("Otto Brandt", "person", "against", 0.5, "otto-brandt"),)
    both = [person("Mara Lind"), person("Otto Brandt")]
    store.save(1, ARTICLE, [said(0, 9, stances=aimed)], both)
    store.save(1, replace(ARTICLE, id="two"), [said(0, 9)], both[:1])
    assert rows(store, "SELECT name FROM people ORDER BY 1") == [("Mara Lind",), ("Otto Brandt",)]
    store.save(1, replace(ARTICLE, title="Changed"), [], [])
    assert rows(store, "SELECT name FROM people ORDER BY 1") == [("Mara Lind",)]
    store.save(1, replace(ARTICLE, id="two", title="Changed"), [], [])
    assert rows(store, "FROM people") == []


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_the_role_is_that_of_the_newest_article_in_whatever_order_they_come(
    store: Store, order: tuple[int, ...]
) -> None:
    given = [
        (replace(ARTICLE, id="old", published=date(2029, 1, 1)), "Councillor"),
        (replace(ARTICLE, id="new", published=date(2031, 1, 1)), "Mayor"),
        (replace(ARTICLE, id="undated", published=None), "Student"),
    ]
    for place in order:
        article, role = given[place]
        store.save(1, article, [said(0, 9, role=role)], [person("Mara Lind", role=role)])
    assert rows(store, "SELECT role FROM people") == [("Mayor",)]
    newest = replace(given[1][0], text=TEXT + "!")
    store.save(1, newest, [said(0, 9)], [person("Mara Lind")])
    assert rows(store, "SELECT role FROM people") == [("Councillor",)]


def test_the_register_wins_over_articles_except_for_the_role(store: Store) -> None:
    listed = person(
        "Mara Lind",
        aliases=("M. Lind",),
        role="MP",
        party="Lantern",
        country="Velland",
        gender="female",
        in_register=True,
    )
    store.save(1, ARTICLE, [said(0, 9)], [listed])
    store.save(1, replace(ARTICLE, id="two"), [said(0, 9)], [person("Mara Lind", country="Elsewhere")])
    about = "SELECT aliases, role, party, country, gender, in_register FROM people"
    assert rows(store, about) == [(["M. Lind"], "MP", "Lantern", "Velland", "female", True)]
    store.save(1, replace(ARTICLE, id="three"), [said(0, 9, role="Mayor")], [listed])
    assert rows(store, "SELECT role FROM people") == [("Mayor",)]
    store.save(1, replace(ARTICLE, id="three", title="Changed"), [said(0, 9)], [person("Mara Lind")])
    assert rows(store, "SELECT role FROM people") == [("MP",)]


def test_runs_are_counted(store: Store) -> None:
    assert store.begin(["a", "b"], "en_test 2.0") == 2
    store.save(2, ARTICLE, [], [])
    store.save(2, ARTICLE, [], [])
    store.save(2, replace(ARTICLE, title="Changed"), [], [])
    store.keep(2, "elsewhere")
    store.report(2, Problem("a", "It is broken.", "Mend it.", "two"))
    counts = "SELECT sources, pipeline, added, changed, unchanged, problems, finished_at IS NULL FROM ingests"
    assert rows(store, f"{counts} WHERE ingest_id = 2") == [(["a", "b"], "en_test 2.0", 1, 1, 2, 1, True)]
    assert rows(store, "FROM ingest_problems") == [(2, "a", "two", "It is broken.", "Mend it.")]
    store.finish(2)
    assert rows(store, "SELECT ingest_id FROM ingests WHERE finished_at >= started_at") == [(2,)]


def test_values_are_never_sql(store: Store) -> None:
    evil = "'); DROP TABLE quotes; --"
    article = Article(evil, f"{evil} {{}} %s ? $1", evil, evil, evil, evil, None, evil)
    quote = Quote(
        "direct", evil, (Span(0, 5),), speaker=Speaker(evil, "person", evil, evil), said_on_text=evil, venue=evil
    )
    store.save(1, article, [quote], [Person(evil, evil, (evil,), evil, evil, evil, evil)])
    store.report(1, Problem(evil, evil, evil, evil))
    assert rows(store, "SELECT text, venue, person_id FROM quotes") == [(evil, evil, evil)]
    assert store.has(article)
