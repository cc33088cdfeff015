"""Stances by a lexicon: the baseline with which the trained model is compared.

Each word of attitude is led up the parse to whoever bears it; negations and reversing verbs on the way turn it round.
"""

from __future__ import annotations

from collections.abc import Iterable

from spacy.tokens import Token

from quotes.evaluation import attitudes
from quotes.language import grammar
from quotes.records import Span, StanceLabel

CLIMBED = frozenset(
    ("dobj", "pobj", "prep", "attr", "acomp", "conj", "compound", "amod", "xcomp", "advcl", "ccomp", "appos", "nmod")
)
MAX_CLIMB = 6


def label(tokens: Iterable[Token], places: Iterable[Span]) -> StanceLabel:
    """Tell what the words say for or against what is named at some places.

    Args:
        tokens: the words of a sentence or quote, parsed.
        places: code-point spans in the same document.
    """
    spans = tuple(places)
    net = 0
    for token in tokens:
        for bearer, polarity in borne(token):
            if any(start <= bearer.idx < end for start, end in spans):
                net += polarity
    return "favor" if net > 0 else "against" if net < 0 else "neutral"


def borne(token: Token) -> list[tuple[Token, int]]:
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
