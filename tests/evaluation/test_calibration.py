"""Whether confidences mean what they say."""

from __future__ import annotations

import random

import pytest

from quotes.evaluation.calibration import bins, expected_error, fit, plot
from quotes.language.attribution_model import calibrated


def test_a_perfect_scale_has_no_error() -> None:
    assert expected_error([0.75] * 4, [True, True, True, False]) == 0.0
    assert expected_error([1.0, 0.0], [True, False]) == 0.0


def test_overconfidence_is_measured() -> None:
    assert expected_error([0.9] * 10, [True] * 5 + [False] * 5) == pytest.approx(0.4)


def test_bins_hold_all_quotes() -> None:
    found = bins([0.05, 0.15, 0.17, 1.0], [False, True, False, True])
    assert [(one.count, one.right) for one in found] == [(1, 0.0), (2, 0.5), (1, 1.0)]


def test_fitting_mends_overconfidence() -> None:
    rng = random.Random(1)
    raw = [rng.uniform(0.5, 1) for _ in range(4000)]
    right = [rng.random() < calibrated(one, 0.6, -0.5) for one in raw]
    slope, offset = fit(raw, right)
    assert slope == pytest.approx(0.6, abs=0.1)
    assert offset == pytest.approx(-0.5, abs=0.15)
    mended = [calibrated(one, slope, offset) for one in raw]
    assert expected_error(mended, right) < 0.03 < expected_error(raw, right)


def test_the_diagram_has_a_bar_for_each_bin() -> None:
    drawn = plot([0.05, 0.95, 0.96], [False, True, True])
    assert drawn.startswith("<svg")
    assert drawn.count('fill="#1f5c4d"') == 2
