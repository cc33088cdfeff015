"""Addresses: links between pages, and filters that stand in the address of their page.

Streamlit's ``bind="query-params"`` puts the label of an option into the address, not its value, and drops a value
that it does not know; an address here holds ids, and a page says so when there is no such thing. So this module
keeps widget and address together itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date
from typing import Literal
from urllib.parse import urlencode

import streamlit as st

Page = Literal["overview", "people", "stances", "statements", "article", "review", "add", "sql"]

EARLIEST, LATEST = date(1800, 1, 1), date(2199, 12, 31)


def link(page: Page, **parameters: str | int | None) -> str:
    """Make the address of a page, relative to any other page; parameters that are None are left out."""
    query = urlencode({name: value for name, value in parameters.items() if value is not None})
    return f"{page}?{query}" if query else page


def here(**parameters: str) -> str:
    """Make the address of this page as it is now, with some parameters set otherwise."""
    return f"?{urlencode({**st.query_params, **parameters})}"


def given(name: str) -> str | None:
    """Read a parameter of the current address; None where it is missing or empty."""
    return st.query_params.get(name) or None


def change(**parameters: str | None) -> None:
    """Set parameters of the current address, or remove those that are None; the list starts at its first page again."""
    for name, value in {**parameters, "page": None}.items():
        if value is None:
            st.query_params.pop(name, None)
        else:
            st.query_params[name] = value


def page_number() -> int:
    """Read which page of a list is wanted, from 1; 1 where the address says nothing sensible."""
    value = given("page") or ""
    return int(value) if value.isascii() and value.isdigit() and 0 < int(value[:9]) == int(value) else 1


def pick(
    label: str,
    chosen: str | None,
    options: Mapping[str, str],
    *,
    empty: str,
    on_pick: Callable[[str | None], None],
    on_type: Callable[[str], None] | None = None,
    width: int | Literal["stretch"] = "stretch",
) -> None:
    """Show a searchable box in which one option, or none, is chosen.

    Args:
        label: what is chosen; our own words, for labels are Markdown.
        chosen: the option that is chosen now; it is offered even where ``options`` lacks it.
        options: for each value the words shown, which are plain text.
        empty: what the box shows where nothing is chosen.
        on_pick: called with the new choice.
        on_type: called with words that are typed in and are no option; without it only options can be chosen.
        width: in pixels, or as wide as there is room.
    """
    # Streamlit tells options apart by the words shown.
    times = Counter(options.values())
    shown = {value: words if times[words] == 1 else f"{words} · {value}" for value, words in options.items()}
    if chosen is not None and chosen not in shown:
        shown = {chosen: chosen, **shown}
    key = f"pick {label}"
    st.session_state[key] = chosen

    def take() -> None:
        value = st.session_state[key]
        if on_type and value is not None and value not in shown:
            on_type(value)
        else:
            on_pick(value)

    st.selectbox(
        label,
        list(shown),
        index=None,
        key=key,
        format_func=lambda value: shown.get(value, value),
        placeholder=empty,
        on_change=take,
        accept_new_options=on_type is not None,
        width=width,
    )


def choose(label: str, name: str, options: Mapping[str, str], *, empty: str, width: int) -> None:
    """Show a box whose choice is the parameter ``name`` of the address."""
    pick(label, given(name), options, empty=empty, on_pick=lambda value: change(**{name: value}), width=width)


def given_day(name: str) -> date | None:
    """Read a day from the address, such as 2022-03-16; None where there is none or it is no day."""
    try:
        day = date.fromisoformat(given(name) or "")
    except ValueError:
        return None
    return day if EARLIEST <= day <= LATEST else None


def choose_day(label: str, name: str, *, width: int) -> None:
    """Show a box for a day that is the parameter ``name`` of the address."""
    key = f"day {name}"

    def write() -> None:
        day = st.session_state[key]
        change(**{name: day and day.isoformat()})

    st.session_state[key] = given_day(name)
    st.date_input(label, None, EARLIEST, LATEST, key=key, on_change=write, format="DD/MM/YYYY", width=width)


def choose_words(label: str, name: str, *, placeholder: str) -> None:
    """Show a search box whose words are the parameter ``name`` of the address."""
    key = f"words {name}"
    st.session_state[key] = given(name) or ""
    st.text_input(
        label,
        key=key,
        type="search",
        placeholder=placeholder,
        on_change=lambda: change(**{name: st.session_state[key].strip() or None}),
    )
