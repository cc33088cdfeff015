"""The Overview page."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from invented import articles
from seeing import See, Visit

from dashboard import queries
from dashboard.records import Filter
from quotes.records import Problem
from quotes.store.store import reading, writing


def test_sums_up_what_there_is(visit: Visit, seen: See, tracker: Path) -> None:
    page = seen(visit("overview", tracker))
    assert "17 statements in 4 articles from 2 publishers" in page.text
    assert len(page.cards) == 3


def test_leads_to_people_and_to_what_is_spoken_about(visit: Visit, seen: See, tracker: Path) -> None:
    page = seen(visit("overview", tracker))
    assert {"person": "tobin-ashgrove"} in page.links("people")
    assert {"target": "Ilse Marrow"} in page.links("statements")


def test_months_add_up_to_all_dated_statements(tracker: Path) -> None:
    with reading(tracker, 10) as db:
        counted = queries.months(db, Filter())
        few = queries.months(db, Filter(), publishers=1)
        dated = db.execute(
            "SELECT count(*) FROM statements_view WHERE coalesce(said_on, published) IS NOT NULL"
            " AND cue_class IN ('speech', 'writing')"
        ).fetchall()[0][0]
        first, last = queries.days(db) or (date.max, date.min)
    assert sum(one.statements for one in counted) == sum(one.statements for one in few) == dated
    assert [one.month for one in counted] == sorted(one.month for one in counted)
    assert {one.month.day for one in counted} == {1}
    assert first <= last
    assert "other publishers" in {one.group for one in few}
    assert "other publishers" not in {one.group for one in counted}


def test_tells_the_problems_of_the_last_ingest(visit: Visit, seen: See, tmp_path: Path) -> None:
    path = tmp_path / "quotes.duckdb"
    with writing(path, 10) as store:
        ingest = store.begin(["invented"], "none")
        (article, quotes), *_ = articles()
        store.save(ingest, article, quotes, [])
        for number in range(7):
            store.report(ingest, Problem(f"letter-{number}.txt", "It is <b>empty</b>.", "Look into it."))
    page = seen(visit("overview", path))
    assert "1 articles added" not in page.text
    assert "1 article added, 0 changed, 0 unchanged; 7 problems. It is still running" in page.text
    assert "letter-0.txt It is <b>empty</b>. Look into it." in page.text
    assert "And 2 more" in page.text
