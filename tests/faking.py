"""A stand-in for language and people: in `Mara Lind (mayor): “Words.”` it finds who, as what, and the words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import ClassVar

import pytest

from quotes import language, people, tracker
from quotes.records import Article, Person, Quote, Span, Speaker

SAID = re.compile(r"(?P<who>[A-Z]\w+ [A-Z]\w+)(?: \((?P<role>[^)]*)\))?(?P<cue>:) (?P<words>“[^”]*”)")


class FakePipeline:
    """Has the metadata of a pipeline, and notes what it was given to read."""

    meta: ClassVar = {"lang": "en", "name": "fake", "version": "1.0"}

    def __init__(self) -> None:
        self.read: list[str] = []


def install(monkeypatch: pytest.MonkeyPatch) -> FakePipeline:
    """Put the stand-ins in the place of language and people."""
    nlp = FakePipeline()

    def read_quotes(
        nlp: FakePipeline, articles: Iterable[Article], batch_size: int
    ) -> Iterator[tuple[Article, tuple[Quote, ...]]]:
        for article in articles:
            nlp.read.append(article.id)
            if "BOOM" in article.text:
                raise ValueError("boom")
            yield article, tuple(_quote(found) for found in SAID.finditer(article.text))

    def link(quotes: Sequence[Quote], register: object) -> tuple[tuple[Quote, ...], tuple[Person, ...]]:
        linked, known = [], {}
        for quote in quotes:
            assert quote.speaker
            key = quote.speaker.name.lower().replace(" ", "-")
            linked.append(replace(quote, speaker=replace(quote.speaker, person_id=key)))
            known[key] = Person(key, quote.speaker.name, role=quote.speaker.role)
        return tuple(linked), tuple(known.values())

    monkeypatch.setattr(language, "read_quotes", read_quotes)
    monkeypatch.setattr(people, "link", link, raising=False)
    # Not the cached ones: what they once loaded would stay.
    monkeypatch.setattr(tracker, "_pipeline", lambda settings: nlp)
    monkeypatch.setattr(tracker, "_register", lambda: object())
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
