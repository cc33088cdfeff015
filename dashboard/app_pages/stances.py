"""Who takes which stance toward whom: a matrix, the statements behind its cells, and each target's own page."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from dashboard import queries
from dashboard.elements import address, chart, frame, stance, wording
from dashboard.elements.card import cards
from dashboard.elements.markup import show, text
from dashboard.records import Filter, Matrix

PAGE = 20
SIZES = {"small": (10, 6), "middle": (20, 10), "large": (50, 20)}
SHOWN = {"small": "10 people, 6 targets", "middle": "20 people, 10 targets", "large": "50 people, 20 targets"}
ORDERS = {"count": "Most statements", "name": "Name", "against": "Most against", "favor": "Most in favor"}
KEPT = ("publisher", "since", "until", "size", "order")
SPEAKERS = 30


def ordered(matrix: Matrix, order: str | None) -> Matrix:
    """Put the people of a matrix into another order."""

    def net(person_id: str) -> float:
        tallies = [counts for (one, _), counts in matrix.cells.items() if one == person_id]
        total = sum(counts.total for counts in tallies)
        return sum(counts.favor - counts.against for counts in tallies) / total if total else 0.0

    match order:
        case "name":
            people = sorted(matrix.people, key=lambda one: one.name.casefold())
        case "against":
            people = sorted(matrix.people, key=lambda one: net(one.person_id))
        case "favor":
            people = sorted(matrix.people, key=lambda one: -net(one.person_id))
        case _:
            return matrix
    return replace(matrix, people=tuple(people))


with frame.page():
    who, target = address.given("person"), address.given("target")
    given = Filter(
        publisher=address.given("publisher"), since=address.given_day("since"), until=address.given_day("until")
    )
    wanted = replace(given, person=who, target=target)
    with queries.opened() as db:
        matrix = queries.matrix(db, given, *SIZES.get(address.given("size") or "", SIZES["middle"]))
        publishers = queries.publishers(db)
        if target and not who:
            months = queries.target_months(db, wanted)
            speakers = queries.target_speakers(db, wanted, SPEAKERS)
        if who or target:
            person = queries.person(db, who) if who else None
            total = queries.count_statements(db, wanted)
            statements = queries.statements(db, wanted, address.page_number(), PAGE)

    frame.heading("Stances", "Who speaks for whom, and against whom. Choose a cell to read what was said.")
    if not matrix.people and given == Filter():
        frame.empty_database()
    else:
        with st.container(horizontal=True, gap="small", key="filters"):
            address.choose("Publisher", "publisher", {one: one for one in publishers}, empty="Any publisher", width=240)
            address.choose_day("From", "since", width=176)
            address.choose_day("To", "until", width=176)
            address.choose("Order of people", "order", ORDERS, empty=ORDERS["count"], width=194)
            address.choose("Size", "size", SHOWN, empty=SHOWN["middle"], width=225)
        kept = {name: value for name in KEPT if (value := address.given(name))}
        if matrix.people:
            shown = ordered(matrix, address.given("order"))
            show(stance.heat_map(shown, (who, target), kept), stance.scale())
        else:
            frame.notice("No stance in this", "No statement of this publisher and time takes a stance. Widen it.")
        if matrix.all_people > len(matrix.people) or matrix.all_targets > len(matrix.targets):
            show(
                f'<p class="qt-aside">Shown are {len(matrix.people)} of {matrix.all_people:,} people and '
                f"{len(matrix.targets)} of {matrix.all_targets:,} targets, those with the most statements.</p>"
            )
        if who or target:
            name = person.name if person else who or "Everybody"
            show(
                f'<h2 class="qt-chosen">{text(name)} on {text(target or "everything")}'
                f"<small>{wording.count(total, 'statement')}</small></h2>"
            )
            if target and not who and speakers:
                show(stance.speakers(target, speakers))
                if len({one.month for one in months}) > 1:
                    chart.months("How that moved", "Stance", months, chart.STANCES)
            show(cards(statements))
            if not statements:
                frame.notice("No such statement", "Nothing in the database matches this cell. Choose another above.")
            frame.pager(total, PAGE)
            frame.scroll_to(".qt-chosen", "nearest", f"{who} {target}")
