from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from quotes.records import Article, Quote, Span, Speaker, Stance
from quotes.store import writing
from quotes.store.diff import Difference, Reading, compare, match

TEXT = "“No,” said Mara Lind. “Never,” said Otto Brandt. “Perhaps,” said Ada Vell."
NO = Quote("direct", "“No,”", (Span(0, 5),), speaker=Speaker("Mara Lind", "person"))
NEVER = Quote("direct", "“Never,”", (Span(22, 30),), speaker=Speaker("Otto Brandt", "person"))
PERHAPS = Quote("direct", "“Perhaps,”", (Span(49, 59),), speaker=Speaker("Ada Vell", "person"))
AGAINST = Stance("the plan", "issue", "against", 0.9)


def saved(path: Path, *articles: tuple[Article, list[Quote]]) -> Path:
    with writing(path, 5) as store:
        for article, quotes in articles:
            store.save(store.begin([], ""), article, quotes, [])
    return path


def differ(tmp_path: Path, old: list[Quote], new: list[Quote], examples: int = 5) -> Difference:
    article = Article("a", TEXT, "The title")
    before = saved(tmp_path / "old.duckdb", (article, old))
    return compare(before, saved(tmp_path / "new.duckdb", (article, new)), 5, examples)


def test_what_is_alike_is_the_same(tmp_path: Path) -> None:
    difference = differ(tmp_path, [NO, NEVER], [NO, replace(NEVER, confidence=0.7, topics=("x",))])
    assert difference == Difference({"in both": 1}, same=2)


def test_added_and_lost(tmp_path: Path) -> None:
    difference = differ(tmp_path, [NO, NEVER], [NO, PERHAPS])
    assert (difference.same, difference.added, difference.lost, difference.changed) == (1, 1, 1, 0)
    ((added,), (lost,)) = difference.examples["added"], difference.examples["lost"]
    assert added.new
    assert lost.old
    assert (added.article, added.old, added.new.speaker) == ("The title", None, "Ada Vell")
    assert (lost.new, lost.old.speaker) == (None, "Otto Brandt")


@pytest.mark.parametrize(
    ("other", "aspects"),
    [
        (replace(NO, speaker=None), {"speaker": 1}),
        (replace(NO, kind="mixed"), {"kind": 1}),
        (replace(NO, stances=(AGAINST,)), {"stances": 1}),
        (replace(NO, spans=(Span(1, 3),)), {"spans": 1}),
        (replace(NO, spans=(Span(0, 5), Span(22, 30)), kind="indirect"), {"kind": 1, "spans": 1}),
    ],
)
def test_changed(tmp_path: Path, other: Quote, aspects: dict[str, int]) -> None:
    difference = differ(tmp_path, [NO], [other])
    assert (difference.same, difference.added, difference.lost, difference.changed) == (0, 0, 0, 1)
    assert difference.aspects == aspects
    assert difference.examples["changed"][0].aspects == tuple(aspects)


def test_articles_that_are_not_the_same_are_only_counted(tmp_path: Path) -> None:
    kept, gone, new, edited = (Article(name, TEXT) for name in ("b", "a", "d", "c"))
    before = saved(tmp_path / "old.duckdb", (kept, [NO]), (gone, [NO]), (edited, [NO]))
    after = saved(tmp_path / "new.duckdb", (kept, [NO]), (new, [NO]), (replace(edited, text=TEXT + "."), [NEVER]))
    difference = compare(before, after, 5, 5)
    assert difference.articles == {"in both": 1, "only in the old": 1, "only in the new": 1, "with another text": 1}
    assert (difference.same, difference.added, difference.lost, difference.changed) == (1, 0, 0, 0)


def test_examples_are_limited_and_counts_are_not(tmp_path: Path) -> None:
    difference = differ(tmp_path, [], [NO, NEVER, PERHAPS], examples=1)
    assert (difference.added, len(difference.examples["added"])) == (3, 1)


def test_those_that_share_most_belong_together() -> None:
    def reading(*spans: tuple[int, int]) -> Reading:
        return Reading("", None, "direct", {}, tuple(Span(*span) for span in spans))

    old = [reading((0, 10)), reading((10, 30))]
    new = [reading((5, 29)), reading((0, 9)), reading((30, 31))]
    assert list(match(old, new)) == [(old[0], new[1]), (old[1], new[0]), (None, new[2])]


def test_a_file_is_like_itself(sample_tracker: Path) -> None:
    difference = compare(sample_tracker, sample_tracker, 5, 5)
    assert (difference.added, difference.lost, difference.changed) == (0, 0, 0)
    assert difference.same > 100
