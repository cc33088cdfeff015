"""Thirty searches with judged answers, tests/gold/searches.jsonl, by which search by words and by meaning are compared.

What is searched are the 137 annotated statements of data/sample and 111 invented ones of tests/gold/repeats.jsonl. All
that either search gave among the first ten was judged, by a language model.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from quotes.readers import read
from quotes.records import Article, Quote, Span, Speaker
from quotes.settings import shipped
from quotes.store import writing

GOLD = Path(__file__).parents[1] / "gold"
WRITTEN = ("text", "other_end")


class Judged(NamedTuple):
    """A search, and the keys of the statements that answer it."""

    query: str
    answers: frozenset[str]


class Figures(NamedTuple):
    """Means over all searches: of the share of answers among the first ten, and of one by the place of the first."""

    recall: float
    reciprocal_rank: float


def searches() -> list[Judged]:
    """Read the searches."""
    return [Judged(row["query"], frozenset(row["answers"])) for row in _rows("searches.jsonl")]


def statements() -> dict[str, str]:
    """Give the statements by their keys: the article and the place in it, or the line of repeats.jsonl."""
    texts = {item.id: item.text for item in read(shipped("sample")) if isinstance(item, Article)}
    annotated = {
        f"{row['id']}.{number}": " ... ".join(texts[row["id"]][start:end] for start, end in quote["spans"])
        for row in _rows("sample.jsonl")
        for number, quote in enumerate(row["quotes"])
    }
    invented = {
        f"repeats-{number}" + ("" if kind == "text" else f"-{kind}"): row[kind]
        for number, row in enumerate(_rows("repeats.jsonl"))
        for kind in WRITTEN
        if kind in row
    }
    return annotated | invented


def fill(path: Path) -> Path:
    """Write each statement into a database as an article of its own."""
    with writing(path, 5) as store:
        ingest = store.begin(["judged"], "none")
        for key, text in statements().items():
            speaker = Speaker("Ilse Marrow", "person", None, "ilse-marrow")
            quote = Quote("direct", text, (Span(0, len(text)),), speaker=speaker, confidence=0.9)
            store.save(ingest, Article(key, text, published=date(2031, 3, 12)), [quote], [])
    return path


def measure(find: Callable[[str], Sequence[str]]) -> Figures:
    """Measure a search.

    Args:
        find: gives the keys of the ten best statements for a query, the best first.
    """
    recalls, ranks = [], []
    for query, answers in searches():
        found = list(find(query))[:10]
        recalls.append(len(answers & set(found)) / len(answers))
        ranks.append(next((1 / rank for rank, key in enumerate(found, start=1) if key in answers), 0.0))
    return Figures(sum(recalls) / len(recalls), sum(ranks) / len(ranks))


def _rows(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (GOLD / name).read_text(encoding="utf8").splitlines()]
