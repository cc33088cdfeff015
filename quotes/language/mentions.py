"""The people of one article: every form of each name, joined under the longest, with the role the article gives."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from spacy.tokens import Doc, Token

from quotes.language import cues
from quotes.people import names

OFFICES = frozenset(
    """president premier minister leader secretary senator congressman congresswoman representative governor mayor
    chancellor chief chair chairman chairwoman chairperson director head spokesman spokeswoman spokesperson speaker
    deputy ambassador judge justice attorney prosecutor commissioner councillor councilman councilwoman general admiral
    colonel captain king queen prince princess pope bishop archbishop cardinal economist professor analyst pollster
    owner founder executive ceo manager coach candidate nominee lawyer author historian strategist adviser
    advisor aide negotiator envoy lawmaker mp lord baroness teacher doctor nurse farmer engineer scientist activist
    treasurer sheriff officer superintendent inspector editor reporter journalist columnist host anchor banker broker
    organiser organizer steward driver resident whip backbencher taoiseach dean rector vice-president novelist
    musician conductor actor director-general firefighter curator archivist""".split()
)
ORGANISATION_WORDS = frozenset(
    """government ministry department parliament senate congress house court council committee commission party union
    agency bank company corporation association organisation organization university institute campaign administration
    police army navy group federation league club board bureau office foundation society centre center newspaper paper
    gazette times post courier herald news tribune journal magazine network channel station railway railways
    assembly chamber authority service cabinet opposition embassy kremlin palace trust firm hospital school alliance
    coalition movement network website inquiry regulator watchdog charity airline brewery theatre museum agreement
    street road river valley dam bridge square county airport park island""".split()
)
SPECIAL_DESCRIPTIONS = 12


@dataclass(slots=True)
class Person:
    """A person of this article.

    Attributes:
        name: the longest form of the name, without titles.
        gender: female or male where titles or given names tell.
        role: the office that the article gives first.
        mentions: the first tokens of all mentions, by their index in the document, ascending.
        subjects: those mentions that are the subject of a verb.
    """

    name: str
    gender: str | None = None
    role: str | None = None
    mentions: list[int] = field(default_factory=list)
    subjects: set[int] = field(default_factory=set)


def people(doc: Doc) -> list[Person]:
    """Gather the people of an article.

    Args:
        doc: a parsed document with named entities.

    Returns:
        People in the order in which they first appear.
    """
    by_surname: dict[str, list[Person]] = {}
    full = list(_full_mentions(doc))
    for first, last in sorted(full, key=lambda mention: (mention[0] - mention[1], mention[0])):
        name = _name(doc, first, last)
        bearers = by_surname.setdefault(names.surname(name), [])
        person = _whose(bearers, name, first)
        if person is None:
            person = Person(name)
            bearers.append(person)
        _mention(doc, person, first, last)
    covered = {at for first, last in full for at in range(first, last + 1)}
    for token in doc:
        if token.i in covered or not token.text[0].isupper() or (token.i and doc[token.i - 1].text == "-"):
            continue
        last = _word_end(doc, token.i)
        word = doc[token.i : last + 1].text
        bearers = by_surname.get(names.surname(word), [])
        person = _whose(bearers, word, token.i)
        if person is not None and not _inside_another_name(token):
            _mention(doc, person, token.i, last)
    found = [person for bearers in by_surname.values() for person in bearers]
    for person in found:
        person.mentions.sort()
        person.role = next((role for at in person.mentions if (role := _role(doc, at))), None)
    return sorted(found, key=lambda person: person.mentions[0])


def last_token(doc: Doc, first: int) -> int:
    """Give the last token of the name that begins at token ``first``: capitals, particles and what hyphens join."""
    last = _word_end(doc, first)
    while last + 1 < len(doc):
        following = last + 1
        while following < len(doc) and doc[following].lower_ in names.PARTICLES and doc[following].text.islower():
            following += 1
            if following < len(doc) and doc[following].text == "-":
                following += 1
        if following == len(doc) or not _capital(doc[following]):
            break
        last = _word_end(doc, following)
    return last


def _same_name(doc: Doc, first: int) -> int:
    """Give the last token of a name as ``last_token`` does, stopping where another entity begins."""
    last = last_token(doc, first)
    return next((token.i - 1 for token in doc[first + 1 : last + 1] if token.ent_type_ not in ("", "PERSON")), last)


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


def tidy_role(words: str) -> str:
    """Cut the article or possessive off a description and begin it with a capital."""
    words = re.sub(r"\s+", " ", words.strip(" ,;:–—-"))
    words = re.sub(r"^(?:the|a|an|his|her|its|their|our|my)\s+", "", words, flags=re.IGNORECASE)
    return words[:1].upper() + words[1:]


def _whose(bearers: list[Person], name: str, at: int) -> Person | None:
    """Find whose name a form is, of those with that surname: the one it fits, or the last of them named before it."""
    matching = [person for person in bearers if names.covers(person.name, name)]
    exact = [person for person in matching if names.bare(person.name) == names.bare(name)]
    if exact or len(matching) <= 1:
        return next(iter(exact or matching), None)
    return max(matching, key=lambda person: max((other for other in person.mentions if other < at), default=-1))


def _mention(doc: Doc, person: Person, first: int, last: int) -> None:
    person.mentions.append(first)
    if doc[first : last + 1].root.dep_ in ("nsubj", "nsubjpass"):
        person.subjects.add(first)
    if person.gender is None:
        before = doc[first - 1].text + " " if first and doc[first - 1].lower_.rstrip(".") in names.HONORIFICS else ""
        person.gender = names.gender(before + person.name)


def _name(doc: Doc, first: int, last: int) -> str:
    return re.sub(r"['’]s?$", "", doc[first : last + 1].text)


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
    return following or (
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
        if first <= last and "\n" not in doc[first : last + 1].text and (first != last or not _is_title(doc[first])):
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
        if token.i in covered or not _capital(token) or token.is_stop or not names.is_given_name(token.text):
            continue
        last = last_token(doc, token.i)
        if last > token.i and not covered & set(range(token.i, last + 1)) and _is_person(doc, token.i, last):
            covered.update(range(token.i, last + 1))
            yield token.i, last


def _without_title(doc: Doc, first: int, last: int) -> tuple[int, int]:
    while last > first and (doc[last].tag_ == "POS" or not doc[last].text[0].isalnum() or doc[last].is_space):
        last -= 1
    while first < last and (
        _is_title(doc[first]) or not (doc[first].text[0].isupper() or doc[first].lower_ in names.PARTICLES)
    ):
        first += 1
    return first, last


def _is_place(doc: Doc, first: int, last: int) -> bool:
    """Tell whether a name that does not begin with a first name stands after "in", "from" or the like."""
    root = doc[first : last + 1].root
    return (
        root.dep_ == "pobj"
        and root.head.lower_ in ("in", "at", "from", "near", "to")
        and not names.is_given_name(doc[first].text)
    )


def _is_title(token: Token) -> bool:
    return token.lower_.rstrip(".") in names.HONORIFICS or token.lower_ in OFFICES


def _is_person(doc: Doc, first: int, last: int) -> bool:
    """Look for signs that capitalised words are a person: an office beside them, "who", or that they say something."""
    if any(token.lower_ in ORGANISATION_WORDS for token in doc[first : last + 1]) or last - first > 4:
        return False
    if first and _is_title(doc[first - 1]):
        return True
    if any(token.text in names.PARTICLES for token in doc[first + 1 : last]):
        return True
    after = doc[last + 1 : last + 1 + SPECIAL_DESCRIPTIONS]
    if (
        len(after) > 1
        and after[0].text == ","
        and (after[1].tag_ in ("WP", "WP$") or any(token.lower_ in OFFICES for token in after[1:6]))
    ):
        return True
    root = doc[first : last + 1].root
    if root.dep_ == "appos" and root.head.lower_ in OFFICES:
        return True
    beside = [doc[at] for at in (first - 1, last + 1) if 0 <= at < len(doc)]
    return root.dep_ in ("nsubj", "nsubjpass", "poss") or any(
        token.pos_ == "VERB" and token.lemma_.lower() in cues.UTTERING for token in beside
    )


def _role(doc: Doc, at: int) -> str | None:
    """Read the office before a name ("Finance Minister Ada Vell") or in apposition ("Ada Vell, the mayor of Orm,")."""
    return _before(doc, at) or _apposed(doc, at)


def _before(doc: Doc, at: int) -> str | None:
    first = at
    while first > 0:
        token = doc[first - 1]
        if token.is_space or not (
            token.pos_ in ("NOUN", "PROPN", "ADJ") or token.text in ("-", "of", "and", "for") or token.tag_ == "POS"
        ):
            break
        first -= 1
    while first < at and (doc[first].text in ("-", "of", "and", "for") or doc[first].tag_ == "POS"):
        first += 1
    if first < at and doc[at - 1].lower_ in OFFICES:
        return tidy_role(doc[first:at].text)
    return None


def _apposed(doc: Doc, at: int) -> str | None:
    last = last_token(doc, at)
    root = doc[at : last + 1].root
    if (
        root.dep_ == "appos"
        and root.head.i < at
        and doc[at - 1].text == ","
        and _holds_office(doc, root.head.left_edge.i, at - 1)
    ):
        return tidy_role(doc[root.head.left_edge.i : at - 1].text)
    if last + 2 >= len(doc) or doc[last + 1].text != ",":
        return None
    end = last + 2
    while end < len(doc) and end - last < SPECIAL_DESCRIPTIONS:
        token = doc[end]
        if (
            token.is_space
            or (token.is_punct and token.text not in ("-", "’", "'"))
            or token.pos_ in ("VERB", "AUX")
            or token.tag_.startswith("W")
        ):
            break
        end += 1
    if doc[last + 2].pos_ in ("DET", "PRON", "ADJ", "NOUN", "PROPN") and _holds_office(
        doc, last + 2, min(end, last + 8)
    ):
        return tidy_role(doc[last + 2 : end].text)
    return None


def _holds_office(doc: Doc, start: int, end: int) -> bool:
    return any(token.lower_ in OFFICES for token in doc[start:end])
