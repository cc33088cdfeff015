"""Whether a confidence means what it says: of all quotes with 0.8, four in five should be right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

BINS = 10
STEPS = 200


@dataclass(frozen=True, slots=True)
class Bin:
    """Quotes of similar confidence: their number, mean confidence and the share that is right."""

    count: int
    confidence: float
    right: float


def fit(raw: Sequence[float], right: Sequence[bool]) -> tuple[float, float]:
    """Fit slope and offset of the logit by Newton's method on the logistic loss.

    Args:
        raw: confidences, 0 to 1.
        right: whether each was right.

    Returns:
        Slope and offset for ``quotes.language.attribution_model.calibrated``.
    """
    inputs = np.stack([_logit(np.array(raw)), np.ones(len(raw))], axis=1)
    wanted = np.array(right, float)
    weights = np.array([1.0, 0.0])
    for _ in range(STEPS):
        chance = 1 / (1 + np.exp(-inputs @ weights))
        slope = inputs.T @ (chance - wanted)
        curve = inputs.T @ (inputs * (chance * (1 - chance))[:, None]) + 1e-6 * np.eye(2)
        step = np.linalg.solve(curve, slope)
        weights = weights - step
        if np.abs(step).max() < 1e-9:
            break
    return float(weights[0]), float(weights[1])


def bins(confidence: Sequence[float], right: Sequence[bool]) -> list[Bin]:
    """Sort quotes into ten bins of equal width; empty ones are left out."""
    sure, true = np.array(confidence), np.array(right, float)
    place = np.minimum((sure * BINS).astype(int), BINS - 1)
    return [
        Bin(int((place == n).sum()), float(sure[place == n].mean()), float(true[place == n].mean()))
        for n in range(BINS)
        if (place == n).any()
    ]


def expected_error(confidence: Sequence[float], right: Sequence[bool]) -> float:
    """Give the expected calibration error (Naeini et al., AAAI 2015): the mean gap between confidence and truth."""
    found = bins(confidence, right)
    return sum(one.count * abs(one.confidence - one.right) for one in found) / max(1, sum(one.count for one in found))


def plot(confidence: Sequence[float], right: Sequence[bool]) -> str:
    """Draw a reliability diagram as SVG: bars of what is right against the diagonal of what is said."""
    size, margin = 360, 40
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size + 2 * margin} {size + 2 * margin + 12}" '
        'font-family="sans-serif" font-size="12">',
        '<rect width="100%" height="100%" fill="white"/>',
    ]
    for one in bins(confidence, right):
        left = margin + min(int(one.confidence * BINS), BINS - 1) * size / BINS
        high = one.right * size
        parts.append(
            f'<rect x="{left + 2:.0f}" y="{margin + size - high:.0f}" width="{size / BINS - 4:.0f}" '
            f'height="{high:.0f}" fill="#1f5c4d"/>'
            f'<text x="{left + size / BINS / 2:.0f}" y="{margin + size - high - 4:.0f}" text-anchor="middle">'
            f"{one.count}</text>"
        )
    end = margin + size
    parts.append(f'<path d="M{margin} {end} L{end} {margin}" stroke="#b4500e" stroke-dasharray="6 4" fill="none"/>')
    parts.append(f'<path d="M{margin} {margin} V{end} H{end}" stroke="black" fill="none"/>')
    for tenth in range(0, 11, 2):
        at = tenth * size / 10
        parts.append(f'<text x="{margin + at:.0f}" y="{end + 16}" text-anchor="middle">{tenth / 10}</text>')
        parts.append(f'<text x="{margin - 6}" y="{end - at + 4:.0f}" text-anchor="end">{tenth / 10}</text>')
    parts.append(f'<text x="{margin + size / 2}" y="{end + 36}" text-anchor="middle">confidence</text>')
    parts.append(f'<text x="{margin}" y="{margin - 14}">share that is right (number of quotes)</text></svg>')
    return "\n".join(parts) + "\n"


def _logit(raw: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    bounded = np.clip(raw, 1e-4, 1 - 1e-4)
    return np.asarray(np.log(bounded / (1 - bounded)))
