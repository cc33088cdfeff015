"""How the words of a quote are made from the article's text: one rule for who writes them and who checks them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from quotes.records import Span

APART = " ... "


def as_read(text: str, spans: Sequence[Span]) -> str:
    """Join the spans of a content: paragraphs by a blank line, parts of one paragraph by an ellipsis.

    Args:
        text: the article's text.
        spans: where the content stands in it, in code points.
    """
    joined = text[spans[0].start : spans[0].end]
    for before, span in pairwise(spans):
        gap = text[before.end : span.start]
        joined += ("\n\n" if "\n" in gap or "\r" in gap else APART) + text[span.start : span.end]
    return joined


def is_as_read(words: str, text: str, spans: Sequence[Span], cue: Sequence[Span]) -> bool:
    """Tell whether the words of a quote are those of its place.

    Args:
        words: the quote's words; in front of its content may stand what follows in the article from a word of the cue
            on ("called" before "the plan a disgrace").
        text: the article's text.
        spans: where the content stands in it, in code points.
        cue: where the cue stands.
    """
    content = as_read(text, spans)
    if words == content:
        return True
    start = spans[0].start - (len(words) - len(content))
    led = any(span.start <= start < span.end <= spans[0].start for span in cue)
    return led and words == text[start : spans[0].start] + content


def printed(text: str, spans: Sequence[Span]) -> str | None:
    """Give the words of a source or cue as the article prints them.

    Args:
        text: the article's text.
        spans: where they stand in it, in code points.

    Returns:
        Its parts joined by an ellipsis; None where there is none.
    """
    return APART.join(text[start:end] for start, end in spans) or None
