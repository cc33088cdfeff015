"""Charts with a title, units, the theme's colours, and their numbers as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import pandas as pd
import streamlit as st

from dashboard.elements.markup import show
from dashboard.records import MonthCount

Encoding = dict[str, Any]

COLOURS = ("#2b7a6b", "#c0812f", "#6a63b5", "#b5527a", "#4f8fc0", "#8a8f3a", "#9a938a", "#c9c2b5")
"""For up to eight groups; told apart by colour-blind readers together with the order of legend and bars."""

STANCES = {"against": "#d97a2b", "neutral": "#9a938a", "favor": "#4a86c8"}
"""The colours of style.css, in a tone that shows on both grounds."""


def months(title: str, group: str, counts: Sequence[MonthCount], colours: Mapping[str, str] | None = None) -> None:
    """Draw how many statements there are of each month as stacked bars, with a table beneath.

    Args:
        title: what the bars show; our own words.
        group: what tells the parts of a bar apart, such as Publisher.
        counts: a count for each month and group that has any.
        colours: the groups in their order, each with its colour; without it the largest group comes first.
    """
    data = pd.DataFrame({"Month": one.month, group: one.group, "Statements": one.statements} for one in counts)
    data["Month"] = pd.to_datetime(data["Month"])
    if colours is None:
        largest = data.groupby(group)["Statements"].sum().sort_values(ascending=False).index
        colours = dict(zip(largest, COLOURS, strict=False))
    groups = [name for name in colours if name in set(data[group])]
    month: Encoding = {"field": "Month", "type": "temporal", "timeUnit": "yearmonth"}
    part: Encoding = {"field": group, "type": "nominal"}
    statements: Encoding = {"field": "Statements", "type": "quantitative"}
    drawn = (
        alt.Chart(data)
        .mark_bar()
        .encode(
            x=alt.X(**month, title=None, axis=alt.Axis(format="%b %Y")),
            y=alt.Y(**statements, title="Statements", stack=True, axis=alt.Axis(tickMinStep=1)),
            color=alt.Color(
                **part,
                sort=groups,
                scale=alt.Scale(domain=groups, range=[colours[name] for name in groups]),
                legend=alt.Legend(orient="bottom", title=None, columns=2, labelLimit=220),
            ),
            tooltip=[
                alt.Tooltip(**month, format="%B %Y", title="Month"),
                alt.Tooltip(**part, title=group),
                alt.Tooltip(**statements, format=",", title="Statements"),
            ],
        )
        .properties(height=320)
    )
    show(
        f"<h2>{title}<small>The month in which a statement was said or, "
        "where that is unknown, its article was published.</small></h2>"
    )
    st.altair_chart(drawn, width="stretch")
    with st.expander("The same as a table"):
        table = data.pivot_table(index="Month", columns=group, values="Statements", aggfunc="sum", fill_value=0)
        st.dataframe(table[groups].rename(index=lambda day: f"{day:%B %Y}"), width="stretch")
