"""Plain text, and how bytes become text, whatever their encoding."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import BinaryIO

from quotes.errors import ReadError
from quotes.readers.fields import Options, make_article, read_all
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
NO_TEXT = frozenset(("idna", "punycode", "unicode_escape", "raw-unicode-escape", "unicode-escape"))
"""What Python calls encodings, and no page or mail is written in; the first two take quadratic time."""
CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def read_text(stream: BinaryIO, place: str, options: Options) -> Iterator[Article | Problem]:
    """Read a plain text as one article.

    Args:
        stream: the file.
        place: its name, for problems.
        options: how to read it.

    Yields:
        The article, or a problem.

    Raises:
        ReadError: it is no text, or too large.
    """
    data = read_all(stream, options)
    yield from make_article(decode(data), {}, place, options, data)


def decode(data: bytes) -> str:
    r"""Turn bytes into text, without any other change: a ``\r\n`` stays one.

    Where most of what is not ASCII is UTF-8, the few bytes that are not become U+FFFD.

    Args:
        data: the bytes.

    Returns:
        The text.

    Raises:
        ReadError: the bytes are no text.
    """
    encoding = detect(data)
    try:
        return data.decode(encoding, "replace" if encoding == "utf-8" else "strict")
    except UnicodeDecodeError as error:
        raise ReadError(f"It is not the {encoding} that it begins as.", "Save it as UTF-8.") from error


def decode_as(data: bytes, encoding: str) -> str:
    """Turn bytes into text by an encoding that somebody else names.

    Raises:
        LookupError: there is no such encoding of texts.
        ValueError: the bytes are not of it.
    """
    if codecs.lookup(encoding).name in NO_TEXT:
        raise LookupError(encoding)
    return data.decode(encoding)


def detect(data: bytes) -> str:
    """Find the encoding of bytes.

    A byte-order mark decides; else it is UTF-8, even with a few broken bytes, else what charset-normalizer says of the
    western encodings.

    Args:
        data: a text, or its beginning up to the end of a line.

    Returns:
        The name of the encoding, for Python; one that drops the byte-order mark where there is one.

    Raises:
        ReadError: the bytes are no text.
    """
    for mark, encoding in MARKS.items():
        if data.startswith(mark):
            return encoding
    if b"\0" in data or looks_binary(data):
        raise _binary()
    try:
        data.decode("utf8")
        return "utf-8"
    except UnicodeDecodeError:
        text = data.decode("utf8", "replace")
    broken = text.count("\ufffd")
    if broken < sum(1 for character in text if character > "\x7f") - broken:
        return "utf-8"
    from charset_normalizer import from_bytes

    best = from_bytes(data, cp_isolation=WESTERN).best()
    if best is None:
        raise _binary()
    return best.encoding


def looks_binary(data: bytes) -> bool:
    """Tell whether more than one in twenty of the first bytes are control characters: of random bytes, two are."""
    head = data[:8192].decode("latin-1")
    return len(CONTROL.findall(head)) * 20 > len(head)


def _binary() -> ReadError:
    return ReadError("It is a binary file, not text.", "Save the article as plain text (.txt), or leave it out.")
