"""Text from articles is shown to the letter: never HTML, Markdown or TeX."""

from __future__ import annotations

from pathlib import Path

import pytest
from seeing import See, Visit

from dashboard.elements.examples import EXAMPLES

OUR_TAGS = {
    "a", "article", "aside", "b", "bdi", "blockquote", "br", "caption", "cite", "code", "details", "div", "footer",
    "h1", "h2", "header", "i", "li", "mark", "nav", "ol", "p", "pre", "q", "section", "script", "small", "span",
    "summary", "table", "tbody", "td", "th", "thead", "tr", "u", "ul",
}  # fmt: skip
OUR_SCRIPTS = 2
PLACES = [
    ("people", {"person": "m$x$"}),
    ("stances", {"person": "m$x$", "target": '<img src=x onerror="document.title=1"> :blue[Target] $x^2$'}),
    ("statements", {}),
    ("statements", {"person": "m$x$"}),
    ("statements", {"words": "owned red*"}),
    ("statements", {"words": "<script>alert(1)</script> :red[x]"}),
    ("statements", {"words": "$ <"}),
    ("statements", {"person": "<script>alert(1)</script>", "target": "<b>"}),
    ("article", {}),
    ("article", {"article": "<hostile>&\"'"}),
    ("article", {"article": "<script>"}),
    ("people", {"person": "<script>`x`"}),
    ("overview", {}),
    ("review", {}),
    ("review", {"quote": "<script>`x`"}),
    ("review", {"show": "decided"}),
    ("review", {"show": "people", "kept": "m$x$", "other": "<script>"}),
    ("add", {}),
    ("add", {"preview": "<script>", "way": ":red[x]"}),
    ("sql", {"query": "select * from statements_view"}),
    ("sql", {"query": "select '<script>' as \"<b>:red[x]\", 1 as \"$x^2$\" union select '`', 2"}),
    ("sql", {"query": "select '<script>alert(1)</script>' + 1"}),
    ("sql", {"query": 'select \'<script>\' as "<b>:red[x]", 1 as "$x^2$"', "chart": "bars"}),
    ("sql", {"query": 'select 1,\n "<script>:red[x]" from quotes'}),
]


@pytest.mark.parametrize(("page", "parameters"), PLACES)
def test_no_element_and_no_handler_comes_from_text(
    visit: Visit, seen: See, hostile_tracker: Path, page: str, parameters: dict[str, str]
) -> None:
    app = visit(page, hostile_tracker, **parameters)
    shown = seen(app)
    assert {tag for tag, _ in shown.tags} <= OUR_TAGS
    assert sum(tag == "script" for tag, _ in shown.tags) <= OUR_SCRIPTS
    for _, attrs in shown.tags:
        assert not any(name.startswith("on") for name in attrs)
        assert not attrs.get("href", "").lower().startswith("javascript")


@pytest.mark.parametrize(("page", "parameters"), PLACES)
def test_nothing_from_the_database_is_markdown(
    visit: Visit, hostile_tracker: Path, page: str, parameters: dict[str, str]
) -> None:
    app = visit(page, hostile_tracker, **parameters)
    for kind in ("markdown", "title", "header", "subheader", "caption", "checkbox", "radio", "metric"):
        assert not app.get(kind), kind
    labels = {one.label for one in [*app.selectbox, *app.text_input, *app.date_input, *app.text_area, *app.expander]}
    assert {one.label for one in app.button} <= {
        "Run",
        "Accept",
        "Save the correction",
        "Reject: no statement",
        "Skip",
        "Make them one person",
        "Find the statements",
        *EXAMPLES,
    }
    assert labels <= {
        "Person",
        "Speaker",
        "About",
        "Stance",
        "Kind",
        "What",
        "Publisher",
        "From",
        "To",
        "Find an article",
        "Beside",
        "Confidence",
        "Topic",
        "Order of people",
        "Search",
        "Across",
        "Up",
        "When",
        "Size",
        "Query",
        "Chart",
        "The same as a table",
        "Said by",
        "Reviewing as",
        "Who said it",
        "Stance toward",
        "Why, if it needs a word",
        "Who stays",
        "Who is the same person",
        "Text",
        "Title",
        "Published on",
        "Address, if it has one",
    }


@pytest.mark.parametrize(("page", "parameters"), PLACES)
def test_only_our_own_constant_scripts_may_run(
    visit: Visit, hostile_tracker: Path, page: str, parameters: dict[str, str]
) -> None:
    for element in visit(page, hostile_tracker, **parameters).get("html"):
        if element.proto.unsafe_allow_javascript:
            for bait in ("Mallory", "alarm", "LaTeX", "onerror", "alert("):
                assert bait not in element.proto.body


def test_the_words_are_shown_to_the_letter(visit: Visit, seen: See, hostile_tracker: Path) -> None:
    page = seen(visit("article", hostile_tracker, article="<hostile>&\"'"))
    assert '“<script>document.title="owned"</script> :red[alarm] [x](javascript:alert(1)) $\\LaTeX$ `code`' in page.text
    assert "<style>body {display: none}</style>" in page.text
    assert "where it was published" not in page.text
