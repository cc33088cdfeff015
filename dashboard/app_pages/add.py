"""Articles from a user's hands: pasted, by address, or as files; shown with what was found before they are saved."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory
from typing import Literal, TypeVar

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from dashboard import previews, queries, writing
from dashboard.elements import address, frame, wording
from dashboard.elements.card import cards
from dashboard.elements.found import draw_found
from dashboard.elements.markup import anchor, is_web_address, show, text
from dashboard.elements.tabs import recall, remember, tabs
from dashboard.records import FoundArticle, Preview
from quotes.errors import CommandError
from quotes.readers.files import READERS
from quotes.readers.packed import COMPRESSED
from quotes.records import Problem

Way = Literal["text", "address", "files"]
State = Literal["new", "changed", "unchanged"]

Line = TypeVar("Line")

MOST_CHARACTERS = 1_000_000
MOST_FILES = 20
MOST_MEGABYTES = 25
MOST_ARTICLES = 100
SHOWN = 50
WAYS: Mapping[Way, str] = {"text": "Paste a text", "address": "Give an address", "files": "Drop files"}
FIELDS = ("text", "title", "publisher", "published", "url", "address")
SUFFIXES = sorted(suffix.removeprefix(".") for suffix in (*READERS, *COMPRESSED, ".zip"))
STATES: Mapping[State, str] = {
    "new": "new",
    "changed": "in the database with another text or other facts: saving replaces its statements",
    "unchanged": "in the database already, word for word",
}


def draw_form(way: Way) -> None:
    """Draw the form for one way of adding, and read what it was given."""
    uploaded: list[UploadedFile] = []
    with st.form("add", border=False):
        if way == "text":
            st.text_area("Text", key="add text", height=320, max_chars=MOST_CHARACTERS, placeholder="The whole article")
        elif way == "address":
            st.text_input("Address", key="add address", placeholder="https://", max_chars=2000)
            show(
                '<p class="qt-aside">A page, a feed or a sitemap of the public internet. What its robots.txt forbids '
                "is not fetched.</p>"
            )
        else:
            uploaded = st.file_uploader(
                "Files", SUFFIXES, True, key="add files", max_upload_size=MOST_MEGABYTES, width="stretch"
            )
        with st.container(horizontal=True, gap="small", key="filters"):
            if way == "text":
                st.text_input("Title", key="add title", max_chars=500, width=420)
            st.text_input("Publisher", key="add publisher", max_chars=200, width=240)
            st.date_input(
                "Published on", None, address.EARLIEST, address.LATEST, key="add day", format="DD/MM/YYYY", width=194
            )
            if way == "text":
                st.text_input(
                    "Address, if it has one", key="add url", placeholder="https://", max_chars=2000, width=360
                )
        if way != "text":
            show('<p class="qt-aside">Publisher and day, if you give them, hold instead of what the articles say.</p>')
        wanted = st.form_submit_button("Find the statements", type="primary")
    if wanted:
        start(way, filled_in(way), uploaded)
    else:
        show(
            '<p class="qt-aside">You see what was found before anything is saved. Only English is understood. The day '
            "is what “on Tuesday” counts from.</p>"
        )


def filled_in(way: Way) -> dict[str, str]:
    """Read the form; what is empty is left out."""
    day: date | None = st.session_state.get("add day")
    given = {name: str(st.session_state.get(f"add {name}") or "") for name in FIELDS}
    given |= {"way": way, "published": day.isoformat() if day else ""}
    # Of a text, white space is kept: places count from its beginning.
    return {name: value if name == "text" else value.strip() for name, value in given.items() if value.strip()}


def start(way: Way, given: Mapping[str, str], uploaded: Sequence[UploadedFile]) -> None:
    """Find what is in it, and go on to the preview; or say what is missing."""
    web = given.get("address" if way == "address" else "url", "")
    if way == "address" and not web:
        frame.notice("No address", "Give the address of a page, a feed or a sitemap.")
    elif web and not is_web_address(web):
        frame.notice("This is no address of the web", "It must begin with http:// or https://.")
    elif way == "text" and "text" not in given:
        frame.notice("No text", "Paste the article into the box.")
    elif way == "files" and not uploaded:
        frame.notice("No files", f"Drop some onto the box, at most {MOST_FILES} of {MOST_MEGABYTES} MB each.")
    elif len(uploaded) > MOST_FILES:
        frame.notice("Too many files", f"Take {MOST_FILES} at most; `quotes ingest FOLDER` reads a whole folder.")
    else:
        try:
            preview = look(way, given, uploaded)
        except CommandError as error:
            frame.notice("It could not be read", error.problem, error.advice)
        else:
            address.change(way=None, preview=previews.keep(preview))
            st.rerun()


def look(way: Way, given: Mapping[str, str], uploaded: Sequence[UploadedFile]) -> Preview:
    """Let another process find what is in it, and show how far that is."""
    options = [f"--{name}={given[name]}" for name in ("publisher", "published") if name in given]
    with TemporaryDirectory(prefix="quote-tracker-") as folder:
        if way == "text":
            fields = {name: given[name] for name in ("text", "title", "publisher", "published", "url") if name in given}
            lines = writing.extract(["-"], given=json.dumps(fields))
        elif way == "address":
            lines = writing.extract([given["address"]], options)
        else:
            lines = writing.extract([put(one, number, Path(folder)) for number, one in enumerate(uploaded)], options)
        found: list[FoundArticle] = []
        problems: list[Problem] = []
        # Ends the process also where the user has gone elsewhere meanwhile.
        with closing(lines):
            for line in waiting(lines, lambda: f"{wording.count(len(found), 'article')} read"):
                one = previews.read_line(line)
                if isinstance(one, Problem):
                    source = re.sub(rf"^{re.escape(folder)}/\d+/", "", one.source)
                    problems.append(replace(one, source="What you pasted" if way == "text" else source))
                elif len(found) < MOST_ARTICLES:
                    found.append(one)
                else:
                    limit = f"Only the first {MOST_ARTICLES} articles are shown and saved."
                    problems.append(Problem("More articles", limit, "Read all of them with `quotes ingest`."))
                    break
    return Preview(tuple(found), tuple(problems), given)


def put(file: UploadedFile, number: int, folder: Path) -> str:
    """Write a file into a folder of its own, under its name, which says how it is read, and give its path."""
    name = PurePath(file.name.replace("\\", "/")).name.replace("\0", "")[-120:] or "file.txt"
    place = folder / str(number)
    place.mkdir()
    (place / name).write_bytes(file.getbuffer())
    return str(place / name)


def waiting(lines: Iterable[Line | None], told: Callable[[], str]) -> Iterator[Line]:
    """Pass on what a command prints, and show meanwhile how far it is."""
    began, place = time.monotonic(), st.empty()
    line: Line | None = None
    for line in lines:
        seconds = wording.count(round(time.monotonic() - began), "second")
        place.html(
            f'<div class="qt-progress" role="status"><progress aria-label="at work"></progress><p>{told()}, {seconds} '
            "so far. The models of language are loaded first, which takes some seconds.</p></div>"
        )
        if line is not None:
            yield line
    place.empty()


def draw_preview(token: str, preview: Preview) -> None:
    """Draw what was found, and the choice to save or discard it."""
    states: dict[str, State] = dict.fromkeys((one.article.id for one in preview.found), "new")
    if queries.database().exists():
        with queries.opened() as db:
            states = {one.article.id: state(queries.article(db, one.article.id), one) for one in preview.found}
    wanted = [one for one in preview.found if states[one.article.id] != "unchanged"]
    statements = sum(one_placed.statement.uttered for one in preview.found for one_placed in one.placed)
    told = f"{wording.count(statements, 'statement')} in {wording.count(len(preview.found), 'article')}"
    frame.heading("Preview", f"{told}. Nothing is saved yet.", anchor(address.link("add"), "← Add something else"))
    draw_problems(preview.problems)
    if not preview.found:
        frame.notice("Nothing to save", "No article could be read from this. Above stands why, and what to do.")
    elif not wanted:
        frame.notice(
            "In the database already",
            "Every word and every fact about it is there, so there is nothing to save.",
        )
        show(f'<ul class="qt-list">{"".join(map(_way_to, preview.found[:SHOWN]))}</ul>')
    with st.container(horizontal=True, gap="small", key="save"):
        save = bool(wanted) and st.button("Save", type="primary", icon=":material/check:")
        if preview.given["way"] != "files":
            st.button("Change it", on_click=change_it, args=(token, preview.given), icon=":material/edit:")
        st.button("Discard", on_click=discard, args=(token,), icon=":material/close:")
    if save:
        store(token, wanted)
    only = preview.found[0].article.id if len(preview.found) == 1 else address.given("article")
    chosen = next((one for one in preview.found if one.article.id == only), None)
    if chosen:
        if len(preview.found) > 1:
            show(f"<p>{anchor(address.link('add', preview=token), '← All that was found')}</p>")
        draw_found(chosen, STATES[states[only or ""]], address.given("quote"))
    else:
        rows = "".join(_row(token, one, STATES[states[one.article.id]]) for one in preview.found[:SHOWN])
        more = len(preview.found) - SHOWN
        show(f'<ol class="qt-list">{rows}</ol>', f'<p class="qt-aside">And {more} more.</p>' if more > 0 else "")


def state(known: object, one: FoundArticle) -> State:
    """Tell whether an article is in the database already; ``known`` is what is there under its id."""
    return "new" if known is None else "unchanged" if known == one.article else "changed"


def draw_problems(problems: Sequence[Problem]) -> None:
    """Draw what could not be read, and what to do about it."""
    rows = "".join(
        f"<li><b>{text(one.source)}</b> {text(one.problem)} <small>{text(one.advice)}</small></li>"
        for one in problems[:SHOWN]
    )
    if rows:
        show(f'<section class="qt-ingest"><h2>Could not be read</h2><ul class="qt-problems">{rows}</ul></section>')


def _row(token: str, one: FoundArticle, state: str) -> str:
    article = one.article
    facts = [text(article.publisher)] if article.publisher else []
    facts += [wording.day(article.published) if article.published else "undated", state]
    there = address.link("add", preview=token, article=article.id)
    number = wording.count(sum(placed.statement.uttered for placed in one.placed), "statement")
    title = anchor(there, text(wording.title(article.title, article.text)))
    return f'<li><p class="qt-above">{" · ".join(facts)}</p><h2>{title}</h2><p>{number}</p></li>'


def _way_to(one: FoundArticle) -> str:
    there = address.link("article", article=one.article.id)
    return f"<li><h2>{anchor(there, text(wording.title(one.article.title, one.article.text)))}</h2></li>"


def change_it(token: str, given: Mapping[str, str]) -> None:
    """Go back to the form, as it was filled in."""
    previews.forget(token)
    for name in FIELDS:
        st.session_state[f"add {name}"] = given.get(name, "")
    st.session_state["add day"] = date.fromisoformat(given["published"]) if "published" in given else None
    address.change(preview=None, article=None, quote=None, way=given["way"] if given["way"] != "text" else None)


def discard(token: str) -> None:
    """Forget what was found."""
    previews.forget(token)
    remember("Discarded", "Nothing of it was saved.")
    address.change(preview=None, article=None, quote=None)


def store(token: str, wanted: Sequence[FoundArticle]) -> None:
    """Let another process save the articles as they were shown, and go on to what was saved."""
    try:
        with closing(writing.ingest(one.line for one in wanted)) as lines:
            for _ in waiting(lines, lambda: f"Saving {wording.count(len(wanted), 'article')}"):
                pass
        with queries.opened() as db:
            number = queries.saved_by(db, [one.article.id for one in wanted])
    except CommandError as error:
        frame.notice("It was not saved", error.problem, error.advice, "What was found is still here: try again.")
        return
    previews.forget(token)
    address.change(preview=None, article=None, quote=None, saved=str(number))
    st.rerun()


def draw_saved(given: str) -> None:
    """Draw what was saved, with the ways to it."""
    with queries.opened() as db:
        found = queries.saved(db, int(given[:9]), SHOWN) if given.isascii() and given.isdigit() else None
        single = found.articles[0].article_id if found and found.total == 1 else None
        placed = queries.article_statements(db, single) if single else []
    again = anchor(address.link("add"), "← Add something else")
    if not found:
        frame.heading("No such run", "", again)
        frame.notice("Nothing was saved under this address", "Everything that was saved is among the articles.")
        return
    frame.heading("Saved", f"{wording.count(found.total, 'article')} in the database", again)
    draw_problems(found.problems)
    rows = []
    for entry in found.articles:
        facts = [text(entry.publisher)] if entry.publisher else []
        facts.append(wording.day(entry.published) if entry.published else "undated")
        there = address.link("article", article=entry.article_id)
        title = anchor(there, text(wording.title(entry.title, entry.opening)))
        number = wording.count(entry.statements, "statement")
        rows.append(f'<li><p class="qt-above">{" · ".join(facts)}</p><h2>{title}</h2><p>{number}</p></li>')
    more = f'<p class="qt-aside">And {found.total - SHOWN} more.</p>' if found.total > SHOWN else ""
    show(f'<ol class="qt-list">{"".join(rows)}</ol>{more}')
    if placed:
        show("<h2>What is said in it</h2>", cards(one.statement for one in placed))


with frame.page():
    token, number = address.given("preview"), address.given("saved")
    if queries.database().exists():  # where there is none, saving makes it
        with queries.opened():
            pass
    if number:
        draw_saved(number)
    elif token and (preview := previews.kept(token)):
        draw_preview(token, preview)
    elif token:
        frame.heading("Preview", "", anchor(address.link("add"), "← Add something else"))
        frame.notice(
            "This preview is gone",
            "It was saved or discarded, or the dashboard has been started anew since. What was saved is among the "
            "articles; nothing else was kept.",
        )
    else:
        way: Way = next((one for one in WAYS if one == address.given("way")), "text")
        frame.heading("Add", "Read an article of your own, look at what was found in it, and save it.")
        ways = {address.link("add", way=one if one != "text" else None): words for one, words in WAYS.items()}
        tabs("Ways to add", ways, address.link("add", way=way if way != "text" else None))
        if told := recall():
            show(f'<section class="qt-done" role="status"><h2>{text(told[0])}</h2><p>{text(told[1])}</p></section>')
        draw_form(way)
