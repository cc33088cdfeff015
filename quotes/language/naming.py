"""Where an article prints the names of people: found by the base pipeline, by titles, given names and initials."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache

from spacy.tokens import Doc, Token

from quotes.language import cues, offices
from quotes.language.grammar import SUBJECTS
from quotes.language.offices import ORGANISATION_WORDS, is_title
from quotes.people import names

POSTNOMINALS = names.SUFFIXES - frozenset(("jr", "sr", "ii", "iii", "iv"))
PEERS = frozenset(("lord", "lady", "baroness", "viscount"))
# "JK Marland", "K. Venkatraman".
INITIALS = re.compile(r"[A-Z]{2}|(?:[A-Z]\.)+")
AGE = re.compile(r"\d{1,3}")
LONGEST_NAME = 5


def last_token(doc: Doc, first: int) -> int:
    """Give the last token of the name that begins at token ``first``: capitals, particles and what hyphens join."""
    last = word_end(doc, first)
    while last + 1 < len(doc):
        following = last + 1
        while following < len(doc) and doc[following].lower_ in names.PARTICLES and doc[following].text.islower():
            following += 1
            if following < len(doc) and doc[following].text == "-":
                following += 1
        if following == len(doc) or not is_capital(doc[following]) or ends_before(doc[following]):
            break
        last = word_end(doc, following)
    return last


def main_word(doc: Doc, first: int, last: int) -> Token:
    """Give the word of a name on which the others hang, or what stands for it in its sentence.

    That is "QC" in "Ada Vell QC said" and "mayor" in "The mayor, Ada Vell, said".
    """
    root = doc[first : last + 1].root
    if root.dep_ == "compound" and root.head.lower_.rstrip(".") in POSTNOMINALS:
        return root.head
    if root.dep_ == "appos" and root.head.dep_ in SUBJECTS and offices.is_office(root.head):
        return root.head
    return root


def ends_before(token: Token) -> bool:
    """Tell whether a capitalised word after a name is none of it: "Judge Ada Vell QC", "Ada Vell Says"."""
    if token.lower_.rstrip(".") in POSTNOMINALS:
        return True
    return token.lower_.endswith("s") and token.lemma_.lower() in cues.UTTERING and token.tag_ in ("VBZ", "NNPS", "NNS")


def _same_name(doc: Doc, first: int) -> int:
    """Give the last token of a name as ``last_token`` does, stopping where another entity begins."""
    last = last_token(doc, first)
    other = next((token.i for token in doc[first + 1 : last + 1] if token.ent_type_ not in ("", "PERSON")), last + 1)
    return last if doc[other - 1].lower_ in names.PARTICLES else other - 1


def word_end(doc: Doc, first: int) -> int:
    """Give the last token of a word that hyphens may join: "al-Tevrit", "Abergé-Okon"."""
    last = first
    while (
        last + 2 < len(doc)
        and doc[last + 1].text == "-"
        and not doc[last].whitespace_
        and not doc[last + 1].whitespace_
    ):
        last += 2
    return last


def printed_name(doc: Doc, first: int, last: int) -> str:
    """Give a name as printed, without a possessive ending; of peers, who are known by it, with the title."""
    name = re.sub(r"['’]s?$", "", doc[first : last + 1].text)
    if first == last and first and doc[first - 1].lower_ in PEERS:
        return f"{doc[first - 1].text} {name}"
    return name


@lru_cache(maxsize=10_000)
def is_given(word: str) -> bool:
    """Tell whether many people bear this word as a first name."""
    return names.is_given_name(word)


def is_capital(token: Token) -> bool:
    """Tell whether a word may be part of a name."""
    return (
        token.text[0].isupper()
        and (token.pos_ == "PROPN" or not token.is_stop)
        and token.pos_ not in ("PUNCT", "DET", "PRON")
    )


def is_inside_another(token: Token) -> bool:
    """Tell whether a surname is part of something else: "the Vell Report", "Vell Street"."""
    doc, at = token.doc, token.i
    following = at + 1 < len(doc) and is_capital(doc[at + 1]) and doc[at + 1].ent_type_ == token.ent_type_
    return (following and not ends_before(doc[at + 1])) or (
        token.ent_type_ not in ("", "PERSON") and token.ent_iob_ == "I" and doc[at - 1].text[0].isupper()
    )


def full_mentions(doc: Doc) -> Iterator[tuple[int, int]]:
    """Yield the first and last tokens of names: persons by the base pipeline, and those whom it took otherwise."""
    covered: set[int] = set()
    for entity in doc.ents:
        if entity.label_ != "PERSON":
            continue
        first, last = _without_title(doc, entity.start, entity.end - 1)
        if _is_place(doc, first, last):
            continue
        if first <= last and "\n" not in doc[first : last + 1].text and (first != last or not is_title(doc[first])):
            while (
                doc[first].lower_ in names.PARTICLES
                and first
                and (is_capital(doc[first - 1]) or doc[first - 1].lower_ in names.PARTICLES)
            ):
                first -= 1
            last = max(last, word_end(doc, last), _same_name(doc, first))
            covered.update(range(first, last + 1))
            yield first, last
    for token in doc:
        if token.i in covered or not token.text[0].isupper() or token.is_stop:
            continue
        titled = token.i > 0 and doc[token.i - 1].lower_.rstrip(".") in names.HONORIFICS
        called = token.i > 0 and token.ent_type_ in ("", "GPE", "ORG") and offices.is_office(doc[token.i - 1])
        if not titled and not called and not is_given(token.text) and not INITIALS.fullmatch(token.text):
            continue
        if not is_capital(token) or (is_title(token) and not titled):
            continue
        last = last_token(doc, token.i)
        if covered & set(range(token.i, last + 1)):
            continue
        if titled or (last > token.i and _is_person(doc, token.i, last)):
            covered.update(range(token.i, last + 1))
            yield token.i, last


def _without_title(doc: Doc, first: int, last: int) -> tuple[int, int]:
    while last > first and (
        doc[last].tag_ == "POS" or not doc[last].text[0].isalnum() or doc[last].is_space or ends_before(doc[last])
    ):
        last -= 1
    last = next((at - 1 for at in range(first + 1, last + 1) if ends_before(doc[at])), last)
    # "Vell spokesman Tomas Orm" is Orm.
    first = next((at + 1 for at in range(last - 1, first, -1) if doc[at].text.islower() and is_title(doc[at])), first)
    while first < last and (
        is_title(doc[first]) or not (doc[first].text[0].isupper() or doc[first].lower_ in names.PARTICLES)
    ):
        first += 1
    return first, last


def _is_place(doc: Doc, first: int, last: int) -> bool:
    """Tell whether a name that does not begin with a first name stands after "in", "from" or the like."""
    root = doc[first : last + 1].root
    return (
        root.dep_ == "pobj" and root.head.lower_ in ("in", "at", "from", "near", "to") and not is_given(doc[first].text)
    )


def is_otherwise(doc: Doc, first: int, last: int, labels: dict[str, Counter[str]]) -> bool:
    """Tell whether a single word is no person by what the base pipeline calls it elsewhere in the article."""
    if first != last or (first and is_title(doc[first - 1])) or is_given(doc[first].text):
        return False
    called = labels.get(doc[first].text)
    return called is not None and called["PERSON"] < called.total() / 2


def _is_person(doc: Doc, first: int, last: int) -> bool:
    """Look for signs that capitalised words are a person: an office beside them, "who", or that they say something."""
    if any(token.lower_ in ORGANISATION_WORDS for token in doc[first : last + 1]) or last - first >= LONGEST_NAME:
        return False
    if first and is_title(doc[first - 1]):
        return True
    if any(token.text in names.PARTICLES for token in doc[first + 1 : last]):
        return True
    after = doc[last + 1 : last + 7]
    if len(after) > 1 and after[0].text == "," and _tells_of_a_person(after[1:]):
        return True
    root = doc[first : last + 1].root
    if root.dep_ == "appos" and offices.is_office(root.head):
        return True
    beside = [doc[at] for at in (first - 1, last + 1) if 0 <= at < len(doc)]
    return root.dep_ in ("nsubj", "nsubjpass", "poss") or any(
        token.pos_ == "VERB" and token.lemma_.lower() in cues.UTTERING for token in beside
    )


def _tells_of_a_person(words: Iterable[Token]) -> bool:
    following = list(words)
    opens = following[0].tag_ in ("WP", "WP$") or bool(AGE.fullmatch(following[0].text))
    return opens or any(offices.is_office(token) for token in following)
