"""Text that means harm, or is none: no exception, no lost neighbour, time linear in the length."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from seeing import Read
from spacy.language import Language

from quotes.language import read_quotes
from quotes.records import Article

BITS = [
    "“",
    "”",
    '"',
    "'",
    "‘",
    "’",
    "«",
    "said",
    "called",
    "a",
    "liar",
    "She",
    "Anna",
    "Vell",
    ",",
    ".",
    "\n",
    ":",
    "to",
    "\x00",
    "🙂",
]


@pytest.mark.parametrize("text", ["", " ", "\n\n", "“”", "““““”", "'", "\u200b", "🙂" * 50, "\r\n\r", "a" * 5000])
def test_odd_texts_give_an_empty_result(read: Read, text: str) -> None:
    assert read(text) == ()


@settings(max_examples=60, deadline=None)
@given(bits=st.lists(st.sampled_from(BITS), max_size=40), glue=st.sampled_from(["", " "]))
def test_any_text_is_read_and_offsets_hold(read: Read, bits: list[str], glue: str) -> None:
    text = glue.join(bits)
    for quote in read(text):
        words = [text[span.start : span.end] for span in quote.spans]
        assert all(word.strip() for word in words)
        assert all(word in quote.text for word in words)


@pytest.mark.parametrize(
    "unit",
    ["“", '"', "'", "“yes,” Anna Vell said, ", "Anna Vell said that Tomas Orm lied. ", "“Hello there\n", "said ", "(“"],
)
def test_time_is_linear_in_the_length(nlp: Language, unit: str) -> None:
    """Our components' time is compared with that of the base pipeline on the same text, which is linear."""
    ours = nlp.pipe_names.index("quote_attribution")

    def ratio(characters: int) -> float:
        doc = nlp.make_doc(unit * (characters // len(unit)))
        doc._.article = Article("long", "")
        spent = [0.0, 0.0]
        for place, (_, component) in enumerate(nlp.pipeline):
            before = time.process_time()
            doc = component(doc)
            spent[place >= ours] += time.process_time() - before
        return spent[1] / spent[0]

    ratio(500)
    assert ratio(24_000) < max(3 * ratio(6_000), 0.5)


@pytest.mark.slow
@pytest.mark.parametrize("unit", ["“", '"', "said “"])
def test_a_hundred_thousand_unclosed_marks(nlp: Language, unit: str) -> None:
    before, bad, after = (
        Article(name, text)
        for name, text in [
            ("before", "Anna Vell said the dam would hold."),
            ("bad", unit * 100_000),
            ("after", "“It will,” said Tomas Orm."),
        ]
    )
    found = {article.id: quotes for article, quotes in read_quotes(nlp, [before, bad, after])}
    assert [len(found["before"]), len(found["after"])] == [1, 1]
