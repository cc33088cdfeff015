"""Every page shows what people said and wrote; what they believe or wish is a filter of the Statements page."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest
from invented import FERRY, PIER, fill, inward, quote
from seeing import Find, See, Seen, Visit
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Selectbox

from dashboard.records import SAID, UTTERANCES
from quotes.records import Article, CueClass

INWARD = ("rather see them sink", "keeps her word", "ran at all", "is haunted")
"""Words of each statement that is no utterance."""


def marks(page: Seen) -> list[str]:
    """The classes of each highlighted piece of an article."""
    return [attrs["class"] for tag, attrs in page.tags if tag == "a" and "qt-quote" in attrs.get("class", "")]


def what(app: AppTest) -> Selectbox[str]:
    """The box in which the reader chooses what the list holds."""
    return next(box for box in app.selectbox if box.label == "What")


def test_every_class_of_cue_is_either_uttered_or_not() -> None:
    assert sorted((*SAID["utterances"], *SAID["beliefs"])) == sorted(SAID["all"]) == sorted(get_args(CueClass))
    assert SAID["utterances"] == UTTERANCES == ("speech", "writing")


@pytest.mark.parametrize(
    ("parameters", "told", "number"),
    [
        ({}, "3 statements, newest first", 3),
        ({"said": "beliefs"}, "4 beliefs and wishes, newest first", 4),
        ({"said": "all"}, "7 statements, beliefs and wishes, newest first", 7),
        ({"said": "beliefs", "person": "ilse-marrow"}, "1 belief or wish by Ilse Marrow", 1),
        ({"said": "beliefs", "target": "Ilse Marrow"}, "1 belief or wish about Ilse Marrow", 1),
        ({"target": "Ilse Marrow"}, "1 statement about Ilse Marrow", 1),
        ({"person": "dov-hartwell"}, "0 statements by Dov Hartwell", 0),
    ],
)
def test_statements_are_utterances_unless_the_address_says_otherwise(
    visit: Visit, seen: See, inward_tracker: Path, parameters: dict[str, str], told: str, number: int
) -> None:
    page = seen(visit("statements", inward_tracker, **parameters))
    assert told in page.text
    assert len(page.cards) == number
    shown = [words for words in INWARD if any(words in card for card in page.cards)]
    assert len(shown) == {"beliefs": number, "all": 4}.get(parameters.get("said", ""), 0)
    assert ({} in page.links("statements")) == bool(parameters)


def test_the_headline_counts_what_the_list_may_hold(visit: Visit, seen: See, inward_tracker: Path) -> None:
    for said, told in {
        "": "3 statements in 1 article from 1 publisher",
        "beliefs": "4 beliefs and wishes in 2 articles from 2 publishers",
        "all": "7 statements, beliefs and wishes in 2 articles from 2 publishers",
    }.items():
        assert told in seen(visit("statements", inward_tracker, said=said)).text


def test_the_choice_stands_in_the_address_except_utterances(visit: Visit, seen: See, inward_tracker: Path) -> None:
    app = visit("statements", inward_tracker, page="2")
    assert what(app).value == "utterances"
    assert what(app).options == ["Utterances (3)", "Beliefs and wishes (4)", "All (7)"]
    what(app).select("beliefs").run()
    assert app.query_params == {"said": "beliefs"}
    assert what(app).value == "beliefs"
    assert len(seen(app).cards) == 4
    what(app).select("all").run()
    assert app.query_params == {"said": "all"}
    what(app).select("utterances").run()
    assert app.query_params == {}
    what(app).select("all").run()
    what(app).set_value(None).run()
    assert app.query_params == {}
    assert what(app).value == "utterances"


@pytest.mark.parametrize("said", ["utterances", "beliefs", "all"])
def test_a_count_keeps_its_promise(visit: Visit, seen: See, inward_tracker: Path, said: str) -> None:
    for box in visit("statements", inward_tracker, said=said).selectbox:
        for at, option in enumerate(box.options):
            app = visit("statements", inward_tracker, said=said)
            next(one for one in app.selectbox if one.label == box.label).select_index(at).run()
            assert option.endswith(f"({len(seen(app).cards)})"), (box.label, option)


def test_cards_name_beliefs_and_wishes(visit: Visit, seen: See, inward_tracker: Path) -> None:
    page = seen(visit("statements", inward_tracker, said="all"))
    labels = {"sink": "belief", "her word": "wish", "ran at all": "other than an utterance", "haunted": "belief"}
    for words, label in labels.items():
        (card,) = [card for card in page.cards if words in card]
        assert f"in the words of the article{label}that" in card
    assert sum(attrs.get("class") == "qt-inward" for _, attrs in page.tags) == 4
    (card,) = [card for card in page.cards if "sink" in card]
    assert "In March 2031, printed as “Since March”" in card
    assert "Said" not in card


def test_people_are_those_who_said_something(visit: Visit, seen: See, inward_tracker: Path) -> None:
    app = visit("people", inward_tracker)
    assert app.selectbox[0].options == ["Tobin Ashgrove", "Ilse Marrow"]
    assert "2 statements in 1 article" in seen(app).text


def test_a_profile_counts_and_lists_utterances(visit: Visit, seen: See, inward_tracker: Path) -> None:
    page = seen(visit("people", inward_tracker, person="ilse-marrow"))
    assert "1 statement in 1 article from 1 publisher" in page.text
    assert ["in every weather" in card for card in page.cards] == [True]
    assert "1 statement about Ilse Marrow" in page.text
    assert page.links("stances") == [{"person": "ilse-marrow", "target": "the ferries"}]
    assert "1 belief or wish" in page.text
    assert {"person": "ilse-marrow", "said": "beliefs"} in page.links("statements")
    assert "belief" not in seen(visit("people", inward_tracker, person="tobin-ashgrove")).text


def test_a_person_of_whom_only_wishes_are_told(visit: Visit, seen: See, inward_tracker: Path) -> None:
    page = seen(visit("people", inward_tracker, person="dov-hartwell"))
    assert page.cards == []
    assert "0 statements" in page.text
    assert "some tell what this person believes or wishes" in page.text
    assert {"person": "dov-hartwell", "said": "beliefs"} in page.links("statements")


def test_the_matrix_counts_utterances(visit: Visit, seen: See, inward_tracker: Path) -> None:
    page = seen(visit("stances", inward_tracker))
    labels = {attrs["aria-label"] for _, attrs in page.tags if "qt-cell" in attrs.get("class", "")}
    assert labels == {
        "Ilse Marrow on the ferries: 1 statement, 1 favor",
        "Tobin Ashgrove on the ferries: 1 statement, 1 against",
        "Tobin Ashgrove on Ilse Marrow: 1 statement, 1 against",
        "Tobin Ashgrove on the new quay: 1 statement, 1 against",
    }
    assert "Shown are" not in page.text
    page = seen(visit("stances", inward_tracker, person="ilse-marrow", target="the ferries"))
    assert "Ilse Marrow on the ferries1 statement" in page.text
    assert ["in every weather" in card for card in page.cards] == [True]


def test_the_list_of_articles_counts_and_finds_utterances(visit: Visit, seen: See, inward_tracker: Path) -> None:
    page = seen(visit("article", inward_tracker))
    assert "3 statements by Ilse Marrow, Tobin Ashgrove" in page.text
    assert "0 statements" in page.text
    assert "Dov Hartwell" not in page.text
    assert "Edda Voss" not in page.text
    for words, found in {"tobin": ["ferry"], "edda": [], "hartwell": []}.items():
        page = seen(visit("article", inward_tracker, find=words))
        assert [link["article"] for link in page.links("article")] == found


def test_an_article_highlights_utterances(visit: Visit, seen: See, inward_tracker: Path) -> None:
    page = seen(visit("article", inward_tracker, article="ferry"))
    assert FERRY.replace("\n", "") in page.text
    assert len(marks(page)) == 3
    legend = page.text.partition("Who speaks")[2].partition("direct")[0]
    assert "1Ilse MarrowPrime Minister, 1 statement" in legend
    assert "2Tobin AshgroveLeader of the Opposition, 2 statements" in legend
    assert "Hartwell" not in legend
    assert "Residents" not in legend


@pytest.mark.parametrize(
    ("words", "legend"),
    [
        ("rather see them sink", "1Ilse MarrowPrime Minister, 1 statement"),
        ("keeps her word", "3Dov HartwellMayor of Port Sorrel, wish"),
        ("ran at all", "3Residents of Port Sorrelother than an utterance"),
    ],
)
def test_an_article_opened_at_a_belief_highlights_it_alone_besides(
    visit: Visit, seen: See, find_quote: Find, inward_tracker: Path, words: str, legend: str
) -> None:
    page = seen(visit("article", inward_tracker, article="ferry", quote=find_quote(inward_tracker, words)))
    assert "This statement is not in the article" not in page.text
    assert len(marks(page)) == 4
    assert ["qt-here" in mark for mark in marks(page)].count(True) == 1
    assert [words in card for card in page.cards] == [True]
    assert legend in page.text
    assert "2Tobin AshgroveLeader of the Opposition, 2 statements" in page.text


def test_an_article_without_utterances(visit: Visit, seen: See, find_quote: Find, inward_tracker: Path) -> None:
    page = seen(visit("article", inward_tracker, article="pier"))
    assert "No statement was found in this article" in page.text
    assert marks(page) == []
    page = seen(visit("article", inward_tracker, article="pier", quote=find_quote(inward_tracker, "haunted")))
    assert len(marks(page)) == 1
    assert len(page.cards) == 1


def test_a_belief_is_not_carried_into_another_article(
    visit: Visit, seen: See, find_quote: Find, inward_tracker: Path
) -> None:
    quote_id = find_quote(inward_tracker, "haunted")
    page = seen(visit("article", inward_tracker, article="ferry", quote=quote_id))
    assert "This statement is not in the article" in page.text
    assert len(marks(page)) == 3


def test_a_database_of_beliefs_alone_can_be_read(visit: Visit, seen: See, tmp_path: Path) -> None:
    path = fill(tmp_path / "quotes.duckdb", inward()[1:])
    page = seen(visit("statements", path))
    assert "No statement matches" in page.text
    assert "quotes ingest FOLDER" not in page.text
    assert len(seen(visit("statements", path, said="beliefs")).cards) == 1
    for other in ("people", "stances"):
        assert "No statements yet" in seen(visit(other, path)).text


def test_long_lists_of_beliefs_are_paged(visit: Visit, seen: See, tmp_path: Path) -> None:
    words = [f"that the pier is haunted by {number} ghosts" for number in range(25)]
    text = "\n".join(f"Edda Voss suspects {one}." for one in words)
    quotes = [quote(text, one, cue="suspects", cue_class="thought", by="edda-voss") for one in words]
    path = fill(tmp_path / "quotes.duckdb", [(Article("ghosts", text), quotes)])
    first = seen(visit("statements", path, said="beliefs"))
    assert len(first.cards) == 20
    assert {"said": "beliefs", "page": "2"} in first.links("")
    assert "The list has 25 beliefs and wishes." in seen(visit("statements", path, said="beliefs", page="9")).text


def test_a_verb_in_front_of_the_content_is_shown_but_not_highlighted(
    visit: Visit, seen: See, find_quote: Find, inward_tracker: Path
) -> None:
    app = visit("article", inward_tracker, article="ferry", quote=find_quote(inward_tracker, "called"))
    (card,) = seen(app).cards
    assert "called the new quay a ladder without rungs" in card
    body = next(one.proto.body for one in app.get("html") if 'class="qt-text"' in one.proto.body)
    (here,) = [piece.partition("</a>")[0] for piece in body.split("<a ")[1:] if "qt-here" in piece.partition(">")[0]]
    assert here.partition(">")[2] == "the new quay a ladder without rungs"
    assert FERRY.replace("\n", "") in seen(body).text
    assert PIER not in seen(body).text
