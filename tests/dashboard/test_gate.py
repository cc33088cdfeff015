"""The door of a dashboard that others can reach."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st
from seeing import See
from streamlit.testing.v1 import AppTest

from dashboard import queries
from dashboard.elements import gate

APP = Path(__file__).parents[2] / "dashboard" / "app.py"
SECRET = "grey heron at noon"
PAGES = ("overview", "people", "stances", "statements", "article", "sql")


@pytest.fixture
def locked(tracker: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[AppTest]:
    """The dashboard with a password, and nobody let in."""
    file = tmp_path / "password"
    file.write_text(f"{SECRET}\n")
    monkeypatch.setenv("QUOTES_PASSWORD_FILE", str(file))
    monkeypatch.setenv("QUOTES_DATABASE", str(tracker))
    monkeypatch.setattr(type(st.context), "cookies", {})
    st.cache_resource.clear()
    yield AppTest.from_file(APP, default_timeout=60)
    st.cache_resource.clear()


def enter(app: AppTest, password: str) -> None:
    app.text_input[0].set_value(password)
    app.button[0].click().run()
    assert not app.exception


def is_shut(app: AppTest, text: str) -> bool:
    return "those who know its password" in text and not app.dataframe and not app.get("download_button")


def test_without_the_password_there_is_a_form_and_nothing_else(
    locked: AppTest, seen: See, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[None] = []
    monkeypatch.setattr(queries, "opened", lambda: opened.append(None))
    monkeypatch.setattr(queries, "ask", lambda *_: opened.append(None))
    locked.query_params["query"] = "select * from quotes"
    locked.run()
    assert is_shut(locked, seen(locked).text)
    for page in PAGES:
        locked._page_hash = page
        locked.run()
        assert is_shut(locked, seen(locked).text)
    assert opened == []


def test_the_password_opens_every_page_and_a_cookie_keeps_it_open(
    locked: AppTest, seen: See, monkeypatch: pytest.MonkeyPatch
) -> None:
    locked.run()
    enter(locked, SECRET)
    assert "17 statements in 4 articles" in seen(locked).text
    (script,) = [one.proto.body for one in locked.get("html") if "document.cookie" in one.proto.body]
    assert "SameSite=Strict" in script
    assert "expires" not in script.lower()
    assert "max-age" not in script.lower()
    assert SECRET not in script
    locked.switch_page("app_pages/people.py").run()
    assert "newest first" in seen(locked).text
    assert not [one for one in locked.get("html") if "document.cookie" in one.proto.body]
    assert SECRET not in str(locked.query_params)

    name, _, token = script.partition('document.cookie = "')[2].partition(";")[0].partition("=")
    for value, let_in in ((token, True), (token[:-1], False), ("", False), ("é\ud800", False)):
        monkeypatch.setattr(type(st.context), "cookies", {name: value})
        again = AppTest.from_file(APP, default_timeout=60).run()
        assert is_shut(again, seen(again).text) is not let_in


@pytest.mark.parametrize("wrong", ["x", SECRET[:-1], SECRET + "x", SECRET.upper(), "ü" * 500])
def test_a_wrong_password_opens_nothing(locked: AppTest, seen: See, wrong: str) -> None:
    locked.run()
    enter(locked, wrong)
    text = seen(locked).text
    assert is_shut(locked, text)
    assert "does not open" in text
    assert wrong not in text


def test_who_guesses_must_wait_longer_each_time_and_so_must_all_others(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    door = gate.Door()
    waits = []
    for _ in range(9):
        wait = door.try_password("guess", SECRET)
        assert isinstance(wait, float)
        waits.append(wait)
        # Not even the right one is looked at while the door is shut.
        assert isinstance(door.try_password(SECRET, SECRET), float)
        now += wait
    assert waits == [0.5, 1, 2, 4, 8, 16, 30, 30, 30]
    token = door.try_password(SECRET, SECRET)
    assert isinstance(token, str)
    assert door.knows(token)
    assert not door.knows(token + "x")
    assert door.try_password("guess", SECRET) == 0.5


@pytest.mark.parametrize("content", [None, "", "\n", "short\n", "\xff\xfe"])
def test_without_a_password_that_can_be_read_nobody_is_let_in(
    locked: AppTest, seen: See, tmp_path: Path, content: str | None
) -> None:
    file = tmp_path / "password"
    if content is None:
        file.unlink()
    else:
        file.write_bytes(content.encode("latin1"))
    locked.run()
    assert "Nobody is let in" in seen(locked).text
    assert not locked.text_input
