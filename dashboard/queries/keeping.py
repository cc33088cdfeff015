"""Keeps what a query gave until the file changes.

A page asks the same questions whenever anybody opens it, and on a million quotes some take a second. The answer is
kept under the question and the state of the file; that is read while the connection holds the file open, which shuts
every writer out, so that an answer is never kept under a state that it is not of.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

import duckdb
import streamlit as st

KEPT = 1_000
"""How many answers to keep; those of one page are twenty at most, of some kilobytes each."""
LARGE = 8
"""How many of the answers to keep that may have megabytes."""

Given = ParamSpec("Given")
Answer = TypeVar("Answer")
Query = Callable[Concatenate[duckdb.DuckDBPyConnection, Given], Answer]


def kept(query: Query[Given, Answer]) -> Query[Given, Answer]:
    """Make a query that answers from memory where the file has not changed since it was last asked so.

    Args:
        query: a function of an open connection and of arguments whose ``repr`` tells all of them.
    """
    return _keep(query, _answer)


def kept_large(query: Query[Given, Answer]) -> Query[Given, Answer]:
    """Do the same as :func:`kept` for a query whose answers are large."""
    return _keep(query, _large_answer)


def _keep(query: Query[Given, Answer], known: Callable[[str, Callable[[], Any]], Any]) -> Query[Given, Answer]:
    @wraps(query)
    def ask(db: duckdb.DuckDBPyConnection, /, *given: Given.args, **named: Given.kwargs) -> Answer:
        state = state_of(db)
        if state is None:
            return query(db, *given, **named)
        question = repr((query.__module__, query.__qualname__, given, sorted(named.items()), state))
        answer: Answer = known(question, lambda: query(db, *given, **named))
        return answer

    return ask


@st.cache_data(max_entries=KEPT, show_spinner=False)
def _answer(question: str, _ask: Callable[[], Any]) -> Any:
    return _ask()


@st.cache_data(max_entries=LARGE, show_spinner=False)
def _large_answer(question: str, _ask: Callable[[], Any]) -> Any:
    return _ask()


def state_of(db: duckdb.DuckDBPyConnection) -> list[tuple[str, int, int, int] | None] | None:
    """Tell the state of the file that a connection has open, and of its log of what is not yet in it; None of none."""
    row = db.execute("SELECT path FROM duckdb_databases() WHERE database_name = current_database()").fetchone()
    if row is None or row[0] is None:
        return None
    return [_stamp(Path(f"{row[0]}{ending}").absolute()) for ending in ("", ".wal")]


def _stamp(path: Path) -> tuple[str, int, int, int] | None:
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return str(path), found.st_ino, found.st_size, found.st_mtime_ns
