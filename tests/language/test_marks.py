"""Which words stand between quotation marks, of every kind that papers print."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotes.language.marks import overlapping, quotations
from quotes.language.paragraphs import paragraphs
from quotes.records import Span


def found(text: str) -> list[list[str]]:
    return [[text[span.start : span.end] for span in quotation.spans] for quotation in quotations(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He said “a b c” and “d e f”.", ["“a b c”", "“d e f”"]),
        ('"One," said Vell, "two."', ['"One,"', '"two."']),
        ("‘It is fine,’ she said.", ["‘It is fine,’"]),
        ("'It is fine,' she said.", ["'It is fine,'"]),
        ("«Water,» said Vell. ‹Wine,› said Orm.", ["«Water,»", "‹Wine,›"]),
        ("„Wasser“ is water, „vatten” too.", ["„Wasser“", "„vatten”"]),
        ("``Tex quotes,'' he said.", ["``Tex quotes,''"]),
        ("“She said ‘no’ to me,” he said.", ["“She said ‘no’ to me,”"]),
        ("‘She said “no” to me,’ he said.", ["‘She said “no” to me,’"]),
        ('“A "straight" one inside” is one.', ['“A "straight" one inside”']),
        ("(“In brackets,” he said.)", ["“In brackets,”"]),
        ('He asked:"Why?"', ['"Why?"']),
        ('Printed with “mixed" marks and "again” so.', ['“mixed"', '"again”']),
        ("”Turned round,” said Vell.", ["”Turned round,”"]),
    ],
)
def test_each_kind_of_mark(text: str, expected: list[str]) -> None:
    assert found(text) == [[one] for one in expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The dog’s bone and the dogs’ bones aren’t ‘fine by me’, he said.", ["‘fine by me’"]),
        ("‘It’s the workers’ right,’ she said. ‘We can’t go.’", ["‘It’s the workers’ right,’", "‘We can’t go.’"]),
        ("'It's mine,' he said, 'and the boys' too.'", ["'It's mine,'", "'and the boys' too.'"]),
        ("The '90s, rock 'n' roll, and 'em all.", []),
        ("’Twas the ’90s.", []),
        ("the O'Neil's plan for schools' funding", []),
        ('He was 6\'2" tall and said "I am".', ['"I am"']),
        ("'What about the ministers' pay?' she asked.", ["'What about the ministers' pay?'"]),
    ],
)
def test_apostrophes_are_not_quotation_marks(text: str, expected: list[str]) -> None:
    assert found(text) == [[one] for one in expected]


@pytest.mark.parametrize(("left", "right"), [("“", "”"), ('"', '"'), ("‘", "’"), ("«", "»")])
def test_a_quote_over_paragraphs_that_reopens_each_is_one(left: str, right: str) -> None:
    text = f"He said: {left}First part.\n\n{left}Second part.\n{left}Third part.{right} He left.\n\nNobody came."
    assert found(text) == [[f"{left}First part.", f"{left}Second part.", f"{left}Third part.{right}"]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He said: “We shall go.\nNobody came.", [["“We shall go."]]),
        ("A stray “ here.\nThen “a whole one” there.", [["“ here."], ["“a whole one”"]]),
        ("One “two “three” four.", [["“three”"]]),
        ("‘one never closed.\nNobody came.", []),
        ('"Forgotten, the minister wrote.\n"A new one," said Vell.', [['"Forgotten,'], ['"A new one,"']]),
        ("“Forgotten, Ada Vell said.\n“Then another,” said Orm.", [["“Forgotten,"], ["“Then another,”"]]),
    ],
)
def test_an_unclosed_mark_ends_with_its_paragraph(text: str, expected: list[list[str]]) -> None:
    assert found(text) == expected


def test_unclosed_quotations_say_so() -> None:
    assert [quotation.closed for quotation in quotations("“Yes.”\nHe said: “No.\nThe end.")] == [True, False]


def test_hard_wrapped_lines_do_not_end_a_paragraph() -> None:
    text = "He said: “We shall go to the sea\nand to the hills.”\n\nNobody came, and the rain fell\non the town."
    assert found(text) == [["“We shall go to the sea\nand to the hills.”"]]


@given(st.text(alphabet="“”‘’\"'«»„ aAs.,\n", max_size=60))
def test_any_text_gives_ordered_quotations_inside_it(text: str) -> None:
    before = 0
    for quotation in quotations(text):
        for span in quotation.spans:
            assert before <= span.start < span.end <= len(text)
            assert any(block.start <= span.start and span.end <= block.end for block in paragraphs(text))
            before = span.end


@given(st.lists(st.tuples(st.integers(1, 5), st.integers(1, 5)), max_size=8), st.integers(0, 40), st.integers(1, 40))
def test_overlapping_equals_a_look_at_each(gaps: list[tuple[int, int]], start: int, length: int) -> None:
    spans, at = [], 0
    for gap, size in gaps:
        spans.append(Span(at + gap, at + gap + size))
        at += gap + size
    end = start + length
    assert list(overlapping(spans, start, end)) == [one for one in spans if one.start < end and start < one.end]
