"""What is known about an article besides its text: the same keys, whatever format they come in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import blake2b

from quotes.records import Article, Problem


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the user says about an article; what is set here wins over what its file says."""

    title: str | None = None
    published: date | None = None
    publisher: str | None = None
    author: str | None = None
    url: str | None = None


def derive_id(text: str, url: str | None = None) -> str:
    """Derive an article's id from its address or, without one, from its text: 16 hexadecimal digits."""
    return blake2b((url or text).encode("utf8", "surrogatepass"), digest_size=8).hexdigest()


def make_article(
    text: str, fields: Mapping[str, object], place: str, metadata: Metadata | None = None
) -> Iterator[Article | Problem]:
    """Make an article from its text and the fields that its file gives.

    Args:
        text: the text, kept unchanged.
        fields: ``id``, ``title``, ``published`` or ``date``, ``publisher``, ``author``, ``url``, ``language``;
            others are ignored.
        place: the file, or the line in it, for problems.
        metadata: what the user says about the article.

    Yields:
        The article, and after it a problem for each field that could not be understood; or only a problem, where
        there is no text to read.
    """
    metadata = metadata or Metadata()
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
    problems: list[Problem] = []

    def field(name: str) -> str | None:
        value = fields.get(name)
        if value is None or value == "":
            return None
        if isinstance(value, list) and all(isinstance(part, str) for part in value):
            value = ", ".join(value)
        if isinstance(value, bool) or not isinstance(value, str | int | float | date):
            problems.append(Problem(place, f"Its {name} is not text.", f"Write {name} as text; it was left out."))
            return None
        return clean(str(value)).strip() or None

    published = metadata.published or _day(field("published") or field("date"), place, problems)
    url = metadata.url or field("url")
    article = Article(
        id=field("id") or derive_id(text, url),
        text=text,
        title=metadata.title or field("title"),
        url=url,
        publisher=metadata.publisher or field("publisher"),
        author=metadata.author or field("author"),
        published=published,
        language=field("language") or "en",
    )
    yield article
    for problem in problems:
        yield Problem(problem.source, problem.problem, problem.advice, article.id)


def clean(text: str) -> str:
    """Spell out what UTF-8 cannot hold, such as the undecodable bytes of a file's name."""
    return text.encode("utf8", "backslashreplace").decode("utf8")


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
