"""The index of words: which stems occur in which quotes, for search by BM25.

It is an inverted index in tables of its own, with the stemmer of DuckDB's fts extension. That extension's own index
knows nothing of new rows until it is built anew; here, the words of new quotes are added to the end in the transaction
that saves them, and search_rebuild.py sorts what was added in between. The scores are those of its ``match_bm25``
(tests/store/test_search.py). Speed was no reason: on a million quotes a filtered search took 0.75 to 0.94 of the time
of ``match_bm25``, on 100,000 no less; a build took 0.7 of the processor time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from quotes.store.extensions import extension

STOP_WORDS = frozenset(
    """a about after all also am an and any are as at be because been before being but by can cannot could d did do
    does doing don each for from had has have having he her here hers herself him himself his how i if in into is isn it
    its itself just ll m me more most my myself no nor not of off on once only or other our ours ourselves out over own
    re s same she should so some such t than that the their theirs them themselves then there these they this those
    through to too up us ve very was wasn we were what when where which while who whom why will with would you your
    yours yourself yourselves""".split()
)
"""Words that search leaves out, but for phrases. The extension's list of 571 has "right", "against" and "help"."""

NEW_WORDS = """
    WITH fresh AS (
        SELECT DISTINCT word FROM {tokens} WHERE word <> '' AND NOT list_contains($stop, word)
        AND word NOT IN (SELECT word FROM search_words)
    ),
    stemmed AS (SELECT word, stem(word, 'english') AS term FROM fresh),
    known AS (SELECT term, any_value(termid) AS termid FROM search_words GROUP BY term),
    numbered AS (
        SELECT term, row_number() OVER (ORDER BY term) + (SELECT coalesce(max(termid), 0) FROM search_words) AS termid
        FROM (SELECT DISTINCT term FROM stemmed ANTI JOIN known USING (term))
    )
    INSERT INTO search_words (word, term, termid)
    SELECT word, stemmed.term, coalesce(known.termid, numbered.termid) FROM stemmed
    LEFT JOIN known USING (term) LEFT JOIN numbered ON numbered.term = stemmed.term ORDER BY word
"""


@dataclass(frozen=True, slots=True)
class IndexState:
    """How many quotes the file holds, how many of them the index knows, and how many it knew when it was built."""

    quotes: int
    indexed: int
    built: int

    @property
    def stale(self) -> bool:
        """Tell whether there are quotes that the index does not know, or that it knows and that are gone."""
        return self.quotes != self.indexed


def load_fts(connection: duckdb.DuckDBPyConnection) -> bool:
    """Load DuckDB's full-text extension from the file that the package duckdb-extension-fts carries.

    Args:
        connection: an open connection that is not caged.

    Returns:
        Whether it is loaded; not so where the package is missing, or made for another version of DuckDB.
    """
    file = extension("fts")
    if file is None:
        return False
    try:
        connection.load_extension(str(file))
    except duckdb.Error:
        return False
    return True


def read_state(connection: duckdb.DuckDBPyConnection) -> IndexState:
    """Look how much of the file the index knows; this costs next to nothing."""
    row = connection.execute(
        """SELECT (SELECT count(*) FROM quotes), (SELECT count(*) FROM search_docs),
                  (SELECT coalesce(max(docs), 0) FROM search_index)"""
    ).fetchone()
    assert row is not None
    return IndexState(*row)


def add(connection: duckdb.DuckDBPyConnection, quote_ids: Sequence[str]) -> None:
    """Add quotes to the index, in the transaction that is open.

    Args:
        connection: open for writing, with the extension loaded by :func:`load_fts`.
        quote_ids: quotes of the file that the index does not know.
    """
    if not quote_ids:
        return
    sql = connection.execute
    sql(
        """CREATE OR REPLACE TEMP TABLE search_new AS
           SELECT row_number() OVER () + (SELECT coalesce(max(docid), 0) FROM search_docs) AS docid, quote_id,
                  unnest(string_split(search_fold(text), ' ')) AS word
           FROM quotes WHERE quote_id IN $ids""",
        {"ids": list(quote_ids)},
    )
    sql(NEW_WORDS.format(tokens="search_new"), {"stop": sorted(STOP_WORDS)})
    sql(
        """INSERT INTO search_docs (docid, quote_id, size)
           SELECT docid, quote_id, count(termid) FROM search_new LEFT JOIN search_words USING (word) GROUP BY ALL"""
    )
    sql(
        """INSERT INTO search_postings (termid, docid)
           SELECT termid, docid FROM search_new JOIN search_words USING (word)"""
    )
    sql("DROP TABLE search_new")


def forget(connection: duckdb.DuckDBPyConnection, quote_ids: Sequence[str]) -> None:
    """Take quotes out of the index, in the transaction that is open; their postings go with the next rebuild."""
    if quote_ids:
        connection.execute("DELETE FROM search_docs WHERE quote_id IN ?", [list(quote_ids)])
