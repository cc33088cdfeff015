"""The Review page: the queue, every kind of decision, taking it back, and that it shows everywhere."""

from __future__ import annotations

import getpass
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from invented import articles, quote_id
from seeing import See, Seen, Visit
from streamlit.testing.v1 import AppTest

from dashboard import queries, writing
from dashboard.elements import naming
from quotes.errors import CommandError
from quotes.records import Quote, Span
from quotes.store.store import writing as opened_for_writing

WORDS = "that the timetable was a work of fiction"


@pytest.fixture
def own(tracker: Path, tmp_path: Path) -> Path:
    """A copy of the invented articles, which may be changed."""
    return Path(shutil.copy(tracker, tmp_path / "own.duckdb"))


def offer_what_was_typed(app: AppTest) -> None:
    """AppTest knows of no options that are typed in: make them options."""
    for one in app.selectbox:
        if isinstance(one.value, str) and one.format_func(one.value) not in one.options:
            one.options.append(one.value)


def press(app: AppTest, label: str) -> AppTest:
    offer_what_was_typed(app)
    (button,) = [one for one in app.button if one.label == label]
    button.click().run()
    assert not app.exception
    return app


def box(app: AppTest, label: str) -> object:
    (found,) = [one for one in app.selectbox if one.label == label]
    return found


def choose(app: AppTest, label: str, value: object, typed: bool = False) -> AppTest:
    offer_what_was_typed(app)
    if typed:
        box(app, label).options.append(value)  # type: ignore[attr-defined]
    box(app, label).select(value).run()  # type: ignore[attr-defined]
    assert not app.exception
    return app


def on_its_page(page: Seen) -> bool:
    return any(WORDS in card for card in page.cards)


def test_the_least_sure_comes_first_and_is_open(visit: Visit, seen: See, own: Path) -> None:
    page = seen(visit("review", own))
    first = page.text.index("31% sure")
    assert page.text.index(f"Edda Voss may have said {WORDS}") > first
    assert page.text.index("66%that the ferries will stop") > first
    assert "Waiting17 statements, the least sure first" in page.text
    assert {"article": "rail", "quote": quote_id(own, WORDS)} in page.links("article")
    marked = [attrs for tag, attrs in page.tags if tag == "a" and "qt-here" in attrs.get("class", "")]
    assert marked


def test_filters_narrow_what_waits(visit: Visit, seen: See, own: Path) -> None:
    page = seen(visit("review", own, publisher="Vale & Country", person="dov-hartwell"))
    assert "Waiting3 statements" in page.text
    app = visit("review", own)
    choose(app, "Said by", "dov-hartwell")
    assert app.query_params == {"person": "dov-hartwell"}
    assert "Nothing waits here" in seen(visit("review", own, publisher="No Such Paper")).text


@pytest.fixture
def few_offered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the boxes offer one person; all others are to be found by typing."""
    monkeypatch.setattr(naming, "OFFERED", 1)


def test_whom_no_box_offers_is_found_by_typing(visit: Visit, seen: See, own: Path, few_offered: None) -> None:
    app = visit("review", own)
    assert box(app, "Said by").options == ["Tobin Ashgrove · Leader of the Opposition"]  # type: ignore[attr-defined]
    choose(app, "Said by", "HARTW", typed=True)
    assert app.query_params == {"person": "dov-hartwell"}
    choose(app, "Said by", "r", typed=True)
    assert app.query_params == {}
    found = box(app, "Said by")
    assert found.placeholder == "4 people are called “r”: choose"  # type: ignore[attr-defined]
    assert "Dov Hartwell · Mayor of Port Sorrel" in found.options  # type: ignore[attr-defined]
    choose(app, "Said by", "rhea-castellane")
    assert app.query_params == {"person": "rhea-castellane"}
    choose(app, "Said by", "Nell Harrow", typed=True)
    assert box(app, "Said by").placeholder == "Nobody is called “Nell Harrow”"  # type: ignore[attr-defined]
    merging = visit("review", own, show="people", kept="edda-voss")
    choose(merging, "Who is the same person", "hartw", typed=True)
    assert merging.query_params == {"show": "people", "kept": "edda-voss", "other": "dov-hartwell"}


def test_a_name_that_is_typed_is_a_person_or_a_new_name(visit: Visit, seen: See, own: Path, few_offered: None) -> None:
    id = quote_id(own, WORDS)
    app = choose(visit("review", own, quote=id), "Who said it", "hartwell", typed=True)
    assert [one.disabled for one in app.button if one.label == "Save the correction"] == [True]
    choose(app, "Who is meant", ("person", "dov-hartwell"))
    assert "Speaker: from Edda Voss to Dov Hartwell" in seen(press(app, "Save the correction")).text
    assert on_its_page(seen(visit("people", own, person="dov-hartwell")))
    app = choose(visit("review", own, quote=id), "Who said it", "Marrow", typed=True)
    choose(app, "Who is meant", ("nobody", ""))
    assert "Speaker: from Edda Voss to Marrow" in seen(press(app, "Save the correction")).text


def test_accepting_goes_on_to_the_next_and_can_be_undone(visit: Visit, seen: See, own: Path) -> None:
    app = press(visit("review", own), "Accept")
    page = seen(app)
    assert f"Accepted: {WORDS}" in page.text
    assert "66% sure" in page.text
    assert "Waiting16 statements" in page.text
    assert "Undone" in seen(press(app, "Undo")).text
    assert "Waiting17 statements" in seen(visit("review", own)).text


def test_a_corrected_speaker_shows_everywhere(visit: Visit, seen: See, own: Path) -> None:
    id = quote_id(own, WORDS)
    app = choose(visit("review", own, quote=id), "Who said it", ("person", "dov-hartwell"))
    page = seen(press(app, "Save the correction"))
    assert "Corrected: " in page.text
    assert "Speaker: from Edda Voss to Dov Hartwell" in page.text
    assert on_its_page(seen(visit("people", own, person="dov-hartwell")))
    assert not on_its_page(seen(visit("people", own, person="edda-voss")))
    assert on_its_page(seen(visit("statements", own, person="dov-hartwell")))
    assert on_its_page(seen(visit("stances", own, person="dov-hartwell", target="Velland Rail Union")))
    article = seen(visit("article", own, article="rail", quote=id))
    assert [card.startswith("Dov Hartwell") for card in article.cards] == [True]


def test_a_correction_survives_reading_the_article_again(visit: Visit, seen: See, own: Path) -> None:
    id = quote_id(own, WORDS)
    press(choose(visit("review", own, quote=id), "Who said it", ("person", "dov-hartwell")), "Save the correction")

    def cut(quote: Quote) -> Quote:
        spans = tuple(Span(span.start + 1, span.end - 1) for span in quote.spans)
        return replace(quote, spans=spans, text=quote.text[1:-1])

    (found,) = [one for one in articles() if one[0].id == "rail"]
    with opened_for_writing(own, 10) as store:
        run = store.begin(["again"], "another model")
        again = replace(found[0], title="Read by another model")
        assert store.save(run, again, [cut(one) for one in found[1]], []) == "changed"
    page = seen(visit("people", own, person="dov-hartwell"))
    assert any(WORDS[1:-1] in card and "Read by another model" in card for card in page.cards)


def test_a_name_that_nobody_has_and_nobody_named(visit: Visit, seen: See, own: Path) -> None:
    id = quote_id(own, WORDS)
    # What is typed in and is no option comes as a plain string.
    app = choose(visit("review", own, quote=id), "Who said it", "Nell Harrow", typed=True)
    page = seen(press(app, "Save the correction"))
    assert "Speaker: from Edda Voss to Nell Harrow" in page.text
    app = choose(visit("review", own, quote=id), "Who said it", ("nobody", ""))
    page = seen(press(app, "Save the correction"))
    assert "Speaker: from Edda Voss to none" in page.text
    assert "Speaker undecided" in page.text
    assert "no longer applies: decided anew" in page.text


def test_kind_and_stances_are_changed_added_and_taken_away(visit: Visit, seen: See, own: Path) -> None:
    id = quote_id(own, WORDS)
    app = choose(visit("review", own, quote=id), "Kind", "mixed")
    choose(app, "Stance toward", ("target", "Velland Rail Union"))
    choose(app, "Stance", "favor")
    page = seen(press(app, "Save the correction"))
    assert "Kind: from indirect to mixed" in page.text
    assert "Stance toward Velland Rail Union: from against to favor" in page.text
    assert "+ favor Velland Rail Union" in page.text

    app = choose(visit("review", own, quote=id), "Stance toward", "the pelicans", typed=True)
    choose(app, "Stance", "against")
    choose(app, "The target is", "group")
    page = seen(press(app, "Save the correction"))
    assert "− against the pelicans" in page.text
    app = choose(visit("review", own, quote=id), "Stance toward", ("target", "the pelicans"))
    page = seen(press(choose(app, "Stance", "none"), "Save the correction"))
    assert "Stance toward the pelicans: from none to none" in page.text
    assert "against the pelicans" not in page.text.replace("Stance toward the pelicans", "")


def test_a_rejected_statement_is_gone_and_can_be_looked_at_again(visit: Visit, seen: See, own: Path) -> None:
    id = quote_id(own, WORDS)
    press(visit("review", own, quote=id), "Reject: no statement")
    assert "16 statements" in seen(visit("statements", own)).text
    again = visit("review", own, quote=id)
    assert "rejected" in seen(again).text
    press(again, "Undo")
    assert "17 statements" in seen(visit("statements", own)).text


def test_who_decides_stands_in_the_address(visit: Visit, seen: See, own: Path) -> None:
    app = visit("review", own)
    (name,) = [one for one in app.text_input if one.label == "Reviewing as"]
    assert name.value == getpass.getuser()
    name.set_value("Ann <b>Lee</b>").run()
    assert app.query_params == {"by": "Ann <b>Lee</b>"}
    (why,) = [one for one in app.text_input if one.label.startswith("Why")]
    why.set_value("I was there")
    press(app, "Accept")
    assert "Ann <b>Lee</b>, " in (told := seen(visit("review", own, show="decided")).text)
    assert "· holds · I was there" in told


def test_two_people_are_made_one_and_two_again(visit: Visit, seen: See, own: Path) -> None:
    app = visit("review", own, show="people", kept="dov-hartwell", other="edda-voss", by="Ann")
    press(app, "Make them one person")
    assert "They are one person now" in seen(app).text
    assert on_its_page(seen(visit("people", own, person="dov-hartwell")))
    decided = visit("review", own, show="decided", by="Ann")
    assert "People merged: edda-voss is Dov Hartwell" in seen(decided).text
    assert "Ann, " in seen(decided).text
    press(decided, "Undo")
    assert on_its_page(seen(visit("people", own, person="edda-voss")))
    assert "undone by Ann, " in seen(visit("review", own, show="decided")).text


def test_nothing_is_merged_with_itself_or_nobody(visit: Visit, seen: See, own: Path) -> None:
    for other, told in {"dov-hartwell": "one person already", "nobody": "Not in this database"}.items():
        app = visit("review", own, show="people", kept="dov-hartwell", other=other)
        assert told in seen(app).text
        assert app.button[0].disabled


def test_skipping_changes_nothing(visit: Visit, seen: See, own: Path) -> None:
    app = press(visit("review", own), "Skip")
    assert "66% sure" in seen(app).text
    assert app.query_params == {"quote": quote_id(own, "that the ferries will stop")}
    assert "Nothing was decided yet" in seen(visit("review", own, show="decided")).text


def test_everything_decided(visit: Visit, seen: See, own: Path) -> None:
    with opened_for_writing(own, 10) as store:
        store.connection.execute("DELETE FROM quotes WHERE NOT contains(text, $words)", {"words": WORDS})
    app = press(visit("review", own), "Accept")
    assert "Nothing left to review" in seen(app).text


def test_unknown_statement(visit: Visit, seen: See, own: Path) -> None:
    assert "This statement is not in the database" in seen(visit("review", own, quote="<script>")).text


def test_a_busy_database_and_a_refusal_are_told(
    visit: Visit, seen: See, own: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "quotes.toml").write_text("wait = 0.2")
    monkeypatch.setenv("QUOTES_FOLDER", str(tmp_path))
    app, id = visit("review", own), quote_id(own, WORDS)
    # A reader that does not let go.
    with queries.opened(), pytest.raises(CommandError, match="Another program is using"):
        writing.decide(id, "Ann", "--accept")
    with pytest.raises(CommandError, match="no kind 'spoken'"):
        writing.decide(id, "Ann", "--kind=spoken")
    (box,) = [one for one in app.selectbox if one.label == "Kind"]
    box.select("mixed").run()
    with opened_for_writing(own, 10) as store:
        store.connection.execute("DELETE FROM quotes WHERE contains(text, $words)", {"words": WORDS})
    press(app, "Save the correction")
    assert "Nothing was decidedThere is no quote" in seen(app).text
