"""From a trained network to the files that run without torch: ONNX, its weights in eight bits."""

from __future__ import annotations

import json
import logging
import shutil
import tempfile
import warnings
from collections.abc import Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any

import numpy as np
import torch

from quotes.language.attribution_decoding import LABELS, NEIGHBOURS, PAIR_FEATURES
from quotes.language.attribution_model import AttributionModel, Batch, Document, Floats
from quotes.training.encoder import AttributionNetwork, Layer
from quotes.training.smoothing import smooth

HEADS = ("/scores/", "/vectors/")


class TorchNetwork:
    """Runs the network in torch behind the same interface as onnxruntime does."""

    def __init__(self, network: AttributionNetwork) -> None:
        self.network = network.eval()

    def encode(self, batch: Batch) -> tuple[Floats, Floats]:
        """Give scores of labels and vectors for linking; see ``Network``."""
        with torch.inference_mode():
            scores, vectors = self.network.tagger(*(torch.from_numpy(part) for part in batch))
        return scores.float().numpy(), vectors.float().numpy()

    def link(self, role: str, anchors: Floats, candidates: Floats, pairs: Floats) -> Floats:
        """Score what each anchor may belong to; see ``Network``."""
        scorer = self.network.linker.content if role == "content" else self.network.linker.source
        with torch.inference_mode():
            scores: Floats = scorer(*(torch.from_numpy(part) for part in (anchors, candidates, pairs))).numpy()
        return scores


class PackedEmbedding(torch.nn.Module):
    """An embedding whose rows are eight-bit numbers, each row with a scale of its own."""

    def __init__(self, whole: torch.nn.Embedding) -> None:
        super().__init__()
        scales = whole.weight.detach().abs().amax(1, keepdim=True).clamp_min(1e-8) / 127
        self.register_buffer("rows", (whole.weight.detach() / scales).round().to(torch.int8))
        self.register_buffer("scales", scales)

    def forward(self, numbers: torch.Tensor) -> torch.Tensor:
        """Look rows up."""
        rows = torch.nn.functional.embedding(numbers, self.get_buffer("rows"))
        return rows.float() * torch.nn.functional.embedding(numbers, self.get_buffer("scales"))


def config_of(network: AttributionNetwork, window: int) -> dict[str, Any]:
    """What the run time has to know besides the weights."""
    return {
        "labels": list(LABELS),
        "transitions": [[round(x, 5) for x in row] for row in network.transitions.tolist()],
        "vector": network.tagger.shape.vector,
        "window": window,
        "overlap": window // 3,
        # One window at a time: eight-bit arithmetic then gives a text the same result whatever stands beside it, and
        # attention needs no mask of what is padded.
        "batch": 1,
    }


def write_settings(folder: Path, network: AttributionNetwork, tokenizer: Path, window: int) -> None:
    """Write config.json and tokenizer.json."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_text(json.dumps(config_of(network, window)) + "\n", encoding="utf8")
    shutil.copyfile(tokenizer, folder / "tokenizer.json")


def export(
    network: AttributionNetwork, folder: Path, tokenizer: Path, window: int, int8_by: Sequence[str] | None = None
) -> None:
    """Write model.onnx, linker.onnx, config.json and tokenizer.json.

    Args:
        network: the trained network.
        folder: where to write.
        tokenizer: the tokenizer's file.
        window: the most pieces of a window.
        int8_by: texts like those that it will read; where given, the tagger's matrices and the embeddings of pieces
            become eight-bit numbers that suit what these texts put into them.
    """
    write_settings(folder, network, tokenizer, window)
    network = deepcopy(network).eval().float()
    if int8_by is not None:
        documents = [Document.of(text) for text in int8_by]
        model = AttributionModel(folder, network=TorchNetwork(network))
        smooth(
            [group for layer in network.tagger.layers if isinstance(layer, Layer) for group in layer.groups()],
            lambda: model.encode(documents),
        )
        network.tagger.pieces = PackedEmbedding(network.tagger.pieces)  # type: ignore[assignment]
    generator = np.random.default_rng(0)
    pieces = torch.from_numpy(generator.integers(5, 1000, (2, 40)))
    given = (
        pieces,
        torch.from_numpy(generator.integers(0, 4, (2, 40, 3))),
        torch.ones(2, 40, dtype=torch.bool),
        torch.from_numpy(generator.integers(0, 40, (2, 30))),
    )
    size = 3 * network.tagger.shape.vector
    pairs = (torch.zeros(3, size), torch.zeros(3, 2 * NEIGHBOURS, size), torch.zeros(3, 2 * NEIGHBOURS, PAIR_FEATURES))
    to_onnx(
        network.tagger,
        given,
        folder / "model.onnx",
        {name: {0: "batch", 1: "pieces"} for name in ("pieces", "features", "mask")}
        | {name: {0: "batch", 1: "words"} for name in ("places", "scores", "vectors")},
        (list(Batch._fields), ["scores", "vectors"]),
        whole=None if int8_by is None else HEADS,
    )
    to_onnx(
        network.linker,
        pairs,
        folder / "linker.onnx",
        {name: {0: "anchors"} for name in ("anchors", "candidates", "pairs", "content", "source")},
        (["anchors", "candidates", "pairs"], ["content", "source"]),
    )


def to_onnx(
    module: torch.nn.Module,
    given: tuple[torch.Tensor, ...],
    file: Path,
    axes: dict[str, dict[int, str]],
    names: tuple[list[str], list[str]],
    whole: tuple[str, ...] | None = None,
) -> None:
    """Write a module as ONNX, which it becomes by being run once.

    Args:
        module: the module.
        given: its arguments.
        file: the file to write.
        axes: by the name of an input or output, the axes whose length is free, with a name each.
        names: of the inputs and of the outputs.
        whole: where given, matrices become eight-bit numbers, but for those whose names begin with one of these.
    """
    with tempfile.TemporaryDirectory() as scratch, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        full = Path(scratch) / file.name
        torch.onnx.export(
            module,
            given,
            str(full),
            input_names=names[0],
            output_names=names[1],
            dynamic_axes=axes,
            opset_version=17,
            custom_opsets={"com.microsoft": 1},
            dynamo=False,
        )
        if whole is None:
            shutil.copyfile(full, file)
        else:
            _to_int8(full, file, whole)


def _to_int8(full: Path, file: Path, whole: tuple[str, ...]) -> None:
    """Make matrices eight-bit numbers, each column with a scale of its own; what goes into them gets one for a text."""
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic  # type: ignore[import-untyped]

    logging.getLogger("onnxruntime.quantization").setLevel(logging.ERROR)
    kept = [node.name for node in onnx.load(str(full)).graph.node if node.name.startswith(whole)]
    quantize_dynamic(
        str(full),
        str(file),
        per_channel=True,
        op_types_to_quantize=["MatMul"],
        nodes_to_exclude=kept + [f"{name}_MatMul" for name in kept],
        weight_type=QuantType.QInt8,
    )
