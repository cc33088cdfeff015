"""HTML from text: whatever comes from the database goes through here before it becomes part of a page."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from urllib.parse import urlsplit

import streamlit as st


def text(value: str) -> str:
    """Escape text, so that it shows to the letter, and keep a text that runs right to left from spilling over."""
    return f"<bdi>{escape(value)}</bdi>"


def underlined(value: str, words: Iterable[str]) -> str:
    """Escape text as :func:`text` does, each of some words underlined where it stands first."""
    places = sorted({(at, at + len(word)) for word in words if word and (at := value.find(word)) >= 0})
    pieces, end = [], 0
    for start, stop in places:
        if start >= end:
            pieces += [escape(value[end:start]), f"<u>{escape(value[start:stop])}</u>"]
            end = stop
    return f"<bdi>{''.join(pieces)}{escape(value[end:])}</bdi>"


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
