"""What feeds (RSS, Atom) and sitemaps list: the addresses of articles, and what they say about them."""

from __future__ import annotations

import io
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from xml.parsers import expat

from quotes.errors import ReadError


@dataclass(frozen=True, slots=True)
class Entry:
    """An article that a feed or a sitemap lists; ``updated`` is when it last changed, as far as that is said."""

    url: str
    updated: datetime | None = None
    fields: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Listing:
    """The articles that a feed or a sitemap lists, and for an index of sitemaps, these."""

    entries: tuple[Entry, ...] = ()
    sitemaps: tuple[str, ...] = ()


def kind_of(data: bytes) -> str | None:
    """Tell by the first element whether data are a ``feed``, a ``sitemap`` or neither (None)."""
    kinds = {"rss": "feed", "feed": "feed", "rdf": "feed", "urlset": "sitemap", "sitemapindex": "sitemap"}
    found: list[str] = []
    parser = expat.ParserCreate()

    def start(name: str, _: object) -> None:
        if not found:
            found.append(name.rpartition(":")[2].lower())

    parser.StartElementHandler = start
    with suppress(expat.ExpatError):
        parser.Parse(data[: 2**16], False)
    return kinds.get(found[0]) if found else None


def forbid_entities(data: bytes) -> None:
    """Make sure that XML defines no entities of its own: they can grow without end, or name files.

    Raises:
        ReadError: it does.
    """
    parser = expat.ParserCreate()

    def refuse(*_: object) -> None:
        raise ReadError("It defines XML entities, which can be a bomb.", "Check where it comes from.")

    parser.EntityDeclHandler = refuse
    with suppress(expat.ExpatError):  # feeds are often broken; the libraries that read them know how to
        parser.Parse(data, True)


def read_feed(data: bytes) -> Listing:
    """Read a feed.

    Args:
        data: its bytes.

    Returns:
        Its articles, in its order.

    Raises:
        ReadError: it is no feed, or defines entities.
    """
    import feedparser

    forbid_entities(data)
    try:
        feed: Any = feedparser.parse(io.BytesIO(data))
    # feedparser lets the errors of broken elements through as what they are.
    except (LookupError, ValueError, TypeError, AttributeError, AssertionError, RecursionError) as error:
        raise ReadError(f"It is no feed that can be read ({error!r}).", "Check the address in a browser.") from error
    if not feed.get("version") and not feed.entries:
        raise ReadError("It is no feed.", "Check the address in a browser.")
    publisher = feed.feed.get("title")
    entries = []
    for entry in feed.entries:
        link = entry.get("link")
        if isinstance(link, str) and link.startswith(("http://", "https://")):
            published = _time(entry.get("published_parsed"))
            fields = {
                "title": entry.get("title"),
                "author": entry.get("author"),
                "published": published.date() if published else None,
                "publisher": publisher,
            }
            updated = _time(entry.get("updated_parsed")) if "updated_parsed" in entry else None
            known = {name: value for name, value in fields.items() if value}
            entries.append(Entry(link, updated or published, known))
    return Listing(tuple(entries))


def read_sitemap(data: bytes) -> Listing:
    """Read a sitemap, or an index of sitemaps.

    Args:
        data: its bytes.

    Returns:
        Its articles, the newest first as far as it says when they changed, or the addresses of its sitemaps.

    Raises:
        ReadError: it is no XML, or defines entities.
    """
    from lxml import etree

    forbid_entities(data)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, recover=True)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise ReadError(f"It is no sitemap ({error}).", "Check the address in a browser.") from error
    entries, sitemaps = [], []
    for element in root if root is not None else ():
        said = {_local(part.tag): (part.text or "").strip() for part in element.iter() if isinstance(part.tag, str)}
        url = said.get("loc", "")
        if not url.startswith(("http://", "https://")):
            continue
        if _local(element.tag) == "sitemap":
            sitemaps.append(url)
        else:
            published = said.get("publication_date")
            fields = {"title": said.get("title"), "publisher": said.get("name"), "published": _day(published)}
            known: dict[str, object] = {name: value for name, value in fields.items() if value}
            entries.append(Entry(url, _moment(said.get("lastmod") or published), known))
    oldest = datetime.min.replace(tzinfo=UTC)
    entries.sort(key=lambda entry: entry.updated or oldest, reverse=True)
    return Listing(tuple(entries), tuple(sitemaps))


def _local(tag: str) -> str:
    """Leave out the namespace; lxml's own QName raises on a tag that is none, as broken XML has it."""
    return tag.rpartition("}")[2].rpartition(":")[2]


def _time(parsed: time.struct_time | None) -> datetime | None:
    try:
        return datetime(*parsed[:6], tzinfo=UTC) if parsed else None
    except (ValueError, TypeError):
        return None


def _moment(written: str | None) -> datetime | None:
    try:
        moment = datetime.fromisoformat(written) if written else None
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment and moment.tzinfo is None else moment


def _day(written: str | None) -> date | None:
    moment = _moment(written)
    return moment.date() if moment else None
