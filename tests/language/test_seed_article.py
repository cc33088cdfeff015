"""The article that this project began from: each row of its acceptance table, and what must not be found in it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from seeing import Read

from quotes.records import Quote

SEED = Path(__file__).parents[3] / "shared" / "data" / "seed_article.txt"
pytestmark = pytest.mark.skipif(not SEED.exists(), reason="the seed article lies in ../shared, which is not here")


@pytest.fixture(scope="module")
def text() -> str:
    return SEED.read_text(encoding="utf8")


@pytest.fixture(scope="module")
def seed(read: Read, text: str) -> tuple[Quote, ...]:
    return read(text)


def one(quotes: tuple[Quote, ...], words: str) -> Quote:
    (quote,) = [quote for quote in quotes if words in quote.text]
    return quote


def carried(quote: Quote, target: str, text: str) -> str:
    (stance,) = [stance for stance in quote.stances if stance.target == target]
    return " ".join(text[start:end] for start, end in stance.evidence)


def labels(quote: Quote) -> dict[str, str]:
    return {stance.target: stance.stance for stance in quote.stances}


def test_schumer_on_tuesday(seed: tuple[Quote, ...]) -> None:
    quote = one(seed, "All of us in this chamber")
    assert quote.speaker is not None
    assert (quote.speaker.name, quote.speaker.type) == ("Chuck Schumer", "person")
    assert quote.speaker.role == "Democratic Senate Majority Leader"
    assert quote.kind == "direct"
    assert quote.text.startswith("“All of us")
    assert quote.text.endswith("the Ukrainian people.”")
    assert (quote.said_on, quote.said_on_precision) == (date(2022, 3, 15), "day")
    assert labels(quote)["Vladimir Putin"] == "against"
    assert labels(quote).get("Ukraine") != "against"


def test_sturgeon_over_two_paragraphs(seed: tuple[Quote, ...], text: str) -> None:
    quote = one(seed, "on a daily basis")
    assert quote.speaker is not None
    assert (quote.speaker.name, quote.speaker.type, quote.speaker.role) == (
        "Nicola Sturgeon",
        "person",
        "First Minister",
    )
    assert quote.kind == "direct"
    assert quote.text.startswith("“Vladimir Putin is committing, on a daily basis")
    assert "he is committing war crimes.\n\n“It is important" in quote.text
    assert quote.text.endswith("the crimes he is committing now.”")
    assert [text[span.start : span.end] for span in quote.source] == ["She"]
    assert quote.venue == "the Scottish Parliament"
    assert quote.said_on is not None
    assert date(2022, 3, 7) <= quote.said_on <= date(2022, 3, 13)
    assert (quote.said_on_precision, quote.said_on_text) == ("week", "last week")
    assert labels(quote)["Vladimir Putin"] == "against"
    assert "crimes" in carried(quote, "Vladimir Putin", text)


def test_sturgeon_brands(seed: tuple[Quote, ...]) -> None:
    quote = one(seed, "brand Vladimir Putin as a war criminal")
    assert quote.speaker is not None
    assert quote.speaker.name == "Nicola Sturgeon"
    assert quote.kind == "indirect"
    assert labels(quote)["Vladimir Putin"] == "against"


def test_the_first_minister_calls(seed: tuple[Quote, ...], text: str) -> None:
    quote = one(seed, "for the Russian president to be held accountable for his actions in Ukraine")
    assert quote.speaker is not None
    assert quote.speaker.name == "Nicola Sturgeon"
    assert quote.kind == "indirect"
    assert [text[span.start : span.end] for span in quote.source] == ["The First Minister"]
    assert labels(quote)["Vladimir Putin"] == "against"
    assert labels(quote).get("Ukraine") != "against"


def test_zelensky_calls(seed: tuple[Quote, ...]) -> None:
    quote = one(seed, "called the incident a war crime")
    assert quote.speaker is not None
    assert (quote.speaker.name, quote.speaker.type) == ("Volodymyr Zelensky", "person")
    assert quote.kind == "indirect"
    assert "against" in labels(quote).values()


def test_putin_claims(seed: tuple[Quote, ...]) -> None:
    quote = one(seed, "to have ordered")
    assert quote.speaker is not None
    assert (quote.speaker.name, quote.speaker.role) == ("Vladimir Putin", "Russian President")
    assert quote.kind in ("mixed", "indirect")
    assert quote.text.endswith("‘denazify’ Russia’s neighbouring country")
    assert not [
        quote for quote in seed if quote.kind == "direct" and ("denazify" in quote.text or "special" in quote.text)
    ]


def test_nothing_from_the_headings(seed: tuple[Quote, ...], text: str) -> None:
    for heading in ("What constitutes a war crime?", "What war crime allegations have been made about Russia?"):
        start = text.index(heading)
        inside = [s for q in seed for s in q.spans if s.start < start + len(heading) and start < s.end]
        assert inside == []


def test_only_the_text_speaks_of_the_geneva_conventions(seed: tuple[Quote, ...], text: str) -> None:
    start, end = text.index("The rules of war"), text.index("What war crime allegations")
    inside = [quote for quote in seed if start <= quote.spans[0].start < end and quote.confidence >= 0.5]
    assert [[text[s.start : s.end] for s in quote.cue] for quote in inside] == [["According to"]]
    assert inside[0].speaker is not None
    assert inside[0].speaker.type != "person"
