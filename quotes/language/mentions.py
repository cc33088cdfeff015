"""The people of one article: every form of each name, joined under the fullest, with the offices the article gives."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from spacy.tokens import Doc

from quotes.language import offices
from quotes.language.naming import (
    INITIALS,
    full_mentions,
    is_given,
    is_inside_another,
    is_otherwise,
    last_token,
    main_word,
    printed_name,
    word_end,
)
from quotes.language.offices import OFFICES, ORGANISATION_WORDS
from quotes.people import names

__all__ = ["OFFICES", "Person", "last_token", "people"]

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
    full = [mention for mention in full_mentions(doc) if not is_otherwise(doc, *mention, labels)]
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
        name = printed_name(doc, first, last)
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
        given = is_given(first) and first.lower() not in names.PARTICLES
        return given or bool(INITIALS.fullmatch(first)), len(name)

    return max(forms, key=rank)


def _add_single_words(doc: Doc, full: list[tuple[int, int]], by_surname: dict[str, list[Person]]) -> None:
    """Give surnames and given names that stand alone to their bearers, and make people of what else is a name."""
    relatives: list[Person] = []
    by_given: dict[str, list[Person]] = {}
    for known in (person for bearers in by_surname.values() for person in bearers):
        by_given.setdefault(names.bare(known.name)[0], []).append(known)
    single: dict[int, int] = {}
    covered: set[int] = set()
    for first, last in full:
        name = names.bare(printed_name(doc, first, last))
        if len(name) == 1:
            single[first] = last
        elif name:
            covered.update(range(first, last + 1))
    for token in doc:
        if token.i in covered or not token.text[0].isupper() or (token.i and doc[token.i - 1].text == "-"):
            continue
        at, last = token.i, single.get(token.i, word_end(doc, token.i))
        if at not in single and last == at and _surname(token.text) not in by_surname:
            continue
        word = printed_name(doc, at, last)
        key = _surname(word)
        person = _whose(doc, by_surname.get(key, []), word, at)
        if person is None and at in single:
            if key not in by_surname:
                person = _by_given_name(doc, by_given.get(key, []), at)
            else:
                person = _relative_of(relatives, by_surname[key], _title_gender(doc, at), word)
            if person is None:
                person = Person(word)
                by_surname.setdefault(key, []).append(person)
                if at > 1 and doc[at - 1].text == "," and doc[at - 2].lower_ in offices.RELATIONS:
                    person.gender = offices.gender(doc[at - 2].text)
                    relatives.append(person)
        if person is not None and (at in single or not is_inside_another(token)):
            _mention(doc, person, at, last)


def _relative_of(relatives: list[Person], family: Iterable[Person], gender: str | None, surname: str) -> Person | None:
    """Give "Mr Vell" to Trevor in "Ada Vell's father, Trevor, ... Mr Vell", now that his surname is known."""
    fitting = [person for person in relatives if gender and person.gender == gender and " " not in person.name]
    if not fitting or any(person.gender == gender for person in family):
        return None
    fitting[-1].name += f" {surname}"
    return fitting[-1]


def _by_given_name(doc: Doc, bearers: list[Person], at: int) -> Person | None:
    """Find whom "Michelle" or "Sir Nigel" is, or "Mr Xi", whose surname comes first: one person, named before."""
    if len(bearers) != 1 or (bearers[0].mentions and min(bearers[0].mentions) > at):
        return None
    return bearers[0] if {_title_gender(doc, at), bearers[0].gender} != {"female", "male"} else None


def _title_gender(doc: Doc, at: int) -> names.Gender | None:
    """Tell the gender that the title before a name gives: "Mrs"."""
    title = doc[at - 1].lower_.rstrip(".") if at else ""
    return names.gender(f"{title} x") if title in names.FEMALE_TITLES | names.MALE_TITLES else None


def _take_from_title(doc: Doc, by_surname: dict[str, list[Person]], title: str) -> None:
    """Add people whom the headline names in full and the text by a surname that is the subject of something."""
    for given, word in re.findall(r"(?=\b([A-Z][\w’'-]+) ([A-Z][\w’'-]+))", title):
        key = _surname(word)
        if not is_given(given) or key in by_surname or word.lower() in ORGANISATION_WORDS:
            continue
        if any(token.text == word and token.dep_ == "nsubj" for token in doc):
            name = re.sub(r"['’]s$", "", f"{given} {word}")
            by_surname[key] = [Person(name, names.gender(name))]


def _whose(doc: Doc, bearers: list[Person], name: str, at: int) -> Person | None:
    """Find whose name a form is, of those with that surname.

    A title must agree with the gender. Of several whom a bare surname fits, it is the one whom the article names most,
    of equals the last named before.
    """
    if not bearers:
        return None
    gender = _title_gender(doc, at) or names.gender(name)
    wrong = {"female": "male", "male": "female"}.get(gender or "")
    short = names.bare(name)
    matching = [
        person for person in bearers if names.covers(person.name, name) and not (wrong and person.gender == wrong)
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
    person.gender = _title_gender(doc, first) or person.gender or names.gender(person.name)


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


@lru_cache(maxsize=10_000)
def _surname(word: str) -> str:
    return names.surname(word)
