"""A larger network of stances, from whose chances the small one learns.

MPNet (Song et al., NeurIPS 2020) in its base size, as further trained by sentence-transformers, in the place of MiniLM;
it is used in training only.
"""

from __future__ import annotations

from math import log
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn

from quotes.training.encoder import Shape, state_of
from quotes.training.stance_network import StanceNetwork

MPNET = Shape(vocabulary=30527, positions=514, hidden=768, inner=3072, layers=12)
BUCKETS, FARTHEST = 32, 128
SHIFT, FIRST_POSITION = 4, 2
MOVED = {0: 1, 101: 0, 102: 2, 103: 30526}
"""The numbers of BERT's padding, [CLS], [SEP] and mask in MPNet's vocabulary; others lie SHIFT higher."""


class Teacher(StanceNetwork):
    """The network of stances upon MPNet. It reads the pieces that MiniLM's tokenizer makes, which are the same.

    Args:
        base: MPNet's weights, a safetensors file; without them the network begins with random ones.
        shape: the sizes of the encoder.
    """

    def __init__(self, base: Path | None, shape: Shape = MPNET) -> None:
        super().__init__(shape)
        self.near = nn.Embedding(BUCKETS, shape.heads)
        if base is not None:
            self._load(base)
            self.begin_rounds()
        numbers = torch.arange(shape.vocabulary) + SHIFT
        for theirs, ours in MOVED.items():
            numbers[theirs] = ours
        self.register_buffer("numbers", numbers, persistent=False)

    def encode(self, pieces: Tensor, marks: Tensor) -> Tensor:
        """Give the states (B, T, hidden) of word pieces; both arguments are (B, T)."""
        length = pieces.shape[1]
        x = self.pieces(self.get_buffer("numbers")[pieces]) + self.marks(marks)
        x = self.drop(self.norm(x + self.positions.weight[FIRST_POSITION : FIRST_POSITION + length]))
        near = self.near(_buckets(length)).permute(2, 0, 1)
        for layer in self.layers:
            x = layer(x, marks > 0, near)
        return x

    def _load(self, file: Path) -> None:
        given = load_file(file)
        attention = {
            "attention.attn.q": "query",
            "attention.attn.k": "key",
            "attention.attn.v": "value",
            "attention.attn.o": "mixed",
            "attention.LayerNorm": "norm1",
        }
        state = state_of(given, attention, self.shape.layers)
        state["near.weight"] = given["encoder.relative_attention_bias.weight"]
        self.load_state_dict(state, strict=False)


def _buckets(length: int) -> Tensor:
    """Give the bucket of the distance from each place to each, (length, length), near ones one by one (T5, p. 11)."""
    apart = torch.arange(length)[None] - torch.arange(length)[:, None]
    side, exact = BUCKETS // 2, BUCKETS // 4
    distance = apart.abs()
    far = exact + ((distance.clamp_min(1) / exact).log() / log(FARTHEST / exact) * (side - exact)).long()
    return (apart > 0) * side + torch.where(distance < exact, distance, far.clamp_max(side - 1))
