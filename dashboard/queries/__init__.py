"""Every query the dashboard makes: parameters bound, lists paged in SQL, results as records.

Where a query is not told otherwise, statements are utterances alone: no beliefs, no wishes.
Each function takes an open connection, so that a page makes all its queries in one short ``with opened():``
and holds no connection while it draws: an open reader shuts a writer out.
"""

from dashboard.queries.articles import article, article_statements, articles, count_articles
from dashboard.queries.opening import ask, database, opened
from dashboard.queries.overview import days, holdings, last_ingest, months, printed_by, publishers
from dashboard.queries.people import (
    compared,
    count_about,
    find_people,
    people,
    person,
    speakers_about,
    stances_by_target,
)
from dashboard.queries.review import (
    count_decisions,
    count_pending,
    decisions,
    pending,
    pending_after,
    saved,
    saved_by,
    under_review,
)
from dashboard.queries.schema import relations
from dashboard.queries.stances import matrix, target_months, target_speakers, targets
from dashboard.queries.statements import (
    CONFIDENCES,
    all_statements,
    count_statements,
    facets,
    search_terms,
    statements,
    times,
    topics,
)

__all__ = [
    "CONFIDENCES",
    "all_statements",
    "article",
    "article_statements",
    "articles",
    "ask",
    "compared",
    "count_about",
    "count_articles",
    "count_decisions",
    "count_pending",
    "count_statements",
    "database",
    "days",
    "decisions",
    "facets",
    "find_people",
    "holdings",
    "last_ingest",
    "matrix",
    "months",
    "opened",
    "pending",
    "pending_after",
    "people",
    "person",
    "printed_by",
    "publishers",
    "relations",
    "saved",
    "saved_by",
    "search_terms",
    "speakers_about",
    "stances_by_target",
    "statements",
    "target_months",
    "target_speakers",
    "targets",
    "times",
    "topics",
    "under_review",
]
