"""What is in the database: how much, from when to when, who speaks about whom, what is new, and what went wrong."""

from __future__ import annotations

import streamlit as st

from dashboard import queries
from dashboard.elements import address, chart, frame, wording
from dashboard.elements.card import cards
from dashboard.elements.markup import anchor, show, text
from dashboard.elements.ranking import ranking
from dashboard.records import Filter, IngestEntry

LEADING = 8
NEWEST = 3
PROBLEMS = 5


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
        months = queries.months(db, Filter())
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
            chart.months("Statements a month by publisher", "Publisher", months)
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
