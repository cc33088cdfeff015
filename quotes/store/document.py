"""Writes docs/schema.md: what a tracker's file holds, in the words of its own comments, and what can be asked of it.

``make docs`` runs this as ``python -m quotes.store.document DATABASE QUERIES > docs/schema.md``.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import duckdb

from quotes.store.store import reading

INTRODUCTION = """\
<!-- Made by `make docs` from the comments in the file: change quotes/store/*.sql or docs/queries.sql instead. -->

# What the database holds

One DuckDB file holds everything. Look into it with `quotes sql "..."`, from Python with `quotes.open_tracker(...)`, or
with DuckDB's own client, which needs nothing of this package: `pip install duckdb-cli`, then
`duckdb -readonly quotes.duckdb`.

Start with the view `statements_view`; what follows is also in the file itself, as comments:
`select table_name, comment from duckdb_tables()`, and likewise `duckdb_views()`, `duckdb_columns()` and
`duckdb_functions()`.
"""

REFERENCE = re.compile(r"\((\w+)\.(\w+)\)")
MOST_ROWS = 10
WAIT = 10.0


class WorkedQuery(NamedTuple):
    """A question in plain English and the query that answers it."""

    question: str
    sql: str


class Column(NamedTuple):
    """A column of a table or view; ``key`` tells whether it is part of the primary key."""

    name: str
    type: str
    comment: str
    nullable: bool
    key: bool


class Relation(NamedTuple):
    """A table or view with its columns."""

    name: str
    comment: str
    columns: tuple[Column, ...]


def read_queries(text: str) -> list[WorkedQuery]:
    """Read worked queries: blocks between empty lines, each a comment with the question and a query with a semicolon.

    Args:
        text: of docs/queries.sql; a block that is only a comment is passed over.

    Returns:
        The queries in the order of the file, without their semicolons.
    """
    found = []
    for block in re.split(r"\n\s*\n", text):
        lines = block.strip().splitlines()
        question = " ".join(line[2:].strip() for line in lines if line.startswith("--"))
        sql = "\n".join(line for line in lines if not line.startswith("--")).rstrip(";")
        if sql:
            found.append(WorkedQuery(question, sql))
    return found


def write(connection: duckdb.DuckDBPyConnection, queries: Sequence[WorkedQuery]) -> str:
    """Describe a tracker's file as Markdown.

    Args:
        connection: open on a tracker's file.
        queries: the worked queries, which are run on it.

    Returns:
        The page: a diagram of the tables, then tables, views and macros with their comments, then the queries with
        their answers.
    """
    tables, views = _relations(connection, "duckdb_tables", "table"), _relations(connection, "duckdb_views", "view")
    parts = [INTRODUCTION, "## How the tables hang together\n", _diagram(tables)]
    for title, relations in (("Tables", tables), ("Views", views)):
        parts += [f"## {title}\n", *map(_described, relations)]
    parts += [
        "## Macros\n",
        _macros(connection),
        "## Worked queries\n",
        "The answers are those of the sample articles.\n",
    ]
    parts += [_worked(connection, query) for query in queries]
    return "\n".join(parts)


def _relations(connection: duckdb.DuckDBPyConnection, listing: str, kind: str) -> list[Relation]:
    """List tables or views by name."""
    known = connection.execute(
        f"""SELECT {kind}_name, comment, {kind}_oid FROM {listing}()
            WHERE NOT internal AND database_name = current_database() AND schema_name = 'main'
            ORDER BY {kind}_name"""
    ).fetchall()
    keys = dict(
        connection.execute(
            "SELECT table_name, constraint_column_names FROM duckdb_constraints() WHERE constraint_type = 'PRIMARY KEY'"
        ).fetchall()
    )
    relations = []
    for name, comment, oid in known:
        columns = connection.execute(
            """SELECT column_name, data_type, comment, is_nullable FROM duckdb_columns()
               WHERE table_oid = ? AND schema_name = 'main' ORDER BY column_index""",
            [oid],
        ).fetchall()
        key = keys.get(name, ())
        relations.append(
            Relation(
                name,
                comment,
                tuple(
                    Column(column, type, comment, nullable, column in key)
                    for column, type, comment, nullable in columns
                ),
            )
        )
    return relations


def _diagram(tables: Sequence[Relation]) -> str:
    """Draw the tables; "(people.person_id)" in a column's comment makes a line to that table."""
    lines = ["```mermaid", "erDiagram"]
    for table in tables:
        for column in table.columns:
            for parent, _ in REFERENCE.findall(column.comment):
                one = "|o" if column.nullable else "||"
                lines.append(f"    {parent} {one}--o{{ {table.name} : {column.name}")
    for table in tables:
        lines.append(f"    {table.name} {{")
        for column in table.columns:
            marks = ["PK"] * column.key + ["FK"] * bool(REFERENCE.search(column.comment))
            lines.append(f"        {_short(column.type)} {column.name} {', '.join(marks)}".rstrip())
        lines.append("    }")
    return "\n".join([*lines, "```", ""])


def _short(type: str) -> str:
    """Write a type as one word, which is all that Mermaid takes."""
    return re.sub(r"\(.*\)", "", type).replace(" WITH TIME ZONE", "TZ").replace(" ", "_")


def _described(relation: Relation) -> str:
    rows = [(f"`{column.name}`", f"`{column.type}`", column.comment) for column in relation.columns]
    return f"### {relation.name}\n\n{relation.comment}\n\n{_table(('column', 'type', 'meaning'), rows)}"


def _macros(connection: duckdb.DuckDBPyConnection) -> str:
    rows = connection.execute(
        """SELECT function_name, parameters, comment, function_type FROM duckdb_functions()
           WHERE NOT internal AND schema_name = 'main' ORDER BY function_name"""
    ).fetchall()
    return _table(
        ("macro", "gives"),
        [
            (f"`{'FROM ' * (kind == 'table_macro')}{name}({', '.join(parameters)})`", comment)
            for name, parameters, comment, kind in rows
        ],
    )


def _worked(connection: duckdb.DuckDBPyConnection, query: WorkedQuery) -> str:
    answer = connection.execute(query.sql)
    columns = tuple(column[0] for column in answer.description or ())
    rows = answer.fetchmany(MOST_ROWS + 1)
    more = "\n... and more.\n" if len(rows) > MOST_ROWS else ""
    return f"### {query.question}\n\n```sql\n{query.sql}\n```\n\n{_table(columns, rows[:MOST_ROWS])}{more}"


def _table(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    lines = [columns, ["---"] * len(columns), *([_cell(value) for value in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def _cell(value: Any) -> str:
    if value is None:
        return ""
    shown = json.dumps(value, ensure_ascii=False, default=str) if isinstance(value, list | dict) else str(value)
    return " ".join(shown.split()).replace("|", "\\|")


def main(database: str, queries: str) -> None:
    """Print the page for a tracker's file, with the worked queries of another file."""
    with reading(Path(database), WAIT) as connection:
        sys.stdout.write(write(connection, read_queries(Path(queries).read_text(encoding="utf8"))))


if __name__ == "__main__":
    main(*sys.argv[1:])
