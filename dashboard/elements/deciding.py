"""How a reviewer decides about one statement: the boxes for what is wrong with it, and the buttons."""

from __future__ import annotations

import getpass
from collections.abc import Mapping, Sequence
from functools import partial
from textwrap import shorten

import streamlit as st

from dashboard import writing
from dashboard.elements import address, naming, wording
from dashboard.elements.card import KINDS
from dashboard.elements.stance import SIGNS
from dashboard.elements.tabs import remember
from dashboard.records import Statement, UnderReview
from quotes.errors import CommandError

Choice = tuple[str, str]
"""Whom or what a box offers: a kind of thing and its key. What is typed in and offered by none is a plain string."""

NOBODY: Choice = ("nobody", "")
NO_STANCE = "none"
STANCES: dict[str, str] = {str(label): f"{sign} {label}" for label, sign in SIGNS.items()}
STANCES[NO_STANCE] = "no stance: take it away"
TYPES = ("issue", "person", "organisation", "place", "group")
REVIEWER = "reviewer"


def reviewer() -> str:
    """Name who decides: as the address says, or as was said before, or the user of this machine."""
    name = address.given("by") or st.session_state.get(REVIEWER)
    if not name:
        try:
            name = getpass.getuser()
        except (OSError, KeyError):  # an account without a name
            name = "unnamed"
    st.session_state[REVIEWER] = name
    return str(name)


def ask_reviewer() -> None:
    """Show the box for the name of who decides; it stands in the address."""
    key = "reviewing as"
    st.session_state[key] = reviewer()

    def write() -> None:
        name = st.session_state[key].strip() or None
        st.session_state[REVIEWER] = name
        address.change(by=name)

    st.text_input("Reviewing as", key=key, on_change=write, max_chars=100, width=194)


def take_back(about: str, ids: Sequence[str]) -> None:
    """Take decisions back, and tell how that went."""
    try:
        if about == "people":
            for one in ids:
                writing.undo_merge(one, reviewer())
        else:
            writing.undo(ids, reviewer())
    except CommandError as error:
        remember("It was not undone", str(error))
    else:
        remember("Undone", "What held before holds again. Both stay on record.")


def draw_choices(one: UnderReview, names: Mapping[str, str], after: str | None, version: int) -> None:
    """Draw the boxes and buttons.

    Args:
        one: the statement.
        names: the people that the box of speakers offers, by id.
        after: the id of the statement that comes next.
        version: another number whenever anything was decided about the statement, so that the boxes begin anew.
    """
    statement = one.placed.statement
    key = f"{statement.quote_id} {version}"
    with st.container(horizontal=True, gap="small", key="choices", vertical_alignment="bottom"):
        changes = _speaker(statement, names, key) + _kind(statement, key) + _stance(statement, key)
        st.text_input("Why, if it needs a word", key=f"reason {key}", max_chars=500, width=300)
    settle = partial(_settle, statement, after, f"reason {key}")
    with st.container(horizontal=True, gap="small", key="decide"):
        st.button(
            "Accept",
            on_click=settle,
            args=("Accepted", ["--accept"]),
            key="accept",
            type="secondary" if changes else "primary",
            disabled=bool(changes),
            icon=":material/check:",
        )
        st.button(
            "Save the correction",
            on_click=settle,
            args=("Corrected", changes, True),
            key="correct",
            type="primary" if changes else "secondary",
            disabled=not changes,
            icon=":material/edit:",
        )
        st.button(
            "Reject: no statement",
            on_click=settle,
            args=("Rejected", ["--reject"]),
            icon=":material/close:",
        )
        st.button("Skip", on_click=address.change, kwargs={"quote": after}, disabled=not after)


def _settle(
    statement: Statement, after: str | None, why: str, told: str, options: Sequence[str], stay: bool = False
) -> None:
    """Decide, tell how that went, and go on; ``why`` is the key of the box whose words are the reason."""
    # Read here: what was typed last comes together with the press of the button.
    reason = str(st.session_state.get(why) or "").strip()
    options = [*options, f"--reason={reason}"] if reason else options
    quote_id, words = statement.quote_id, shorten(statement.text, 90, placeholder=" …")
    try:
        ids = writing.decide(quote_id, reviewer(), *options)
    except CommandError as error:
        remember("Nothing was decided", str(error))
        return
    stays = "It shows on every page from now on, and stays when the article is read again."
    remember(f"{told}: {words}", stays, undo=("quote", tuple(ids)))
    address.change(quote=quote_id if stay else after)


def _speaker(statement: Statement, names: Mapping[str, str], key: str) -> list[str]:
    """Show the box for who spoke; give the option of the command line for a change."""
    options: dict[Choice, str] = {NOBODY: "Nobody is named"}
    now: Choice = NOBODY
    if statement.person_id:
        now = ("person", statement.person_id)
        options[now] = names.get(statement.person_id, statement.speaker or statement.person_id)
    elif statement.speaker:
        now = ("name", statement.speaker)
        options[now] = statement.speaker
    options |= {("person", person_id): words for person_id, words in _told_apart(names).items()}
    chosen = _box("Who said it", options, f"speaker {key}", "Type a name", now=now, typed=True)
    if chosen is None or chosen == now:
        return []
    if chosen == NOBODY:
        return ["--nobody"]
    name = _meant(chosen.strip(), key) if isinstance(chosen, str) else chosen[1]
    return [f"--speaker={name}"] if name else []


def _meant(typed: str, key: str) -> str | None:
    """Ask who is meant by a name that was typed in, where people of the database have it; None before the answer."""
    options: dict[Choice, str] = {("person", id): words for id, words in naming.find(typed).items()} if typed else {}
    if not options:
        return typed or None
    options[NOBODY] = f"None of these: {typed}"
    several = wording.count(len(options) - 1, "person has", "people have")
    chosen = _box("Who is meant", options, f"meant {key} {typed}", f"{several} this name: choose")
    return None if chosen is None else typed if chosen == NOBODY else chosen[1]


def _box(
    label: str,
    options: Mapping[Choice, str],
    key: str,
    placeholder: str,
    *,
    now: Choice | None = None,
    typed: bool = False,
    width: int = 360,
) -> Choice | str | None:
    """Show a box of choices in words; give the one chosen, or what was typed in where that is allowed."""
    return st.selectbox(
        label,
        list(options),
        index=None if now is None else list(options).index(now),
        key=key,
        format_func=lambda one: options.get(one, one),
        accept_new_options=typed,
        placeholder=placeholder,
        width=width,
    )


def _kind(statement: Statement, key: str) -> list[str]:
    chosen = st.selectbox(
        "Kind",
        list(KINDS),
        index=list(KINDS).index(statement.kind),
        key=f"kind {key}",
        width=160,
    )
    return [f"--kind={chosen}"] if chosen and chosen != statement.kind else []


def _stance(statement: Statement, key: str) -> list[str]:
    """Show the boxes for one stance: of a target that the statement has, or of a new one."""
    held = {stance.target: stance.stance for stance in statement.stances}
    options: dict[Choice, str] = {("target", target): f"{target} ({label})" for target, label in held.items()}
    chosen = _box("Stance toward", options, f"target {key}", "Choose, or type a new target", typed=True, width=300)
    if not chosen:
        return []
    target = (chosen if isinstance(chosen, str) else chosen[1]).strip()
    now = held.get(target)
    labels = [label for label in STANCES if now or label != NO_STANCE]
    label = st.selectbox(
        "Stance",
        labels,
        index=labels.index(now) if now else None,
        key=f"stance {key} {target}",
        format_func=lambda one: STANCES.get(one, one),
        placeholder="Choose",
        width=194,
    )
    kind = [] if now else [st.selectbox("The target is", TYPES, key=f"type {key} {target}", width=160)]
    if not label or label == now or not target:
        return []
    return [f"--target={target}", f"--stance={label}", *(f"--target-type={one}" for one in kind)]


def _told_apart(names: Mapping[str, str]) -> dict[str, str]:
    """Add the id where two people show the same words: Streamlit tells options apart by them."""
    first: dict[str, str] = {}
    for person_id, words in names.items():
        first.setdefault(words, person_id)
    return {id: words if first[words] == id else f"{words} · {id}" for id, words in names.items()}
