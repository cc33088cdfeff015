"""The door of the dashboard in a real Chromium: what is sent before the password, and what the browser remembers."""

from __future__ import annotations

from pathlib import Path

from driving import SCREENSHOTS, serving
from playwright.sync_api import Browser, Page, WebSocket, expect
from test_browser import browser

__all__ = ["browser"]

SECRET = "grey heron at noon"


def test_the_password_opens_the_dashboard_until_the_browser_closes(
    browser: Browser, tracker: Path, tmp_path: Path
) -> None:
    file = tmp_path / "password"
    file.write_text(SECRET)
    copy = tmp_path / "quotes.duckdb"
    copy.write_bytes(tracker.read_bytes())
    with serving(copy, QUOTES_PASSWORD_FILE=str(file)) as address:
        context = browser.new_context()
        page = context.new_page()
        received: list[bytes] = []
        addresses: list[str] = []

        def listen(socket: WebSocket) -> None:
            socket.on("framereceived", lambda data: received.append(data if isinstance(data, bytes) else data.encode()))

        page.on("websocket", listen)
        page.on("request", lambda request: addresses.append(request.url))
        page.goto(f"{address}/statements?query=levy")
        field = page.get_by_label("Password", exact=True)
        expect(field).to_be_visible()
        expect(field).to_have_attribute("type", "password")
        expect(page.get_by_text("those who know its password")).to_be_visible()
        SCREENSHOTS.mkdir(exist_ok=True)
        page.screenshot(path=SCREENSHOTS / "password.png")
        _enter(page, "grey heron")
        expect(page.get_by_text("does not open the door")).to_be_visible()
        page.screenshot(path=SCREENSHOTS / "password-wrong.png")
        assert received
        assert not [data for data in received if b"Marrow" in data or b"levy is" in data]
        page.wait_for_timeout(1_000)
        _enter(page, SECRET)
        expect(page.get_by_text("Ilse Marrow").first).to_be_visible()
        expect(field).to_have_count(0)
        (cookie,) = [one for one in context.cookies() if one["name"].startswith("quotes_")]
        assert cookie["expires"] == -1  # ends with the browser
        assert cookie["sameSite"] == "Strict"
        assert SECRET not in cookie["value"]

        page.goto(f"{address}/people")
        expect(page.get_by_text("Ilse Marrow").first).to_be_visible()
        assert "levy" not in page.url
        tab = context.new_page()
        tab.goto(f"{address}/statements")
        expect(tab.get_by_text("Ilse Marrow").first).to_be_visible()
        assert not [one for one in addresses if "heron" in one]
        with tab.expect_download() as download:
            tab.get_by_role("button", name="CSV").click()
        assert "levy" in Path(download.value.path()).read_text(encoding="utf8")

        other = browser.new_context().new_page()  # another browser, so to speak
        other.goto(f"{address}/people")
        expect(other.get_by_label("Password", exact=True)).to_be_visible()
        assert "/media/" in download.value.url
        assert [one.request.get(download.value.url).status for one in (context, other.context)] == [200, 403]
        for one in browser.contexts:
            one.close()
    assert SECRET not in copy.with_suffix(".log").read_text()


def _enter(page: Page, password: str) -> None:
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Enter").click()
