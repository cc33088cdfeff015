"""Articles from addresses: pages, and the pages that feeds and sitemaps list."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlsplit

from quotes.errors import ReadError
from quotes.readers.feeds import Entry, Listing, kind_of, read_feed, read_sitemap
from quotes.readers.fetching import Answer, Fetcher
from quotes.readers.fields import Options, clean
from quotes.readers.html import read_page
from quotes.readers.packed import unpack
from quotes.readers.pdf import read_pdf
from quotes.readers.text import read_text
from quotes.records import Article, Fetch, Problem

MAX_SITEMAPS = 50
HTML = frozenset(("text/html", "application/xhtml+xml"))

Found = tuple[str, Article | Problem | Fetch]


def read_address(url: str, options: Options, fetcher: Fetcher) -> Iterator[Found]:
    """Read the article at an address, or the articles that a feed or sitemap there lists.

    A listed article is fetched when it was not before, or when the listing says that it changed since.

    Args:
        url: of http or https.
        options: how to read.
        fetcher: fetches, within its limits.

    Yields:
        Pairs of an address and an article, a problem, or what is to be remembered: the latter only after all that was
        found there, and not where something there could not be fetched, so that it is tried again the next time.
    """
    known = options.known([url]).get(url)
    if known and options.since and known.fetched_at >= options.since:
        yield clean(url), replace(known, changed=False)
        return
    try:
        answer = fetcher.fetch(url, known)
        if answer.data is None:
            assert known is not None
            yield clean(url), replace(known, fetched_at=answer.fetched_at, changed=False)
            return
        if kind_of(_unpacked(answer, options)) is None:
            yield from _read_answer(url, answer, Entry(url), options)
            return
        complete = True
        for place, item in _read_listing(url, answer, options, fetcher):
            complete = complete and not isinstance(item, Problem)
            yield place, item
        if complete:
            yield clean(url), Fetch(url, answer.fetched_at, answer.etag, answer.last_modified)
    except ReadError as error:
        yield clean(url), Problem(clean(url), error.problem, error.advice)


def _read_listing(url: str, answer: Answer, options: Options, fetcher: Fetcher) -> Iterator[Found]:
    """Read what a feed or sitemap lists, but not more articles than allowed."""
    listing = _listed(answer, options)
    entries = list(listing.entries)
    for sitemap in listing.sitemaps[:MAX_SITEMAPS]:
        if len(entries) >= options.max_entries:
            break
        try:
            part = fetcher.fetch(sitemap)
            entries += _listed(part, options).entries
        except ReadError as error:
            yield clean(sitemap), Problem(clean(sitemap), error.problem, error.advice)
    if len(entries) > options.max_entries:
        yield (
            clean(url),
            Problem(
                clean(url),
                f"It lists {len(entries):,} articles or more, of which the first {options.max_entries:,} are read.",
                "Raise max_entries in quotes.toml, or name the sitemap of a single month.",
            ),
        )
        entries = entries[: options.max_entries]
    known = options.known([entry.url for entry in entries])
    for entry in {entry.url: entry for entry in entries}.values():
        before = known.get(entry.url)
        seen = before and options.since and before.fetched_at >= options.since
        if before and (seen or entry.updated is None or entry.updated <= before.fetched_at):
            yield clean(entry.url), replace(before, changed=False)
            continue
        try:
            page = fetcher.fetch(entry.url, before)
            if page.data is None and before:
                yield clean(entry.url), replace(before, fetched_at=page.fetched_at, changed=False)
            else:
                yield from _read_answer(entry.url, page, entry, options)
        except ReadError as error:
            yield clean(entry.url), Problem(clean(entry.url), error.problem, error.advice)


def _listed(answer: Answer, options: Options) -> Listing:
    data = _unpacked(answer, options)
    match kind_of(data):
        case "feed":
            return read_feed(data)
        case "sitemap":
            return read_sitemap(data)
    raise ReadError("It is neither a feed nor a sitemap.", "Check the address in a browser.")


def _read_answer(url: str, answer: Answer, entry: Entry, options: Options) -> Iterator[Found]:
    """Read what a server sent as one article, and remember the fetch after it."""
    place = clean(url)
    data = answer.data or b""
    # Nothing on a page, nor its name in the columns of a table, may say which article it is.
    options = replace(options, columns={})
    if answer.media_type in HTML or (not answer.media_type and data.lstrip()[:1] == b"<"):
        found = read_page(data, place, options, answer.url, answer.charset, {"url": answer.url, **entry.fields})
    elif answer.media_type == "application/pdf" or data.startswith(b"%PDF-"):
        found = read_pdf(io.BytesIO(data), place, _addressed(options, answer.url))
    elif answer.media_type in ("text/plain", "text/markdown"):
        found = read_text(io.BytesIO(data), place, _addressed(options, answer.url))
    else:
        raise ReadError(
            f"The server sends {answer.media_type or 'something without a type'}, not an article.",
            "Name the address of a page, a PDF, a feed or a sitemap.",
        )
    article_id = None
    for item in found:
        if isinstance(item, Article):
            article_id = item.id
            item = replace(item, fetched_at=answer.fetched_at)
        yield place, item
    yield place, Fetch(url, answer.fetched_at, answer.etag, answer.last_modified, article_id)


def _addressed(options: Options, url: str) -> Options:
    metadata = options.metadata
    return replace(options, metadata=replace(metadata, url=metadata.url or url))


def _unpacked(answer: Answer, options: Options) -> bytes:
    data = answer.data or b""
    if data.startswith(b"\x1f\x8b") and urlsplit(answer.url).path.endswith(".gz"):
        return unpack(io.BytesIO(data), ".gz", options.max_bytes).read(options.max_bytes + 1)
    return data
