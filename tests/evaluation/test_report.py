"""What `quotes evaluate attributions` tells."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from quotes.errors import ReadError
from quotes.evaluation.report import find, read_gold, report

TEXT = "“The dam will hold,” Anna Vell said.\n\nTomas Orm said it would break."


def row(name: str, publisher: str | None = None) -> dict[str, Any]:
    def spans(words: str) -> list[list[int]]:
        return [[TEXT.index(words), TEXT.index(words) + len(words)]]

    return {
        "id": name,
        "text": TEXT,
        "publisher": publisher,
        "attributions": [
            {"source": spans("Anna Vell"), "cue": spans("said"), "content": spans("“The dam will hold,”")},
            {"source": spans("Tomas Orm"), "cue": [[56, 60]], "content": spans("it would break")},
        ],
    }


def test_right_findings_score_full_and_worst_articles_come_first() -> None:
    rows = [row("good", "Ledger"), row("bad")]
    found = {
        "good": {"attributions": [{**one, "confidence": 1.0} for one in rows[0]["attributions"]]},
        "bad": {"attributions": [{**rows[1]["attributions"][0], "confidence": 1.0}]},
    }
    result = report(rows, found, worst=1)
    assert result.overall["relation"]["r"] == 0.75
    assert result.by_kind["direct"]["relation"]["f1"] == 1.0
    assert result.by_kind["indirect"]["relation"]["r"] == 0.5
    assert {name: one["relation"]["r"] for name, one in result.by_publisher.items()} == {"Ledger": 1.0, "unknown": 0.5}
    assert [name for name, _ in result.worst] == ["bad"]
    assert result.calibration_error == 0.0


def test_the_model_that_travels_finds_them() -> None:
    rows = [row("one")]
    result = report(rows, find(rows))
    assert result.overall["relation"]["f1"] == 1.0


def test_a_missing_or_broken_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="cannot be read"):
        read_gold(tmp_path / "none.jsonl")
    file = tmp_path / "gold.jsonl"
    file.write_text(json.dumps(row("one")) + '\n{"id": "two"}\n', encoding="utf8")
    with pytest.raises(ReadError, match="Line 2"):
        read_gold(file)
