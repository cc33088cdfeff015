"""The statements of a list as files: a table, JSON Lines, and citations to put under a text."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable
from dataclasses import asdict

import streamlit as st

from dashboard import queries
from dashboard.elements.wording import citation
from dashboard.records import Filter, Statement

MOST = 50_000
"""How many statements a file holds at most; `quotes sql` gives more."""


def table(statements: Iterable[Statement]) -> str:
    """Write statements as CSV, a row each.

    Their stances stand in one column as "against Ann Lee; favor the plan", the other articles that have the same words
    in one by their ids, and so do the articles that have them from somebody else.
    """
    file = io.StringIO()
    rows = [
        {
            **asdict(one),
            "stances": "; ".join(f"{stance.stance} {stance.target}" for stance in one.stances),
            "evidence": "; ".join(one.evidence),
            "repeats": "; ".join(printing.article_id for printing in one.repeats),
            "conflicts": "; ".join(printing.article_id for printing in one.conflicts),
        }
        for one in statements
    ]
    if rows:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return file.getvalue()


def lines(statements: Iterable[Statement]) -> str:
    """Write statements as JSON Lines."""
    return "".join(json.dumps(asdict(one), default=str, ensure_ascii=False) + "\n" for one in statements)


def citations(statements: Iterable[Statement]) -> str:
    """Write statements as citations, with a blank line between them."""
    return "\n\n".join(map(citation, statements)) + "\n"


FORMS: dict[str, tuple[Callable[[Iterable[Statement]], str], str, str]] = {
    "CSV": (table, "statements.csv", "text/csv"),
    "JSON Lines": (lines, "statements.jsonl", "application/x-ndjson"),
    "Citations": (citations, "statements.txt", "text/plain"),
}


def buttons(wanted: Filter) -> None:
    """Show a button for each form; the file is made when it is asked for."""

    def made(write: Callable[[Iterable[Statement]], str]) -> Callable[[], str]:
        def make() -> str:
            with queries.opened() as db:
                return write(queries.all_statements(db, wanted, MOST))

        return make

    with st.container(horizontal=True, gap="small"):
        for label, (write, name, kind) in FORMS.items():
            st.download_button(label, made(write), name, kind, on_click="ignore", icon=":material/download:")
