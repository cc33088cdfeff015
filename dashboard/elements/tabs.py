"""Ways through a page that has several parts, as links, and what was just done, told once."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

import streamlit as st

from dashboard.elements.markup import show


def tabs(label: str, ways: Mapping[str, str], here: str) -> None:
    """Draw links to the parts of a page.

    Args:
        label: what the links are, for those who do not see them.
        ways: for each address its words, HTML.
        here: the address of the part that is shown.
    """
    items = "".join(
        f'<a href="{escape(there)}" target="_self"{" aria-current=page" if there == here else ""}>{words}</a>'
        for there, words in ways.items()
    )
    show(f'<nav class="qt-tabs" aria-label="{label}">{items}</nav>')


def remember(title: str, detail: str = "", *, undo: tuple[str, tuple[str, ...]] | None = None) -> None:
    """Keep in mind what was done, or what went wrong, until the page is drawn next.

    Args:
        title: what happened; plain text.
        detail: more of it; plain text.
        undo: whether it was about a ``quote`` or ``people``, and the ids of the decisions to be taken back.
    """
    st.session_state["just done"] = (title, detail, undo)


def recall() -> tuple[str, str, tuple[str, tuple[str, ...]] | None] | None:
    """Give what was to be kept in mind, once."""
    found: tuple[str, str, tuple[str, tuple[str, ...]] | None] | None = st.session_state.pop("just done", None)
    return found
