"""The network of stances in torch: the encoder of attributions reads a sentence once, then each target asks it."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional

from quotes.language.stance_model import LABELS, MARKS, SPEAKER, SPEAKER_NAME
from quotes.training.encoder import Layer, Shape, Tagger

ROUNDS = 2


class Asking(nn.Module):
    """A layer for a target alone: it attends to the sentence's pieces and mixes what it heard into its own state.

    Args:
        shape: the sizes of the encoder.
    """

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.layer = Layer(shape)
        self.near = nn.Parameter(torch.zeros(shape.heads))

    def groups(self) -> list[list[nn.Linear]]:
        """Give the matrices that read targets, those that read the same together."""
        one = self.layer
        return [[one.query], [one.mixed], [one.inner], [one.outer]]

    def forward(self, asking: Tensor, states: Tensor, mask: Tensor, rows: Tensor, named: Tensor) -> Tensor:
        """Give the new states of the targets.

        Args:
            asking: their states (K, hidden).
            states: of the sentences' pieces (B, T, hidden).
            mask: 1 at pieces, 0 at padding (B, T).
            rows: the sentence of each target (K,).
            named: 1 where its name stands (K, T).
        """
        one = self.layer
        # No key or value is made: the query goes into the space of the states, and what was heard comes out of it.
        keys, values = (part.weight.reshape(one.heads, -1, part.in_features) for part in (one.key, one.value))
        query = one.query(asking).unflatten(-1, (one.heads, -1)).transpose(0, 1)
        asked = (query @ keys.to(query.dtype)).transpose(0, 1)
        seen = states[rows]
        fit = (asked @ seen.transpose(1, 2)).float() * query.shape[-1] ** -0.5
        fit = fit + named[:, None] * self.near[:, None] + (mask[rows][:, None] - 1) * 1e4
        heard = (fit.softmax(-1).to(seen.dtype) @ seen).transpose(0, 1) @ values.to(seen.dtype).transpose(1, 2)
        heard = heard.transpose(0, 1).flatten(1) + one.value.bias
        x = one.norm1(asking + one.drop(one.mixed(heard)))
        result: Tensor = one.norm2(x + one.drop(one.outer(functional.gelu(one.inner(x)))))
        return result


class StanceNetwork(nn.Module):
    """Scores of the labels for each target, and of each word piece how far it carries the target's stance.

    A target asks with the mean of the states of the pieces that name it, to which those of the speaker and of [CLS]
    are added.

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
        self.joined = nn.Linear(2 * shape.hidden, shape.hidden)
        self.start = nn.LayerNorm(shape.hidden, eps=1e-12)
        self.rounds = nn.ModuleList(Asking(shape) for _ in range(ROUNDS))
        self.begin_rounds()
        self.mixed, self.scores = nn.Linear(shape.hidden, shape.hidden), nn.Linear(shape.hidden, len(LABELS))
        self.carried, self.wanted = (nn.Linear(shape.hidden, shape.vector) for _ in range(2))
        self.evidence = nn.Linear(shape.vector, 1)

    def begin_rounds(self) -> None:
        """Let the layers in which targets ask begin as copies of the encoder's last."""
        for asking, layer in zip(self.rounds, list(self.layers)[-ROUNDS:], strict=True):
            asking.get_submodule("layer").load_state_dict(layer.state_dict())

    def encode(self, pieces: Tensor, marks: Tensor) -> Tensor:
        """Give the states (B, T, hidden) of word pieces; both arguments are (B, T)."""
        x = self.pieces(pieces) + self.positions.weight[: pieces.shape[1]] + self.marks(marks)
        x = self.drop(self.norm(x))
        mask = marks > 0
        for layer in self.layers:
            x = layer(x, mask)
        return x

    def ask(self, states: Tensor, marks: Tensor, rows: Tensor, named: Tensor) -> Tensor:
        """Give the states of the targets (K, hidden) after all rounds; arguments as in ``stance_model.Batch``."""
        there = named.to(states.dtype)
        target = _mean(states[rows], there)
        speaker = _mean(states, ((marks == SPEAKER) | (marks == SPEAKER_NAME)).to(states.dtype))
        about = self.joined(torch.cat([states[:, 0], speaker], -1))[rows]
        asking: Tensor = self.start(target + about)
        for one in self.rounds:
            asking = one(asking, states, (marks > 0).float(), rows, named.float())
        return asking

    def judge(self, asking: Tensor) -> Tensor:
        """Give scores of the labels, (K, labels), from the states of targets."""
        scores: Tensor = self.scores(self.drop(functional.gelu(self.mixed(self.drop(asking)))))
        return scores

    def carry(self, states: Tensor, asking: Tensor) -> Tensor:
        """Give how far each piece carries the stance, (K, T), as logits, from states (K, T, hidden) and of targets."""
        both = functional.gelu(self.carried(states) + self.wanted(asking)[:, None])
        logits: Tensor = self.evidence(both)[..., 0]
        return logits

    def forward(self, pieces: Tensor, marks: Tensor, rows: Tensor, named: Tensor) -> tuple[Tensor, Tensor]:
        """Give the scores of the labels (K, labels) and of evidence (K, T)."""
        states = self.encode(pieces, marks)
        asking = self.ask(states, marks, rows, named)
        return self.judge(asking), self.carry(states[rows], asking)


def _mean(states: Tensor, weights: Tensor) -> Tensor:
    return (states * weights[..., None]).sum(1) / weights.sum(1, keepdim=True).clamp_min(1)
