"""Who takes which stance toward whom: a matrix, and the statements behind each of its cells."""

from __future__ import annotations

from dashboard import queries
from dashboard.elements import address, frame, stance, wording
from dashboard.elements.card import cards
from dashboard.elements.markup import show, text
from dashboard.records import Filter

PAGE = 20
PEOPLE = 20
TARGETS = 10

with frame.page():
    who, target = address.given("person"), address.given("target")
    wanted = Filter(person=who, target=target)
    with queries.opened() as db:
        matrix = queries.matrix(db, PEOPLE, TARGETS)
        if who or target:
            person = queries.person(db, who) if who else None
            total = queries.count_statements(db, wanted)
            statements = queries.statements(db, wanted, address.page_number(), PAGE)

    frame.heading("Stances", "Who speaks for whom, and against whom. Choose a cell to read what was said.")
    if not matrix.people:
        frame.empty_database()
    else:
        show(stance.heat_map(matrix, (who, target)), stance.scale())
        if matrix.all_people > len(matrix.people) or matrix.all_targets > len(matrix.targets):
            show(
                f'<p class="qt-aside">Shown are {len(matrix.people)} of {matrix.all_people:,} people and '
                f"{len(matrix.targets)} of {matrix.all_targets:,} targets, those with the most statements.</p>"
            )
        if who or target:
            name = person.name if person else who or "Everybody"
            told = (
                f'<h2 class="qt-chosen">{text(name)} on {text(target or "everything")}'
                f"<small>{wording.count(total, 'statement')}</small></h2>"
            )
            show(told, cards(statements))
            if not statements:
                frame.notice("No such statement", "Nothing in the database matches this cell. Choose another above.")
            frame.pager(total, PAGE)
            frame.scroll_to(".qt-chosen", "nearest", f"{who} {target}")
