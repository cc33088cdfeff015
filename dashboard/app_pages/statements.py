"""All statements, searched by their words and narrowed down by who, about whom, stance, kind, publisher and day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import streamlit as st

from dashboard import queries
from dashboard.elements import address, downloads, frame, wording
from dashboard.elements.card import cards
from dashboard.elements.markup import anchor, show, text
from dashboard.records import SAID, Filter, Said
from quotes.errors import QueryError

PAGE = 20
# Two rows on a wide screen, boxes in pairs on a narrow one (style.css): names need room.
WIDE, MEDIUM, NARROW = 360, 272, 194


def counted(values: Mapping[str, int]) -> dict[str, str]:
    """Put the number of statements behind each value."""
    return {value: f"{value} ({number:,})" for value, number in values.items()}


def choose_speaker(wanted: Filter, names: Mapping[str, tuple[str, int]], others: Mapping[str, int]) -> None:
    """Show the box for the speaker: people stand in the address by id, others by name."""
    options = {f"person {id}": f"{name} ({number:,})" for id, (name, number) in names.items()}
    options |= {f"speaker {name}": words for name, words in counted(others).items()}
    chosen = f"person {wanted.person}" if wanted.person else f"speaker {wanted.speaker}" if wanted.speaker else None
    if chosen:
        options.setdefault(chosen, f"{chosen.partition(' ')[2]} (0)")

    def write(value: str | None) -> None:
        kind, _, key = (value or "").partition(" ")
        address.change(person=key if kind == "person" else None, speaker=key if kind == "speaker" else None)

    address.pick("Speaker", chosen, options, empty="Anybody", on_pick=write, width=WIDE)


def given_said() -> Said:
    """Read from the address what the list is to hold; utterances where it says nothing sensible."""
    return next((one for one in SAID if one == address.given("said")), "utterances")


def choose_said(said: Said, numbers: Mapping[Said, int]) -> None:
    """Show the box for what the list holds: utterances, which stand in no address, or what else there is."""
    options: dict[str, str] = {one: f"{wording.SAID[one]} ({number:,})" for one, number in numbers.items()}

    def write(value: str | None) -> None:
        address.change(said=None if value == "utterances" else value)

    address.pick("What", said, options, empty=wording.SAID["utterances"], on_pick=write, width=MEDIUM)


def choose_time(wanted: Filter, numbers: Mapping[tuple[date, date], int]) -> None:
    """Show the box for a month or a year, which stands in the address by its first and last day."""
    options = {
        f"{first} {last}": f"{wording.period(first, last)} ({number:,})" for (first, last), number in numbers.items()
    }
    chosen = f"{wanted.since} {wanted.until}"

    def write(value: str | None) -> None:
        first, _, last = (value or "").partition(" ")
        address.change(since=first or None, until=last or None)

    address.pick("When", chosen if chosen in options else None, options, empty="Any time", on_pick=write, width=MEDIUM)


def summary(wanted: Filter, total: int, name: str | None) -> str:
    """Put into words which statements are shown."""
    parts = [
        f"by {text(name)}" if name else "",
        f"about {text(wanted.target)}" if wanted.target else "",
        f"stance {text(wanted.stance)}" if wanted.stance else "",
        text(wanted.kind) if wanted.kind else "",
        f"from {text(wanted.publisher)}" if wanted.publisher else "",
        f"since {wording.day(wanted.since)}" if wanted.since else "",
        f"until {wording.day(wanted.until)}" if wanted.until else "",
        f"on {text(wanted.topic)}" if wanted.topic else "",
        f"with {text(wanted.words)}" if wanted.words else "",
        f"at least {wanted.sure:.0%} sure" if wanted.sure else "",
    ]
    told = ", ".join(part for part in parts if part)
    order = "the best match first" if wanted.words else "newest first"
    return f"{wording.count(total, *wording.NOUNS[wanted.said])}{told and ' '}{told}, {order}"


with frame.page():
    wanted = Filter(
        person=address.given("person"),
        speaker=address.given("speaker"),
        target=address.given("target"),
        stance=address.given("stance"),
        kind=address.given("kind"),
        said=given_said(),
        topic=address.given("topic"),
        publisher=address.given("publisher"),
        since=address.given_day("since"),
        until=address.given_day("until"),
        words=address.given("words"),
        sure=next((least for least in queries.CONFIDENCES if f"{least:g}" == address.given("sure")), None),
    )
    unsearchable = ""
    with queries.opened() as db:
        try:
            searched = queries.search_terms(db, wanted.words) if wanted.words else None
        except QueryError as error:
            unsearchable, searched, wanted = error.problem, None, replace(wanted, words=None)
        held = queries.holdings(db, Filter(said=wanted.said))
        anything = held.statements or queries.count_statements(db, Filter(said="all"))
        facets = queries.facets(db, wanted)
        total = queries.count_statements(db, wanted)
        person = queries.person(db, wanted.person) if wanted.person else None
        statements = queries.statements(db, wanted, address.page_number(), PAGE)

    if not anything:
        frame.heading("Statements")
        frame.empty_database()
    else:
        frame.heading("Statements", wording.holdings(held, wanted.said))
        address.choose_words("Search", "words", placeholder='Words, "a phrase", or the beginning of a word*')
        with st.container(horizontal=True, gap="small", key="filters"):
            choose_speaker(wanted, facets.people, facets.speakers)
            address.choose("About", "target", counted(facets.targets), empty="Anything", width=WIDE)
            address.choose("Publisher", "publisher", counted(facets.publishers), empty="Any publisher", width=WIDE)
            choose_said(wanted.said, facets.said)
            address.choose("Topic", "topic", counted(facets.topics), empty="Any topic", width=MEDIUM)
            address.choose("Stance", "stance", counted(facets.stances), empty="Any stance", width=NARROW)
            address.choose("Kind", "kind", counted(facets.kinds), empty="Any kind", width=NARROW)
            choose_time(wanted, facets.times)
            address.choose_day("From", "since", width=NARROW)
            address.choose_day("To", "until", width=NARROW)
            sure = {f"{least:g}": f"{least:.0%} or more ({number:,})" for least, number in facets.sure.items()}
            address.choose("Confidence", "sure", sure, empty="Any confidence", width=NARROW)
        name = person.name if person else wanted.person or wanted.speaker
        everything = "" if wanted == Filter() else anchor(address.link("statements"), "Clear all filters")
        show(f'<p class="qt-figures"><span>{summary(wanted, total, name)}</span>{everything}</p>')
        if unsearchable:
            frame.notice("Nothing to search for", f"{unsearchable} All statements are shown.")
        if searched and searched.unindexed:
            frame.notice(
                "The index of words is not up to date",
                f"It lacks {wording.count(searched.unindexed, 'quote')}. These were compared letter by letter: all "
                "words must occur in them, and they stand last.",
                "It is built with `quotes search --rebuild`.",
            )
        if statements:
            downloads.buttons(wanted)
            show(cards(statements, searched))
        elif total:
            frame.notice("Past the last page", f"The list has {wording.count(total, *wording.NOUNS[wanted.said])}.")
        else:
            fewer = ", or search for fewer words" if wanted.words else ""
            frame.notice("No statement matches", f"Nothing fits all this together. Take a filter away{fewer}.")
        frame.pager(total, PAGE)
