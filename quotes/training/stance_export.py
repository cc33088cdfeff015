"""From a trained network of stances to the files that run without torch: ONNX, its weights in eight bits."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from copy import deepcopy
from pathlib import Path

import torch

from quotes.language.attribution_model import Floats
from quotes.language.stance_model import LABELS, MARKS, Batch, Case, StanceModel
from quotes.training.encoder import Layer
from quotes.training.export import PackedEmbedding, to_onnx
from quotes.training.smoothing import smooth
from quotes.training.stance_network import Asking, StanceNetwork

WHOLE = ("/scores/", "/evidence/", "/rounds.0/MatMul", "/rounds.1/MatMul")
POSITIONS = 256
"""More than a sentence and two names have pieces."""


class TorchStanceNetwork:
    """Runs the network in torch behind the same interface as onnxruntime does."""

    def __init__(self, network: StanceNetwork) -> None:
        self.network = network.eval()

    def read(self, batch: Batch) -> tuple[Floats, Floats]:
        """Give scores of labels and evidence; see ``stance_model.StanceNetwork``."""
        with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16):
            scores, evidence = self.network(*(torch.from_numpy(part) for part in batch))
        return scores.float().numpy(), evidence.float().numpy()


def write_settings(folder: Path, tokenizer: Path, size: int, temperature: float = 1.0, threshold: float = 0.0) -> None:
    """Write config.json and tokenizer.json."""
    folder.mkdir(parents=True, exist_ok=True)
    settings = {"labels": list(LABELS), "size": size, "batch": 4, "temperature": temperature, "threshold": threshold}
    (folder / "config.json").write_text(json.dumps(settings) + "\n", encoding="utf8")
    shutil.copyfile(tokenizer, folder / "tokenizer.json")


def export(network: StanceNetwork, folder: Path, int8_by: Sequence[Case] | None = None) -> None:
    """Write model.onnx into a folder that has the settings already.

    Args:
        network: the trained network.
        folder: where to write.
        int8_by: cases like those that it will read; where given, the encoder's matrices and the embeddings of pieces
            become eight-bit numbers that suit what these cases put into them.
    """
    network = deepcopy(network).eval().float()
    network.positions.weight = torch.nn.Parameter(network.positions.weight[:POSITIONS])
    if int8_by is not None:
        model = StanceModel(folder, network=TorchStanceNetwork(network))
        parts = (*network.layers, *network.rounds)
        groups = [group for part in parts if isinstance(part, Layer | Asking) for group in part.groups()]
        smooth(groups, lambda: model.predict(int8_by))
        network.pieces = PackedEmbedding(network.pieces)  # type: ignore[assignment]
    rows, named = torch.tensor([0, 0, 1]), torch.zeros(3, 40, dtype=torch.bool)
    named[:, 3:5] = True
    given = (torch.randint(5, 1000, (2, 40)), torch.randint(1, MARKS, (2, 40)), rows, named)
    axes = {name: {0: "sentences", 1: "pieces"} for name in ("pieces", "marks")}
    axes |= {name: {0: "targets", 1: "pieces"} for name in ("named", "evidence")}
    axes |= {name: {0: "targets"} for name in ("rows", "scores")}
    names = (list(Batch._fields), ["scores", "evidence"])
    to_onnx(network, given, folder / "model.onnx", axes, names, whole=None if int8_by is None else WHOLE)
