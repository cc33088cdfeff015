"""Making a network fit for eight-bit numbers: outliers of what goes into a matrix move over into its weights.

What goes into a matrix gets one scale for a whole text, which single large numbers would make coarse for all the rest
(SmoothQuant; Xiao et al., ICML 2023, equation 4).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import Tensor, nn

STRENGTH = 0.8
"""How much of the outliers the weights take over, 0 to 1."""
LEAST = 1e-3


def smooth(groups: Sequence[Sequence[nn.Linear]], run: Callable[[], object]) -> None:
    """Shrink what goes into linear layers, each number by a factor of its own, which their weights make good.

    Args:
        groups: the layers, those that read the same together; changed in place, to give what they gave.
        run: lets the network read texts that are like those it will read, to see what goes into each layer.
    """
    largest = [torch.zeros(group[0].in_features) for group in groups]

    def looking(number: int) -> Callable[[nn.Module, tuple[Tensor, ...]], None]:
        def look(_: nn.Module, given: tuple[Tensor, ...]) -> None:
            seen = given[0].detach().float().abs().flatten(0, -2).amax(0)
            largest[number] = torch.maximum(largest[number], seen)

        return look

    hooks = [group[0].register_forward_pre_hook(looking(number)) for number, group in enumerate(groups)]
    with torch.inference_mode():
        run()
    for hook in hooks:
        hook.remove()
    for group, seen in zip(groups, largest, strict=True):
        rows = torch.stack([one.weight.detach().abs().amax(0) for one in group]).amax(0)
        factors = seen.clamp_min(LEAST) ** STRENGTH / rows.clamp_min(LEAST) ** (1 - STRENGTH)
        shrink = 1 / factors
        for one in group:
            one.weight.data *= factors
            one.register_forward_pre_hook(lambda _, given, shrink=shrink: (given[0] * shrink,))
