"""The accuracy gate: our own annotation of the sample articles, with the figures pinned just below what is reached."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from spacy.language import Language

from quotes.language import read_quotes
from quotes.readers import read
from quotes.records import Article, Quote
from quotes.settings import shipped

GOLD = Path(__file__).with_name("sample.jsonl")
# Measured on 2026-11-23; a change that lowers one of them must say why.
PINNED = {"precision": 0.93, "recall": 0.95, "speaker": 0.80, "kind": 0.98, "day": 0.80}


def letters(text: str, spans: list[list[int]] | tuple[tuple[int, int], ...]) -> set[int]:
    return {at for start, end in spans for at in range(start, end) if text[at].isalnum()}


@pytest.fixture(scope="module")
def figures(nlp: Language) -> dict[str, float]:
    gold = {row["id"]: row["quotes"] for row in map(json.loads, GOLD.read_text(encoding="utf8").splitlines())}
    articles = [item for item in read(shipped("sample")) if isinstance(item, Article)]
    assert {article.id for article in articles} == set(gold)
    counts: Counter[str] = Counter()
    for article, found_quotes in read_quotes(nlp, articles):
        quotes = tuple(quote for quote in found_quotes if quote.cue_class in ("speech", "writing"))
        counts["predicted"] += len(quotes)
        counts["gold"] += len(gold[article.id])
        for row in gold[article.id]:
            found = best(article.text, row, quotes)
            if found is None:
                continue
            counts["hit"] += 1
            counts["kind"] += found.kind == row["kind"]
            counts["speaker"] += (found.speaker.name if found.speaker else None) == (row["speaker"] or {}).get("name")
            unit = {"day": 10, "week": 7, "month": 7, "year": 4, None: 0}[row["said_on_precision"]]
            counts["day"] += str(found.said_on or "")[:unit] == (row["said_on"] or "")[:unit]
    return {
        "precision": counts["hit"] / counts["predicted"],
        "recall": counts["hit"] / counts["gold"],
        **{name: counts[name] / counts["hit"] for name in ("speaker", "kind", "day")},
    }


def best(text: str, row: dict[str, list[list[int]]], quotes: tuple[Quote, ...]) -> Quote | None:
    """Find the quote that shares at least half of its and the gold's letters."""
    wanted = letters(text, row["spans"])
    shares = [len(wanted & got) / len(wanted | got) for got in (letters(text, quote.spans) for quote in quotes)]
    likeliest = max(range(len(shares)), key=shares.__getitem__, default=None)
    return quotes[likeliest] if likeliest is not None and shares[likeliest] >= 0.5 else None


@pytest.mark.parametrize("name", PINNED)
def test_figures_hold(figures: dict[str, float], name: str) -> None:
    assert figures[name] >= PINNED[name], figures
