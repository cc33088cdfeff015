"""What `quotes evaluate attributions` tells: the figures, by kind and by publisher, and the worst articles."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from quotes.errors import ReadError
from quotes.evaluation.attributions import attributions_of, matched, score
from quotes.evaluation.calibration import expected_error
from quotes.language import load_pipeline, read_quotes
from quotes.language.attribution_model import AttributionModel
from quotes.language.attributions import kind
from quotes.language.marks import quotations
from quotes.records import Article, Span
from quotes.settings import Settings

KINDS = ("direct", "mixed", "indirect")
Figures = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True)
class Report:
    """The figures of one evaluation; each holds p, r, f1, gold and pred by the name of its measure.

    Attributes:
        overall: of all articles.
        by_kind: of direct, mixed and indirect attributions alone.
        by_publisher: of each publisher's articles.
        worst: the ids of the articles with the lowest F1 of relations, with that F1, the worst first.
        calibration_error: the expected calibration error of the confidences, 0 to 1.
    """

    overall: Figures
    by_kind: Mapping[str, Figures]
    by_publisher: Mapping[str, Figures]
    worst: Sequence[tuple[str, float]]
    calibration_error: float


def read_gold(path: Path) -> list[dict[str, Any]]:
    """Read annotated articles, one JSON object a line: {"id", "text", "attributions": [{"source", "cue", "content"}]}.

    Raises:
        ReadError: there is no such file, or a line is no annotated article.
    """
    try:
        lines = path.read_text(encoding="utf8").splitlines()
    except OSError as error:
        raise ReadError(f"{path} cannot be read: {error.strerror}.", "Name a file of annotated articles.") from error
    rows = []
    for number, line in enumerate(lines, start=1):
        try:
            row = json.loads(line)
            rows.append({**row, "id": row["id"], "text": row["text"], "attributions": row["attributions"]})
        except (ValueError, KeyError, TypeError) as error:
            raise ReadError(
                f"Line {number} of {path} is no annotated article: {error!r}.",
                'It must be {"id": ..., "text": ..., "attributions": [{"source": ..., "cue": ..., "content": ...}]}.',
            ) from error
    return rows


def find(rows: Sequence[Mapping[str, Any]], weights: Path | None = None) -> dict[str, dict[str, Any]]:
    """Find the attributions of annotated articles, as `quotes extract` does.

    Args:
        rows: articles with id and text.
        weights: the folder of another model than the one that travels with the package.

    Returns:
        For each id ``{"attributions": [...]}`` in the shape of the annotation, with ``confidence``.
    """
    nlp = load_pipeline(Settings())
    if weights is not None:
        nlp.get_pipe("quote_attribution").model = AttributionModel(weights)  # type: ignore[attr-defined]
    found = {}
    with nlp.select_pipes(disable=["ner", "quote_speakers", "quote_stances"]):
        articles = [Article(row["id"], row["text"]) for row in rows]
        for article, quotes in read_quotes(nlp, articles):
            found[article.id] = {
                "attributions": [
                    {"source": q.source, "cue": q.cue, "content": q.spans, "confidence": q.confidence} for q in quotes
                ]
            }
    return found


def confidences(rows: Sequence[Mapping[str, Any]], found: Mapping[str, Any]) -> tuple[list[float], list[bool]]:
    """Pair the confidence of each found attribution with whether the annotation has it."""
    sure, right = [], []
    for row in rows:
        predicted = found[row["id"]]["attributions"]
        hits = matched(row["text"], predicted, row["attributions"])
        sure += [attribution["confidence"] for attribution in predicted]
        right += [place in hits for place in range(len(predicted))]
    return sure, right


def report(rows: Sequence[Mapping[str, Any]], found: Mapping[str, Any], worst: int = 10) -> Report:
    """Compare what was found with the annotation.

    Args:
        rows: annotated articles; ``publisher`` may be among their keys.
        found: what ``find`` gives.
        worst: how many of the worst articles to name.
    """
    publishers = sorted({str(row.get("publisher") or "unknown") for row in rows})
    singles = [(row["id"], score([row], found)["relation"]["f1"]) for row in rows if row["attributions"]]
    return Report(
        overall=score(rows, found),
        by_kind={name: score(*_only(rows, found, name)) for name in KINDS},
        by_publisher={
            name: score([row for row in rows if str(row.get("publisher") or "unknown") == name], found)
            for name in publishers
        },
        worst=sorted(singles, key=lambda pair: (pair[1], pair[0]))[:worst],
        calibration_error=round(expected_error(*confidences(rows, found)), 4),
    )


def _only(
    rows: Sequence[Mapping[str, Any]], found: Mapping[str, Any], name: str
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Leave of annotation and findings the attributions of one kind."""
    gold, predicted = [], {}
    for row in rows:
        marked = quotations(row["text"])

        def of_kind(attributions: Sequence[Any], text: str = row["text"], marked: Any = marked) -> list[Any]:
            return [
                one
                for one in attributions
                if one["content"] and kind(text, tuple(Span(*span) for span in one["content"]), marked) == name
            ]

        gold.append({**row, "attributions": of_kind(row["attributions"])})
        predicted[row["id"]] = {"attributions": of_kind(attributions_of(found[row["id"]]))}
    return gold, predicted
