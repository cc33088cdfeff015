"""Which quotes are one statement, reported several times: the same words or nearly, said by the same speaker.

Candidates share fingerprints, and each is then compared word by word (same_words.py).

Whether two quotes are repeats depends on these two alone, and a statement is what hangs together by such pairs: so the
order in which articles come makes no difference. A pair whose speakers differ is a conflict; an undecided speaker
neither agrees nor conflicts with anybody.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import duckdb

from quotes.store.same_words import fingerprints, same_words, words_of
from quotes.store.transactions import transaction

_TYPES = ("UINTEGER", "VARCHAR", "INTEGER")

_CANDIDATES = """
    SELECT least(new.quote_id, old.quote_id) AS a, greatest(new.quote_id, old.quote_id) AS b
    FROM fingerprints AS old JOIN new USING (fingerprint) WHERE old.quote_id <> new.quote_id
    GROUP BY a, b HAVING 3 * count(DISTINCT fingerprint) >= any_value(least(old.size, new.size))
"""
"""Pairs that share a third of the fingerprints of that which has fewer."""


def rebuild(connection: duckdb.DuckDBPyConnection, progress: Callable[[int, int | None], None] | None = None) -> int:
    """Find the repeats of all quotes anew, in one transaction.

    Args:
        connection: open for writing.
        progress: called with the number of quotes read and of all.

    Returns:
        How many quotes are one statement with others.
    """
    with transaction(connection):
        for table in ("fingerprints", "repeat_pairs", "repeats"):
            connection.execute(f"DELETE FROM {table}")
        quotes = connection.execute("SELECT quote_id, text FROM quotes").fetchall()
        rows: list[tuple[int, str, int]] = []
        for done, (quote_id, text) in enumerate(quotes, start=1):
            rows += _rows({quote_id: words_of(text)})
            if done % 10_000 == 0 or done == len(quotes):
                _insert(connection, "fingerprints (fingerprint, quote_id, size)", rows, _TYPES)
                rows = []
                if progress:
                    progress(done, len(quotes))
        candidates = connection.execute(f"WITH new AS (FROM fingerprints) {_CANDIDATES.replace('<>', '<')}").fetchall()
        pairs = _compare(connection, candidates)
        edges: dict[str, set[str]] = defaultdict(set)
        for a, b, agree in pairs:
            if agree:
                edges[a].add(b)
                edges[b].add(a)
        grouped = list(components(edges))
        _insert(connection, "repeat_pairs (quote_a, quote_b, agree)", pairs, ("VARCHAR", "VARCHAR", "BOOLEAN"))
        _insert(connection, "repeats (quote_id, statement_id)", grouped, ("VARCHAR", "VARCHAR"))
    return len(grouped)


def add(connection: duckdb.DuckDBPyConnection, quote_ids: Sequence[str]) -> None:
    """Find the repeats of quotes, in the transaction that is open.

    Args:
        connection: open for writing.
        quote_ids: quotes of the file whose repeats are not known.
    """
    if not quote_ids:
        return
    texts = {
        quote_id: words_of(text)
        for quote_id, text in connection.execute(
            f"SELECT quote_id, text FROM quotes WHERE quote_id IN ({_marks(quote_ids)})", list(quote_ids)
        ).fetchall()
    }
    found = list(_rows(texts))
    if not found:
        return
    _insert(connection, "fingerprints (fingerprint, quote_id, size)", found, _TYPES)
    prints, ids, sizes = (list(column) for column in zip(*found, strict=True))
    candidates = connection.execute(
        f"""WITH new AS (
                SELECT unnest($prints::UINTEGER[]) AS fingerprint, unnest($ids::VARCHAR[]) AS quote_id,
                       unnest($sizes::INTEGER[]) AS size)
            {_CANDIDATES}""",
        {"prints": prints, "ids": ids, "sizes": sizes},
    ).fetchall()
    pairs = _compare(connection, candidates)
    if not pairs:
        return
    _insert(connection, "repeat_pairs (quote_a, quote_b, agree)", pairs, ("VARCHAR", "VARCHAR", "BOOLEAN"))
    _group(connection, {quote_id for a, b, agree in pairs if agree for quote_id in (a, b)})


def forget(connection: duckdb.DuckDBPyConnection, quote_ids: Sequence[str]) -> None:
    """Take quotes out, and see what is left of their statements, in the transaction that is open."""
    if not quote_ids:
        return
    ids = {"ids": list(quote_ids)}
    sql = connection.execute
    others = sql(
        """SELECT quote_id FROM repeats WHERE quote_id NOT IN $ids
           AND statement_id IN (SELECT statement_id FROM repeats WHERE quote_id IN $ids)""",
        ids,
    ).fetchall()
    sql("DELETE FROM fingerprints WHERE quote_id IN $ids", ids)
    sql("DELETE FROM repeat_pairs WHERE quote_a IN $ids OR quote_b IN $ids", ids)
    sql("DELETE FROM repeats WHERE quote_id IN $ids", ids)
    _group(connection, {quote_id for (quote_id,) in others})


def follow_speakers(connection: duckdb.DuckDBPyConnection, quote_ids: Sequence[str]) -> None:
    """See whether the speakers of repeats still agree, in the transaction that is open; their words are not compared.

    Args:
        connection: open for writing, after who is who was found out anew.
        quote_ids: quotes whose speaker is another now; those of which a reviewer named the speaker are added to them.
    """
    pairs = connection.execute(
        """WITH moved AS (
               SELECT unnest($ids::VARCHAR[]) AS quote_id
               UNION SELECT quote_id FROM placed_corrections WHERE what = 'speaker')
           SELECT quote_a, quote_b, agree FROM repeat_pairs
           WHERE quote_a IN (FROM moved) OR quote_b IN (FROM moved)""",
        {"ids": list(quote_ids)},
    ).fetchall()
    known = _read(connection, pairs)
    after = {
        (a, b): agree
        for a, b, before in pairs
        if a in known and b in known and (agree := _agree(known[a][1:], known[b][1:])) != before
    }
    if not after:
        return
    firsts, seconds = (list(column) for column in zip(*after, strict=True))
    # None, where nobody is named any more, is neither: such pairs are not kept.
    connection.execute(
        """DELETE FROM repeat_pairs USING (SELECT unnest($a::VARCHAR[]) AS a, unnest($b::VARCHAR[]) AS b) AS c
           WHERE quote_a = c.a AND quote_b = c.b""",
        {"a": firsts, "b": seconds},
    )
    kept = [(a, b, agree) for (a, b), agree in after.items() if agree is not None]
    _insert(connection, "repeat_pairs (quote_a, quote_b, agree)", kept, ("VARCHAR", "VARCHAR", "BOOLEAN"))
    _group(connection, {*firsts, *seconds})


def _rows(texts: Mapping[str, Sequence[str]]) -> Iterator[tuple[int, str, int]]:
    """Make the rows of fingerprints of some quotes, given as words."""
    for quote_id, words in texts.items():
        kept = sorted(fingerprints(words))
        yield from ((fingerprint, quote_id, len(kept)) for fingerprint in kept)


def _compare(
    connection: duckdb.DuckDBPyConnection, candidates: Sequence[tuple[str, str]]
) -> list[tuple[str, str, bool]]:
    """Compare pairs of quotes word by word, and their speakers."""
    read = _read(connection, candidates)
    known = {quote_id: (words_of(row[0]), *row[1:]) for quote_id, row in read.items()}
    pairs = []
    for a, b in candidates:
        if a in known and b in known:
            agree = _agree(known[a][1:], known[b][1:])
            if agree is not None and same_words(known[a][0], known[b][0]):
                pairs.append((a, b, agree))
    return pairs


def _read(connection: duckdb.DuckDBPyConnection, pairs: Sequence[tuple[Any, ...]]) -> dict[str, tuple[Any, ...]]:
    """Read text, speaker, type of speaker and person of the quotes whose keys come first in pairs."""
    ids = sorted({quote_id for pair in pairs for quote_id in pair[:2]})
    return {
        row[0]: row[1:]
        for some in (ids[first : first + 1000] for first in range(0, len(ids), 1000))
        for row in connection.execute(
            f"""SELECT quote_id, text, speaker, speaker_type, person_id FROM reviewed_quotes
                WHERE quote_id IN ({_marks(some)})""",
            some,
        ).fetchall()
    }


def _agree(a: tuple[str | None, ...], b: tuple[str | None, ...]) -> bool | None:
    """Tell whether two speakers (name, type, person) are one; None where one of them is undecided."""
    if a[0] is None or b[0] is None or "unnamed" in (a[1], b[1]):
        return None
    if a[2] and b[2]:
        return a[2] == b[2]
    one, other = (name.lower().split() for name in (a[0], b[0]))
    return one == other or (min(len(one), len(other)) == 1 and one[-1:] == other[-1:])


def _group(connection: duckdb.DuckDBPyConnection, quote_ids: set[str]) -> None:
    """Put the statements of these quotes together anew, from all pairs that hang together with them."""
    if not quote_ids:
        return
    edges: dict[str, set[str]] = defaultdict(set)
    reached, new = set(quote_ids), sorted(quote_ids)
    while new:
        rows = connection.execute(
            "SELECT quote_a, quote_b FROM repeat_pairs WHERE agree AND (quote_a IN $ids OR quote_b IN $ids)",
            {"ids": new},
        ).fetchall()
        for a, b in rows:
            edges[a].add(b)
            edges[b].add(a)
        new = sorted({quote_id for row in rows for quote_id in row} - reached)
        reached |= set(new)
    connection.execute("DELETE FROM repeats WHERE quote_id IN ?", [sorted(reached)])
    _insert(connection, "repeats (quote_id, statement_id)", list(components(edges)), ("VARCHAR", "VARCHAR"))


def components(edges: dict[str, set[str]]) -> Iterable[tuple[str, str]]:
    """Give each quote that hangs together with others, with the smallest key among them."""
    seen: set[str] = set()
    for start in sorted(edges):
        if start in seen:
            continue
        todo = [start]
        seen.add(start)
        while todo:
            quote_id = todo.pop()
            yield quote_id, start
            new = edges[quote_id] - seen
            seen |= new
            todo += new


def _marks(values: Sequence[str]) -> str:
    return ", ".join("?" * len(values))


def _insert(
    connection: duckdb.DuckDBPyConnection, into: str, rows: Sequence[tuple[object, ...]], types: Sequence[str]
) -> None:
    """Insert rows, bound as one list a column."""
    if rows:
        columns = ", ".join(f"unnest(?::{type}[])" for type in types)
        connection.execute(f"INSERT INTO {into} SELECT {columns}", [list(column) for column in zip(*rows, strict=True)])
