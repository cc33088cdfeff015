"""Whether what a tracker's file says still fits together, and what to do where it does not.

All of it is read, so that a damaged block is found too. What DuckDB can compare, it compares; only quotes of several
parts, or with a verb in front, are compared one by one, by the rule that made them (:mod:`quotes.wording`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import duckdb

from quotes.records import Span
from quotes.store.document import REFERENCE
from quotes.store.repeats import components
from quotes.store.search_index import load_fts, read_state
from quotes.wording import is_as_read, printed

SHOWN = 3
AT_ONCE = 2_000

NO_REFERENCE = {("search_postings", "docid")}
"""Postings of quotes that are gone stay until the next rebuild."""

ANEW = "Put a backup in its place, or ingest the articles again into a new file: quotes ingest ... --database NEW"
REBUILD = "Build the index anew: quotes search --rebuild"
RELINK = "Find out anew who is who: quotes people relink"
FIGURES = "Only the figures of `quotes status` are off, unless the file was made of a part of another."


class Finding(NamedTuple):
    """What does not fit: what, in how many rows, the first keys, what to do; ``wrong`` unless it is a mere remark."""

    problem: str
    rows: int
    examples: tuple[str, ...]
    advice: str
    wrong: bool = True


class Rule(NamedTuple):
    """What must hold, and a query for the keys of the rows for which it does not."""

    problem: str
    advice: str
    sql: str
    wrong: bool = True


OUT_OF_TEXT = """len([x FOR x IN {spans} IF x."start" < 0 OR x."end" <= x."start" OR x."end" > length(a.text)]) > 0"""

RULES = (
    Rule(
        "versions of the schema stand in the file",
        ANEW,
        "SELECT version FROM schema_version WHERE (SELECT count(*) FROM schema_version) <> 1",
    ),
    Rule(
        "places of quotes lie outside of their articles",
        ANEW,
        f"""SELECT quote_id FROM quotes AS q JOIN articles AS a USING (article_id)
            WHERE len(q.spans) = 0 OR {OUT_OF_TEXT.format(spans="(q.spans || q.source || q.cue)")}""",
    ),
    Rule(
        "places of stances lie outside of their articles",
        ANEW,
        f"""SELECT quote_id FROM stances AS s JOIN quotes AS q USING (quote_id) JOIN articles AS a USING (article_id)
            WHERE len(s.evidence) > 0 AND {OUT_OF_TEXT.format(spans="s.evidence")}""",
    ),
    Rule(
        "articles have another text than when they were read",
        ANEW,
        "SELECT article_id FROM articles WHERE text_hash <> md5(text)",
    ),
    Rule(
        "copies are marked as copies of an article that is a copy itself",
        ANEW,
        "SELECT c.article_id FROM articles AS c JOIN articles AS o ON o.article_id = c.copy_of "
        "WHERE o.copy_of IS NOT NULL",
    ),
    Rule(
        "the runs together added another number of articles than there are",
        FIGURES,
        """SELECT concat((SELECT count(*) FROM articles), ' instead of ', (SELECT coalesce(sum(added), 0) FROM ingests))
           WHERE (SELECT count(*) FROM articles) <> (SELECT coalesce(sum(added), 0) FROM ingests)""",
    ),
    Rule(
        "runs wrote more articles than they counted",
        FIGURES,
        """SELECT ingest_id FROM ingests JOIN articles USING (ingest_id)
           GROUP BY ingest_id, added, changed HAVING count(*) > added + changed""",
    ),
    Rule(
        "runs met another number of problems than they counted",
        FIGURES,
        """SELECT ingest_id FROM ingests LEFT JOIN ingest_problems AS p USING (ingest_id)
           GROUP BY ingest_id, problems HAVING count(p.source) <> problems""",
    ),
    Rule(
        "speakers are not called what the person is called",
        RELINK,
        """SELECT quote_id FROM quotes AS q JOIN people AS p USING (person_id)
           WHERE q.speaker_type = 'person' AND q.speaker IS DISTINCT FROM p.name
               AND NOT EXISTS (FROM blocks_to_link)""",
    ),
    Rule(
        "targets are not called what the person is called",
        RELINK,
        """SELECT quote_id FROM stances AS s JOIN people AS p USING (person_id)
           WHERE s.target_type = 'person' AND s.target IS DISTINCT FROM p.name AND NOT EXISTS (FROM blocks_to_link)""",
    ),
    Rule(
        "speakers are other people than the name in their article",
        RELINK,
        """SELECT quote_id FROM quotes AS q JOIN name_forms AS f
           ON f.article_id = q.article_id AND f.form = q.speaker_form
           WHERE q.speaker_type = 'person' AND q.person_id <> f.person_id AND NOT EXISTS (FROM blocks_to_link)""",
    ),
    Rule(
        "quotes stand in the index of words twice",
        REBUILD,
        "SELECT quote_id FROM search_docs GROUP BY quote_id HAVING count(*) > 1",
    ),
    Rule(
        "quotes share a number in the index of words",
        REBUILD,
        "SELECT any_value(quote_id) FROM search_docs GROUP BY docid HAVING count(*) > 1",
    ),
    Rule(
        "quotes have lost words in the index",
        REBUILD,
        """SELECT d.quote_id FROM search_docs AS d
           LEFT JOIN (SELECT docid, count(*) AS words FROM search_postings GROUP BY docid) AS p USING (docid)
           WHERE d.size <> coalesce(p.words, 0)""",
    ),
    Rule(
        "quotes have lost fingerprints, by which repeats are found",
        ANEW,
        "SELECT quote_id FROM fingerprints GROUP BY quote_id HAVING count(*) <> min(size) OR min(size) <> max(size)",
    ),
    Rule(
        "decisions of reviewers hold for no quote, though their article is here",
        "Look at them with `quotes review list --decided`, and decide again.",
        """SELECT c.correction_id FROM corrections AS c
           WHERE c.what <> 'undo' AND c.text_hash IN (SELECT text_hash FROM articles)
               AND c.correction_id NOT IN (SELECT undoes FROM corrections WHERE what = 'undo')
               AND c.correction_id NOT IN (SELECT correction_id FROM placed_corrections)
               AND NOT EXISTS (  -- nor is there a later decision on the same matter
                   FROM corrections AS l JOIN placed_corrections AS p USING (correction_id)
                   WHERE l.text_hash = c.text_hash AND l.what = c.what AND l.target IS NOT DISTINCT FROM c.target
                       AND list_min([x."start" FOR x IN l.spans]) < list_max([x."end" FOR x IN c.spans])
                       AND list_min([x."start" FOR x IN c.spans]) < list_max([x."end" FOR x IN l.spans]))""",
    ),
    Rule(
        "corrected speakers are people who are not in the file",
        "Look at them with `quotes review list --decided`, and decide again.",
        """SELECT quote_id FROM reviewed_quotes WHERE review IS NOT NULL AND person_id IS NOT NULL
               AND person_id NOT IN (SELECT person_id FROM people)""",
    ),
    Rule(
        "decisions of reviewers are about articles that are not here, or have changed",
        "They hold again for the same text.",
        """SELECT correction_id FROM corrections WHERE what <> 'undo'
               AND text_hash NOT IN (SELECT text_hash FROM articles)""",
        False,
    ),
    Rule(
        "runs were stopped in the middle, or are at work now",
        "Go on with one by `quotes ingest ... --resume`, or run it again.",
        "SELECT ingest_id FROM ingests WHERE finished_at IS NULL ORDER BY 1",
        False,
    ),
    Rule(
        "names were not linked yet",
        "The next ingest does it, or `quotes people relink`.",
        "SELECT DISTINCT block FROM blocks_to_link ORDER BY 1",
        False,
    ),
)


def check(
    connection: duckdb.DuckDBPyConnection, progress: Callable[[int, int | None], None] | None = None
) -> list[Finding]:
    """Compare everything in a tracker's file with everything else.

    Args:
        connection: open for reading.
        progress: called with the number of comparisons done and of all.

    Returns:
        What does not fit, in the order in which it was found; nothing where all is well.

    Raises:
        duckdb.Error: a part of the file is damaged.
    """
    steps: list[Callable[[], Iterator[Finding]]] = [lambda: _tables(connection)]
    steps += [lambda rule=rule: _rule(connection, rule) for rule in (*references(connection), *RULES)]  # type: ignore[misc]
    steps += [lambda: _texts(connection), lambda: _repeats(connection), lambda: _index(connection)]
    found: list[Finding] = []
    for done, step in enumerate(steps, start=1):
        found += step()
        if progress:
            progress(done, len(steps))
    return found


def references(connection: duckdb.DuckDBPyConnection) -> list[Rule]:
    """Make a rule of each column whose comment names another table's id, as in "(people.person_id)"."""
    columns = connection.execute(
        """SELECT c.table_name, c.column_name, c.comment
           FROM duckdb_columns() AS c JOIN duckdb_tables() USING (table_oid)
           WHERE c.database_name = current_database() AND c.schema_name = 'main' AND c.comment IS NOT NULL
           ORDER BY c.table_name, c.column_index"""
    ).fetchall()
    return [
        Rule(
            f"rows of {table} have a {column} that is none of {parent}",
            ANEW,
            f"""SELECT DISTINCT "{column}" FROM {table} AS t WHERE "{column}" IS NOT NULL
                AND NOT EXISTS (FROM {parent} AS p WHERE p."{key}" = t."{column}")""",
        )
        for table, column, comment in columns
        for parent, key in REFERENCE.findall(comment)
        if key.endswith("id") and (table, column) not in NO_REFERENCE
    ]


def _rule(connection: duckdb.DuckDBPyConnection, rule: Rule) -> Iterator[Finding]:
    keys = [str(key) for (key,) in connection.execute(rule.sql).fetchall()]
    if keys:
        yield Finding(rule.problem, len(keys), tuple(sorted(keys)[:SHOWN]), rule.advice, rule.wrong)


def _tables(connection: duckdb.DuckDBPyConnection) -> Iterator[Finding]:
    """Read every value once: DuckDB compares each block with its checksum."""
    names = connection.execute(
        """SELECT table_name FROM duckdb_tables()
           WHERE database_name = current_database() AND NOT temporary ORDER BY 1"""
    ).fetchall()
    for (name,) in names:
        connection.execute(f'SELECT bit_xor(hash(t)) FROM "{name}" AS t').fetchall()
    yield from ()


def _texts(connection: duckdb.DuckDBPyConnection) -> Iterator[Finding]:
    """Compare the words of quotes, sources and cues with their places."""
    slice = """substr(a.text, {0}[1]."start" + 1, {0}[1]."end" - {0}[1]."start")"""
    simple = f"""len(q.spans) = 1 AND q.text = {slice.format("q.spans")}
        AND CASE len(q.source) WHEN 0 THEN q.source_text IS NULL
            WHEN 1 THEN q.source_text IS NOT DISTINCT FROM {slice.format("q.source")} ELSE false END
        AND CASE len(q.cue) WHEN 0 THEN q.cue_text IS NULL
            WHEN 1 THEN q.cue_text IS NOT DISTINCT FROM {slice.format("q.cue")} ELSE false END"""
    rows = connection.execute(
        f"""SELECT q.quote_id, q.text, q.source_text, q.cue_text, q.spans, q.source, q.cue, a.text
            FROM quotes AS q JOIN articles AS a USING (article_id) WHERE len(q.spans) > 0 AND NOT ({simple})"""
    )
    wrong = []
    while some := rows.fetchmany(AT_ONCE):
        for quote_id, words, source_text, cue_text, *structs, text in some:
            spans, source, cue = map(_spans, structs)
            quoted = is_as_read(words, text, spans, cue)
            if not quoted or source_text != printed(text, source) or cue_text != printed(text, cue):
                wrong.append(quote_id)
    if wrong:
        yield Finding("quotes are not what their article says there", len(wrong), _first(wrong), ANEW)


def _repeats(connection: duckdb.DuckDBPyConnection) -> Iterator[Finding]:
    """Put the statements together anew from the pairs, and compare."""
    edges: dict[str, set[str]] = defaultdict(set)
    for a, b in connection.execute("SELECT quote_a, quote_b FROM repeat_pairs WHERE agree").fetchall():
        edges[a].add(b)
        edges[b].add(a)
    known = dict(connection.execute("SELECT quote_id, statement_id FROM repeats").fetchall())
    expected = dict(components(edges))
    wrong = [quote_id for quote_id in known.keys() | expected if known.get(quote_id) != expected.get(quote_id)]
    if wrong:
        yield Finding("quotes are counted with other repeats than theirs", len(wrong), _first(wrong), ANEW)


def _index(connection: duckdb.DuckDBPyConnection) -> Iterator[Finding]:
    state = read_state(connection)
    if not state.stale:
        return
    missing = connection.execute("SELECT quote_id FROM quotes ANTI JOIN search_docs USING (quote_id)").fetchall()
    keys = [str(key) for (key,) in missing]
    if keys and load_fts(connection):
        yield Finding("quotes are missing in the index of words", len(keys), _first(keys), REBUILD)
    elif keys:
        advice = (
            "Install duckdb-extension-fts, then `quotes search --rebuild`; until then, search goes letter by letter."
        )
        yield Finding("quotes are missing in the index of words", len(keys), _first(keys), advice, False)


def _first(keys: Sequence[str]) -> tuple[str, ...]:
    return tuple(sorted(keys)[:SHOWN])


def _spans(structs: Sequence[dict[str, Any]]) -> tuple[Span, ...]:
    return tuple(Span(struct["start"], struct["end"]) for struct in structs)
