"""The bars on PolNeAR's development articles, run by `make test-all` where ../shared is."""

from __future__ import annotations

from pathlib import Path

import pytest

from quotes.evaluation.calibration import expected_error
from quotes.evaluation.report import Report, confidences, find, read_gold, report

DEV = Path(__file__).parents[3] / "shared" / "data" / "polnear_dev.jsonl"
BARS = {
    "content": 0.905,
    "relation": 0.755,
    "quoted_attributed": 0.945,
    "exact_source": 0.828,
    "exact_cue": 0.76,
    "exact_content": 0.71,
}
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not DEV.exists(), reason="the development articles lie in ../shared, which is not here"),
]


@pytest.fixture(scope="module")
def result() -> Report:
    rows = read_gold(DEV)
    return report(rows, find(rows))


@pytest.mark.parametrize("measure", BARS)
def test_figures_hold(result: Report, measure: str) -> None:
    assert result.overall[measure]["f1"] >= BARS[measure]


def test_confidences_mean_what_they_say_on_the_half_that_was_not_used_to_fit() -> None:
    rows = read_gold(DEV)[1::2]
    assert expected_error(*confidences(rows, find(rows))) <= 0.05
