"""The component that finds attributions: quoted and reported ones, put together in the order of the text."""

from __future__ import annotations

import re
from itertools import pairwise

from spacy.language import Language
from spacy.tokens import Doc

from quotes.language import quoted, reported
from quotes.language.marks import Quotation, overlapping, quotations
from quotes.language.paragraphs import paragraphs
from quotes.records import Kind, Quote, Span

FULL_STOP = re.compile(r"[.\s]+$")


def attributions(doc: Doc) -> tuple[Quote, ...]:
    """Find every statement of a document, without its speaker.

    Args:
        doc: a parsed document with ``doc._.paragraphs`` and ``doc._.quotations``.

    Returns:
        Quotes in order of their first words, with kind, spans, source, cue and confidence.
    """
    text: str = doc._.text
    found = []
    spoken: list[Quotation] = []
    taken = set()
    for said in quoted.attributed(doc):
        spoken.extend(said.quotations)
        frame = said.frame
        if frame is not None and frame.verb is not None:
            taken.add(frame.verb)
        spans = tuple(span for quotation in said.quotations for span in quotation.spans)
        found.append(
            Quote(
                kind="direct",
                text=as_read(text, spans),
                spans=spans,
                source=frame.source if frame else (),
                cue=frame.cue if frame else (),
                confidence=round(said.confidence, 2),
            )
        )
    stretches = tuple(span for quotation in spoken for span in quotation.spans)
    for told in reported.reported(doc, frozenset(taken), stretches):
        spans = tuple(_with_whole_quotations(doc, span) for span in told.content)
        if any(_overlap(span, source) for span in spans for source in told.source):
            continue
        if any(True for span in spans for _ in overlapping(stretches, *span)):
            continue
        found.append(
            Quote(
                kind=kind(text, spans, doc._.quotations),
                text=as_read(text, spans),
                spans=spans,
                source=told.source,
                cue=told.cue,
                confidence=told.confidence,
            )
        )
    return tuple(sorted(found, key=lambda quote: quote.spans))


def kind(text: str, spans: tuple[Span, ...], quotations: tuple[Quotation, ...]) -> Kind:
    """Tell whether all, part or none of a content stands between quotation marks."""
    inside = letters = 0
    for span in spans:
        letters += _letters(text, span)
        for quotation in overlapping(quotations, *span):
            for part in overlapping(quotation.spans, *span):
                inside += _letters(text, Span(max(part.start, span.start), min(part.end, span.end)))
    if not inside:
        return "indirect"
    return "direct" if inside == letters else "mixed"


def as_read(text: str, spans: tuple[Span, ...]) -> str:
    """Join the spans of a content: paragraphs by a blank line, parts of one paragraph by an ellipsis."""
    joined = text[spans[0].start : spans[0].end]
    for before, span in pairwise(spans):
        gap = text[before.end : span.start]
        joined += ("\n\n" if "\n" in gap or "\r" in gap else " ... ") + text[span.start : span.end]
    return joined


def _letters(text: str, span: Span) -> int:
    return sum(character.isalnum() for character in text[span.start : span.end])


def _overlap(a: Span, b: Span) -> bool:
    return a.start < b.end and b.start < a.end


def _with_whole_quotations(doc: Doc, span: Span) -> Span:
    """Widen a span that would cut a quotation in two, and leave out the full stop of the writer's own sentence."""
    start, end = span
    for quotation in overlapping(doc._.quotations, start, end):
        if len(quotation.spans) == 1:
            start, end = min(start, quotation.start), max(end, quotation.end)
    cut = FULL_STOP.search(doc._.text, start, end)
    return Span(start, cut.start() if cut else end)


@Language.factory(
    "quote_attribution",
    requires=["token.dep"],
    assigns=["doc._.text", "doc._.paragraphs", "doc._.quotations", "doc._.quotes"],
)
class QuoteAttribution:
    """Sets ``doc._.quotes`` to the statements of the document, each with source, cue and content.

    It also sets what the later components ask for: ``doc._.paragraphs``, ``doc._.quotations`` and ``doc._.text``,
    since spaCy makes ``doc.text`` anew whenever it is asked for.
    """

    def __init__(self, nlp: Language, name: str) -> None:
        for extension in ("paragraphs", "quotations", "quotes"):
            Doc.set_extension(extension, default=(), force=True)
        Doc.set_extension("text", default="", force=True)

    def __call__(self, doc: Doc) -> Doc:
        """Find the attributions of a parsed document."""
        doc._.text = doc.text
        doc._.paragraphs = paragraphs(doc._.text)
        doc._.quotations = quotations(doc._.text, doc._.paragraphs)
        doc._.quotes = attributions(doc)
        return doc
