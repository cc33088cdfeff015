"""From a trained network to the files that run without torch: ONNX, its weights in eight bits."""

from __future__ import annotations

import json
import logging
import shutil
import tempfile
import warnings
from copy import deepcopy
from pathlib import Path
from typing import Any

import numpy as np
import torch

from quotes.language.attribution_decoding import LABELS, NEIGHBOURS, PAIR_FEATURES
from quotes.language.attribution_model import Batch, Floats
from quotes.training.encoder import AttributionNetwork

HEADS = ("/scores/", "/vectors/")
OUTLYING = ("/outer/",)


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
        # without padding it is faster.
        "batch": 1,
    }


def write_settings(folder: Path, network: AttributionNetwork, tokenizer: Path, window: int) -> None:
    """Write config.json and tokenizer.json."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_text(json.dumps(config_of(network, window)) + "\n", encoding="utf8")
    shutil.copyfile(tokenizer, folder / "tokenizer.json")


def export(network: AttributionNetwork, folder: Path, tokenizer: Path, window: int, *, int8: bool) -> None:
    """Write model.onnx, linker.onnx, config.json and tokenizer.json.

    Args:
        network: the trained network.
        folder: where to write.
        tokenizer: the tokenizer's file.
        window: the most pieces of a window.
        int8: whether the tagger's weights (matrices and embeddings of pieces) become eight-bit numbers.
    """
    write_settings(folder, network, tokenizer, window)
    network = deepcopy(network).eval().float()
    if int8:
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
    with tempfile.TemporaryDirectory() as scratch, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        whole = Path(scratch) / "model.onnx"
        _to_onnx(
            network.tagger,
            given,
            whole,
            {name: {0: "batch", 1: "pieces"} for name in ("pieces", "features", "mask")}
            | {name: {0: "batch", 1: "words"} for name in ("places", "scores", "vectors")},
            (list(Batch._fields), ["scores", "vectors"]),
        )
        _to_onnx(
            network.linker,
            pairs,
            folder / "linker.onnx",
            {name: {0: "anchors"} for name in ("anchors", "candidates", "pairs", "content", "source")},
            (["anchors", "candidates", "pairs"], ["content", "source"]),
        )
        if int8:
            _to_int8(whole, folder / "model.onnx")
        else:
            shutil.copyfile(whole, folder / "model.onnx")


def _to_onnx(
    module: torch.nn.Module,
    given: tuple[torch.Tensor, ...],
    file: Path,
    axes: dict[str, dict[int, str]],
    names: tuple[list[str], list[str]],
) -> None:
    torch.onnx.export(
        module,
        given,
        str(file),
        input_names=names[0],
        output_names=names[1],
        dynamic_axes=axes,
        opset_version=17,
        dynamo=False,
    )


def _to_int8(whole: Path, file: Path) -> None:
    """Quantise the matrices of the layers to eight bits; the small ones that give results stay whole.

    What GELU gives has outliers, which one scale for a whole window would drown the rest in: the matrices that take it
    get a scale for every 64 numbers, on both sides. The others are quantised dynamically, which is faster.
    """
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic  # type: ignore[import-untyped]
    from onnxruntime.quantization.matmul_nbits_quantizer import MatMulNBitsQuantizer  # type: ignore[import-untyped]

    logging.getLogger("onnxruntime.quantization").setLevel(logging.ERROR)
    model = onnx.load(str(whole))
    products = [node.name for node in model.graph.node if node.op_type == "MatMul"]
    rough = [name for name in products if not any(part in name for part in OUTLYING)]
    finely = MatMulNBitsQuantizer(
        model, bits=8, block_size=64, is_symmetric=True, accuracy_level=4, nodes_to_exclude=rough
    )
    finely.process()
    half = whole.with_suffix(".half.onnx")
    finely.model.save_model_to_file(str(half))
    quantize_dynamic(
        str(half),
        str(file),
        per_channel=True,
        op_types_to_quantize=["MatMul"],
        nodes_to_exclude=[name for name in products if name.startswith(HEADS)],
        weight_type=QuantType.QInt8,
    )
