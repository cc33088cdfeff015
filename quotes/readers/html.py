"""Pages: trafilatura finds what belongs to the article and what is known about it; paragraphs stay paragraphs.

The headline is the title, not part of the text. Blockquotes, headings, list items and rows of tables are paragraphs of
their own. Captions of pictures stand after the text, so that none comes between the paragraphs of a quotation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, BinaryIO
from urllib.parse import urlsplit

from quotes.errors import ReadError
from quotes.readers.fields import Options, make_article, read_all
from quotes.readers.text import decode, decode_as, detect
from quotes.records import Article, Problem

CHARSET = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
BLOCKS = frozenset(("p", "head", "quote", "item", "row", "list", "table"))
LEFT_OUT = frozenset(("aside", "nav", "footer", "form", "template", "noscript", "script", "style"))
MAX_DEPTH = 200
FEWEST_WORDS = 4
"""Words of the longest paragraph that an article has at least; menus have fewer."""


def read_html(stream: BinaryIO, place: str, options: Options) -> Iterator[Article | Problem]:
    """Read a page that lies in a file as one article.

    Args:
        stream: the file.
        place: its name, for problems.
        options: how to read it.

    Yields:
        The article, or a problem where the page holds none.

    Raises:
        ReadError: it is no text, or too large.
    """
    yield from read_page(read_all(stream, options), place, options)


def read_page(
    data: bytes,
    place: str,
    options: Options,
    url: str | None = None,
    charset: str | None = None,
    fallback: dict[str, object] | None = None,
) -> Iterator[Article | Problem]:
    """Read a page as one article.

    Args:
        data: its bytes.
        place: the file or address, for problems.
        options: how to read it.
        url: the address it was fetched from; a page cannot claim to belong to another host.
        charset: the encoding that its server names.
        fallback: what is known about it from elsewhere, for what it does not tell itself.

    Yields:
        The article, or a problem where the page holds none.

    Raises:
        ReadError: it is no text.
    """
    from trafilatura import bare_extraction
    from trafilatura.utils import load_html

    tree = load_html(decode_page(data, charset))
    if tree is None:
        raise ReadError("It is no HTML.", "Check the file, or leave it out.")
    if _depth(tree) > MAX_DEPTH:
        raise ReadError(f"Its elements are nested more than {MAX_DEPTH} deep.", "Check where it comes from.")
    captions = _captions(tree)
    # Only what the page says about itself counts as its day, not any date that stands somewhere on it.
    dates = {
        "original_date": True,
        "extensive_search": False,
        "max_date": (date.today() + timedelta(days=1)).isoformat(),
        "outputformat": "%Y-%m-%d",
    }
    found: Any = bare_extraction(
        tree, url=url, with_metadata=True, include_comments=False, date_extraction_params=dates
    )
    paragraphs = list(_paragraphs(found.body)) if found is not None else []
    if paragraphs[1:] and paragraphs[0] == found.title:
        del paragraphs[0]
    if max((len(paragraph.split()) for paragraph in paragraphs), default=0) < FEWEST_WORDS:
        yield Problem(
            place, "The page holds no article.", "Check whether it needs a login or a browser, or leave it out."
        )
        return
    known = set(paragraphs)
    text = "\n\n".join([*paragraphs, *(caption for caption in captions if caption not in known)])
    fields: dict[str, object] = dict(fallback or {})
    own = {
        "title": found.title,
        "author": found.author,
        "published": found.date,
        # Where the page does not name its publisher, trafilatura names the host.
        "publisher": found.sitename if "publisher" not in fields or " " in (found.sitename or "") else None,
        "url": _address(found.url, url),
    }
    fields |= {name: value for name, value in own.items() if value}
    # The names are ours, whatever the user maps the columns of tables to.
    renamed = {options.columns.get(name, name): value for name, value in fields.items()}
    yield from make_article(text, renamed, place, options, data)


def decode_page(data: bytes, charset: str | None = None) -> str:
    """Turn the bytes of a page into text: by its byte-order mark, its server's word, its own, else by detection.

    Args:
        data: the bytes.
        charset: the encoding that its server names.

    Returns:
        The text; what the named encoding cannot read becomes U+FFFD.

    Raises:
        ReadError: the bytes are no text.
    """
    own = CHARSET.search(data[:4096])
    for name in (charset, own and own[1].decode("ascii", "replace")):
        # HTML calls Windows' encoding by the names of its smaller brothers.
        name = "cp1252" if name and name.lower() in ("iso-8859-1", "latin1", "latin-1", "us-ascii", "ascii") else name
        if name and not data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
            try:
                return decode_as(data, name)
            except (LookupError, ValueError):
                continue
    return decode(data) if detect(data) != "utf-8" else data.decode("utf8", "replace")


def _address(own: str | None, fetched: str | None) -> str | None:
    if fetched is None or (own and urlsplit(own).hostname == urlsplit(fetched).hostname):
        return own
    return fetched


def _paragraphs(body: Any) -> Iterator[str]:
    """Go through trafilatura's elements; each block is a paragraph, as is what two breaks separate."""
    parts: list[str] = []

    def flush() -> Iterator[str]:
        for paragraph in re.split(r"\n[ \t]*\n\s*", "".join(parts)):
            lines = [" ".join(line.split()) for line in paragraph.split("\n")]
            if whole := "\n".join(line for line in lines if line):
                yield whole
        parts.clear()

    def walk(element: Any) -> Iterator[str]:
        block = element.tag in BLOCKS
        if block:
            yield from flush()
        elif element.tag == "lb":
            parts.append("\n")
        parts.append(_one_line(element.text))
        for child in element:
            yield from walk(child)
            if element.tag == "row":
                parts.append(" ")
            parts.append(_one_line(child.tail))
        if block:
            yield from flush()

    yield from walk(body)
    yield from flush()


def _one_line(text: str | None) -> str:
    return re.sub(r"\s+", " ", text or "")


def _captions(tree: Any) -> list[str]:
    """Find the captions of the article's own pictures: inside its element, where it has one, and not beside it."""
    homes = tree.xpath("//article | //main | //*[@role='main']")
    captions: dict[str, None] = {}
    for home in [homes[0]] if homes else [tree]:
        for caption in home.iter("figcaption"):
            if not any(parent.tag in LEFT_OUT for parent in caption.iterancestors()):
                words = " ".join("".join(caption.itertext()).split())
                if words:
                    captions[words] = None
    return list(captions)


def _depth(tree: Any) -> int:
    """Measure how deep elements are nested, without recursion."""
    deepest, level = 0, [tree]
    while level:
        deepest += 1
        if deepest > MAX_DEPTH:
            break
        level = [child for element in level for child in element]
    return deepest
