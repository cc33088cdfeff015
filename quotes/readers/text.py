"""Plain text, and how bytes become text, whatever their encoding."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

from quotes.errors import ReadError
from quotes.readers.fields import Metadata, make_article
from quotes.records import Article, Problem

WESTERN = ["cp1252", "mac_roman"]
"""The encodings of English text that is not in Unicode. Among all encodings of the world, charset-normalizer takes
the few accents of an English article for Polish or worse, and its quotation marks for something else."""

MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def read_text(data: bytes, place: str, metadata: Metadata | None = None) -> Iterator[Article | Problem]:
    """Read a plain text as one article.

    Args:
        data: the bytes of the file.
        place: the file, for problems.
        metadata: what the user says about the article.

    Yields:
        The article, or a problem.

    Raises:
        ReadError: it is no text.
    """
    yield from make_article(decode(data), {}, place, metadata)


def decode(data: bytes) -> str:
    r"""Turn bytes into text, without any other change: a ``\r\n`` stays one.

    A byte-order mark decides and is dropped; else it is UTF-8, else what charset-normalizer says of the western
    encodings. Where most of what is not ASCII is UTF-8, the few bytes that are not become U+FFFD.

    Args:
        data: the bytes.

    Returns:
        The text.

    Raises:
        ReadError: the bytes are no text.
    """
    for mark, encoding in MARKS.items():
        if data.startswith(mark):
            return _decode(data, encoding)
    if b"\0" in data or looks_binary(data):
        raise _binary()
    try:
        return data.decode("utf8")
    except UnicodeDecodeError:
        text = data.decode("utf8", "replace")
    broken = text.count("\ufffd")
    if broken < sum(1 for character in text if character > "\x7f") - broken:
        return text
    from charset_normalizer import from_bytes

    best = from_bytes(data, cp_isolation=WESTERN).best()
    if best is None:
        raise _binary()
    return _decode(data, best.encoding)


def looks_binary(data: bytes) -> bool:
    """Tell whether more than one in twenty of the first bytes are control characters: of random bytes, two are."""
    head = data[:8192].decode("latin-1")
    return len(CONTROL.findall(head)) * 20 > len(head)


def _decode(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise ReadError(f"It is not the {encoding} that it begins as.", "Save it as UTF-8.") from error


def _binary() -> ReadError:
    return ReadError("It is a binary file, not text.", "Save the article as plain text (.txt), or leave it out.")
