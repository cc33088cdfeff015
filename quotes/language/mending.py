"""What the model's attributions need before they become quotes: plain rules where words would land in a wrong mouth."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace

from spacy.tokens import Doc, Token

from quotes.language import cues, grammar
from quotes.language.attribution_decoding import Attribution
from quotes.language.marks import overlapping
from quotes.records import Span

UNATTRIBUTED, LABELLED = 0.3, 0.8
# Below this confidence an attribution to nobody is more often none.
UNLIKELY = 0.38
# "Q: ...", "ADA VELL: ...", "Ada Vell: ..." at the start of a paragraph.
LABEL = re.compile(r"(?P<who>[QA]|[A-Z][\w.’'-]*(?: [A-Z][\w.’'-]*){0,3})(?P<cue>:)\s+(?=\S)")
ENOUGH_LABELS = 2
JOINING = " \t\r\n\u00a0,;:–—-"


def mend(doc: Doc, found: Sequence[Attribution]) -> list[Attribution]:
    """Mend the attributions of a document.

    Args:
        doc: a document with ``doc._.text``, ``doc._.paragraphs``, ``doc._.quotations``, tags and lemmas.
        found: what the model found.

    Returns:
        Attributions in the order of their contents: those found, with cues that end before "to have ...", sources that
        are the cue's own, contents that stand with their cue, answers in an exchange taken from who merely spoke
        before, and a transcript's paragraphs.
    """
    told = [_neat(doc, attribution) for attribution in found if not _is_unspoken(doc, attribution)]
    told = [_short_source(doc, _own_source(doc, _short_cue(doc, attribution))) for attribution in told]
    told = [_one_of_many(doc, _at_home(doc, attribution)) for attribution in told]
    mended = [part for attribution in told for part in _without_answers(doc, attribution)]
    mended += _transcript(doc, mended)
    return sorted(mended, key=lambda attribution: attribution.content)


def _neat(doc: Doc, found: Attribution) -> Attribution:
    """Let spans end at words and quotation marks, not at the comma or colon that joins them to the sentence."""
    return replace(
        found,
        source=tuple(_trimmed(doc, span) for span in found.source),
        cue=tuple(_trimmed(doc, span) for span in found.cue),
        content=tuple(_to_the_marks(doc, _trimmed(doc, span)) for span in found.content),
    )


def _trimmed(doc: Doc, span: Span) -> Span:
    words = doc._.text[span.start : span.end]
    kept = words.rstrip(JOINING)
    return Span(span.start, span.start + len(kept)) if kept else span


def _to_the_marks(doc: Doc, span: Span) -> Span:
    """Widen a content to the ends of a quotation where only marks and stops lie between."""
    start, end = span
    for quotation in overlapping(doc._.quotations, start, end):
        for part in overlapping(quotation.spans, start, end):
            if not any(map(str.isalnum, doc._.text[end : part.end])):
                end = max(end, part.end)
            if not any(map(str.isalnum, doc._.text[part.start : start])):
                start = min(start, part.start)
    return Span(start, end)


def _is_unspoken(doc: Doc, found: Attribution) -> bool:
    """Tell whether nobody says it: nobody is named, and it is unlikely, or an infinitive ("to answer claims of")."""
    first = next((token for cue in found.cue for token in grammar.between(doc, *cue)), None)
    return not found.source and (found.confidence < UNLIKELY or (first is not None and first.tag_ == "TO"))


def _short_cue(doc: Doc, found: Attribution) -> Attribution:
    """Give "to have ordered" in "claims to have ordered his army ..." back to what is claimed."""
    if len(found.cue) != 1:
        return found
    tokens = list(grammar.between(doc, *found.cue[0]))
    at = next((place for place, token in enumerate(tokens) if token.lower_ == "to" and token.tag_ == "TO"), 0)
    reports = any(token.lemma_.lower() in cues.SPEECH for token in tokens[:at])
    told = any(token.lemma_.lower() in cues.UTTERING for token in tokens[at + 1 :])
    follows = found.content[0].start - found.cue[0].end in (0, 1)
    if not at or not reports or told or not follows or tokens[-1] is tokens[at]:
        return found
    first, *others = found.content
    return replace(
        found,
        cue=(grammar.span_of(doc, tokens[0].i, tokens[at - 1].i),),
        content=(Span(tokens[at].idx, first.end), *others),
    )


def _own_source(doc: Doc, found: Attribution) -> Attribution:
    """Give a cue its own subject where the model has found nobody, or has taken somebody from a later sentence."""
    verb = next((token for cue in found.cue for token in grammar.between(doc, *cue) if token.pos_ == "VERB"), None)
    if verb is None or (found.source and found.source[0].start < verb.sent[-1].idx + len(verb.sent[-1].text)):
        return found
    # "Asked whether ...": a participle's subject is who was asked.
    participle = verb.tag_ == "VBN" and not any(child.dep_ == "aux" for child in verb.children)
    noun = None if participle or grammar.is_passive(verb) else grammar.subject(verb)
    if noun is None or noun.sent != verb.sent or noun.lower_ in ("it", "there"):
        return found
    return replace(found, source=(grammar.span_of(doc, *grammar.phrase(noun)),))


def _at_home(doc: Doc, found: Attribution) -> Attribution:
    """Leave out the words without quotation marks that stand too far from their cue to be what it tells.

    They must share its paragraph (a headline has one of its own) and, beside a quotation, its sentence.
    """
    cue = next((token for span in found.cue for token in grammar.between(doc, *span)), None)
    if len(found.content) == 1 or cue is None:
        return found
    quoted = [next(overlapping(doc._.quotations, *span), None) is not None for span in found.content]
    starts = [block.start for block in doc._.paragraphs]
    home = bisect_right(starts, cue.idx)
    sentence = grammar.span_of(doc, cue.sent.start, cue.sent.end - 1)
    kept = [
        span
        for span, marked in zip(found.content, quoted, strict=True)
        if marked
        or (span.start < sentence.end and span.end > sentence.start)
        or (not any(quoted) and bisect_right(starts, span.start) == home)
    ]
    return replace(found, content=tuple(kept)) if kept else found


def _one_of_many(doc: Doc, found: Attribution) -> Attribution:
    """Give what "Ada Vell is among (or one of) the ministers to demand" tells to Ada Vell."""
    inside = {token.i for span in found.source for token in grammar.between(doc, *span)}
    root = next((doc[place] for place in sorted(inside) if doc[place].head.i not in inside), None)
    group = root.head if root is not None and root.dep_ == "pobj" else None
    if group is not None and group.lower_ == "of" and group.head.lower_ == "one":
        group = group.head
    if group is None or group.lower_ not in ("among", "amongst", "one") or group.head.lemma_ != "be":
        return found
    noun = grammar.subject(group.head)
    if noun is None or noun.lower_ in ("it", "there"):
        return found
    return replace(found, source=(grammar.span_of(doc, *grammar.phrase(noun)),))


def _short_source(doc: Doc, found: Attribution) -> Attribution:
    """Begin a source after a place or time ("In Vellmar, Ada Vell"), and end it before a verb ("Ada Vell is among")."""
    if len(found.source) != 1:
        return found
    tokens = list(grammar.between(doc, *found.source[0]))
    comma = next((place for place, token in enumerate(tokens[:-1]) if token.text == ","), None)
    if comma and tokens[0].pos_ == "ADP":
        tokens = tokens[comma + 1 :]
        found = replace(found, source=(grammar.span_of(doc, tokens[0].i, tokens[-1].i),))
    inside = {token.i for token in tokens}
    for token in tokens:
        outermost = token.head == token or token.head.i not in inside
        subjects = [child for child in token.children if child.i in inside and child.dep_ in grammar.SUBJECTS]
        if token.pos_ in ("VERB", "AUX") and outermost and subjects:
            return replace(found, source=(grammar.span_of(doc, *grammar.phrase(subjects[0])),))
    return found


def _without_answers(doc: Doc, found: Attribution) -> list[Attribution]:
    """Cut off paragraphs that are nothing but somebody's answer, or that stand before the one with the cue.

    Nobody is named for them, and in an exchange the next to speak is not who spoke last.
    """
    if len(found.content) == 1 or not found.cue:
        return [found]
    starts = [block.start for block in doc._.paragraphs]
    home = bisect_right(starts, found.cue[0].start)
    kept: list[Span] = []
    answers: list[Span] = []
    for span in found.content:
        place = bisect_right(starts, span.start)
        alone = place != home and _is_whole_paragraph(doc, span, doc._.paragraphs[place - 1])
        if alone and (place < home or answers or _asks(doc, span) or (kept and _asks(doc, kept[-1]))):
            answers.append(span)
        else:
            kept.append(span)
    if not answers or not kept:
        return [found]
    lone = [Attribution((), (), (span,), UNATTRIBUTED, "") for span in answers]
    return [replace(found, content=tuple(kept)), *lone]


def _is_whole_paragraph(doc: Doc, span: Span, block: Span) -> bool:
    for quotation in overlapping(doc._.quotations, *span):
        return quotation.closed and len(quotation.spans) == 1 and quotation.spans[0] == block
    return False


def _asks(doc: Doc, span: Span) -> bool:
    return "?" in doc._.text[span.end - 2 : span.end]


def _transcript(doc: Doc, found: Sequence[Attribution]) -> list[Attribution]:
    """Read a transcript: at least two paragraphs that begin with a speaker's name and a colon, the model aside."""
    labelled = []
    for block in doc._.paragraphs:
        label = LABEL.match(doc._.text, *block)
        if label is not None:
            labelled.append((label, Span(label.end(), block.end)))
    if len(labelled) < ENOUGH_LABELS:
        return []
    taken = sorted(span for attribution in found for span in (*attribution.content, *attribution.source))
    spans = _apart(taken)
    return [
        Attribution((Span(*label.span("who")),), (Span(*label.span("cue")),), (words,), LABELLED, ":")
        for label, words in labelled
        if next(overlapping(spans, label.start(), words.end), None) is None
    ]


def _apart(spans: Sequence[Span]) -> list[Span]:
    """Leave out spans that overlap one before them."""
    kept: list[Span] = []
    for span in spans:
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
    return kept


def lead(doc: Doc, cue: Sequence[Token], content: Span) -> str:
    """Give the words of a cue that belong in front of its content: "called" before "the plan a disgrace".

    The spans leave them out, as corpora of attributions do; who reads a content that is no clause needs them.
    """
    if not cue or content.start - (cue[-1].idx + len(cue[-1].text)) not in (0, 1):
        return ""
    head = next((token for token in grammar.between(doc, *content) if token.head.i < cue[-1].i + 1), None)
    governed = cue[-1].pos_ == "VERB" and head is not None and head.dep_ in ("dobj", "oprd", "attr", "pobj")
    leads = governed or cue[-1].lower_ in cues.LINKING or cue[-1].lemma_.lower() in cues.JUDGING
    return str(doc._.text[cue[-1].idx : content.start]) if leads else ""
