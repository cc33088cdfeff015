"""Whom and what a quote is about: people, organisations, places, groups and issues, the likeliest first.

What is named inside the quote comes first, then whom its pronouns and descriptions mean, then what the sentence around
it names where the quote itself names nobody. A noun phrase of a main clause may come before a place named in passing.

A demonym with a word for the state ("the Russian military", "the Russian government") is the country; "Russians" and
"the Russian people" are groups; "Russian gas" is an issue like any other.

Neither whom the speaker addresses nor the publisher is a target; the speaker himself comes last, where he says "I".
"""

from __future__ import annotations

import math
from bisect import bisect
from collections import Counter
from collections.abc import Container, Iterator
from typing import NamedTuple

from spacy.tokens import Doc, Token

from quotes.language import grammar, issues
from quotes.language.antecedents import Context, is_spoken_of, pointers, spoken_about, standing
from quotes.language.entities import Naming, full_names, is_somebody, namings
from quotes.language.marks import overlapping
from quotes.language.mentions import Person, last_token
from quotes.people import names
from quotes.people.countries import country_of
from quotes.records import Quote, Span, TargetType

MOST, MOST_ISSUES = 8, 5
PRONOUNS = {"he": "male", "him": "male", "his": "male", "himself": "male"} | dict.fromkeys(
    ("she", "her", "hers", "herself"), "female"
)
SOMEBODY = {"man": "male", "guy": "male", "gentleman": "male", "woman": "female", "lady": "female"}
POINTING = frozenset("it this that its they them their these those you your he she him her his".split())
ABOUT = frozenset(("of", "about", "against", "over", "on", "after", "for"))
LOCATING = frozenset(("in", "at", "from", "near", "across", "around", "to", "outside", "inside"))
# What a name is worth by its type, and what its place in the clause adds.
WORTH: dict[TargetType, float] = {"person": 3.0, "organisation": 2.6, "group": 2.4, "place": 1.5, "issue": 2.0}
AGAIN, MERELY_WHERE, MEANT, AROUND = 0.3, -2.0, -0.2, -0.8
LEAST, ENOUGH_ALONE = 0.6, 0.2
POINTED, ANNOUNCED, FEW = 0.8, -0.6, 4
MAX_CLIMB = 8
# What speaks for a person being meant by a pronoun, in points; a point is worth so many tokens of distance.
SUBJECT, SAME_SENTENCE, SAME_GENDER, OFTEN, TOKENS_A_POINT = 0.6, 0.8, 1.0, 0.4, 80
REACH = 500
SENTENCES_BACK = 3
FIRST_PERSON = frozenset(("i", "me", "my", "myself"))
HIMSELF = -1.0


class Target(NamedTuple):
    """What a quote is about; ``places`` are where the article names it, in the quote or in the sentence around it."""

    name: str
    type: TargetType
    places: tuple[Span, ...]


class _Candidate(NamedTuple):
    name: str
    type: TargetType
    weight: float
    place: Span


class _Known(NamedTuple):
    """What is read once for all quotes of an article."""

    named: dict[int, Naming]
    matter: issues.Matter
    full_names: dict[str, str]
    people: list[Person]
    alone: dict[str, list[int]]
    often: Counter[str]
    context: Context


if not Doc.has_extension("target_names"):
    Doc.set_extension("target_names", default=None)


def targets(doc: Doc, quote: Quote) -> tuple[Target, ...]:
    """Find whom and what a quote is about.

    Args:
        doc: a document with ``doc._.people``, ``doc._.mentions``, ``doc._.quotations``, and speakers resolved.
        quote: one of its quotes.

    Returns:
        At most eight targets, the likeliest first, no more than five of them phrases; each name once. The places of a
        target are code points of the article, in order.
    """
    if doc._.target_names is None:
        named = namings(doc)
        often = Counter(naming.name for naming in set(named.values()))
        people = [person for person in doc._.people if is_somebody(doc, person)]
        alone = {person.name: [at for at in person.mentions if _stands_alone(doc, at)] for person in people}
        matter = issues.read(doc)
        context = Context(doc, named, matter, often)
        doc._.target_names = _Known(named, matter, full_names(doc._.people), people, alone, often, context)
    known: _Known = doc._.target_names
    tokens = _tokens(doc, quote)
    if not tokens:
        return ()
    found = _inside(doc, quote, tokens, known)
    if not found:
        found = _around(doc, quote, tokens, known)
    nobody = not found
    found += _announced(doc, quote, tokens, known)
    found += _things(doc, quote, tokens, known)
    found += _matters(doc, tokens, known)
    if nobody:
        found += _spoken_of_before(doc, quote, tokens, known, found)
    return _ranked([*found, *_himself(doc, quote, tokens)])


def _tokens(doc: Doc, quote: Quote) -> list[Token]:
    return [token for span in quote.spans for token in grammar.between(doc, *span)]


def _inside(doc: Doc, quote: Quote, tokens: list[Token], known: _Known) -> list[_Candidate]:
    found = [*_named(doc, tokens, known.named), *_meant(doc, quote, tokens, known)]
    return [
        candidate
        for candidate in found
        if not _is_excluded(doc, quote, candidate, known) and not _is_his_own_country(doc, quote, candidate)
    ]


def _matters(doc: Doc, tokens: list[Token], known: _Known) -> list[_Candidate]:
    found = [
        _Candidate(issue.name, issue.type, issue.weight, grammar.span_of(doc, issue.start, issue.end - 1))
        for issue in issues.issues(tokens, known.named, known.matter)
    ]
    found.sort(key=lambda candidate: -candidate.weight)
    return [c for c in found if c.weight >= LEAST][:MOST_ISSUES] or [c for c in found if c.weight >= ENOUGH_ALONE][:1]


def _named(doc: Doc, tokens: list[Token], named: dict[int, Naming]) -> Iterator[_Candidate]:
    seen: set[int] = set()
    for token in tokens:
        naming = named.get(token.i)
        if naming is None or naming.start in seen:
            continue
        seen.add(naming.start)
        root = doc[naming.start : naming.end].root
        weight = WORTH[naming.type] + standing(root)
        if naming.type == "place" and root.dep_ == "pobj" and root.head.lower_ in LOCATING:
            weight += MERELY_WHERE
        yield _Candidate(naming.name, naming.type, weight, grammar.span_of(doc, naming.start, naming.end - 1))


def _meant(doc: Doc, quote: Quote, tokens: list[Token], known: _Known) -> Iterator[_Candidate]:
    """Find whom the pronouns of a quote mean, and "this man"; the speaker's own in reported speech mean himself."""
    resolved: dict[tuple[str, bool, bool], Person | None] = {}
    for token in tokens:
        gender = PRONOUNS.get(token.lower_) or (
            SOMEBODY.get(token.lower_) if token.left_edge.lower_ in ("this", "that", "the") else None
        )
        if gender is None:
            continue
        key = gender, _is_quoted(doc, token.idx), _is_object(token)
        if key not in resolved:
            resolved[key] = _antecedent(doc, quote, token, gender, known)
        person = resolved[key]
        if person is not None:
            yield _Candidate(
                known.full_names[person.name],
                "person",
                WORTH["person"] + MEANT + standing(token),
                grammar.span_of(doc, token.left_edge.i if gender and token.lower_ in SOMEBODY else token.i, token.i),
            )


def _antecedent(doc: Doc, quote: Quote, pronoun: Token, gender: str, known: _Known) -> Person | None:
    """Weigh the people whom a pronoun may mean: near, in the same sentence, subjects, and often named.

    In the speaker's own words it is never the speaker; in reported speech it mostly is, but for "him" and "her".
    """
    speaker = quote.speaker.name if quote.speaker else None
    quoted = _is_quoted(doc, pronoun.idx)
    sentences = {doc[place].sent.start for place in _bounds(doc, quote)}
    best: tuple[float, Person] | None = None
    for person in known.people:
        if person.gender not in (None, gender) or known.full_names[person.name] == speaker:
            continue
        places = known.alone[person.name]
        here = bisect(places, pronoun.i)
        before = [at for at in places[max(0, here - 1) : here] if pronoun.i - REACH < at]
        after = [at for at in places[here : here + 1] if doc[at].sent.start in sentences]
        near = [at for at in (*before[-1:], *after[:1]) if not _is_circumstance(doc[at], quote)]
        if not near:
            continue
        nearest = near[0]
        score = -abs(pronoun.i - nearest) / TOKENS_A_POINT + OFTEN * math.log2(1 + len(person.mentions))
        score += SUBJECT if nearest in person.subjects else 0.0
        score += SAME_GENDER if person.gender == gender else 0.0
        if doc[nearest].sent.start in sentences or doc[nearest].idx >= quote.spans[0].start:
            score += SAME_SENTENCE
        if best is None or score > best[0]:
            best = score, person
    spoken = next((person for person in known.people if person.name == speaker), None)
    reported = not quoted and spoken is not None and spoken.gender in (None, gender) and not _is_object(pronoun)
    if reported and not _named_before(doc, quote, pronoun, gender):
        return None
    return best[1] if best else None


def _stands_alone(doc: Doc, at: int) -> bool:
    """Tell whether a mention is somebody and not a word for something else: not "a Vell supporter"."""
    last = doc[last_token(doc, at)]
    return last.dep_ not in ("compound", "nmod", "amod") or last.head.i <= last.i


def _is_object(pronoun: Token) -> bool:
    return pronoun.dep_ in ("dobj", "dative", "pobj") or (pronoun.lower_ == "him" and pronoun.dep_ != "nsubj")


def _named_before(doc: Doc, quote: Quote, pronoun: Token, gender: str) -> bool:
    """Tell whether the quote itself names somebody before a pronoun whom it may mean."""
    return any(
        person.gender in (None, gender) and quote.spans[0].start <= doc[at].idx < pronoun.idx
        for person in doc._.people
        for at in person.mentions
    )


def _bounds(doc: Doc, quote: Quote) -> Iterator[int]:
    for span in (*quote.source, *quote.cue, *quote.spans):
        tokens = list(grammar.between(doc, *span))
        if tokens:
            yield tokens[0].i


def _around(doc: Doc, quote: Quote, tokens: list[Token], known: _Known) -> list[_Candidate]:
    """Find whom the sentence around a quote names, for a quote that names nobody, the addressee only where "you" is."""
    addressed = any(token.lower_ in ("you", "your") for token in tokens)
    inside = {token.i for token in tokens}
    found: list[_Candidate] = []
    for start in sorted({doc[place].sent.start for place in _bounds(doc, quote)}):
        outside = [token for token in doc[start].sent if token.i not in inside]
        for candidate, naming in zip(_named(doc, outside, known.named), _places(outside, known.named), strict=True):
            root = doc[naming.start : naming.end].root
            if naming.type == "organisation" and known.often[naming.name] < 2:
                continue
            if naming.type in ("person", "organisation") and (addressed or not _is_circumstance(root, quote)):
                found.append(candidate._replace(weight=candidate.weight + AROUND))
    found = [candidate for candidate in found if not _is_excluded(doc, quote, candidate, known)]
    return sorted(found, key=lambda candidate: -candidate.weight)[:1]


def _spoken_of_before(
    doc: Doc, quote: Quote, tokens: list[Token], known: _Known, found: list[_Candidate]
) -> list[_Candidate]:
    """Find whom "you" means, and what a quote goes on about that says little of its own."""
    addressed = next((token for token in tokens if token.lower_ in ("you", "your")), None)
    pointer = addressed or next(
        (token for token in tokens if token.lower_ in POINTING and token.tag_ not in ("IN", "WDT")), None
    )
    if found and (pointer is None or (addressed is None and len({candidate.name for candidate in found}) >= FEW)):
        return []
    at = (pointer or tokens[0]).i
    place = grammar.span_of(doc, at, at)
    before = _just_before(doc, quote, tokens, known, ("person", "organisation"))
    thing = None if found or before else known.context.chief(tokens)
    if thing is not None:
        before = [_Candidate(thing.name, thing.type, LEAST, place)]
    return [c._replace(place=place) for c in before if not _is_excluded(doc, quote, c, known)]


def _just_before(
    doc: Doc, quote: Quote, tokens: list[Token], known: _Known, kinds: Container[TargetType]
) -> list[_Candidate]:
    """Find what the sentences before a quote name, of several the one that is named most often in the article."""
    end = min(tokens[0].sent.start, *_bounds(doc, quote))
    start = end
    for _ in range(SENTENCES_BACK):
        start = doc[start - 1].sent.start if start else 0
    found = [
        candidate._replace(weight=LEAST)
        for candidate in _named(doc, list(doc[start:end]), known.named)
        if candidate.type in kinds
        and (candidate.type == "person" or known.often[candidate.name] > 1)
        and not _is_excluded(doc, quote, candidate, known)
    ]
    return sorted(found, key=lambda candidate: -known.often[candidate.name])[:1]


def _things(doc: Doc, quote: Quote, tokens: list[Token], known: _Known) -> Iterator[_Candidate]:
    """Find what "it", "they" and "the company" mean, where the quote itself does not say."""
    for token in pointers(tokens, known.named):
        thing = known.context.of(token, tokens)
        if thing is not None:
            weight = POINTED + standing(token)
            found = _Candidate(thing.name, thing.type, weight, grammar.span_of(doc, token.i, token.i))
            if not _is_excluded(doc, quote, found, known):
                yield found
    for token in tokens:
        if token.pos_ == "NOUN" and token.i not in known.named:
            naming = known.context.described(token)
            # Who says "the country" himself mostly means his own.
            if naming is not None and (naming.type != "place" or not _is_quoted(doc, token.idx)):
                weight = WORTH[naming.type] + standing(token)
                yield _Candidate(naming.name, naming.type, weight, grammar.span_of(doc, token.left_edge.i, token.i))


def _announced(doc: Doc, quote: Quote, tokens: list[Token], known: _Known) -> Iterator[_Candidate]:
    """Find what the words around a quote say that it is about."""
    inside = {token.i for token in tokens}
    for cue in (token for span in quote.cue for token in grammar.between(doc, *span)):
        for noun in spoken_about(cue):
            if noun.i in inside:
                continue
            for thing in known.context.things(noun.sent.start):
                if thing.start <= noun.i < thing.end:
                    weight = WORTH[thing.type] + standing(noun) + ANNOUNCED
                    place = grammar.span_of(doc, thing.start, thing.end - 1)
                    found = _Candidate(thing.name, thing.type, weight, place)
                    if not _is_excluded(doc, quote, found, known):
                        yield found


def _himself(doc: Doc, quote: Quote, tokens: list[Token]) -> Iterator[_Candidate]:
    """Name a speaker who speaks of himself in his own words, last of all: "I have good judgment".

    Only a label can tell whether he is defended or blamed; who finds neither leaves this target out. With a verb of
    thinking or saying "I" merely introduces what is said, and is no matter of it.
    """
    if quote.speaker is None or quote.speaker.type != "person":
        return
    for token in tokens:
        if token.lower_ in FIRST_PERSON and _is_quoted(doc, token.idx) and is_spoken_of(token):
            yield _Candidate(quote.speaker.name, "person", HIMSELF, grammar.span_of(doc, token.i, token.i))


def _places(tokens: list[Token], named: dict[int, Naming]) -> list[Naming]:
    return list({named[token.i].start: named[token.i] for token in tokens if token.i in named}.values())


def _is_circumstance(root: Token, quote: Quote) -> bool:
    """Tell whether a name says to whom, where or on which occasion the speaker speaks: what hangs on the cue."""
    node = root
    for _ in range(MAX_CLIMB):
        if any(span.start <= node.head.idx < span.end for span in quote.cue):
            return node.dep_ in ("dobj", "dative", "npadvmod") or (
                node.dep_ in ("prep", "advcl") and node.lower_ not in ABOUT
            )
        if node.head is node:
            return False
        node = node.head
    return False


def _is_excluded(doc: Doc, quote: Quote, candidate: _Candidate, known: _Known) -> bool:
    if quote.speaker and candidate.name in (quote.speaker.name, known.full_names.get(quote.speaker.name)):
        return True
    if any(span.start <= candidate.place.start < span.end for span in quote.source):
        return True
    publisher: str | None = doc._.article.publisher if doc.has_extension("article") and doc._.article else None
    return publisher is not None and names.words(candidate.name) == names.words(publisher)


def _is_his_own_country(doc: Doc, quote: Quote, candidate: _Candidate) -> bool:
    """Tell whether a name only mentions the speaker's country, as its president does: "Russia's neighbour"."""
    role = quote.speaker.role if quote.speaker and candidate.type == "place" else None
    code = country_of(candidate.name) if role else None
    if role is None or code is None or code not in map(country_of, role.split()):
        return False
    tokens = list(grammar.between(doc, *candidate.place))
    root = doc[tokens[0].i : tokens[-1].i + 1].root
    return root.dep_ not in (*grammar.SUBJECTS, "dobj", "attr")


def _is_quoted(doc: Doc, offset: int) -> bool:
    return next(overlapping(doc._.quotations, offset, offset + 1), None) is not None


def _ranked(found: list[_Candidate]) -> tuple[Target, ...]:
    """Join what differs only in form, and keep the likeliest."""
    joined: dict[str, list[_Candidate]] = {}
    for candidate in found:
        joined.setdefault(names.target_key(candidate.name), []).append(candidate)
    scored = [(max(c.weight for c in same) + AGAIN * (len(same) - 1), same) for same in joined.values()]
    scored.sort(key=lambda item: (-item[0], item[1][0].place))
    kept: list[Target] = []
    for _, same in scored[:MOST]:
        first = min(same, key=lambda candidate: candidate.place)
        kept.append(Target(first.name, first.type, tuple(sorted({c.place for c in same}))))
    return tuple(kept)
