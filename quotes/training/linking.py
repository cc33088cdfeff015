"""The linker's lesson: which cue a content belongs to, which source a cue, from annotated or from predicted spans."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from quotes.language.attribution_decoding import WordSpan, ground_of, neighbours, pair_features
from quotes.training.corpus import Example
from quotes.training.encoder import Linker


def matches(found: Sequence[WordSpan], gold: Sequence[WordSpan]) -> list[int]:
    """Give each found span the gold span of its role that it overlaps most, by half (IoU) or more, else -1."""
    result = []
    for span in found:
        best, number = 0.5, -1
        for n, other in enumerate(gold):
            overlap = min(span.end, other.end) - max(span.start, other.start)
            if other.role == span.role and overlap > 0:
                share = overlap / (max(span.end, other.end) - min(span.start, other.start))
                if share >= best:
                    best, number = share, n
        result.append(number)
    return result


class Lesson:
    """The choices of one role in a batch of windows, gathered window by window."""

    def __init__(self) -> None:
        self.anchors: list[tuple[int, int, int]] = []
        self.candidates: list[tuple[int, int, int]] = []
        self.chosen: list[np.ndarray] = []
        self.pairs: list[np.ndarray] = []
        self.right: list[np.ndarray] = []

    def add(self, row: int, example: Example, spans: Sequence[WordSpan], roles: tuple[str, str]) -> None:
        """Add the choices of one window.

        Args:
            row: the window's place in the batch.
            example: the window with its annotation.
            spans: the spans that stand to choice, gold or predicted.
            roles: who chooses, and among what.
        """
        anchors, candidates = ([span for span in spans if span.role == role] for role in roles)
        if not anchors or not candidates:
            return
        mine, theirs = matches(anchors, example.spans), matches(candidates, example.spans)
        chosen = neighbours(anchors, candidates)
        ground = ground_of(example.spacing, example.sentences, example.features[:, 0], spans)
        right = np.zeros((len(anchors), chosen.shape[1] + 1), bool)
        for i, gold in enumerate(mine):
            owners = example.owners[gold] if gold >= 0 else []
            for k, number in enumerate(chosen[i]):
                right[i, k] = number >= 0 and theirs[number] >= 0 and theirs[number] in owners
            # Nothing is right for a false span and where nothing is annotated; unknown where the other is not here.
            right[i, -1] = not owners
        keep = np.flatnonzero(right.any(axis=1))
        offset = len(self.candidates)
        self.anchors += [(row, anchors[i].start, anchors[i].end) for i in keep]
        self.candidates += [(row, c.start, c.end) for c in candidates]
        self.chosen.append(np.where(chosen >= 0, chosen + offset, 0)[keep])
        self.pairs.append(pair_features(anchors, candidates, chosen, ground)[keep])
        self.right.append(right[keep])

    def loss(self, linker: Linker, role: str, vectors: Tensor) -> Tensor:
        """Give the mean negative log likelihood of the right choices; vectors (B, W, size) of the words."""
        if not self.anchors:
            return vectors.new_zeros(())
        scorer = linker.content if role == "content" else linker.source
        anchors, candidates = gather(vectors, self.anchors), gather(vectors, self.candidates)
        chosen = torch.from_numpy(np.concatenate(self.chosen))
        scores = scorer(anchors, candidates[chosen], torch.from_numpy(np.concatenate(self.pairs))).float()
        right = torch.from_numpy(np.concatenate(self.right))
        chances = functional.log_softmax(scores, -1).masked_fill(~right, -1e4)
        return -chances.logsumexp(-1).mean()


def gather(vectors: Tensor, spans: Sequence[tuple[int, int, int]]) -> Tensor:
    """Give spans (row, start, end) the vectors of their first word, last word and the mean, (spans, 3 * size)."""
    places = torch.tensor(spans)
    row, start, end = places.unbind(1)
    sums = functional.pad(vectors.float().cumsum(1), (0, 0, 1, 0))
    mean = (sums[row, end] - sums[row, start]) / (end - start)[:, None]
    return torch.cat([vectors[row, start].float(), vectors[row, end - 1].float(), mean], -1)
