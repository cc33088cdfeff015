"""How stances look: chips, diverging bars, and the matrix of people by targets.

A stance is told by a sign and a word as well as by its colour; the colours themselves (blue for, orange against,
which colour-blind readers tell apart) are in style.css under the same names.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape

from dashboard.elements import wording
from dashboard.elements.address import link
from dashboard.elements.markup import anchor, text
from dashboard.records import Matrix, PersonCount, SpeakerTally, Tally
from quotes.records import Person, Stance, StanceLabel

SIGNS: dict[StanceLabel, str] = {"against": "−", "neutral": "○", "favor": "+"}

HEADS = (
    '<th scope="col" class="qt-against">− against</th><th scope="col" class="qt-neutral">○ neutral</th>'
    '<th scope="col" class="qt-favor">+ favor</th>'
)


def chip(stance: Stance, linked: bool = True) -> str:
    """Draw one stance of a statement: sign, word, target and how sure the label is."""
    target = text(stance.target)
    if linked:
        target = anchor(link("statements", target=stance.target), target)
    sure = f'<span class="qt-sure" title="how sure the program is of this label, 0 to 1">{stance.score:.2f}</span>'
    return (
        f'<span class="qt-chip qt-{escape(stance.stance)}"><b>{SIGNS[stance.stance]} {escape(stance.stance)}</b> '
        f"{target} {sure}</span>"
    )


def bars(person_id: str, name: str, tallies: Iterable[tuple[str, Tally]]) -> str:
    """Draw a person's stances by target as a diverging bar chart, which is a table with its numbers printed."""
    rows = list(tallies)
    most = max(map(_longest, (counts for _, counts in rows)))
    body = "".join(
        f'<tr><th scope="row">{anchor(link("stances", person=person_id, target=target), text(target))}</th>'
        f"{_bars(counts, most)}</tr>"
        for target, counts in rows
    )
    return (
        f'<table class="qt-bars"><caption>Stances of {text(name)} by target<small>number of statements</small>'
        f'</caption><thead><tr><th scope="col">Target</th>{HEADS}</tr></thead><tbody>{body}</tbody></table>'
    )


def side_by_side(one: Person, other: Person, rows: Iterable[tuple[str, Tally, Tally]]) -> str:
    """Draw two people's stances toward the same targets, one under the other for each target."""
    rows = list(rows)
    most = max(_longest(counts) for _, *both in rows for counts in both)
    body = "".join(
        f'<tbody><tr><th scope="rowgroup" colspan="4" class="qt-target">{text(target)}</th></tr>'
        + "".join(
            f'<tr><th scope="row">{anchor(link("stances", person=who.id, target=target), text(who.name))}</th>'
            f"{_bars(counts, most)}</tr>"
            for who, counts in ((one, mine), (other, theirs))
        )
        + "</tbody>"
        for target, mine, theirs in rows
    )
    return (
        f'<table class="qt-bars"><caption>Stances of {text(one.name)} and {text(other.name)}'
        f'<small>number of statements, by target</small></caption><thead><tr><th scope="col">Speaker</th>{HEADS}</tr>'
        f"</thead>{body}</table>"
    )


def speakers(target: str, tallies: Iterable[SpeakerTally]) -> str:
    """Draw who is against a target and who is for it as a diverging bar chart, the fiercest opponents first."""
    rows = sorted(tallies, key=lambda one: (one.tally.net, -one.tally.total))
    most = max(_longest(one.tally) for one in rows)
    body = "".join(
        f'<tr><th scope="row">{anchor(link("stances", person=one.person_id, target=target), text(one.name))}</th>'
        f"{_bars(one.tally, most)}</tr>"
        for one in rows
    )
    return (
        f'<table class="qt-bars"><caption>Who is against {text(target)}, and who is for'
        f'<small>number of statements</small></caption><thead><tr><th scope="col">Speaker</th>{HEADS}</tr></thead>'
        f"<tbody>{body}</tbody></table>"
    )


def _longest(counts: Tally) -> int:
    return max(counts.against, counts.neutral, counts.favor)


def _bars(counts: Tally, most: int) -> str:
    told: tuple[tuple[StanceLabel, int], ...] = (
        ("against", counts.against),
        ("neutral", counts.neutral),
        ("favor", counts.favor),
    )
    return "".join(_bar(stance, number, most) for stance, number in told)


def _bar(stance: StanceLabel, number: int, most: int) -> str:
    if not number:
        return f'<td class="qt-{stance}"></td>'
    return (
        f'<td class="qt-{stance}"><span class="qt-bar" style="--share:{number / most:.4f}"><i></i><b>{number:,}</b>'
        "</span></td>"
    )


def heat_map(matrix: Matrix, chosen: tuple[str | None, str | None], kept: Mapping[str, str]) -> str:
    """Draw the matrix of people by targets; each cell is a link to its statements.

    Args:
        matrix: who says how much about whom.
        chosen: person and target of the cell whose statements are shown.
        kept: what the address says besides, which the links keep.

    Returns:
        HTML: a table, the net stance as colour and sign, the number of statements printed.
    """
    head = "".join(
        f'<th scope="col"><span>{anchor(link("stances", target=target, **kept), text(target))}</span></th>'
        for target in matrix.targets
    )
    body = "".join(
        f'<tr><th scope="row">{anchor(link("people", person=person.person_id), text(person.name))}</th>'
        + "".join(
            _cell(person, target, matrix.cells.get((person.person_id, target)), chosen, kept)
            for target in matrix.targets
        )
        + "</tr>"
        for person in matrix.people
    )
    return (
        '<h2 id="qt-matrix">Who takes which stance toward whom'
        "<small>number of statements; the colour is the net stance, (favor − against) / all</small></h2>"
        '<div class="qt-scroll" tabindex="0" role="region" aria-labelledby="qt-matrix">'
        f'<table class="qt-matrix"><thead><tr><td class="qt-corner">speaker ↓<br>target →</td>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def scale() -> str:
    """Draw the key of the matrix."""
    steps = "".join(f'<i class="{_side(net)}" style="--net:{abs(net):.2f}"></i>' for net in (-1, -0.5, 0, 0.5, 1))
    return f'<p class="qt-scale"><span>− all against</span>{steps}<span>all in favor +</span></p>'


def _cell(
    person: PersonCount,
    target: str,
    counts: Tally | None,
    chosen: tuple[str | None, str | None],
    kept: Mapping[str, str],
) -> str:
    if counts is None:
        return '<td class="qt-none"></td>'
    here = chosen == (person.person_id, target)
    told = f"{person.name} on {target}: {wording.count(counts.total, 'statement')}, {wording.tally(counts)}"
    return (
        f'<td><a class="qt-cell {_side(counts.net)}" style="--net:{abs(counts.net):.2f}" data-stay target="_self" '
        f'href="{escape(link("stances", person=person.person_id, target=target, **kept))}" title="{escape(told)}" '
        f'aria-label="{escape(told)}"{" aria-current=true" if here else ""}>{counts.total:,}'
        f"<span>{_sign(counts)}</span></a></td>"
    )


def _sign(counts: Tally) -> str:
    if counts.net:
        return SIGNS["against" if counts.net < 0 else "favor"]
    return "±" if counts.favor else SIGNS["neutral"]


def _side(net: float) -> str:
    return "qt-against" if net < 0 else "qt-favor" if net > 0 else "qt-neutral"
