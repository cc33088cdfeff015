"""PDF: lines are put together to paragraphs again, as far as their lengths tell."""

from __future__ import annotations

import io
import logging
import re
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO

from quotes.errors import ReadError
from quotes.readers.fields import Options, make_article, read_all
from quotes.records import Article, Problem

MAX_PAGES = 1_000
MAX_OPERATIONS = 2_000_000
"""Drawing instructions of all pages together: forms that draw forms can multiply without end."""
FULL = 0.75
"""Share of the longest lines that a line has at least when its paragraph goes on after it."""
ENDS = re.compile(r"[.!?:][\"'”’»)\]]*$")


def read_pdf(stream: BinaryIO, place: str, options: Options) -> Iterator[Article | Problem]:
    """Read a PDF as one article; lines that many pages share at their edges, such as page numbers, are left out.

    Args:
        stream: the file.
        place: its name, for problems.
        options: how to read it.

    Yields:
        The article, or a problem.

    Raises:
        ReadError: it is no PDF, is encrypted, holds no text but pictures of it, or too much of anything.
    """
    from pypdf import PdfReader
    from pypdf.errors import LimitReachedError, PyPdfError

    data = read_all(stream, options)
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # what matters of its warnings becomes a problem here
    deadline = time.monotonic() + options.timeout
    operations = 0

    def watch(*_: Any) -> None:
        nonlocal operations
        operations += 1
        if operations > MAX_OPERATIONS or time.monotonic() > deadline:
            raise _Endless

    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise ReadError("The PDF needs a password.", "Save it without one.")
        if len(reader.pages) > MAX_PAGES:
            raise ReadError(f"The PDF has {len(reader.pages):,} pages.", f"Cut it into parts of {MAX_PAGES:,}.")
        pages = []
        size = 0
        for page in reader.pages:
            pages.append(page.extract_text(visitor_operand_before=watch).splitlines())
            size += sum(map(len, pages[-1]))
            if size > options.max_bytes or time.monotonic() > deadline:
                raise _Endless
        metadata = reader.metadata
        fields = {"title": metadata and metadata.title, "author": metadata and metadata.author}
    except (_Endless, LimitReachedError) as error:
        raise ReadError("Reading the PDF takes too much time or memory.", "Check where it comes from.") from error
    # pypdf lets the errors of broken structures through as what they are.
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, OSError, RecursionError) as error:
        raise ReadError(f"It is no PDF that can be read ({error}).", "Print it to a PDF anew.") from error
    except (ZeroDivisionError, NotImplementedError, AssertionError, OverflowError) as error:
        raise ReadError(f"It is no PDF that can be read ({error}).", "Print it to a PDF anew.") from error
    text = "\n\n".join(_paragraphs(_without_edges(pages)))
    if not text:
        raise ReadError(
            "The PDF holds no text, perhaps pictures of it.", "Run it through text recognition (OCR) first."
        )
    known = {name: value for name, value in fields.items() if isinstance(value, str) and value.strip()}
    if known.get("title", "").startswith("Microsoft Word - "):
        del known["title"]
    renamed = {options.columns.get(name, name): value for name, value in known.items()}
    yield from make_article(text, renamed, place, options, data)


class _Endless(Exception):
    """A PDF asks for more work than any article needs."""


def _without_edges(pages: Sequence[Sequence[str]]) -> list[str]:
    """Leave out the first and last line of pages where most pages have the same there, but for its numbers."""
    kept = [[line.strip() for line in page] for page in pages]
    kept = [[line for line in page if line] or [""] for page in kept]
    for edge in (0, -1):
        shapes = Counter(re.sub(r"\d+", "#", page[edge]) for page in kept if page[edge])
        for page in kept:
            shape = re.sub(r"\d+", "#", page[edge])
            if len(page) > 1 and (shape == "#" or (shapes[shape] > 2 and shapes[shape] > len(pages) / 2)):
                del page[edge]
    return [line for page in kept for line in page if line]


def _paragraphs(lines: Sequence[str]) -> Iterator[str]:
    """Join lines; a paragraph ends with a short line, unless that ends with a letter and is not very short."""
    lengths = sorted(map(len, lines))
    full = FULL * lengths[int(len(lengths) * 0.9)] if lengths else 0
    words = set(re.findall(r"\w+-\w+", " ".join(lines)))
    paragraph = ""
    for line in lines:
        if not paragraph:
            paragraph = line
        elif paragraph.endswith("-") and line[:1].islower():
            first, second = re.search(r"\w*-$", paragraph), re.match(r"\w*", line)
            compound = (first[0] if first else "") + (second[0] if second else "")
            paragraph = (paragraph if compound in words else paragraph[:-1]) + line
        else:
            paragraph = f"{paragraph} {line}"
        if (
            len(line) < full
            and line[-1:] not in "-,;"
            and (ENDS.search(line) or not line[-1:].isalpha() or len(line) < full / 2)
        ):
            yield paragraph
            paragraph = ""
    if paragraph:
        yield paragraph
