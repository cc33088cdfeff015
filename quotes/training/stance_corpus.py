"""NewsMTSC and DSE for training: sentences with a marked target, a speaker where one is known, and a label."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from tokenizers import Tokenizer

from quotes.evaluation.stance_cases import Lesson
from quotes.language.attribution_model import AttributionModel, Document
from quotes.language.stance_model import Case, Prepared, prepare
from quotes.records import Span, StanceLabel
from quotes.training.stance_phrases import name, phrases

T = TypeVar("T")
PRONOUNS = frozenset("he him his she her hers they them their it its who i me my we us our you your".split())


def with_speakers(lessons: Sequence[Lesson], model: AttributionModel) -> list[Lesson]:
    """Note for each lesson who says what it says of its target, where the sentence quotes somebody."""
    texts = list(dict.fromkeys(lesson.case.text for lesson in lessons))
    found = dict(zip(texts, model.predict([Document.of(text) for text in texts]), strict=True))
    noted = []
    for lesson in lessons:
        text, (place,) = lesson.case.text, lesson.case.places
        for one in found[text]:
            inside = any(span.start <= place.start and place.end <= span.end for span in one.content)
            if inside and one.source:
                source = tuple(Span(*span) for span in one.source)
                noted.append(replace(lesson, spoken=(text[slice(*source[0])], source)))
                break
        else:
            noted.append(lesson)
    return noted


def varied(lesson: Lesson, rng: random.Random) -> Case:
    """Put a case in another way that leaves its label: other names, its speaker, an unknown place."""
    case = lesson.case
    if lesson.spoken and rng.random() < 0.5:
        case = replace(case, speaker=lesson.spoken[0], source=lesson.spoken[1])
    often = 0.5 if lesson.kind == "quote" else 0.2
    if lesson.entity and rng.random() < (0.5 if case.target.lower() in PRONOUNS else 0.2):
        case = replace(case, target=lesson.entity)
    elif rng.random() < often and case.target.istitle() and case.target.lower() not in PRONOUNS:
        case = renamed(case, case.target, name(rng))
    if lesson.kind == "quote" and case.speaker and case.speaker.istitle() and rng.random() < often:
        case = renamed(case, case.speaker, name(rng))
    chance = rng.random()
    if chance < 0.06:
        case = replace(case, places=())
    elif chance < 0.15:
        case = replace(case, source=())
    return case


def renamed(case: Case, old: str, new: str) -> Case:
    """Give somebody another name wherever the case has the name or, of one of several words, the last of them."""
    names = {old: new} | ({old.split()[-1]: new.split()[-1]} if " " in old else {})
    pattern = re.compile("|".join(rf"\b{re.escape(one)}\b" for one in names))
    text, at, shifts = "", 0, []
    for match in pattern.finditer(case.text):
        text += case.text[at : match.start()] + names[match[0]]
        at = match.end()
        shifts.append((match.end(), len(text) - at))
    text += case.text[at:]

    def moved(place: int) -> int:
        return place + next((shift for end, shift in reversed(shifts) if end <= place), 0)

    def span(one: Span) -> Span:
        return Span(moved(one.start), moved(one.end))

    target, speaker = (pattern.sub(lambda match: names[match[0]], one or "") for one in (case.target, case.speaker))
    return Case(text, target, tuple(map(span, case.places)), speaker or None, tuple(map(span, case.source)))


def chosen(lessons: Sequence[Lesson], rng: random.Random, unmoved: int, reverse: int, quoted: int) -> list[Lesson]:
    """Choose an epoch's lessons: of the kinds that are too many only so many, and annotated quotes so often."""
    kinds: dict[str, list[Lesson]] = {}
    for lesson in lessons:
        kinds.setdefault(lesson.kind, []).append(lesson)
    for kind, most in (("unmoved", unmoved), ("reverse", reverse)):
        if len(kinds.get(kind, ())) > most:
            kinds[kind] = rng.sample(kinds[kind], most)
    kinds["quote"] = kinds.get("quote", []) * quoted
    return [lesson for some in kinds.values() for lesson in some]


def epoch_of(
    lessons: Sequence[Lesson],
    tokenizer: Tokenizer,
    rng: random.Random,
    *,
    size: int,
    batch: int,
    own: int,
    quoted: int = 1,
    unmoved: int = 3000,
    reverse: int = 800,
) -> list[list[tuple[Prepared, StanceLabel]]]:
    """Make the batches of an epoch, cases of like length together.

    Args:
        lessons: all that may be learnt from.
        tokenizer: MiniLM's.
        rng: decides what chance decides.
        size: the most pieces of a text.
        batch: the most pieces of a batch, padding included.
        own: how many cases of our own wording to add.
        quoted: how often to take each annotated quote.
        unmoved: how many of DSE's neutral pairs to take.
        reverse: how many pairs to take in the direction that their label is not about.
    """
    cases = [(varied(lesson, rng), lesson.label) for lesson in chosen(lessons, rng, unmoved, reverse, quoted)]
    cases += phrases(rng, own)
    rng.shuffle(cases)
    prepared = [(prepare(case, tokenizer, size), label) for case, label in cases]
    return in_batches(prepared, lambda pair: len(pair[0].pieces), batch, rng)


def in_batches(cases: Sequence[T], length: Callable[[T], int], batch: int, rng: random.Random) -> list[list[T]]:
    """Put cases into batches, those of like length together, of a thousand neighbours at a time.

    Args:
        cases: in an order by chance.
        length: how many pieces a case has.
        batch: the most pieces of a batch, padding included.
        rng: decides the order of the batches.
    """
    batches: list[list[T]] = []
    for at in range(0, len(cases), 1024):
        current: list[T] = []
        for one in sorted(cases[at : at + 1024], key=length):
            if current and length(one) * (len(current) + 1) > batch:
                batches.append(current)
                current = []
            current.append(one)
        batches.append(current)
    rng.shuffle(batches)
    return batches
