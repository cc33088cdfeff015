"""The whole pipeline's time is linear in the length of any text; the figures are in docs/reliability.md."""

from __future__ import annotations

import time

import pytest
from spacy.language import Language

from quotes.language import read_quotes
from quotes.records import Article
from quotes.settings import shipped

NEWS = "\n\n".join(file.read_text(encoding="utf8") for file in sorted(shipped("sample").rglob("*.md")))


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize(
    "unit",
    [NEWS, "“", '"', "a", "AnnaVellsaid,", "\n", "“Anna Vell said ", "the mayor of the town and "],
    ids=["news", "marks", "straight", "word", "unspaced", "breaks", "unclosed", "giant"],
)
def test_ten_times_the_text_takes_about_ten_times_as_long(nlp: Language, unit: str) -> None:
    def spent(characters: int) -> float:
        text = (unit * (characters // len(unit) + 1))[:characters]
        before = time.process_time()
        ((_, quotes),) = read_quotes(nlp, [Article("long", text)])
        took = time.process_time() - before
        assert all(text[span.start : span.end].strip() for quote in quotes for span in quote.spans)
        return took

    spent(2_000)
    assert spent(100_000) < max(20 * spent(10_000), 2.0)  # a quadratic one would take a hundred times as long
