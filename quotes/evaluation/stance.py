"""How good the stances are: the model beside the lexicon and the commonest label, with confusion and calibration.

Here targets and speakers are the annotated ones; how good they are together with found targets is another question.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc

from quotes.errors import ReadError
from quotes.evaluation import lexicon
from quotes.evaluation.calibration import expected_error
from quotes.evaluation.report import read_gold
from quotes.evaluation.stance_cases import read_dse, read_mtsc
from quotes.language import grammar
from quotes.language.attribution_model import Floats
from quotes.language.stance_model import LABELS, StanceModel, label_of
from quotes.language.stances import questions
from quotes.language.targets import Target
from quotes.records import Quote, Span, Speaker, StanceLabel

FILES = {"newsmtsc_rw_dev.jsonl": read_mtsc, "newsmtsc_mt_dev.jsonl": read_mtsc, "dse_valid.tsv": read_dse}


@dataclass(frozen=True, slots=True)
class Figures:
    """How found labels compare with annotated ones.

    Attributes:
        confusion: for each annotated label, how often each label was found.
        f1: of each label, 0 to 1.
        macro_f1: the mean of the labels' F1.
        accuracy: the share of right labels.
    """

    confusion: Mapping[StanceLabel, Mapping[StanceLabel, int]]
    f1: Mapping[StanceLabel, float]
    macro_f1: float
    accuracy: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """The figures of one file: of the model, of the lexicon, and of always saying the commonest label.

    Attributes:
        name: of the file.
        model: of the trained model.
        lexicon: of the method by rules.
        majority: of the label that the file has most.
        calibration_error: the expected calibration error of the model's likeliest label.
    """

    name: str
    model: Figures
    lexicon: Figures
    majority: Figures
    calibration_error: float


def figures_of(gold: Sequence[StanceLabel], found: Sequence[StanceLabel]) -> Figures:
    """Compare found labels with annotated ones, case by case."""
    pairs = Counter(zip(gold, found, strict=True))
    confusion = {right: {label: pairs[right, label] for label in LABELS} for right in LABELS}
    f1 = {}
    for label in LABELS:
        cases = sum(confusion[label].values()) + sum(confusion[right][label] for right in LABELS)
        f1[label] = 2 * confusion[label][label] / cases if cases else 0.0
    right = sum(pairs[label, label] for label in LABELS)
    return Figures(confusion, f1, sum(f1.values()) / len(LABELS), right / max(1, len(gold)))


def expected_error_of(chances: Floats, gold: Sequence[StanceLabel]) -> float:
    """Give the expected calibration error of the chances (cases, labels) of the label that is likeliest."""
    best = chances.argmax(axis=1)
    return expected_error(
        [float(chance) for chance in chances.max(axis=1)],
        [LABELS[n] == label for n, label in zip(best, gold, strict=True)],
    )


def evaluate(
    folder: Path, model: StanceModel, nlp: Language, articles: Path | None = None, speakers: Path | None = None
) -> Iterator[Comparison]:
    """Measure the model on annotated stances.

    Args:
        folder: holds newsmtsc_rw_dev.jsonl, newsmtsc_mt_dev.jsonl and dse_valid.tsv; absent ones are left out.
        model: the model.
        nlp: a pipeline with tagger, parser and lemmatizer, for the lexicon.
        articles: annotated articles, JSON Lines.
        speakers: their speakers and stances, JSON: {article id: {"speakers": ..., "stances": ...}}.

    Yields:
        The figures of each file.

    Raises:
        ReadError: there is none of these files, or one is not of its format.
    """
    there = [name for name in FILES if (folder / name).exists()]
    if not there and speakers is None:
        raise ReadError(f"{folder} holds none of {', '.join(FILES)}.", "Name a folder with one of these files.")
    for name in there:
        try:
            lessons = FILES[name](folder / name)
        except (ValueError, KeyError, TypeError, IndexError) as error:
            raise ReadError(f"{folder / name} is not what its name says: {error!r}.", "Get the file anew.") from error
        docs = nlp.pipe(lesson.case.text for lesson in lessons)
        plain = [lexicon.label(doc, lesson.case.places) for lesson, doc in zip(lessons, docs, strict=True)]
        readings = model.predict([lesson.case for lesson in lessons])
        yield _compared(name, [lesson.label for lesson in lessons], [r.chances for r in readings], plain, model)
    if articles is not None and speakers is not None:
        gold, chances, plain = [], [], []
        for quote, target, label, doc in annotated(articles, speakers, nlp):
            readings = model.predict([question.case for question in questions(doc, quote, target)])
            if readings:
                gold.append(label)
                chances.append(max(readings, key=lambda r: max(r.chances[0], r.chances[2])).chances)
                tokens = [token for span in (*quote.cue, *quote.spans) for token in grammar.between(doc, *span)]
                plain.append(lexicon.label(tokens, target.places))
        yield _compared(speakers.name, gold, chances, plain, model)


def _compared(
    name: str,
    gold: Sequence[StanceLabel],
    chances: Sequence[Floats],
    plain: Sequence[StanceLabel],
    model: StanceModel,
) -> Comparison:
    import numpy as np

    found = [label_of(one.tolist(), model.config["threshold"])[0] for one in chances]
    commonest = Counter(gold).most_common(1)[0][0]
    return Comparison(
        name,
        figures_of(gold, found),
        figures_of(gold, plain),
        figures_of(gold, [commonest] * len(gold)),
        expected_error_of(np.stack(chances), gold),
    )


def annotated(articles: Path, speakers: Path, nlp: Language) -> Iterator[tuple[Quote, Target, StanceLabel, Doc]]:
    """Read annotated stances of quotes, with the annotated speakers, contents and targets.

    Args:
        articles: see ``report.read_gold``.
        speakers: {article id: {"speakers": {id: {"name", "type"}}, "stances": [{"id", "target", "stance", ...}]}}.
        nlp: a pipeline that sets sentences.

    Yields:
        The quote, the target with the places where it is named, the label, and the article's document.
    """
    known = json.loads(speakers.read_text(encoding="utf8"))
    for row in read_gold(articles):
        stances = known.get(row["id"], {}).get("stances", [])
        if not stances:
            continue
        doc = nlp(row["text"])
        doc._.text = row["text"]
        attributions = {one["id"]: one for one in row["attributions"]}
        for stance in stances:
            one = attributions.get(stance["id"])
            if one is not None:
                quote = _quote(one, known[row["id"]]["speakers"].get(stance["id"]))
                places = places_of(doc, quote, stance["target"])
                yield quote, Target(stance["target"], stance["target_type"], places), stance["stance"], doc


def _quote(attribution: Mapping[str, Any], speaker: Mapping[str, Any] | None) -> Quote:
    def spans(role: str) -> tuple[Span, ...]:
        return tuple(Span(*span) for span in attribution[role])

    named = Speaker(speaker["name"], speaker["type"]) if speaker else None
    return Quote("direct", "", spans("content"), spans("source"), spans("cue"), speaker=named)


def places_of(doc: Doc, quote: Quote, name: str) -> tuple[Span, ...]:
    """Find where a quote names something: all the name's words in a row, else its last word; none where it does not."""
    text = doc.text.lower()
    for words in (name.lower(), name.lower().split()[-1]):
        found = tuple(_occurrences(text, words, quote.spans))
        if found:
            return found
    return ()


def _occurrences(text: str, words: str, spans: Iterable[Span]) -> Iterator[Span]:
    for start, end in spans:
        at = text.find(words, start, end)
        while at >= 0:
            yield Span(at, at + len(words))
            at = text.find(words, at + 1, end)
