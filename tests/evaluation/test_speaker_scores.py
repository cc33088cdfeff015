"""The scorer of speakers: figures known by hand, the misses, and equality with the tool by which results are judged."""

from __future__ import annotations

import importlib.util
import json
import random
from pathlib import Path
from typing import Any

import pytest

from quotes.errors import ReadError
from quotes.evaluation.report import read_gold
from quotes.evaluation.speakers import find, kind_of_source, read_speakers, report, same_person

SHARED = Path(__file__).parents[3] / "shared"
DEV, SPEAKERS = SHARED / "data" / "polnear_dev.jsonl", SHARED / "data" / "polnear_dev_speakers.json"
BARS = {"spoken_by": 0.93, "said_by": 0.77}
PRONOUNS = 0.85
TEXT = "“The dam will hold,” Anna Vell said. She said it was dry.\n\nThe mayor said “it is full of fish”."
ROW: dict[str, Any] = {
    "id": "dam",
    "text": TEXT,
    "attributions": [
        {"id": "E1", "source": [[21, 30]], "cue": [[31, 35]], "content": [[0, 20]]},
        {"id": "E2", "source": [[37, 40]], "cue": [[41, 45]], "content": [[46, 56]]},
        {"id": "E3", "source": [[59, 68]], "cue": [[69, 73]], "content": [[74, 94]]},
    ],
}
ANNA = {"name": "Anna Vell", "type": "person"}
GOLD = {"dam": {"E1": ANNA, "E2": ANNA, "E3": {"name": "Tomas Orm", "type": "person"}}}


def found(*speakers: dict[str, str] | None) -> dict[str, Any]:
    quotes = [
        {"spans": one["content"], "source": one["source"], "confidence": 0.9, "speaker": speaker}
        for one, speaker in zip(ROW["attributions"], speakers, strict=True)
    ]
    return {"dam": {"quotes": quotes}}


def test_figures_by_kind_of_source_and_misses() -> None:
    result = report([ROW], GOLD, found({"name": "Vell", "type": "person"}, None, ANNA))
    assert (result.overall["spoken_by"]["p"], result.overall["spoken_by"]["r"]) == (0.5, 0.5)
    assert result.by_kind["name"]["said_by"]["f1"] == 1.0
    assert result.by_kind["pronoun"]["said_by"]["r"] == 0.0
    assert result.by_kind["description"]["spoken_by"]["p"] == 0.0
    assert [(miss.found, miss.wanted) for miss in result.misses] == [(None, "Anna Vell"), ("Anna Vell", "Tomas Orm")]


@pytest.mark.parametrize(
    ("one", "two", "same"),
    [
        ("Mrs Anna Vell", "Anna Vell", True),
        ("Vell", "Anna Vell", True),
        ("Anna M. Vell", "Anna Vell", True),
        ("Anna Vell", "Berta Vell", False),
        ("Zoë Ardhán", "Zoe Ardhan", True),
        ("", "Anna Vell", False),
    ],
)
def test_same_person(one: str, two: str, same: bool) -> None:
    assert same_person(one, two) is same


@pytest.mark.parametrize(
    ("source", "person", "kind"),
    [
        ("She", "Anna Vell", "pronoun"),
        ("Ms Vell", "Anna Vell", "name"),
        ("the mayor", "Anna Vell", "description"),
        ("", "Anna Vell", "none"),
    ],
)
def test_kinds_of_source(source: str, person: str, kind: str) -> None:
    assert kind_of_source(source, person) == kind


def test_what_is_no_gold_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="cannot be read"):
        read_speakers(tmp_path / "none.json")
    file = tmp_path / "gold.json"
    file.write_text("[]", encoding="utf8")
    with pytest.raises(ReadError, match="no annotated speakers"):
        read_speakers(file)


def scorer() -> Any:
    """Load the tool by which results are judged."""
    spec = importlib.util.spec_from_file_location("score_speakers", SHARED / "tools" / "score_speakers.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.skipif(not DEV.exists(), reason="the development articles lie in ../shared, which is not here")
def test_figures_are_those_of_the_tool_by_which_results_are_judged() -> None:
    rows, gold = read_gold(DEV), read_speakers(SPEAKERS)
    names = [one["name"] for speakers in gold.values() for one in speakers.values() if one["type"] == "person"]
    rng = random.Random(4)
    guessed: dict[str, Any] = {}
    for row in rows:
        quotes = []
        for one in row["attributions"]:
            speaker = gold[row["id"]].get(one["id"]) or None
            if rng.random() < 0.3:
                speaker = rng.choice([None, {"name": rng.choice(names), "type": "person"}])
            spans = [[start, max(start + 1, end - rng.choice([0, 0, 5, 60]))] for start, end in one["content"]]
            if rng.random() < 0.9:
                quotes.append({"spans": spans, "source": one["source"], "speaker": speaker})
        guessed[row["id"]] = {"quotes": quotes}
    ours = report(rows, gold, guessed).overall
    theirs = scorer().score(rows, json.loads(SPEAKERS.read_text(encoding="utf8")), guessed)
    assert ours["spoken_by"] == theirs["spoken_by"]
    assert ours["said_by"] == theirs["said_by"]
    assert ours["pronouns"]["r"] == theirs["pronouns"]["recall"]


@pytest.mark.slow
@pytest.mark.skipif(not DEV.exists(), reason="the development articles lie in ../shared, which is not here")
def test_figures_hold() -> None:
    rows = read_gold(DEV)
    result = report(rows, read_speakers(SPEAKERS), find(rows))
    assert {name: result.overall[name]["f1"] >= bar for name, bar in BARS.items()} == dict.fromkeys(BARS, True)
    assert result.overall["pronouns"]["r"] >= PRONOUNS
