"""A stand-in for language: in `Mara Lind (mayor): “Words.”` it finds who, as what, and the words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import ClassVar

import pytest

from quotes import language, tracker
from quotes.people import Register
from quotes.records import Article, Quote, Span, Speaker

SAID = re.compile(r"(?P<who>[A-Z]\w+ [A-Z]\w+)(?: \((?P<role>[^)]*)\))?(?P<cue>:) (?P<words>“[^”]*”)")


class FakePipeline:
    """Has the metadata of a pipeline, and notes what it was given to read."""

    meta: ClassVar = {"lang": "en", "name": "fake", "version": "1.0"}

    def __init__(self) -> None:
        self.read: list[str] = []


def install(monkeypatch: pytest.MonkeyPatch) -> FakePipeline:
    """Put the stand-in in the place of language, and a register of nobody."""
    nlp = FakePipeline()

    def read_quotes(
        nlp: FakePipeline, articles: Iterable[Article], batch_size: int
    ) -> Iterator[tuple[Article, tuple[Quote, ...]]]:
        for article in articles:
            nlp.read.append(article.id)
            if "BOOM" in article.text:
                raise ValueError("boom")
            yield article, tuple(_quote(found) for found in SAID.finditer(article.text))

    monkeypatch.setattr(language, "read_quotes", read_quotes)
    # Not the cached ones: what they once loaded would stay.
    monkeypatch.setattr(tracker, "_meta", lambda pipeline: None)
    monkeypatch.setattr(tracker, "_pipeline", lambda settings: nlp)
    monkeypatch.setattr(tracker, "_register", Register)
    return nlp


def _quote(found: re.Match[str]) -> Quote:
    return Quote(
        "direct",
        found["words"],
        (Span(*found.span("words")),),
        (Span(*found.span("who")),),
        (Span(*found.span("cue")),),
        "speech",
        Speaker(found["who"], "person", found["role"]),
        confidence=0.9,
    )
