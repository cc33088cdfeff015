"""The same articles in other styles of print, so that the model does not learn one newspaper's habits."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from typing import Any

ROLES = ("source", "cue", "content")
PRONOUNS = frozenset("he she they it we i you who one".split())
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
    pieces: list[str] = []
    moves: list[tuple[int, int, int]] = []  # old start, old end, new start
    new: list[dict[str, list[list[int]]]] = []
    gone: set[int] = set()
    place = size = 0
    for match in re.finditer(r"[^\n]+", text):
        start, end = match.span()
        inside = [n for n, a in enumerate(attributions) if any(s < end and e > start for r in ROLES for s, e in a[r])]
        said = _said(text, start, end, attributions[inside[0]]) if len(inside) == 1 else None
        if said is None:
            continue
        pieces.append(text[place:start])
        moves.append((place, start, size))
        size += start - place
        words, who = said
        if form == ":":
            who = who.upper() if rng.random() < 0.5 and len(who.upper()) == len(who) else who
            parts = [("source", who), ("cue", ":"), ("", " "), ("content", words)]
        else:
            parts = [("content", f"“{words}”"), ("", " " * (form != "—")), ("cue", form.strip()), ("", form[1:])]
            parts.append(("source", who))
        found: dict[str, list[list[int]]] = {}
        for role, part in parts:
            found.setdefault(role, []).append([size, size + len(part)])
            pieces.append(part)
            size += len(part)
        new.append({role: found[role] for role in ROLES})
        gone.add(inside[0])
        place = end
    if not gone:
        return row
    pieces.append(text[place:])
    moves.append((place, len(text), size))
    for number, attribution in enumerate(attributions):
        if number not in gone:
            new.append({role: _moved(attribution[role], moves) for role in ROLES})
    return {**row, "text": "".join(pieces), "attributions": new}


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
