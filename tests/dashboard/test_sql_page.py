"""The SQL page."""

from __future__ import annotations

from pathlib import Path

import pytest
from seeing import See, Visit

from dashboard.elements.examples import EXAMPLES
from quotes.store.store import writing


def test_runs_the_query_of_its_address(visit: Visit, seen: See, tracker: Path) -> None:
    app = visit("sql", tracker, query="select count(*) as statements from quotes")
    assert app.dataframe[0].value["statements"].to_list() == [17]
    assert app.text_area[0].value == "select count(*) as statements from quotes"
    assert "1 row" in seen(app).text


def test_a_query_typed_in_goes_into_the_address(visit: Visit, tracker: Path) -> None:
    app = visit("sql", tracker)
    assert not app.dataframe
    app.text_area[0].set_value("select 7 as seven, 'a' as letter")
    app.button[0].click().run()
    assert app.query_params == {"query": "select 7 as seven, 'a' as letter"}
    assert app.dataframe[0].value.to_dict("list") == {"seven": [7], "letter": ["a"]}


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_example_answers(visit: Visit, tracker: Path, example: str) -> None:
    app = visit("sql", tracker)
    next(button for button in app.button if button.label == example).click().run()
    assert not app.exception
    assert len(app.dataframe[0].value)


def test_what_there_is_to_ask_comes_with_its_comments(visit: Visit, seen: See, tracker: Path) -> None:
    text = seen(visit("sql", tracker)).text
    assert "View statements_view One row for each quote" in text
    assert "said_on_text" in text


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("select nothing from nowhere", "nowhere does not exist"),
        ("select 1,\n  spaeker from quotes", "LINE 2:   spaeker from quotes"),
        ("delete from quotes", "read-only"),
        ("select * from read_csv('/etc/passwd')", "disabled"),
        ("--", "There is no query in this"),
    ],
)
def test_a_wrong_query_is_told_in_duckdbs_words(visit: Visit, seen: See, tracker: Path, query: str, told: str) -> None:
    assert told in seen(visit("sql", tracker, query=query)).text


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("with recursive n as (select 1 as i union all select i + 1 from n) select count(*) from n", "stopped after"),
        ("select count(*) from range(100000) a, range(100000) b where a.range * b.range % 7 = 3", "stopped after"),
        ("select levenshtein(repeat('a', 200000), repeat('b', 200000))", "stopped after"),
        ("select list(repeat('x', 10000) || i) from range(1000000) as t(i)", "could not answer"),
        ("from enable_logging(storage = 'file', storage_path = '/nowhere'); select 1", "could not answer"),
        ("pragma enable_profiling", "Only questions are answered"),
        ("copy quotes to '/tmp/out.csv'", "Only questions are answered"),
    ],
)
def test_a_hostile_query_is_stopped_and_the_page_lives(
    visit: Visit, seen: See, tracker: Path, monkeypatch: pytest.MonkeyPatch, query: str, told: str
) -> None:
    monkeypatch.setattr("dashboard.queries.opening.SECONDS", 1.0)
    assert told in seen(visit("sql", tracker, query=query)).text
    monkeypatch.setattr("dashboard.queries.opening.SECONDS", 10.0)
    assert visit("sql", tracker, query="select 1 as one").dataframe[0].value["one"].to_list() == [1]


def test_a_giant_result_is_cut_and_said(visit: Visit, seen: See, tracker: Path) -> None:
    app = visit("sql", tracker, query="select repeat('x', 100000) as x from range(4000)")
    assert "the first of more: only 300 are fetched" in seen(app).text


def test_lists_structures_and_columns_of_one_name_are_shown(visit: Visit, tracker: Path) -> None:
    app = visit("sql", tracker, query="select [1, 2] as a, {'b': 1} as a, null as c, date '2031-02-03' as d")
    table = app.dataframe[0].value
    assert list(table.columns) == ["a", "a (2)", "c", "d"]
    assert table.iloc[0, 0] == "[1, 2]"


def test_more_rows_than_a_page_can_hold_are_cut_and_said(visit: Visit, seen: See, tracker: Path) -> None:
    app = visit("sql", tracker, query="select * from range(6000)")
    assert "5,000 rows, the first of more: only 5,000 are fetched" in seen(app).text


def test_numbers_can_be_drawn(visit: Visit, seen: See, tracker: Path) -> None:
    app = visit("sql", tracker, query="select speaker, count(*) as n from quotes group by all")
    app.selectbox[0].select("bars").run()
    assert not app.exception
    assert app.query_params["chart"] == "bars"
    assert [box.label for box in app.selectbox] == ["Chart", "Across", "Up"]
    assert "n by speaker" in seen(app).text


def test_a_shared_chart_opens_as_it_was(visit: Visit, seen: See, tracker: Path) -> None:
    query = "select 1 as one, 2 as two, 'a' as letter"
    app = visit("sql", tracker, query=query, chart="line", across="letter", up="one")
    assert [box.value for box in app.selectbox] == ["line", "letter", "one"]
    assert "one by letter" in seen(app).text
    assert "two by one" in seen(visit("sql", tracker, query=query, chart="bars", across="gone")).text


def test_the_editor_follows_the_address(visit: Visit, tracker: Path) -> None:
    app = visit("sql", tracker, query="select 1 as one")
    app.text_area[0].set_value("select 2 as two").run()
    assert app.text_area[0].value == "select 2 as two"
    app.query_params["query"] = "select 3 as three"
    app.run()
    assert app.text_area[0].value == "select 3 as three"


def test_nothing_keeps_the_database_open_after_a_query(visit: Visit, tracker: Path) -> None:
    visit("sql", tracker, query="select 1")
    with writing(tracker, 0.5):
        pass
