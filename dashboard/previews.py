"""What was found in what a user wants to add, kept in memory until it is saved, discarded, or too old."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import date, datetime
from secrets import token_urlsafe
from typing import Any

import streamlit as st

from dashboard.records import FoundArticle, PlacedStatement, Preview, Statement
from quotes.records import Article, Problem, Quote, Span, Speaker, Stance
from quotes.store.rows import quote_ids

MOST_KEPT = 20


def read_line(line: str) -> FoundArticle | Problem:
    """Read a line of ``quotes extract --whole``.

    Args:
        line: a JSON object: an article with its quotes, or a problem.

    Returns:
        The article, with its statements as they will be saved; or the problem.
    """
    row = json.loads(line)
    if "problem" in row:
        return Problem(**row)
    given = row.pop("quotes")
    published, fetched = row["published"], row["fetched_at"]
    article = Article(
        **row
        | {
            "published": published and date.fromisoformat(published),
            "fetched_at": fetched and datetime.fromisoformat(fetched),
        }
    )
    quotes = [_quote(one) for one in given]
    placed = [_placed(article, quote, id) for id, quote in zip(quote_ids(article.id, quotes), quotes, strict=True)]
    return FoundArticle(article, tuple(sorted(placed, key=lambda one: one.spans[0])), line.strip())


def keep(preview: Preview) -> str:
    """Keep a preview, and give the token by which an address names it; the oldest of too many is forgotten."""
    kept = _kept()
    token = token_urlsafe(9)
    kept[token] = preview
    for oldest in list(kept)[:-MOST_KEPT]:
        kept.pop(oldest, None)
    return token


def kept(token: str) -> Preview | None:
    """Give a preview that is still kept."""
    return _kept().get(token)


def forget(token: str) -> None:
    """Forget a preview."""
    _kept().pop(token, None)


@st.cache_resource
def _kept() -> dict[str, Preview]:
    return {}


def _quote(row: Mapping[str, Any]) -> Quote:
    stances = tuple(Stance(**one | {"evidence": _spans(one["evidence"])}) for one in row["stances"])
    places = {name: _spans(row[name]) for name in ("spans", "source", "cue")}
    said_on, speaker = row["said_on"], row["speaker"]
    return Quote(
        **{one.name: row[one.name] for one in fields(Quote)}
        | places
        | {
            "stances": stances,
            "speaker": speaker and Speaker(**speaker),
            "said_on": said_on and date.fromisoformat(said_on),
            "topics": tuple(row["topics"]),
        }
    )


def _placed(article: Article, quote: Quote, quote_id: str) -> PlacedStatement:
    speaker = quote.speaker or Speaker("", "unnamed")
    words = [article.text[span.start : span.end] for stance in quote.stances for span in stance.evidence]
    statement = Statement(
        quote_id=quote_id,
        speaker=speaker.name or None,
        speaker_type=speaker.type if quote.speaker else None,
        role=speaker.role,
        person_id=speaker.person_id,
        kind=quote.kind,
        cue_class=quote.cue_class,
        text=quote.text,
        cue=_printed(article, quote.cue),
        source=_printed(article, quote.source),
        said_on=quote.said_on,
        said_on_precision=quote.said_on_precision,
        said_on_text=quote.said_on_text,
        venue=quote.venue,
        confidence=quote.confidence,
        stances=quote.stances,
        article_id=article.id,
        title=article.title,
        publisher=article.publisher,
        published=article.published,
        url=article.url,
        evidence=tuple(dict.fromkeys(words)),
    )
    return PlacedStatement(statement, quote.spans, quote.source, quote.cue)


def _printed(article: Article, places: Sequence[Span]) -> str | None:
    return " ... ".join(article.text[place.start : place.end] for place in places) or None


def _spans(given: Sequence[Sequence[int]]) -> tuple[Span, ...]:
    return tuple(Span(start, end) for start, end in given)
