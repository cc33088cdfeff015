"""The trained model of stances at run time: a sentence, its speaker and a target in, chances of labels out.

It runs on numpy, onnxruntime and tokenizers. The target stands between asterisks in the sentence, the speaker is
marked there where he is named, and a second segment says "SPEAKER about TARGET". Training reads the same pieces.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import numpy as np
from tokenizers import Tokenizer

from quotes.language.attribution_model import DOUBLE, SINGLE, WORD, Floats, Ints, special
from quotes.records import Span, StanceLabel

LABELS: tuple[StanceLabel, ...] = ("against", "neutral", "favor")
AUTHOR = "the author"
PADDING, TEXT, TARGET, SPEAKER, SECOND, SPEAKER_NAME, TARGET_NAME, SPECIAL = range(8)
"""What a word piece is: of the sentence, of the target or speaker named there, of the second segment, or a mark."""
MARKS = 8
NAME_WORDS = 8


@dataclass(frozen=True, slots=True)
class Case:
    """One question to the model: what attitude does this text express toward this target?

    Attributes:
        text: a sentence as printed, or a few.
        target: the name of the target.
        places: code-point spans in the text where it is named; may be none.
        speaker: who speaks; None for the author of the text.
        source: code-point spans in the text where the speaker is named.
    """

    text: str
    target: str
    places: tuple[Span, ...] = ()
    speaker: str | None = None
    source: tuple[Span, ...] = ()


class Prepared(NamedTuple):
    """A case in word pieces.

    Attributes:
        pieces: piece numbers, [CLS] and [SEP] included.
        marks: what each piece is, PADDING excepted.
        words: the code-point spans of the sentence's words that went in.
        owners: for each piece the word of ``words`` it belongs to, else -1.
    """

    pieces: list[int]
    marks: list[int]
    words: list[Span]
    owners: list[int]


class Reading(NamedTuple):
    """What the model makes of a case.

    Attributes:
        chances: calibrated, of ``LABELS`` in order, summing to 1.
        words: the code-point spans of the words read.
        weights: how far each word carries the stance, (words,), 0 to 1; the names of target and speaker carry none.
    """

    chances: Floats
    words: list[Span]
    weights: Floats


def prepare(case: Case, tokenizer: Tokenizer, size: int) -> Prepared:
    """Cut a case into word pieces; of a long text only the words around the target go in.

    Args:
        case: the question.
        tokenizer: MiniLM's.
        size: the most pieces of the text, without the second segment.
    """
    words = [Span(*match.span()) for match in WORD.finditer(case.text)]
    cut = _pieces([case.text[start:end] for start, end in words], tokenizer)
    first, last = _window([len(pieces) for pieces in cut], _touched(words, case.places), size)
    targets, speakers = set(_touched(words, case.places)), set(_touched(words, case.source))
    star, unknown = special(tokenizer, "*"), special(tokenizer, "[SEP]")
    pieces, marks, owners = [special(tokenizer, "[CLS]")], [SPECIAL], [-1]

    def put(numbers: Sequence[int], mark: int, owner: int = -1) -> None:
        pieces.extend(numbers)
        marks.extend([mark] * len(numbers))
        owners.extend([owner] * len(numbers))

    for number in range(first, last):
        if number in targets and number - 1 not in targets:
            put([star], SPECIAL)
        mark = TARGET if number in targets else SPEAKER if number in speakers else TEXT
        put(cut[number], mark, number - first)
        if number in targets and number + 1 not in targets:
            put([star], SPECIAL)
    put([unknown], SPECIAL)
    for name, mark in ((case.speaker or AUTHOR, SPEAKER_NAME), ("about", SECOND), (case.target, TARGET_NAME)):
        for numbers in _pieces(WORD.findall(name)[:NAME_WORDS], tokenizer):
            put(numbers, mark)
    put([unknown], SPECIAL)
    return Prepared(pieces, marks, words[first:last], owners)


def _pieces(words: Sequence[str], tokenizer: Tokenizer) -> list[list[int]]:
    plain = ['"' if word in DOUBLE else "'" if word in SINGLE else word for word in words]
    pieces: list[list[int]] = [[] for _ in plain]
    if plain:
        encoding = tokenizer.encode(plain, is_pretokenized=True, add_special_tokens=False)
        for piece, word_number in zip(encoding.ids, encoding.word_ids, strict=True):
            if word_number is not None and len(pieces[word_number]) < 12:
                pieces[word_number].append(piece)
    return pieces


def _touched(words: Sequence[Span], spans: Sequence[Span]) -> list[int]:
    return [n for n, word in enumerate(words) if any(word.start < end and word.end > start for start, end in spans)]


def _window(lengths: Sequence[int], targets: Sequence[int], size: int) -> tuple[int, int]:
    """Choose the words [first, last) that fit: as many on each side of the first place of the target as may be."""
    first = last = targets[0] if targets else 0
    room = size
    while room > 0 and (first > 0 or last < len(lengths)):
        if last < len(lengths):
            room -= lengths[last]
            last += 1
        if first > 0 and room > 0:
            first -= 1
            room -= lengths[first]
    return first, last


def batch_of(cases: Sequence[Prepared]) -> tuple[Ints, Ints]:
    """Pad cases to pieces and marks, each (cases, pieces)."""
    longest = max(len(case.pieces) for case in cases)
    pieces, marks = np.zeros((2, len(cases), longest), np.int64)
    for row, case in enumerate(cases):
        pieces[row, : len(case.pieces)] = case.pieces
        marks[row, : len(case.marks)] = case.marks
    return pieces, marks


def chances_of(scores: Floats, temperature: float) -> Floats:
    """Turn scores (N, labels) into chances that sum to 1 (Guo et al., ICML 2017, temperature scaling)."""
    raised = np.exp((scores - scores.max(axis=1, keepdims=True)) / temperature)
    chances: Floats = raised / raised.sum(axis=1, keepdims=True)
    return chances


def label_of(chances: Sequence[float], threshold: float) -> tuple[StanceLabel, float]:
    """Choose the label: the likelier of against and favor, or neutral where that is below the threshold.

    Args:
        chances: of against, neutral and favor.
        threshold: 0 to 1.

    Returns:
        The label and its chance.
    """
    against, neutral, favor = (float(chance) for chance in chances)
    if max(against, favor) < threshold:
        return "neutral", neutral
    return ("against", against) if against >= favor else ("favor", favor)


class StanceNetwork(Protocol):
    """What the model needs of a network, whether torch or onnxruntime runs it."""

    def read(self, pieces: Ints, marks: Ints) -> tuple[Floats, Floats]:
        """Give scores of labels (N, labels) and how far each piece carries the stance (N, pieces), as logits."""


class OnnxStanceNetwork:
    """The network as run by onnxruntime."""

    def __init__(self, folder: Path, threads: int = 1) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
        options.log_severity_level = 3
        self.session = onnxruntime.InferenceSession(
            str(folder / "model.onnx"), options, providers=["CPUExecutionProvider"]
        )

    def read(self, pieces: Ints, marks: Ints) -> tuple[Floats, Floats]:
        """Give scores of labels and evidence; see :class:`StanceNetwork`."""
        scores, evidence = self.session.run(["scores", "evidence"], {"pieces": pieces, "marks": marks})
        return scores, evidence


class StanceModel:
    """Tells what attitude sentences express toward targets.

    Args:
        folder: where model.onnx, tokenizer.json and config.json lie.
        threads: how many threads onnxruntime may use.
        network: runs instead of the file's network, as in training.
    """

    def __init__(self, folder: Path, threads: int = 1, network: StanceNetwork | None = None) -> None:
        self.config: dict[str, Any] = json.loads((folder / "config.json").read_text(encoding="utf8"))
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.tokenizer.no_truncation()
        self.tokenizer.no_padding()
        self.network = network or OnnxStanceNetwork(folder, threads)

    def predict(self, cases: Sequence[Case]) -> list[Reading]:
        """Read cases, in batches of like length.

        Returns:
            A reading for each case, in the order given.
        """
        prepared = [prepare(case, self.tokenizer, self.config["size"]) for case in cases]
        order = sorted(range(len(cases)), key=lambda n: len(prepared[n].pieces))
        readings: dict[int, Reading] = {}
        for at in range(0, len(order), self.config["batch"]):
            some = order[at : at + self.config["batch"]]
            scores, evidence = self.network.read(*batch_of([prepared[n] for n in some]))
            for n, chances, carried in zip(some, chances_of(scores, self.config["temperature"]), evidence, strict=True):
                words, owners = prepared[n].words, np.array(prepared[n].owners)
                raw = np.full(len(words), -20, np.float32)
                inside = (owners >= 0) & (np.array(prepared[n].marks) == TEXT)
                np.maximum.at(raw, owners[inside], carried[: len(owners)][inside])
                readings[n] = Reading(chances, words, (1 / (1 + np.exp(-raw))).astype(np.float32))
        return [readings[n] for n in range(len(cases))]
