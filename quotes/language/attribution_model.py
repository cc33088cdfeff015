"""The trained model of attributions at run time: text in, attributions out, with numpy, onnxruntime and tokenizers.

A text is cut into words (runs of letters and digits, or one mark), each word gets a few features that the uncased
word pieces lack (its place inside quotation marks, its capitals, the white space before it), overlapping windows of
words go through the network, and :mod:`quotes.language.attribution_decoding` turns what comes out into attributions.
Training uses the same words, features and windows.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from quotes.language.attribution_decoding import (
    BROKEN,
    CLOSING,
    GLUED,
    INSIDE,
    OPENING,
    Attribution,
    decode,
)
from quotes.language.marks import Quotation, quotations
from quotes.language.paragraphs import paragraphs
from quotes.records import Span

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float32]

WORD = re.compile(r"''|``|[^\W_]+|_|[^\w\s]")
DOUBLE, SINGLE = frozenset('“”„‟«»"″＂') | {"''", "``"}, frozenset("‘’‚‛‹›'`´")
STOPS = frozenset(".!?…")

SHAPES = 6
"""Lower case, Capitalised, CAPITALS, Mixed or single capital, digits, marks."""
FEATURE_SIZES = (4, 3, SHAPES)


@dataclass(frozen=True)
class Document:
    """A text and its words.

    Attributes:
        text: the text, unchanged.
        words: code-point spans of the words, in order, without overlaps.
        marked: its quotations, in order.
    """

    text: str
    words: tuple[Span, ...]
    marked: tuple[Quotation, ...]

    @classmethod
    def of(cls, text: str, marked: tuple[Quotation, ...] | None = None) -> Document:
        """Cut a text into words.

        Args:
            text: any text.
            marked: its quotations, where they are known already.
        """
        words = tuple(Span(*m.span()) for m in WORD.finditer(text))
        return cls(text, words, quotations(text) if marked is None else marked)

    @cached_property
    def strings(self) -> list[str]:
        """The words as printed."""
        return [self.text[start:end] for start, end in self.words]

    @cached_property
    def spacing(self) -> Ints:
        """What is before each word: GLUED, SPACED or BROKEN, shape (words,)."""
        ends = [word.end for word in self.words[:-1]]
        states = np.array([0, *(self._starts[1:] > ends)], np.int64)[: len(self.words)]
        firsts = np.searchsorted(self._starts, [block.start for block in paragraphs(self.text)])
        states[firsts[firsts < len(self.words)]] = BROKEN
        states[:1] = BROKEN
        return states

    @cached_property
    def quotation(self) -> Ints:
        """OUTSIDE, INSIDE, OPENING or CLOSING for each word, shape (words,)."""
        states = np.zeros(len(self.words), np.int64)
        for quotation in self.marked:
            for span in quotation.spans:
                first, end = np.searchsorted(self._starts, span)
                states[first:end] = INSIDE
                states[first] = OPENING
            if quotation.closed:
                states[end - 1] = CLOSING
        return states

    @cached_property
    def reopened(self) -> frozenset[int]:
        """The opening marks that go on with a quotation which the paragraph before left open, as word numbers."""
        starts = [span.start for quotation in self.marked for span in quotation.spans[1:]]
        return frozenset(int(at) for at in np.searchsorted(self._starts, starts))

    @cached_property
    def _starts(self) -> Ints:
        return np.array([word.start for word in self.words], np.int64)

    @cached_property
    def features(self) -> Ints:
        """Quotation, spacing and shape of each word, shape (words, 3)."""
        shapes = np.array([_shape(word) for word in self.strings], np.int64)
        return np.stack([self.quotation, self.spacing, shapes], axis=1).reshape(-1, len(FEATURE_SIZES))

    @cached_property
    def sentences(self) -> Ints:
        """Which words may begin a sentence, as ascending word numbers; always with word 0."""
        starts = []
        stop = False
        for i, word in enumerate(self.strings):
            if self.spacing[i] == BROKEN or (stop and self.spacing[i] != GLUED):
                starts.append(i)
            if word in STOPS:
                stop = True
            elif not (stop and (self.quotation[i] == CLOSING or word in ")]’'")):
                stop = False
        return np.array(starts, np.int64)


def _shape(word: str) -> int:
    if not word[0].isalnum():
        return 5
    if any(c.isdigit() for c in word):
        return 4
    if word.islower() or not word[0].isupper():
        return 3 if word != word.lower() else 0
    if len(word) == 1:
        return 3
    return 2 if word.isupper() else 1


def special(tokenizer: Tokenizer, name: str) -> int:
    """Give the number of a special piece such as [CLS]; 0, padding, where the tokenizer has none."""
    return tokenizer.token_to_id(name) or 0


def pieces_of(document: Document, tokenizer: Tokenizer) -> list[list[int]]:
    """Cut each word into word pieces; all quotation marks become ``"`` and all apostrophes ``'``.

    Returns:
        The piece numbers of each word, at least one each.
    """
    plain = []
    for word, state in zip(document.strings, document.quotation, strict=True):
        if state in (OPENING, CLOSING) or word in DOUBLE:
            plain.append('"')
        else:
            plain.append("'" if word in SINGLE else word)
    unknown = special(tokenizer, "[UNK]")
    pieces: list[list[int]] = [[] for _ in plain]
    if plain:
        encoding = tokenizer.encode(plain, is_pretokenized=True, add_special_tokens=False)
        for piece, word_number in zip(encoding.ids, encoding.word_ids, strict=True):
            if word_number is not None and len(pieces[word_number]) < 12:
                pieces[word_number].append(piece)
    return [piece or [unknown] for piece in pieces]


def windows_of(lengths: Sequence[int], starts: Ints, size: int, overlap: int) -> list[tuple[int, int]]:
    """Lay overlapping windows over a text, each from the start of a sentence where one is near.

    Args:
        lengths: the number of pieces of each word.
        starts: the words that may begin a sentence.
        size: the most pieces that a window holds.
        overlap: the least pieces that neighbouring windows share.

    Returns:
        Windows of words, [first, last + 1), that cover all words.
    """
    ends = np.concatenate([[0], np.cumsum(lengths)])
    windows, first = [], 0
    while first < len(lengths):
        last = max(first + 1, int(np.searchsorted(ends, ends[first] + size, side="right")) - 1)
        windows.append((first, last))
        if last >= len(lengths):
            break
        latest = int(np.searchsorted(ends, ends[last] - overlap, side="right")) - 1
        near = starts[(starts > first + (last - first) // 3) & (starts <= latest)]
        first = int(near[-1]) if len(near) else max(first + 1, latest)
    return windows


class Batch(NamedTuple):
    """Windows made ready for the network; B windows of at most T pieces and W words.

    Attributes:
        pieces: piece numbers, (B, T), 0 where padded.
        features: features of each piece's word plus one, (B, T, 3), 0 at [CLS], [SEP] and padding.
        mask: True at pieces, (B, T).
        places: the first piece of each word, (B, W), 0 where padded.
    """

    pieces: Ints
    features: Ints
    mask: npt.NDArray[np.bool_]
    places: Ints


def batch_of(rows: Sequence[tuple[list[list[int]], Ints]], cls: int, sep: int) -> Batch:
    """Pad windows to a batch; each is the pieces of its words and their features (words, 3)."""
    sizes = [sum(map(len, words)) + 2 for words, _ in rows]
    longest, widest = max(sizes), max(len(words) for words, _ in rows)
    pieces = np.zeros((len(rows), longest), np.int64)
    features = np.zeros((len(rows), longest, len(FEATURE_SIZES)), np.int64)
    places = np.zeros((len(rows), widest), np.int64)
    for row, (words, marks) in enumerate(rows):
        counts = np.array([len(word) for word in words], np.int64)
        pieces[row, : sizes[row]] = [cls, *(piece for word in words for piece in word), sep]
        features[row, 1 : sizes[row] - 1] = np.repeat(marks + 1, counts, axis=0)
        places[row, : len(words)] = 1 + np.cumsum(counts) - counts
    return Batch(pieces, features, np.arange(longest)[None, :] < np.array(sizes)[:, None], places)


def calibrated(raw: float, slope: float, offset: float) -> float:
    """Turn a raw confidence into a chance of being right (Platt scaling of the logit).

    Args:
        raw: 0 to 1.
        slope: of the fitted line; see :mod:`quotes.evaluation.calibration`.
        offset: of the fitted line.
    """
    bounded = min(max(raw, 1e-4), 1 - 1e-4)
    return float(1 / (1 + np.exp(-(slope * np.log(bounded / (1 - bounded)) + offset))))


class Network(Protocol):
    """What the decoder needs of a network, whether torch or onnxruntime runs it."""

    def encode(self, batch: Batch) -> tuple[Floats, Floats]:
        """Give scores of labels (B, W, labels) and vectors for linking (B, W, size) of each word."""

    def link(self, role: str, anchors: Floats, candidates: Floats, pairs: Floats) -> Floats:
        """Score what each anchor may belong to, (N, K + 1), the last being "nothing".

        Args:
            role: "content", whose candidates are cues, or "source", whose anchors are cues and candidates sources.
            anchors: span vectors (N, D).
            candidates: span vectors (N, K, D).
            pairs: features of each pair (N, K, F).
        """


def session_of(file: Path, threads: int) -> InferenceSession:
    """Load an ONNX file into onnxruntime."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    options.log_severity_level = 3
    # onnxruntime's joint sum and normalisation takes three times as long as the two by themselves.
    return onnxruntime.InferenceSession(
        str(file), options, providers=["CPUExecutionProvider"], disabled_optimizers=["SkipLayerNormFusion"]
    )


class OnnxNetwork:
    """The network as run by onnxruntime: ``model.onnx`` for words, ``linker.onnx`` for pairs of spans."""

    def __init__(self, folder: Path, threads: int = 1) -> None:
        self.words, self.pairs = (session_of(folder / name, threads) for name in ("model.onnx", "linker.onnx"))

    def encode(self, batch: Batch) -> tuple[Floats, Floats]:
        """Give scores of labels and vectors for linking; see :class:`Network`. The mask is not read: see ``export``."""
        given = {"pieces": batch.pieces, "features": batch.features, "places": batch.places}
        scores, vectors = self.words.run(None, given)
        return scores, vectors

    def link(self, role: str, anchors: Floats, candidates: Floats, pairs: Floats) -> Floats:
        """Score what each anchor may belong to; see :class:`Network`."""
        given = {"anchors": anchors, "candidates": candidates, "pairs": pairs}
        scores: Floats = self.pairs.run([role], given)[0]
        return scores


class AttributionModel:
    """Finds attributions in texts: who (source) says (cue) what (content).

    Args:
        folder: where model.onnx, linker.onnx, tokenizer.json and config.json lie.
        threads: how many threads onnxruntime may use.
        network: runs instead of the files' network, as in training.
    """

    def __init__(self, folder: Path, threads: int = 1, network: Network | None = None) -> None:
        self.config: dict[str, Any] = json.loads((folder / "config.json").read_text(encoding="utf8"))
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.tokenizer.no_truncation()
        self.tokenizer.no_padding()
        self.network = network or OnnxNetwork(folder, threads)

    def predict(self, documents: Sequence[Document]) -> list[list[Attribution]]:
        """Find the attributions of each document, in the order of their cues, their confidences calibrated."""
        transitions = np.array(self.config["transitions"], np.float32)
        slope, offset = self.config.get("calibration", (1.0, 0.0))
        found = []
        for document, (scores, vectors) in zip(documents, self.encode(documents), strict=True):
            raw = decode(document, scores, vectors, transitions, self.network.link)
            found.append([replace(one, confidence=calibrated(one.confidence, slope, offset)) for one in raw])
        return found

    def encode(self, documents: Sequence[Document]) -> list[tuple[Floats, Floats]]:
        """Give scores of labels (words, labels) and vectors for linking (words, size) for each document.

        Where windows overlap, scores are averaged, the more weight the farther from a window's edge, and vectors
        are those of the window in which the word stands farthest from an edge.
        """
        cut = [pieces_of(document, self.tokenizer) for document in documents]
        size, overlap = self.config["window"] - 2, self.config["overlap"]
        jobs = [
            (d, first, last)
            for d, pieces in enumerate(cut)
            for first, last in windows_of([len(p) for p in pieces], documents[d].sentences, size, overlap)
        ]
        jobs.sort(key=lambda job: sum(len(p) for p in cut[job[0]][job[1] : job[2]]))
        labels, width = len(self.config["labels"]), self.config["vector"]
        scores = [np.zeros((len(pieces), labels), np.float32) for pieces in cut]
        vectors = [np.zeros((len(pieces), width), np.float32) for pieces in cut]
        total = [np.zeros((len(pieces), 1), np.float32) for pieces in cut]
        best = [np.zeros(len(pieces), np.float32) for pieces in cut]
        cls, sep = special(self.tokenizer, "[CLS]"), special(self.tokenizer, "[SEP]")
        for at in range(0, len(jobs), self.config["batch"]):
            some = jobs[at : at + self.config["batch"]]
            rows = [(cut[d][first:last], documents[d].features[first:last]) for d, first, last in some]
            given, linked = self.network.encode(batch_of(rows, cls, sep))
            for row, (d, first, last) in enumerate(some):
                place = np.arange(last - first)
                left = place if first else np.full_like(place, 40)
                right = place[::-1] if last < len(cut[d]) else np.full_like(place, 40)
                weight = (np.minimum(np.minimum(left, right), 40) + 1).astype(np.float32)
                scores[d][first:last] += weight[:, None] * given[row, : last - first]
                total[d][first:last] += weight[:, None]
                better = weight > best[d][first:last]
                vectors[d][first:last][better] = linked[row, : last - first][better]
                best[d][first:last][better] = weight[better]
        return [(s / n, v) for s, n, v in zip(scores, total, vectors, strict=True)]
