"""Charts with a title, units, the theme's colours, and their numbers as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import altair as alt
import pandas as pd
import streamlit as st

from dashboard.elements.markup import show

COLOURS = ("#2b7a6b", "#c0812f", "#6a63b5", "#b5527a", "#4f8fc0", "#8a8f3a", "#9a938a", "#c9c2b5")
"""For up to eight groups; told apart by colour-blind readers together with the order of legend and bars."""


def stacked(title: str, note: str, rows: Sequence[Mapping[str, date | str | int]]) -> None:
    """Draw counts by month and group as stacked bars.

    Args:
        title: what is counted; our own words.
        note: how to read it.
        rows: each with a month (its first day), a group and a count, in that order; the keys are the axes' titles.
    """
    month, group, count = rows[0]
    data = pd.DataFrame(rows).assign(**{month: lambda frame: pd.to_datetime(frame[month])})
    groups = list(data.groupby(group)[count].sum().sort_values(ascending=False).index)
    drawn = (
        alt.Chart(data)
        .mark_bar()
        .encode(
            x=alt.X(field=month, type="temporal", timeUnit="yearmonth", title=None, axis=alt.Axis(format="%b %Y")),
            y=alt.Y(field=count, type="quantitative", title=count, stack=True, axis=alt.Axis(tickMinStep=1)),
            color=alt.Color(
                field=group,
                type="nominal",
                sort=groups,
                scale=alt.Scale(domain=groups, range=list(COLOURS[: len(groups)])),
                legend=alt.Legend(orient="bottom", title=None, columns=2, labelLimit=220),
            ),
            order=alt.Order(field=count, type="quantitative", sort="descending"),
            tooltip=[
                alt.Tooltip(field=month, type="temporal", timeUnit="yearmonth", format="%B %Y", title=month),
                alt.Tooltip(field=group, type="nominal", title=group),
                alt.Tooltip(field=count, type="quantitative", format=",", title=count),
            ],
        )
        .properties(height=320)
    )
    show(f"<h2>{title}<small>{note}</small></h2>")
    st.altair_chart(drawn, width="stretch")
    with st.expander("The same as a table"):
        table = data.pivot_table(index=month, columns=group, values=count, aggfunc="sum", fill_value=0)[groups]
        st.dataframe(table.rename(index=lambda day: f"{day:%B %Y}"), width="stretch")
