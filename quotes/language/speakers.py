"""Who stands behind a source: a full name from anywhere in the article, or what a pronoun or description means."""

from __future__ import annotations

import re
from dataclasses import replace

from spacy.language import Language
from spacy.tokens import Doc, Token

from quotes.language import grammar
from quotes.language.marks import overlapping
from quotes.language.mentions import OFFICES, ORGANISATION_WORDS, Person, last_token, people, tidy_role
from quotes.people import names
from quotes.records import Quote, Span, Speaker, SpeakerType

PRONOUNS = {"he": "male", "she": "female", "him": "male", "her": "female"}
INDEFINITE = frozenset(("a", "an", "one", "another", "some", "any"))
DOCUMENTS = frozenset(
    "report study poll survey text statement letter document review record figure datum book law bill".split()
)
BODIES = frozenset(("ORG", "GPE", "FAC", "LOC", "PRODUCT", "WORK_OF_ART", "LAW", "EVENT"))
# What is left of a quote's confidence where somebody is meant whom we cannot name.
UNDECIDED = 0.5
# What speaks for and against a person being meant by a pronoun, in points; a point is worth 60 tokens of distance.
SUBJECT, LAST_SPEAKER, SAME_GENDER, SPOKEN_OF, TOKENS_A_POINT = 1.0, 0.8, 0.3, -1.5, 60
# How far back a pronoun looks for a name, and how far before the nearest mention a subject still counts, in tokens.
REACH, NEAR = 600, 40


def speakers(doc: Doc) -> tuple[Quote, ...]:
    """Fill in the speaker of each quote, and lower its confidence where somebody is meant whom we cannot name.

    Args:
        doc: a document with ``doc._.quotes`` and ``doc._.people``.

    Returns:
        The quotes, in the same order.
    """
    found: list[Quote] = []
    spoke: list[tuple[int, Person]] = []
    resolved: dict[Span, tuple[Person | None, Speaker | None]] = {}
    for quote in sorted(doc._.quotes, key=lambda quote: (quote.source or quote.spans)[0]):
        if not quote.source:
            found.append(quote)
            continue
        source = quote.source[0]
        if source not in resolved:
            resolved[source] = _resolve(doc, quote, source, spoke)
        person, speaker = resolved[source]
        if person is not None:
            spoke.append((source.start, person))
        sure = quote.confidence if speaker else quote.confidence * UNDECIDED
        found.append(replace(quote, speaker=speaker, confidence=round(sure, 3)))
    # A description met late in the article tells the role of a person who spoke early.
    roles = {person.name: person.role for person in doc._.people}
    return tuple(
        replace(quote, speaker=replace(quote.speaker, role=roles.get(quote.speaker.name)))
        if quote.speaker and quote.speaker.type == "person"
        else quote
        for quote in sorted(found, key=lambda quote: quote.spans)
    )


def _resolve(
    doc: Doc, quote: Quote, source: Span, spoke: list[tuple[int, Person]]
) -> tuple[Person | None, Speaker | None]:
    tokens = list(grammar.between(doc, *source))
    if not tokens:
        return None, None
    words = doc._.text[source.start : source.end]
    head = _head(tokens)
    person = _named(doc, tokens, head)
    if person is not None:
        people_inside = {id(doc._.mentions[token.i]) for token in tokens if token.i in doc._.mentions}
        if len(people_inside) > 1 and any(child.dep_ == "conj" for child in head.children):
            return None, Speaker(words, "group")
        return person, Speaker(person.name, "person")
    if len(tokens) == 1 and head.lower_ in PRONOUNS:
        found = _by_pronoun(doc, quote, head, spoke)
        return (found, Speaker(found.name, "person")) if found else (None, None)
    if head.pos_ == "PRON":
        return None, None
    kind = _type(tokens, head)
    if kind != "person":
        return None, Speaker(re.sub(r"^[Tt]he (?=[A-Z])", "", words) if kind == "organisation" else words, kind)
    found = _by_description(doc, quote, tokens, head)
    if found is None:
        return None, Speaker(words, "unnamed")
    found.role = found.role or tidy_role(words)
    return found, Speaker(found.name, "person")


def _head(tokens: list[Token]) -> Token:
    inside = {token.i for token in tokens}
    head = next((token for token in tokens if token.head.i not in inside or token.head == token), tokens[-1])
    if head.pos_ not in ("VERB", "AUX"):
        return head
    # A source that runs on into its verb: "Ada Vell is among those".
    return next((child for child in head.children if child.i in inside and child.dep_ in grammar.SUBJECTS), head)


def _named(doc: Doc, tokens: list[Token], head: Token) -> Person | None:
    """Find the person whose name is the phrase's head or stands in apposition to it, which "Vell's aide" does not."""
    low, high = tokens[0].i, tokens[-1].i
    for token in tokens:
        person: Person | None = doc._.mentions.get(token.i)
        if person is None:
            continue
        last = last_token(doc, token.i)
        if last + 1 < len(doc) and doc[last + 1].tag_ == "POS":
            continue
        root = doc[token.i : last + 1].root
        opens = token.i == low and doc[min(last + 1, high)].text == ","
        apposed = root.dep_ == "appos" and low <= root.head.i <= high
        closes = root.dep_ in ("compound", "nmod", "npadvmod") and root.head == head and last == high
        if token.i <= head.i <= last or apposed or opens or closes:
            return person
    return None


def _by_pronoun(doc: Doc, quote: Quote, pronoun: Token, spoke: list[tuple[int, Person]]) -> Person | None:
    """Weigh the people named before a pronoun: near ones, subjects and the last speaker up, those spoken about down."""
    wanted = PRONOUNS[pronoun.lower_]
    candidates: dict[str, list[int]] = {}
    for at in range(pronoun.i - 1, max(-1, pronoun.i - REACH), -1):
        person = doc._.mentions.get(at)
        if person is not None and person.gender in (None, wanted) and not _is_quoted(doc, doc[at].idx):
            candidates.setdefault(person.name, []).append(at)
    last_speaker = spoke[-1] if spoke else None
    best: tuple[float, Person] | None = None
    for mentions in candidates.values():
        person = doc._.mentions[mentions[0]]
        nearest = mentions[0]
        score = 0.0
        if last_speaker and last_speaker[1] is person:
            score += LAST_SPEAKER
            nearest = max(nearest, next((token.i for token in grammar.between(doc, last_speaker[0], pronoun.idx)), 0))
        score -= (pronoun.i - nearest) / TOKENS_A_POINT
        if any(at in person.subjects for at in mentions if at >= mentions[0] - NEAR):
            score += SUBJECT
        if person.gender == wanted:
            score += SAME_GENDER
        if _is_spoken_of(doc, person, quote):
            score += SPOKEN_OF
        if best is None or score > best[0]:
            best = (score, person)
    return best[1] if best else None


def _is_quoted(doc: Doc, offset: int) -> bool:
    return next(overlapping(doc._.quotations, offset, offset + 1), None) is not None


def _is_spoken_of(doc: Doc, person: Person, quote: Quote) -> bool:
    return any(doc._.mentions.get(token.i) is person for span in quote.spans for token in grammar.between(doc, *span))


def _by_description(doc: Doc, quote: Quote, tokens: list[Token], head: Token) -> Person | None:
    """Find whom "the finance minister" means: who has that role, else the subject of the sentence before."""
    said = {token.lower_ for token in tokens if token.pos_ not in ("DET", "PRON", "ADP", "PUNCT", "PART")}
    people_here: list[Person] = doc._.people
    bearers = [person for person in people_here if person.role and said <= set(names.words(person.role))]
    if bearers:
        return max(bearers, key=lambda person: max((at for at in person.mentions if at < head.i), default=-1))
    if tokens[0].lower_ != "the":
        return None
    start = tokens[0].sent.start
    previous = doc[start - 1].sent.start if start else 0
    for at in range(start - 1, previous - 1, -1):
        subject: Person | None = doc._.mentions.get(at)
        if subject and at in subject.subjects and subject.role is None and not _is_spoken_of(doc, subject, quote):
            return subject
    return None


def _type(tokens: list[Token], head: Token) -> SpeakerType:
    lower = head.lower_
    if lower in ORGANISATION_WORDS or head.lemma_.lower() in DOCUMENTS:
        return "organisation"
    if head.tag_ in ("NNS", "NNPS") or head.ent_type_ == "NORP" or any(child.dep_ == "conj" for child in head.children):
        return "group"
    if lower in OFFICES:
        return "unnamed" if tokens[0].lower_ in INDEFINITE else "person"
    if head.ent_type_ in BODIES or (head.pos_ == "PROPN" and tokens[0].lower_ not in INDEFINITE):
        return "organisation"
    return "unnamed"


@Language.factory(
    "quote_speakers", requires=["doc._.quotes", "doc.ents"], assigns=["doc._.people", "doc._.mentions", "doc._.quotes"]
)
class QuoteSpeakers:
    """Sets ``doc._.people``, the people of the article, and fills in the speaker of each quote.

    ``doc._.mentions`` leads from the first token of each mention to the person.
    """

    def __init__(self, nlp: Language, name: str) -> None:
        Doc.set_extension("people", default=(), force=True)
        Doc.set_extension("mentions", default={}, force=True)

    def __call__(self, doc: Doc) -> Doc:
        """Find the people of a document with quotes, and its speakers."""
        doc._.people = people(doc)
        doc._.mentions = {at: person for person in doc._.people for at in person.mentions}
        doc._.quotes = speakers(doc)
        return doc
