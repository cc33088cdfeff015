"""What flows through the house: plain, frozen, typed records without behaviour.

Every offset is a code-point offset ``[start, end)`` into the text of the article, so that
``article.text[start:end]`` is what was printed, to the letter.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, NamedTuple

Kind = Literal["direct", "indirect", "mixed"]
SpeakerType = Literal["person", "organisation", "group", "unnamed"]
TargetType = Literal["person", "organisation", "place", "group", "issue"]
StanceLabel = Literal["favor", "against", "neutral"]
CueClass = Literal["speech", "writing", "thought", "desire", "other"]
Precision = Literal["day", "week", "month", "year"]


class Span(NamedTuple):
    """A stretch of an article's text, in code points, end excluded."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Article:
    """An article as read: its text unchanged, and what is known about its publication.

    ``sha256`` is the hash of the original's bytes, where the original holds this article alone, and ``fetched_at`` when
    it was fetched, where it comes from an address; neither makes an article another one.
    """

    id: str
    text: str
    title: str | None = None
    url: str | None = None
    publisher: str | None = None
    author: str | None = None
    published: date | None = None
    language: str = "en"
    sha256: str | None = field(default=None, compare=False)
    fetched_at: datetime | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who stands behind a source: the full name, without titles and offices, which go to ``role``."""

    name: str
    type: SpeakerType
    role: str | None = None
    person_id: str | None = None


@dataclass(frozen=True, slots=True)
class Stance:
    """The attitude of one quote toward one target; ``score`` is how sure we are of the label, 0 to 1.

    ``evidence`` are the words that carry the attitude, as code points in the article's text; none where it is neutral.
    """

    target: str
    target_type: TargetType
    stance: StanceLabel
    score: float
    person_id: str | None = None
    evidence: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Quote:
    """One attribution: its content, the words that name source and cue, and what we made of them.

    ``text`` is the content as read: spans of one paragraph joined by " ... ", paragraphs by a blank line, and in front
    the verb of judging or the preposition without which it has no sense ("called" before "the plan a disgrace").
    ``cue_class`` tells utterances (speech, writing) from beliefs (thought) and wishes (desire).
    ``said_on`` is the day that the printed expression ``said_on_text`` means, or a day inside the week, month
    or year that it means, as ``said_on_precision`` tells. ``confidence`` runs from 0 to 1.
    ``topics`` are at most five key terms of its words, the most telling first.
    """

    kind: Kind
    text: str
    spans: tuple[Span, ...]
    source: tuple[Span, ...] = ()
    cue: tuple[Span, ...] = ()
    cue_class: CueClass = "speech"
    speaker: Speaker | None = None
    said_on: date | None = None
    said_on_precision: Precision | None = None
    said_on_text: str | None = None
    venue: str | None = None
    confidence: float = 0.0
    stances: tuple[Stance, ...] = ()
    topics: tuple[str, ...] = ()


class Office(NamedTuple):
    """An office, from its first day to its last; None where the register does not know, or it goes on.

    ``country`` is an ISO 3166 code: GB-SCT and the like for the nations of the United Kingdom,
    EU and UN for theirs.
    """

    title: str
    start: date | None = None
    end: date | None = None
    country: str | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """A person as the register or the articles know him or her, across articles.

    ``identifiers`` are those of other collections, with their scheme, such as "wikidata:Q76".
    """

    id: str
    name: str
    aliases: tuple[str, ...] = ()
    role: str | None = None
    party: str | None = None
    country: str | None = None
    gender: str | None = None
    in_register: bool = False
    offices: tuple[Office, ...] = ()
    identifiers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that could not be read or understood: where, what is wrong, and what to do about it."""

    source: str
    problem: str
    advice: str
    article_id: str | None = None


@dataclass(frozen=True, slots=True)
class Fetch:
    """An address that was fetched: what the server says by which it can tell next time whether anything changed.

    ``article_id`` is the article that was found there, None for feeds and sitemaps; ``changed`` is whether there was
    anything new since the last time.
    """

    url: str
    fetched_at: datetime
    etag: str | None = None
    last_modified: str | None = None
    article_id: str | None = None
    changed: bool = True
