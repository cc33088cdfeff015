"""Questions in SQL to the database, which it may only read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import queries
from dashboard.elements import address, chart, frame
from dashboard.elements.examples import EXAMPLES
from dashboard.elements.markup import show, text
from dashboard.records import Relation
from quotes.errors import QueryError
from quotes.store.sql import Result

ROWS = 5_000
CHARTS: Mapping[str, Callable[..., Any]] = {"bars": partial(st.bar_chart, sort=False), "line": st.line_chart}


def draw_schema(relations: Sequence[Relation]) -> None:
    """Draw the tables and views with their comments."""
    show("<h2>What there is to ask</h2>")
    for relation in relations:
        rows = "".join(
            f"<tr><th scope=row><code>{text(column.name)}</code></th><td>{text(column.type.lower())}</td>"
            f"<td>{text(column.comment)}</td></tr>"
            for column in relation.columns
        )
        show(
            f'<details class="qt-relation"><summary>{"View" if relation.is_view else "Table"} '
            f"<code>{text(relation.name)}</code> {text(relation.comment)}</summary>"
            f'<div class="qt-scroll"><table class="qt-schema">{rows}</table></div></details>'
        )


def draw_result(result: Result) -> None:
    """Draw a result as a table, as a chart where it can be one, and for download."""
    rows = [[_shown(value) for value in row] for row in result.rows]
    table = pd.DataFrame(rows, columns=_told_apart(result.columns))
    told = f"{len(result.rows):,} {'row' if len(result.rows) == 1 else 'rows'}"
    cut = f", the first of more: only {len(result.rows):,} are fetched" if result.cut else ""
    show(f'<p class="qt-figures"><span>{told}{cut}</span></p>')
    st.dataframe(table, width="stretch", hide_index=True)
    numbers = [name for name in table if pd.api.types.is_numeric_dtype(table[name])]
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        st.download_button("Download as CSV", table.to_csv(index=False), "result.csv", "text/csv", on_click="ignore")
        if not numbers or len(table.columns) < 2:
            return
        address.choose("Chart", "chart", {"bars": "Bars", "line": "Line"}, empty="Table only", width=180)
        draw = CHARTS.get(address.given("chart") or "")
        if not draw:
            return
        across = _choose_column("Across", "across", [name for name in table if name != numbers[-1]])
        up = _choose_column("Up", "up", [name for name in reversed(numbers) if name != across] or numbers)
    show(f"<h2>{text(up)} by {text(across)}<small>the rows of the table above</small></h2>")
    draw(table, x=across, y=up, x_label=across, y_label=up, color=chart.COLOURS[0])


def _choose_column(label: str, name: str, columns: Sequence[str]) -> str:
    """Show the box for a column of the chart; give what is chosen, the first where it is none of these."""
    address.choose(label, name, {column: column for column in columns}, empty=columns[0], width=220)
    chosen = address.given(name)
    return chosen if chosen and chosen in columns else columns[0]


def _shown(value: Any) -> Any:
    """Write out what is no single value: lists, structures, bytes."""
    return value if value is None or isinstance(value, str | int | float | date) else str(value)


def _told_apart(columns: Sequence[str]) -> list[str]:
    """Number columns of one name, which a table cannot hold."""
    return [
        f"{name} ({columns[:at].count(name) + 1})" if name in columns[:at] else name for at, name in enumerate(columns)
    ]


def ask() -> None:
    """Put the query of the editor into the address, where it is run from."""
    address.change(query=st.session_state["query"].strip() or None)


def take(example: str) -> None:
    """Put an example into the editor and the address."""
    st.session_state["query"] = EXAMPLES[example]
    ask()


with frame.page():
    with queries.opened() as db:
        relations = queries.relations(db)
    frame.heading("SQL", "Ask the database in DuckDB's SQL. It can be read here and not changed.")
    query = address.given("query")
    if "query" not in st.session_state or st.session_state["asked"] != query:
        # Not at every run: what is typed and not yet run stays.
        st.session_state["asked"] = query
        st.session_state["query"] = query or EXAMPLES["Who is quoted most"]
    st.text_area("Query", key="query", height=210)
    with st.container(horizontal=True, gap="small"):
        st.button("Run", type="primary", on_click=ask)
        for example in EXAMPLES:
            st.button(example, on_click=take, args=(example,))
    if query:
        try:
            with st.spinner("Asking …"):
                result = queries.ask(query, ROWS)
        except QueryError as error:
            frame.notice("DuckDB could not answer", error.problem, error.advice)
            if error.place:
                show(f'<pre class="qt-place-in-query" tabindex="0">{text(error.place)}</pre>')
        else:
            draw_result(result)
    draw_schema(relations)
