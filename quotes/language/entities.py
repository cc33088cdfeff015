"""Everything an article names: people, organisations, places and groups, each under one name wherever it stands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from spacy.tokens import Doc, Span, Token

from quotes.language.mentions import Person, last_token
from quotes.language.offices import OFFICES, ORGANISATION_WORDS
from quotes.people import names
from quotes.people.countries import country_of, name_of
from quotes.records import TargetType

ENTITY_TYPES: dict[str, TargetType] = {
    "ORG": "organisation",
    "GPE": "place",
    "LOC": "place",
    "FAC": "place",
    "NORP": "group",
    "LAW": "issue",
    "EVENT": "issue",
    "WORK_OF_ART": "issue",
    "PRODUCT": "issue",
}
# Names that are so common that articles never spell them out, and countries that have several.
ALIASES = {"gop": "Republican Party", "g.o.p": "Republican Party", "tory party": "Conservative Party"}
OF_MANY_NAMES = frozenset(("US", "GB", "EU", "UN"))
# "the Russian military" stands for the country, "the Russian people" does not.
STATE = frozenset(
    """government military army forces force troops authorities regime state navy administration leadership
    officials soldiers missiles kremlin side""".split()
)
# What a state does: "Russian aggression" is Russia's.
ACTS = frozenset(
    """aggression invasion occupation annexation interference intervention meddling hacking propaganda expansionism
    threat attack attacks strikes atrocities""".split()
)
# Whose "Republican plans" and "Tory cuts" are.
PARTIES = {
    "democratic": "Democrats",
    "republican": "Republicans",
    "conservative": "Conservatives",
    "tory": "Tories",
    "liberal democrat": "Liberal Democrats",
    "labour": "Labour",
}
HEADS_OF_OFFICE = OFFICES - frozenset(("officer", "farmer", "teacher", "driver", "resident", "doctor", "nurse"))
JOINING = frozenset(("of", "for", "and", "on", "against", "the", "in"))
NO_NAMES = frozenset(("VERB", "AUX", "ADV", "INTJ", "PRON"))
MARKS = " “”‘’\"'«».,;:-–—"
LONGEST_NAME = 8
ACRONYM = re.compile(r"(?:[A-Z]\.?){2,7}")


class Naming(NamedTuple):
    """One place where somebody or something is named: its tokens, end excluded, and who or what that is."""

    start: int
    end: int
    name: str
    type: TargetType


def namings(doc: Doc) -> dict[int, Naming]:
    """Find every name of an article under its fullest form, and every office whose holder the article names.

    "TPP" is named "Trans-Pacific Partnership" where the article spells it so, "the Russian military" is named Russia,
    and "the Russian president" as the person to whom the article gives that office.

    Args:
        doc: a parsed document with named entities and ``doc._.people``.

    Returns:
        From each token of a name to the name.
    """
    found: list[Naming] = []
    called = full_names(doc._.people)
    persons = [person for person in doc._.people if is_somebody(doc, person)]
    people = {place for person in persons for at in person.mentions for place in range(at, last_token(doc, at) + 1)}
    bodies = [
        entity
        for entity in doc.ents
        if entity.label_ in ENTITY_TYPES and entity.root.pos_ not in NO_NAMES and not people & set(_range(entity))
    ]
    runs = [run for run in _runs(doc) if not people & set(_range(run))]
    full = _full_forms(bodies, runs)
    for run in runs:
        kind: TargetType = "organisation" if run[-1].lower_ in ORGANISATION_WORDS else "issue"
        found.append(Naming(run.start, run.end, plain(run.text), kind))
    for entity in bodies:
        naming = _demonym(entity) if entity.label_ == "NORP" else _body(entity, full)
        if naming is not None:
            found.append(naming)
    for token in doc:
        if not token.ent_type_ and token.text in full and ACRONYM.fullmatch(token.text):
            found.append(Naming(token.i, token.i + 1, full[token.text], "organisation"))
    for person in persons:
        name = called[person.name]
        found += [Naming(at, last_token(doc, at) + 1, name, "person") for at in person.mentions]
    by_token = {place: naming for naming in found for place in range(naming.start, naming.end)}
    for token in doc:
        if token.lower_ in HEADS_OF_OFFICE and token.i not in by_token:
            bearer = bearer_of_office(token)
            if bearer is not None:
                start = next(child.i for child in token.lefts if child.dep_ in ("det", "poss"))
                naming = Naming(start, token.i + 1, called[bearer.name], "person")
                by_token.update(dict.fromkeys(range(start, token.i + 1), naming))
    return by_token


def is_somebody(doc: Doc, person: Person) -> bool:
    """Tell whether the base pipeline takes a full name for a person's as a rule, or a title stands before it.

    The people of an article are gathered by their form; "Velda Coal" and "Burma" slip in.
    """
    if any(at and doc[at - 1].lower_.rstrip(".") in names.HONORIFICS for at in person.mentions):
        return True
    full = [at for at in person.mentions if last_token(doc, at) > at] or person.mentions
    labels = [doc[at].ent_type_ for at in full]
    others = sum(label in ENTITY_TYPES for label in labels)
    return labels.count("PERSON") >= others


def bearer_of_office(office: Token) -> Person | None:
    """Find who "the Russian president" is: the one person of the article whose role has all these words.

    "The president" alone may mean several; then it is the one who is named most often just as that.
    """
    determiner = next((child for child in office.lefts if child.dep_ in ("det", "poss")), None)
    if (
        determiner is None
        or determiner.lower_ not in ("the", "our", "this", "her", "his", "their")
        or any(c.dep_ == "appos" for c in office.children)
    ):
        return None
    said = {
        word
        for token in office.doc[determiner.i : office.i + 1]
        if token.pos_ not in ("DET", "PUNCT", "PRON") and token.tag_ != "POS"
        for word in names.words(token.text)
    }
    bearers = [person for person in office.doc._.people if person.role and said <= set(names.words(person.role))]
    if len(bearers) < 2:
        return next(iter(bearers), None)
    plain = [person for person in bearers if set(names.words(person.role or "")) == said]
    return max(plain or bearers, key=lambda person: len(person.mentions)) if plain else None


def plain(words: str) -> str:
    """Cut articles, possessive endings and what the base pipeline took along off a name."""
    words = words.strip(MARKS)
    words = re.sub(r"^(?:the|a|an|this|our|their|his|her)\s+", "", words, flags=re.IGNORECASE).strip(MARKS)
    words = re.split(r"\s*[“”‘\"«»\n]", re.sub(r"['’]s?$", "", words))[0]
    words = re.sub(r"\s+(?:for|of|and|in|to)$", "", words.strip())
    return re.sub(r"\s+", " ", words)


def _range(entity: Span) -> range:
    return range(entity.start, entity.end)


def _body(entity: Span, full: dict[str, str]) -> Naming | None:
    name = plain(entity.text)
    if (
        len(name) < 2
        or re.search(r"[\[\](){}@/]|\d{3}", name)
        or not any(character.isupper() for character in name)
        or len(name.split()) > LONGEST_NAME
    ):
        return None
    if entity.root.dep_ == "pobj" and entity.root.head.head.lower_ in OFFICES and entity.root.head.head.pos_ == "PROPN":
        return None
    kind = ENTITY_TYPES[entity.label_]
    if kind == "issue" and len(entity) == 1 and not entity[0].text[0].isupper():
        return None
    name = full.get(name, name)
    if entity.root.lower_ in ORGANISATION_WORDS and kind == "place":
        kind = "organisation"
    return Naming(entity.start, entity.end, _spelled_out(name), kind)


def _spelled_out(name: str) -> str:
    code = country_of(name)
    country = name_of(code) if code and code in OF_MANY_NAMES else None
    return country or ALIASES.get(name.casefold().rstrip("."), name)


def _country(demonym: str) -> str | None:
    # Before a word for the state it is not the language.
    code = "GB-ENG" if demonym.casefold() == "english" else country_of(demonym)
    return name_of(code) if code else None


def _demonym(entity: Span) -> Naming | None:
    """Read "Russians" as a group, "the Russian military" as Russia, "Tory cuts" as Tories; "Russian gas" is no name."""
    doc, root = entity.doc, entity.root
    country = _country(entity.text)
    follows = doc[entity.end] if entity.end < len(doc) else None
    if root.dep_ not in ("amod", "compound", "nmod") and root.pos_ != "ADJ":
        name = plain(entity.text)
        return Naming(entity.start, entity.end, name, "group") if name[:1].isupper() and len(name) > 2 else None
    if follows is None or root.head.i < entity.end:
        return None
    last = root.head
    if country and last.lower_ in STATE and last.i - entity.start <= 3:
        return Naming(entity.start, last.i + 1, country, "place")
    if country and last.lower_ in ACTS and last.i == entity.end:
        return Naming(entity.start, entity.end, country, "place")
    if last.lower_ == "party" and last.i == entity.end:
        return Naming(entity.start, last.i + 1, f"{plain(entity.text)} Party", "organisation")
    if last.lower_ in ("people", "citizens", "voters") and last.i == entity.end:
        return Naming(entity.start, last.i + 1, f"{plain(entity.text)} {last.text}", "group")
    party = PARTIES.get(entity.text.casefold())
    if party is None or (last.lower_ in OFFICES and last.tag_ != "NNS"):
        return None
    return Naming(entity.start, entity.end, party, "group")


def full_names(people: Iterable[Person]) -> dict[str, str]:
    """Map the name of each person of an article to the fullest: "Ada" to "Ada Vell", of several to the chief one."""
    known = list(people)
    called = {}
    for person in known:
        said = set(names.bare(person.name))
        fuller = [other for other in known if said < set(names.bare(other.name))] if len(said) == 1 else []
        called[person.name] = max(fuller or [person], key=lambda other: len(other.mentions)).name
    return called


def _runs(doc: Doc) -> Iterator[Span]:
    """Yield names of several capitalised words that the base pipeline did not see, such as "Clean Water Act"."""
    start = None
    for token in doc:
        joined = token.lower_ in JOINING and token.i + 1 < len(doc) and doc[token.i + 1].pos_ == "PROPN"
        named = token.pos_ == "PROPN" and token.text[0].isupper() and not token.ent_type_ and not token.is_sent_start
        if start is None:
            start = token.i if named else None
        elif not named and not joined:
            if token.i - start > 1 and doc[token.i - 1].lower_ not in OFFICES:
                yield doc[start : token.i]
            start = None


def _full_forms(bodies: Iterable[Span], runs: Iterable[Span]) -> dict[str, str]:
    """Map each short form of a body's name to the one longer name in the article that it may stand for."""
    bodies = list(bodies)
    named = {plain(entity.text) for entity in bodies if entity.label_ in ("ORG", "LAW", "EVENT", "PRODUCT")}
    named |= {plain(run.text) for run in runs}
    doc = bodies[0].doc if bodies else None
    acronyms = {token.text for token in doc or () if ACRONYM.fullmatch(token.text)}
    short_forms = acronyms | {plain(entity.text) for entity in bodies if entity.label_ in ("ORG", "LAW", "PRODUCT")}
    places = {word for entity in bodies if entity.label_ == "GPE" for word in names.words(entity.text)}
    full: dict[str, str] = {}
    for short in short_forms:
        longer = {name.casefold(): name for name in named if _stands_for(short, name, places)}
        if len(longer) == 1:
            full[short] = next(iter(longer.values()))
    return full


def _initials(acronym: str) -> str:
    return re.sub(r"[^A-Z]", "", acronym)


def _possible_initials(name: str) -> set[str]:
    parts = re.findall(r"[^\W_]+", name)
    return {
        "".join(part[0] for part in parts).upper(),
        "".join(part[0] for part in parts if part[0].isupper()),
    }


def _stands_for(short: str, name: str, places: set[str]) -> bool:
    if ACRONYM.fullmatch(short):
        return " " in name and _initials(short) in _possible_initials(name)
    said, whole = short.split(), name.split()
    if len(said) >= len(whole):
        return False
    if whole[: len(said)] == said and not _are_places(names.words(short)[:1], places):
        return whole[-1].lower() in ORGANISATION_WORDS or len(said) > 1 or len(whole) == 2
    # "the Senate" for "the US Senate": what stands before it names a country.
    return whole[-len(said) :] == said and _are_places(names.words(" ".join(whole[: -len(said)])), places)


def _are_places(words: Iterable[str], places: set[str]) -> bool:
    return all(word in places or country_of(word.upper()) for word in words)
