"""A tokeniser whose time is linear in the text, whatever the text."""

from __future__ import annotations

import re
from collections.abc import Callable

from spacy.tokens import Doc

LONG_RUN = re.compile(r"\S{500,}")
PIECE = 100


class BoundedTokenizer:
    """Wraps spaCy's tokeniser, which takes time quadratic in a run of marks without white space.

    Runs of 500 characters and more, which no word or address of a newspaper has, are cut into pieces of 100.
    """

    def __init__(self, tokenizer: Callable[[str], Doc]) -> None:
        self.tokenizer = tokenizer

    def __call__(self, text: str) -> Doc:
        """Tokenise a text.

        Args:
            text: any text.

        Returns:
            A document with exactly this text.
        """
        if not LONG_RUN.search(text):
            return self.tokenizer(text)
        pieces: list[str] = []
        start = 0
        for run in LONG_RUN.finditer(text):
            pieces.append(text[start : run.start()])
            pieces.extend(text[at : min(at + PIECE, run.end())] for at in range(run.start(), run.end(), PIECE))
            start = run.end()
        pieces.append(text[start:])
        return Doc.from_docs([self.tokenizer(piece) for piece in pieces if piece], ensure_whitespace=False)
