"""Teaches a trained network which words carry a stance: those without which it would be less sure of its label.

Leaving out word after word (occlusion; Li, Monroe & Jurafsky, 2016, "Understanding Neural Networks through
Representation Erasure") takes as many passes as there are words. Here it is done once, for training sentences, and a
small head over the finished states learns to foretell the result, so that reading takes one pass.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Sequence

import numpy as np
import torch
from torch.nn import functional

from quotes.language.attribution_model import Floats
from quotes.language.stance_model import LABELS, TEXT, Prepared, batch_of
from quotes.training.stance_network import StanceNetwork

LOG = logging.getLogger(__name__)
MASK = 103
LEAST = 0.1
"""The drop of a label's chance from which on a word counts."""
STEPS = 600


def chances(network: StanceNetwork, cases: Sequence[Prepared]) -> Floats:
    """Give the chances of the labels, (cases, labels), in batches of like length; each has one target."""
    order = sorted(range(len(cases)), key=lambda n: len(cases[n].pieces))
    result = np.zeros((len(cases), len(LABELS)), np.float32)
    for at in range(0, len(order), 64):
        some = order[at : at + 64]
        pieces, marks, rows, named = (torch.from_numpy(part) for part in batch_of([cases[n] for n in some]))
        with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16):
            scores = network.judge(network.ask(network.encode(pieces, marks), marks, rows, named))
        result[some] = scores.float().softmax(1).numpy()
    return result


def drops(network: StanceNetwork, case: Prepared, label: int, chance: float) -> Floats:
    """Tell by how much the label's chance drops without each word, (words,).

    Args:
        network: in evaluation mode.
        case: the case.
        label: its likeliest label.
        chance: of that label with all words.
    """
    owners, marks = np.array(case.owners), np.array(case.marks)
    words = np.unique(owners[(owners >= 0) & (marks == TEXT)])
    without = [
        case._replace(pieces=[MASK if owner == word else p for p, owner in zip(case.pieces, owners, strict=True)])
        for word in words
    ]
    found = np.zeros(len(case.words), np.float32)
    if without:
        found[words] = chance - chances(network, without)[:, label]
    return found


def teach(network: StanceNetwork, cases: Sequence[Prepared], seed: int) -> float:
    """Train the head of evidence; the rest of the network stays as it is.

    Args:
        network: a trained network.
        cases: to learn from; those found neutral are left out, every tenth of the rest is kept to judge by.
        seed: decides the order.

    Returns:
        How often the word of most weight is among the three without which the chance drops most, 0 to 1, on the
        cases kept.
    """
    network.eval()
    sure = chances(network, cases)
    lessons = []
    for case, row in zip(cases, sure, strict=True):
        label = int(row.argmax())
        if LABELS[label] == "neutral" or row[label] < 0.6:
            continue
        found = drops(network, case, label, float(row[label]))
        if found.max() >= LEAST:
            lessons.append((case, found))
    LOG.info("evidence: %d cases", len(lessons))
    if not lessons:
        LOG.warning("no word changes a label: the head of evidence stays untrained")
        return 0.0
    taught = [_states(network, case, found) for case, found in lessons]
    kept, learnt = lessons[::10], [one for n, one in enumerate(taught) if n % 10] or taught
    head = [weights for part in (network.carried, network.wanted, network.evidence) for weights in part.parameters()]
    optimizer = torch.optim.AdamW(head, lr=1e-3)
    rng = random.Random(seed)
    for step in range(STEPS):
        some = rng.sample(learnt, min(32, len(learnt)))
        states, asking, wanted = (torch.cat(parts) for parts in zip(*some, strict=True))
        for group in optimizer.param_groups:
            group["lr"] = 1e-3 * (1 - step / STEPS)
        loss = functional.binary_cross_entropy_with_logits(network.carry(states[:, None], asking)[:, 0], wanted)
        optimizer.zero_grad()
        torch.autograd.backward(loss)
        optimizer.step()
    hits = 0
    for case, found in kept:
        words = _words(case)
        states, asking, _ = _states(network, case, found)
        best = words[int(network.carry(states[:, None], asking).argmax())]
        hits += best in np.argsort(-found)[:3]
    return hits / max(1, len(kept))


def _words(case: Prepared) -> list[int]:
    """Give the word of each piece of the sentence, names of target and speaker left out."""
    return [owner for owner, mark in zip(case.owners, case.marks, strict=True) if mark == TEXT]


def _states(network: StanceNetwork, case: Prepared, found: Floats) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Give states (P, hidden) and wanted weights (P,) of the sentence's pieces, and the target's state at each."""
    pieces, marks, rows, named = (torch.from_numpy(part) for part in batch_of([case]))
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        states = network.encode(pieces, marks)
        asking = network.ask(states, marks, rows, named).float()
    inside = states[marks == TEXT].float()
    share = np.clip(found / found.max(), 0, 1)
    return inside, asking.expand(len(inside), -1), torch.from_numpy(share[_words(case)])
