"""Quotes of PolNeAR's training articles whose stances were annotated for this project.

The annotation holds places and labels; the words stand in the corpus. quoted_stances.jsonl is learnt from,
quoted_stances_kept.jsonl, other quotes of for the most part the same articles, is measured on.
"""

from __future__ import annotations

import json
import logging
from dataclasses import replace
from pathlib import Path

from quotes.evaluation.stance_cases import Lesson
from quotes.language import load_pipeline
from quotes.language.stance_model import Case
from quotes.language.stances import questions
from quotes.language.targets import targets
from quotes.records import Span
from quotes.settings import PACKAGE, Settings
from quotes.training.corpus import read_corpus

LOG = logging.getLogger(__name__)
ANNOTATION = PACKAGE / "training" / "quoted_stances.jsonl"
KEPT = PACKAGE / "training" / "quoted_stances_kept.jsonl"
NOTHING, SHORTEST = "it", 8


def read_quoted(articles: Path, annotation: Path = ANNOTATION) -> list[Lesson]:
    """Read the annotated quotes.

    Args:
        articles: PolNeAR's articles, JSON Lines.
        annotation: one JSON object a line: {"article", "window": [start, end], "target", "places", "speaker",
            "source", "stance"}, all places in code points of the article's text.

    Returns:
        A lesson for each line whose article is there.
    """
    texts = {row["id"]: row["text"] for row in read_corpus(articles)}
    lessons = []
    with annotation.open(encoding="utf8") as lines:
        rows = [json.loads(line) for line in lines]
    for row in rows:
        if row["article"] in texts:
            start, end = row["window"]
            places, source = (
                tuple(Span(a - start, b - start) for a, b in row[name] if start <= a and b <= end)
                for name in ("places", "source")
            )
            case = Case(texts[row["article"]][start:end], row["target"], places, row["speaker"], source)
            lessons.append(Lesson(case, row["stance"], row["article"], kind="quote"))
    LOG.info("annotated quotes: %d of %d have their article", len(lessons), len(rows))
    return lessons


def passages(articles: Path) -> list[Case]:
    """Give the paragraphs of articles as cases about nothing, for their words alone."""
    return [
        Case(paragraph, NOTHING)
        for row in read_corpus(articles)
        for paragraph in row["text"].split("\n")
        if len(paragraph.split()) >= SHORTEST
    ]


def untold(articles: Path) -> list[Case]:
    """Give what the program asks about the quotes of articles, of their speakers and also of the author."""
    nlp = load_pipeline(Settings())
    nlp.remove_pipe("quote_stances")
    cases = []
    with nlp.memory_zone():
        for doc in nlp.pipe([row["text"] for row in read_corpus(articles)], batch_size=16):
            for quote in doc._.quotes:
                cases += [one.case for target in targets(doc, quote) for one in questions(doc, quote, target)]
    by_the_author = [replace(case, speaker=None, source=()) for case in cases]
    return list(dict.fromkeys(cases + by_the_author))
