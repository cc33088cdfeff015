"""How well a network of stances does on what it was not trained on, and the temperature and threshold that suit it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from quotes.evaluation.stance import expected_error_of, figures_of
from quotes.evaluation.stance_cases import Lesson
from quotes.language.stance_model import LABELS, Case, StanceModel, chances_of, label_of


def raw_scores(model: StanceModel, lessons: Sequence[Lesson]) -> np.ndarray:
    """Give the logarithms of the chances, (lessons, labels), by which a temperature can be fitted."""
    cases: list[Case] = [lesson.case for lesson in lessons]
    return np.log(np.stack([reading.chances for reading in model.predict(cases)]) + 1e-12)


def evaluate(model: StanceModel, files: Mapping[str, Sequence[Lesson]]) -> dict[str, dict[str, float]]:
    """Give macro F1, accuracy and calibration error on the files that are not trained on."""
    results = {}
    for name, lessons in files.items():
        if name == "train":
            continue
        scores = raw_scores(model, lessons)
        gold = [lesson.label for lesson in lessons]
        found = [LABELS[n] for n in scores.argmax(1)]
        figures = figures_of(gold, found)
        results[name] = {
            "macro_f1": figures.macro_f1,
            "accuracy": figures.accuracy,
            "ece": expected_error_of(np.exp(scores), gold),
        }
    return results


def line_of(figures: Mapping[str, Mapping[str, float]]) -> str:
    """Print the macro F1 figures in one line."""
    return "  ".join(f"{name} {one['macro_f1']:.4f}" for name, one in figures.items())


def fit_temperature(model: StanceModel, lessons: Sequence[Lesson]) -> float:
    """Find the temperature with the lowest loss (Guo et al., ICML 2017); relative to the model's own."""
    scores = raw_scores(model, lessons)
    right = np.array([LABELS.index(lesson.label) for lesson in lessons])
    rows = np.arange(len(right))

    def loss(temperature: float) -> float:
        return -float(np.log(chances_of(scores, temperature)[rows, right] + 1e-12).mean())

    return min((float(t) for t in np.arange(0.5, 3.0, 0.02)), key=loss)


def fit_threshold(model: StanceModel, lessons: Sequence[Lesson]) -> float:
    """Find the chance below which neutral is the better label, by the macro F1 on the lessons."""
    chances = np.exp(raw_scores(model, lessons))
    gold = [lesson.label for lesson in lessons]

    def macro_f1(threshold: float) -> float:
        return figures_of(gold, [label_of(row.tolist(), threshold)[0] for row in chances]).macro_f1

    return max((round(float(t), 2) for t in np.arange(0.3, 0.8, 0.02)), key=macro_f1)
