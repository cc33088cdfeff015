"""What stands around every page: look, masthead, footer, and the states in which there is nothing to show."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import blake2b
from html import escape
from pathlib import Path
from typing import Literal
from urllib.parse import urlencode

import duckdb
import streamlit as st

from dashboard.elements.address import page_number
from dashboard.elements.markup import anchor, show
from quotes.errors import QuotesError, StoreBusyError

HERE = Path(__file__).parent
AGAIN = 4.0
"""After how many seconds a page that could not read the database tries again by itself."""


def masthead(title: str) -> None:
    """Set up the page: its title and icon in the browser's tab, the wordmark in the theme's ink, the style sheet."""
    icon = (HERE / "icon.svg").read_text(encoding="utf8")
    st.set_page_config(page_title=f"{title} · Quote tracker", page_icon=icon)
    theme = "dark" if st.context.theme.type == "dark" else "light"
    ink = st.get_option(f"theme.{theme}.textColor") or "gray"
    st.logo((HERE / "logo.svg").read_text(encoding="utf8").replace("currentColor", ink), size="large")
    st.html(HERE / "style.css")


@contextmanager
def page() -> Iterator[None]:
    """Draw a page inside this: a database that cannot be read becomes a notice, and every page ends with the footer."""
    try:
        yield
    except StoreBusyError as error:
        notice("The database is busy", f"{error.problem} {error.advice}", retry=True)
    except QuotesError as error:
        notice("No database to read", error.problem, error.advice, retry=True)
    except duckdb.Error as error:
        notice(
            "The database could not answer", str(error), "Try again; if it stays so, run `quotes status`.", retry=True
        )
    finally:
        script = (HERE / "links.js").read_text(encoding="utf8")
        footer = (
            "Statements, speakers and stances are read from articles by a program. "
            "Check every one against its article before you rely on it."
        )
        st.html(f'<footer class="qt-foot">{footer}</footer><script>{script}</script>', unsafe_allow_javascript=True)


def heading(title: str, beneath: str = "", above: str = "") -> None:
    """Draw the headline of a page.

    Args:
        title: HTML, escaped.
        beneath: a line of HTML under it.
        above: a line of HTML over it.
    """
    over = f'<p class="qt-above">{above}</p>' if above else ""
    under = f'<p class="qt-beneath">{beneath}</p>' if beneath else ""
    show(f'<header class="qt-heading">{over}<h1>{title}</h1>{under}</header>')


def notice(title: str, *lines: str, retry: bool = False) -> None:
    """Draw a designed state: what is the matter and what to do; `words in backticks` are shown as a command."""
    told = "".join(f"<p>{_commands(line)}</p>" for line in lines)
    again = f"<p>{anchor('', 'Try again')}, or wait: the page tries by itself.</p>" if retry else ""
    show(f'<section class="qt-notice" role="status"><h2>{escape(title)}</h2>{told}{again}</section>')
    if retry:
        _try_again(time.monotonic())


@st.fragment(run_every=AGAIN)
def _try_again(drawn: float) -> None:
    """Run the page again, but not at once."""
    if time.monotonic() - drawn > AGAIN / 2:
        st.rerun()


def empty_database() -> None:
    """Say how the first articles come into the database."""
    notice(
        "No statements yet",
        "The database is there, but nobody has said anything in it.",
        "Read articles into it with `quotes ingest FOLDER`, or look at the sample with `quotes demo`.",
    )


def pager(total: int, size: int) -> None:
    """Draw the way to the pages of a list before and after; nothing where one page holds it all."""
    last = max(1, -(-total // size))
    now = page_number()
    if last == 1 and now == 1:
        return
    newer = anchor(_turned(min(now - 1, last)), "← Newer") if now > 1 else "<span></span>"
    older = anchor(_turned(now + 1), "Older →") if now < last else "<span></span>"
    show(f'<nav class="qt-pager" aria-label="Pages">{newer}<span>page {now:,} of {last:,}</span>{older}</nav>')


def scroll_to(selector: str, block: Literal["center", "nearest"], why: str) -> None:
    """Scroll to the first element that a selector of ours names, once for each new ``why``.

    Args:
        selector: a CSS selector.
        block: whether to bring it to the middle, or no farther than it takes to see it.
        why: what changes when the page is to scroll again.
    """
    once = blake2b(why.encode(), digest_size=8).hexdigest()
    script = (HERE / "scroll.js").read_text(encoding="utf8").replace("SELECTOR", selector).replace("BLOCK", block)
    st.html(f'<i class="qt-script" data-once="{once}"></i><script>{script}</script>', unsafe_allow_javascript=True)


def _turned(number: int) -> str:
    return f"?{urlencode({**st.query_params, 'page': number})}"


def _commands(line: str) -> str:
    parts = escape(line).split("`")
    return "".join(f"<code>{part}</code>" if at % 2 else part for at, part in enumerate(parts))
