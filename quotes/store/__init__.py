"""DuckDB and nothing but: the schema, and what is written to and read from the tracker's file."""

from quotes.store.overview import PersonRow, Status, list_people, list_statements, read_status
from quotes.store.sql import Result, cage, run_query
from quotes.store.store import Store, reading, writing

__all__ = [
    "PersonRow",
    "Result",
    "Status",
    "Store",
    "cage",
    "list_people",
    "list_statements",
    "read_status",
    "reading",
    "run_query",
    "writing",
]
