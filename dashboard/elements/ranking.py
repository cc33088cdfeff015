"""Lists of the most frequent, each with its number and a bar."""

from __future__ import annotations

from collections.abc import Iterable

from dashboard.elements.markup import anchor, text


def ranking(title: str, rows: Iterable[tuple[str, str, int]]) -> str:
    """Draw a list of the most frequent: for each its address, its words and its number, with a bar."""
    rows = list(rows)
    most = max((number for _, _, number in rows), default=1)
    items = "".join(
        f'<li style="--share: {number / most:.3f}">{anchor(there, text(words))}<b>{number:,}</b></li>'
        for there, words, number in rows
    )
    return f'<section class="qt-ranking"><h2>{title}<small>number of statements</small></h2><ol>{items}</ol></section>'
