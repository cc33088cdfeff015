"""Searching on the Statements page, and what its cards tell of other articles with the same words."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from invented import fill, quote
from seeing import Find, See, Visit

from dashboard import queries
from dashboard.elements import downloads
from dashboard.elements.markup import emphasised
from dashboard.elements.matches import places
from dashboard.records import Filter
from quotes.records import Article
from quotes.store import reading
from quotes.store.search import Matched, search


def test_words_stand_in_the_address_and_the_best_match_comes_first(visit: Visit, seen: See, tracker: Path) -> None:
    app = visit("statements", tracker, page="2")
    app.text_input[0].set_value("budget ferries").run()
    assert app.query_params == {"words": "budget ferries"}
    page = seen(app)
    assert "with budget ferries, the best match first" in page.text
    with reading(tracker, 5) as db:
        hits = search(db, "budget ferries").hits
    assert len(page.cards) == len(hits) > 1
    assert [hit.text in card for hit, card in zip(hits, page.cards, strict=True)] == [True] * len(hits)
    app.text_input[0].set_value(" ").run()
    assert app.query_params == {}


@pytest.mark.parametrize(
    ("words", "lit"),
    [("nets", ["net"]), ('"fishing net"', ["fishing net"]), ("treas*", ["treasury"]), ("zzz", [])],
)
def test_what_was_found_is_highlighted(visit: Visit, tracker: Path, words: str, lit: list[str]) -> None:
    bodies = "".join(one.proto.body for one in visit("statements", tracker, words=words).get("html"))
    assert [piece.partition("</mark>")[0] for piece in bodies.split("<mark>")[1:]] == lit


def test_filters_and_their_counts_follow_the_search(visit: Visit, seen: See, tracker: Path) -> None:
    app = visit("statements", tracker, words="levy ferries")
    for box in app.selectbox:
        for at, option in list(enumerate(box.options))[:: max(1, len(box.options) - 1)]:
            fresh = visit("statements", tracker, words="levy ferries")
            next(one for one in fresh.selectbox if one.label == box.label).select_index(at).run()
            assert option.endswith(f"({len(seen(fresh).cards)})"), (box.label, option)
            assert fresh.query_params["words"] == "levy ferries"


def test_a_month_is_a_filter_of_its_first_and_last_day(visit: Visit, seen: See, tracker: Path) -> None:
    app = visit("statements", tracker)
    box = next(one for one in app.selectbox if one.label == "When")
    assert [option.partition(" (")[0] for option in box.options] == ["April 2031", "March 2031", "January 2021"]
    box.select("2031-03-01 2031-03-31").run()
    assert app.query_params == {"since": "2031-03-01", "until": "2031-03-31"}
    assert box.options[1].endswith(f"({len(seen(app).cards)})")


def test_files_hold_what_the_search_found(tracker: Path) -> None:
    wanted = Filter(words="fishing", person="tobin-ashgrove")
    with reading(tracker, 5) as db:
        (found,) = queries.all_statements(db, wanted, 100)
    assert "fishing net" in found.text
    assert json.loads(downloads.lines([found]))["quote_id"] == found.quote_id


def test_a_search_without_words_and_one_without_hits(visit: Visit, seen: See, tracker: Path) -> None:
    page = seen(visit("statements", tracker, words="“ ”"))
    assert "There is no word to search for" in page.text
    assert len(page.cards) == 17
    assert "search for fewer words" in seen(visit("statements", tracker, words="zzz")).text


def test_a_stale_index_says_so(visit: Visit, seen: See, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("quotes.store.extensions.find_spec", lambda name: None)
    path = repeated(tmp_path)
    monkeypatch.undo()
    page = seen(visit("statements", path, words="lantern"))
    assert "The index of words is not up to date" in page.text
    assert "quotes search --rebuild" in page.text
    assert len(page.cards) == 4


def test_places_are_those_of_the_text_as_printed() -> None:
    matched = Matched(frozenset({"cafe", "net"}), ("har",), (("the", "old", "quay"),), 0)
    text = "Cafe\u0301, CAFÉ: the Old—quay, a net of Harbours."
    assert [text[start:end] for start, end in places(text, matched)] == [
        "Cafe\u0301",
        "CAFÉ",
        "the Old—quay",
        "net",
        "Harbours",
    ]
    assert (
        emphasised("a <net> b", ["<net>"], [(3, 6)]) == "<bdi>a <u>&lt;</u><u><mark>net</mark></u><u>&gt;</u> b</bdi>"
    )


WORDS = "“Every lantern on the eastern quay will burn again before the winter ferries come,”"


def repeated(folder: Path) -> Path:
    """Make a database in which three articles have the same words, and a fourth has them from somebody else."""
    given = []
    for id, day, who, by in (
        ("third", 22, "Ilse Marrow", "ilse-marrow"),
        ("first", 12, "Ilse Marrow", "ilse-marrow"),
        ("other", 23, "Dov Hartwell", "dov-hartwell"),
        ("second", 15, "Ilse Marrow", "ilse-marrow"),
    ):
        text = f"It was the {id} meeting. {WORDS} {who} said."
        article = Article(id, text, f"The {id} headline", publisher=f"The {id} paper", published=date(2031, 3, day))
        given.append((article, [quote(text, WORDS, source=who, cue="said", by=by)]))
    return fill(folder / "quotes.duckdb", given)


def test_cards_tell_where_else_the_words_stand(visit: Visit, seen: See, tmp_path: Path) -> None:
    path = repeated(tmp_path)
    page = seen(visit("statements", path))
    cards = {one: next(card for card in page.cards if f"The {one} paper · The {one} headline" in card) for one in
             ("first", "second", "third", "other")}  # fmt: skip
    assert "Also in 2 other articles, first printed here" in cards["first"]
    for later in ("second", "third"):
        assert "Also in 2 other articles, first printed on 12 March 2031 by The first paper" in cards[later]
        assert "The first headline · The first paper · 12 March 2031" in cards[later]
        assert "Elsewhere these words are given to Dov Hartwell" in cards[later]
    assert "Also in" not in cards["other"]
    assert "Elsewhere these words are given to Ilse Marrow" in cards["other"]
    with reading(path, 5) as db:
        rows = db.execute("SELECT first_article_id, article_ids FROM repeats_view").fetchall()
        found = queries.statements(db, Filter(), 1, 9)
    assert rows == [("first", ["first", "second", "third"])]
    for one in found:
        ids = {printing.article_id for printing in one.repeats} | ({one.article_id} if one.repeats else set())
        assert ids == ({"first", "second", "third"} if one.person_id == "ilse-marrow" else set())
    linked = [link for link in page.links("article") if link["article"] == "first"]
    assert len(linked) == 4


def test_repeats_go_into_the_files(tmp_path: Path, find_quote: Find) -> None:
    with reading(repeated(tmp_path), 5) as db:
        found = queries.all_statements(db, Filter(person="ilse-marrow"), 100)
    assert "first; second" in downloads.table(found)
    assert [len(json.loads(line)["repeats"]) for line in downloads.lines(found).splitlines()] == [2, 2, 2]
