"""Who speaks, in short articles of our own wording in the styles of many papers, about invented people."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from spacy.language import Language

from quotes.language import read_quotes
from quotes.records import Article, Quote

CASES = [
    json.loads(line) for line in Path(__file__).with_name("speakers.jsonl").read_text(encoding="utf8").splitlines()
]
# What is not yet right; who mends one takes it off this list.
HARD = {
    ("g4", "read the Sundays"): "nothing says outright that the prime minister is the man of the first sentence",
    ("g9", "was overjoyed"): "a body with a name of people in the plural is taken for a group",
}
# The model of attributions is another part's work; where it finds nothing there is no speaker to judge.
ENOUGH_FOUND = 0.9


def cases() -> list[Any]:
    found = []
    for case in CASES:
        for one in case["speakers"]:
            hard = HARD.get((case["id"], one["words"]))
            marks = [pytest.mark.xfail(reason=hard, strict=False)] if hard else []
            found.append(pytest.param(case["id"], one, id=f"{case['id']}-{one['words']}", marks=marks))
    return found


@pytest.fixture(scope="module")
def quotes(nlp: Language) -> dict[str, tuple[Quote, ...]]:
    articles = [Article(case["id"], case["text"], case.get("title")) for case in CASES]
    return {article.id: found for article, found in read_quotes(nlp, articles)}


def holding(quotes: tuple[Quote, ...], words: str) -> Quote | None:
    return next((quote for quote in quotes if words.lower() in quote.text.lower()), None)


@pytest.mark.parametrize(("article", "wanted"), cases())
def test_each_speaker_is_right(quotes: dict[str, tuple[Quote, ...]], article: str, wanted: dict[str, Any]) -> None:
    quote = holding(quotes[article], wanted["words"])
    if quote is None:
        pytest.skip("the attribution is not found")
    if wanted["type"] is None:
        assert quote.speaker is None
        assert quote.confidence < 0.5
        return
    assert quote.speaker is not None
    if wanted["type"] != "*":
        assert quote.speaker.type == wanted["type"]
    if wanted["name"] != "*":
        assert quote.speaker.name == wanted["name"]
    if "role" in wanted:
        assert quote.speaker.role == wanted["role"]


def test_nearly_all_quotes_are_found(quotes: dict[str, tuple[Quote, ...]]) -> None:
    found = [holding(quotes[case["id"]], one["words"]) is not None for case in CASES for one in case["speakers"]]
    assert sum(found) / len(found) >= ENOUGH_FOUND
