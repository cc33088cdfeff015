"""Boxes for people: those quoted most are offered, anybody else of the database is found by typing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import streamlit as st

from dashboard import queries
from dashboard.elements import address
from dashboard.records import PersonCount

OFFERED = 2_000
"""How many people a box offers; a browser holds them all."""
FOUND = 50

Typed = Callable[[str], None]


def named(people: Iterable[PersonCount]) -> dict[str, str]:
    """Put people into words by id: the name with the aliases and the office."""
    return {one.person_id: " · ".join(filter(None, (one.name, *one.aliases, one.role))) for one in people}


def find(words: str) -> dict[str, str]:
    """Find people by what was typed, as :func:`named` puts them."""
    with queries.opened() as db:
        return named(queries.find_people(db, words, FOUND))


def pick(
    label: str,
    chosen: str | None,
    offered: Mapping[str, str],
    *,
    empty: str,
    on_pick: Callable[[str | None], None],
    width: int,
) -> None:
    """Show a box in which a person is chosen; where several have the name that is typed in, it offers those alone.

    Args:
        label: what the person is; our own words.
        chosen: the id of whoever is chosen now.
        offered: people by id, as :func:`named` puts them.
        empty: what the box shows where nobody is chosen.
        on_pick: called with the id of the new choice.
        width: in pixels.
    """
    key = f"typed {label}"

    def take(person_id: str | None) -> None:
        st.session_state.pop(key, None)
        on_pick(person_id)

    def look(words: str) -> None:
        found = find(words)
        if len(found) == 1:
            take(next(iter(found)))
        else:
            take(None)
            st.session_state[key] = (words, found)

    words, found = st.session_state.get(key, ("", {}))
    if found:
        empty = f"{len(found)} people are called “{words}”: choose"
    elif words:
        empty = f"Nobody is called “{words}”"
    address.pick(label, chosen, found or offered, empty=empty, on_pick=take, on_type=look, width=width)
