"""Makes a model's confidences mean what they say, on one half of the development articles, and checks on the other."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from quotes.evaluation.calibration import expected_error, fit, plot
from quotes.evaluation.report import confidences, find


def calibrate(folder: Path, rows: Sequence[Mapping[str, Any]]) -> tuple[float, float]:
    """Fit slope and offset of the confidences and write them into the model's config.json.

    ``reliability.svg`` beside it shows the half of the articles that was not used.

    Args:
        folder: of the model; its config.json is changed.
        rows: annotated articles; every other one is used to fit.

    Returns:
        The expected calibration error on the other half, before and after.
    """
    settings = json.loads((folder / "config.json").read_text(encoding="utf8"))
    settings.pop("calibration", None)
    (folder / "config.json").write_text(json.dumps(settings) + "\n", encoding="utf8")
    fitted, held = rows[::2], rows[1::2]
    found = find(rows, folder)
    before = expected_error(*confidences(held, found))
    settings["calibration"] = fit(*confidences(fitted, found))
    (folder / "config.json").write_text(json.dumps(settings) + "\n", encoding="utf8")
    sure, right = confidences(held, find(held, folder))
    (folder / "reliability.svg").write_text(plot(sure, right), encoding="utf8")
    return before, expected_error(sure, right)
