"""Which quotes are one statement, reported several times: the same words or nearly, said by the same speaker.

Candidates are found by winnowing (Schleimer, Wilkerson & Aiken, SIGMOD 2003, p. 78): of every WINDOW neighbouring runs
of RUN words, the one with the smallest hash is kept, so that quotes that share RUN + WINDOW - 1 words in a row share a
fingerprint, wherever one of them was cut, but for runs of mere grammar. On made repeats (tests/store/repeats_made.py)
the candidates held 0.997 of the true pairs; min-hash with datasketch needed three times as many candidates for that
(threshold 0.2), and for as many candidates (threshold 0.3) held 0.991. Each candidate is then compared word by word.

Whether two quotes are repeats depends on these two alone, and a statement is what hangs together by such pairs: so the
order in which articles come makes no difference. A pair whose speakers differ is a conflict; an undecided speaker
neither agrees nor conflicts with anybody.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from hashlib import blake2b
from typing import Any

import duckdb

from quotes.store.transactions import transaction

RUN = 4
WINDOW = 2
DENSE = 2
"""Words of a run that must be no words of grammar, or it is left out: "one of the" is in every other quote."""
SHORTEST = 5
"""Words that a quote must have in common with another: "No comment" is no repeat. Chosen by judgement; the made
repeats are all longer."""
CONTENT = 3
ALIKE = 0.88
"""Share of the words of the shorter quote that the longer must have, in its order."""

LONGEST_GAP = 30
"""Words that brackets or an ellipsis may stand for."""
SHORT_GAP = 3
"""Words among which it may not stand for a negation: "will ... resign" is not what "will not resign" says."""

GRAMMAR = frozenset(
    """a about after all also am an and any are as at be because been before being but by can could did do does for
    from had has have having he her here him his how i if in into is it its just let me more most my of off on or our
    out over she should so some such than that the their them then there these they this those through to too under up
    us very was we were what when where which while who will with would you your very really quite well uh um""".split()
)
NEGATIONS = frozenset("no not never none nobody nothing nor neither without cannot hardly barely".split())
NUMBERS = frozenset(
    """one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
    eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million billion trillion
    dozen half third quarter double twice""".split()
)
REFUSING = NEGATIONS | NUMBERS | frozenset("less fewer more before after against up down first second last".split())
"""Words that change what is said: they may neither be added nor be missing."""

_SHORT_FORMS = {"cannot": "can not", "wont": "will not", "cant": "can not", "shant": "shall not", "aint": "is not"}
_ENDINGS = {"ll": "will", "ve": "have", "re": "are", "m": "am", "d": "would"}
_LETTER = re.compile(r"\[([^\W\d_])\](?=[^\W_])")
_BRACKET = re.compile(r"\[([^\]]{0,80})\]")
_DOTS = re.compile(r"\.\s?\.\s?\.|…")
_PERCENT = re.compile(r"\bper[\s-]cent\b|%")
_WORD = re.compile(r"\x00|[^\W_]+(?:['’ʼ][^\W_]+)*")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d)")
_DECIMALS = re.compile(r"(?<=\d)\.(?=\d)")
GAP = "\x00"


def words_of(text: str) -> list[str]:
    """Take the words out of a quote as they count here.

    Args:
        text: a quote as printed.

    Returns:
        Its words in small letters without accents; short forms in full, [brackets] and ellipses as one ``GAP``, but for
        a first [l]etter, and for numbers and negations in brackets, which count as printed.
    """
    folded = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)).lower()
    opened = _DOTS.sub(f" {GAP} ", _BRACKET.sub(_bracketed, _LETTER.sub(r"\1", folded)))
    words: list[str] = []
    for word in _WORD.findall(_DECIMALS.sub("point", _THOUSANDS.sub("", _PERCENT.sub(" percent ", opened)))):
        stem, mark, ending = re.sub("[’ʼ]", "'", word).partition("'")
        joined = stem + ending
        if joined in _SHORT_FORMS:
            words += _SHORT_FORMS[joined].split()
        elif ending == "t" and stem.endswith("n"):
            words += [stem[:-1], "not"]
        elif mark and ending in _ENDINGS:
            words += [stem, _ENDINGS[ending]]
        elif word != GAP or (words and words[-1] != GAP):
            words.append(joined)
    while words and words[-1] == GAP:
        words.pop()
    return words


def _bracketed(found: re.Match[str]) -> str:
    inside = _WORD.findall(found[1])
    counts = any(word in NEGATIONS | NUMBERS or word[0].isdigit() for word in inside)
    return f" {found[1]} " if counts else f" {GAP} "


def fingerprints(words: Sequence[str]) -> set[int]:
    """Choose the runs of words by which a quote is found again.

    Args:
        words: from :func:`words_of`.

    Returns:
        Hashes of 32 bits.
    """
    said = [word for word in words if word != GAP]
    if len(said) < SHORTEST or _content(said) < CONTENT:
        return set()
    runs = [said[i : i + RUN] for i in range(len(said) - RUN + 1)]
    hashes = [_hash(" ".join(run)) if _content(run) >= DENSE else None for run in runs]
    kept = set()
    for first in range(max(1, len(hashes) - WINDOW + 1)):
        kept.add(min((one for one in hashes[first : first + WINDOW] if one is not None), default=None))
    return {one for one in kept if one is not None}


def same_words(a: Sequence[str], b: Sequence[str]) -> bool:
    """Tell whether two quotes are the same words or nearly: cut at either end, with gaps, or with a slip of the pen.

    Words of grammar may differ in a few places, and other words in their spelling; a number, a negation or another
    word may not.

    Args:
        a: words of a quote, from :func:`words_of`.
        b: words of another.

    Returns:
        Whether they are.
    """
    short, long = sorted((a, b), key=lambda words: (len([w for w in words if w != GAP]), list(words)))
    matcher = SequenceMatcher(None, short, long, autojunk=False)
    blocks = [block for block in matcher.get_matching_blocks() if block.size]
    if not blocks:
        return False
    common = [word for block in blocks for word in short[block.a : block.a + block.size] if word != GAP]
    left_out = slips = 0
    for tag, a1, a2, b1, b2 in matcher.get_opcodes():
        ours, theirs = short[a1:a2], long[b1:b2]
        if tag == "equal" or (a1 == a2 and a1 in (0, len(short))):
            continue
        if _fills(ours, theirs):
            continue
        if _fills(theirs, ours):
            left_out += len(ours)
        elif _slip(ours, theirs):
            slips += max(len(ours), len(theirs))
        else:
            return False
    said = sum(word != GAP for word in short) - left_out
    return len(common) >= max(SHORTEST, ALIKE * said) and _content(common) >= CONTENT and slips <= max(1, said // 8)


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


def _slip(ours: Sequence[str], theirs: Sequence[str]) -> bool:
    """Tell whether a difference is one of grammar or spelling, not of sense."""
    differing = {*ours, *theirs}
    if any(word in REFUSING or any(c.isdigit() for c in word) for word in differing):
        return False
    if len(ours) == len(theirs) and all(_spelt_alike(a, b) for a, b in zip(ours, theirs, strict=True)):
        return True
    return (not ours or not theirs) and differing <= GRAMMAR


def _spelt_alike(a: str, b: str) -> bool:
    return a == b or (min(len(a), len(b)) >= 4 and a[0] == b[0] and SequenceMatcher(None, a, b).ratio() >= 0.85)


def _fills(gap: Sequence[str], words: Sequence[str]) -> bool:
    """Tell whether one side is a gap and nothing else, and the other what may have been left out there."""
    if len(words) <= SHORT_GAP and not NEGATIONS.isdisjoint(words):
        return False
    return bool(gap) and set(gap) == {GAP} and len(words) <= LONGEST_GAP


def _content(words: Iterable[str]) -> int:
    return sum(word not in GRAMMAR for word in words)


def _hash(run: str) -> int:
    return int.from_bytes(blake2b(run.encode(), digest_size=4).digest(), "big")


def _marks(values: Sequence[str]) -> str:
    return ", ".join("?" * len(values))


def _insert(
    connection: duckdb.DuckDBPyConnection, into: str, rows: Sequence[tuple[object, ...]], types: Sequence[str]
) -> None:
    """Insert rows, bound as one list a column."""
    if rows:
        columns = ", ".join(f"unnest(?::{type}[])" for type in types)
        connection.execute(f"INSERT INTO {into} SELECT {columns}", [list(column) for column in zip(*rows, strict=True)])
