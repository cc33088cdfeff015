"""Who said what stands between quotation marks: looks for the cue and its subject just before or just after."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, replace

from spacy.tokens import Doc, Token

from quotes.language import cues, grammar
from quotes.language.marks import Quotation
from quotes.records import Span

MIN_WORDS = 5
PRONOUNS = frozenset(("he", "she", "they"))
CONFIDENT, NO_SUBJECT, CONTINUED, UNATTRIBUTED = 0.9, 0.6, 0.5, 0.3
UNCLOSED_FACTOR = 0.7
LABEL_WORDS = 7


@dataclass(frozen=True, slots=True)
class Frame:
    """The words that attribute a quotation: cue and source, and how sure we are that they do."""

    cue: tuple[Span, ...]
    source: tuple[Span, ...]
    confidence: float
    verb: int | None = None


@dataclass(frozen=True, slots=True)
class Attributed:
    """Quotations that are one statement, with their frame; ``frame`` is None where nobody is named."""

    quotations: tuple[Quotation, ...]
    frame: Frame | None
    confidence: float


def attributed(doc: Doc) -> list[Attributed]:
    """Find the quotations that somebody utters; scare quotes, titles and terms are left out.

    Args:
        doc: a parsed document with ``doc._.quotations`` and ``doc._.paragraphs``.

    Returns:
        The statements in order of their first words.
    """
    found: list[Attributed] = []
    starts = [block.start for block in doc._.paragraphs]
    all_quotations: tuple[Quotation, ...] = doc._.quotations
    for place, quotation in enumerate(all_quotations):
        at = bisect_right(starts, quotation.start) - 1
        block = doc._.paragraphs[at]
        last_block = doc._.paragraphs[bisect_right(starts, quotation.end - 1) - 1]
        before = all_quotations[place - 1] if place else None
        after = all_quotations[place + 1] if place + 1 < len(all_quotations) else None
        left = Span(max(block.start, before.end) if before else block.start, quotation.start)
        right = Span(quotation.end, min(last_block.end, after.start) if after else last_block.end)
        previous = found[-1] if found and before and found[-1].quotations[-1] is before else None
        frame = _after(doc, quotation, right) or _before(doc, quotation, left)
        same_cue = bool(
            frame and frame.verb is not None and previous and previous.frame and previous.frame.verb == frame.verb
        )
        if (frame is None or same_cue) and previous and before and left.start == before.end and _joins(doc, left):
            found[-1] = replace(previous, quotations=(*previous.quotations, quotation))
            continue
        if frame is None and not doc._.text[left.start : left.end].strip() and left.start == block.start and at:
            frame = _announced(doc, doc._.paragraphs[at - 1], quotation)
            if frame is None and previous and _continues(doc, previous, quotation, starts, at):
                frame = Frame((), previous.frame.source if previous.frame else (), CONTINUED)
        if frame is not None:
            found.append(Attributed((quotation,), frame, _sure(quotation, frame.confidence)))
        elif _is_sentence(doc, quotation) and _stands_alone(doc, quotation, left):
            found.append(Attributed((quotation,), None, _sure(quotation, UNATTRIBUTED)))
    return found


def _sure(quotation: Quotation, confidence: float) -> float:
    return confidence if quotation.closed else confidence * UNCLOSED_FACTOR


def _continues(doc: Doc, previous: Attributed, quotation: Quotation, starts: list[int], at: int) -> bool:
    """Tell whether a paragraph of nothing but a quotation goes on with the speaker named in the one before.

    After a question, or after a paragraph that names nobody either, it may as well be somebody's answer.
    """
    named = previous.frame is not None and bool(previous.frame.cue)
    adjacent = bisect_right(starts, previous.quotations[-1].end - 1) - 1 == at - 1
    asked = "?" in (_terminal(doc, previous.quotations[-1]), _terminal(doc, quotation))
    return named and adjacent and not asked and _is_sentence(doc, quotation)


def _inner(doc: Doc, quotation: Quotation) -> str:
    words: str = doc._.text[quotation.start : quotation.end]
    return words.strip("“”\"'‘’«»„‹› \n")


def _is_sentence(doc: Doc, quotation: Quotation) -> bool:
    """Tell whether a quotation can stand alone: long enough, with a verb, and not in the capitals of a title."""
    tokens = [token for token in grammar.between(doc, quotation.start, quotation.end) if token.is_alpha]
    if len(tokens) < MIN_WORDS:
        return False
    capitals = sum(token.text[0].isupper() for token in tokens)
    return any(token.pos_ in ("VERB", "AUX") for token in tokens) and capitals < 0.6 * len(tokens)


def _stands_alone(doc: Doc, quotation: Quotation, left: Span) -> bool:
    before = doc._.text[left.start : left.end].rstrip()
    return (not before or before[-1] in '.!?:”"’»') and _inner(doc, quotation)[:1].isupper()


def _joins(doc: Doc, gap: Span) -> bool:
    """Tell whether the words between two quotations only attribute them, as in "...," said X, "..."."""
    words = doc._.text[gap.start : gap.end].strip()
    return bool(words) and words[-1] in ",.;—–:" and len(words.split()) <= 25


def _terminal(doc: Doc, quotation: Quotation) -> str:
    return (_inner(doc, quotation) or " ")[-1]


def _after(doc: Doc, quotation: Quotation, right: Span) -> Frame | None:
    tokens: list[Token] = []
    for token in grammar.between(doc, *right):
        if token.text in (".", "!", "?", ";"):
            break
        tokens.append(token)
    tokens = _without_marks(tokens)
    if not tokens or tokens[0].dep_ == "cc":
        return None
    follows = doc._.text[right.start : tokens[0].idx].strip()
    ending, comma = _terminal(doc, quotation), follows.startswith((",", "—", "–", "-"))
    if tokens[-1].text == ":" and (ending in ".!?" or len(tokens) > LABEL_WORDS):
        return None
    opens_low = not tokens[0].text[0].isupper()
    verb = _cue_in(tokens)
    if verb is None:
        return None
    near = verb.i - tokens[0].i <= 1
    if ending == "." and not opens_low and not comma:
        return None
    if ending not in ",?!.…—–-" and not comma and not near:
        return None
    if not comma and not opens_low and ending in "!?" and not near and not _named_before(tokens, verb):
        return None
    return _frame(doc, verb, tokens)


def _named_before(tokens: list[Token], verb: Token) -> bool:
    return all(token.i >= verb.i or token.pos_ in ("PROPN", "PRON", "NOUN", "ADJ", "DET", "PUNCT") for token in tokens)


def _before(doc: Doc, quotation: Quotation, left: Span) -> Frame | None:
    words = doc._.text[left.start : left.end].rstrip()
    if not words or words[-1] in ".!?;":
        return None
    tokens = list(grammar.between(doc, *left))
    cut = 0
    for place, token in enumerate(tokens[:-1]):
        if token.text in (".", "!", "?", ";") and not (place + 1 < len(tokens) and tokens[place + 1].text[0].islower()):
            cut = place + 1
    tokens = _without_marks(tokens[cut:])
    if not tokens:
        return None
    announced = words[-1] in ":,—–" or words.endswith(" that")
    verb = _cue_in(tokens, last=True)
    if verb is not None and (announced or (tokens[-1].i - verb.i <= 1 and _is_whole(doc, quotation))):
        if words.endswith(",") and tokens[-1].i - verb.i > 2 and not _inner(doc, quotation)[:1].isupper():
            return None
        return _frame(doc, verb, tokens)
    if words[-1] == ":":
        return _label(doc, tokens)
    return None


def _is_whole(doc: Doc, quotation: Quotation) -> bool:
    return _inner(doc, quotation)[:1].isupper() and _is_sentence(doc, quotation)


def _label(doc: Doc, tokens: list[Token]) -> Frame | None:
    """Read "Ada Vell: ..." and "In a statement: ...", where the colon is the cue."""
    colon, words = tokens[-1], tokens[:-1]
    if colon.text != ":" or not words or len(words) > LABEL_WORDS:
        return None
    named = [token for token in words if token.pos_ == "PROPN"]
    source = (
        (grammar.span_of(doc, words[0].i, words[-1].i),)
        if named and words[0].pos_ in ("PROPN", "DET", "NOUN", "ADJ")
        else ()
    )
    if not source and not any(token.lemma_ in cues.SPEECH_NOUNS for token in words):
        return None
    return Frame((grammar.span_of(doc, colon.i, colon.i),), source, NO_SUBJECT)


def _announced(doc: Doc, block: Span, quotation: Quotation) -> Frame | None:
    """Read a paragraph that ends in a colon and announces the quotation of the next."""
    if doc._.text[block.start : block.end].rstrip()[-1:] != ":":
        return None
    return _before(doc, quotation, block)


def _without_marks(tokens: list[Token]) -> list[Token]:
    first = next((place for place, token in enumerate(tokens) if token.text[0].isalnum()), len(tokens))
    return tokens[first:]


def is_cue(token: Token) -> bool:
    """Tell whether a token is a verb by which something can be said beside a quotation."""
    if token.pos_ not in ("VERB", "AUX") or token.tag_ == "VB":
        return False
    lemma = token.lemma_.lower()
    goes_on = lemma == "go" and token.i + 1 < len(token.doc) and token.nbor().lower_ == "on"
    return goes_on or lemma in cues.SAY | cues.JUDGE


def _cue_in(tokens: list[Token], last: bool = False) -> Token | None:
    found = [token for token in tokens if is_cue(token) and not grammar.is_hypothetical(token)]
    with_subject = [token for token in found if _own_subject(token, tokens) is not None]
    choice = with_subject or found
    return (choice[-1] if last else choice[0]) if choice else None


def _own_subject(verb: Token, tokens: list[Token]) -> Token | None:
    low, high = tokens[0].i, tokens[-1].i
    noun = grammar.subject(verb)
    return noun if noun is not None and low <= noun.i <= high else None


def _frame(doc: Doc, verb: Token, tokens: list[Token]) -> Frame:
    cue = (grammar.span_of(doc, *grammar.cue_tokens(verb)),)
    low, high = tokens[0].i, tokens[-1].i
    noun = _own_subject(verb, tokens)
    if noun is not None:
        first, last = grammar.phrase(noun)
        first, last = max(first, low), min(last, high)
        if first <= verb.i <= last:
            first, last = (first, verb.i - 1) if noun.i < verb.i else (verb.i + 1, last)
        source = grammar.trimmed(doc._.text, grammar.span_of(doc, first, last))
        return Frame(cue, (source,), CONFIDENT, verb.i)
    beside = _beside(verb, tokens)
    if beside is not None:
        return Frame(cue, (beside,), NO_SUBJECT, verb.i)
    return Frame(cue, (), CONTINUED, verb.i)


def _beside(verb: Token, tokens: list[Token]) -> Span | None:
    """Find the noun phrase next to a cue whose subject the parse has missed."""

    def nominal(token: Token) -> bool:
        return token.pos_ in ("PROPN", "NOUN", "PRON", "ADJ", "DET", "NUM") or token.text in ("of", "-", "’s", "'s")

    after = []
    for token in tokens:
        if token.i > verb.i:
            if not nominal(token):
                break
            after.append(token)
    before: list[Token] = []
    for token in reversed([token for token in tokens if token.i < verb.i]):
        if not nominal(token):
            break
        before.insert(0, token)
    for run in (before, after):
        if any(token.pos_ in ("PROPN", "NOUN") or token.lower_ in PRONOUNS for token in run):
            return grammar.span_of(verb.doc, run[0].i, run[-1].i)
    return None
