"""The scorer of attributions: figures known by hand, and equality with the tool by which results are judged."""

from __future__ import annotations

import importlib.util
import json
import random
from pathlib import Path
from typing import Any

import pytest

from quotes.evaluation.attributions import score

SHARED = Path(__file__).parents[3] / "shared"
TEXT = 'Ann Lee said "we will win it". Bob denied it, and critics called the plan "a joke". '


def span(string: str, text: str = TEXT) -> list[int]:
    start = text.index(string)
    return [start, start + len(string)]


GOLD: dict[str, Any] = {
    "id": "a",
    "text": TEXT,
    "attributions": [
        {"source": [span("Ann Lee")], "cue": [span("said")], "content": [span('"we will win it"')]},
        {"source": [span("critics")], "cue": [span("called")], "content": [span('the plan "a joke"')]},
    ],
}


def test_gold_itself_is_perfect() -> None:
    figures = score([GOLD], {"a": GOLD})
    assert {values["f1"] for values in figures.values()} == {1.0}


def test_nothing_found_scores_nothing() -> None:
    figures = score([GOLD], {})
    assert {values["f1"] for values in figures.values()} == {0.0}
    assert figures["relation"]["gold"] == 2


def test_a_wrong_source_costs_the_relation_but_not_the_content() -> None:
    first, second = GOLD["attributions"]
    figures = score([GOLD], {"a": {"attributions": [{**first, "source": [span("Bob")]}, second]}})
    assert figures["content"]["f1"] == 1.0
    assert figures["relation"]["f1"] == 0.5
    assert figures["quoted_found"]["f1"] == 1.0
    assert figures["quoted_attributed"]["f1"] == 0.0
    assert figures["exact_source"] == {"p": 0.5, "r": 0.5, "f1": 0.5, "gold": 2, "pred": 2}


def test_lines_of_quotes_extract_are_read() -> None:
    quotes = [{"spans": a["content"], "cue": a["cue"], "source": a["source"]} for a in GOLD["attributions"]]
    assert score([GOLD], {"a": {"quotes": quotes}})["relation"]["f1"] == 1.0


def noisy(row: dict[str, Any], rng: random.Random) -> dict[str, Any]:
    """Damage the annotation of an article: shift ends, drop, double and mix up."""
    size = len(row["text"])
    out = []
    for attribution in row["attributions"]:
        if rng.random() < 0.2:
            continue
        new = {}
        for role, spans in attribution.items():
            if role in ("source", "cue", "content"):
                moved = [(s + rng.choice((-9, 0, 0, 1)), e + rng.choice((-5, 0, 0, 2, 40))) for s, e in spans]
                new[role] = [[max(0, s), min(size, e)] for s, e in moved if s < e]
        out.append(new)
        if rng.random() < 0.1:
            out.append({**new, "source": out[0]["source"]})
    return {"id": row["id"], "attributions": out}


@pytest.mark.skipif(not (SHARED / "tools").exists(), reason="needs ../shared: the shared scorer and the corpus")
def test_equals_the_shared_scorer() -> None:
    spec = importlib.util.spec_from_file_location("score_attribution", SHARED / "tools" / "score_attribution.py")
    assert spec is not None
    assert spec.loader is not None
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    rng = random.Random(3)
    with (SHARED / "data" / "polnear_dev.jsonl").open(encoding="utf8") as lines:
        gold = [json.loads(line) for _, line in zip(range(24), lines, strict=False)]
    predicted = {row["id"]: noisy(row, rng) for row in gold[1:]}
    figures = score(gold, predicted)
    assert figures == tool.score(gold, predicted)
    assert 0.2 < figures["relation"]["f1"] < 0.95
