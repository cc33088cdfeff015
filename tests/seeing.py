"""What a reader sees of a page that AppTest has run."""

from __future__ import annotations

from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from streamlit.testing.v1 import AppTest

from quotes.records import Quote


class Seen(HTMLParser):
    """The HTML of a page taken apart.

    Attributes:
        tags: every element with its attributes.
        text: all visible text, elements set apart by nothing.
        cards: the text of each statement card.
    """

    def __init__(self, bodies: list[str]) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.text = ""
        self.cards: list[str] = []
        self.hidden = 0
        self.feed("".join(bodies))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        self.hidden += tag in ("script", "style")
        if tag == "article":
            self.cards.append("")

    def handle_endtag(self, tag: str) -> None:
        self.hidden -= tag in ("script", "style")

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.text += data
            if self.cards:
                self.cards[-1] += data

    def links(self, page: str) -> list[dict[str, str]]:
        """List the parameters of all links to a page."""
        addresses = [urlsplit(attrs.get("href", "")) for tag, attrs in self.tags if tag == "a"]
        return [dict(parse_qsl(address.query)) for address in addresses if address.path == page]


Find = Callable[[Path, str], str]
Visit = Callable[..., AppTest]
Read = Callable[..., tuple[Quote, ...]]
See = Callable[[AppTest | str], Seen]
