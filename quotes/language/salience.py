"""Whom a pronoun means: how present each person is in the reader's mind where it stands."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field

from spacy.tokens import Doc, Token

from quotes.language.grammar import SUBJECTS
from quotes.language.mentions import Person

# What a mention counts by its place in the sentence, and speaking on top of it. A sentence later it is half of that.
SUBJECT, OBJECT, OTHER, SPEAKING = 3.1, 2.0, 1.2, 1.0
FADING = 0.45
# A person of unknown gender, and one about whom the words speak, are meant more seldom.
UNSURE_OF_GENDER, SPOKEN_OF = 0.9, 0.15
# Whoever has faded below this is no longer meant.
FORGOTTEN = 0.04


@dataclass(slots=True)
class Salience:
    """How present people are, sentence by sentence.

    After the salience of Lappin & Leass (Computational Linguistics 20(4), 1994, pages 535-561), their factors joined
    into one weight a mention, with a faster fading, since paragraphs of news are short.
    """

    faded: dict[Person, float] = field(default_factory=dict)
    fresh: dict[Person, float] = field(default_factory=dict)
    sentence: int = 0

    def note(self, person: Person, sentence: int, weight: float) -> None:
        """Let a person be mentioned in a sentence, by its number; the strongest mention of a sentence counts."""
        self._go_to(sentence)
        self.fresh[person] = max(self.fresh.get(person, 0.0), weight)

    def ranked(self, sentence: int, gender: str, spoken_of: frozenset[Person]) -> list[tuple[float, Person]]:
        """Rank those whom a pronoun may mean, the most present first.

        Args:
            sentence: the number of the pronoun's sentence.
            gender: female or male.
            spoken_of: those whom the words that the pronoun is said to say name.
        """
        self._go_to(sentence)
        found = []
        for person in {**self.faded, **self.fresh}:
            if person.gender not in (None, gender):
                continue
            score = self.faded.get(person, 0.0) + self.fresh.get(person, 0.0)
            score *= UNSURE_OF_GENDER if person.gender is None else 1
            score *= SPOKEN_OF if person in spoken_of else 1
            if score >= FORGOTTEN:
                found.append((score, person))
        return sorted(found, key=lambda one: -one[0])

    def rename(self, one: Person, other: Person) -> None:
        """Let a person who was met without a name be the one who is named now."""
        for weights in (self.faded, self.fresh):
            if one in weights:
                weights[other] = max(weights.pop(one), weights.get(other, 0.0))

    def _go_to(self, sentence: int) -> None:
        if sentence <= self.sentence:
            return
        for person, weight in self.fresh.items():
            self.faded[person] = self.faded.get(person, 0.0) + weight
        fading = FADING ** (sentence - self.sentence)
        self.faded = {
            person: weight * fading for person, weight in self.faded.items() if weight * fading > FORGOTTEN / 2
        }
        self.fresh = {}
        self.sentence = sentence


def weight(token: Token) -> float:
    """Tell what a mention counts by its place in the sentence; ``token`` is the main word of its phrase."""
    if token.dep_ in SUBJECTS:
        return SUBJECT
    return OBJECT if token.dep_ in ("dobj", "obj", "dative", "agent", "appos", "attr", "ROOT") else OTHER


def sentences(doc: Doc) -> tuple[list[int], list[bool]]:
    """Number the sentences of the narrative, those inside quotations counting with the one before.

    Returns:
        For each token the number of its sentence, and whether it stands inside a quotation.
    """
    starts = [token.idx for token in doc]
    quoted = [False] * len(starts)
    for quotation in doc._.quotations:
        for part in quotation.spans:
            first, end = bisect_left(starts, part.start), bisect_left(starts, part.end)
            quoted[first:end] = [True] * (end - first)
    numbers: list[int] = []
    number = 0
    for sentence in doc.sents:
        number += not all(quoted[sentence.start : sentence.end])
        numbers += [number] * (sentence.end - sentence.start)
    return numbers, quoted
