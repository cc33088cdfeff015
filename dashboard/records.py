"""What the queries give and the pages draw: plain, frozen, typed records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, get_args

from quotes.records import Article, CueClass, Kind, Precision, Problem, Span, SpeakerType, Stance

UTTERANCES: tuple[CueClass, ...] = ("speech", "writing")
"""What counts as said; the other classes of cue tell what somebody believes or wishes."""

Said = Literal["utterances", "beliefs", "all"]
SAID: Mapping[Said, tuple[CueClass, ...]] = {
    "utterances": UTTERANCES,
    "beliefs": tuple(one for one in get_args(CueClass) if one not in UTTERANCES),
    "all": get_args(CueClass),
}
"""What a list may hold, and the classes of cue that stand for it."""


@dataclass(frozen=True, slots=True)
class Printing:
    """A quote of the same words in an article: where it stands, who says it there, and whether that is a near-copy."""

    quote_id: str
    speaker: str | None
    article_id: str
    title: str | None
    publisher: str | None
    published: date | None
    copy: bool


@dataclass(frozen=True, slots=True)
class Statement:
    """One quote with everything its card shows.

    ``evidence`` are the words that carry its stances, ``repeats`` its printings in other articles, the earliest first,
    and ``conflicts`` printings of its words that name somebody else.
    """

    quote_id: str
    speaker: str | None
    speaker_type: SpeakerType | None
    role: str | None
    person_id: str | None
    kind: Kind
    cue_class: CueClass
    text: str
    cue: str | None
    source: str | None
    said_on: date | None
    said_on_precision: Precision | None
    said_on_text: str | None
    venue: str | None
    confidence: float
    stances: tuple[Stance, ...]
    article_id: str
    title: str | None
    publisher: str | None
    published: date | None
    url: str | None
    evidence: tuple[str, ...] = ()
    repeats: tuple[Printing, ...] = ()
    conflicts: tuple[Printing, ...] = ()

    @property
    def uttered(self) -> bool:
        """Whether it was said or written, and is no mere belief or wish."""
        return self.cue_class in UTTERANCES


@dataclass(frozen=True, slots=True)
class PlacedStatement:
    """A statement with the places of its words, source and cue in its article's text."""

    statement: Statement
    spans: tuple[Span, ...]
    source: tuple[Span, ...]
    cue: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Filter:
    """Which statements are wanted; None means any, but only utterances unless ``said`` says otherwise.

    ``since`` and ``until`` count themselves in; a statement's day is the day it was said or, where that is unknown,
    the day its article was published. ``sure`` is the least confidence, ``words`` a query of
    :mod:`quotes.store.search`.
    """

    person: str | None = None
    speaker: str | None = None
    target: str | None = None
    stance: str | None = None
    kind: str | None = None
    said: Said = "utterances"
    publisher: str | None = None
    since: date | None = None
    until: date | None = None
    sure: float | None = None
    topic: str | None = None
    words: str | None = None


@dataclass(frozen=True, slots=True)
class Tally:
    """How many statements take which stance."""

    against: int
    neutral: int
    favor: int

    @property
    def total(self) -> int:
        """All of them."""
        return self.against + self.neutral + self.favor

    @property
    def net(self) -> float:
        """From -1, all against, to 1, all in favor."""
        return (self.favor - self.against) / self.total


@dataclass(frozen=True, slots=True)
class PersonCount:
    """A person, and how many statements there are: of his or hers, or whichever are counted."""

    person_id: str
    name: str
    role: str | None
    statements: int
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Holdings:
    """How much there is: of everything, or of one person."""

    statements: int
    articles: int
    publishers: int


@dataclass(frozen=True, slots=True)
class Matrix:
    """Who says how much for and against whom: the most outspoken people by the targets most spoken about."""

    people: tuple[PersonCount, ...]
    targets: tuple[str, ...]
    cells: Mapping[tuple[str, str], Tally]
    all_people: int
    all_targets: int


@dataclass(frozen=True, slots=True)
class Facets:
    """For each filter its values with the number of statements that choosing each would leave.

    ``times`` are months, or years where there are many, each by its first and last day, the latest first.
    """

    people: Mapping[str, tuple[str, int]]
    speakers: Mapping[str, int]
    targets: Mapping[str, int]
    stances: Mapping[str, int]
    kinds: Mapping[str, int]
    said: Mapping[Said, int]
    publishers: Mapping[str, int]
    sure: Mapping[float, int]
    topics: Mapping[str, int]
    times: Mapping[tuple[date, date], int]


@dataclass(frozen=True, slots=True)
class ArticleEntry:
    """An article as a list names it."""

    article_id: str
    title: str | None
    opening: str
    publisher: str | None
    published: date | None
    statements: int
    speakers: Sequence[str]


@dataclass(frozen=True, slots=True)
class MonthCount:
    """How many statements of one group (a publisher's, a stance) fall into a month; ``month`` is its first day."""

    month: date
    group: str
    statements: int


@dataclass(frozen=True, slots=True)
class SpeakerTally:
    """How a person stands toward a target."""

    person_id: str
    name: str
    tally: Tally


@dataclass(frozen=True, slots=True)
class TargetCount:
    """Whom or what statements are about, and how many."""

    target: str
    statements: int


@dataclass(frozen=True, slots=True)
class IngestEntry:
    """A run that read articles: what it did, and the first of its problems with their number."""

    started_at: datetime
    finished: bool
    added: int
    changed: int
    unchanged: int
    problems: int
    told: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table or view."""

    name: str
    type: str
    comment: str


@dataclass(frozen=True, slots=True)
class Relation:
    """A table or view of the database, with what its comments say."""

    name: str
    is_view: bool
    comment: str
    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class UnderReview:
    """A statement that a reviewer looks at, with the article around it; a rejected one is as the program read it."""

    placed: PlacedStatement
    article: Article
    review: str | None
    """accepted, corrected or rejected; None where nobody has decided yet."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What somebody decided, about a quote or about who is who.

    ``id`` names it to whoever takes it back. ``before`` is what the program had read and ``after`` what holds instead,
    each in words; ``holds`` is whether it still does. Of a quote, ``words`` are its words in the article.
    """

    id: str
    about: Literal["quote", "people"]
    what: str
    target: str | None
    before: str | None
    after: str | None
    by: str
    at: datetime
    reason: str | None
    undone_by: str | None
    undone_at: datetime | None
    holds: bool
    words: str | None
    article_id: str | None
    quote_id: str | None


@dataclass(frozen=True, slots=True)
class FoundArticle:
    """An article that is not saved yet, with what was found in it; ``line`` is what saves just this."""

    article: Article
    placed: tuple[PlacedStatement, ...]
    line: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What was found in what a user wants to add; ``given`` is what the form was filled in with."""

    found: tuple[FoundArticle, ...]
    problems: tuple[Problem, ...]
    given: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Saved:
    """What a run saved: its articles, how many there are, and what went wrong."""

    articles: tuple[ArticleEntry, ...]
    total: int
    problems: tuple[Problem, ...]
