"""Before the annotation, the words: MiniLM guesses hidden words of the training articles (Gururangan et al., ACL 2020).

MiniLM was last trained to compare whole sentences, and has forgotten some of what single words are for.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional

from quotes.language.attribution_model import batch_of
from quotes.training.corpus import epoch_of
from quotes.training.encoder import Tagger
from quotes.training.steps import rate_at

LOG = logging.getLogger(__name__)
MASK, FIRST_WORD = 103, 1000
"""The piece [MASK], and the first of the vocabulary that is no special one."""


class Guesser(nn.Module):
    """BERT's head for hidden pieces: its scores share the weights of the embeddings."""

    def __init__(self, tagger: Tagger) -> None:
        super().__init__()
        size = tagger.shape.hidden
        self.tagger = tagger
        self.mixed, self.norm = nn.Linear(size, size), nn.LayerNorm(size, eps=1e-12)
        self.bias = nn.Parameter(torch.zeros(tagger.shape.vocabulary))

    def forward(self, pieces: Tensor, features: Tensor, mask: Tensor, hidden: Tensor) -> Tensor:
        """Score the vocabulary at the hidden places (B, T), True where hidden: (hidden, vocabulary)."""
        states = self.tagger.encode(pieces, features, mask)[hidden]
        return functional.linear(self.norm(functional.gelu(self.mixed(states))), self.tagger.pieces.weight, self.bias)


def warm_up(
    tagger: Tagger, rows: Sequence[Mapping[str, Any]], tokenizer: Tokenizer, *, epochs: int, rate: float, seed: int
) -> None:
    """Train the encoder on hidden words: 15 % of the pieces, of which 80 % masked, 10 % another and 10 % as they are.

    Args:
        tagger: whose encoder is trained in place.
        rows: articles, {"text", "attributions"}; the annotation is not used.
        tokenizer: cuts words into pieces.
        epochs: how often the articles are read.
        rate: the highest learning rate, which falls to zero.
        seed: decides everything that chance decides.
    """
    guesser = Guesser(tagger).train()
    optimizer = torch.optim.AdamW(guesser.parameters(), lr=rate, betas=(0.9, 0.98), weight_decay=0.01, fused=True)
    window = tagger.shape.positions // 2
    for epoch in range(epochs):
        batches = epoch_of(rows, tokenizer, random.Random(seed * 1000 + epoch), window, 4096)
        losses = []
        for number, examples in enumerate(batches):
            torch.manual_seed((seed * 1000 + epoch) * 10_000 + number)
            done = (epoch + number / len(batches)) / epochs
            optimizer.param_groups[0]["lr"] = rate * rate_at(done)
            batch = batch_of([(e.pieces, e.features) for e in examples], 101, 102)
            pieces, features, mask = (torch.from_numpy(part) for part in (batch.pieces, batch.features, batch.mask))
            hidden = (torch.rand(pieces.shape) < 0.15) & (pieces >= FIRST_WORD)
            if not hidden.any():
                continue
            chance = torch.rand(pieces.shape)
            given = torch.where(hidden & (chance < 0.8), MASK, pieces)
            other = torch.randint(FIRST_WORD, tagger.shape.vocabulary, pieces.shape)
            given = torch.where(hidden & (chance >= 0.9), other, given)
            with torch.autocast("cpu", torch.bfloat16):
                scores = guesser(given, features, mask, hidden)
            loss = functional.cross_entropy(scores.float(), pieces[hidden])
            optimizer.zero_grad(set_to_none=True)
            torch.autograd.backward(loss)
            nn.utils.clip_grad_norm_(guesser.parameters(), 1.0)
            optimizer.step()
            losses.append(loss.item())
            if number % 20 == 0:
                LOG.info("warm-up %d  %d/%d  loss %.3f", epoch, number, len(batches), np.mean(losses[-20:]))
