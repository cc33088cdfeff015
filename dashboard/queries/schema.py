"""What the file holds, as its own comments tell it."""

from __future__ import annotations

import duckdb

from dashboard.queries.parts import fetch_all
from dashboard.records import Column, Relation


def relations(db: duckdb.DuckDBPyConnection) -> list[Relation]:
    """List the tables and views with their columns and comments, the views first, as the ones to start with."""
    rows = fetch_all(
        db,
        """SELECT r.name AS relation, r.is_view AS is_view, coalesce(r.comment, '') AS told,
                  list({'name': column_name, 'type': data_type, 'comment': coalesce(c.comment, '')}
                       ORDER BY column_index)
           FROM (SELECT view_name AS name, database_name, schema_name, true AS is_view, comment
                 FROM duckdb_views() WHERE NOT internal
                 UNION ALL
                 SELECT table_name, database_name, schema_name, false, comment FROM duckdb_tables() WHERE NOT internal
           ) AS r
           JOIN duckdb_columns() AS c
               ON c.table_name = r.name AND c.database_name = r.database_name AND c.schema_name = r.schema_name
           WHERE r.database_name = current_database() AND r.schema_name = 'main' GROUP BY 1, 2, 3
           ORDER BY is_view DESC, relation <> 'statements_view', relation""",
    )
    return [
        Relation(name, is_view, comment, tuple(Column(**column) for column in columns))
        for name, is_view, comment, columns in rows
    ]
