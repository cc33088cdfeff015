"""Narrow tables in memory of what is counted and listed: no texts, corrections applied.

What pages count and sort by is a tenth of the file, and the views that apply corrections join whole tables anew for
each question: on a million quotes that is half a second of the processor's time, and a page asks a dozen times. So
these tables are filled once from the views, and again as soon as the file has changed.
"""

from __future__ import annotations

import duckdb
import streamlit as st

from dashboard.queries.keeping import state_of

# said: quotes, numbered alike whenever they are read from one state of the file, with the day on which they were said
# or, where that is unknown, published. counted: those of them that stand in no near-copy. told: their stances. topics:
# their topics. people: as in the file. listed: articles with their headlines, where they have none their first words.
FILLED = {
    "said": """
        SELECT row_number() OVER (ORDER BY q.quote_id)::INTEGER AS n, q.quote_id, q.article_id, q.person_id, q.speaker,
               q.speaker_type, q.kind, q.cue_class, q.confidence, q.spans[1]."start" AS "start",
               coalesce(q.said_on, a.published) AS day, a.published, a.publisher, q.review,
               a.copy_of IS NOT NULL AS copied
        FROM reviewed_quotes AS q JOIN articles AS a USING (article_id)""",
    "stances_read": "SELECT quote_id, target, stance, person_id FROM reviewed_stances",
    "topics_read": "SELECT quote_id, topic FROM topics",
    "people": "SELECT person_id, name, role, aliases FROM people",
    "listed": """
        SELECT article_id, title, title AS opening, publisher, published FROM articles WHERE trim(title) <> ''
        UNION ALL
        SELECT article_id, title, left(text, 120), publisher, published FROM articles
        WHERE trim(coalesce(title, '')) = ''""",
}
DERIVED = """
    CREATE VIEW counted AS SELECT * EXCLUDE (copied) FROM said WHERE NOT copied;
    CREATE TABLE told AS SELECT n, target, stance, s.person_id FROM stances_read AS s JOIN counted USING (quote_id);
    CREATE TABLE topics AS SELECT n, topic FROM topics_read JOIN counted USING (quote_id);
    DROP TABLE stances_read;
    DROP TABLE topics_read;
"""


def narrow(db: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """Give a connection of its own to the narrow tables of the file that a connection has open."""
    state = state_of(db)
    filled = _filled(repr(state), db) if state else fill_tables(db)
    return filled.cursor()


@st.cache_resource(max_entries=1, show_spinner=False)
def _filled(state: str, _db: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    return fill_tables(_db)


def fill_tables(db: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """Fill narrow tables anew from the file that a connection has open; give a connection to them."""
    memory = duckdb.connect()
    for table, query in FILLED.items():
        memory.register("rows", db.execute(query).to_arrow_reader(100_000))
        memory.execute(f"CREATE TABLE {table} AS FROM rows")
        memory.unregister("rows")
    memory.execute(DERIVED)
    return memory
