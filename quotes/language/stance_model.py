"""The trained model of stances at run time: sentences, speakers and targets in, chances of labels out.

It runs on numpy, onnxruntime and tokenizers. A sentence is read once, with its speaker and its targets marked where
they are named and a second segment that names the speaker; then each target asks it. Training reads the same pieces.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from quotes.language.attribution_model import DOUBLE, SINGLE, WORD, Floats, Ints, session_of, special
from quotes.records import Span, StanceLabel

LABELS: tuple[StanceLabel, ...] = ("against", "neutral", "favor")
AUTHOR = "the author"
PADDING, TEXT, TARGET, SPEAKER, SPEAKER_NAME, TARGET_NAME, SPECIAL = range(7)
"""What a word piece is: of the sentence, of a target or speaker named there or in the second segment, or a mark."""
MARKS = 7
NAME_WORDS, NAME_PIECES = 8, 24


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
    """A sentence with the targets that ask about it, in word pieces.

    Attributes:
        pieces: piece numbers, [CLS] and [SEP] included.
        marks: what each piece is, PADDING excepted.
        words: the code-point spans of the sentence's words that went in.
        owners: for each piece the word of ``words`` it belongs to, else -1.
        cases: the numbers of the cases that it holds.
        named: for each of these the pieces that name its target.
    """

    pieces: list[int]
    marks: list[int]
    words: list[Span]
    owners: list[int]
    cases: tuple[int, ...]
    named: tuple[tuple[int, ...], ...]


class Batch(NamedTuple):
    """Sentences made ready for the network; B of them with at most T pieces, and K targets in all.

    Attributes:
        pieces: piece numbers, (B, T), 0 where padded.
        marks: what each piece is, (B, T).
        rows: the sentence of each target, (K,).
        named: True at the pieces that name it, (K, T).
    """

    pieces: Ints
    marks: Ints
    rows: Ints
    named: npt.NDArray[np.bool_]


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


def prepare(cases: Sequence[Case], tokenizer: Tokenizer, size: int) -> list[Prepared]:
    """Cut cases into word pieces, those of one sentence and speaker together.

    Alone are cases whose target the sentence does not name, and those of a sentence that is too long, of which only the
    words around the target go in.

    Args:
        cases: the questions.
        tokenizer: MiniLM's.
        size: the most pieces of a text, without the second segment.
    """
    sentences: dict[tuple[str, str | None, tuple[Span, ...]], list[int]] = {}
    for number, case in enumerate(cases):
        sentences.setdefault((case.text, case.speaker, case.source), []).append(number)
    prepared = []
    for (text, *_), numbers in sentences.items():
        words = [Span(*match.span()) for match in WORD.finditer(text)]
        cut = _pieces([text[start:end] for start, end in words], tokenizer)
        whole = sum(map(len, cut)) <= size
        together = [number for number in numbers if whole and cases[number].places]
        for group in [together] * bool(together) + [[number] for number in numbers if number not in together]:
            some = [cases[number] for number in group]
            prepared.append(_prepared(some, group, words, cut, tokenizer, size))
    return prepared


def _prepared(
    cases: Sequence[Case],
    numbers: Sequence[int],
    words: Sequence[Span],
    cut: Sequence[list[int]],
    tokenizer: Tokenizer,
    size: int,
) -> Prepared:
    """Prepare cases of one sentence, already cut into words and pieces."""
    touched = [_touched(words, case.places) for case in cases]
    first, last = _window([len(pieces) for pieces in cut], touched[0], size)
    speakers = set(_touched(words, cases[0].source))
    targets = {word for some in touched for word in some}
    stop = special(tokenizer, "[SEP]")
    pieces, marks, owners = [special(tokenizer, "[CLS]")], [SPECIAL], [-1]

    def put(more: Sequence[int], mark: int, owner: int = -1) -> None:
        pieces.extend(more)
        marks.extend([mark] * len(more))
        owners.extend([owner] * len(more))

    at: dict[int, range] = {}
    for word in range(first, last):
        at[word] = range(len(pieces), len(pieces) + len(cut[word]))
        put(cut[word], TARGET if word in targets else SPEAKER if word in speakers else TEXT, word - first)
    put([stop], SPECIAL)
    _put_name(cases[0].speaker or AUTHOR, SPEAKER_NAME, tokenizer, put)
    named = []
    for case, places in zip(cases, touched, strict=True):
        found = tuple(piece for word in places if word in at for piece in at[word])
        if not found:
            start = len(pieces)
            _put_name(case.target, TARGET_NAME, tokenizer, put)
            found = tuple(range(start, len(pieces)))
        named.append(found)
    put([stop], SPECIAL)
    return Prepared(pieces, marks, list(words[first:last]), owners, tuple(numbers), tuple(named))


def _put_name(name: str, mark: int, tokenizer: Tokenizer, put: Callable[[Sequence[int], int], None]) -> None:
    cut = _pieces(WORD.findall(name)[:NAME_WORDS], tokenizer)
    put([piece for pieces in cut for piece in pieces][:NAME_PIECES], mark)


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


def batch_of(sentences: Sequence[Prepared]) -> Batch:
    """Pad sentences to a batch."""
    longest = max(len(one.pieces) for one in sentences)
    pieces, marks = np.zeros((2, len(sentences), longest), np.int64)
    for row, one in enumerate(sentences):
        pieces[row, : len(one.pieces)] = one.pieces
        marks[row, : len(one.marks)] = one.marks
    rows = np.repeat(np.arange(len(sentences)), [len(one.named) for one in sentences])
    named = np.zeros((len(rows), longest), bool)
    for number, places in enumerate(places for one in sentences for places in one.named):
        named[number, list(places)] = True
    return Batch(pieces, marks, rows, named)


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

    def read(self, batch: Batch) -> tuple[Floats, Floats]:
        """Give scores of labels (K, labels) and how far each piece carries the stance (K, T), as logits."""


class OnnxStanceNetwork:
    """The network as run by onnxruntime."""

    def __init__(self, folder: Path, threads: int = 1) -> None:
        self.session = session_of(folder / "model.onnx", threads)

    def read(self, batch: Batch) -> tuple[Floats, Floats]:
        """Give scores of labels and evidence; see :class:`StanceNetwork`."""
        scores, evidence = self.session.run(["scores", "evidence"], batch._asdict())
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
        """Read cases, those of one sentence together, in batches of sentences of like length.

        Returns:
            A reading for each case, in the order given.
        """
        prepared = prepare(cases, self.tokenizer, self.config["size"])
        prepared.sort(key=lambda one: len(one.pieces))
        readings: dict[int, Reading] = {}
        for at in range(0, len(prepared), self.config["batch"]):
            some = prepared[at : at + self.config["batch"]]
            scores, evidence = self.network.read(batch_of(some))
            found = zip(chances_of(scores, self.config["temperature"]), evidence, strict=True)
            for one in some:
                owners, marks = np.array(one.owners), np.array(one.marks)
                for number, named in zip(one.cases, one.named, strict=True):
                    chances, carried = next(found)
                    inside = (owners >= 0) & (marks != SPEAKER)
                    inside[list(named)] = False
                    raw = np.full(len(one.words), -20, np.float32)
                    np.maximum.at(raw, owners[inside], carried[: len(owners)][inside])
                    readings[number] = Reading(chances, one.words, (1 / (1 + np.exp(-raw))).astype(np.float32))
        return [readings[n] for n in range(len(cases))]
