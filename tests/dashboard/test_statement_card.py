"""The statement card and its wording."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import date

import pytest

from dashboard.elements import downloads, wording
from dashboard.elements.card import card
from dashboard.records import Statement
from quotes.records import CueClass, Precision, Stance

STATEMENT = Statement(
    quote_id="q1",
    speaker="Ilse Marrow",
    speaker_type="person",
    role="Prime Minister",
    person_id="ilse-marrow",
    kind="direct",
    cue_class="speech",
    text="“One.”\n\n“Two.”",
    cue="told",
    source="She",
    said_on=date(2022, 3, 9),
    said_on_precision="week",
    said_on_text="last week",
    venue="the Assembly",
    confidence=0.9,
    stances=(Stance("the levy", "issue", "against", 0.87), Stance("Dov Hartwell", "person", "favor", 0.5, "dov")),
    article_id="a1",
    title="A headline",
    publisher="The Courier",
    published=date(2022, 3, 16),
    url="https://courier.example/a1",
)


def test_shows_all_that_is_known() -> None:
    html = card(STATEMENT)
    for words in (
        "Ilse Marrow", "Prime Minister", "<b>direct</b>", "“One.”", "“Two.”", "<q><bdi>She</bdi></q>",
        "<q><bdi>told</bdi></q>", "Said in the week of 9 March 2022, printed as “<bdi>last week</bdi>”", "the Assembly",
        "− against", "0.87", "+ favor", "0.50", "The Courier", "A headline", "16 March 2022",
        'href="people?person=ilse-marrow"', 'href="article?article=a1&amp;quote=q1"',
    ):  # fmt: skip
        assert words in html
    assert "a guess" not in html


@pytest.mark.parametrize(
    ("precision", "words"),
    [
        ("day", "on 9 March 2022"),
        ("week", "in the week of 9 March 2022"),
        ("month", "in March 2022"),
        ("year", "in 2022"),
        (None, "around 9 March 2022"),
    ],
)
def test_a_day_sounds_no_more_exact_than_it_is_known(precision: Precision | None, words: str) -> None:
    assert wording.said_on(date(2022, 3, 9), precision) == words


def test_a_guess_is_marked() -> None:
    assert "? a guess, 31% sure" in card(replace(STATEMENT, confidence=0.31))


@pytest.mark.parametrize(
    ("cue_class", "label"),
    [
        ("speech", ""),
        ("writing", ""),
        ("thought", "belief"),
        ("desire", "wish"),
        ("other", "other than an utterance"),
    ],
)
def test_what_is_no_utterance_is_called_by_its_name(cue_class: CueClass, label: str) -> None:
    html = card(replace(STATEMENT, cue_class=cue_class))
    assert ("qt-inward" in html) == bool(label)
    assert f'<span class="qt-inward">{label}</span>' in html or not label
    assert ("Said in the week" in html, "In the week of 9 March 2022" in html) == (not label, bool(label))


def test_what_is_not_known_is_said_so() -> None:
    nothing = replace(
        STATEMENT, speaker=None, speaker_type=None, role=None, person_id=None, cue=None, source=None, said_on=None,
        said_on_precision=None, said_on_text=None, venue=None, stances=(), title=None, publisher=None, published=None,
    )  # fmt: skip
    html = card(nothing)
    for words in (
        "Speaker undecided",
        "Day not given",
        "nobody is named as the source, no cue",
        "Untitled article",
        "undated",
    ):
        assert words in html
    assert "“One.”" in html
    assert "See it in the article" in html


def test_a_printed_expression_without_a_day_is_kept() -> None:
    assert "Said “<bdi>once</bdi>”, as printed" in card(replace(STATEMENT, said_on=None, said_on_text="once"))


def test_speakers_who_are_no_persons_say_what_they_are() -> None:
    union = replace(STATEMENT, speaker="A Union", speaker_type="organisation", person_id=None, role=None)
    assert 'href="statements?speaker=A+Union"' in card(union)
    assert "organisation" in card(union)
    assert "senior official, no name given" in card(
        replace(union, speaker_type="unnamed", role="senior official")
    ).replace("<bdi>", "").replace("</bdi>", "")


def test_a_citation_says_all_that_is_needed_to_find_the_words_again() -> None:
    assert wording.citation(STATEMENT) == (
        "Ilse Marrow, Prime Minister in the week of 9 March 2022: “One.” “Two.” "
        "In: “A headline”, The Courier, 16 March 2022, https://courier.example/a1."
    )
    bare = replace(STATEMENT, kind="indirect", said_on=None, role=None, url=None, publisher=None)
    assert wording.citation(bare).startswith("Ilse Marrow (indirect: as the article puts it): ")
    assert wording.citation(bare).endswith("In: “A headline”, 16 March 2022.")


def test_files_hold_every_statement_and_field() -> None:
    other = replace(STATEMENT, quote_id="q2", text="=1+1, “naïve”\n; two", stances=())
    (head, first, second) = csv.reader(io.StringIO(downloads.table([STATEMENT, other])))
    assert dict(zip(head, first, strict=True))["stances"] == "against the levy; favor Dov Hartwell"
    assert dict(zip(head, second, strict=True))["text"] == other.text
    written = [json.loads(line) for line in downloads.lines([STATEMENT, other]).splitlines()]
    assert [row["quote_id"] for row in written] == ["q1", "q2"]
    assert written[0]["stances"][0]["score"] == 0.87
    assert written[0]["said_on"] == "2022-03-09"
    assert len(downloads.citations([STATEMENT, other]).split("\n\n")) == 2
    assert downloads.table([]) == downloads.lines([]) == ""


def test_the_words_that_carry_a_stance_are_underlined() -> None:
    html = card(
        replace(STATEMENT, text="a <disgrace>, a disgrace and <b>", evidence=("<disgrace>", "<b>", "not there"))
    )
    assert "a <u>&lt;disgrace&gt;</u>, a disgrace and <u>&lt;b&gt;</u>" in html
