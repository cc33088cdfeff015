"""What people said for and against whom, by month, and where they turned: hand-made rows of invented people."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from invented import BY_NAME, PEOPLE, quote, stance

from quotes.records import Article, StanceLabel
from quotes.store import reading
from quotes.store.store import writing

Rows = Callable[[Sequence["Said"], str], list[tuple[Any, ...]]]
LEVY = "the harbour levy"


class Said(NamedTuple):
    """One quote about one target."""

    words: str
    target: str
    label: StanceLabel
    day: date | None
    score: float = 0.9
    by: str = "Tobin Ashgrove"
    published: date | None = None
    confidence: float = 0.9
    cue_class: str = "speech"


@pytest.fixture
def rows(tmp_path: Path) -> Rows:
    """Save quotes, one an article, and ask the database."""

    def ask(said: Sequence[Said], query: str) -> list[tuple[Any, ...]]:
        path = tmp_path / "quotes.duckdb"
        with writing(path, 10) as store:
            ingest = store.begin(["invented"], "none")
            for number, one in enumerate(said):
                given = quote(
                    one.words,
                    one.words,
                    by=BY_NAME[one.by].id,
                    said_on=one.day,
                    said_on_precision="day" if one.day else None,
                    confidence=one.confidence,
                    cue_class=one.cue_class,
                    stances=(stance(one.target, one.label, one.score),),
                )
                store.save(ingest, Article(f"a{number}", one.words, published=one.published), [given], PEOPLE)
            store.finish(ingest)
        with reading(path, 5) as connection:
            return connection.execute(query).fetchall()

    return ask


def day(month: int, number: int) -> date:
    return date(2031, month, number)


def test_months_count_labels_and_give_the_mean_with_its_count(rows: Rows) -> None:
    said = [
        Said("“One.”", LEVY, "against", day(1, 3), 0.8),
        Said("“Two.”", LEVY, "favor", day(1, 30), 0.6),
        Said("“Three.”", LEVY, "neutral", day(1, 31), 0.7),
        Said("“Four.”", LEVY, "favor", day(2, 1), 1.0),
    ]
    query = """SELECT speaker, target, month, favor, against, neutral, mean_score, stances
               FROM stance_over_time ORDER BY month"""
    assert rows(said, query) == [
        ("Tobin Ashgrove", LEVY, day(1, 1), 1, 1, 1, -0.067, 3),
        ("Tobin Ashgrove", LEVY, day(2, 1), 1, 0, 0, 1.0, 1),
    ]


def test_forms_of_a_target_are_one_row_under_the_most_printed(rows: Rows) -> None:
    said = [
        Said("“One.”", "trade deals", "against", day(1, 3)),
        Said("“Two.”", "trade deal", "against", day(1, 4)),
        Said("“Three.”", "the Trade Deal", "against", day(1, 5)),
        Said("“Four.”", "trade deal", "favor", day(1, 6)),
        Said("“Five.”", "trade", "favor", day(1, 6)),
    ]
    assert rows(said, "SELECT target, favor, against, net FROM stance_matrix ORDER BY target") == [
        ("trade", 1, 0, 1),
        ("trade deal", 1, 3, -2),
    ]


def test_a_turn_comes_with_both_quotes_and_days(rows: Rows) -> None:
    said = [
        Said("“Never.”", LEVY, "against", day(1, 3)),
        Said("“Still never.”", LEVY, "against", day(2, 3)),
        Said("“Who knows?”", LEVY, "neutral", day(3, 3)),
        Said("“At last.”", LEVY, "favor", None, published=day(4, 3)),
        Said("“At last again.”", LEVY, "favor", day(5, 3)),
        Said("“Fine.”", LEVY, "favor", day(2, 20), by="Ilse Marrow"),
    ]
    query = """SELECT speaker, target, stance_before, day_before, text_before, stance, day, text,
               quote_id_before <> quote_id FROM stance_changes"""
    assert rows(said, query) == [
        ("Tobin Ashgrove", LEVY, "against", day(2, 3), "“Still never.”", "favor", day(4, 3), "“At last.”", True)
    ]


def test_a_day_on_which_both_were_said_has_the_label_of_the_surer(rows: Rows) -> None:
    said = [
        Said("“Never.”", LEVY, "against", day(1, 3), 0.9),
        Said("“Rather not.”", LEVY, "against", day(1, 4), 0.6),
        Said("“Gladly.”", LEVY, "favor", day(1, 4), 0.8),
        Said("“No.”", LEVY, "against", day(1, 5), 0.7),
        Said("“Yes.”", LEVY, "favor", day(1, 6), 0.7),
        Said("“No!”", LEVY, "against", day(1, 6), 0.7),
    ]
    assert rows(said, "SELECT text_before, text FROM stance_changes ORDER BY day") == [
        ("“Never.”", "“Gladly.”"),
        ("“Gladly.”", "“No.”"),
    ]


@pytest.mark.parametrize(
    "doubtful",
    [
        {"confidence": 0.49},
        {"cue_class": "other"},
        {"day": None},
        {"by": "Ilse Marrow"},
        {"target": "the night trains"},
        {"label": "neutral"},
    ],
)
def test_what_does_not_count_is_no_turn(rows: Rows, doubtful: dict[str, Any]) -> None:
    turned = Said("“At last.”", LEVY, "favor", day(1, 4))._replace(**doubtful)
    assert rows([Said("“Never.”", LEVY, "against", day(1, 3)), turned], "FROM stance_changes") == []


def test_who_on_whom_is_about_people_other_than_oneself(rows: Rows) -> None:
    said = [
        Said("“One.”", "Ilse Marrow", "against", day(1, 3)),
        Said("“Two.”", "Ilse Marrow", "against", None),
        Said("“Three.”", "Tobin Ashgrove", "favor", day(1, 3)),
        Said("“Four.”", LEVY, "against", day(1, 3)),
    ]
    query = "SELECT person_id, about, target_person_id, favor, against, net, first_day, last_day FROM who_on_whom"
    assert rows(said, query) == [("tobin-ashgrove", "Ilse Marrow", "ilse-marrow", 0, 2, -2, day(1, 3), day(1, 3))]
