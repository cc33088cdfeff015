"""What the program is least sure of, for people to accept, correct or reject; who is who; and what was decided."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard import queries, writing
from dashboard.elements import address, deciding, frame, naming, wording
from dashboard.elements.card import GUESS, KINDS, speaker_link
from dashboard.elements.markup import anchor, is_web_address, outside, show, text
from dashboard.elements.passage import around, in_article, passage, speakers
from dashboard.elements.stance import chip
from dashboard.elements.tabs import recall, remember, tabs
from dashboard.records import Decision, Filter, Holdings, Statement, UnderReview
from quotes.errors import CommandError
from quotes.records import Person

PAGE = 15
DECIDED = 20
WHAT = {"speaker": "Speaker", "kind": "Kind"}
STATUS = {"accepted": "Accepted", "rejected": "Rejected"}


def draw_done() -> None:
    """Tell once what was just done, with a button that takes it back."""
    told = recall()
    if not told:
        return
    title, detail, undo = told
    with st.container(key="done"):
        show(f'<section class="qt-done" role="status"><h2>{text(title)}</h2><p>{text(detail)}</p></section>')
        if undo:
            st.button("Undo", key="undo what was just done", on_click=deciding.take_back, args=undo)


def draw_statement(one: UnderReview) -> None:
    """Draw what the program read, and the words in their article."""
    statement, article = one.placed.statement, one.article
    part, placed = around(article.text, one.placed)
    state = one.review or f"{statement.confidence:.0%} sure"
    doubt = "qt-guess" if not one.review and statement.confidence < GUESS else "qt-state"
    inward = "" if statement.uttered else f'<span class="qt-inward">{wording.INWARD[statement.cue_class]}</span>'
    role = f'<span class="qt-role">{text(statement.role)}</span>' if statement.role else ""
    chips = f'<p class="qt-chips">{" ".join(map(chip, statement.stances))}</p>' if statement.stances else ""
    facts = [text(article.publisher)] if article.publisher else []
    facts.append(wording.day(article.published) if article.published else "undated")
    if article.url and is_web_address(article.url):
        facts.append(outside(article.url, "where it was published"))
    show(
        f'<section class="qt-look qt-{statement.kind}" aria-label="The statement">'
        f'<p class="qt-kind"><b>{statement.kind}</b> {KINDS[statement.kind]}{inward}'
        f'<span class="{doubt}">{state}</span></p>'
        f'<p class="qt-who">{speaker_link(statement)} {role}</p>{chips}'
        f'<div class="qt-text">{passage(part, [placed], speakers([placed]), statement.quote_id)}</div>'
        f"<footer><cite>{text(wording.title(article.title, article.text))}</cite> · {' · '.join(facts)} "
        f"{anchor(in_article(statement), 'See it in the article', 'qt-place')}</footer></section>"
    )


def draw_queue(waiting: Sequence[Statement], shown: str | None) -> None:
    """Draw what waits, the least sure first, each as a link that opens it."""
    rows = []
    for one in waiting:
        open_now = " aria-current=true" if one.quote_id == shown else ""
        words = anchor(address.here(quote=one.quote_id), text(" ".join(one.text.split())[:220]))
        facts = [text(wording.speaker(one)), one.kind, text(wording.title(one.title))]
        rows.append(f"<li{open_now}><b>{one.confidence:.0%}</b><p>{words}<small>{' · '.join(facts)}</small></p></li>")
    show(f'<ol class="qt-queue">{"".join(rows)}</ol>')


def draw_decisions(found: Sequence[Decision]) -> None:
    """Draw what was decided: who, when, what, from what to what, and whether it holds; with a way to take it back."""
    for one in found:
        with st.container(horizontal=True, gap="small", key=f"decision {one.about} {one.id}"):
            show(f'<div class="qt-decision{"" if one.holds else " qt-past"}">{_told(one)}</div>')
            if one.undone_at is None:
                st.button(
                    "Undo", key=f"undo {one.about} {one.id}", on_click=deciding.take_back, args=(one.about, [one.id])
                )


def _told(one: Decision) -> str:
    before, after = (text(value) if value else "<i>none</i>" for value in (one.before, one.after))
    match one.what:
        case "status":
            what = f"<b>{STATUS.get(one.after or '', '')}</b>"
        case "merge":
            what = f"<b>People merged</b>: {before} is {after}"
        case "split":
            what = f"<b>People parted</b>: {text(one.target or '')} of {before} went to {after}"
        case "stance":
            what = f"<b>Stance toward {text(one.target or '')}</b>: from {before} to {after}"
        case _:
            what = f"<b>{WHAT.get(one.what, '')}</b>: from {before} to {after}"
    lines = [f"<p>{what}</p>"]
    if one.words and one.article_id:
        there = address.link("article", article=one.article_id, quote=one.quote_id)
        words = anchor(there, text(" ".join(one.words.split())[:160]))
        look = anchor(address.link("review", quote=one.quote_id), "look again", "qt-place") if one.quote_id else ""
        lines.append(f"<p>{words} {look}</p>")
    elif one.about == "quote":
        lines.append("<p>Its article is not in this database, or its text has changed.</p>")
    who = f"{text(one.by)}, {wording.day(one.at.date())}, {one.at:%H:%M}"
    why = f" · {text(one.reason)}" if one.reason else ""
    if one.undone_at:
        state = f" by {text(one.undone_by)}" if one.undone_by else ""
        state = f"undone{state}, {wording.day(one.undone_at.date())}, {one.undone_at:%H:%M}"
    else:
        state = "holds" if one.holds else "no longer applies: decided anew, or its statement is gone"
    lines.append(f"<small>{who} · {state}{why}</small>")
    return "".join(lines)


def draw_review() -> None:
    """Draw the statement that is to be decided about, and what waits after it."""
    wanted = Filter(person=address.given("person"), publisher=address.given("publisher"), said="all")
    chosen = address.given("quote")
    with queries.opened() as db:
        waiting = queries.count_pending(db, wanted)
        rows = queries.pending(db, wanted, address.page_number(), PAGE)
        shown = chosen or (rows[0].quote_id if rows else None)
        one = queries.under_review(db, shown) if shown else None
        listed = [row.quote_id for row in rows]
        if shown in listed[:-1]:
            after: str | None = listed[listed.index(shown) + 1]
        else:
            after = queries.pending_after(db, wanted, shown) if one and shown else None
        decided = queries.decisions(db, quote_id=shown) if one else []
        publishers = queries.publishers(db)
        names = naming.named(queries.find_people(db, "", naming.OFFERED))
        person = queries.person(db, wanted.person) if wanted.person else None
        anything = waiting or one or queries.count_statements(db, Filter(said="all"))

    if not anything:
        frame.empty_database()
        return
    with st.container(horizontal=True, gap="small", key="filters"):
        naming.pick(
            "Said by",
            wanted.person,
            names | ({person.id: person.name} if person and person.id not in names else {}),
            empty="Anybody",
            on_pick=lambda value: address.change(person=value),
            width=360,
        )
        address.choose("Publisher", "publisher", {one: one for one in publishers}, empty="Any publisher", width=300)
        deciding.ask_reviewer()
    draw_done()
    if one:
        draw_statement(one)
        version = len(decided) + sum(decision.undone_at is not None for decision in decided)
        deciding.draw_choices(one, names, after, version)
        if decided:
            show("<h2>Decided about it</h2>")
            draw_decisions(decided)
    elif chosen:
        frame.notice(
            "This statement is not in the database",
            f"No statement has the id {chosen}: its article was taken out, or was read anew and cut otherwise.",
            "Choose one of the list.",
        )
    if rows:
        show(
            f'<h2 class="qt-row">Waiting<small>{wording.count(waiting, "statement")}, the least sure first</small></h2>'
        )
        draw_queue(rows, shown)
    elif not one and not chosen:
        narrowed = wanted.person or wanted.publisher
        frame.notice(
            "Nothing waits here" if narrowed else "Nothing left to review",
            "Nobody needs to look at anything by this speaker or publisher. Clear the filters above for the rest."
            if narrowed
            else "Somebody has decided about every statement. `quotes review export` writes the decisions down.",
        )
    frame.pager(waiting, PAGE)


def merge(kept: str, other: str) -> None:
    """Make two people one, and tell how that went."""
    try:
        number = writing.merge(kept, other, deciding.reviewer())
    except CommandError as error:
        remember("They are still two", str(error))
    else:
        remember("They are one person now", "Also in what is read from now on.", undo=("people", (number,)))
        address.change(other=None)


def draw_merging() -> None:
    """Draw the choice of two people who are one."""
    ids = address.given("kept"), address.given("other")
    with queries.opened() as db:
        names = naming.named(queries.find_people(db, "", naming.OFFERED))
        found = [queries.person(db, one) if one else None for one in ids]
        held = [queries.holdings(db, Filter(person=one.id)) if one else None for one in found]
    if not names:
        frame.notice(
            "Nobody here yet", "People come into the database with the first articles: `quotes ingest FOLDER`."
        )
        return
    draw_done()
    show(
        '<p class="qt-aside">Where one person goes by two names, choose who stays and who is the same. What was '
        "said by the second is then said by the first, also in articles that are read later, until it is undone.</p>"
    )
    with st.container(horizontal=True, gap="small", key="filters"):
        names |= {one.id: one.name for one in found if one and one.id not in names}
        for label, name, given in (("Who stays", "kept", ids[0]), ("Who is the same person", "other", ids[1])):
            naming.pick(
                label,
                given,
                names,
                empty="Type a name",
                on_pick=lambda value, name=name: address.change(**{name: value}),  # type: ignore[misc]
                width=420,
            )
        deciding.ask_reviewer()
    show(f'<div class="qt-pair">{"".join(map(_person, ids, found, held))}</div>')
    one, other = found
    if one and other and one.id == other.id:
        frame.notice("This is one person already", "Choose somebody else in one of the boxes.")
    st.button(
        "Make them one person",
        type="primary",
        on_click=merge,
        args=(one.id, other.id) if one and other else (),
        disabled=not (one and other and one.id != other.id),
    )


def _person(given: str | None, person: Person | None, held: Holdings | None) -> str:
    if not given:
        return '<div class="qt-aside">Nobody chosen yet.</div>'
    if not person or not held:
        return '<div class="qt-aside">Not in this database any more.</div>'
    facts = " · ".join(text(fact) for fact in (person.role, person.party, person.country) if fact)
    also = f"<p>also {', '.join(map(text, person.aliases))}</p>" if person.aliases else ""
    name = anchor(address.link("people", person=person.id), text(person.name))
    return f"<div><h2>{name}</h2><p>{facts}</p>{also}<p>{wording.holdings(held)}</p></div>"


def draw_decided() -> None:
    """Draw everything that was decided."""
    with queries.opened() as db:
        total = queries.count_decisions(db)
        found = queries.decisions(db, address.page_number(), DECIDED)
    draw_done()
    if found:
        draw_decisions(found)
    elif total:
        frame.notice("Past the last page", f"{wording.count(total, 'decision')} stand on the pages before.")
    else:
        frame.notice("Nothing was decided yet", "What is accepted, corrected, rejected or merged will stand here.")
    frame.pager(total, DECIDED)


with frame.page():
    parts = {
        address.link("review"): "To review",
        address.link("review", show="people"): "Merge people",
        address.link("review", show="decided"): "Decided",
    }
    part = address.given("show")
    here = address.link("review", show=part if part in ("people", "decided") else None)
    frame.heading("Review", "What the program is least sure of, for you to accept, correct or reject.")
    tabs("Parts of the review", parts, here)
    if part == "people":
        draw_merging()
    elif part == "decided":
        draw_decided()
    else:
        draw_review()
