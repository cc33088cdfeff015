"""When and where something was said."""

from __future__ import annotations

from datetime import date

import pytest
from seeing import Read

from quotes.language.occasions import date_in

WEDNESDAY = date(2022, 3, 16)


@pytest.mark.parametrize(
    ("words", "day", "precision"),
    [
        ("said on Tuesday", date(2022, 3, 15), "day"),
        ("said Wednesday", date(2022, 3, 16), "day"),
        ("said last Friday", date(2022, 3, 11), "day"),
        ("said on Monday evening", date(2022, 3, 14), "day"),
        ("said yesterday", date(2022, 3, 15), "day"),
        ("said last night", date(2022, 3, 15), "day"),
        ("said today", WEDNESDAY, "day"),
        ("said this morning", WEDNESDAY, "day"),
        ("said two days ago", date(2022, 3, 14), "day"),
        ("said on 3 May", date(2021, 5, 3), "day"),
        ("said on March 8", date(2022, 3, 8), "day"),
        ("said on 24 February 2022", date(2022, 2, 24), "day"),
        ("said last week", date(2022, 3, 9), "week"),
        ("said over the weekend", date(2022, 3, 12), "week"),
        ("said last month", date(2022, 2, 1), "month"),
        ("said in January", date(2022, 1, 1), "month"),
        ("said in March 2019", date(2019, 3, 1), "month"),
        ("said last year", date(2021, 1, 1), "year"),
        ("said in 2019", date(2019, 1, 1), "year"),
    ],
)
def test_expressions_of_time(words: str, day: date, precision: str) -> None:
    occasion = date_in(words, WEDNESDAY)
    assert occasion.precision == precision
    assert occasion.said_on is not None
    unit = {"day": 10, "week": 10, "month": 7, "year": 4}[precision]
    assert occasion.said_on.isoformat()[:unit] == day.isoformat()[:unit]


def test_without_a_day_of_publication_only_full_dates_are_days() -> None:
    assert date_in("said on Tuesday", None) == (None, None, "Tuesday")
    assert date_in("said on 24 February 2022", None).said_on == date(2022, 2, 24)


def test_no_expression_no_date() -> None:
    assert date_in("said it may march on", WEDNESDAY) == (None, None, None)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Anna Vell said on Tuesday that the dam would break on Friday.", date(2022, 3, 15)),
        ("On Tuesday Anna Vell said that the dam would break.", date(2022, 3, 15)),
        ("Anna Vell, who took office in 2019, said that the dam would break.", None),
        ("“The dam broke on Friday,” said Anna Vell.", None),
        ("“I know it,” Anna Vell said on Tuesday. “The dam would break.”", date(2022, 3, 15)),
    ],
)
def test_the_time_of_saying_is_not_the_time_spoken_of(read: Read, text: str, day: date | None) -> None:
    assert [quote.said_on for quote in read(text)] == [day]


@pytest.mark.parametrize(
    ("text", "venue"),
    [
        ("She told the Scottish Parliament that the dam would hold.", "the Scottish Parliament"),
        ("Anna Vell told the Evening Courier last week that the dam would hold.", "the Evening Courier"),
        ("“It will hold,” Anna Vell said in a speech to the Chamber of Deputies.", "the Chamber of Deputies"),
        ("Anna Vell said at a rally in Port Orm that the dam would hold.", "a rally in Port Orm"),
        ("Anna Vell told reporters that the dam would hold.", None),
        ("Anna Vell told him that the dam would hold.", None),
        ("Anna Vell said that the dam in Port Orm would hold.", None),
    ],
)
def test_venues(read: Read, text: str, venue: str | None) -> None:
    assert [quote.venue for quote in read(text)] == [venue]


def test_what_the_same_speaker_adds_was_said_on_the_same_occasion(read: Read) -> None:
    text = "Anna Vell told the Evening Courier on Tuesday: “It will hold.”\nShe added: “We built it well.”"
    assert [(quote.said_on, quote.venue) for quote in read(text)] == [(date(2022, 3, 15), "the Evening Courier")] * 2
