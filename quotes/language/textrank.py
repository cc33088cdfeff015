"""TextRank (Mihalcea & Tarau, TextRank: Bringing Order into Texts, EMNLP 2004, section 3) on the words of one quote.

It gives what ``textacy.extract.keyterms.textrank`` gives (tests/language/test_topics.py), whose graphs by networkx took
a quarter of the time of the whole spaCy pipeline, and whose import, with scikit-learn and pandas behind it, a second
of every start.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby, pairwise

import numpy as np
from jellyfish import levenshtein_distance
from spacy.tokens import Doc, Token

DAMPING = 0.85
ROUNDS = 100
EXACT = 1e-6
"""The mean change of a word's score below which no more rounds are made."""
CLASSES = ("NOUN", "PROPN", "ADJ")
ALIKE = 0.8
"""From which similarity on a term is left out for a better one."""
ALPHANUMERIC = re.compile(r"[^\W_]+")


def textrank(words: Doc, most: int) -> list[str]:
    """Choose terms by the rank of their words.

    Args:
        words: a document with lemmas and parts of speech.
        most: how many terms to give at most.

    Returns:
        Terms as lemmas: runs of nouns and adjectives, the best first; none that is part of a better one or nearly equal
        to it.
    """
    scores = pagerank([token.lemma_ for token in words])
    terms = {tuple(token.lemma_ for token in run) for is_part, run in groupby(words, _is_part) if is_part}
    summed = {" ".join(term): sum(scores.get(word, 0.0) for word in term) for term in terms}
    chosen: list[str] = []
    # Rounded, so that what is equal but for the last digits is ordered by its letters.
    for _, term in sorted(((round(score, 9), term) for term, score in summed.items()), reverse=True):
        if not any(term in better or _similarity(term, better) >= ALIKE for better in chosen):
            chosen.append(term)
            if len(chosen) == most:
                break
    return chosen


def pagerank(words: Sequence[str]) -> dict[str, float]:
    """Rank words by which stand beside which.

    Args:
        words: in the order of the text.

    Returns:
        The score of each, all together 1; nothing for fewer than two words.
    """
    if len(words) < 2:
        return {}
    places = {word: place for place, word in enumerate(dict.fromkeys(words))}
    beside = np.zeros((len(places), len(places)))
    for one, other in pairwise(words):
        beside[places[one], places[other]] = beside[places[other], places[one]] = 1.0
    beside /= beside.sum(axis=1, keepdims=True)
    scores = np.full(len(places), 1 / len(places))
    for _ in range(ROUNDS):
        before = scores
        scores = DAMPING * (before @ beside) + (1 - DAMPING) / len(places)
        if np.abs(scores - before).mean() < EXACT:
            break
    return dict(zip(places, scores.tolist(), strict=True))


def _is_part(token: Token) -> bool:
    return token.pos_ in CLASSES and not (token.is_stop or token.is_punct or token.is_space)


def _similarity(one: str, other: str) -> float:
    """Compare two terms letter by letter, their words in the order of the alphabet; 0 to 1."""
    a, b = (" ".join(sorted(ALPHANUMERIC.findall(term.lower()))) for term in (one, other))
    longest = max(len(a), len(b))
    return 1 - levenshtein_distance(a, b) / longest if longest else 0.0
