"""The People page."""

from __future__ import annotations

from pathlib import Path

from invented import quote
from seeing import See, Visit

from quotes.records import Article, Person, Speaker
from quotes.store.store import writing


def test_shows_the_most_quoted_person_first(visit: Visit, seen: See, tracker: Path) -> None:
    page = seen(visit("people", tracker))
    assert "Tobin AshgroveLeader of the Opposition · Lantern Party · Velland" in page.text
    assert "4 statements in 3 articles from 2 publishers: The Sorrel Courier (3), Vale & Country (1)" in page.text
    assert {"person": "tobin-ashgrove", "publisher": "Vale & Country"} in page.links("statements")


def test_address_names_the_person(visit: Visit, seen: See, tracker: Path) -> None:
    app = visit("people", tracker, person="rhea-castellane")
    assert app.selectbox[0].value == "rhea-castellane"
    page = seen(app)
    assert "3 statements in 2 articles" in page.text
    assert all(card.startswith("Rhea Castellane") for card in page.cards)


def test_choosing_a_person_goes_into_the_address(visit: Visit, seen: See, tracker: Path) -> None:
    app = visit("people", tracker)
    app.selectbox[0].select("dov-hartwell").run()
    assert app.query_params == {"person": "dov-hartwell"}
    assert "Mayor of Port Sorrel" in seen(app).text


def test_statements_stand_newest_first(visit: Visit, seen: See, tracker: Path) -> None:
    cards = seen(visit("people", tracker, person="ilse-marrow")).cards
    places = ["A market without a roof", "The harbour levy is the fairest", "no budget would ever"]
    assert [words in card for words, card in zip(places, cards, strict=True)] == [True] * 3


def test_stances_are_tallied_by_target(visit: Visit, seen: See, tracker: Path) -> None:
    page = seen(visit("people", tracker, person="tobin-ashgrove"))
    assert "Stances of Tobin Ashgrove by targetnumber of statements" in page.text
    assert page.links("stances") == [
        {"person": "tobin-ashgrove", "target": target}
        for target in ("Ilse Marrow", "Rhea Castellane", "Velland Rail Union", "the budget", "the harbour levy")
    ]


def test_leads_to_the_statements_about_the_person(visit: Visit, seen: See, tracker: Path) -> None:
    page = seen(visit("people", tracker, person="ilse-marrow"))
    assert "4 statements about Ilse Marrow" in page.text
    assert {"target": "Ilse Marrow"} in page.links("statements")


def test_unknown_person(visit: Visit, seen: See, tracker: Path) -> None:
    app = visit("people", tracker, person="nobody")
    assert app.selectbox[0].value is None
    assert "This person is not in the database" in seen(app).text


def test_long_lists_are_paged(visit: Visit, seen: See, long_tracker: Path) -> None:
    first, last = (seen(visit("people", long_tracker, page=page)) for page in ("1", "3"))
    assert len(first.cards) == 20
    assert "44 bollards" in first.cards[0]
    assert "page 1 of 3" in first.text
    assert len(last.cards) == 5
    assert "0 bollards" in last.cards[-1]


def test_past_the_last_page(visit: Visit, seen: See, long_tracker: Path) -> None:
    page = seen(visit("people", long_tracker, page="99"))
    assert "No statement here" in page.text
    assert {"page": "3"} in page.links("")


def test_somebody_who_is_only_spoken_about(visit: Visit, seen: See, namesakes: Path) -> None:
    app = visit("people", namesakes, person="osric-fenn")
    assert app.selectbox[0].value == "osric-fenn"
    page = seen(app)
    assert "2 statements about Osric Fenn" in page.text
    assert "Osric Fenn speaks in no article" in page.text


def test_words_typed_in_find_people_by_name_and_alias(visit: Visit, seen: See, tracker: Path) -> None:
    page = seen(visit("people", tracker, find="ASHGROVE tob"))
    assert "1 person found for “ASHGROVE tob”" in page.text
    assert page.links("people") == [{"person": "tobin-ashgrove"}]
    assert "Nobody by that name" in seen(visit("people", tracker, find="zzz")).text


def test_an_alias_finds_its_person_whatever_the_accents(visit: Visit, seen: See, tmp_path: Path) -> None:
    path = tmp_path / "quotes.duckdb"
    with writing(path, 10) as store:
        ingest = store.begin(["invented"], "none")
        words = "“I am here.”"
        said = quote(words, words, by=Speaker("Zoë Ardhán", "person", None, "zoe-ardhan"))
        store.save(ingest, Article("a", words), [said], [Person("zoe-ardhan", "Zoë Ardhán", ("Zo Ardhanska",))])
        store.finish(ingest)
    for words in ("zoe ARDHAN", "ardhanska"):
        assert seen(visit("people", path, find=words)).links("people") == [{"person": "zoe-ardhan"}]
    assert "also Zo Ardhanska" in seen(visit("people", path)).text


def test_tells_who_speaks_about_the_person_and_about_whom_the_person_speaks(
    visit: Visit, seen: See, tracker: Path
) -> None:
    page = seen(visit("people", tracker, person="ilse-marrow"))
    assert "Who speaks about Ilse Marrow" in page.text
    assert {"person": "dov-hartwell", "target": "Ilse Marrow"} in page.links("statements")
    assert "Tobin Ashgrove speaks about" in seen(visit("people", tracker, person="tobin-ashgrove")).text


def test_two_people_side_by_side(visit: Visit, seen: See, tracker: Path) -> None:
    app = visit("people", tracker, person="tobin-ashgrove")
    next(box for box in app.selectbox if box.label == "Beside").select("dov-hartwell").run()
    assert app.query_params["beside"] == "dov-hartwell"
    text = seen(app).text
    assert "Stances of Tobin Ashgrove and Dov Hartwell" in text
    shared = text.index("Ilse Marrow", text.index("Stances of Tobin Ashgrove and"))
    assert text.index("Tobin Ashgrove", shared) < text.index("Dov Hartwell", shared)
    assert "the harbour levy" not in text[text.index("Stances of") : text.index("speaks about")]
    assert "in common" in seen(visit("people", tracker, person="ilse-marrow", beside="edda-voss")).text
