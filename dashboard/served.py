"""What ``quotes dashboard`` serves: the router, and the door before what Streamlit gives to whoever knows its address.

Downloads and uploads go past the router, so that :func:`dashboard.elements.gate.guard` does not see them.
"""

from __future__ import annotations

import streamlit as st
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from dashboard.elements import gate

BEHIND_THE_DOOR = ("/media/", "/_stcore/upload_file/")


class Porter:
    """Asks for the cookie of those who were let in, where a password is wanted.

    Args:
        app: what is served.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request, or refuse it."""
        asked = scope["path"] if scope["type"] == "http" else ""
        if any(part in asked for part in BEHIND_THE_DOOR) and not gate.is_open(Request(scope).cookies):
            await PlainTextResponse("Enter the password first.", 403)(scope, receive, send)
        else:
            await self.app(scope, receive, send)


app = st.App("app.py", middleware=[Middleware(Porter)])
