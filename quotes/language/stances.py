"""What a quote says for or against whom: a first, plain method that follows words of attitude along the parse.

Each word of attitude is led up the parse to whoever bears it; negations and reversing verbs on the way turn
it round. Whoever is named in a quote without a word of attitude gets the label neutral.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

import textacy.extract
from spacy.language import Language
from spacy.tokens import Doc, Token

from quotes.language import attitudes, grammar
from quotes.language.mentions import OFFICES, Person, last_token
from quotes.people import names
from quotes.records import Quote, Stance, StanceLabel, TargetType

ENTITY_TYPES: dict[str, TargetType] = {
    "ORG": "organisation",
    "GPE": "place",
    "LOC": "place",
    "FAC": "place",
    "NORP": "group",
}
CLIMBED = frozenset(
    ("dobj", "pobj", "prep", "attr", "acomp", "conj", "compound", "amod", "xcomp", "advcl", "ccomp", "appos", "nmod")
)
PRONOUNS = {"he": "male", "him": "male", "she": "female", "her": "female"}
MAX_CLIMB = 6
MAX_WORDS = 6
NEUTRAL_SCORE, FIRST_SCORE, MORE_SCORE, MAX_SCORE = 0.5, 0.6, 0.1, 0.9


def stances(doc: Doc) -> tuple[Quote, ...]:
    """Fill in the stances of each quote.

    Args:
        doc: a document with ``doc._.quotes``, named entities and ``doc._.people``.

    Returns:
        The quotes, in the same order.
    """
    if not doc._.quotes:
        return doc._.quotes  # type: ignore[no-any-return]
    named = _named_targets(doc)
    chunks = _chunks(doc)
    return tuple(replace(quote, stances=_of(doc, quote, named, chunks)) for quote in doc._.quotes)


def _chunks(doc: Doc) -> dict[int, str]:
    """Map the head of each noun phrase to its words; "the dam" becomes "Velda dam" where the article names it so."""
    chunks = list(textacy.extract.noun_chunks(doc, drop_determiners=True))
    full: dict[str, str] = {}
    for chunk in chunks:
        if len(chunk) == 2 and chunk[0].pos_ == "PROPN" and chunk[1].pos_ == "NOUN":
            full.setdefault(chunk.root.lemma_, chunk.text)
    return {
        chunk.root.i: full.get(chunk.root.lemma_, chunk.text) if len(chunk) == 1 else chunk.text for chunk in chunks
    }


def _named_targets(doc: Doc) -> dict[int, tuple[str, TargetType]]:
    """Map each token of a name to the name's full form and type; "the Russian president" is a name here too."""
    found: dict[int, tuple[str, TargetType]] = {}
    for entity in textacy.extract.entities(doc, include_types=set(ENTITY_TYPES), drop_determiners=True):
        if entity.label_ == "NORP" and entity.root.dep_ in ("amod", "compound"):
            continue
        name = _plain(entity.text)
        found.update({token.i: (name, ENTITY_TYPES[entity.label_]) for token in entity if name})
    for person in doc._.people:
        for at in person.mentions:
            for place in range(at, last_token(doc, at) + 1):
                found[place] = (person.name, "person")
    for token in doc:
        if token.i not in found and token.lower_ in (
            "president",
            "minister",
            "leader",
            "chancellor",
            "mayor",
            "governor",
        ):
            bearer = _bearer_of_office(token, doc._.people)
            if bearer is not None:
                found[token.i] = (bearer.name, "person")
    return found


def _plain(name: str) -> str:
    words = re.split(r"\s*[“”‘\"«»\n]", re.sub(r"['’]s$", "", name))[0]
    return re.sub(r"\s+(?:for|of|and|in|to)$", "", words.strip())


def _bearer_of_office(token: Token, people: Iterable[Person]) -> Person | None:
    said = {word.lower_ for word in token.subtree if word.i <= token.i and word.pos_ not in ("DET", "PUNCT")}
    bearers = [person for person in people if person.role and said <= set(names.words(person.role))]
    return bearers[0] if len(bearers) == 1 and token.left_edge.lower_ == "the" else None


def _of(doc: Doc, quote: Quote, named: dict[int, tuple[str, TargetType]], chunks: dict[int, str]) -> tuple[Stance, ...]:
    tokens = [token for span in quote.spans for token in grammar.between(doc, *span)]
    inside = {token.i for token in tokens}
    speaker = quote.speaker.name if quote.speaker else None
    totals: dict[tuple[str, TargetType], list[int]] = {}
    for token in tokens:
        if token.i in named and named[token.i][0] != speaker:
            totals.setdefault(named[token.i], [])
    cue = [token for span in quote.cue for token in grammar.between(doc, *span)]
    for token in (*cue, *tokens):
        for bearer, polarity in _borne(token):
            if bearer.i not in inside:
                continue
            target = _target(bearer, named, chunks, doc._.people, inside)
            if target is not None and target[0] != speaker:
                totals.setdefault(target, []).append(polarity)
    return tuple(_stance(target, kind, votes) for (target, kind), votes in totals.items())


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


def _target(
    bearer: Token,
    named: dict[int, tuple[str, TargetType]],
    chunks: dict[int, str],
    people: Iterable[Person],
    inside: set[int],
) -> tuple[str, TargetType] | None:
    if bearer.i in named:
        return named[bearer.i]
    for child in bearer.children:
        if child.dep_ == "poss" and child.i in named:
            return named[child.i]
    if bearer.lower_ in PRONOUNS:
        return _antecedent(bearer, named, people, inside)
    if bearer.pos_ not in ("NOUN", "PROPN") or bearer.i not in chunks:
        return None
    words = chunks[bearer.i]
    of = next((child for child in bearer.children if child.lower_ == "of"), None)
    if of is not None:
        words += " " + bearer.doc[of.i : of.right_edge.i + 1].text
    lemma = bearer.lemma_.lower()
    if lemma in attitudes.GOOD | attitudes.BAD | OFFICES or len(words.split()) > MAX_WORDS or "\n" in words:
        return None
    words = re.sub(r"^(?:his|her|its|their|our|my|your)\s+", "", words.strip("“”\"'‘’«» "), flags=re.IGNORECASE)
    return words, "group" if bearer.tag_ in ("NNS", "NNPS") and bearer.ent_type_ == "NORP" else "issue"


def _antecedent(
    pronoun: Token, named: dict[int, tuple[str, TargetType]], people: Iterable[Person], inside: set[int]
) -> tuple[str, TargetType] | None:
    """Take the last person named before a pronoun in the same quote, unless the gender forbids it."""
    genders = {person.name: person.gender for person in people}
    for at in sorted((at for at in inside if at < pronoun.i and at in named), reverse=True):
        name, kind = named[at]
        if kind == "person" and genders.get(name) in (None, PRONOUNS[pronoun.lower_]):
            return named[at]
    return None


@Language.factory("quote_stances", requires=["doc._.quotes", "doc._.people", "doc.ents"], assigns=["doc._.quotes"])
class QuoteStances:
    """Fills in the stances of each quote."""

    def __init__(self, nlp: Language, name: str) -> None:
        pass

    def __call__(self, doc: Doc) -> Doc:
        """Fill in the stances of a document with quotes and people."""
        doc._.quotes = stances(doc)
        return doc
