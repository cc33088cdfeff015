"""A made set of known repeats: invented statements, each as several papers might print it, and what looks like one.

It was written from the issue's words alone (cut at either end, straight or curly marks, brackets, ellipses), by
somebody who had not read the matcher, and shares nothing with it. The statements, and those that begin alike and end
otherwise, deny the same or give other numbers, are in tests/gold/repeats.jsonl.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

STATEMENTS = Path(__file__).parents[1] / "gold" / "repeats.jsonl"
SPEAKERS = ("Ilse Marrow", "Tobin Hask", "Reva Lund", "Osric Fenn", "Maja Orlov", "Cato Brandt", "Ines Dray")
STOCK = (
    *("We will win.", "No comment.", "Enough is enough.", "This is unacceptable.", "Thank you all for coming."),
    *("I have nothing to add.", "We are not giving up.", "The people have spoken.", "It is what it is."),
    *("Let me be clear.", "We stand with Karsk.", "That is a lie."),
)
TOWNS = "Ash Vale,Brenn,Corl,Dunmere,Elst,Farrow,Gult,Hark,Ivel,Jorn,Karsk,Lund".split(",")
THINGS = "tunnel,levy,ferry,curfew,tram,quarry,census,bakery,lock,fair,school,well".split(",")
FIRST = date(2031, 3, 1)


class Printed(NamedTuple):
    """Words as one article prints them; those of one ``statement`` are one statement, ``how`` says what was done."""

    text: str
    speaker: str
    published: date
    statement: str
    how: str


def known_repeats(seed: int) -> list[Printed]:
    """Make the set, in an order of no meaning.

    Args:
        seed: of the choices; the same seed gives the same set.
    """
    rng = random.Random(seed)
    made: list[Printed] = []
    for number, lines in enumerate(STATEMENTS.read_text(encoding="utf8").splitlines()):
        given: dict[str, str] = json.loads(lines)
        speaker, other = rng.sample(SPEAKERS, 2)
        day = FIRST + timedelta(days=7 * number)
        for kind, text in given.items():
            others = [given[other] for other in given if other != kind]
            for words, how in _prints(rng, text, 6 if kind == "text" else 2, others):
                made.append(Printed(words, speaker, _about(rng, day), f"{number} {kind}", f"{kind}: {how}"))
        for words, how in _prints(rng, given["text"], 2, ()):
            made.append(Printed(words, other, _about(rng, day), f"{number} other speaker", f"other speaker: {how}"))
    for number, phrase in enumerate(STOCK):
        speaker = rng.choice(SPEAKERS)
        for month in range(3):
            day = FIRST + timedelta(days=60 * month + number)
            made.append(Printed(f"“{phrase}”", speaker, day, f"stock {number} {month}", "stock: alone"))
        longer = f"“{phrase} I said so to the mayor of {TOWNS[number]} when the {THINGS[number]} came up.”"
        made.append(
            Printed(longer, speaker, FIRST + timedelta(days=number), f"stock {number} in", "stock: in a longer")
        )
    rng.shuffle(made)
    return made


def _about(rng: random.Random, day: date) -> date:
    return day + timedelta(days=rng.randrange(3))


def _prints(rng: random.Random, text: str, count: int, others: Sequence[str]) -> list[tuple[str, str]]:
    """Print a statement in several ways: most often once in full; else all are cut on the same side, so as to overlap.

    What is left can still be told from the ``others``: with words cut off that only they lack, nobody could say.
    """
    whole = rng.random() < 0.7
    cuts = CUTS if whole else CUTS[:1] if rng.random() < 0.5 else CUTS[1:2]
    prints = []
    for number in range(count):
        changed, how = text, "whole"
        if number or not whole:
            changed, how = _shortened(rng, text, cuts, others)
            for change in sorted(rng.sample(CHANGES, rng.randint(1, 2)), key=CHANGES.index):
                after = change(rng, changed)
                if after != changed:
                    changed, how = after, f"{how} + {change.__name__.strip('_')}"
        prints.append((_quoted(rng, changed), how))
    return prints


def _shortened(rng: random.Random, text: str, cuts: Sequence[Change], others: Sequence[str]) -> tuple[str, str]:
    """Cut a statement at its ends, in its middle, both or not at all."""
    for _ in range(20):
        changes = [rng.choice(cuts)] if rng.random() < 0.6 else []
        changes += [_ellipsis] if rng.random() < 0.2 else []
        changed = text
        for change in changes:
            changed = change(rng, changed)
        if all(_told_apart(changed, other) for other in others):
            return changed, " + ".join(change.__name__.strip("_") for change in changes) or "uncut"
    return text, "uncut"


def _told_apart(text: str, other: str) -> bool:
    """Whether what is left of a statement says what another does not, by more than the last two words before a cut."""
    runs = [_plain(run) for run in re.split(r"…|\.\.\.|\. \. \.", text)]
    last = max(number for number, run in enumerate(runs) if run)
    runs[last] = runs[last][:-2]
    whole = " ".join(_plain(other))
    return not all(f" {' '.join(run)} " in f" {whole} " for run in runs if run)


def _plain(text: str) -> list[str]:
    return re.findall(r"\w[\w'.,-]*\w|\w", text.lower())


def _pieces(text: str) -> list[str]:
    return text.split(" ")


def _kept(rng: random.Random, words: int) -> int:
    """How many words a cut leaves: more than half, and six or more."""
    return max(min(6, words), round(words * rng.uniform(0.55, 0.9)))


def _cut_end(rng: random.Random, text: str) -> str:
    words = _pieces(text)
    kept = " ".join(words[: _kept(rng, len(words))]).rstrip(" ,;:-")
    return kept + rng.choice([".", ",", "", " …", "...", " . . ."])


def _cut_start(rng: random.Random, text: str) -> str:
    words = _pieces(text)
    kept = " ".join(words[-_kept(rng, len(words)) :]).lstrip(" -")
    return rng.choice(["", "", "… ", "...", "[...] "]) + kept


def _cut_both(rng: random.Random, text: str) -> str:
    words = _pieces(text)
    kept = _kept(rng, len(words))
    first = rng.randint(0, len(words) - kept)
    return " ".join(words[first : first + kept]).strip(" ,;:-")


def _ellipsis(rng: random.Random, text: str) -> str:
    """Leave out one to four words of the middle."""
    words = _pieces(text)
    if len(words) < 14:
        return text
    gone = rng.randint(1, 4)
    first = rng.randint(4, len(words) - gone - 4)
    mark = rng.choice(["…", "...", ". . .", "[...]", "[…]", "(...)"])
    return " ".join([*words[:first], mark, *words[first + gone :]])


def _brackets(rng: random.Random, text: str) -> str:
    """Put a word between brackets, explain one, or add [sic]."""
    words = _pieces(text)
    at = rng.randrange(1, len(words) - 1)
    bare = words[at].strip(",;:.")
    way = rng.choice(["explain", "replace", "sic"])
    if way == "explain":
        words[at] = words[at].replace(bare, f"{bare} [{rng.choice(['the minister', 'in Karsk', 'last spring'])}]")
    elif way == "sic":
        words.insert(at + 1, "[sic]")
    elif bare.lower() in {"it", "they", "he", "she", "them", "we", "that", "the"}:
        words[at] = words[at].replace(bare, rng.choice(["[the ministry]", "[the council]"]))
    else:
        words[at] = words[at].replace(bare, f"[{bare}]")
    return " ".join(words)


def _dashes(rng: random.Random, text: str) -> str:
    """Write the dashes and semicolons of one paper as another does."""
    dash = rng.choice([" — ", "—", " – ", "--", " -- ", " ‒ "])
    return re.sub(r" - |; ", lambda _: dash, text, count=1)


def _hyphens(rng: random.Random, text: str) -> str:
    return text.replace("cease-fire", rng.choice(["ceasefire", "cease‑fire", "cease fire"]))


def _percent(rng: random.Random, text: str) -> str:
    return text.replace(" percent", rng.choice([" per cent", "%", " per-cent"]))


def _contracted(rng: random.Random, text: str) -> str:
    apostrophe = rng.choice("'’")
    for long, short in (("do not", "don't"), ("does not", "doesn't"), ("cannot", "can't"), ("I will ", "I'll ")):
        text = text.replace(long, short.replace("'", apostrophe))
    return text


def _apostrophes(rng: random.Random, text: str) -> str:
    return text.replace("'", "’")


def _split(rng: random.Random, text: str) -> str:
    """Cut in two by an attribution: “...,” she said, “...”; a tracker joins such parts by dots."""
    words = _pieces(text)
    at = rng.randint(4, max(5, len(words) - 4))
    if at >= len(words) - 2:
        return text
    return " ".join(words[:at]).rstrip(",;: -") + ",” ... “" + " ".join(words[at:]).lstrip("- ")


def _first_letter(rng: random.Random, text: str) -> str:
    """Change the case of the first letter, in brackets or not."""
    if not text[0].isalpha():
        return text
    other = text[0].lower() if text[0].isupper() else text[0].upper()
    return rng.choice([other, f"[{other}]"]) + text[1:]


def _comma(rng: random.Random, text: str) -> str:
    """End as before an attribution."""
    return text.rstrip(".,") + ","


def _quoted(rng: random.Random, text: str) -> str:
    """Put marks around, as the paper has them; some put the last comma or stop outside."""
    marks = rng.choice(["“”", '""', "‘’", "''", "«»", "„“"])
    opening, closing = marks[0], marks[1]
    text = text.replace("“", opening).replace("”", closing)
    if rng.random() < 0.2 and text[-1] in ".,!" and text[-2] not in ". ":
        return f"{opening}{text[:-1]}{closing}"
    return f"{opening}{text}{closing}"


Change = Callable[[random.Random, str], str]
CUTS: list[Change] = [_cut_end, _cut_start, _cut_both]
CHANGES: list[Change] = [
    _brackets, _dashes, _hyphens, _percent, _contracted, _apostrophes, _split, _comma, _first_letter,
]  # fmt: skip
