"""The door of a dashboard that others can reach: nothing of the database is read, let alone sent, before the password.

``quotes dashboard --password-file FILE`` names the file in ``QUOTES_PASSWORD_FILE``; without it the door stands open.
Who was let in gets a cookie that ends with the browser, so that a page may be loaded anew and opened in another tab.
"""

from __future__ import annotations

import hmac
import json
import os
import secrets
import time
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from threading import Lock

import streamlit as st

from dashboard.elements import frame
from quotes.errors import DashboardError
from quotes.passwords import read_password

LONGEST_WAIT = 30.0
"""Seconds that everybody waits after many wrong passwords; after the first, half a second, then twice as long each."""
MAX_GUESTS = 10_000


class Door:
    """Who was let in, and how long nobody is, since somebody guesses; one for the whole process."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._guests: dict[bytes, None] = {}
        self._wrong = 0
        self._shut_until = 0.0

    def knows(self, token: str) -> bool:
        """Tell whether a cookie is one that this door gave."""
        with self._lock:
            return _digest(token) in self._guests

    def try_password(self, given: str, right: str) -> str | float:
        """Compare a password, in a time that tells nothing about how much of it is right.

        Returns:
            A new cookie, or for how many seconds no password is looked at.
        """
        with self._lock:
            now = time.monotonic()
            if now < self._shut_until:
                return self._shut_until - now
            if not hmac.compare_digest(_digest(given), _digest(right)):
                wait: float = min(0.5 * 2**self._wrong, LONGEST_WAIT)
                self._wrong = min(self._wrong + 1, 10)
                self._shut_until = now + wait
                return wait
            self._wrong = 0
            token = secrets.token_urlsafe(32)
            self._guests[_digest(token)] = None
            if len(self._guests) > MAX_GUESTS:
                del self._guests[next(iter(self._guests))]
            return token


@st.cache_resource
def _door() -> Door:
    return Door()


def is_open(cookies: Mapping[str, str]) -> bool:
    """Tell whether no password is wanted, or a visitor has the cookie of those who were let in."""
    return not os.environ.get("QUOTES_PASSWORD_FILE") or _door().knows(cookies.get(_cookie(), ""))


def guard() -> None:
    """End the page here, with a form in place of all else, unless this visitor may see it."""
    if st.session_state.get("qt_inside"):
        return
    if is_open(st.context.cookies):
        st.session_state["qt_inside"] = True
        return
    place = st.empty()
    with place.container():
        token = _let_in(_door(), Path(os.environ["QUOTES_PASSWORD_FILE"]))
    place.empty()
    st.session_state["qt_inside"] = True
    _give(_cookie(), token)


def _cookie() -> str:
    return f"quotes_{st.get_option('server.port')}"


def _let_in(door: Door, file: Path) -> str:
    """Draw the form, and end the page unless it was just sent with the right password; give the cookie."""
    frame.masthead("Password")
    try:
        password = read_password(file)
    except DashboardError as error:
        frame.notice("Nobody is let in", error.problem, error.advice)
        st.stop()
    frame.heading("Quote tracker", "This dashboard is shown to those who know its password.")
    with st.form("qt_door", border=False, clear_on_submit=True):
        given = st.text_input("Password", type="password", autocomplete="current-password", max_chars=1_000, width=360)
        sent = st.form_submit_button("Enter", type="primary")
    if not sent or not given:
        st.stop()
    answer = door.try_password(given, password)
    if isinstance(answer, float):
        frame.notice("That does not open the door", f"Wait {max(answer, 1.0):.0f} s, and try again.")
        st.stop()
    return answer


def _give(cookie: str, token: str) -> None:
    """Let the browser remember until it closes; Streamlit has no way to set a cookie from its server."""
    value = json.dumps(f"{cookie}={token}; path=/; SameSite=Strict")
    script = f'document.cookie = {value} + (location.protocol === "https:" ? "; Secure" : "");'
    st.html(f'<i class="qt-script"></i><script>{script}</script>', unsafe_allow_javascript=True)


def _digest(text: str) -> bytes:
    return sha256(text.encode("utf8", "surrogatepass")).digest()
