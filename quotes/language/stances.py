"""What a quote says for or against whom: a first, plain method that follows words of attitude along the parse.

Each word of attitude is led up the parse to whoever bears it; negations and reversing verbs on the way turn
it round. A target without a word of attitude gets the label neutral.
"""

from __future__ import annotations

from dataclasses import replace

from spacy.language import Language
from spacy.tokens import Doc, Token

from quotes.language import attitudes, grammar
from quotes.language.targets import Target, targets
from quotes.records import Quote, Stance, StanceLabel, TargetType

CLIMBED = frozenset(
    ("dobj", "pobj", "prep", "attr", "acomp", "conj", "compound", "amod", "xcomp", "advcl", "ccomp", "appos", "nmod")
)
MAX_CLIMB = 6
NEUTRAL_SCORE, FIRST_SCORE, MORE_SCORE, MAX_SCORE = 0.5, 0.6, 0.1, 0.9


def stances(doc: Doc) -> tuple[Quote, ...]:
    """Fill in the stances of each quote.

    Args:
        doc: a document with ``doc._.quotes``, named entities and ``doc._.people``.

    Returns:
        The quotes, in the same order, each with a stance toward every target that it has; the speaker is a target of
        his own only where he is praised or blamed.
    """
    return tuple(replace(quote, stances=_of(doc, quote)) for quote in doc._.quotes)


def _of(doc: Doc, quote: Quote) -> tuple[Stance, ...]:
    tokens = [token for span in quote.spans for token in grammar.between(doc, *span)]
    found = targets(doc, quote)
    by_token = {
        token.i: target
        for target in sorted(found, key=lambda target: target.type != "issue")
        for place in target.places
        for token in grammar.between(doc, *place)
    }
    cue = [token for span in quote.cue for token in grammar.between(doc, *span)]
    votes: dict[Target, list[int]] = {target: [] for target in found}
    for token in (*cue, *tokens):
        for bearer, polarity in _borne(token):
            owners = [child.i for child in bearer.children if child.dep_ == "poss"]
            borne_by = next((by_token[at] for at in (bearer.i, *owners) if at in by_token), None)
            if borne_by is not None:
                votes[borne_by].append(polarity)
    given = [_stance(target.name, target.type, votes[target]) for target in found]
    himself = quote.speaker.name if quote.speaker else None
    return tuple(stance for stance in given if stance.target != himself or stance.stance != "neutral")


def _stance(target: str, kind: TargetType, votes: list[int]) -> Stance:
    net = sum(votes)
    label: StanceLabel = "favor" if net > 0 else "against" if net < 0 else "neutral"
    score = NEUTRAL_SCORE if not net else min(MAX_SCORE, FIRST_SCORE + MORE_SCORE * (abs(net) - 1))
    return Stance(target, kind, label, round(score, 2))


def _borne(token: Token) -> list[tuple[Token, int]]:
    """List who bears a word of attitude, with its polarity: +1 for, -1 against."""
    lemma = token.lemma_.lower()
    if token.pos_ in ("VERB", "AUX"):
        if lemma in attitudes.FOR_OBJECT or lemma in attitudes.AGAINST_OBJECT:
            polarity = 1 if lemma in attitudes.FOR_OBJECT else -1
            return [(noun, polarity * _turn(token)) for noun in _objects(token)]
        if lemma in attitudes.GOOD_DEED or lemma in attitudes.BAD_DEED:
            polarity = 1 if lemma in attitudes.GOOD_DEED else -1
            doer = grammar.agent(token) if grammar.is_passive(token) else grammar.subject(token)
            return [(doer, polarity * _turn(token))] if doer is not None else []
    if lemma == "account" and token.head.lower_ == "to" and token.head.head.lemma_ in ("hold", "bring", "call"):
        return _bearers(token, -1)
    if lemma in attitudes.GOOD or lemma in attitudes.BAD:
        return _bearers(token, 1 if lemma in attitudes.GOOD else -1)
    return []


def _turn(verb: Token) -> int:
    return -1 if any(child.dep_ == "neg" or child.lower_ in attitudes.NEGATIONS for child in verb.children) else 1


def _objects(verb: Token) -> list[Token]:
    wanted = ("nsubjpass",) if grammar.is_passive(verb) else ("dobj",)
    return [child for child in verb.children if child.dep_ in wanted]


def _bearers(word: Token, polarity: int) -> list[tuple[Token, int]]:
    node = word
    found: list[tuple[Token, int]] = []
    if node.dep_ in ("amod", "compound"):
        if node.head.dep_ in ("nsubj", "nsubjpass"):
            return [(node.head, polarity)]
        if node.head.dep_ not in ("attr", "oprd", "dobj") and node.head.head.lower_ != "as":
            return []
    for _ in range(MAX_CLIMB):
        if any(child.dep_ == "neg" or (child.dep_ == "det" and child.lower_ == "no") for child in node.children):
            polarity = -polarity
        if node is not word and node.lemma_.lower() in attitudes.REVERSING:
            polarity = -polarity
        if node.dep_ in ("oprd", "attr") or (node.dep_ == "pobj" and node.head.lower_ == "as"):
            verb = node.head.head if node.head.lower_ == "as" else node.head
            judged = [child for child in verb.children if child.dep_ in ("dobj", "oprd") and child.i < node.i]
            if judged:
                return [*found, (judged[0], polarity)]
        borne = [child for child in node.children if child.dep_ in ("nsubj", "nsubjpass") and child is not word]
        if borne and node.pos_ in ("VERB", "AUX", "NOUN", "ADJ"):
            return [*found, (borne[0], polarity)]
        if node.dep_ == "nsubj" and node is word:
            return found
        if (node.dep_ not in CLIMBED and node.dep_ not in ("oprd",)) or node.head is node:
            return found
        node = node.head
    return found


@Language.factory("quote_stances", requires=["doc._.quotes", "doc._.people", "doc.ents"], assigns=["doc._.quotes"])
class QuoteStances:
    """Fills in the stances of each quote."""

    def __init__(self, nlp: Language, name: str) -> None:
        pass

    def __call__(self, doc: Doc) -> Doc:
        """Fill in the stances of a document with quotes and people."""
        doc._.quotes = stances(doc)
        return doc
