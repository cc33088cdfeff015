"""Made repeats and near misses, with which the search for repeats is measured; sentences are invented."""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import combinations
from typing import NamedTuple

from known_repeats import Printed

SUBJECTS: tuple[str, ...] = (
    "The harbour board",
    "This council",
    "Our ferry crews",
    "The night-train union",
    "Every household in Sorrel",
)
SUBJECTS += ("The orchard growers", "My government", "The treasury", "A careful engineer", "The people of Ash Vale")
VERBS: tuple[str, ...] = (
    "has promised",
    "will not accept",
    "must finally repair",
    "cannot afford",
    "is going to defend",
)
VERBS += ("wants to rebuild", "should have inspected", "has never voted for", "will bring back", "does not understand")
OBJECTS: tuple[str, ...] = (
    "the 40 lanterns on the eastern quay",
    "a levy of 3.5 percent on salted fish",
    "the old timber bridge",
)
OBJECTS += ("winter timetables for the smaller islands", "the pension fund of the lighthouse keepers")
OBJECTS += ("a second reservoir above the valley", "12 million crowns of unpaid wages", "the broken sluice gates")
OBJECTS += ("the ban on coal barges", "schools without a single heated classroom")
ENDS: tuple[str, ...] = (
    "before the first snow falls",
    "because nobody else is willing to do it",
    "and we're ready to say so in public",
)
ENDS += ("while prices keep climbing every week", "whatever the opposition shouts from its benches")
ENDS += ("so that our children don't inherit the debt", "even if it costs me this office")
ENDS += ("until the commission has published its report", "and I won't apologise for that")
ENDS += ("as the auditors warned us two years ago",)


FRONTS = ("Ash", "Brim", "Corn", "Dun", "Elder", "Fenn", "Gull", "Heron", "Ivel", "Kestrel", "Larch", "Marl", "Nether")
MIDDLES = ("", "en", "er", "ing", "is", "ow", "um", "o", "a", "el", "ar", "on")
BACKS = ("by", "combe", "dale", "field", "ford", "gate", "ham", "holt", "ley", "mere", "stead", "ton", "wick", "worth")


class Case(NamedTuple):
    """A quote: what statement it repeats, who said it, and its words."""

    statement: int
    speaker: str
    text: str


def made(seed: int, statements: int = 300) -> list[Case]:
    """Make statements, each with repeats of several kinds, and near misses, each a statement of its own."""
    chance = random.Random(seed)
    places = iter(chance.sample([f"{a}{b}{c}" for a in FRONTS for b in MIDDLES for c in BACKS], 2000))
    plain = [f"{s} {v} {o} {e}" for s in SUBJECTS for v in VERBS for o in OBJECTS for e in ENDS]
    chance.shuffle(plain)
    # No two say the same of the same place, so that a cut form fits one statement only.
    plain = [f"{sentence} in {next(places)} and {next(places)}" for sentence in plain[: 3 * statements]]
    cases: list[Case] = []
    number = 0
    for n in range(statements):
        long = f"{plain[3 * n]}, {plain[3 * n + 1][0].lower()}{plain[3 * n + 1][1:]}"
        speaker = f"Speaker {n % 40}"
        for text, changes in ((long if n % 3 == 0 else plain[3 * n], REPEATS), (plain[3 * n + 2], WHOLE)):
            cases.append(Case(number, speaker, f"“{text}.”"))
            cases += [Case(number, speaker, change(text, chance)) for change in chance.sample(changes, 3)]
            number += 1
        # A cut form would fit both the sentence and its near misses, so that these stand beside whole ones only.
        misses = [change for change in MISSES if change is not _number or any(c.isdigit() for c in text)]
        for change in chance.sample(misses, 2):
            cases.append(Case(number, speaker, f"“{change(text, chance)}.”"))
            number += 1
        cases.append(Case(number, f"Speaker {n % 40 + 40}", f"“{text}.”"))
        number += 1
    chance.shuffle(cases)
    return cases


def scores(cases: Sequence[Case | Printed], groups: list[str]) -> tuple[float, float]:
    """Give pairwise precision and recall of a grouping: ``groups`` has the group of each case."""
    found = {(i, j) for i, j in combinations(range(len(cases)), 2) if groups[i] == groups[j]}
    true = {(i, j) for i, j in combinations(range(len(cases)), 2) if cases[i].statement == cases[j].statement}
    return len(found & true) / len(found), len(found & true) / len(true)


def _cut_front(text: str, chance: random.Random) -> str:
    words = text.split()
    return f"“{' '.join(words[chance.randint(1, len(words) // 2) :])}.”"


def _cut_back(text: str, chance: random.Random) -> str:
    words = text.split()
    return f'"{" ".join(words[: -chance.randint(1, len(words) // 2)])},"'


def _straight(text: str, chance: random.Random) -> str:
    return f'"{text}"'.replace("’", "'")


def _single(text: str, chance: random.Random) -> str:
    return f"‘{text.replace(chr(39), '’')},’"


def _bracket(text: str, chance: random.Random) -> str:
    words = text.split()
    place = chance.randint(1, len(words) - 2)
    words[place] = f"[{chance.choice(('Velland', 'the board', 'sic', 'his party'))}]"
    return f"“{' '.join(words)}”"


def _ellipsis(text: str, chance: random.Random) -> str:
    words = text.split()
    place = chance.randint(3, len(words) - 6)
    return f"“{' '.join(words[:place])} {chance.choice(('...', '…', '. . .'))} {' '.join(words[place + 2 :])}”"


def _in_full(text: str, chance: random.Random) -> str:
    return f"that {text.replace('don' + chr(39) + 't', 'do not').replace('we' + chr(39) + 're', 'we are')}"


def _slip(text: str, chance: random.Random) -> str:
    return f"“{text.replace('the ', '', 1)}”"


def _number(text: str, chance: random.Random) -> str:
    return text.replace("40", "60").replace("3.5", "5.3").replace("12 million", "21 million")


def _negation(text: str, chance: random.Random) -> str:
    for plain, negated in (("will not ", "will "), ("cannot ", "can "), ("does not ", "does "), ("never ", "")):
        if plain in text:
            return text.replace(plain, negated, 1)
    return (
        text.replace("has ", "has not ", 1)
        .replace("must ", "must not ", 1)
        .replace("is going", "is not going", 1)
        .replace("wants", "never wants", 1)
        .replace("should have", "should not have", 1)
        .replace("will bring", "will not bring", 1)
    )


def _object(text: str, chance: random.Random) -> str:
    for one in OBJECTS:
        if one in text:
            return text.replace(one, chance.choice([other for other in OBJECTS if other != one]), 1)
    raise AssertionError(text)


def _verb(text: str, chance: random.Random) -> str:
    for one in VERBS:
        if one in text:
            return text.replace(one, chance.choice([other for other in VERBS if other != one]), 1)
    raise AssertionError(text)


REPEATS = (_cut_front, _cut_back, _straight, _single, _bracket, _ellipsis, _in_full, _slip)
WHOLE = (_straight, _single, _in_full, _slip)
MISSES = (_number, _negation, _object, _verb)
