"""The router; served.py serves it, the database being named in ``QUOTES_DATABASE``."""

import streamlit as st

from dashboard.elements import frame, gate

gate.guard()
page = st.navigation(
    [
        # The default page is served at / only; a second entry gives it an address of its own.
        st.Page("app_pages/overview.py", title="Overview", url_path="start", default=True, visibility="hidden"),
        st.Page("app_pages/overview.py", title="Overview", url_path="overview"),
        st.Page("app_pages/people.py", title="People", url_path="people"),
        st.Page("app_pages/stances.py", title="Stances", url_path="stances"),
        st.Page("app_pages/statements.py", title="Statements", url_path="statements"),
        st.Page("app_pages/article.py", title="Articles", url_path="article"),
        st.Page("app_pages/review.py", title="Review", url_path="review"),
        st.Page("app_pages/add.py", title="Add", url_path="add"),
        st.Page("app_pages/sql.py", title="SQL", url_path="sql"),
    ],
    position="top",
)
frame.masthead(page.title)
page.run()
