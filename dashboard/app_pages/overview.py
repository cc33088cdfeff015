"""What is in the database: how much, from when to when, who speaks about whom, what is new, and what went wrong."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import streamlit as st

from dashboard import queries
from dashboard.elements import address, chart, frame, wording
from dashboard.elements.card import cards
from dashboard.elements.markup import anchor, show, text
from dashboard.records import Filter, IngestEntry, MonthCount

LEADING = 8
NEWEST = 3
PROBLEMS = 5


def ranking(title: str, rows: Iterable[tuple[str, str, int]]) -> str:
    """Draw a list of the most frequent: for each its address, its words and its number, with a bar."""
    rows = list(rows)
    most = max((number for _, _, number in rows), default=1)
    items = "".join(
        f'<li style="--share: {number / most:.3f}">{anchor(there, text(words))}<b>{number:,}</b></li>'
        for there, words, number in rows
    )
    return f'<section class="qt-ranking"><h2>{title}<small>number of statements</small></h2><ol>{items}</ol></section>'


def draw_months(counts: Sequence[MonthCount]) -> None:
    """Draw how many statements there are of each month, by publisher."""
    chart.stacked(
        "Statements a month by publisher",
        "The month in which a statement was said or, where that is unknown, its article was published.",
        [{"Month": one.month, "Publisher": one.publisher, "Statements": one.statements} for one in counts],
    )


def draw_ingest(last: IngestEntry) -> None:
    """Tell what the last run did, and what it could not read."""
    done = f"{wording.count(last.added, 'article')} added, {last.changed:,} changed, {last.unchanged:,} unchanged"
    stopped = "" if last.finished else " It is still running, or was stopped in the middle."
    told = "".join(
        f"<li><b>{text(one.source)}</b> {text(one.problem)} <small>{text(one.advice)}</small></li>" for one in last.told
    )
    more = last.problems - len(last.told)
    rest = f"<p>And {more:,} more: `quotes status` tells of them.</p>" if more > 0 else ""
    problems = f'<ul class="qt-problems">{told}</ul>{rest}' if told else "<p>Everything could be read.</p>"
    show(
        f'<section class="qt-ingest"><h2>Last ingest<small>{wording.day(last.started_at.date())}, '
        f"{last.started_at:%H:%M}</small></h2><p>{done}; {wording.count(last.problems, 'problem')}.{stopped}</p>"
        f"{problems}</section>"
    )


with frame.page():
    with queries.opened() as db:
        held = queries.holdings(db, Filter())
        days = queries.days(db)
        months = queries.months(db)
        speakers = queries.people(db, LEADING)
        targets = queries.targets(db, LEADING)
        newest = queries.statements(db, Filter(), 1, NEWEST)
        last = queries.last_ingest(db, PROBLEMS)

    span = f", from {wording.day(days[0])} to {wording.day(days[1])}" if days else ""
    frame.heading("Overview", wording.holdings(held) + span if held.statements else "")
    if not held.statements:
        frame.empty_database()
    else:
        if months:
            draw_months(months)
        left, right = st.columns(2, gap="large")
        with left:
            people = ((address.link("people", person=one.person_id), one.name, one.statements) for one in speakers)
            show(ranking("Quoted most", people))
        with right:
            about = ((address.link("statements", target=one.target), one.target, one.statements) for one in targets)
            show(ranking("Spoken about most", about))
        more = anchor(address.link("statements"), "All statements")
        show(f'<h2 class="qt-row">Newest statements {more}</h2>', cards(newest))
    if last:
        draw_ingest(last)
