"""The figures of stances, against counts by hand on cases of our own wording."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from spacy.language import Language

from quotes.errors import ReadError
from quotes.evaluation import lexicon
from quotes.evaluation.stance import annotated, evaluate, expected_error_of, figures_of
from quotes.evaluation.stance_cases import read_dse, read_mtsc
from quotes.language.stance_model import StanceModel
from quotes.language.stances import WEIGHTS
from quotes.records import Span, StanceLabel


def test_figures_equal_a_count_by_hand() -> None:
    gold: list[StanceLabel] = ["against", "against", "against", "favor", "favor", "neutral"]
    found: list[StanceLabel] = ["against", "against", "favor", "favor", "neutral", "neutral"]
    figures = figures_of(gold, found)
    assert figures.confusion["against"] == {"against": 2, "neutral": 0, "favor": 1}
    assert figures.confusion["favor"] == {"against": 0, "neutral": 1, "favor": 1}
    assert figures.f1 == pytest.approx({"against": 0.8, "favor": 0.5, "neutral": 2 / 3})
    assert figures.macro_f1 == pytest.approx((0.8 + 0.5 + 2 / 3) / 3)
    assert figures.accuracy == pytest.approx(4 / 6)


def test_calibration_error_by_hand() -> None:
    chances = np.array([[0.9, 0.05, 0.05], [0.05, 0.05, 0.9]], np.float32)
    assert expected_error_of(chances, ["against", "neutral"]) == pytest.approx(0.4, abs=1e-6)


def test_dse_gives_speaker_and_target_in_the_direction_of_its_label(tmp_path: Path) -> None:
    file = tmp_path / "dse.tsv"
    file.write_text(
        "[Orm] scorned [Vell].\tOrm\tVell\t3\n"
        "[Orm] was cheered by [Vell’]s men.\tOrm\tVell’\t2\n"
        "“[The Velda]ns met [Orm],” he said.\tThe Velda\tOrm\t0\n",
        encoding="utf8",
    )
    first, second, third = (lesson.case for lesson in read_dse(file))
    assert (first.text, first.speaker, first.target) == ("Orm scorned Vell.", "Orm", "Vell")
    assert (second.speaker, second.target) == ("Vell", "Orm")
    assert (third.speaker, third.target, third.places) == ("The Veldans", "Orm", (Span(17, 20),))
    assert [lesson.label for lesson in read_dse(file)] == ["against", "favor", "neutral"]
    assert [lesson.kind for lesson in read_dse(file, reverse=True)].count("reverse") == 2
    for lesson in read_dse(file, reverse=True):
        case = lesson.case
        assert [case.text[slice(*span)] for span in (*case.places, *case.source)] == [case.target, case.speaker]


def test_newsmtsc_gives_a_case_for_each_target(tmp_path: Path) -> None:
    file = tmp_path / "newsmtsc.jsonl"
    targets = [
        {"Input.gid": "paper_1_2_3_Tomas Orm_0_2", "from": 0, "to": 2, "mention": "He", "polarity": 2.0},
        {"Input.gid": "paper_1_2_3_Velda_8_13", "from": 8, "to": 13, "mention": "Velda", "polarity": 6.0},
    ]
    row = {"primary_gid": "paper_1_2_3_Tomas Orm_0_2", "sentence_normalized": "He hates Velda.", "targets": targets}
    file.write_text(json.dumps(row) + "\n", encoding="utf8")
    he, velda = read_mtsc(file)
    assert (he.case.target, he.entity, he.label, he.document) == ("He", "Tomas Orm", "against", "paper_1_2")
    assert (velda.case.speaker, velda.label) == (None, "favor")


@pytest.mark.parametrize(
    ("text", "target", "label"),
    [
        ("Tomas Orm is a liar.", "Orm", "against"),
        ("Tomas Orm is not a liar.", "Orm", "favor"),
        ("Anna Vell called Tomas Orm a hero.", "Orm", "favor"),
        ("Tomas Orm met the deputies.", "Orm", "neutral"),
    ],
)
def test_the_lexicon_is_the_method_by_rules(nlp: Language, text: str, target: str, label: str) -> None:
    at = text.index(target)
    assert lexicon.label(nlp(text), [Span(at, at + len(target))]) == label


def test_annotated_quotes_are_read_with_their_targets(nlp: Language, tmp_path: Path) -> None:
    text = "“Orm is a hero,” said Ada Vell. “Tomas Orm is a fool,” she added."
    attributions = [
        {"id": "1", "source": [[22, 30]], "cue": [[17, 21]], "content": [[0, 16]]},
        {"id": "2", "source": [[55, 58]], "cue": [[59, 64]], "content": [[32, 54]]},
    ]
    stances = [
        {"id": "1", "target": "Tomas Orm", "target_type": "person", "stance": "favor"},
        {"id": "2", "target": "Tomas Orm", "target_type": "person", "stance": "against"},
        {"id": "2", "target": "the weather", "target_type": "issue", "stance": "neutral"},
    ]
    ada = {"name": "Ada Vell", "type": "person"}
    articles, speakers = tmp_path / "a.jsonl", tmp_path / "s.json"
    articles.write_text(json.dumps({"id": "x", "text": text, "attributions": attributions}), encoding="utf8")
    speakers.write_text(json.dumps({"x": {"speakers": {"1": ada, "2": ada}, "stances": stances}}), encoding="utf8")
    rows = list(annotated(articles, speakers, nlp))
    assert [[text[slice(*span)] for span in target.places] for _, target, _, _ in rows] == [["Orm"], ["Tomas Orm"], []]
    assert [label for _, _, label, _ in rows] == ["favor", "against", "neutral"]
    (result,) = evaluate(tmp_path, StanceModel(WEIGHTS), nlp, articles, speakers)
    assert sum(sum(row.values()) for row in result.model.confusion.values()) == 3
    assert result.majority.accuracy == pytest.approx(1 / 3)


def test_a_folder_without_corpora_is_refused(nlp: Language, tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="newsmtsc_rw_dev"):
        list(evaluate(tmp_path, StanceModel(WEIGHTS), nlp))
    (tmp_path / "dse_valid.tsv").write_text("nothing\n", encoding="utf8")
    with pytest.raises(ReadError, match="dse_valid"):
        list(evaluate(tmp_path, StanceModel(WEIGHTS), nlp))
