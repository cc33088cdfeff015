"""Short cases of other styles than the corpus has: each must come out right but for marks at the ends of spans."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from seeing import Read

CASES = [json.loads(line) for line in Path(__file__).with_name("styles.jsonl").read_text(encoding="utf8").splitlines()]
# Papers and corpora disagree on whether "that" belongs to what is said, and on the full stop after it.
ENDS = re.compile(r"^(?:that\s+)?\W*|\W+$", re.IGNORECASE)

# Hard cases that the model of 2026-11-23 does not get right; who mends one takes it off this list.
HARD = {
    "press-release-3": "an appointment is taken for an announcement",
    "several-speakers-2": "the second speaker of a sentence is taken into the first one's words",
}


def bare(text: str, spans: list[list[int]] | tuple[tuple[int, int], ...]) -> list[str]:
    return [ENDS.sub("", text[start:end]) for start, end in spans]


def shown(text: str, quote: dict[str, Any]) -> tuple[str, list[str], list[str]]:
    return quote["kind"], bare(text, quote["source"]), bare(text, quote["content"])


def marked(case: dict[str, Any]) -> Any:
    hard = HARD.get(case["id"])
    return pytest.param(case, id=case["id"], marks=[pytest.mark.xfail(reason=hard, strict=True)] if hard else [])


@pytest.mark.parametrize("case", [marked(case) for case in CASES])
def test_each_case_is_right(read: Read, case: dict[str, Any]) -> None:
    text = case["text"]
    found = [(quote.kind, bare(text, quote.source), bare(text, quote.spans)) for quote in read(text)]
    assert sorted(found) == sorted(shown(text, quote) for quote in case["quotes"])


def test_there_are_enough_cases() -> None:
    assert len(CASES) - len(HARD) >= 30
