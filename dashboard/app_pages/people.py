"""One person: who it is, how he or she stands toward whom, and the statements, newest first."""

from __future__ import annotations

from dashboard import queries
from dashboard.elements import address, frame, stance, wording
from dashboard.elements.card import cards
from dashboard.elements.markup import anchor, show, text
from dashboard.records import Filter

PAGE = 20
TARGETS = 15

with frame.page():
    number = address.page_number()
    with queries.opened() as db:
        everybody = queries.people(db)
        chosen = address.given("person") or (everybody[0].person_id if everybody else None)
        person = queries.person(db, chosen) if chosen else None
        if person:
            held = queries.holdings(db, Filter(person=person.id))
            inward = queries.count_statements(db, Filter(person=person.id, said="beliefs"))
            tallies = queries.stances_by_target(db, person.id, TARGETS)
            about = queries.count_about(db, person.id)
            statements = queries.statements(db, Filter(person=person.id), number, PAGE)

    if not everybody:
        frame.heading("People")
        frame.empty_database()
    else:
        options = {one.person_id: one.name for one in everybody}
        if person:
            options.setdefault(person.id, person.name)
        address.pick(
            "Person",
            chosen if person else None,
            options,
            empty="Choose a person, or type a name",
            on_pick=lambda value: address.change(person=value),
            width=420,
        )
        if not person:
            frame.heading("Nobody by that name")
            frame.notice(
                "This person is not in the database",
                f"Nobody has the id {chosen}.",
                "Choose somebody above. Whom no article mentions any more is taken out of the database.",
            )
        else:
            facts = " · ".join(text(fact) for fact in (person.role, person.party, person.country) if fact)
            frame.heading(text(person.name), facts)
            line = f"<span>{wording.holdings(held)}</span>"
            for name, times in about.items():
                there = anchor(address.link("statements", target=name), wording.count(times, "statement"))
                line += f"<span>{there} about {text(name)}</span>"
            if inward:
                there = address.link("statements", person=person.id, said="beliefs")
                line += f"<span>{anchor(there, wording.count(inward, *wording.NOUNS['beliefs']))}</span>"
            show(f'<p class="qt-figures">{line}</p>')
            if tallies:
                show(stance.bars(person.id, person.name, tallies))
            if statements:
                show("<h2>Statements, newest first</h2>", cards(statements))
            else:
                silent = "speaks in no article; others speak about this person."
                if inward:
                    silent = "says nothing in any article; some tell what this person believes or wishes: see above."
                beyond = f"has {wording.count(held.statements, 'statement')}, none on this page of the list."
                frame.notice("No statement here", f"{person.name} {beyond if held.statements else silent}")
            frame.pager(held.statements, PAGE)
