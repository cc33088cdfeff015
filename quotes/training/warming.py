"""Before the annotation, the words: MiniLM guesses hidden words of the training texts (Gururangan et al., ACL 2020).

MiniLM was last trained to compare whole sentences, and has forgotten some of what single words are for.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from quotes.training.steps import rate_at

LOG = logging.getLogger(__name__)
MASK, FIRST_WORD = 103, 1000
"""The piece [MASK], and the first of the vocabulary that is no special one."""


class Texts(NamedTuple):
    """A batch of texts.

    Attributes:
        pieces: the numbers of their word pieces, (B, T).
        encode: gives the states (B, T, hidden) of the same texts with other pieces, (B, T).
    """

    pieces: Tensor
    encode: Callable[[Tensor], Tensor]


class Guesser(nn.Module):
    """BERT's head for hidden pieces: its scores share the weights of the embeddings."""

    def __init__(self, embedding: nn.Embedding) -> None:
        super().__init__()
        size = embedding.embedding_dim
        self.embedding = embedding
        self.mixed, self.norm = nn.Linear(size, size), nn.LayerNorm(size, eps=1e-12)
        self.bias = nn.Parameter(torch.zeros(embedding.num_embeddings))

    def forward(self, states: Tensor) -> Tensor:
        """Score the vocabulary for the states of hidden pieces, (N, hidden): (N, vocabulary)."""
        return functional.linear(self.norm(functional.gelu(self.mixed(states))), self.embedding.weight, self.bias)


def warm_up(
    network: nn.Module,
    embedding: nn.Embedding,
    texts: Callable[[random.Random], Sequence[Texts]],
    *,
    epochs: int,
    rate: float,
    seed: int,
) -> None:
    """Train an encoder on hidden words: 15 % of the pieces, of which 80 % masked, 10 % another and 10 % as they are.

    Args:
        network: holds the encoder, which is trained in place.
        embedding: its embedding of word pieces.
        texts: makes the batches of an epoch.
        epochs: how many there are.
        rate: the highest learning rate, which falls to zero.
        seed: decides everything that chance decides.
    """
    network.train()
    guesser = Guesser(embedding)
    weights = {id(w): w for w in (*network.parameters(), *guesser.parameters())}.values()
    optimizer = torch.optim.AdamW(weights, lr=rate, betas=(0.9, 0.98), weight_decay=0.01, fused=True)
    for epoch in range(epochs):
        batches = texts(random.Random(seed * 1000 + epoch))
        losses = []
        for number, (pieces, encode) in enumerate(batches):
            torch.manual_seed((seed * 1000 + epoch) * 10_000 + number)
            optimizer.param_groups[0]["lr"] = rate * rate_at((epoch + number / len(batches)) / epochs)
            hidden = (torch.rand(pieces.shape) < 0.15) & (pieces >= FIRST_WORD)
            if not hidden.any():
                continue
            chance = torch.rand(pieces.shape)
            given = torch.where(hidden & (chance < 0.8), MASK, pieces)
            other = torch.randint(FIRST_WORD, embedding.num_embeddings, pieces.shape)
            given = torch.where(hidden & (chance >= 0.9), other, given)
            with torch.autocast("cpu", torch.bfloat16):
                scores = guesser(encode(given)[hidden])
            loss = functional.cross_entropy(scores.float(), pieces[hidden])
            optimizer.zero_grad(set_to_none=True)
            torch.autograd.backward(loss)
            nn.utils.clip_grad_norm_([w for w in weights if w.grad is not None], 1.0)
            optimizer.step()
            losses.append(loss.item())
            if number % 20 == 0:
                LOG.info("warm-up %d  %d/%d  loss %.3f", epoch, number, len(batches), np.mean(losses[-20:]))
