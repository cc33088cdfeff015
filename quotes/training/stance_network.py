"""The network of stances in torch: the encoder of attributions, and a head that reads target, speaker and sentence."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional

from quotes.language.stance_model import LABELS, MARKS, SPEAKER, SPEAKER_NAME, TARGET, TARGET_NAME, TEXT
from quotes.training.encoder import Shape, Tagger


class StanceNetwork(nn.Module):
    """Scores of the labels, and of each word piece how far it carries the stance.

    The head reads [CLS], the mean of the target's pieces, the mean of the speaker's, and the mean of the sentence's
    pieces weighted by an attention that the target asks.

    Args:
        shape: the sizes of the encoder.
        base: MiniLM's weights; without them the network begins with random ones.
    """

    def __init__(self, shape: Shape, base: Path | None = None) -> None:
        super().__init__()
        tagger = Tagger(shape)
        if base is not None:
            tagger.load_base(base)
        self.shape = shape
        self.pieces, self.positions, self.norm, self.layers = (
            tagger.pieces,
            tagger.positions,
            tagger.norm,
            tagger.layers,
        )
        self.marks = nn.Embedding(MARKS, shape.hidden)
        nn.init.zeros_(self.marks.weight)
        self.drop = nn.Dropout(shape.dropout)
        self.asked, self.keys = (nn.Linear(shape.hidden, shape.vector) for _ in range(2))
        self.mixed, self.scores = nn.Linear(4 * shape.hidden, shape.hidden), nn.Linear(shape.hidden, len(LABELS))
        self.carried, self.evidence = nn.Linear(shape.hidden, shape.vector), nn.Linear(shape.vector, 1)

    def encode(self, pieces: Tensor, marks: Tensor) -> Tensor:
        """Give the states (N, T, hidden) of word pieces; both arguments are (N, T)."""
        x = self.pieces(pieces) + self.positions.weight[: pieces.shape[1]] + self.marks(marks)
        x = self.drop(self.norm(x))
        mask = (marks > 0)[:, None, None, :]
        for layer in self.layers:
            x = layer(x, mask)
        return x

    def judge(self, states: Tensor, marks: Tensor) -> Tensor:
        """Give scores of the labels, (N, labels), from the states of the word pieces."""
        first = states[:, 0]
        target = _mean(states, (marks == TARGET) | (marks == TARGET_NAME))
        speaker = _mean(states, (marks == SPEAKER) | (marks == SPEAKER_NAME))
        fit = (self.keys(states) * self.asked(target)[:, None]).sum(-1) * self.shape.vector**-0.5
        share = torch.where(marks == TEXT, fit.float(), -1e4).softmax(1)
        sentence = (states * share[..., None]).sum(1)
        mixed = functional.gelu(self.mixed(self.drop(torch.cat([first, target, speaker, sentence], -1))))
        scores: Tensor = self.scores(self.drop(mixed))
        return scores

    def carry(self, states: Tensor) -> Tensor:
        """Give how far each piece carries the stance, (N, T), as logits."""
        logits: Tensor = self.evidence(functional.gelu(self.carried(states)))[..., 0]
        return logits

    def forward(self, pieces: Tensor, marks: Tensor) -> tuple[Tensor, Tensor]:
        """Give the scores of the labels (N, labels) and of evidence (N, T)."""
        states = self.encode(pieces, marks)
        return self.judge(states, marks), self.carry(states)


def _mean(states: Tensor, mask: Tensor) -> Tensor:
    weights = mask[..., None].to(states.dtype)
    return (states * weights).sum(1) / weights.sum(1).clamp_min(1)
