"""Who is who in a file: articles in any order, changed ones, and what users decide."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from quotes import relinking
from quotes.errors import PeopleError
from quotes.people import Register, link
from quotes.records import Article, Person, Quote, Span, Speaker, Stance
from quotes.relinking import Relinker
from quotes.store import Store, list_people, writing
from quotes.store.linking import blocks_to_link

REGISTER = Register.of(
    [Person("petra-lund", "Petra Lund", ("Petra Lundh",), "Chancellor", "Lantern Party", "Velland", in_register=True)]
)
RELINKER = Relinker(REGISTER)
Said = tuple[str, str | None]
"""A name and a role."""


def told(id: str, *said: Said, about: str | None = None) -> tuple[Article, list[Quote]]:
    """An article of the n-th of May in which some people say something, about somebody or not."""
    stances = (Stance(about, "person", "against", 0.6),) if about else ()
    quotes = [
        Quote("direct", "“No.”", (Span(at, at + 5),), speaker=Speaker(name, "person", role), stances=stances)
        for at, (name, role) in enumerate(said)
    ]
    return Article(id, "x" * 50, f"Title {id}", published=date(2031, 5, 1 + ord(id[0]) - ord("a"))), quotes


ARTICLES = [
    told("a", ("Hanna Marsh", "President"), ("Otto Brandt", "Mayor of Orm")),
    told("b", ("Hanna J. Marsh", "President"), ("Otto Brandt", "Mayor of Orm"), about="Petra Lundh"),
    told("c", ("Marsh", "President"), ("Petra Lund", "Chancellor"), ("Otto Brandt", "Mayor"), about="Otto Brandt"),
    told("d", ("Otto Brandt", "Goalkeeper"), about="Marsh"),
    told("e", ("Marsh", None), ("Otto M. Brandt", "Mayor of Orm")),
    told("f", ("Otto Brandt", None), ("Lund", "Chancellor"), about="Hanna Marsh"),
]


def save(store: Store, given: Sequence[tuple[Article, list[Quote]]], batch: int = 1) -> None:
    for first in range(0, len(given), batch):
        for article, quotes in given[first : first + batch]:
            store.save(1, article, *link(article, quotes, REGISTER))
        RELINKER.run(store)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with writing(tmp_path / "quotes.duckdb", 5) as store:
        store.begin(["invented"], "none")
        yield store


def rows(store: Store, query: str, **values: Any) -> list[tuple[Any, ...]]:
    return store.connection.execute(query, values).fetchall()


def everything(store: Store) -> list[list[tuple[Any, ...]]]:
    return [rows(store, f"FROM {table} ORDER BY ALL") for table in ("people", "name_forms", "quotes", "stances")]


def ids(store: Store) -> dict[str, str]:
    """Whom each form in each article belongs to, as "a Hanna Marsh"."""
    return dict(rows(store, "SELECT article_id || ' ' || form, person_id FROM name_forms"))


def test_one_row_a_person(store: Store) -> None:
    save(store, ARTICLES)
    found = ids(store)
    assert {found[one] for one in ("a Hanna Marsh", "b Hanna J. Marsh", "c Marsh", "f Hanna Marsh")} == {"hanna-marsh"}
    assert {found[one] for one in ("d Marsh", "e Marsh")} == {"marsh"}
    assert {found[one] for one in ("b Petra Lundh", "c Petra Lund", "f Lund")} == {"petra-lund"}
    assert {found[one] for one in ("a Otto Brandt", "c Otto Brandt", "e Otto M. Brandt")} == {"otto-brandt"}
    assert found["d Otto Brandt"] == "otto-brandt-goalkeeper"
    assert rows(store, "SELECT person_id FROM people WHERE one_name") == [("marsh",)]
    assert blocks_to_link(store.connection) == []


def test_quotes_and_stances_follow_and_keep_the_form_of_their_article(store: Store) -> None:
    save(store, ARTICLES)
    assert rows(store, "SELECT speaker, speaker_form, person_id FROM quotes WHERE speaker_form LIKE '% J.%'") == [
        ("Hanna Marsh", "Hanna J. Marsh", "hanna-marsh")
    ]
    assert rows(store, "SELECT DISTINCT target, target_form, person_id FROM stances ORDER BY 2") == [
        ("Hanna Marsh", "Hanna Marsh", "hanna-marsh"),
        ("Marsh", "Marsh", "marsh"),
        ("Otto Brandt", "Otto Brandt", "otto-brandt"),
        ("Petra Lund", "Petra Lundh", "petra-lund"),
    ]
    (petra,) = rows(store, "SELECT name, aliases, role, party, in_register FROM people WHERE person_id = 'petra-lund'")
    assert petra == ("Petra Lund", ["Petra Lundh", "Lund"], "Chancellor", "Lantern Party", True)


@pytest.mark.parametrize("seed", range(4))
def test_the_order_of_ingest_changes_nothing(store: Store, tmp_path: Path, seed: int) -> None:
    save(store, ARTICLES)
    with writing(tmp_path / "other.duckdb", 5) as other:
        other.begin(["invented"], "none")
        shuffled = random.Random(seed).sample(ARTICLES, len(ARTICLES))
        save(other, [(replace(ARTICLES[5][0], title="Old"), ARTICLES[3][1]), *shuffled][seed % 2 :], batch=1 + seed)
        assert everything(other) == everything(store)


def test_a_changed_article_takes_its_names_back(store: Store) -> None:
    save(store, ARTICLES)
    before = everything(store)
    article, _ = ARTICLES[3]
    save(store, [(replace(article, title="Changed"), [])])
    assert "otto-brandt-goalkeeper" not in ids(store).values()
    assert ids(store)["f Otto Brandt"] == "otto-brandt"
    assert rows(store, "SELECT person_id FROM people WHERE person_id NOT IN (SELECT person_id FROM name_forms)") == []
    save(store, [ARTICLES[3]])
    assert everything(store) == before


def test_what_was_stopped_before_linking_is_made_up_for(store: Store) -> None:
    article, quotes = ARTICLES[1]
    store.save(1, article, *link(article, quotes, REGISTER))
    assert blocks_to_link(store.connection) == ["brandt", "lundh", "marsh"]
    save(store, [ARTICLES[0], *ARTICLES[2:]])
    assert ids(store)["b Hanna J. Marsh"] == "hanna-marsh"


def test_a_merge_survives_every_later_ingest_in_any_order(store: Store) -> None:
    save(store, ARTICLES[3:])
    assert relinking.merge(store, RELINKER, "petra-lund", "marsh") == 1
    assert ids(store)["d Marsh"] == "petra-lund"
    save(store, ARTICLES[:3])
    assert {one for one, id in ids(store).items() if id == "petra-lund"} == {
        "b Petra Lundh", "c Petra Lund", "d Marsh", "e Marsh", "f Lund",
    }  # fmt: skip
    assert ids(store)["a Hanna Marsh"] == "hanna-marsh"
    assert [
        reason for (reason,) in rows(store, "SELECT reason FROM name_forms WHERE article_id = 'd' AND form = 'Marsh'")
    ] == ["one name alone; nothing tells which of its bearers is meant; moved here from marsh by decision 1"]


def test_decided_people_keep_their_ids_when_older_articles_come(store: Store) -> None:
    save(store, [ARTICLES[1]])
    save(store, [ARTICLES[4]])
    relinking.merge(store, RELINKER, "hanna-j-marsh", "marsh")
    save(store, [ARTICLES[0], *ARTICLES[2:4], ARTICLES[5]])
    found = ids(store)
    assert {found[one] for one in ("a Hanna Marsh", "b Hanna J. Marsh", "e Marsh", "d Marsh")} == {"hanna-j-marsh"}


def test_a_split_moves_forms_or_articles_also_of_later_ingests(store: Store) -> None:
    save(store, ARTICLES[:3])
    assert relinking.split(store, RELINKER, "hanna-marsh", ["Hanna J. Marsh"], [], None) == (1, "hanna-j-marsh")
    assert relinking.split(store, RELINKER, "hanna-marsh", [], ["c"], None) == (2, "hanna-marsh-2")
    save(store, [*ARTICLES[3:], told("g", ("Hanna J. Marsh", None), ("Marsh", "President"))])
    found = ids(store)
    assert (found["b Hanna J. Marsh"], found["g Hanna J. Marsh"]) == ("hanna-j-marsh", "hanna-j-marsh")
    assert (found["c Marsh"], found["g Marsh"], found["a Hanna Marsh"]) == (
        "hanna-marsh-2",
        "hanna-marsh",
        "hanna-marsh",
    )
    assert rows(store, "SELECT name FROM people WHERE person_id = 'hanna-j-marsh'") == [("Hanna J. Marsh",)]


def test_undoing_leads_back(store: Store) -> None:
    save(store, ARTICLES)
    before = everything(store)
    relinking.merge(store, RELINKER, "otto-brandt", "otto-brandt-goalkeeper")
    relinking.split(store, RELINKER, "otto-brandt", ["Otto M. Brandt"], ["f"], None)
    assert ids(store)["d Otto Brandt"] == "otto-brandt"
    for number in (1, 2):
        relinking.undo(store, RELINKER, number)
    assert everything(store) == before
    with pytest.raises(PeopleError, match="no decision 2 that holds"):
        relinking.undo(store, RELINKER, 2)


def test_decisions_that_make_no_sense_are_refused(store: Store) -> None:
    save(store, ARTICLES)
    with pytest.raises(PeopleError, match="one person already"):
        relinking.merge(store, RELINKER, "marsh", "marsh")
    with pytest.raises(PeopleError, match="no name form 'Ada Vell'"):
        relinking.split(store, RELINKER, "marsh", ["Ada Vell"], [], None)
    with pytest.raises(PeopleError, match="Nothing was named"):
        relinking.split(store, RELINKER, "marsh", [], [], None)
    with pytest.raises(PeopleError, match="there already"):
        relinking.split(store, RELINKER, "marsh", ["Marsh"], [], "marsh")
    assert rows(store, "FROM people_decisions") == []


def test_a_new_register_is_looked_up_again(store: Store) -> None:
    save(store, ARTICLES)
    known = Person("the-president", "Hanna Marsh", (), "President", "Orchard Party", in_register=True)
    relinker = Relinker(Register.of([*REGISTER.people, known]))
    relinker.look_up_again(store)
    relinker.run(store)
    assert {ids(store)[one] for one in ("a Hanna Marsh", "b Hanna J. Marsh", "c Marsh")} == {"the-president"}
    assert rows(store, "SELECT party FROM people WHERE person_id = 'the-president'") == [("Orchard Party",)]


def test_people_are_found_by_every_form(store: Store) -> None:
    save(store, ARTICLES)
    assert [row.person_id for row in list_people(store.connection, "j. marsh")] == ["hanna-marsh"]
