"""NewsMTSC and DSE for training: sentences with a marked target, a speaker where one is known, and a label."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import replace

from tokenizers import Tokenizer

from quotes.evaluation.stance_cases import Lesson
from quotes.language.attribution_model import AttributionModel, Document
from quotes.language.stance_model import Case, Prepared, prepare
from quotes.records import Span, StanceLabel
from quotes.training.stance_phrases import name, phrases

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
    """Put a case in another way that leaves its label: its speaker, the target's name, an unknown place."""
    case = lesson.case
    if lesson.spoken and rng.random() < 0.5:
        case = replace(case, speaker=lesson.spoken[0], source=lesson.spoken[1])
    if lesson.entity and rng.random() < (0.5 if case.target.lower() in PRONOUNS else 0.2):
        case = replace(case, target=lesson.entity)
    elif rng.random() < 0.2 and case.target.istitle() and case.target.lower() not in PRONOUNS:
        case = renamed(case, name(rng))
    chance = rng.random()
    if chance < 0.06:
        case = replace(case, places=())
    elif chance < 0.15:
        case = replace(case, source=())
    return case


def renamed(case: Case, new: str) -> Case:
    """Give the target another name wherever its name is printed."""
    parts = re.split(rf"\b({re.escape(case.target)})\b", case.text)
    text, shifts = "", []
    for number, part in enumerate(parts):
        text += new if number % 2 else part
        if number % 2:
            shifts.append((len(text) - len(new), len(text), len(part)))

    def moved(at: int) -> int:
        for _, end, length in shifts:
            grown = len(new) - length
            if at >= end - grown:
                at += grown
        return at

    def span(old: Span) -> Span:
        return Span(moved(old.start), moved(old.end))

    return Case(text, new, tuple(map(span, case.places)), case.speaker, tuple(map(span, case.source)))


def chosen(lessons: Sequence[Lesson], rng: random.Random, unmoved: int, reverse: int) -> list[Lesson]:
    """Choose an epoch's lessons: of the kinds that are too many only so many."""
    kinds: dict[str, list[Lesson]] = {}
    for lesson in lessons:
        kinds.setdefault(lesson.kind, []).append(lesson)
    for kind, most in (("unmoved", unmoved), ("reverse", reverse)):
        if len(kinds.get(kind, ())) > most:
            kinds[kind] = rng.sample(kinds[kind], most)
    return [lesson for some in kinds.values() for lesson in some]


def epoch_of(
    lessons: Sequence[Lesson],
    tokenizer: Tokenizer,
    rng: random.Random,
    *,
    size: int,
    batch: int,
    own: int,
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
        unmoved: how many of DSE's neutral pairs to take.
        reverse: how many pairs to take in the direction that their label is not about.
    """
    cases = [(varied(lesson, rng), lesson.label) for lesson in chosen(lessons, rng, unmoved, reverse)]
    cases += phrases(rng, own)
    rng.shuffle(cases)
    prepared = [(prepare(case, tokenizer, size), label) for case, label in cases]
    batches: list[list[tuple[Prepared, StanceLabel]]] = []
    for at in range(0, len(prepared), 1024):
        current: list[tuple[Prepared, StanceLabel]] = []
        for one in sorted(prepared[at : at + 1024], key=lambda pair: len(pair[0].pieces)):
            if current and len(one[0].pieces) * (len(current) + 1) > batch:
                batches.append(current)
                current = []
            current.append(one)
        batches.append(current)
    rng.shuffle(batches)
    return batches
