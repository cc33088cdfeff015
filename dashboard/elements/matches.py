"""Where the words of a search stand in a text."""

from __future__ import annotations

import re
from unicodedata import combining, normalize

from quotes.store.search import Matched

# A letter may be followed by accents of its own; what search_fold in macros.sql takes for words.
_WORD = re.compile(r"[^\W_](?:[^\W_]|[\u0300-\u036f])*")


def places(text: str, matched: Matched) -> list[tuple[int, int]]:
    """Find the words, beginnings of words, and phrases of a search in a text.

    Args:
        text: any text.
        matched: by which words the search finds.

    Returns:
        Code points [start, end) in order, none inside another; a phrase is one of them.
    """
    found = [(word.start(), word.end(), _folded(word.group())) for word in _WORD.finditer(text)]
    words = [word for _, _, word in found]
    lit: list[tuple[int, int]] = []
    at = 0
    while at < len(found):
        run = max((len(one) for one in matched.phrases if tuple(words[at : at + len(one)]) == one), default=0)
        if not run and (words[at] in matched.words or words[at].startswith(matched.prefixes)):
            run = 1
        if run:
            lit.append((found[at][0], found[at + run - 1][1]))
        at += run or 1
    return lit


def _folded(word: str) -> str:
    return "".join(c for c in normalize("NFD", word) if not combining(c)).lower()
