"""When and where something was said, from the words around it that are neither content nor source."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import NamedTuple

import dateparser
from spacy.language import Language
from spacy.tokens import Doc, Token

from quotes.language import cues, grammar
from quotes.language.marks import overlapping
from quotes.records import Precision, Quote, Span

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
WEEKDAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
MONTH = (
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december"
    r"|jan\.|feb\.|mar\.|apr\.|jun\.|jul\.|aug\.|sept?\.|oct\.|nov\.|dec\.)"
)
DAY = r"(?:[12]\d|3[01]|0?[1-9])(?:st|nd|rd|th)?"
YEAR = r"(?:19|20)\d\d"
COUNT = r"(?:an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\d{1,2}|a few|several)"
# Alternatives from the most to the least exact, each with the precision that it gives.
EXPRESSIONS: tuple[tuple[Precision, str], ...] = (
    ("day", rf"(?:{DAY}(?: of)? {MONTH}|{MONTH} {DAY})(?:,? {YEAR})?(?![\d%])"),
    ("day", r"(?:19|20)\d\d-\d\d-\d\d"),
    ("day", rf"(?:last |this |late |early |the previous )?{WEEKDAY}(?: (?:morning|afternoon|evening|night))?"),
    ("day", r"(?:today|tonight|yesterday|last night|this (?:morning|afternoon|evening)|the day before yesterday)"),
    ("day", rf"{COUNT} days? ago"),
    ("week", rf"(?:{COUNT} weeks? ago|(?:earlier )?(?:last|this) (?:week|weekend)|over the weekend|at the weekend)"),
    ("month", rf"(?:{COUNT} months? ago|(?:earlier )?(?:last|this) month)"),
    ("month", rf"(?:in|last|since) {MONTH}(?:,? {YEAR})?"),
    ("month", rf"{MONTH},? {YEAR}"),
    ("year", rf"(?:{COUNT} years? ago|(?:earlier )?(?:last|this) year|in {YEAR})"),
)
PATTERNS = tuple((precision, re.compile(rf"\b{pattern}(?!\w)", re.IGNORECASE)) for precision, pattern in EXPRESSIONS)
SPOKEN_AT = frozenset(
    """parliament congress senate house assembly chamber committee council court commission conference convention
    rally speech address briefing interview statement debate hearing meeting summit broadcast programme program
    session newspaper paper magazine radio television podcast press letter memo email tweet post message website
    twitter facebook instagram column essay book report radio station channel gathering ceremony inauguration
    vigil town hall studio""".split()
)
PLACED_BY = frozenset(("in", "at", "on", "before", "during", "outside", "to", "with", "from", "inside", "via"))
PLACES = frozenset(("ORG", "GPE", "FAC", "LOC", "EVENT"))
HEARERS = frozenset("crowd reporter journalist people audience supporter viewer listener reader fan".split())
POSTED = frozenset(("write", "post", "tweet"))
TOLD = frozenset(("tell", "inform", "assure", "remind", "warn"))


class Occasion(NamedTuple):
    """When something was said: a day, how exactly it is known, and the words that tell it."""

    said_on: date | None
    precision: Precision | None
    text: str | None


def date_in(words: str, published: date | None) -> Occasion:
    """Find the first, most exact expression of time in some words.

    Args:
        words: text around a statement, such as "She told the Scottish Parliament last week:".
        published: the day from which "last week" counts; without it only full dates become days.

    Returns:
        The occasion, its fields None where there is no expression or no way to date it.
    """
    found = [
        (match.start(), -len(match.group()), match.group(), precision)
        for precision, pattern in PATTERNS
        if (match := pattern.search(words))
    ]
    if not found:
        return Occasion(None, None, None)
    _, _, text, precision = min(found)
    day = _day(text, published)
    return Occasion(day, precision if day else None, text)


def _day(text: str, published: date | None) -> date | None:
    plain = re.sub(r"^(?:in|last|since|late|early|earlier|the previous|on)\s+", "", text.lower())
    if published is None:
        if not re.search(YEAR, plain):
            return None
        published = date(2000, 1, 1)
        absolute = True
    else:
        absolute = False
    weekday = re.search(WEEKDAY, plain)
    if weekday:
        back = (published.weekday() - WEEKDAYS.index(weekday.group())) % 7
        return published - timedelta(days=back)
    simple = {
        "today": 0,
        "tonight": 0,
        "yesterday": 1,
        "night": 1,
        "the day before yesterday": 2,
        "this week": 0,
        "this month": 0,
        "this year": 0,
        "this weekend": 0,
    }
    if plain in simple:
        return published - timedelta(days=simple[plain])
    if plain.startswith("this "):
        return published
    if "weekend" in plain:
        return published - timedelta(days=(published.weekday() - 5) % 7 or 7)
    if plain in ("week", "month", "year"):
        plain = f"1 {plain} ago"
    plain = plain.replace("a few", "3").replace("several", "3")
    parsed = dateparser.parse(
        plain,
        languages=["en"],
        settings={
            "RELATIVE_BASE": datetime(published.year, published.month, published.day),
            "PREFER_DATES_FROM": "past",
            "PREFER_DAY_OF_MONTH": "first",
            "PREFER_MONTH_OF_YEAR": "first",
        },
    )
    if parsed is None or (not absolute and parsed.date() > published):
        return None
    return parsed.date()


def occasions(doc: Doc) -> tuple[Quote, ...]:
    """Fill in ``said_on``, its precision and words, and ``venue``.

    What the same speaker goes on to say in the same paragraph, or after "She added:" in the next, was said on the
    same occasion.

    Args:
        doc: a document with ``doc._.quotes``; ``doc._.article`` may give the day of publication.

    Returns:
        The quotes, in the same order.
    """
    published = doc._.article.published if doc._.article is not None else None
    starts = [block.start for block in doc._.paragraphs]
    found: list[Quote] = []
    for quote in doc._.quotes:
        verb = _verb(doc, quote)
        if verb is not None:
            quote = _with_occasion(doc, quote, verb, published)
            if found and _same_occasion(quote, found[-1], verb, starts):
                quote = _inherit(quote, found[-1])
        found.append(quote)
    return tuple(found)


def _same_occasion(quote: Quote, before: Quote, verb: Token, starts: list[int]) -> bool:
    if quote.speaker is None or before.speaker is None or quote.speaker.name != before.speaker.name:
        return False
    apart = bisect_right(starts, verb.idx) - bisect_right(starts, before.spans[-1].end - 1)
    return apart == 0 or (apart == 1 and verb.lemma_ in cues.CONTINUING)


def _inherit(quote: Quote, before: Quote) -> Quote:
    if quote.said_on_text is None and quote.kind != "indirect":
        quote = replace(
            quote,
            said_on=before.said_on,
            said_on_precision=before.said_on_precision,
            said_on_text=before.said_on_text,
        )
    return replace(quote, venue=quote.venue or before.venue) if quote.said_on_text == before.said_on_text else quote


def _with_occasion(doc: Doc, quote: Quote, verb: Token, published: date | None) -> Quote:
    sentence = verb.sent
    hidden = (*quote.spans, *(_whole_phrase(doc, source) for source in quote.source))
    outside = _outside(doc, Span(sentence[0].idx, sentence[-1].idx + len(sentence[-1].text)), hidden)
    after = " ".join(doc._.text[max(span.start, verb.idx) : span.end] for span in outside if span.end > verb.idx)
    said = date_in(after, published)
    if said.text is None:
        said = date_in(_leading(doc, verb, hidden), published)
    return replace(
        quote,
        said_on=said.said_on,
        said_on_precision=said.precision,
        said_on_text=said.text,
        venue=_venue(doc, verb, hidden),
    )


def _whole_phrase(doc: Doc, source: Span) -> Span:
    """Widen a source to all that hangs on it, such as "who took office in March"."""
    tokens = list(grammar.between(doc, *source))
    if not tokens:  # the source is a part of what spaCy takes for one word
        return source
    head = next((token for token in tokens if not source.start <= token.head.idx < source.end), tokens[-1])
    if head.left_edge.idx > source.start or any(
        token.pos_ == "VERB" for token in head.ancestors if source.start <= token.idx < source.end
    ):
        return source
    return Span(source.start, max(source.end, head.right_edge.idx + len(head.right_edge.text)))


def _leading(doc: Doc, verb: Token, hidden: tuple[Span, ...]) -> str:
    """Give the words before a cue that hang on it ("In January he told ...") or open its sentence."""
    found = [
        child
        for child in verb.children
        if child.i < verb.i
        and child.dep_ in ("prep", "npadvmod", "advmod")
        and not any(a <= child.idx < b for a, b in hidden)
    ]
    words = [doc._.text[child.left_edge.idx : child.right_edge.idx + len(child.right_edge)] for child in found]
    start = verb.sent[0].idx
    end = min([verb.idx, *(span.start for span in hidden if span.end > start)])
    opening = list(grammar.between(doc, start, end))
    if not any(token.pos_ in ("VERB", "AUX") for token in opening):
        words.insert(0, doc._.text[start : max(start, end)])
    return " ".join(words)


def _verb(doc: Doc, quote: Quote) -> Token | None:
    tokens = [token for cue in quote.cue for token in grammar.between(doc, *cue)]
    return next((token for token in reversed(tokens) if token.pos_ in ("VERB", "AUX")), tokens[-1] if tokens else None)


def _outside(doc: Doc, whole: Span, hidden: tuple[Span, ...]) -> list[Span]:
    """Cut the hidden spans and all quotations out of a stretch of text."""
    quoted = [span for quotation in overlapping(doc._.quotations, *whole) for span in quotation.spans]
    holes = sorted([*hidden, *quoted])
    found, start = [], whole.start
    for hole in holes:
        if hole.start > start:
            found.append(Span(start, min(hole.start, whole.end)))
        start = max(start, hole.end)
    if start < whole.end:
        found.append(Span(start, whole.end))
    return [span for span in found if span.end > span.start]


def _venue(doc: Doc, verb: Token, hidden: tuple[Span, ...]) -> str | None:
    def shown(noun: Token) -> bool:
        return not any(span.start <= noun.idx < span.end for span in hidden)

    if verb.lemma_ in TOLD:
        for child in verb.children:
            if child.dep_ in ("dobj", "dative", "iobj") and child.i > verb.i and child.pos_ != "PRON" and shown(child):
                return None if child.lemma_.lower() in HEARERS else _words(doc, child, hidden)
    for child in verb.subtree:
        if child.dep_ == "prep" and child.lower_ in PLACED_BY and shown(child) and _near(child, verb):
            for noun in child.children:
                if (
                    noun.dep_ == "pobj"
                    and shown(noun)
                    and _is_place(noun, child, verb)
                    and date_in(noun.text, date.today()).text is None
                ):
                    return _words(doc, _body(noun), hidden)
    return None


def _near(preposition: Token, verb: Token) -> bool:
    head = preposition.head
    return head == verb or (
        head.lemma_ in ("speak", "write", "appear", "address") and (head.head == verb or head == verb)
    )


def _is_place(noun: Token, preposition: Token, verb: Token) -> bool:
    posted = preposition.lower_ == "on" and verb.lemma_ in POSTED and noun.pos_ == "PROPN"
    event = (
        preposition.lower_ == "at"
        and noun.pos_ == "NOUN"
        and noun.lower_ not in ("time", "end", "least", "all", "once")
    )
    return posted or event or noun.lemma_.lower() in SPOKEN_AT or noun.ent_type_ in PLACES


def _body(noun: Token) -> Token:
    """Give whom a speech is made to: "a speech to the Chamber" was made in the Chamber."""
    if noun.lower_ in ("speech", "address", "testimony"):
        for child in noun.children:
            if child.dep_ == "prep" and child.lower_ in ("to", "before", "at"):
                return next((inner for inner in child.children if inner.dep_ == "pobj"), noun)
    return noun


def _words(doc: Doc, noun: Token, hidden: tuple[Span, ...]) -> str:
    first, last = grammar.phrase(noun)
    start, end = grammar.span_of(doc, first, last)
    end = min([end, *(span.start for span in hidden if start < span.start < end)])
    words = doc._.text[start:end].split(",")[0]
    for _, pattern in PATTERNS:
        if match := pattern.search(words):
            words = words[: match.start()]
    return re.sub(r"\s+(?:on|in|at)$", "", words.strip(" ,;:")).strip(" ,;:")


@Language.factory("quote_occasions", requires=["doc._.quotes"], assigns=["doc._.quotes"])
class QuoteOccasions:
    """Fills in when and where each quote was said."""

    def __init__(self, nlp: Language, name: str) -> None:
        Doc.set_extension("article", default=None, force=True)

    def __call__(self, doc: Doc) -> Doc:
        """Fill in the occasions of a document with quotes."""
        doc._.quotes = occasions(doc)
        return doc
