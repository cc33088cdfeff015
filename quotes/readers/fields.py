"""What is known about an article besides its text: the same keys, whatever format they come in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import blake2b, sha256
from threading import Event
from typing import BinaryIO

from quotes.errors import ReadError
from quotes.records import Article, Fetch, Problem

FIELDS = ("text", "id", "title", "published", "publisher", "author", "url", "language")
"""What a column or key may be mapped to; ``date`` is another word for ``published``."""


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the user says about an article; what is set here wins over what its file says."""

    title: str | None = None
    published: date | None = None
    publisher: str | None = None
    author: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Options:
    """How sources are read.

    Attributes:
        metadata: what the user says about the articles.
        columns: which key or column holds a field, where it is not called like the field; see ``FIELDS``.
        patterns: of a folder or archive, only files that one of these matches, such as ``2022/*.txt``.
        max_bytes: of one document, unpacked; also of one line of JSON, one row of a table and one answer of a server.
        repair: whether to mend wrongly decoded characters (ftfy); offsets refer to the text as mended.
        allow_private: whether addresses on this machine and its network may be fetched.
        pause: between two requests to one host, in seconds.
        timeout: of one request from beginning to end, in seconds.
        max_entries: how many articles of a feed or sitemap are fetched, the newest.
        user_agent: how fetching introduces itself.
        known: tells of addresses whether and when they were fetched before.
        since: what was fetched after this moment is not fetched again.
        stop: set by whoever wants reading to end; fetching then waits for nothing any more.
    """

    metadata: Metadata = field(default_factory=lambda: Metadata())
    columns: Mapping[str, str] = field(default_factory=dict)
    patterns: tuple[str, ...] = ()
    max_bytes: int = 50 * 2**20
    repair: bool = False
    allow_private: bool = False
    pause: float = 1.0
    timeout: float = 30.0
    max_entries: int = 1_000
    user_agent: str = "quote-tracker"
    known: Callable[[Sequence[str]], Mapping[str, Fetch]] = field(default=lambda addresses: {})
    since: datetime | None = None
    stop: Event = field(default_factory=Event)


def read_all(stream: BinaryIO, options: Options) -> bytes:
    """Read a stream to its end, unless it is longer than a document may be.

    Raises:
        ReadError: it is longer.
    """
    data = stream.read(options.max_bytes + 1)
    if len(data) > options.max_bytes:
        raise too_large(options)
    return data


def too_large(options: Options) -> ReadError:
    """Make the error about something that is larger than the user allows."""
    return ReadError(
        f"It has more than {options.max_bytes:,} bytes.", "Leave it out, or raise max_bytes in quotes.toml."
    )


def derive_id(text: str, url: str | None = None) -> str:
    """Derive an article's id from its address or, without one, from its text: 16 hexadecimal digits."""
    return blake2b((url or text).encode("utf8", "surrogatepass"), digest_size=8).hexdigest()


def make_article(
    text: str, fields: Mapping[str, object], place: str, options: Options, original: bytes | None = None
) -> Iterator[Article | Problem]:
    """Make an article from its text and the fields that its file gives.

    Args:
        text: the text, kept unchanged unless the options want it repaired.
        fields: ``id``, ``title``, ``published`` or ``date``, ``publisher``, ``author``, ``url``, ``language``,
            by the names that the options map them to, and ``sha256`` and ``fetched_at`` of the original, as
            ``quotes extract --whole`` prints them; others are ignored.
        place: the file, or the line in it, for problems.
        options: what the user says about the article, and whether to repair its text.
        original: the bytes of a document that holds this article alone; their hash is kept.

    Yields:
        The article, and after it a problem for each field that could not be understood; or only a problem, where
        there is no text to read.
    """
    metadata = options.metadata
    if not text.strip():
        yield Problem(place, "There is no text in it.", "Check the file, or leave it out.")
        return
    try:
        text.encode("utf8")
    except UnicodeEncodeError as error:
        yield Problem(
            place,
            f"The text holds half a character (a lone surrogate) at {error.start}.",
            "Write the file anew from its origin.",
        )
        return
    if options.repair:
        text = _repaired(text)
    problems: list[Problem] = []

    def given(name: str) -> str | None:
        value = fields.get(options.columns.get(name, name))
        if value is None or value == "":
            return None
        if isinstance(value, list) and all(isinstance(part, str) for part in value):
            value = ", ".join(value)
        if isinstance(value, bool) or not isinstance(value, str | int | float | date):
            problems.append(Problem(place, f"Its {name} is not text.", f"Write {name} as text; it was left out."))
            return None
        return clean(str(value)).strip() or None

    published = metadata.published or _day(given("published") or given("date"), place, problems)
    url = metadata.url or given("url")
    article = Article(
        id=given("id") or derive_id(text, url),
        text=text,
        title=metadata.title or given("title"),
        url=url,
        publisher=metadata.publisher or given("publisher"),
        author=metadata.author or given("author"),
        published=published,
        language=given("language") or "en",
        sha256=sha256(original).hexdigest() if original is not None else _hash(fields.get("sha256")),
        fetched_at=_moment(fields.get("fetched_at")),
    )
    yield article
    for problem in problems:
        yield Problem(problem.source, problem.problem, problem.advice, article.id)


def clean(text: str) -> str:
    """Spell out what UTF-8 cannot hold, such as the undecodable bytes of a file's name."""
    return text.encode("utf8", "backslashreplace").decode("utf8")


def _repaired(text: str) -> str:
    """Mend wrongly decoded characters, and nothing else: quotation marks stay curly, ligatures stay ligatures."""
    import ftfy

    return ftfy.fix_text(
        text,
        uncurl_quotes=False,
        fix_latin_ligatures=False,
        fix_character_width=False,
        fix_line_breaks=False,
        normalization=None,
    )


def _hash(written: object) -> str | None:
    return written if isinstance(written, str) and re.fullmatch("[0-9a-f]{64}", written) else None


def _moment(written: object) -> datetime | None:
    """Read a moment as ISO 8601 writes it; what names no zone is none."""
    try:
        moment = datetime.fromisoformat(written) if isinstance(written, str) else None
    except ValueError:
        return None
    return moment if moment and moment.tzinfo else None


def _day(written: str | None, place: str, problems: list[Problem]) -> date | None:
    """Read a day, or a day with a time, as ISO 8601 writes it: the day in the zone in which it is written."""
    if written is None:
        return None
    try:
        return datetime.fromisoformat(written).date()
    except ValueError:
        problems.append(
            Problem(place, f"Its date {written!r} was not understood.", "Write YYYY-MM-DD; it was read without a date.")
        )
        return None
