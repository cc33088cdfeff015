"""Outliers move from what goes into a matrix over into its weights, and nothing else changes."""

from __future__ import annotations

import pytest

torch = pytest.importorskip("torch", reason="needs the extra train (torch)")

from torch import Tensor, nn  # noqa: E402

from quotes.training.smoothing import smooth  # noqa: E402


def in_eight_bits(x: Tensor) -> Tensor:
    scale = x.abs().max() / 127
    return (x / scale).round() * scale


def test_layers_give_what_they_gave_and_lose_less_in_eight_bits() -> None:
    torch.manual_seed(5)
    first, second = nn.Linear(32, 16), nn.Linear(32, 8)
    read = torch.randn(50, 32)
    read[:, 3] *= 60
    before = [one(read) for one in (first, second)]
    lost = (first(in_eight_bits(read)) - before[0]).abs().mean()
    smooth([[first, second]], lambda: (first(read), second(read)))
    for one, old in zip((first, second), before, strict=True):
        assert torch.allclose(one(read), old, atol=1e-3)
    first.register_forward_pre_hook(lambda _, given: in_eight_bits(given[0]))
    assert (first(read) - before[0]).abs().mean() < lost / 4


def test_what_is_never_seen_still_works() -> None:
    one = nn.Linear(4, 4)
    read = torch.ones(1, 4)
    before = one(read)
    smooth([[one]], lambda: one(torch.zeros(1, 4)))
    assert torch.allclose(one(read), before, atol=1e-4)
