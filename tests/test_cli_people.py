"""`quotes people`: the list, why names were joined, and decisions."""

from __future__ import annotations

import re
from datetime import date
from functools import partial
from pathlib import Path

import pytest
from commands import Run

from quotes.people import Register, link
from quotes.records import Article, Quote, Span, Speaker
from quotes.relinking import Relinker
from quotes.store import writing

COMMANDS = ("list", "show", "merge", "split", "undo", "decisions", "relink")


@pytest.fixture
def run(run: Run, tmp_path: Path) -> Run:
    """Run `quotes people` on a file with two full Marshes and a bare one."""
    with writing(tmp_path / "quotes.duckdb", 5) as store:
        store.begin([], "")
        said = (("Hanna Marsh", "Senator"), ("Hanna J. Marsh", "Senator"), ("Otto Marsh", "Mayor"), ("Marsh", None))
        for number, (name, role) in enumerate(said, start=1):
            article = Article(f"a{number}", "“No.”", f"Title {number}", published=date(2031, 5, number))
            quote = Quote("direct", "“No.”", (Span(0, 5),), speaker=Speaker(name, "person", role))
            store.save(1, article, *link(article, [quote], Register()))
        Relinker(Register()).run(store)

    return partial(run, "people")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(run: Run, command: str) -> None:
    code, out, _ = run(command, "--help")
    assert code == 0
    assert re.search(rf"Example: quotes people {'' if command == 'list' else command + ' ?'}", out)
    assert command in run("--help")[1]


def test_the_list_tells_ids_and_marks_who_has_one_name(run: Run) -> None:
    for words in ((), ("list",), ("marsh",)):
        code, out, _ = run(*words)
        assert code == 0
        assert re.search(r"Hanna Marsh +Senator +2 .* hanna-marsh\b", out)
        assert "Marsh (one name)" in out


@pytest.mark.parametrize("who", ["hanna-marsh", "HANNA MARSH", "Hanna J. Marsh", "hanna"])
def test_show_lists_each_form_with_its_articles_and_why(run: Run, who: str) -> None:
    code, out, _ = run("show", who)
    assert code == 0
    assert out.startswith("Hanna Marsh (hanna-marsh): Senator\n2 statements")
    assert "Hanna J. Marsh: Hanna Marsh but for a middle name" in out
    assert "2031-05-02  a2  Title 2  [Senator]" in out


def test_show_of_a_lone_surname_warns(run: Run) -> None:
    out = run("show", "marsh")[1]
    assert "several people whom nothing tells apart" in out
    assert "one name alone; nothing tells which of its bearers is meant" in out


def test_where_several_match_they_are_named(run: Run) -> None:
    code, out, err = run("show", "mars")
    assert (code, out) == (1, "")
    assert err.startswith("quotes: 3 people match 'mars': hanna-marsh (Senator)")
    assert run("show", "nobody")[2].startswith("quotes: Nobody is called 'nobody'")


def test_merge_split_decisions_and_undo(run: Run) -> None:
    assert "nothing was merged" in run("decisions")[1].lower()
    assert (
        run("merge", "hanna-marsh", "marsh", "--by", "Ann")[1]
        == "marsh is now hanna-marsh. Decision 1: quotes people undo 1\n"
    )
    assert "moved here from marsh by decision 1" in run("show", "hanna")[1]
    assert "from hanna-marsh to otto-marsh" in run("split", "hanna", "--form", "Hanna J. Marsh", "--to", "otto")[1]
    assert "to hanna-marsh-3" in run("split", "hanna-marsh", "--article", "a1")[1]
    code, out, _ = run("decisions")
    assert code == 0
    assert re.search(r"2  \d{4}-\d\d-\d\d \d\d:\d\d  \S+  “Hanna J. Marsh” of hanna-marsh to otto-marsh\n", out)
    assert "article a1 of hanna-marsh to hanna-marsh-3" in out
    assert run("undo", "1", "--by", "Bea")[0] == 0
    assert re.search(r"1 .*  Ann  all of marsh to hanna-marsh \(undone [-\d]+ [:\d]+ by Bea\)", run("decisions")[1])
    assert run("undo", "1")[0] == 1
    assert "one name" in run()[1]


def test_relink_changes_nothing_where_nothing_has_changed(run: Run) -> None:
    before = run()[1]
    assert run("relink") == (0, "3 people.\n", "")
    assert run()[1] == before
