"""What became of the quotes when the same articles were read again, such as with a new model.

The two files are opened read-only, each by itself, and gone through side by side, article by article. A quote is the
same one where its content overlaps; only articles with the same text in both files are compared.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any, Literal

import duckdb

from quotes.records import Span
from quotes.store.store import reading

Aspect = Literal["speaker", "kind", "stances", "spans"]
ASPECTS: tuple[Aspect, ...] = ("speaker", "kind", "stances", "spans")
AT_ONCE = 2_000


@dataclass(frozen=True, slots=True)
class Reading:
    """A quote as one of the files has it; ``stances`` maps each target to a label."""

    text: str
    speaker: str | None
    kind: str
    stances: dict[str, str]
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Example:
    """A quote that differs: ``old`` is None where it was added, ``new`` where it was lost."""

    article: str
    old: Reading | None
    new: Reading | None

    @property
    def aspects(self) -> tuple[Aspect, ...]:
        """What differs between the two."""
        return changes(self.old, self.new) if self.old and self.new else ()


@dataclass(slots=True)
class Difference:
    """How two files differ, in articles and in the quotes of the articles that both have with the same text.

    Attributes:
        articles: how many are in both, only in the old, only in the new, and in both with different texts.
        same: quotes that are in both files alike.
        added: quotes only in the new file.
        lost: quotes only in the old file.
        changed: quotes in both files that differ.
        aspects: how many of those changed differ in what.
        examples: for added, lost and changed the first of them.
    """

    articles: dict[str, int] = field(default_factory=dict)
    same: int = 0
    added: int = 0
    lost: int = 0
    changed: int = 0
    aspects: dict[Aspect, int] = field(default_factory=dict)
    examples: dict[str, list[Example]] = field(default_factory=lambda: {"added": [], "lost": [], "changed": []})


def compare(old: Path, new: Path, wait: float, most_examples: int) -> Difference:
    """Compare the quotes of two tracker's files.

    Args:
        old: the file before.
        new: the file after.
        wait: how long to try while another process writes to a file, in seconds.
        most_examples: how many examples to give of what was added, lost and changed, each.

    Returns:
        The difference.

    Raises:
        StoreError: a file cannot be read.
    """
    difference = Difference()

    def count(article: str) -> None:
        difference.articles[article] = difference.articles.get(article, 0) + 1

    def note(kind: Literal["added", "lost", "changed"], example: Example) -> None:
        setattr(difference, kind, getattr(difference, kind) + 1)
        for aspect in example.aspects:
            difference.aspects[aspect] = difference.aspects.get(aspect, 0) + 1
        if len(difference.examples[kind]) < most_examples:
            difference.examples[kind].append(example)

    with reading(old, wait) as before, reading(new, wait) as after:
        for article, texts, old_quotes, new_quotes in _side_by_side(_articles(before), _articles(after)):
            if None in texts:
                count("only in the new" if texts[0] is None else "only in the old")
                continue
            if texts[0] != texts[1]:
                count("with another text")
                continue
            count("in both")
            for one, other in match(old_quotes, new_quotes):
                if one is None or other is None:
                    note("added" if one is None else "lost", Example(article, one, other))
                elif changes(one, other):
                    note("changed", Example(article, one, other))
                else:
                    difference.same += 1
    return difference


def match(
    old: Sequence[Reading], new: Sequence[Reading]
) -> Iterator[tuple[Reading, Reading | None] | tuple[Reading | None, Reading]]:
    """Pair the quotes of one article: those that share most characters first, each once.

    Args:
        old: the quotes before.
        new: the quotes after.

    Yields:
        Pairs; with None where a quote has no counterpart.
    """
    shared = sorted(
        ((_shared(one, other), i, j) for i, one in enumerate(old) for j, other in enumerate(new)),
        key=lambda pair: (-pair[0], pair[1], pair[2]),
    )
    partners: dict[int, int] = {}
    taken: set[int] = set()
    for characters, i, j in shared:
        if characters and i not in partners and j not in taken:
            partners[i] = j
            taken.add(j)
    for i, one in enumerate(old):
        yield one, new[partners[i]] if i in partners else None
    for j, other in enumerate(new):
        if j not in taken:
            yield None, other


def changes(old: Reading, new: Reading) -> tuple[Aspect, ...]:
    """Tell in what two readings of a quote differ."""
    return tuple(aspect for aspect in ASPECTS if getattr(old, aspect) != getattr(new, aspect))


def _shared(old: Reading, new: Reading) -> int:
    return sum(
        max(0, min(one.end, other.end) - max(one.start, other.start)) for one in old.spans for other in new.spans
    )


Article = tuple[str, str, str, list[Reading]]


def _articles(connection: duckdb.DuckDBPyConnection) -> Iterator[Article]:
    """Yield each article's id, name, a digest of its text, and its quotes, in the order of the ids."""
    answer = connection.execute(
        """SELECT a.article_id, coalesce(a.title, a.article_id), md5(a.text), q.text, q.speaker, q.kind,
                  s.targets, s.labels, q.spans
           FROM articles AS a
           LEFT JOIN quotes AS q USING (article_id)
           LEFT JOIN (
               SELECT quote_id, list(target ORDER BY target) AS targets, list(stance ORDER BY target) AS labels
               FROM stances GROUP BY quote_id
           ) AS s USING (quote_id)
           ORDER BY a.article_id, q.spans[1]."start", q.quote_id"""
    )

    def rows() -> Iterator[tuple[Any, ...]]:
        while some := answer.fetchmany(AT_ONCE):
            yield from some

    for (article_id, name, digest), group in groupby(rows(), key=lambda row: row[:3]):
        yield article_id, name, digest, [_reading(row[3:]) for row in group if row[3] is not None]


def _reading(row: Sequence[Any]) -> Reading:
    text, speaker, kind, targets, labels, spans = row
    stances = dict(zip(targets or (), labels or (), strict=True))
    return Reading(text, speaker, kind, stances, tuple(Span(span["start"], span["end"]) for span in spans))


def _side_by_side(
    old: Iterator[Article], new: Iterator[Article]
) -> Iterator[tuple[str, tuple[str | None, str | None], list[Reading], list[Reading]]]:
    """Yield each article of either with the digests of its texts, None where a file has it not, and its quotes."""
    one, other = next(old, None), next(new, None)
    while one or other:
        if other is None or (one is not None and one[0] < other[0]):
            assert one is not None
            yield one[1], (one[2], None), one[3], []
            one = next(old, None)
        elif one is None or other[0] < one[0]:
            yield other[1], (None, other[2]), [], other[3]
            other = next(new, None)
        else:
            yield one[1], (one[2], other[2]), one[3], other[3]
            one, other = next(old, None), next(new, None)
