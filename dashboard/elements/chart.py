"""Charts with a title, units, the theme's colours, and their numbers as a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt
import pandas as pd
import streamlit as st

from dashboard.elements.markup import show
from dashboard.records import MonthCount

Encoding = dict[str, Any]

COLOURS = ("#2b7a6b", "#c0812f", "#6a63b5", "#b5527a", "#4f8fc0", "#8a8f3a", "#9a938a", "#c9c2b5")
"""For up to eight groups; told apart by colour-blind readers together with the order of legend and bars."""


def months(counts: Sequence[MonthCount]) -> None:
    """Draw how many statements there are of each month, by publisher, as stacked bars with a table beneath."""
    data = pd.DataFrame(
        {"Month": one.month, "Publisher": one.publisher, "Statements": one.statements} for one in counts
    )
    data["Month"] = pd.to_datetime(data["Month"])
    publishers = list(data.groupby("Publisher")["Statements"].sum().sort_values(ascending=False).index)
    month: Encoding = {"field": "Month", "type": "temporal", "timeUnit": "yearmonth"}
    publisher: Encoding = {"field": "Publisher", "type": "nominal"}
    statements: Encoding = {"field": "Statements", "type": "quantitative"}
    drawn = (
        alt.Chart(data)
        .mark_bar()
        .encode(
            x=alt.X(**month, title=None, axis=alt.Axis(format="%b %Y")),
            y=alt.Y(**statements, title="Statements", stack=True, axis=alt.Axis(tickMinStep=1)),
            color=alt.Color(
                **publisher,
                sort=publishers,
                scale=alt.Scale(domain=publishers, range=list(COLOURS[: len(publishers)])),
                legend=alt.Legend(orient="bottom", title=None, columns=2, labelLimit=220),
            ),
            order=alt.Order(**statements, sort="descending"),
            tooltip=[
                alt.Tooltip(**month, format="%B %Y", title="Month"),
                alt.Tooltip(**publisher, title="Publisher"),
                alt.Tooltip(**statements, format=",", title="Statements"),
            ],
        )
        .properties(height=320)
    )
    show(
        "<h2>Statements a month by publisher<small>The month in which a statement was said or, "
        "where that is unknown, its article was published.</small></h2>"
    )
    st.altair_chart(drawn, width="stretch")
    with st.expander("The same as a table"):
        table = data.pivot_table(index="Month", columns="Publisher", values="Statements", aggfunc="sum", fill_value=0)
        st.dataframe(table[publishers].rename(index=lambda day: f"{day:%B %Y}"), width="stretch")
