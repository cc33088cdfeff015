"""PolNeAR for training: articles with annotated attributions, as labelled words and linked spans in windows."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from tokenizers import Tokenizer

from quotes.language.attribution_decoding import LABELS, WordSpan
from quotes.language.attribution_model import Document, Ints, pieces_of, windows_of
from quotes.training.styles import headlined, recast, restyle

NUMBER = {label: number for number, label in enumerate(LABELS)}


def read_corpus(file: Path) -> list[dict[str, Any]]:
    """Read articles, one JSON object a line: {"id", "text", "attributions": [{"source", "cue", "content"}]}."""
    with file.open(encoding="utf8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


@dataclass(frozen=True)
class Example:
    """A text or window with its annotation, in words.

    Attributes:
        pieces: the word pieces of each word.
        features: of each word, (words, 3).
        spacing: what is before each word, (words,).
        sentences: the words that begin a sentence.
        spans: the annotated spans, those of a role in order.
        owners: for each content (number of span) its cue; for each cue its sources; -1 where the other lies outside.
    """

    pieces: list[list[int]]
    features: Ints
    spacing: Ints
    sentences: Ints
    spans: list[WordSpan]
    owners: dict[int, list[int]]

    @property
    def size(self) -> int:
        """How many pieces the window takes, [CLS] and [SEP] included."""
        return sum(map(len, self.pieces)) + 2

    def labels(self) -> Ints:
        """The label of each word."""
        labels = np.zeros(len(self.pieces), np.int64)
        for role, start, end in self.spans:
            labels[start:end] = NUMBER[f"I-{role}"]
            labels[start], labels[end - 1] = NUMBER[f"B-{role}"], NUMBER[f"E-{role}"]
            if end - start == 1:
                labels[start] = NUMBER[f"S-{role}"]
        return labels

    def window(self, first: int, last: int) -> Example:
        """Cut a window of words out; spans that it cuts keep what is inside."""
        spans: list[WordSpan] = []
        new: dict[int, int] = {}
        for number, (role, start, end) in enumerate(self.spans):
            if start < last and end > first:
                new[number] = len(spans)
                spans.append(WordSpan(role, max(start, first) - first, min(end, last) - first))
        owners = {new[a]: [new.get(b, -1) for b in bs] for a, bs in self.owners.items() if a in new}
        inside = self.sentences[(self.sentences >= first) & (self.sentences < last)] - first
        return Example(
            self.pieces[first:last], self.features[first:last], self.spacing[first:last], inside, spans, owners
        )


def align(document: Document, attributions: Sequence[Mapping[str, Any]]) -> tuple[list[WordSpan], dict[int, list[int]]]:
    """Turn annotated code-point spans into spans of words.

    A word belongs to a span that covers at least half of it. Of spans that overlap (one in 600), the first counts.

    Returns:
        The spans, in order, and for each content its cue, for each cue its sources, as in :class:`Example`.
    """
    starts = np.array([word.start for word in document.words])
    ends = np.array([word.end for word in document.words])
    middles = (starts + ends) / 2
    taken = np.zeros(len(starts), bool)
    spans: dict[WordSpan, None] = {}

    def words(role: str, span: Sequence[int]) -> WordSpan | None:
        inside = np.flatnonzero((middles >= span[0]) & (middles <= span[1]))
        if not len(inside):
            return None
        found = WordSpan(role, int(inside[0]), int(inside[-1]) + 1)
        if found not in spans:
            if taken[found.start : found.end].any():
                return None
            taken[found.start : found.end] = True
            spans[found] = None
        return found

    links: list[tuple[WordSpan, WordSpan]] = []
    for attribution in attributions:
        found = {
            role: [w for span in attribution[role] if (w := words(role, span))] for role in ("cue", "content", "source")
        }
        for cue in found["cue"]:
            links += [(content, cue) for content in found["content"]] + [(cue, s) for s in found["source"]]
    order = sorted(spans, key=lambda span: span.start)
    place = {span: number for number, span in enumerate(order)}
    owners: dict[int, list[int]] = {number: [] for number, span in enumerate(order) if span.role != "source"}
    for one, other in links:
        owners[place[one]].append(place[other])
    return order, owners


def example_of(row: Mapping[str, Any], tokenizer: Tokenizer, rng: random.Random | None = None) -> Example:
    """Make an article ready for training; with ``rng`` in a style by chance."""
    if rng and rng.random() < 0.15:
        row = recast(row, rng)
    if rng and rng.random() < 0.3:
        row = headlined(row, rng)
    document = Document.of(restyle(row["text"], rng) if rng else row["text"])
    spans, owners = align(document, row["attributions"])
    pieces = pieces_of(document, tokenizer)
    return Example(pieces, document.features, document.spacing, document.sentences, spans, owners)


def epoch_of(
    rows: Sequence[Mapping[str, Any]], tokenizer: Tokenizer, rng: random.Random, window: int, batch: int
) -> list[list[Example]]:
    """Cut all articles into windows from random places and put those of a length into batches.

    Args:
        rows: annotated articles.
        tokenizer: cuts words into pieces.
        rng: decides everything.
        window: the most pieces of a window, [CLS] and [SEP] included.
        batch: the most pieces of a batch, padding included.
    """
    examples: list[Example] = []
    for row in rows:
        whole = example_of(row, tokenizer, rng)
        lengths = [len(p) for p in whole.pieces]
        first = windows_of(lengths, whole.sentences, rng.randint(window // 4, window - 2), 0)[:1]
        cut = first[0][1] if first else 0
        later = whole.sentences[whole.sentences <= cut]
        cut = int(later[-1]) if len(later) and later[-1] > 0 else cut
        places = [(0, cut)] if cut else []
        rest = windows_of(lengths[cut:], whole.sentences[whole.sentences >= cut] - cut, window - 2, 0)
        places += [(a + cut, b + cut) for a, b in rest]
        for number, (a, b) in enumerate(places):
            # Windows begin at sentences; what the last one holds again is not learnt twice.
            end = min(b, places[number + 1][0]) if number + 1 < len(places) else b
            examples.append(whole.window(a, end))
    examples.sort(key=lambda example: example.size + rng.random() * 16)
    batches: list[list[Example]] = []
    for example in examples:
        if batches and (len(batches[-1]) + 1) * example.size <= batch:
            batches[-1].append(example)
        else:
            batches.append([example])
    rng.shuffle(batches)
    return batches
