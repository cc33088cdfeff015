"""HTML from text: whatever comes from the database goes through here before it becomes part of a page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from itertools import pairwise
from urllib.parse import urlsplit

import streamlit as st


def text(value: str) -> str:
    """Escape text, so that it shows to the letter, and keep a text that runs right to left from spilling over."""
    return f"<bdi>{escape(value)}</bdi>"


def emphasised(value: str, words: Iterable[str], found: Sequence[tuple[int, int]] = ()) -> str:
    """Escape text as :func:`text` does, some words underlined where they stand first, and places highlighted.

    Args:
        value: any text.
        words: what to underline.
        found: the places to highlight, as code points [start, end) in order.
    """
    spans = ((value.find(word), len(word)) for word in words if word)
    lined = {at for start, size in spans if start >= 0 for at in range(start, start + size)}
    lit = {at for start, end in found for at in range(start, end)}
    starts = {start for start, _ in found}
    cuts = [
        at
        for at in range(1, len(value))
        if (at in lined) != (at - 1 in lined) or (at in lit) != (at - 1 in lit) or at in starts
    ]
    pieces = []
    for start, end in pairwise([0, *cuts, len(value)]):
        piece = escape(value[start:end])
        piece = f"<mark>{piece}</mark>" if start in lit else piece
        pieces.append(f"<u>{piece}</u>" if start in lined else piece)
    return f"<bdi>{''.join(pieces)}</bdi>"


def anchor(address: str, content: str, css: str = "") -> str:
    """Make a link inside the dashboard.

    Args:
        address: from :func:`dashboard.elements.address.link`.
        content: HTML.
        css: class names.
    """
    return f'<a class="{css}" href="{escape(address)}" target="_self">{content}</a>'


def is_web_address(url: str) -> bool:
    """Tell whether a browser may be sent there: http and https, never javascript and the like."""
    try:
        return urlsplit(url).scheme.lower() in ("http", "https")
    except ValueError:
        return False


def outside(url: str, content: str) -> str:
    """Make a link to another site; ``url`` must have passed :func:`is_web_address`."""
    return f'<a href="{escape(url)}" target="_blank" rel="noopener noreferrer">{content}</a>'


def show(*parts: str) -> None:
    """Put HTML onto the page; every part that holds outside text must have been through this module."""
    st.html("".join(parts))
