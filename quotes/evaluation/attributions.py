"""How good found attributions are: the figures by which attributions are judged, after PARC and PolNeAR.

The measures are content overlap, relation, quoted stretches and exact spans; see :func:`score`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Spans = Sequence[Sequence[int]]
Row = Mapping[str, Any]

STRETCH = re.compile(r"“[^“”]*(?:”|(?=\n|$))|\"[^\"\n]*\"")
ROLES = ("source", "cue", "content")


@dataclass
class Counts:
    """Hits, predictions and gold cases of one measure; F1 and its parts come from them."""

    hits: int = 0
    predicted: int = 0
    gold: int = 0

    def add(self, hits: int, predicted: int, gold: int) -> None:
        """Count the cases of one more article."""
        self.hits, self.predicted, self.gold = self.hits + hits, self.predicted + predicted, self.gold + gold

    def figures(self) -> dict[str, float]:
        """Give precision, recall and F1, 0 to 1 with four digits, and the numbers of cases."""
        p = self.hits / self.predicted if self.predicted else 0.0
        r = self.hits / self.gold if self.gold else 0.0
        f1 = 2 * p * r / (p + r) if p + r else 0.0
        return {"p": round(p, 4), "r": round(r, 4), "f1": round(f1, 4), "gold": self.gold, "pred": self.predicted}


@dataclass
class Sheet:
    """The counts of all measures, in the order in which they are printed."""

    content: Counts = field(default_factory=Counts)
    relation: Counts = field(default_factory=Counts)
    quoted_found: Counts = field(default_factory=Counts)
    quoted_attributed: Counts = field(default_factory=Counts)
    exact_source: Counts = field(default_factory=Counts)
    exact_cue: Counts = field(default_factory=Counts)
    exact_content: Counts = field(default_factory=Counts)

    def figures(self) -> dict[str, dict[str, float]]:
        """Give the figures of each measure by its name."""
        return {name: counts.figures() for name, counts in vars(self).items()}


def characters(text: str, spans: Spans) -> set[int]:
    """Give the places of all characters in the spans, white space left out."""
    return {i for start, end in spans for i in range(start, end) if not text[i].isspace()}


def trimmed(text: str, spans: Iterable[Sequence[int]]) -> set[tuple[int, int]]:
    """Cut what is neither letter nor digit off the ends of spans; drop spans of which nothing remains."""
    kept = set()
    for start, end in spans:
        while start < end and not text[start].isalnum():
            start += 1
        while end > start and not text[end - 1].isalnum():
            end -= 1
        if end > start:
            kept.add((start, end))
    return kept


def attributions_of(row: Row) -> list[Row]:
    """Read the attributions of a line, be it of a corpus or of ``quotes extract``."""
    if "attributions" in row:
        return list(row["attributions"])
    return [
        {"content": quote["spans"], "cue": quote.get("cue") or [], "source": quote.get("source") or []}
        for quote in row.get("quotes", [])
    ]


def same_source(text: str, one: Spans, two: Spans) -> bool:
    """Tell whether two sources touch, or are both empty."""
    first, second = characters(text, one), characters(text, two)
    return bool(first & second) if first and second else not first and not second


def matched(text: str, predicted: list[Row], gold: list[Row]) -> set[int]:
    """Pair predictions with gold, best overlap first, where contents overlap by half and sources touch.

    Args:
        text: the article's text.
        predicted: attributions found.
        gold: attributions annotated.

    Returns:
        The places in ``predicted`` of those that have a partner.
    """
    contents = [characters(text, g["content"]) for g in gold]
    pairs = []
    for i, p in enumerate(predicted):
        content = characters(text, p["content"])
        for j, g in enumerate(gold):
            union = len(content | contents[j])
            overlap = len(content & contents[j]) / union if union else 0
            if overlap >= 0.5 and same_source(text, p.get("source", []), g["source"]):
                pairs.append((overlap, i, j))
    taken_i: set[int] = set()
    taken_j: set[int] = set()
    for _, i, j in sorted(pairs, reverse=True):
        if i not in taken_i and j not in taken_j:
            taken_i.add(i)
            taken_j.add(j)
    return taken_i


def _best(text: str, stretch: set[int], rows: list[Row]) -> tuple[float, Row | None]:
    """Find the attribution that covers most of a stretch, and how much of it, 0 to 1."""
    best: tuple[float, Row | None] = (0.0, None)
    for n, row in enumerate(rows):
        share = len(stretch & characters(text, row["content"])) / len(stretch)
        if n == 0 or share > best[0]:
            best = (share, row)
    return best


def add_article(sheet: Sheet, gold: Row, predicted: Row) -> None:
    """Count one article.

    Args:
        sheet: counts so far; added to.
        gold: {"text", "attributions": [{"source": [[start, end], ...], "cue": ..., "content": ...}]}.
        predicted: the same without the text, or a line of ``quotes extract``; offsets are code points.
    """
    text, wanted = gold["text"], list(gold["attributions"])
    found = [row for row in attributions_of(predicted) if row.get("content")]
    for role in ROLES:
        g = trimmed(text, [span for row in wanted for span in row.get(role, [])])
        p = trimmed(text, [span for row in found for span in row.get(role, [])])
        vars(sheet)[f"exact_{role}"].add(len(g & p), len(p), len(g))
    g_all = {i for row in wanted for i in characters(text, row["content"])}
    p_all = {i for row in found for i in characters(text, row["content"])}
    sheet.content.add(len(g_all & p_all), len(p_all), len(g_all))
    sheet.relation.add(len(matched(text, found, wanted)), len(found), len(wanted))
    for match in STRETCH.finditer(text):
        if len(match.group().split()) < 3:
            continue
        stretch = characters(text, [match.span()])
        (g_share, g_row), (p_share, p_row) = _best(text, stretch, wanted), _best(text, stretch, found)
        in_gold, in_found = g_share >= 0.5, p_share >= 0.5
        right = False
        if in_gold and in_found and g_row is not None and p_row is not None:
            right = same_source(text, p_row.get("source", []), g_row["source"])
        sheet.quoted_attributed.add(right, in_found, in_gold)
        sheet.quoted_found.add(in_gold and in_found, in_found, in_gold)


def score(gold: Iterable[Row], predicted: Mapping[str, Row]) -> dict[str, dict[str, float]]:
    """Score found attributions against gold ones.

    ``content`` is the overlap in characters of all contents. ``relation`` counts an attribution where its content
    overlaps a gold one by half (intersection over union) and the sources touch or are both empty. ``quoted_found``
    and ``quoted_attributed`` take each stretch of three words or more between double marks as one case: is it in a
    content, and has it the right source. ``exact_source``, ``exact_cue`` and ``exact_content`` compare spans to the
    letter once marks and spaces are cut off their ends.

    Args:
        gold: annotated articles; see :func:`add_article`.
        predicted: what was found, by the article's id; a missing article counts as one without attributions.

    Returns:
        For each measure p, r, f1 (0 to 1) and the numbers of cases, gold and pred.
    """
    sheet = Sheet()
    for row in gold:
        add_article(sheet, row, predicted.get(row["id"], {}))
    return sheet.figures()
