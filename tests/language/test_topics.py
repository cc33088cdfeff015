from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from seeing import Read
from spacy.language import Language
from spacy.tokens import Doc
from textacy.extract import keyterms

from quotes.language import topics
from quotes.records import Span

FILE = Path(__file__).parents[1] / "gold" / "topics.jsonl"
GOLD = [json.loads(line) for line in FILE.read_text(encoding="utf8").splitlines()]
# Measured on 2026-11-23; sgrank 0.80, scake 0.75, yake 0.57.
PINNED = 0.81


def f1(nlp: Language, terms: Callable[[Doc], tuple[str, ...]]) -> float:
    """Compare terms with those that a reader would choose; where there are more than five, five are wanted."""
    hit = given = wanted = 0
    for row, doc in zip(GOLD, nlp.pipe([row["text"] for row in GOLD]), strict=True):
        start = row["text"].index(row["content"])
        words = topics.own_words(doc, [Span(start, start + len(row["content"]))])
        found, gold = {term.lower() for term in terms(words)}, {term.lower() for term in row["topics"]}
        hit, given, wanted = hit + len(found & gold), given + len(found), wanted + min(topics.MOST, len(gold))
    return 2 * hit / (given + wanted)


def test_the_terms_are_those_that_a_reader_would_choose(nlp: Language) -> None:
    assert f1(nlp, topics.key_terms) >= PINNED


@pytest.mark.parametrize("method", ["yake", "scake", "sgrank"])
def test_no_other_method_of_textacy_does_better(nlp: Language, monkeypatch: pytest.MonkeyPatch, method: str) -> None:
    chosen = f1(nlp, topics.key_terms)
    monkeypatch.setattr(keyterms, "textrank", getattr(keyterms, method))
    assert f1(nlp, topics.key_terms) < chosen


def terms(read: Read, said: str) -> tuple[str, ...]:
    (quote,) = read(f"“{said},” Mara Lindqvist told reporters.")
    return quote.topics


def test_singular_and_plural_are_one_topic(read: Read) -> None:
    one = terms(read, "The gun law has failed and the gun law must go")
    many = terms(read, "Gun laws have failed and gun laws must go")
    assert "gun law" in one
    assert "gun law" in many


def test_names_keep_their_capitals(read: Read) -> None:
    assert "Security Council" in terms(read, "The Security Council must meet about the missile test")


def test_people_and_days_are_no_topics(read: Read) -> None:
    found = terms(read, "Otto Brandt broke his promise to the farmers on Tuesday")
    assert {"promise", "farmer"} >= set(found) > set()


def test_there_are_at_most_five(read: Read) -> None:
    said = "The schools, the roads, the clinics, the bridges, the theatres, the markets and the trams need money"
    assert len(terms(read, said)) == topics.MOST


@pytest.mark.parametrize("said", ["No", "We will not", "It is what it is", "1,234", "Do we, or do we not"])
def test_a_quote_may_have_none(read: Read, said: str) -> None:
    assert terms(read, said) == ()


def test_the_words_of_the_attribution_do_not_count(read: Read) -> None:
    assert "reporter" not in terms(read, "The bridge is closed because the bridge is old")


def test_the_component_works_in_a_pipeline_of_its_own(read: Read) -> None:
    found: list[Any] = [quote.topics for quote in read("The mayor said the harbour tax would rise. “Never,” she said.")]
    assert found == [("harbour tax",), ()]
