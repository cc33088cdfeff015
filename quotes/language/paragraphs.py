"""Where paragraphs begin and end: quotations may run over them, sentences may not."""

from __future__ import annotations

import re
from itertools import pairwise

from spacy.language import Language
from spacy.tokens import Doc

from quotes.records import Span

BLANK_LINE = re.compile(r"(?:\r?\n|\r)[^\S\r\n]*(?:\r?\n|\r)")
LINE_BREAK = re.compile(r"[\r\n\u2028\u2029]+")
BLANK_LINES = re.compile(r"(?:[^\S\r\n]*(?:\r?\n|\r)){2,}")
WRAPPED_WIDTH = 100
LONG, LONGEST = 200, 400


def paragraphs(text: str) -> tuple[Span, ...]:
    """Find the paragraphs of a text.

    Each line is a paragraph, unless the text is hard-wrapped (blank lines between paragraphs, several lines
    in a row, none longer than 100 characters); then only blank lines separate. A single break in the middle of a
    sentence, between a letter or comma and a small letter, separates nothing.

    Args:
        text: an article's text.

    Returns:
        The paragraphs in order, white space at their ends left out; offsets are code points.
    """
    found = []
    start = 0
    pattern = BLANK_LINES if _hard_wrapped(text) else LINE_BREAK
    breaks = [(m.start(), m.end()) for m in pattern.finditer(text) if not _inside_sentence(text, *m.span())]
    for end, following in [*breaks, (len(text), len(text))]:
        line = text[start:end]
        if line.strip():
            left = start + len(line) - len(line.lstrip())
            found.append(Span(left, start + len(line.rstrip())))
        start = following
    return tuple(found)


def _inside_sentence(text: str, start: int, end: int) -> bool:
    single = text[start:end].strip("\r") in ("\n", "") and start > 0
    return single and (text[start - 1].isalnum() or text[start - 1] == ",") and text[end : end + 1].islower()


def _hard_wrapped(text: str) -> bool:
    if not BLANK_LINE.search(text):
        return False
    lines = text.splitlines()
    if max(map(len, lines)) > WRAPPED_WIDTH:
        return False
    wrapped = sum(bool(a.strip() and b[:1].islower()) for a, b in pairwise(lines))
    return wrapped > 0


@Language.factory("paragraph_starts", assigns=["token.is_sent_start"])
class ParagraphStarts:
    """Begins a sentence at each paragraph; stands before the parser, which then obeys.

    A paragraph of more than 200 tokens is also cut after a full stop, at the latest after 400 tokens, so that the
    time a sentence takes is bounded whatever the text.
    """

    def __init__(self, nlp: Language, name: str) -> None:
        pass

    def __call__(self, doc: Doc) -> Doc:
        """Mark the first token of each paragraph as the start of a sentence."""
        starts = {paragraph.start for paragraph in paragraphs(doc.text)}
        last = 0
        for token in doc:
            length = token.i - last
            ended = length >= LONG and doc[token.i - 1].text in (".", "!", "?") and token.text[0].isupper()
            if token.idx in starts or ended or length >= LONGEST:
                token.is_sent_start = True
                last = token.i
        return doc
