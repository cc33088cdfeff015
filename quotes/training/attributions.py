"""Training the model of attributions: warm-up, epochs, branches, mean of weights, export and calibration.

Every epoch cuts the articles into new windows, some printed in another style, and ends with the scorer's figures on
the development articles and a checkpoint, from which a run that was cut off goes on to the same result.
"""

from __future__ import annotations

import json
import logging
import random
import time
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer

from quotes.evaluation.attributions import score
from quotes.language.attribution_decoding import spans_of
from quotes.language.attribution_model import AttributionModel, Document, batch_of
from quotes.training.calibrate import calibrate
from quotes.training.corpus import Example, epoch_of, read_corpus
from quotes.training.encoder import AttributionNetwork, Shape, Tagger
from quotes.training.export import TorchNetwork, export, write_settings
from quotes.training.linking import Lesson
from quotes.training.steps import base_files, follow, optimizer_of, rate_at
from quotes.training.warming import Texts, warm_up

LOG = logging.getLogger(__name__)
WARM_UP_PIECES = 4096
SEEN = 60
"""To so many training articles the eight bits are fitted."""
"""The most word pieces of a batch whose hidden words are guessed, padding included."""
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
        warm_up: how often the articles are read before, to guess hidden words.
        parting: after how many epochs the run parts into branches.
        branches: into how many.
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
    warm_up: int = 2
    parting: int = 3
    branches: int = 2


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


def windows(tagger: Tagger, rows: Sequence[Mapping[str, Any]], tokenizer: Tokenizer, rng: random.Random) -> list[Texts]:
    """Cut articles into batches of windows that the tagger's encoder reads; their annotation is not used."""
    texts = []
    for examples in epoch_of(rows, tokenizer, rng, tagger.shape.positions // 2, WARM_UP_PIECES):
        batch = batch_of([(e.pieces, e.features) for e in examples], 101, 102)
        pieces, features, mask = (torch.from_numpy(part) for part in (batch.pieces, batch.features, batch.mask))
        texts.append(Texts(pieces, partial(tagger.encode, features=features, mask=mask)))
    return texts


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


class Run:
    """A training under way in a folder, with the running mean of its weights, by which it is judged."""

    def __init__(self, network: AttributionNetwork, plan: Plan, folder: Path) -> None:
        self.network, self.plan, self.folder = network, plan, folder
        self.mean = deepcopy(network)
        layers = network.tagger.shape.layers
        self.optimizer = optimizer_of(network, layers, plan, encoder="tagger.", faster={"transitions": 5})
        self.done = self.at = self.steps = 0
        folder.mkdir(parents=True, exist_ok=True)

    def load(self, file: Path) -> None:
        """Go on from a checkpoint."""
        saved = torch.load(file, weights_only=True)
        self.network.load_state_dict(saved["network"])
        self.mean.load_state_dict(saved["mean"])
        self.optimizer.load_state_dict(saved["optimizer"])
        self.done, self.at, self.steps = saved["done"], saved["at"], saved["steps"]
        LOG.info("going on from %s after %d epochs and %d steps", file, self.done, self.at)

    def save(self) -> None:
        """Write checkpoint.pt into the folder, whole or not at all."""
        parts: dict[str, Any] = {"network": self.network, "mean": self.mean, "optimizer": self.optimizer}
        states = {name: part.state_dict() for name, part in parts.items()}
        counts = {"done": self.done, "at": self.at, "steps": self.steps}
        torch.save({**states, **counts, "plan": asdict(self.plan)}, self.folder / "checkpoint.part")
        (self.folder / "checkpoint.part").replace(self.folder / "checkpoint.pt")

    def go(
        self, rows: Sequence[Mapping[str, Any]], dev_rows: Sequence[Mapping[str, Any]], until: int, seed: int
    ) -> None:
        """Train up to an epoch, with the scorer's figures on the development articles after each.

        Args:
            rows: annotated articles.
            dev_rows: annotated articles on which each epoch is judged.
            until: how many epochs there are to be in all.
            seed: decides the windows, the styles and the dropout.
        """
        plan, tokenizer = self.plan, _tokenizer()
        while self.done < until:
            epoch = self.done
            batches = epoch_of(rows, tokenizer, random.Random(seed * 1000 + epoch), plan.window, plan.batch)
            self.network.train()
            started, losses = time.monotonic(), []
            for number, examples in enumerate(batches[self.at :], self.at):
                step_seed = (seed * 1000 + epoch) * 10_000 + number
                torch.manual_seed(step_seed)
                for group in self.optimizer.param_groups:
                    group["lr"] = group["peak"] * rate_at((epoch + number / len(batches)) / plan.epochs)
                predicted = 0.0 if epoch == 0 else 0.7
                loss = loss_of(self.network, examples, random.Random(step_seed), predicted)
                self.optimizer.zero_grad(set_to_none=True)
                torch.autograd.backward(loss)
                torch.nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
                self.optimizer.step()
                self.steps += 1
                losses.append(loss.item())
                weight = min(plan.average, (1 + self.steps) / (10 + self.steps))
                follow(self.mean.parameters(), self.network.parameters(), weight)
                if (number + 1) % plan.save_every == 0:
                    self.at = number + 1
                    self.save()
                if number % 20 == 0:
                    seconds = (time.monotonic() - started) / len(losses)
                    progress = f"{number}/{len(batches)}"
                    LOG.info("epoch %d  %s  loss %.4f  %.2f s a step", epoch, progress, losses[-1], seconds)
            self.done, self.at = epoch + 1, 0
            self.save()
            write_settings(self.folder / "fp32", self.mean, base_files() / "tokenizer.json", plan.window)
            with torch.autocast("cpu", torch.bfloat16):
                figures = evaluate(AttributionModel(self.folder / "fp32", network=TorchNetwork(self.mean)), dev_rows)
            LOG.info("epoch %d  mean loss %.5f  dev: %s", epoch, np.mean(losses or [0]), line_of(figures))


def train(
    train: Path,
    dev: Path,
    out: Path,
    plan: Plan | None = None,
    *,
    shape: Shape | None = None,
    articles: int | None = None,
) -> dict[str, dict[str, float]]:
    """Train a model, or go on with the run whose checkpoints lie in ``out``.

    After a few epochs the run parts into branches that go on with seeds of their own; the model is the mean of their
    weights, which errs and loses in eight bits less than each (Wortsman et al., ICML 2022, "Model soups").

    Args:
        train: annotated articles; see ``read_corpus``.
        dev: annotated articles on which each epoch is judged.
        out: gets checkpoint.pt, branch-1/ and so on with theirs, and in int8/ and fp32/ the exported models.
        plan: how to train.
        shape: another size of network, without the weights of MiniLM.
        articles: read only so many articles, for a trial.

    Returns:
        The development figures of the exported int8 model.
    """
    plan = plan or Plan()
    torch.set_num_threads(plan.threads)
    rows, dev_rows = read_corpus(train)[:articles], read_corpus(dev)[:articles]
    trunk = Run(_fresh(plan, shape), plan, out)
    if (out / "checkpoint.pt").exists():
        trunk.load(out / "checkpoint.pt")
    elif plan.warm_up:
        tagger = trunk.network.tagger
        texts = partial(windows, tagger, rows, _tokenizer())
        warm_up(tagger, tagger.pieces, texts, epochs=plan.warm_up, rate=plan.encoder_rate, seed=plan.seed)
        trunk.mean.load_state_dict(trunk.network.state_dict())
        trunk.save()
    trunk.go(rows, dev_rows, min(plan.parting, plan.epochs), plan.seed)
    means = []
    for number in range(1, plan.branches + 1):
        branch = Run(_fresh(plan, shape), plan, out / f"branch-{number}")
        own = branch.folder / "checkpoint.pt"
        branch.load(own if own.exists() else out / "checkpoint.pt")
        branch.go(rows, dev_rows, plan.epochs, plan.seed + 100 * number)
        means.append(branch.mean.state_dict())
    trunk.mean.load_state_dict({name: torch.stack([mean[name] for mean in means]).mean(0) for name in means[0]})
    return finish(trunk.mean, [row["text"] for row in rows[:SEEN]], dev_rows, out, plan)


def _fresh(plan: Plan, shape: Shape | None) -> AttributionNetwork:
    torch.manual_seed(plan.seed)
    network = AttributionNetwork(shape or Shape())
    if shape is None:
        network.tagger.load_base(base_files() / "model.safetensors")
    return network


def _tokenizer() -> Tokenizer:
    tokenizer = Tokenizer.from_file(str(base_files() / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def finish(
    network: AttributionNetwork,
    texts: Sequence[str],
    dev_rows: Sequence[Mapping[str, Any]],
    out: Path,
    plan: Plan,
) -> dict[str, dict[str, float]]:
    """Export a trained network with full and with eight-bit weights and log what the eight bits cost.

    Args:
        network: the trained network.
        texts: of some training articles, to which the eight bits are fitted.
        dev_rows: the development articles.
        out: gets fp32/ and int8/ with the models, and figures.json.
        plan: how it was trained.

    Returns:
        The development figures of the int8 model.
    """
    tokenizer = base_files() / "tokenizer.json"
    results = {}
    for name in ("fp32", "int8"):
        export(network, out / name, tokenizer, plan.window, texts if name == "int8" else None)
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
