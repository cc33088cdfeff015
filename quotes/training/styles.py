"""The same articles in other styles of print, so that the model does not learn one newspaper's habits."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from typing import Any

ROLES = ("source", "cue", "content")
PRONOUNS = frozenset("he she they it we i you who one".split())
SAID = re.compile(r"(said|says|say|told|tells|added|argued|argues|warned|warns|insisted|insists|claimed|claims)\b")
QUOTED = re.compile(r"[“\"](.*)[”\"]", re.DOTALL)


def restyle(text: str, rng: random.Random) -> str:
    """Print a text in another style now and then, every character keeping its place.

    Double marks become British single ones, or vanish; paragraphs run together; capitals are lost.
    """
    chance = rng.random()
    if chance < 0.15:
        text = text.translate(str.maketrans('“”"', "‘’'"))
    elif chance < 0.19:
        text = re.sub("[“”\"]|''", lambda m: " " * len(m.group()), text)
    chance = rng.random()
    if chance < 0.05:
        text = text.replace("\n", " ")
    elif chance < 0.07:
        text = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    return text


def headlined(row: Mapping[str, Any], rng: random.Random) -> Mapping[str, Any]:
    """Set short statements of an article as headlines above some of its paragraphs.

    “We will win,” said the mayor becomes Mayor: We will win; We will win, says mayor; or Mayor says ‘we will win’.

    Args:
        row: {"text", "attributions"}.
        rng: chooses the statements, their places and the form.

    Returns:
        A new row; the given one where no statement is short enough.
    """
    text, attributions = row["text"], row["attributions"]
    short = [said for a in attributions if (said := _short(text, a))]
    if not short:
        return row
    places = [match.start() for match in re.finditer(r"[^\n]+", text)]
    chosen = sorted(rng.sample(places, min(len(places), len(short), rng.randint(1, 4))))
    made = _Rewriting(text)
    for place, (words, who) in zip(chosen, rng.sample(short, len(chosen)), strict=True):
        made.copy(place)
        made.add(_headline(words, who, rng))
        made.write(rng.choice(("\n", "\n\n")))
    made.copy(len(text))
    return made.row(row, attributions)


def recast(row: Mapping[str, Any], rng: random.Random) -> Mapping[str, Any]:
    """Turn an article's paragraphs that are nothing but one quotation and who said it into a list of voices.

    “We won,” Ann said. “Twice.” becomes “We won. Twice.” — Ann, or, as in an interview, ANN: We won. Twice.

    Args:
        row: {"text", "attributions"}.
        rng: chooses the form.

    Returns:
        A new row; the given one where no paragraph is of that kind.
    """
    form = rng.choice(("— ", "― ", "– ", "- ", "—", ":", ":", ":"))
    text, attributions = row["text"], row["attributions"]
    made = _Rewriting(text)
    gone: set[int] = set()
    for match in re.finditer(r"[^\n]+", text):
        start, end = match.span()
        inside = [n for n, a in enumerate(attributions) if any(s < end and e > start for r in ROLES for s, e in a[r])]
        said = _said(text, start, end, attributions[inside[0]]) if len(inside) == 1 else None
        if said is None:
            continue
        words, who = said
        if form == ":":
            who = who.upper() if rng.random() < 0.5 and len(who.upper()) == len(who) else who
            parts = [("source", who), ("cue", ":"), ("", " "), ("content", words)]
        else:
            parts = [("content", f"“{words}”"), ("", " " * (form != "—")), ("cue", form.strip()), ("", form[1:])]
            parts.append(("source", who))
        made.copy(start)
        made.add(parts)
        made.skip(end)
        gone.add(inside[0])
    made.copy(len(text))
    return made.row(row, [a for n, a in enumerate(attributions) if n not in gone]) if gone else row


class _Rewriting:
    """A text that is copied piece by piece, with new attributions between the pieces."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.place = self.size = 0
        self.pieces: list[str] = []
        self.moves: list[tuple[int, int, int]] = []  # old start, old end, new start
        self.new: list[dict[str, list[list[int]]]] = []

    def write(self, words: str) -> None:
        self.pieces.append(words)
        self.size += len(words)

    def copy(self, end: int) -> None:
        """Copy the text from where we are."""
        self.moves.append((self.place, end, self.size))
        self.write(self.text[self.place : end])
        self.place = end

    def skip(self, end: int) -> None:
        """Leave the text out from where we are."""
        self.place = end

    def add(self, parts: Sequence[tuple[str, str]]) -> None:
        """Write an attribution, given as roles ("" for none) and words."""
        found: dict[str, list[list[int]]] = {role: [] for role in ROLES}
        for role, words in parts:
            if role:
                found[role].append([self.size, self.size + len(words)])
            self.write(words)
        self.new.append(found)

    def row(self, row: Mapping[str, Any], kept: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
        """Give the new row, with the new attributions and those of the old that are kept."""
        old = [{role: _moved(attribution[role], self.moves) for role in ROLES} for attribution in kept]
        return {**row, "text": "".join(self.pieces), "attributions": self.new + old}


def _short(text: str, attribution: Mapping[str, Any]) -> tuple[str, str] | None:
    """Give what is said and who says it where both are short enough for a headline."""
    if any(len(attribution[role]) != 1 for role in ROLES):
        return None
    (source,), (cue,), (content,) = (attribution[role] for role in ROLES)
    if not SAID.match(text, *cue):
        return None
    who = re.sub(r"^(the|a|an)\s+", "", text[slice(*source)].strip(" ,"), flags=re.IGNORECASE)
    words = re.sub(r"^that\s+", "", text[slice(*content)].strip("“”\"'‘’ ,."))
    if not 3 <= len(words.split()) <= 12 or not 1 <= len(who.split()) <= 4 or who.lower() in PRONOUNS:
        return None
    return None if re.search("[\n“”\"‘]|''|\\.\\s", words + who) else (words, who)


def _headline(words: str, who: str, rng: random.Random) -> list[tuple[str, str]]:
    """Set a statement as a headline, some of its words in quotation marks by chance."""
    form = rng.choice(("colon", "first", "last", "last"))
    verb = rng.choice(("says", "says", "say", "warns", "claims", "insists", "admits"))
    if form != "first":
        words = words[:1].upper() + words[1:]
    if form != "last":
        who = who[:1].upper() + who[1:]
    if rng.random() < 0.5:
        opening, closing = rng.choice(("‘’", "‘’", "“”", "''", '""'))
        place = rng.choice([0, 0, *(m.end() for m in re.finditer(" ", words))])
        words = f"{words[:place]}{opening}{words[place:]}{closing}"
    if rng.random() < 0.25:
        words, who = (re.sub(r"(?<![\w’'])[a-z]", lambda m: m.group().upper(), part) for part in (words, who))
    if form == "colon":
        return [("source", who), ("cue", ":"), ("", " "), ("content", words)]
    if form == "first":
        return [("source", who), ("", " "), ("cue", verb), ("", " "), ("content", words)]
    order = [("cue", verb), ("", " "), ("source", who)]
    return [("content", words), ("", ", "), *(order if rng.random() < 0.5 else [order[2], order[1], order[0]])]


def _said(text: str, start: int, end: int, attribution: Mapping[str, Any]) -> tuple[str, str] | None:
    """Give what a paragraph says and who says it, where it holds only direct speech, its source and its cue."""
    spans = sorted((s, e) for role in ROLES for s, e in attribution[role])
    if len(attribution["source"]) != 1 or spans[0][0] < start or spans[-1][1] > end:
        return None
    rest = text[start:end]
    for s, e in reversed(spans):
        rest = rest[: s - start] + rest[e - start :]
    matches = [QUOTED.fullmatch(text[s:e]) for s, e in sorted(attribution["content"])]
    if rest.strip(" .,:\u00a0") or None in matches:
        return None
    said = " ".join(re.sub(",$", ".", match.group(1)) for match in matches if match)
    ((s, e),) = attribution["source"]
    who = text[s:e].strip(" ,")
    return None if who.lower() in PRONOUNS or not said or not who else (said, who)


def _moved(spans: Sequence[Sequence[int]], moves: Sequence[tuple[int, int, int]]) -> list[list[int]]:
    """Move spans to where their stretch of text now stands."""
    return [[s - old + now, e - old + now] for s, e in spans for old, last, now in moves if old <= s and e <= last]
