"""The component that says what each quote speaks of: at most five key terms of its own words.

People and days are left out, since stances and occasions have them.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from spacy.language import Language
from spacy.tokens import Doc, Token

from quotes.language import grammar
from quotes.language.mentions import OFFICES, last_token
from quotes.people import names
from quotes.records import Quote, Span

MOST = 5
NOUNS = ("NOUN", "PROPN")
OTHERWISE_KNOWN = frozenset("PERSON DATE TIME PERCENT MONEY QUANTITY ORDINAL CARDINAL".split())
"""Named entities that are no topics."""

PLURALS = frozenset("data media".split())
"""Words that the lemmatiser makes singular and English does not."""

EMPTY_NOUNS = frozenset(
    """thing something anything everything nothing way lot bit kind sort type part piece side point fact case reason
    matter number rest end decision question answer word idea issue problem time day week month year moment
    morning night today tomorrow yesterday hour minute century decade people person man woman guy gentleman lady
    somebody everybody nobody one somewhere place mr mrs ms sir madam""".split()
)
"""Nouns that say nothing of what a statement is about."""

EMPTY_ADJECTIVES = frozenset(
    """new old last next first second final good bad great big small large little huge high low long short
    own same other many much more most few several such certain whole entire full real true right wrong
    cheap dear sure able clear young""".split()
)
"""Adjectives that do not make another topic of a noun: a new law is a law."""


def topics(doc: Doc) -> tuple[Quote, ...]:
    """Fill in the topics of each quote.

    Args:
        doc: a document with ``doc._.quotes``, ``doc._.people``, lemmas, parts of speech, sentences and named entities.

    Returns:
        The quotes, in the same order.
    """
    people = {
        place for person in doc._.people for at in person.mentions for place in range(at, last_token(doc, at) + 1)
    }
    return tuple(replace(quote, topics=key_terms(own_words(doc, quote.spans, people))) for quote in doc._.quotes)


def key_terms(words: Doc) -> tuple[str, ...]:
    """Choose the key terms of a quote.

    The method is TextRank (Mihalcea & Tarau, TextRank: Bringing Order into Texts, EMNLP 2004, section 3) as textacy
    has it, the best of its four on our own judged quotes (tests/gold/topics.jsonl).

    Args:
        words: what :func:`own_words` gives.

    Returns:
        At most five terms, the most telling first: nouns with the nouns and adjectives before them, in the singular
        and, but for names, in lower case.
    """
    nouns = {token.lemma_ for token in words if token.pos_ in NOUNS}
    if len(nouns) < 2:  # nothing to rank, and PageRank is slow
        return tuple(nouns)
    from textacy.extract import keyterms  # brings scikit-learn, which takes a second

    return tuple(term for term, _ in keyterms.textrank(words, topn=2 * MOST) if term.split()[-1] in nouns)[:MOST]


def own_words(doc: Doc, spans: Sequence[Span], people: Collection[int] = ()) -> Doc:
    """Make a document of a quote's words alone, in which only words that can be part of a topic have a class.

    Args:
        doc: the document of the article.
        spans: the quote's content, in code points.
        people: which tokens of the article name people.

    Returns:
        A document with lemmas, parts of speech and sentences.
    """
    tokens = [token for span in spans for token in grammar.between(doc, *span)]
    return Doc(
        doc.vocab,
        words=[token.text for token in tokens],
        lemmas=[_folded(token) for token in tokens],
        pos=["X" if token.i in people else _class(token) for token in tokens],
        sent_starts=[place == 0 or bool(token.is_sent_start) for place, token in enumerate(tokens)],
    )


def _folded(token: Token) -> str:
    begins = token.is_sent_start or not token.nbor(-1).text[-1].isalnum()
    # The tagger takes many a capital at the beginning for a name: "Gun laws have failed".
    named = token.pos_ == "PROPN" and not (begins and not token.ent_type_ and token.head.pos_ == "NOUN")
    if named or token.is_upper or (token.is_title and not begins):
        return token.text
    return token.lower_ if token.lower_ in PLURALS else token.lemma_.lower()


def _class(token: Token) -> str:
    letters = sum(character.isalpha() for character in token.text)
    if token.ent_type_ in OTHERWISE_KNOWN or letters < 2 or token.lower_.rstrip(".") in names.HONORIFICS:
        return "X"
    lemma = token.lemma_.lower()
    if token.pos_ == "NOUN":
        if token.dep_ == "compound":
            return "NOUN"
        alone = not any(child.dep_ == "compound" for child in token.children)
        return "X" if lemma in EMPTY_NOUNS or (alone and lemma in OFFICES) else "NOUN"
    if token.pos_ == "ADJ":
        # An adjective that stands by itself, as in "that is sad", names nothing.
        before_noun = token.dep_ == "amod" and token.tag_ == "JJ" and lemma not in EMPTY_ADJECTIVES
        return "ADJ" if before_noun else "X"
    return token.pos_


@Language.factory(
    "quote_topics", requires=["token.lemma", "token.pos", "doc._.quotes", "doc._.people"], assigns=["doc._.quotes"]
)
class QuoteTopics:
    """Fills in what each quote speaks of."""

    def __init__(self, nlp: Language, name: str) -> None:
        pass

    def __call__(self, doc: Doc) -> Doc:
        """Fill in the topics of a document with quotes."""
        doc._.quotes = topics(doc)
        return doc
