"""Training the model of stances: batches of cases, running mean of weights, checkpoints, export and calibration.

Every epoch puts the cases anew (speaker, names, places) and ends with the macro F1 on the documents held out of the
training files, and on NewsMTSC's development files for comparison.
"""

from __future__ import annotations

import json
import logging
import random
import time
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch.nn import functional

from quotes.evaluation.stance_cases import Lesson, read_dse, read_mtsc
from quotes.language.attribution_model import AttributionModel
from quotes.language.attributions import WEIGHTS as ATTRIBUTIONS
from quotes.language.stance_model import LABELS, Case, Prepared, StanceModel, batch_of, prepare
from quotes.records import StanceLabel
from quotes.training.encoder import Shape
from quotes.training.stance_corpus import epoch_of, in_batches, with_speakers
from quotes.training.stance_evidence import teach
from quotes.training.stance_export import TorchStanceNetwork, export, write_settings
from quotes.training.stance_figures import evaluate, fit_temperature, fit_threshold, line_of
from quotes.training.stance_network import StanceNetwork
from quotes.training.stance_phrases import phrases
from quotes.training.stance_quotes import KEPT, passages, read_quoted, untold
from quotes.training.steps import base_files, follow, optimizer_of, rate_at
from quotes.training.teacher import Teacher
from quotes.training.warming import Texts, warm_up

LOG = logging.getLogger(__name__)
UNTOLD = -100
SOFTNESS = 1.5
"""By how much the scores of teacher and pupil are divided before their chances are compared."""
EVIDENCE = 900
"""So many training cases teach the head of evidence, and a third as many of our own wording."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How to train.

    Attributes:
        seed: decides everything that chance decides.
        warm_up: how often all texts are read before, to guess hidden words.
        epochs: how often the cases are read until the learning rate is nothing.
        size: the most word pieces of a sentence.
        batch: the most word pieces of a batch.
        own: how many cases of our own wording an epoch has.
        taught: how many texts without labels an epoch has, where there is a teacher.
        quoted: how often an epoch has each annotated quote.
        rate: the highest learning rate, of what is new; the encoder's is ``encoder_rate``.
        encoder_rate: the highest learning rate of the encoder's last layer.
        decay: how much lower each layer's rate is than that of the layer above.
        average: the weight of the past in the running mean of weights, by which the model is judged.
        smoothing: of the labels.
        save_every: how many steps lie between checkpoints within an epoch.
    """

    seed: int = 1
    warm_up: int = 1
    epochs: int = 3
    size: int = 160
    batch: int = 2048
    own: int = 900
    taught: int = 4000
    quoted: int = 2
    rate: float = 5e-4
    encoder_rate: float = 1.5e-4
    decay: float = 0.9
    average: float = 0.995
    smoothing: float = 0.05
    save_every: int = 100


TEACHING = Plan(warm_up=0, epochs=2, rate=3e-4, encoder_rate=6e-5, decay=0.93, average=0.99)
"""How the teacher is trained."""
LEARNING = Plan(seed=4, warm_up=0, epochs=2, own=1800, rate=4e-4, encoder_rate=1.2e-4)
"""How the small network learns from it."""


def loss_of(
    network: StanceNetwork,
    sentences: Sequence[tuple[Prepared, tuple[StanceLabel, ...]]],
    smoothing: float,
    teacher: StanceNetwork | None = None,
) -> torch.Tensor:
    """Give the loss of one batch: the cross entropy with the labels, smoothed, and how far from a teacher's chances.

    Args:
        network: learns.
        sentences: with the labels of their targets; none where only the teacher tells.
        smoothing: of the labels.
        teacher: gives chances of its own, which weigh as much as the labels (Hinton et al., 2015, section 2).
    """
    batch = [torch.from_numpy(part) for part in batch_of([one for one, _ in sentences])]
    labels = torch.tensor(
        [
            LABELS.index(label) if label else UNTOLD
            for one, some in sentences
            for label in some or (None,) * len(one.cases)
        ]
    )
    scores = _scores(network, batch)
    loss = functional.cross_entropy(scores, labels, label_smoothing=smoothing, ignore_index=UNTOLD, reduction="sum") / (
        labels != UNTOLD
    ).sum().clamp_min(1)
    if teacher is not None:
        with torch.no_grad():
            chances = (_scores(teacher, batch) / SOFTNESS).softmax(-1)
        found = (scores / SOFTNESS).log_softmax(-1)
        loss = (loss + functional.kl_div(found, chances, reduction="batchmean") * SOFTNESS**2) / 2
    return loss


def _scores(network: StanceNetwork, batch: Sequence[torch.Tensor]) -> torch.Tensor:
    pieces, marks, rows, named = batch
    with torch.autocast("cpu", torch.bfloat16):
        scores = network.judge(network.ask(network.encode(pieces, marks), marks, rows, named))
    return scores.float()


def read_files(
    folder: Path, articles: Path | None = None, attributions: AttributionModel | None = None
) -> dict[str, list[Lesson]]:
    """Read the corpora: "train", "held" out of it, the development files "rw", "mt" and "dse", and "kept" quotes.

    Args:
        folder: holds newsmtsc_{train,rw_dev,mt_dev}.jsonl and dse_{train,valid}.tsv.
        articles: those of whose quotes some are annotated.
        attributions: finds whom NewsMTSC's sentences quote; without it nobody is.
    """
    mtsc = read_mtsc(folder / "newsmtsc_train.jsonl")
    if attributions is not None:
        mtsc = with_speakers(mtsc, attributions)
    lessons = [*mtsc, *read_dse(folder / "dse_train.tsv", reverse=True)]
    if articles is not None:
        lessons += read_quoted(articles)
    kept = {"kept": read_quoted(articles, KEPT)} if articles is not None else {}
    return {
        "train": [lesson for lesson in lessons if not lesson.held],
        "held": [lesson for lesson in lessons if lesson.held and lesson.kind != "reverse"],
        "rw": read_mtsc(folder / "newsmtsc_rw_dev.jsonl"),
        "mt": read_mtsc(folder / "newsmtsc_mt_dev.jsonl"),
        "dse": read_dse(folder / "dse_valid.tsv"),
        **kept,
    }


def warm(network: StanceNetwork, cases: Sequence[Case], tokenizer: Tokenizer, plan: Plan) -> None:
    """Let the encoder guess hidden words of each text once, in the form in which it will read them."""
    once = {case.text: case for case in cases}
    prepared = prepare(list(once.values()), tokenizer, plan.size)

    def texts(rng: random.Random) -> list[Texts]:
        made = []
        mixed = rng.sample(prepared, len(prepared))
        for some in in_batches(mixed, lambda one: len(one.pieces), plan.batch, rng):
            pieces, marks, *_ = (torch.from_numpy(part) for part in batch_of(some))
            made.append(Texts(pieces, partial(network.encode, marks=marks)))
        return made

    warm_up(network, network.pieces, texts, epochs=plan.warm_up, rate=plan.encoder_rate, seed=plan.seed)


def train(
    folder: Path,
    articles: Path | None,
    out: Path,
    plan: Plan | None = None,
    *,
    large: Path | None = None,
    shape: Shape | None = None,
) -> StanceNetwork:
    """Train a network and a branch of it with another seed, and their mean for one epoch more; then let it be taught.

    That last epoch has three times the cases of our own wording: without it denials are misread, and with it alone the
    quotes of the news. What lies in ``out`` already is not made again.

    Args:
        folder: the corpora; see ``read_files``.
        articles: those of whose quotes some are annotated.
        out: gets checkpoints and train.log, and the folders of its parts with theirs.
        plan: how to train.
        large: MPNet's weights, from which a teacher is made; without them nobody teaches.
        shape: another size of network, without the weights of MiniLM.

    Returns:
        The network. Where nobody taught it, it is the mean of that mean and of the weights after the last epoch, which
        count twice.
    """
    plan = plan or Plan()
    torch.manual_seed(TEACHING.seed)
    teacher = Teacher(large) if large else None
    files = read_files(folder, articles, AttributionModel(ATTRIBUTIONS))
    LOG.info("cases: %s", {name: len(lessons) for name, lessons in files.items()})
    ran = partial(_run, files, articles, shape=shape)
    trunk = ran(out, plan)
    branch = ran(out / "branch", replace(plan, seed=plan.seed + 1), begin=(trunk[:1], 1))
    last = replace(plan, seed=plan.seed + 2, own=3 * plan.own)
    kept = [*trunk[1:], *branch]
    done = ran(out / "last", last, begin=(kept, plan.epochs - 1))
    weights = [*kept, *done * (2 * len(kept))]
    if teacher is None:
        return average(weights, shape)
    load(teacher, ran(out / "teacher", TEACHING, network=teacher)[-1:])
    teacher.eval()
    lessons = untold(articles) if articles else []
    return average(ran(out / "taught", LEARNING, begin=(weights, 0), teacher=teacher, lessons=lessons)[-1:], shape)


def _run(
    files: Mapping[str, Sequence[Lesson]],
    articles: Path | None,
    out: Path,
    plan: Plan,
    *,
    shape: Shape | None = None,
    begin: tuple[Sequence[Path], int] | None = None,
    network: StanceNetwork | None = None,
    teacher: StanceNetwork | None = None,
    lessons: Sequence[Case] = (),
) -> list[Path]:
    """Train from the beginning, or from the mean of some weights after so many epochs, or from a checkpoint in ``out``.

    Args:
        files: the corpora.
        articles: those of whose quotes some are annotated.
        out: gets checkpoints.
        plan: how to train.
        shape: another size of network.
        begin: files of weights, and how many epochs they had.
        network: is trained in place of a new small one.
        teacher: from whom it learns besides.
        lessons: cases that only the teacher labels.

    Returns:
        For each epoch the file with the running mean after it.
    """
    out.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    torch.manual_seed(plan.seed)
    files_of_base = base_files()
    network = network or StanceNetwork(shape or Shape(), None if shape else files_of_base / "model.safetensors")
    mean = deepcopy(network)
    optimizer = optimizer_of(network, network.shape.layers, plan)
    write_settings(out / "now", files_of_base / "tokenizer.json", plan.size)
    model = StanceModel(out / "now", network=TorchStanceNetwork(mean))
    weights, first = begin or ((), 0)
    done, at, steps = first, 0, 0
    if (out / "checkpoint.pt").exists():
        saved = torch.load(out / "checkpoint.pt", weights_only=True)
        network.load_state_dict(saved["network"])
        mean.load_state_dict(saved["mean"])
        optimizer.load_state_dict(saved["optimizer"])
        done, at, steps = saved["done"], saved["at"], saved["steps"]
        LOG.info("going on after %d epochs and %d steps", done, at)
    elif weights:
        load(network, weights)
        mean.load_state_dict(network.state_dict())
    elif plan.warm_up:
        read = [lesson.case for lesson in files["train"] if lesson.kind != "quote"]
        warm(network, read + (passages(articles) if articles else []), model.tokenizer, plan)
        mean.load_state_dict(network.state_dict())

    def save(done: int, at: int) -> None:
        states = {"network": network.state_dict(), "mean": mean.state_dict(), "optimizer": optimizer.state_dict()}
        torch.save({**states, "done": done, "at": at, "steps": steps, "plan": asdict(plan)}, out / "checkpoint.part")
        (out / "checkpoint.part").replace(out / "checkpoint.pt")

    if not (out / "checkpoint.pt").exists():
        save(done, 0)
    for epoch in range(done, plan.epochs):
        rng = random.Random(plan.seed * 1000 + epoch)
        sizes = {"size": plan.size, "batch": plan.batch, "own": plan.own, "quoted": plan.quoted, "taught": plan.taught}
        batches = epoch_of(files["train"], model.tokenizer, rng, untold=lessons, **sizes)
        network.train()
        started, losses = time.monotonic(), []
        for number, cases in enumerate(batches[at:], at):
            torch.manual_seed((plan.seed * 1000 + epoch) * 10_000 + number)
            for group in optimizer.param_groups:
                group["lr"] = group["peak"] * rate_at((epoch + number / len(batches)) / plan.epochs)
            loss = loss_of(network, cases, plan.smoothing, teacher)
            optimizer.zero_grad(set_to_none=True)
            torch.autograd.backward(loss)
            torch.nn.utils.clip_grad_norm_([w for w in network.parameters() if w.grad is not None], 1.0)
            optimizer.step()
            steps += 1
            losses.append(loss.item())
            follow(mean.parameters(), network.parameters(), min(plan.average, (1 + steps) / (10 + steps)))
            if (number + 1) % plan.save_every == 0:
                save(epoch, number + 1)
            if number % 25 == 0:
                seconds = (time.monotonic() - started) / len(losses)
                recent = float(np.mean(losses[-25:]))
                LOG.info("epoch %d  %d/%d  loss %.4f  %.2f s a step", epoch, number, len(batches), recent, seconds)
        at = 0
        save(epoch + 1, 0)
        torch.save({"mean": mean.state_dict()}, out / f"epoch{epoch + 1}.pt")
        mean.eval()
        figures = evaluate(model, files)
        LOG.info("epoch %d  mean loss %.5f  %s", epoch, np.mean(losses or [0]), line_of(figures))
        (out / f"figures{epoch + 1}.json").write_text(json.dumps(figures, indent=1) + "\n", encoding="utf8")
    return [out / f"epoch{number}.pt" for number in range(first + 1, plan.epochs + 1)]


def finish(
    network: StanceNetwork, folder: Path, articles: Path | None, out: Path, plan: Plan
) -> dict[str, dict[str, float]]:
    """Teach the head of evidence, export with full and with eight-bit weights, fit temperature and threshold.

    Args:
        network: the trained network.
        folder: the corpora; see ``read_files``.
        articles: those of whose quotes some are annotated.
        out: gets fp32/ and int8/ with the models, and figures.json.
        plan: how it was trained.

    Returns:
        The figures of the int8 model.
    """
    torch.set_num_threads(1)
    files = read_files(folder, articles)
    tokenizer_file = base_files() / "tokenizer.json"
    write_settings(out / "int8", tokenizer_file, plan.size)
    tokenizer = StanceModel(out / "int8", network=TorchStanceNetwork(network)).tokenizer
    rng = random.Random(plan.seed)
    moved = [lesson.case for lesson in files["train"] if lesson.label != "neutral"]
    cases = rng.sample(moved, min(EVIDENCE, len(moved))) + [case for case, _ in phrases(rng, EVIDENCE // 3)]
    alone = [one for case in cases for one in prepare([case], tokenizer, plan.size)]
    hits = teach(network, alone, plan.seed)
    LOG.info("evidence: the heaviest word is among the three that count most in %.3f of the cases kept", hits)
    results = {}
    for name in ("fp32", "int8"):
        write_settings(out / name, tokenizer_file, plan.size)
        export(network, out / name, cases if name == "int8" else None)
        results[name] = evaluate(StanceModel(out / name), files)
        LOG.info("%s  %s", name, line_of(results[name]))
    lost = max(results["fp32"][name]["macro_f1"] - results["int8"][name]["macro_f1"] for name in results["int8"])
    LOG.log(logging.WARNING if lost > 0.005 else logging.INFO, "int8 loses at most %.4f", lost)
    temperature = fit_temperature(StanceModel(out / "int8"), files["held"])
    write_settings(out / "int8", tokenizer_file, plan.size, temperature)
    threshold = fit_threshold(StanceModel(out / "int8"), files["held"])
    write_settings(out / "int8", tokenizer_file, plan.size, temperature, threshold)
    results["calibrated"] = evaluate(StanceModel(out / "int8"), files)
    LOG.info("temperature %.2f, threshold %.2f, %s", temperature, threshold, results["calibrated"])
    (out / "figures.json").write_text(json.dumps(results, indent=1) + "\n", encoding="utf8")
    return results["calibrated"]


def average(checkpoints: Sequence[Path], shape: Shape | None = None) -> StanceNetwork:
    """Give the mean of the weights of several checkpoints (Wortsman et al., 2022, "model soups")."""
    network = StanceNetwork(shape or Shape())
    load(network, checkpoints)
    return network


def load(network: StanceNetwork, checkpoints: Sequence[Path]) -> None:
    """Give a network the mean of the weights of several checkpoints."""
    means = [torch.load(file, weights_only=True, mmap=True)["mean"] for file in checkpoints]
    network.load_state_dict({name: torch.stack([m[name] for m in means]).mean(0) for name in means[0]})
