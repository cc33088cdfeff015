from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest
from invented import articles, fill, quote_id

from quotes.errors import ReviewError
from quotes.records import Quote, Span
from quotes.store import list_people, review, writing
from quotes.store.gold import export_gold
from quotes.store.review import Reviewer

ANN = Reviewer("Ann", "I read it")


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return fill(tmp_path / "quotes.duckdb", articles())


def shown(connection: duckdb.DuckDBPyConnection, id: str) -> dict[str, Any]:
    answer = connection.execute("SELECT * FROM statements_view WHERE quote_id = ?", [id])
    rows = answer.fetchall()
    return dict(zip([column[0] for column in answer.description], rows[0], strict=True)) if rows else {}


def stances(connection: duckdb.DuckDBPyConnection, id: str) -> dict[str, str]:
    return {one["target"]: one["stance"] for one in shown(connection, id)["stances"]}


def test_corrections_show_in_the_views_and_leave_the_tables(database: Path) -> None:
    id = quote_id(database, "fishing net")
    with writing(database, 5) as store:
        sql = store.connection.execute
        tables = [sql(f"FROM {table} ORDER BY ALL").fetchall() for table in ("quotes", "stances")]
        review.set_speaker(store.connection, id, "dov-hartwell", ANN)
        review.set_kind(store.connection, id, "mixed", ANN)
        review.set_stance(store.connection, id, "Ilse Marrow", "neutral", ANN)
        review.set_stance(store.connection, id, "the fleet", "favor", ANN)
        row = shown(store.connection, id)
        assert (row["speaker"], row["person_id"], row["role"]) == (
            "Dov Hartwell",
            "dov-hartwell",
            "Mayor of Port Sorrel",
        )
        assert (row["kind"], row["confidence"], row["review"]) == ("mixed", 1.0, "corrected")
        assert stances(store.connection, id) == {"Ilse Marrow": "neutral", "the fleet": "favor"}
        review.set_stance(store.connection, id, "Ilse Marrow", None, ANN)
        assert stances(store.connection, id) == {"the fleet": "favor"}
        assert [sql(f"FROM {table} ORDER BY ALL").fetchall() for table in ("quotes", "stances")] == tables
        counted = {person.person_id: person.statements for person in list_people(store.connection)}
        assert counted["dov-hartwell"] == sql(
            "SELECT count(*) + 1 FROM quotes WHERE person_id = 'dov-hartwell'"
        ).fetchall()[0][0]  # fmt: skip


def test_a_speaker_who_is_nobody_of_the_file(database: Path) -> None:
    id = quote_id(database, "fishing net")
    with writing(database, 5) as store:
        review.set_speaker(store.connection, id, "Nell Harrow", ANN)
        row = shown(store.connection, id)
    assert (row["speaker"], row["speaker_type"], row["person_id"]) == ("Nell Harrow", "person", None)


def test_a_speaker_who_is_not_named(database: Path) -> None:
    id = quote_id(database, "fishing net")
    with writing(database, 5) as store:
        review.set_speaker(store.connection, id, None, ANN)
        row = shown(store.connection, id)
    assert (row["speaker"], row["speaker_type"], row["person_id"], row["review"]) == (None, None, None, "corrected")


def test_a_target_that_a_reviewer_added_can_be_taken_away(database: Path) -> None:
    id = quote_id(database, "fishing net")
    with writing(database, 5) as store:
        before = stances(store.connection, id)
        review.set_stance(store.connection, id, "the fleet", "favor", ANN)
        review.set_stance(store.connection, id, "the fleet", None, ANN)
        assert stances(store.connection, id) == before


def test_rejecting_hides_and_undoing_shows_again(database: Path) -> None:
    id = quote_id(database, "fishing net")
    with writing(database, 5) as store:
        before = shown(store.connection, id)
        made = review.set_status(store.connection, id, "rejected", ANN)
        assert shown(store.connection, id) == {}
        assert store.connection.execute("FROM reviewed_stances WHERE quote_id = ?", [id]).fetchall() == []
        review.undo(store.connection, made, Reviewer("Bo"))
        assert shown(store.connection, id) == before
        (decision,) = review.list_corrections(store.connection)
        assert (decision.undone, decision.made_by, decision.reason, decision.quotes) == (True, "Ann", "I read it", 0)
        with pytest.raises(ReviewError, match="undone already"):
            review.undo(store.connection, made, ANN)


def test_the_latest_decision_holds_and_undoing_it_brings_back_the_one_before(database: Path) -> None:
    id = quote_id(database, "fishing net")
    with writing(database, 5) as store:
        review.set_kind(store.connection, id, "mixed", ANN)
        second = review.set_kind(store.connection, id, "indirect", ANN)
        assert shown(store.connection, id)["kind"] == "indirect"
        review.undo(store.connection, second, ANN)
        assert shown(store.connection, id)["kind"] == "mixed"


def test_a_decision_survives_a_new_reading_that_cuts_otherwise(database: Path) -> None:
    id = quote_id(database, "fishing net")
    article, quotes = articles()[0]

    def shorter(quote: Quote) -> Quote:
        spans = tuple(Span(span.start + 1, span.end - 1) for span in quote.spans)
        return replace(quote, spans=spans, text=quote.text[1:-1])

    with writing(database, 5) as store:
        review.set_speaker(store.connection, id, "Nell Harrow", ANN)
        again = replace(article, title="Read by another model")
        store.save(store.begin(["again"], "other 2.0"), again, [shorter(one) for one in quotes], [])
        assert shown(store.connection, id) == {}
        rows = store.connection.execute(
            "SELECT text FROM statements_view WHERE speaker = 'Nell Harrow' AND review = 'corrected'"
        ).fetchall()
    assert len(rows) == 1
    assert "fishing net" in rows[0][0]


def test_what_waits_begins_with_the_least_sure(database: Path) -> None:
    with writing(database, 5) as store:
        pending = review.list_pending(store.connection, limit=100)
        assert [one.confidence for one in pending] == sorted(one.confidence for one in pending)
        assert all(one.text.split(" ... ")[0][:20] in one.passage for one in pending[:5])
        review.set_status(store.connection, pending[0].quote_id, "accepted", ANN)
        assert review.list_pending(store.connection, limit=100) == pending[1:]
        assert review.list_pending(store.connection, below=0.0) == []


def test_decisions_move_to_another_file_once(database: Path, tmp_path: Path) -> None:
    id = quote_id(database, "fishing net")
    with writing(database, 5) as store:
        review.set_speaker(store.connection, id, "Nell Harrow", ANN)
        review.set_stance(store.connection, id, "Ilse Marrow", None, ANN)
        review.undo(store.connection, review.set_kind(store.connection, id, "mixed", ANN), ANN)
        rows = [json.loads(json.dumps(row)) for row in review.export_corrections(store.connection)]
        here = shown(store.connection, id)
    assert set(rows[0]) == {"text_hash", "spans", "what", "target", "from", "to", "undoes", "by", "at", "reason"}
    # There the article has another id, and so have its quotes.
    moved = [(replace(article, id=f"other-{article.id}"), quotes) for article, quotes in articles()]
    other = fill(tmp_path / "other.duckdb", moved)
    with writing(other, 5) as store:
        assert review.import_corrections(store.connection, rows) == (4, 2)
        found = store.connection.execute(
            "SELECT speaker, kind, stances FROM statements_view WHERE contains(text, 'fishing net')"
        ).fetchall()
        assert found == [(here["speaker"], here["kind"], here["stances"])]
        assert review.import_corrections(store.connection, rows) == (0, 0)
        assert list(review.export_corrections(store.connection)) == rows
        with pytest.raises(ReviewError, match="Row 1 is no decision"):
            review.import_corrections(store.connection, [{"what": "speaker"}])


def test_only_articles_decided_in_full_are_gold(database: Path) -> None:
    with writing(database, 5) as store:
        sql = store.connection.execute
        ids = [row[0] for row in sql("SELECT quote_id FROM quotes WHERE article_id = 'rail' ORDER BY 1").fetchall()]
        for id in ids[1:]:
            review.set_status(store.connection, id, "accepted", ANN)
        assert list(export_gold(store.connection)) == []
        review.set_status(store.connection, ids[0], "rejected", ANN)
        (gold,) = export_gold(store.connection)
    assert gold["id"] == "rail"
    assert len(gold["attributions"]) == len(ids) - 1
    first = gold["attributions"][0]
    assert (
        gold["text"][first["content"][0][0] : first["content"][0][1]] == "“We kept the engines warm for two winters,”"
    )
    assert first["speaker"] == "Velland Rail Union"


@pytest.mark.parametrize(
    ("what", "words"),
    [
        (lambda c, id: review.set_kind(c, id, "spoken", ANN), "no kind 'spoken'.*direct, indirect, mixed"),
        (lambda c, id: review.set_kind(c, "none", "direct", ANN), "no quote 'none'"),
        (lambda c, id: review.set_stance(c, id, "the moon", None, ANN), "no stance toward 'the moon'"),
        (lambda c, id: review.undo(c, "none", ANN), "does not exist"),
    ],
)
def test_what_does_not_fit_is_refused(database: Path, what: Any, words: str) -> None:
    id = quote_id(database, "fishing net")
    with writing(database, 5) as store:
        with pytest.raises(ReviewError, match=words):
            what(store.connection, id)
        assert store.connection.execute("SELECT count(*) FROM corrections").fetchall() == [(0,)]
