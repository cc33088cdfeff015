"""What goes into the model of stances, and what is made of what comes out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer

from quotes.language.stance_model import (
    LABELS,
    SPEAKER,
    SPEAKER_NAME,
    SPECIAL,
    TARGET,
    TEXT,
    Batch,
    Case,
    StanceModel,
    chances_of,
    label_of,
    prepare,
)
from quotes.language.stances import WEIGHTS
from quotes.records import Span

TEXT_OF = "Anna Vell said that Tomas Orm had betrayed the port."
CASE = Case(TEXT_OF, "Tomas Orm", (Span(20, 29),), "Anna Vell", (Span(0, 9),))


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return StanceModel(WEIGHTS).tokenizer


def words_of(pieces: Sequence[int], tokenizer: Tokenizer) -> str:
    return " ".join(str(tokenizer.id_to_token(piece)) for piece in pieces).replace(" ##", "")


def shown(case: Case, tokenizer: Tokenizer, size: int = 100) -> str:
    (made,) = prepare([case], tokenizer, size)
    return words_of(made.pieces, tokenizer)


def test_the_second_segment_names_the_speaker(tokenizer: Tokenizer) -> None:
    read = "[CLS] anna vell said that tomas orm had betrayed the port . [SEP] anna vell [SEP]"
    assert shown(CASE, tokenizer) == read


def test_targets_of_one_sentence_and_speaker_share_a_reading(tokenizer: Tokenizer) -> None:
    at = TEXT_OF.index("the port")
    port, fleet = replace(CASE, target="port", places=(Span(at, at + 8),)), replace(CASE, target="fleet", places=())
    other = replace(CASE, speaker="Edda Quist", source=())
    made, unnamed, alone = prepare([CASE, port, other, fleet], tokenizer, 100)
    assert (made.cases, unnamed.cases, alone.cases) == ((0, 1), (3,), (2,))
    named = [words_of([made.pieces[n] for n in places], tokenizer) for places in made.named]
    assert named == ["tomas orm", "the port"]
    assert words_of(unnamed.pieces, tokenizer).endswith("[SEP] anna vell fleet [SEP]")


def test_every_piece_knows_what_it_is(tokenizer: Tokenizer) -> None:
    (made,) = prepare([CASE], tokenizer, 100)
    assert len(made.pieces) == len(made.marks) == len(made.owners)

    def words(mark: int) -> set[str]:
        at = {owner for owner, m in zip(made.owners, made.marks, strict=True) if m == mark and owner >= 0}
        return {TEXT_OF[slice(*made.words[n])] for n in at}

    assert words(TARGET) == {"Tomas", "Orm"}
    assert words(SPEAKER) == {"Anna", "Vell"}
    assert words(TEXT) == {"said", "that", "had", "betrayed", "the", "port", "."}
    assert SPEAKER_NAME in made.marks
    assert made.marks[0] == made.marks[-1] == SPECIAL


def test_nobody_named_is_the_author(tokenizer: Tokenizer) -> None:
    assert shown(Case("It rained in Velda.", "Velda"), tokenizer).endswith("[SEP] the author velda [SEP]")


def test_of_a_long_text_the_words_around_the_target_are_read(tokenizer: Tokenizer) -> None:
    text = "yes " * 300 + "Tomas Orm lied" + " no" * 300
    at = text.index("Tomas")
    (made,) = prepare([Case(text, "Tomas Orm", (Span(at, at + 9),))], tokenizer, 40)
    read = [text[start:end] for start, end in made.words]
    assert 30 <= len(read) <= 40
    assert {"yes", "Tomas", "lied", "no"} == set(read) - {"Orm"}


@pytest.mark.parametrize("text", ["", " ", "…", "“", "é" * 5000, "\n\n*\x00"])
def test_any_text_can_be_read(text: str) -> None:
    (reading,) = StanceModel(WEIGHTS).predict([Case(text, "Orm")])
    assert reading.chances.sum() == pytest.approx(1, abs=1e-5)
    assert len(reading.words) == len(reading.weights)


class Told:
    """A network that says what it is told: each case's number of pieces, as scores and weights."""

    def read(self, batch: Batch) -> tuple[np.ndarray, np.ndarray]:
        lengths = (batch.marks > 0).sum(1).astype(np.float32)[batch.rows]
        return np.stack([lengths, lengths * 0, lengths * 0], 1) / 10, batch.pieces[batch.rows].astype(np.float32)


def test_readings_come_in_the_order_of_the_cases() -> None:
    model = StanceModel(WEIGHTS, network=Told())
    cases = [Case("word " * n, "Orm") for n in (30, 2, 17, 5, 60, 1, 40, 9, 3, 8, 7, 6, 44, 21, 22, 23, 24, 25, 26)]
    sure = [float(reading.chances[0]) for reading in model.predict(cases)]
    assert [round(s, 6) for s in sure] == [round(float(r.chances[0]), 6) for c in cases for r in model.predict([c])]
    assert [len(r.words) for r in model.predict(cases)] == [len(c.text.split()) for c in cases]


def test_a_high_temperature_makes_chances_alike() -> None:
    scores = np.array([[2.0, 0.0, -1.0]], np.float32)
    assert chances_of(scores, 1.0)[0, 0] == pytest.approx(np.exp(2) / (np.exp(2) + 1 + np.exp(-1)))
    assert chances_of(scores, 100.0)[0] == pytest.approx([1 / 3] * 3, abs=0.01)


@pytest.mark.parametrize(
    ("chances", "label", "score"),
    [
        ((0.5, 0.3, 0.2), "against", 0.5),
        ((0.39, 0.41, 0.2), "neutral", 0.41),
        ((0.1, 0.48, 0.42), "favor", 0.42),
    ],
)
def test_below_the_threshold_the_label_is_neutral(chances: tuple[float, ...], label: str, score: float) -> None:
    assert label_of(chances, 0.4) == (label, score)


def test_the_model_is_small() -> None:
    assert sum(file.stat().st_size for file in Path(WEIGHTS).iterdir()) < 30e6
    assert StanceModel(WEIGHTS).config["labels"] == list(LABELS)
