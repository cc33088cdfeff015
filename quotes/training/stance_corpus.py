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


def varied(lessons: Sequence[Lesson], rng: random.Random) -> list[Case]:
    """Put the cases of one text in another way that leaves their labels: other names, a speaker, an unknown place."""
    told = rng.random() < 0.5
    cases = [
        replace(one.case, speaker=one.spoken[0], source=one.spoken[1]) if told and one.spoken else one.case
        for one in lessons
    ]
    quoted = lessons[0].kind == "quote"
    often = 0.5 if quoted else 0.2
    speakers = {case.speaker for case in cases if quoted and case.speaker}
    for old in sorted({case.target for case in cases} | speakers):
        if old.istitle() and old.lower() not in PRONOUNS and rng.random() < often:
            new = name(rng)
            cases = [renamed(case, old, new) for case in cases]
    if rng.random() < 0.1:
        cases = [replace(case, source=()) for case in cases]
    return [
        replace(case, places=(), target=lesson.entity or case.target) if rng.random() < 0.06 else case
        for case, lesson in zip(cases, lessons, strict=True)
    ]


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
    quoted: int = 1,
    unmoved: int = 3000,
    reverse: int = 800,
    untold: Sequence[Case] = (),
    taught: int = 0,
) -> list[list[tuple[Prepared, tuple[StanceLabel, ...]]]]:
    """Make the batches of an epoch, sentences of like length together, each with the labels of its targets.

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
        untold: cases that nobody labelled, from which a teacher's chances are learnt; their labels are empty.
        taught: how many texts of these to take.
    """
    texts: dict[tuple[str, str | None], list[Lesson]] = {}
    for lesson in chosen(lessons, rng, unmoved, reverse):
        texts.setdefault((lesson.case.text, lesson.case.speaker), []).append(lesson)
    made: list[tuple[Prepared, tuple[StanceLabel, ...]]] = []
    groups = [group for group in texts.values() for _ in range(quoted if group[0].kind == "quote" else 1)]
    for group in groups:
        made += _labelled(varied(group, rng), [lesson.label for lesson in group], tokenizer, size)
    for case, label in phrases(rng, own):
        made += _labelled([case], [label], tokenizer, size)
    asked: dict[tuple[str, str | None], list[Lesson]] = {}
    for case in untold:
        asked.setdefault((case.text, case.speaker), []).append(Lesson(case, "neutral", "", kind="quote"))
    for group in rng.sample(list(asked.values()), min(taught, len(asked))):
        made += [(one, ()) for one in prepare(varied(group, rng), tokenizer, size)]
    rng.shuffle(made)
    return in_batches(made, lambda pair: len(pair[0].pieces), batch, rng)


def _labelled(
    cases: Sequence[Case], labels: Sequence[StanceLabel], tokenizer: Tokenizer, size: int
) -> list[tuple[Prepared, tuple[StanceLabel, ...]]]:
    return [(one, tuple(labels[n] for n in one.cases)) for one in prepare(cases, tokenizer, size)]


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
