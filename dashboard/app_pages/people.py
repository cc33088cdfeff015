"""One person: who it is, when, how he or she stands toward whom, beside a second person, and the statements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from dashboard import queries
from dashboard.elements import address, chart, frame, stance, wording
from dashboard.elements.card import cards
from dashboard.elements.markup import anchor, show, text
from dashboard.elements.ranking import ranking
from dashboard.records import Filter, Holdings, PersonCount, Statement, Tally
from quotes.records import Person

PAGE = 20
TARGETS = 15
LEADING = 8
FOUND = 50


def draw_found(words: str, found: Sequence[PersonCount]) -> None:
    """Draw the people whom a search found."""
    frame.heading("People", f"{wording.count(len(found), 'person', 'people')} found for “{text(words)}”")
    if not found:
        frame.notice("Nobody by that name", "No name and no alias in the database holds all these words.")
        return
    rows = []
    for one in found:
        also = f"also {', '.join(map(text, one.aliases))}" if one.aliases else ""
        facts = " · ".join(fact for fact in (text(one.role) if one.role else "", also) if fact)
        name = anchor(address.link("people", person=one.person_id), text(one.name))
        rows.append(f"<li><h2>{name}</h2><p>{facts}</p><p>{wording.count(one.statements, 'statement')}</p></li>")
    show(f'<ol class="qt-list">{"".join(rows)}</ol>')


def draw_head(
    person: Person, held: Holdings, printed: Mapping[str, int], about: Mapping[str, int], inward: int
) -> None:
    """Draw who a person is and how much there is of him or her."""
    facts = " · ".join(text(fact) for fact in (person.role, person.party, person.country) if fact)
    also = f"also {', '.join(map(text, person.aliases))}" if person.aliases else ""
    frame.heading(text(person.name), "<br>".join(line for line in (facts, also) if line))
    papers = [
        f"{anchor(address.link('statements', person=person.id, publisher=name), text(name))} ({number:,})"
        for name, number in printed.items()
    ]
    more = f" and {held.publishers - len(papers):,} others" if held.publishers > len(papers) else ""
    by = f": {', '.join(papers)}{more}" if papers else ""
    line = f"<span>{wording.holdings(held)}{by}</span>"
    for name, times in about.items():
        there = anchor(address.link("statements", target=name), wording.count(times, "statement"))
        line += f"<span>{there} about {text(name)}</span>"
    if inward:
        there = address.link("statements", person=person.id, said="beliefs")
        line += f"<span>{anchor(there, wording.count(inward, *wording.NOUNS['beliefs']))}</span>"
    show(f'<p class="qt-figures">{line}</p>')


def draw_relations(tallies: Sequence[tuple[str, Tally]], speakers: Sequence[PersonCount], person: Person) -> None:
    """Draw whom a person speaks about, and who speaks about the person."""
    left, right = st.columns(2, gap="large")
    if tallies:
        spoken = [
            (address.link("statements", person=person.id, target=target), target, tally.total)
            for target, tally in tallies[:LEADING]
        ]
        with left:
            show(ranking(f"{text(person.name)} speaks about", spoken))
    if speakers:
        others = [
            (address.link("statements", person=one.person_id, target=person.name), one.name, one.statements)
            for one in speakers
        ]
        with right:
            show(ranking(f"Who speaks about {text(person.name)}", others))


def draw_statements(person: Person, held: Holdings, inward: int, statements: Sequence[Statement]) -> None:
    """Draw the list of a person's statements."""
    if statements:
        show("<h2>Statements, newest first</h2>", cards(statements))
    else:
        silent = "speaks in no article; others speak about this person."
        if inward:
            silent = "says nothing in any article; some tell what this person believes or wishes: see above."
        beyond = f"has {wording.count(held.statements, 'statement')}, none on this page of the list."
        frame.notice("No statement here", f"{person.name} {beyond if held.statements else silent}")
    frame.pager(held.statements, PAGE)


with frame.page():
    number = address.page_number()
    find, beside = address.given("find"), address.given("beside")
    with queries.opened() as db:
        everybody = queries.people(db)
        found = queries.find_people(db, find, FOUND) if find else []
        chosen = address.given("person") or (everybody[0].person_id if everybody and not find else None)
        person = queries.person(db, chosen) if chosen else None
        if person:
            mine = Filter(person=person.id)
            held = queries.holdings(db, mine)
            inward = queries.count_statements(db, Filter(person=person.id, said="beliefs"))
            months = queries.months(db, mine)
            printed = queries.printed_by(db, mine, LEADING)
            tallies = queries.stances_by_target(db, person.id, TARGETS)
            about = queries.count_about(db, person.id)
            speakers = queries.speakers_about(db, person.id, LEADING)
            other = queries.person(db, beside) if beside else None
            both = queries.compared(db, person.id, other.id, TARGETS) if other else []
            statements = queries.statements(db, mine, number, PAGE)

    if not everybody:
        frame.heading("People")
        frame.empty_database()
    else:
        options = {one.person_id: " · ".join((one.name, *one.aliases)) for one in everybody}
        if person:
            options.setdefault(person.id, person.name)
        address.pick(
            "Person",
            chosen if person else None,
            options,
            empty="Type a name",
            on_pick=lambda value: address.change(person=value, find=None, beside=None),
            on_type=lambda words: address.change(find=words, person=None, beside=None),
            width=420,
        )
        if find and not person:
            draw_found(find, found)
        elif not person:
            frame.heading("Nobody by that name")
            frame.notice(
                "This person is not in the database",
                f"Nobody has the id {chosen}.",
                "Choose somebody above. Whom no article mentions any more is taken out of the database.",
            )
        else:
            draw_head(person, held, printed, about, inward)
            if len({one.month for one in months}) > 1:
                chart.months("Statements a month by publisher", "Publisher", months)
            if tallies:
                if other and both:
                    show(stance.side_by_side(person, other, both))
                else:
                    show(stance.bars(person.id, person.name, tallies))
                    if other:
                        frame.notice(
                            "Nothing to compare",
                            f"{person.name} and {other.name} speak about nobody and nothing in common.",
                        )
                address.pick(
                    "Beside",
                    other.id if other else None,
                    {one: name for one, name in options.items() if one != person.id},
                    empty="Compare with somebody",
                    on_pick=lambda value: address.change(beside=value),
                    width=420,
                )
            draw_relations(tallies, speakers, person)
            draw_statements(person, held, inward, statements)
