"""What is fuzzed: every reader and extraction, with seeds, and what must hold whatever comes in."""

from __future__ import annotations

import gzip
import io
import time
import zipfile
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import PurePath

import documents
import pyarrow
import pyarrow.parquet
from protego import Protego

from quotes.errors import ReadError
from quotes.readers import Options
from quotes.readers.feeds import kind_of, read_feed, read_sitemap
from quotes.readers.files import READERS, read_stream, read_unnamed
from quotes.records import Article, Problem, Quote
from quotes.settings import Settings, shipped

OPTIONS = Options(max_bytes=2**20, timeout=5.0)
STANDARD_INPUT = ".stdin"
SLOW = 10.0
"""Seconds of the processor that no input of the fuzzers may take; they make a few thousand bytes."""

TEXT = "\n\n".join(documents.PARAGRAPHS)
FEED = (
    '<?xml version="1.0"?><rss version="2.0"><channel><title>The Courier</title><item><title>Levy</title>'
    "<link>https://courier.example/a</link><pubDate>Fri, 12 Mar 2021 08:00:00 GMT</pubDate></item></channel></rss>"
)
ATOM = (
    '<feed xmlns="http://www.w3.org/2005/Atom"><title>The Courier</title><entry><title>Levy</title>'
    '<link href="https://courier.example/a"/><updated>2021-03-12T08:00:00Z</updated></entry></feed>'
)
SITEMAP = (
    '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>https://courier.example/a</loc>'
    "<lastmod>2021-03-12</lastmod></url></urlset>"
)
ROBOTS = "User-agent: *\nDisallow: /private*\nAllow: /$\nCrawl-delay: 0.5\nSitemap: https://courier.example/s.xml\n"


def _zipped(files: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return file.getvalue()


def _parquet() -> bytes:
    file = io.BytesIO()
    table = pyarrow.table({"id": ["a", "b"], "text": documents.PARAGRAPHS[:2], "published": ["2021-03-12", None]})
    pyarrow.parquet.write_table(table, file)
    return file.getvalue()


@cache
def seeds() -> dict[str, bytes]:
    """A document of each kind, by the suffix that names its reader; feeds and robots.txt have suffixes of their own."""
    lines = b'{"id": "a", "text": "One.", "date": "2021-03-12"}\n{"id": "b", "text": "Two.", "author": ["X", "Y"]}\n'
    known = {
        ".txt": TEXT.encode(),
        ".md": f"---\ntitle: Levy\npublished: 2021-03-12\nauthor: Anselm Pike\n---\n{TEXT}".encode(),
        ".html": documents.PAGE.encode(),
        ".pdf": documents.pdf([["A line of a PDF,", "and one more."], ["The second page."]], "Levy"),
        ".docx": documents.word([("Title", "Levy"), ("Normal", documents.PARAGRAPHS[0])]),
        ".eml": documents.mail("A text.", documents.PAGE, "a.pdf"),
        ".json": b'[{"text": "One.", "id": 1}, {"text": "Two."}]',
        ".jsonl": lines,
        ".csv": 'id,text,published\na,“One,” she said.,2021-03-12\nb,"Two; three.\nFour.",\n'.encode(),
        ".parquet": _parquet(),
        ".zip": _zipped({"a.txt": TEXT.encode(), "b/c.jsonl": lines, "d.html": documents.PAGE.encode()}),
        ".txt.gz": gzip.compress(TEXT.encode()),
        ".jsonl.zst": pyarrow.Codec("zstd").compress(lines).to_pybytes(),
        ".xml": FEED.encode(),
        ".atom": ATOM.encode(),
        ".sitemap": SITEMAP.encode(),
        ".robots": ROBOTS.encode(),
        STANDARD_INPUT: b"id,text\na,One.\n",
    }
    assert {suffix for suffix in READERS if suffix not in (".htm", ".ndjson", ".tsv")} <= known.keys()
    return known


KINDS = tuple(sorted(seeds()))


def read_any(kind: str, data: bytes) -> list[Article | Problem]:
    """Read data as a kind of document, and see that only what may happen does.

    Raises:
        AssertionError: something was given that no reader may give, or it took too long.
        Exception: whatever a reader let through.
    """
    before = time.process_time()
    found: list[Article | Problem] = []
    if kind == ".robots":
        rules = Protego.parse(data.decode("utf8", "replace"))
        rules.can_fetch("https://courier.example/private/a?b=c", OPTIONS.user_agent)
        rules.crawl_delay(OPTIONS.user_agent)
    elif kind in (".xml", ".atom", ".sitemap"):
        kind_of(data)
        for read in (read_feed, read_sitemap):
            with suppress(ReadError):
                listing = read(data)
                assert all(entry.url.startswith(("http://", "https://")) for entry in listing.entries)
    else:
        stream = io.BytesIO(data)
        unnamed = kind == STANDARD_INPUT
        items = read_unnamed(stream, OPTIONS) if unnamed else read_stream(stream, PurePath(f"a{kind}"), "a", OPTIONS)
        try:
            for item in items:
                found.append(item)
                _check(item)
        except ReadError as error:
            found.append(Problem("a", error.problem, error.advice))
            _check(found[-1])
    spent = time.process_time() - before
    assert spent < SLOW, f"{spent:.1f} seconds for {len(data)} bytes"
    return found


def _check(item: Article | Problem) -> None:
    if isinstance(item, Problem):
        assert item.problem
        assert item.advice
        (item.source + item.problem + item.advice).encode()  # it must fit into the database
        return
    assert item.text.strip()
    for value in (item.id, item.text, item.title, item.url, item.publisher, item.author, item.language):
        assert value is None or value.encode() is not None


@cache
def pipeline() -> Callable[[str], tuple[Quote, ...]]:
    """Load the pipeline, and give what finds the quotes of a text."""
    from quotes.language import load_pipeline, read_quotes

    nlp = load_pipeline(Settings())

    def find(text: str) -> tuple[Quote, ...]:
        ((_, quotes),) = read_quotes(nlp, [Article("a", text)])
        return quotes

    return find


def extract_any(text: str) -> tuple[Quote, ...]:
    """Find the quotes of any text, and see that each leads back to its words.

    Raises:
        AssertionError: a span does not, or it took too long.
        Exception: whatever the pipeline let through.
    """
    before = time.process_time()
    quotes = pipeline()(text)
    for quote in quotes:
        assert quote.spans
        assert 0 <= quote.confidence <= 1
        for span in (*quote.spans, *quote.source, *quote.cue, *(one for s in quote.stances for one in s.evidence)):
            assert 0 <= span.start < span.end <= len(text)
            assert text[span.start : span.end].strip()
        assert all(text[span.start : span.end] in quote.text for span in quote.spans)
    spent = time.process_time() - before
    assert spent < SLOW + len(text) / 500, f"{spent:.1f} seconds for {len(text)} characters"
    return quotes


def texts() -> list[bytes]:
    """Seeds for extraction: the sample articles, a paragraph each."""
    found = [file.read_text(encoding="utf8") for file in sorted(shipped("sample").rglob("*.md"))]
    paragraphs = [paragraph for text in found for paragraph in text.split("\n\n") if 80 < len(paragraph) < 600]
    return [paragraph.encode() for paragraph in paragraphs[:40]] + [TEXT.encode()]
