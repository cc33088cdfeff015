"""The text of an article with every quote highlighted in its place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from html import escape
from itertools import pairwise
from textwrap import shorten

from dashboard.elements import wording
from dashboard.elements.address import link
from dashboard.elements.card import KINDS, speaker_link
from dashboard.elements.markup import text
from dashboard.elements.stance import SIGNS
from dashboard.records import PlacedStatement, Statement
from quotes.records import Span

COLOURS = 8
"""How many speakers' colours style.css has; further speakers start again and are told apart by their number."""

AROUND = 500
"""Code points to either side of a statement that are shown around it."""

Speakers = dict[tuple[str | None, str | None], int]


def speakers(placed: Sequence[PlacedStatement]) -> Speakers:
    """Number the speakers of an article from 1, in the order in which they first speak, others after them."""
    keys = dict.fromkeys(_speaker(one.statement) for one in sorted(placed, key=lambda one: not one.statement.uttered))
    return {key: number for number, key in enumerate(keys, 1)}


def number_of(statement: Statement, numbers: Speakers) -> int:
    """Give the number of a statement's speaker."""
    return numbers[_speaker(statement)]


def legend(placed: Sequence[PlacedStatement], numbers: Speakers) -> str:
    """Draw who speaks: number, colour, name with a link, role, how often; and how the kinds of quote look."""
    rows = []
    for key, number in numbers.items():
        own = [one.statement for one in placed if _speaker(one.statement) == key]
        role = next((one.role for one in own if one.role), None)
        said = sum(one.uttered for one in own)
        told = wording.count(said, "statement") if said else wording.INWARD[own[0].cue_class]
        rows.append(
            f'<li class="{colour(number)}"><b class="qt-number">{number}</b><span>{speaker_link(own[0])}'
            f"<small>{f'{text(role)}, ' if role else ''}{told}</small></span></li>"
        )
    kinds = "".join(
        f'<li><span class="qt-quote qt-{kind} qt-sample">{kind}</span> {told}</li>' for kind, told in KINDS.items()
    )
    return (
        f'<nav class="qt-legend" aria-label="Speakers"><h2>Who speaks</h2><ol>{"".join(rows)}</ol>'
        f'<ul aria-label="Kinds of quote">{kinds}</ul></nav>'
    )


def margin(placed: Sequence[PlacedStatement], numbers: Speakers, marked: str | None) -> str:
    """Draw the statements of an article in short, in the order of the text; each is a link that marks it there."""
    rows = []
    for one in placed:
        statement = one.statement
        number = number_of(statement, numbers)
        here = " aria-current=true" if statement.quote_id == marked else ""
        there = escape(in_article(statement))
        stances = " ".join(f"{SIGNS[stance.stance]} {text(stance.target)}" for stance in statement.stances[:3])
        rows.append(
            f'<li class="{colour(number)}"><b class="qt-number">{number}</b><a href="{there}" data-stay '
            f'target="_self"{here}>{text(shorten(statement.text, 90, placeholder=" …"))}</a>'
            f"<small>{text(wording.speaker(statement))}{f' · {stances}' if stances else ''}</small></li>"
        )
    return f'<nav class="qt-margin" aria-label="Statements"><h2>What is said</h2><ol>{"".join(rows)}</ol></nav>'


def in_article(statement: Statement) -> str:
    """Make the address that marks a statement in its article."""
    return link("article", article=statement.article_id, quote=statement.quote_id)


def passage(
    body: str,
    placed: Sequence[PlacedStatement],
    numbers: Speakers,
    marked: str | None,
    there: Callable[[Statement], str] = in_article,
) -> str:
    """Draw the text; each quote is a link that marks it, coloured by speaker and lined by kind.

    Args:
        body: the article's text, unchanged.
        placed: its statements.
        numbers: from :func:`speakers`.
        marked: the id of the statement to mark, with the words that name its source and its cue.
        there: gives the address to which a quote is a link.

    Returns:
        HTML, a paragraph for each line of the text. Where quotes overlap, the shorter one shows.
    """
    layers = sorted(placed, key=lambda one: (one.statement.quote_id == marked, -_length(one)))
    cover: list[PlacedStatement | None] = [None] * len(body)
    for layer in layers:
        for start, end in layer.spans:
            cover[start:end] = [layer] * len(cover[start:end])
    here = next((one for one in placed if one.statement.quote_id == marked), None)
    evidence = {place for span in (here.source + here.cue if here else ()) for place in range(span.start, span.end)}
    cuts = sorted(
        {0, len(body)}
        | {at for at in range(1, len(body)) if body[at] == "\n" or body[at - 1] == "\n"}
        | {at for at in range(1, len(body)) if cover[at] is not cover[at - 1]}
        | {at for at in range(1, len(body)) if (at in evidence) != (at - 1 in evidence)}
    )
    seen: set[str] = set()
    lines: list[list[str]] = [[]]
    for start, end in pairwise(cuts):
        if body[start] == "\n":
            lines.extend([] for _ in range(end - start))
            continue
        one = cover[start]
        piece = escape(body[start:end])
        if start in evidence:
            piece = f'<span class="qt-evidence">{piece}</span>'
        if one is not None:
            piece = _mark(piece, one.statement, numbers, one.statement.quote_id == marked, seen, there)
        lines[-1].append(piece)
    return "".join(f'<p dir="auto">{"".join(line)}</p>' for line in lines if "".join(line).strip())


def around(body: str, one: PlacedStatement) -> tuple[str, PlacedStatement]:
    """Cut out of a text the lines in which a statement stands, and some of what is around them.

    Args:
        body: the article's text, unchanged.
        one: the statement.

    Returns:
        That part of the text, and the statement with its places in it.
    """
    spans = (*one.spans, *one.source, *one.cue)
    first, last = min(span.start for span in spans), max(span.end for span in spans)
    start, end = max(0, first - AROUND), min(len(body), last + AROUND)
    # Whole lines, or at least whole words, where they begin or end inside.
    line = body.find("\n", start, first)
    start = 0 if start == 0 else line + 1 if line >= 0 else body.find(" ", start, first) + 1 or start
    line = body.rfind("\n", last, end)
    end = len(body) if end == len(body) else line if line >= 0 else max(body.rfind(" ", last, end), last)

    def moved(places: Sequence[Span]) -> tuple[Span, ...]:
        return tuple(Span(place.start - start, place.end - start) for place in places)

    return body[start:end], replace(one, spans=moved(one.spans), source=moved(one.source), cue=moved(one.cue))


def _mark(
    piece: str, statement: Statement, numbers: Speakers, here: bool, seen: set[str], there: Callable[[Statement], str]
) -> str:
    number = number_of(statement, numbers)
    first = statement.quote_id not in seen
    seen.add(statement.quote_id)
    told = f"{wording.speaker(statement)}, {statement.kind}"
    return (
        f'<a class="qt-quote qt-{statement.kind} {colour(number)}{" qt-here" if here else ""}" data-stay '
        f'target="_self" href="{escape(there(statement))}" title="{escape(told)}"{" aria-current=true" if here else ""}'
        f"{f' data-number={number}' if first else ''}>{piece}</a>"
    )


def _speaker(statement: Statement) -> tuple[str | None, str | None]:
    return (statement.person_id, None) if statement.person_id else (None, statement.speaker)


def _length(one: PlacedStatement) -> int:
    return sum(end - start for start, end in one.spans)


def colour(number: int) -> str:
    """Name the class of a speaker's colour."""
    return f"qt-speaker-{(number - 1) % COLOURS + 1}"
