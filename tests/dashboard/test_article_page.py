"""The Article page: the list, and one article with its quotes in place."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

from seeing import Find, See, Visit

from dashboard.elements.passage import passage, speakers
from dashboard.records import PlacedStatement, Statement
from quotes.records import Span


def test_list_leads_to_the_articles(visit: Visit, seen: See, tracker: Path) -> None:
    page = seen(visit("article", tracker))
    assert "4 articles, newest first" in page.text
    assert [link["article"] for link in page.links("article")] == ["market", "budget", "rail", "harbour"]
    assert "6 statements by Ilse Marrow, Residents of Port Sorrel, Rhea Castellane, Tobin Ashgrove" in page.text


def test_list_is_searched_and_paged(visit: Visit, seen: See, tracker: Path, long_tracker: Path) -> None:
    for words, found in {"candle": ["budget"], "EDDA": ["rail"], "vale &": ["market", "rail"], "100%_": []}.items():
        page = seen(visit("article", tracker, find=words))
        assert [link["article"] for link in page.links("article")] == found
    app = visit("article", tracker)
    app.text_input[0].input("candle").run()
    assert app.query_params == {"find": "candle"}
    assert len(seen(visit("article", long_tracker, page="2")).links("article")) == 20


def test_article_shows_its_text_and_speakers(visit: Visit, seen: See, tracker: Path) -> None:
    page = seen(visit("article", tracker, article="harbour"))
    assert "He told reporters last week: “Ilse Marrow has mistaken the treasury for a fishing net." in page.text
    assert page.links("people") == [{"person": who} for who in ("ilse-marrow", "tobin-ashgrove", "rhea-castellane")]
    assert {"speaker": "Residents of Port Sorrel"} in page.links("statements")
    marks = [attrs["class"] for tag, attrs in page.tags if tag == "a" and "qt-quote" in attrs.get("class", "")]
    assert [mark.split()[1] for mark in marks] == ["qt-direct"] * 2 + ["qt-mixed"] + ["qt-direct"] * 2 + [
        "qt-indirect"
    ] * 3
    assert marks[2].split()[2] == marks[3].split()[2] != marks[0].split()[2]


def test_arriving_from_a_statement_marks_it(visit: Visit, seen: See, find_quote: Find, tracker: Path) -> None:
    quote = find_quote(tracker, "fishing net")
    page = seen(visit("article", tracker, article="harbour", quote=quote))
    marked = [attrs for _, attrs in page.tags if "qt-here" in attrs.get("class", "")]
    assert len(marked) == 2
    assert [card[:14] for card in page.cards] == ["Tobin Ashgrove"]
    evidence = [tag for tag, attrs in page.tags if attrs.get("class") == "qt-evidence"]
    assert len(evidence) == 2


def test_a_statement_that_is_gone(visit: Visit, seen: See, tracker: Path) -> None:
    page = seen(visit("article", tracker, article="harbour", quote="gone"))
    assert "This statement is not in the article" in page.text
    assert "Who speaks" in page.text


def test_an_article_that_does_not_exist(visit: Visit, seen: See, tracker: Path) -> None:
    assert "This article is not in the database" in seen(visit("article", tracker, article="none")).text


def placed(quote_id: str, *spans: tuple[int, int]) -> PlacedStatement:
    statement = Statement(
        quote_id=quote_id, speaker=quote_id, speaker_type=None, role=None, person_id=None, kind="direct",
        cue_class="speech", text="", cue=None, source=None, said_on=None, said_on_precision=None, said_on_text=None,
        venue=None, confidence=1, stances=(), article_id="a", title=None, publisher=None, published=None,
        url=None,
    )  # fmt: skip
    return PlacedStatement(statement, tuple(Span(*span) for span in spans), (), ())


def test_overlapping_quotes_keep_every_letter(seen: See) -> None:
    body = "aa bb cc\n\ndd <ee> ff"
    given = [placed("outer", (0, 19)), placed("inner", (3, 5), (13, 17)), placed("crossing", (4, 12))]
    for marked in (None, "outer", "inner", "crossing"):
        assert seen(passage(body, given, speakers(given), marked)).text == body.replace("\n", "")


def test_marks_hold_exactly_the_quotes_words(find_quote: Find, tracker: Path, visit: Visit, seen: See) -> None:
    page = visit("article", tracker, article="budget", quote=find_quote(tracker, "adding up"))
    html = next(one.proto.body for one in page.get("html") if 'class="qt-text"' in one.proto.body)
    pieces = [piece.partition("</a>")[0].partition(">")[2] for piece in html.split('<a class="qt-quote')[1:]]
    assert "“I have counted it three times and it is still not a joke,”" in pieces
    assert "“Rhea Castellane counts well. It is the adding up that worries me.”" in pieces
    assert all(first != second for first, second in pairwise(pieces))


def test_the_margin_leads_to_every_statement(visit: Visit, seen: See, tracker: Path) -> None:
    page = seen(visit("article", tracker, article="harbour"))
    margin = page.text[page.text.index("What is said") :]
    assert "Ilse Marrow has mistaken the treasury" in margin
    assert "Tobin Ashgrove · − Ilse Marrow" in margin
