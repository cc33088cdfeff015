"""The statement card: the words, who said them, when and where, and from which place of which article."""

from __future__ import annotations

from collections.abc import Iterable

from dashboard.elements import wording
from dashboard.elements.address import link
from dashboard.elements.markup import anchor, emphasised, text
from dashboard.elements.matches import places
from dashboard.elements.stance import chip
from dashboard.records import Printing, Statement
from quotes.store.search import Matched

GUESS = 0.5
"""Statements of a lower confidence are shown as guesses."""

KINDS = {
    "direct": "the words are quoted",
    "mixed": "quoted in part",
    "indirect": "in the words of the article",
}


def cards(statements: Iterable[Statement], searched: Matched | None = None) -> str:
    """Draw statements one under the other, the words of a search highlighted."""
    return f'<div class="qt-cards">{"".join(card(one, searched) for one in statements)}</div>'


def card(statement: Statement, searched: Matched | None = None) -> str:
    """Draw one statement as HTML, the words of a search highlighted."""
    guess = statement.confidence < GUESS
    parts = [
        f'<header>{_speaker(statement)}<p class="qt-when">{_when(statement)}</p></header>',
        '<div class="qt-body">',
        f'<p class="qt-kind"><b>{statement.kind}</b> {KINDS[statement.kind]}',
        "" if statement.uttered else f'<span class="qt-inward">{wording.INWARD[statement.cue_class]}</span>',
        f'<span class="qt-guess">? a guess, {statement.confidence:.0%} sure</span>' if guess else "",
        "</p>",
        f'<blockquote class="qt-words">{_paragraphs(statement, searched)}</blockquote>',
        f'<p class="qt-printed">{_printed(statement)}</p>',
        f'<p class="qt-chips">{" ".join(map(chip, statement.stances))}</p>' if statement.stances else "",
        f"<footer>{_article(statement)}{_repeats(statement)}{_conflicts(statement)}{_cite(statement)}</footer></div>",
    ]
    return f'<article class="qt-card qt-{statement.kind}{" qt-unsure" if guess else ""}">{"".join(parts)}</article>'


def speaker_link(statement: Statement) -> str:
    """Name the speaker, as a link to the person's page, or to the statements of one who is no person we know."""
    name = text(wording.speaker(statement))
    if statement.person_id:
        return anchor(link("people", person=statement.person_id), name)
    if statement.speaker:
        return anchor(link("statements", speaker=statement.speaker), name)
    return name


def _speaker(statement: Statement) -> str:
    what = statement.role
    if statement.speaker_type not in (None, "person"):
        kind = "no name given" if statement.speaker_type == "unnamed" else statement.speaker_type
        what = f"{what}, {kind}" if what else kind
    return f'<p class="qt-who">{speaker_link(statement)}</p>' + (f'<p class="qt-role">{text(what)}</p>' if what else "")


def _when(statement: Statement) -> str:
    said = "Said " if statement.uttered else ""
    when = f"{said}{wording.said_on(statement.said_on, statement.said_on_precision)}" if statement.said_on else ""
    printed = f"“{text(statement.said_on_text)}”" if statement.said_on_text else ""
    if when and printed:
        when = f"{when}, printed as {printed}"
    elif printed:
        when = f"{said}{printed}, as printed"
    lines = [when[:1].upper() + when[1:] or "Day not given", text(statement.venue) if statement.venue else ""]
    return "<br>".join(line for line in lines if line)


def _paragraphs(statement: Statement, searched: Matched | None) -> str:
    lines = (line for line in statement.text.split("\n") if line.strip())
    found = ((line, places(line, searched) if searched else ()) for line in lines)
    return "".join(f"<p>{emphasised(line, statement.evidence, lit)}</p>" for line, lit in found)


def _printed(statement: Statement) -> str:
    source = f"source <q>{text(statement.source)}</q>" if statement.source else "nobody is named as the source"
    cue = f"cue <q>{text(statement.cue)}</q>" if statement.cue else "no cue"
    return f"As printed: {source}, {cue}"


def _article(statement: Statement) -> str:
    facts = [text(statement.publisher)] if statement.publisher else []
    facts.append(f"<cite>{text(wording.title(statement.title))}</cite>")
    facts.append(wording.day(statement.published) if statement.published else "undated")
    place = link("article", article=statement.article_id, quote=statement.quote_id)
    correct = anchor(link("review", quote=statement.quote_id), "Correct it")
    ways = f"{anchor(place, 'See it in the article', 'qt-place')} {correct}"
    return f"<span>{' · '.join(facts)}</span> <span>{ways}</span>"


def _cite(statement: Statement) -> str:
    return f'<details class="qt-more"><summary>Cite</summary>{text(wording.citation(statement))}</details>'


def _repeats(statement: Statement) -> str:
    """List the other articles that have the same words, and say which was first."""
    if not statement.repeats:
        return ""
    number = len({one.article_id for one in statement.repeats})
    first = statement.repeats[0]
    told = f"Also in {wording.count(number, 'other article')}"
    if first.published and statement.published:
        if first.published < statement.published:
            by = f" by {text(first.publisher)}" if first.publisher else ""
            told += f", first printed on {wording.day(first.published)}{by}"
        elif first.published > statement.published:
            told += ", first printed here"
    return _printings("qt-repeats", told, statement.repeats)


def _conflicts(statement: Statement) -> str:
    """List the articles that have the same words from somebody else."""
    if not statement.conflicts:
        return ""
    names = list(dict.fromkeys(one.speaker or wording.UNDECIDED for one in statement.conflicts))
    told = f"Elsewhere these words are given to {', '.join(map(text, names[:3]))}{' and others' if names[3:] else ''}"
    return _printings("qt-conflicts", told, statement.conflicts, named=True)


def _printings(css: str, told: str, printings: Iterable[Printing], *, named: bool = False) -> str:
    rows = []
    for one in printings:
        facts = [text(one.publisher)] if one.publisher else []
        facts.append(wording.day(one.published) if one.published else "undated")
        place = link("article", article=one.article_id, quote=one.quote_id)
        name = f"{text(one.speaker or wording.UNDECIDED)}: " if named else ""
        copy = " (a near-copy of an article that is here too)" if one.copy else ""
        rows.append(f"<li>{name}{anchor(place, text(wording.title(one.title)))} · {' · '.join(facts)}{copy}</li>")
    return f'<details class="qt-more {css}"><summary>{told}</summary><ul>{"".join(rows)}</ul></details>'
