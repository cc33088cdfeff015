"""Mails, such as newsletters and press releases: one article each."""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Iterator
from email.message import EmailMessage, MIMEPart
from email.utils import parsedate_to_datetime
from typing import BinaryIO

from quotes.errors import ReadError
from quotes.readers.fields import Options, make_article, read_all
from quotes.readers.html import read_page
from quotes.readers.text import decode, decode_as
from quotes.records import Article, Problem

HEADER = re.compile(
    rb"^(?:from|subject|date|message-id|content-[\w-]+):[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*", re.IGNORECASE | re.MULTILINE
)
"""The headers that are looked into."""
LONGEST_HEADER = 10_000
"""Bytes of such a header: the standard library takes a time quadratic in them, four seconds for 100,000."""


def read_eml(stream: BinaryIO, place: str, options: Options) -> Iterator[Article | Problem]:
    """Read a mail as one article: its text or, where it has none, its HTML; attachments are reported, not read.

    Args:
        stream: the file.
        place: its name, for problems.
        options: how to read it.

    Yields:
        The article, and a problem for each attachment; or only a problem.

    Raises:
        ReadError: it is no mail, or too large.
    """
    data = read_all(stream, options)
    for header in HEADER.finditer(data):
        if len(header[0]) > LONGEST_HEADER:
            raise ReadError(f"A header of the mail has {len(header[0]):,} bytes.", "Check where it comes from.")
    try:
        message = email.message_from_bytes(data, policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        fields = _fields(message)
        body = message.get_body(("plain", "html"))
        if body is not None and body.get_content_type() == "text/plain" and not _payload(body).strip():
            body = message.get_body(("html",))
        attachments = [part.get_filename() or part.get_content_type() for part in message.iter_attachments()]
        content = body.get_payload(decode=True) if body is not None else None
        charset = body.get_content_charset() if body is not None else None
        kind = body.get_content_type() if body is not None else None
    # The standard library's parser of mails lets all of these through on malformed headers.
    except (
        ValueError,
        LookupError,
        TypeError,
        AttributeError,
        ArithmeticError,
        AssertionError,
        RecursionError,
    ) as error:
        raise ReadError(
            f"It is no mail ({type(error).__name__}: {error}).", "Check the file, or leave it out."
        ) from error
    if not isinstance(content, bytes) or not (message["from"] or message["subject"] or message["date"]):
        raise ReadError("It is no mail with a text.", "Check the file, or leave it out.")
    if kind == "text/html":
        yield from read_page(content, place, options, charset=charset, fallback=fields)
    else:
        renamed = {options.columns.get(name, name): value for name, value in fields.items()}
        yield from make_article(_text(content, charset), renamed, place, options, data)
    for name in attachments:
        yield Problem(place, f"Its attachment {name} was not read.", "Save it as a file and ingest that, if needed.")


def _fields(message: EmailMessage) -> dict[str, object]:
    sender = message["from"]
    addresses = sender.addresses if sender is not None else ()
    sent = parsedate_to_datetime(str(message["date"])).date() if message["date"] else None
    number = str(message["message-id"] or "").strip().strip("<>")
    return {
        "id": number or None,
        "title": str(message["subject"]) if message["subject"] else None,
        "author": addresses[0].display_name or addresses[0].addr_spec if addresses else None,
        "published": sent,
    }


def _payload(body: MIMEPart) -> bytes:
    content = body.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _text(content: bytes, charset: str | None) -> str:
    if charset:
        try:
            return decode_as(content, charset)
        except (LookupError, ValueError):
            pass
    return decode(content)
