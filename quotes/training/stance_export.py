"""From a trained network of stances to the files that run without torch: ONNX, its weights in eight bits."""

from __future__ import annotations

import json
import shutil
import tempfile
import warnings
from copy import deepcopy
from pathlib import Path

import torch

from quotes.language.attribution_model import Floats, Ints
from quotes.language.stance_model import LABELS
from quotes.training.export import PackedEmbedding, _to_onnx
from quotes.training.stance_network import StanceNetwork

WHOLE = ("/asked/", "/keys/", "/mixed/", "/scores/", "/carried/", "/evidence/")


class TorchStanceNetwork:
    """Runs the network in torch behind the same interface as onnxruntime does."""

    def __init__(self, network: StanceNetwork) -> None:
        self.network = network.eval()

    def read(self, pieces: Ints, marks: Ints) -> tuple[Floats, Floats]:
        """Give scores of labels and evidence; see ``stance_model.StanceNetwork``."""
        with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16):
            scores, evidence = self.network(torch.from_numpy(pieces), torch.from_numpy(marks))
        return scores.float().numpy(), evidence.float().numpy()


def write_settings(folder: Path, tokenizer: Path, size: int, temperature: float = 1.0, threshold: float = 0.0) -> None:
    """Write config.json and tokenizer.json."""
    folder.mkdir(parents=True, exist_ok=True)
    settings = {"labels": list(LABELS), "size": size, "batch": 16, "temperature": temperature, "threshold": threshold}
    (folder / "config.json").write_text(json.dumps(settings) + "\n", encoding="utf8")
    shutil.copyfile(tokenizer, folder / "tokenizer.json")


def export(network: StanceNetwork, folder: Path, *, int8: bool) -> None:
    """Write model.onnx into a folder that has the settings already.

    Args:
        network: the trained network.
        folder: where to write.
        int8: whether the encoder's matrices and the embeddings of pieces become eight-bit numbers.
    """
    network = deepcopy(network).eval().float()
    if int8:
        network.pieces = PackedEmbedding(network.pieces)  # type: ignore[assignment]
    given = (torch.randint(5, 1000, (2, 40)), torch.randint(1, 8, (2, 40)))
    axes = {name: {0: "cases", 1: "pieces"} for name in ("pieces", "marks", "evidence")} | {"scores": {0: "cases"}}
    with tempfile.TemporaryDirectory() as scratch, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        whole = Path(scratch) / "model.onnx"
        _to_onnx(network, given, whole, axes, (["pieces", "marks"], ["scores", "evidence"]))
        if int8:
            _to_int8(whole, folder / "model.onnx")
        else:
            shutil.copyfile(whole, folder / "model.onnx")


def _to_int8(whole: Path, file: Path) -> None:
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic  # type: ignore[import-untyped]

    quantize_dynamic(
        str(whole),
        str(file),
        per_channel=True,
        op_types_to_quantize=["MatMul"],
        nodes_to_exclude=[node.name for node in onnx.load(str(whole)).graph.node if node.name.startswith(WHOLE)],
        weight_type=QuantType.QInt8,
    )
