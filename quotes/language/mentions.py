"""The people of one article: every form of each name, joined under the fullest, with the offices the article gives."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from spacy.tokens import Doc, Token

from quotes.language import cues, offices
from quotes.language.offices import OFFICES, ORGANISATION_WORDS, is_title
from quotes.people import names

__all__ = ["OFFICES", "Person", "last_token", "people"]

POSTNOMINALS = names.SUFFIXES - frozenset(("jr", "sr", "ii", "iii", "iv"))
PEERS = frozenset(("lord", "lady", "baroness", "viscount"))
# "JK Marland", "K. Venkatraman".
INITIALS = re.compile(r"[A-Z]{2}|(?:[A-Z]\.)+")
AGE = re.compile(r"\d{1,3}")
LONGEST_NAME = 5
# How far after a name a pronoun may tell its bearer's gender, in tokens of the same sentence.
NEAR = 25
GENDERED: dict[str, names.Gender] = {"he": "male", "his": "male", "him": "male", "she": "female", "her": "female"}


@dataclass(slots=True, eq=False)
class Person:
    """A person of this article.

    Attributes:
        name: the fullest form of the name, without titles.
        gender: female or male where titles, given names, offices or pronouns tell.
        role: the office that the article gives first.
        roles: all offices that it gives.
        mentions: the first tokens of all mentions, by their index in the document, ascending.
        subjects: those mentions that are the subject of a verb.
    """

    name: str
    gender: str | None = None
    role: str | None = None
    roles: list[str] = field(default_factory=list)
    mentions: list[int] = field(default_factory=list)
    subjects: set[int] = field(default_factory=set)


def people(doc: Doc, title: str | None = None) -> list[Person]:
    """Gather the people of an article.

    Args:
        doc: a parsed document with named entities.
        title: the headline, which may give the full name of whom the text names by surname only.

    Returns:
        People in the order in which they first appear.
    """
    labels: dict[str, Counter[str]] = {}
    for entity in doc.ents:
        labels.setdefault(entity.text, Counter())[entity.label_] += 1
    full = [mention for mention in _full_mentions(doc) if not _is_otherwise(doc, *mention, labels)]
    by_surname = _by_full_names(doc, full)
    if title:
        _take_from_title(doc, by_surname, title)
    _add_single_words(doc, full, by_surname)
    found = [person for bearers in by_surname.values() for person in bearers if person.mentions]
    for person in found:
        person.mentions.sort()
        for at in person.mentions:
            person.roles += [role for role in offices.roles(doc, at, last_token(doc, at)) if role not in person.roles]
        person.role = next(iter(person.roles), None)
    taken = {at for person in found for at in person.mentions}
    for person in found:
        person.gender = person.gender or _gender(doc, person, taken)
    return sorted(found, key=lambda person: person.mentions[0])


def _by_full_names(doc: Doc, full: list[tuple[int, int]]) -> dict[str, list[Person]]:
    """Join the forms of names of several words, the longest first."""
    by_surname: dict[str, list[Person]] = {}
    forms: dict[Person, Counter[str]] = {}
    for first, last in sorted(full, key=lambda mention: (mention[0] - mention[1], mention[0])):
        name = _name(doc, first, last)
        if len(names.bare(name)) < 2:
            continue
        bearers = by_surname.setdefault(names.surname(name), [])
        person = _whose(doc, bearers, name, first)
        if person is None:
            person = Person(name)
            bearers.append(person)
        forms.setdefault(person, Counter())[name] += 1
        _mention(doc, person, first, last)
    for person, counts in forms.items():
        person.name = _fullest(counts)
    return by_surname


def _fullest(forms: Counter[str]) -> str:
    """Choose the longest form that begins with a given name or an initial, else the longest."""

    def rank(name: str) -> tuple[bool, int]:
        first = name.split()[0]
        return _is_given(first) or bool(INITIALS.fullmatch(first)), len(name)

    return max(forms, key=rank)


def _add_single_words(doc: Doc, full: list[tuple[int, int]], by_surname: dict[str, list[Person]]) -> None:
    """Give surnames and given names that stand alone to their bearers, and make people of what else is a name."""
    by_given: dict[str, list[Person]] = {}
    for person in (person for bearers in by_surname.values() for person in bearers):
        by_given.setdefault(names.bare(person.name)[0], []).append(person)
    single: dict[int, int] = {}
    covered: set[int] = set()
    for first, last in full:
        name = names.bare(_name(doc, first, last))
        if len(name) == 1:
            single[first] = last
        elif name:
            covered.update(range(first, last + 1))
    for token in doc:
        if token.i in covered or not token.text[0].isupper() or (token.i and doc[token.i - 1].text == "-"):
            continue
        at, last = token.i, single.get(token.i, _word_end(doc, token.i))
        word = _name(doc, at, last)
        key = _surname(word)
        person = _whose(doc, by_surname.get(key, []), word, at)
        if person is None and at in single:
            if key not in by_surname:
                person = _by_given_name(doc, by_given.get(key, []), at)
            if person is None:
                person = Person(word)
                by_surname.setdefault(key, []).append(person)
        if person is not None and (at in single or not _inside_another_name(token)):
            _mention(doc, person, at, last)


def _by_given_name(doc: Doc, bearers: list[Person], at: int) -> Person | None:
    """Find whom "Michelle" or "Sir Nigel" is, or "Mr Xi", whose surname comes first: one person, named before."""
    if len(bearers) != 1 or (bearers[0].mentions and min(bearers[0].mentions) > at):
        return None
    title = names.gender(f"{doc[at - 1].text} {doc[at].text}") if at and is_title(doc[at - 1]) else None
    return bearers[0] if {title, bearers[0].gender} != {"female", "male"} else None


def _take_from_title(doc: Doc, by_surname: dict[str, list[Person]], title: str) -> None:
    """Add people whom the headline names in full and the text by a surname that is the subject of something."""
    for given, word in re.findall(r"(?=\b([A-Z][\w’'-]+) ([A-Z][\w’'-]+))", title):
        key = _surname(word)
        if not _is_given(given) or key in by_surname or word.lower() in ORGANISATION_WORDS:
            continue
        if any(token.text == word and token.dep_ == "nsubj" for token in doc):
            name = re.sub(r"['’]s$", "", f"{given} {word}")
            by_surname[key] = [Person(name, names.gender(name))]


def last_token(doc: Doc, first: int) -> int:
    """Give the last token of the name that begins at token ``first``: capitals, particles and what hyphens join."""
    last = _word_end(doc, first)
    while last + 1 < len(doc):
        following = last + 1
        while following < len(doc) and doc[following].lower_ in names.PARTICLES and doc[following].text.islower():
            following += 1
            if following < len(doc) and doc[following].text == "-":
                following += 1
        if following == len(doc) or not _capital(doc[following]) or _ends_before(doc[following]):
            break
        last = _word_end(doc, following)
    return last


def main_word(doc: Doc, first: int, last: int) -> Token:
    """Give the word of a name on which the others hang, or what stands for it: "QC" in "Ada Vell QC said"."""
    root = doc[first : last + 1].root
    return root.head if root.dep_ == "compound" and root.head.lower_.rstrip(".") in POSTNOMINALS else root


def _ends_before(token: Token) -> bool:
    """Tell whether a capitalised word after a name is none of it: "Judge Ada Vell QC", "Ada Vell Says"."""
    if token.lower_.rstrip(".") in POSTNOMINALS:
        return True
    return token.lower_.endswith("s") and token.lemma_.lower() in cues.UTTERING and token.tag_ in ("VBZ", "NNPS", "NNS")


def _same_name(doc: Doc, first: int) -> int:
    """Give the last token of a name as ``last_token`` does, stopping where another entity begins."""
    last = last_token(doc, first)
    other = next((token.i for token in doc[first + 1 : last + 1] if token.ent_type_ not in ("", "PERSON")), last + 1)
    return last if doc[other - 1].lower_ in names.PARTICLES else other - 1


def _word_end(doc: Doc, first: int) -> int:
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


def _whose(doc: Doc, bearers: list[Person], name: str, at: int) -> Person | None:
    """Find whose name a form is, of those with that surname.

    A title must agree with the gender. Of several whom a bare surname fits, it is the one whom the article names most,
    of equals the last named before.
    """
    if not bearers:
        return None
    title = doc[at - 1].lower_.rstrip(".") if at else ""
    gender = names.gender(f"{title} {name}") if title in names.HONORIFICS else names.gender(name)
    wrong = {"female": "male", "male": "female"}.get(gender or "")
    short = names.bare(name)
    matching = [
        person
        for person in bearers
        if names.covers(person.name, name) and not (wrong and person.gender == wrong)
    ]
    exact = [person for person in matching if names.bare(person.name) == short]
    if len(short) > 1 and (exact or len(matching) <= 1):
        return next(iter(exact or matching), None)
    if len(matching) <= 1:
        return next(iter(matching), None)
    return max(matching, key=lambda person: _prominence(person, at))


def _prominence(person: Person, at: int) -> tuple[int, int]:
    return len(person.mentions), max((other for other in person.mentions if other < at), default=-1)


def _mention(doc: Doc, person: Person, first: int, last: int) -> None:
    person.mentions.append(first)
    if main_word(doc, first, last).dep_ in ("nsubj", "nsubjpass"):
        person.subjects.add(first)
    title = doc[first - 1].lower_.rstrip(".") if first else ""
    if title in names.FEMALE_TITLES or title in names.MALE_TITLES:
        person.gender = names.gender(f"{title} {person.name}")
    elif person.gender is None:
        person.gender = names.gender(person.name)


def _gender(doc: Doc, person: Person, taken: set[int]) -> str | None:
    """Tell a gender by an office ("spokeswoman"), or by the pronouns that follow the name before another one."""
    told = next((gender for role in person.roles if (gender := offices.gender(role.split(" for ")[0]))), None)
    if told:
        return told
    votes: Counter[str] = Counter()
    for at in person.mentions:
        for other in range(at + 1, min(at + NEAR, len(doc))):
            token = doc[other]
            if other in taken or token.is_sent_start:
                break
            if token.lower_ in GENDERED:
                votes[GENDERED[token.lower_]] += 1
                break
    if votes:
        return max(votes, key=lambda gender: votes[gender])
    # A single word may be a surname too ("Scott"), and so comes last.
    return names.gender(f"{person.name} {person.name}")


def _name(doc: Doc, first: int, last: int) -> str:
    name = re.sub(r"['’]s?$", "", doc[first : last + 1].text)
    # Peers are known by title and surname.
    if first == last and first and doc[first - 1].lower_ in PEERS:
        return f"{doc[first - 1].text} {name}"
    return name


def _surname(word: str) -> str:
    return _cached_surname(word)


@lru_cache(maxsize=10_000)
def _cached_surname(word: str) -> str:
    return names.surname(word)


@lru_cache(maxsize=10_000)
def _is_given(word: str) -> bool:
    return names.is_given_name(word)


def _capital(token: Token) -> bool:
    return (
        token.text[0].isupper()
        and (token.pos_ == "PROPN" or not token.is_stop)
        and token.pos_ not in ("PUNCT", "DET", "PRON")
    )


def _inside_another_name(token: Token) -> bool:
    """Tell whether a surname is part of something else: "the Vell Report", "Vell Street"."""
    doc, at = token.doc, token.i
    following = at + 1 < len(doc) and _capital(doc[at + 1]) and doc[at + 1].ent_type_ == token.ent_type_
    return (following and not _ends_before(doc[at + 1])) or (
        token.ent_type_ not in ("", "PERSON") and token.ent_iob_ == "I" and doc[at - 1].text[0].isupper()
    )


def _full_mentions(doc: Doc) -> Iterator[tuple[int, int]]:
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
                and (_capital(doc[first - 1]) or doc[first - 1].lower_ in names.PARTICLES)
            ):
                first -= 1
            last = max(last, _word_end(doc, last), _same_name(doc, first))
            covered.update(range(first, last + 1))
            yield first, last
    for token in doc:
        if token.i in covered or not token.text[0].isupper() or token.is_stop:
            continue
        titled = token.i > 0 and doc[token.i - 1].lower_.rstrip(".") in names.HONORIFICS
        if not titled and not _is_given(token.text) and not INITIALS.fullmatch(token.text):
            continue
        if not _capital(token) or (is_title(token) and not titled):
            continue
        last = last_token(doc, token.i)
        if covered & set(range(token.i, last + 1)):
            continue
        if titled or (last > token.i and _is_person(doc, token.i, last)):
            covered.update(range(token.i, last + 1))
            yield token.i, last


def _without_title(doc: Doc, first: int, last: int) -> tuple[int, int]:
    while last > first and (
        doc[last].tag_ == "POS" or not doc[last].text[0].isalnum() or doc[last].is_space or _ends_before(doc[last])
    ):
        last -= 1
    last = next((at - 1 for at in range(first + 1, last + 1) if _ends_before(doc[at])), last)
    while first < last and (
        is_title(doc[first]) or not (doc[first].text[0].isupper() or doc[first].lower_ in names.PARTICLES)
    ):
        first += 1
    return first, last


def _is_place(doc: Doc, first: int, last: int) -> bool:
    """Tell whether a name that does not begin with a first name stands after "in", "from" or the like."""
    root = doc[first : last + 1].root
    return root.dep_ == "pobj" and root.head.lower_ in ("in", "at", "from", "near", "to") and not _is_given(doc[first].text)


def _is_otherwise(doc: Doc, first: int, last: int, labels: dict[str, Counter[str]]) -> bool:
    """Tell whether a single word is no person by what the base pipeline calls it elsewhere in the article."""
    if first != last or (first and is_title(doc[first - 1])) or _is_given(doc[first].text):
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
