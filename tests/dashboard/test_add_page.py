"""The Add page: what is given is read by another process, shown, and only then saved, as it was shown."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from invented import HARBOUR, articles, hostile
from seeing import See, Visit
from streamlit.testing.v1 import AppTest

from dashboard import previews, queries, writing
from dashboard.records import FoundArticle, Preview
from quotes.records import Article, Problem, Quote
from quotes.tracker import as_json

GERMAN = (
    "Der Bürgermeister sagte am Dienstag, die Fähren würden im Winter nicht mehr fahren, weil niemand sie bezahlen "
    "wolle. „Das ist ein schwarzer Tag für die Stadt“, erklärte er vor den Abgeordneten im Rathaus."
)


@pytest.fixture
def own(tracker: Path, tmp_path: Path) -> Path:
    """A copy of the invented articles, which may be changed."""
    return Path(shutil.copy(tracker, tmp_path / "own.duckdb"))


def press(app: AppTest, label: str) -> AppTest:
    (button,) = [one for one in app.button if one.label == label]
    button.click().run(timeout=280)
    assert not app.exception
    return app


def found(article: Article, quotes: list[Quote]) -> FoundArticle:
    """Give what a preview holds of an article, by the way over the line that a command prints."""
    one = previews.read_line(json.dumps(as_json(article, quotes, whole=True), ensure_ascii=False))
    assert isinstance(one, FoundArticle)
    return one


def test_a_line_gives_back_what_was_found() -> None:
    for article, quotes in (*articles(), hostile()):
        one = found(article, quotes)
        assert one.article == article
        assert [placed.spans for placed in one.placed] == sorted(quote.spans for quote in quotes)
        by_place = {quote.spans: quote for quote in quotes}
        for placed in one.placed:
            quote = by_place[placed.spans]
            name = quote.speaker and quote.speaker.name
            assert (placed.statement.text, placed.statement.speaker) == (quote.text, name)
            assert (placed.statement.stances, placed.statement.said_on) == (quote.stances, quote.said_on)


@pytest.mark.timeout(600)
def test_a_pasted_text_is_saved_as_it_was_shown(
    visit: Visit, seen: See, own: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    app = visit("add", own)
    text = f"  {HARBOUR}\n\n<script>document.title='owned'</script> [x](javascript:alert(1)) $\\LaTeX$ :red[alarm]\n"
    app.text_area[0].set_value(text)
    for label, value in {"Title": "The levy", "Publisher": "The Pasted Post"}.items():
        (box,) = [one for one in app.text_input if one.label == label]
        box.set_value(value)
    press(app, "Find the statements")
    (token,) = app.query_params.values()
    preview = previews.kept(token)
    assert preview
    (one,) = preview.found
    assert (one.article.text, one.article.title, one.article.publisher) == (text, "The levy", "The Pasted Post")
    page = seen(app)
    assert "fishing net" in page.text
    assert "Nothing is saved yet." in page.text
    assert "17 statements" in seen(visit("statements", own)).text

    press(app, "Save")
    with queries.opened() as db:
        assert queries.article(db, one.article.id) == one.article
        kept = db.execute(
            "SELECT quote_id, text, speaker, confidence FROM quotes WHERE article_id = $article",
            {"article": one.article.id},
        ).fetchall()
    shown = [(p.statement.quote_id, p.statement.text, p.statement.confidence) for p in one.placed]
    assert sorted((id, words) for id, words, _ in shown) == sorted((id, words) for id, words, _, _ in kept)
    by_id = {id: sure for id, _, _, sure in kept}
    assert all(by_id[id] == pytest.approx(sure, abs=1e-6) for id, _, sure in shown)
    page = seen(app)
    assert "Saved1 article in the database" in page.text
    assert {"article": one.article.id} in page.links("article")
    assert "This preview is gone" in seen(visit("add", own, preview=token)).text
    assert list((tmp_path / "temporary").iterdir()) == []


@pytest.mark.parametrize(
    ("way", "value", "told"),
    [
        ("text", "", "Paste the article into the box"),
        ("text", "  \n ", "Paste the article into the box"),
        ("text", GERMAN, "What you pasted It is not in English, but in the language de."),
        ("address", "", "Give the address of a page"),
        ("address", "file:///etc/passwd", "It must begin with http:// or https://"),
        ("address", "/etc/passwd", "It must begin with http:// or https://"),
        ("address", "http://127.0.0.1:9/story", "an address on this machine or a private network"),
        ("files", "", "Drop some onto the box"),
    ],
)
def test_what_cannot_be_read_is_told(visit: Visit, seen: See, own: Path, way: str, value: str, told: str) -> None:
    app = visit("add", own, way=way)
    if way == "text":
        app.text_area[0].set_value(value)
    elif way == "address":
        app.text_input[0].set_value(value)
    press(app, "Find the statements")
    assert told in seen(app).text
    assert not [one for one in app.button if one.label == "Save"]


def test_files_are_read_under_their_names(visit: Visit, seen: See, own: Path) -> None:
    app = visit("add", own, way="files")
    app.file_uploader[0].set_value(
        [("../<b>empty.txt", b" ", "text/plain"), ("german.txt", GERMAN.encode(), "text/plain")]
    )
    page = seen(press(app, "Find the statements"))
    assert "<b>empty.txt There is no text in it." in page.text
    assert "german.txt It is not in English" in page.text
    assert "Nothing to save" in page.text


def test_an_article_that_is_there_already_or_has_changed(visit: Visit, seen: See, own: Path) -> None:
    article, quotes = articles()[0]
    same = previews.keep(Preview((found(article, quotes),), (), {"way": "text", "text": article.text}))
    app = visit("add", own, preview=same)
    assert "In the database already" in seen(app).text
    assert {"article": "harbour"} in seen(app).links("article")
    assert [one.label for one in app.button] == ["Change it", "Discard"]
    other = found(replace(article, title="Another headline"), quotes)
    app = visit("add", own, preview=previews.keep(Preview((other,), (), {"way": "files"})))
    assert "saving replaces its statements" in seen(app).text
    assert [one.label for one in app.button] == ["Save", "Discard"]


def test_several_articles_are_listed_each_with_an_address(visit: Visit, seen: See, own: Path) -> None:
    some = tuple(found(replace(article, id=f"new-{article.id}"), quotes) for article, quotes in articles())
    problem = Problem("notes.pdf", "There is no text in it.", "Check the file, or leave it out.")
    token = previews.keep(Preview(some, (problem,), {"way": "files"}))
    page = seen(visit("add", own, preview=token))
    assert "17 statements in 4 articles. Nothing is saved yet." in page.text
    assert "notes.pdf There is no text in it." in page.text
    assert {"preview": token, "article": "new-rail"} in page.links("add")
    one = seen(visit("add", own, preview=token, article="new-rail"))
    assert "Night trains return to the coast" in one.text
    assert "31% sure" in one.text


def test_changing_and_discarding(visit: Visit, seen: See, own: Path) -> None:
    article, quotes = articles()[0]
    given = {"way": "text", "text": article.text, "title": "A title", "published": "2031-03-05"}
    token = previews.keep(Preview((found(replace(article, id="new"), quotes),), (), given))
    app = press(visit("add", own, preview=token), "Change it")
    assert app.text_area[0].value == article.text
    assert app.date_input[0].value == date(2031, 3, 5)
    assert app.query_params == {}
    token = previews.keep(Preview((found(replace(article, id="new"), quotes),), (), given))
    app = press(visit("add", own, preview=token), "Discard")
    assert "Nothing of it was saved" in seen(app).text
    assert previews.kept(token) is None


def test_only_so_many_previews_are_kept() -> None:
    tokens = [previews.keep(Preview((), (), {"way": "text"})) for _ in range(previews.MOST_KEPT + 3)]
    assert [previews.kept(token) is None for token in tokens[:4]] == [True, True, True, False]


def test_what_was_saved_has_an_address(visit: Visit, seen: See, own: Path) -> None:
    page = seen(visit("add", own, saved="1"))
    assert "Saved4 articles in the database" in page.text
    assert {"article": "harbour"} in page.links("article")
    for number in ("99", "x", "9" * 30):
        assert "Nothing was saved under this address" in seen(visit("add", own, saved=number)).text


def test_nothing_hostile_is_markup(visit: Visit, seen: See, own: Path) -> None:
    article, quotes = hostile()
    bait = Problem("<script>alert(1)</script>", "[x](javascript:alert(1))", ":red[x] $x^2$")
    token = previews.keep(Preview((found(article, quotes),), (bait,), {"way": "files"}))
    app = visit("add", own, preview=token)
    page = seen(app)
    assert '“<script>document.title="owned"</script> :red[alarm] [x](javascript:alert(1)) $\\LaTeX$ `code`' in page.text
    assert "<script>alert(1)</script>" in page.text
    for _, attrs in page.tags:
        assert not any(name.startswith("on") for name in attrs)
        assert not attrs.get("href", "").lower().startswith("javascript")
    assert not app.markdown


def test_a_command_that_fails_is_told_and_nothing_is_lost(
    visit: Visit, seen: See, own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    article, quotes = articles()[0]
    token = previews.keep(Preview((found(replace(article, id="new"), quotes),), (), {"way": "files"}))
    monkeypatch.setattr(writing, "SECONDS_TO_READ", 0.0)
    monkeypatch.setattr(writing, "TICK", 0.01)
    app = press(visit("add", own, preview=token), "Save")
    assert "It was not savedIt took longer than 0 seconds and was stopped." in seen(app).text
    assert previews.kept(token)
    app = visit("add", own)
    app.text_area[0].set_value("“We will not go,” Ilse Marrow said.")
    press(app, "Find the statements")
    assert "It could not be read" in seen(app).text
    assert app.text_area[0].value == "“We will not go,” Ilse Marrow said."


def test_without_a_database_the_form_is_there(visit: Visit, seen: See, tmp_path: Path) -> None:
    assert "Nothing is" not in seen(app := visit("add", tmp_path / "none.duckdb")).text
    assert app.text_area
