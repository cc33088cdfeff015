from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

import quotes

QUERY = """SELECT speaker, said_on, spans, topics FROM statements_view
           WHERE text LIKE '%fairest%' OR text LIKE '%work of fiction%' ORDER BY speaker DESC"""


def test_a_relation_becomes_a_data_frame_of_pandas(tracker: Path) -> None:
    pytest.importorskip("pandas")
    with quotes.open_tracker(tracker) as db:
        frame = db.sql(QUERY).df()
    assert list(frame.columns) == ["speaker", "said_on", "spans", "topics"]
    assert list(frame["speaker"]) == ["Ilse Marrow", "Edda Voss"]
    assert len(frame["spans"][0]) == 2


def test_a_relation_becomes_a_data_frame_of_polars(tracker: Path) -> None:
    pytest.importorskip("polars")
    with quotes.open_tracker(tracker) as db:
        frame = db.sql(QUERY).pl()
    assert frame["said_on"].to_list() == [date(2031, 3, 11), None]
    assert set(frame["spans"][0][0]) == {"start", "end"}


def test_a_relation_becomes_an_arrow_table(tracker: Path) -> None:
    pytest.importorskip("pyarrow")
    with quotes.open_tracker(tracker) as db:
        rows = db.sql(QUERY).arrow().read_all().to_pylist()
    assert [row["speaker"] for row in rows] == ["Ilse Marrow", "Edda Voss"]
    assert rows[0]["said_on"] == date(2031, 3, 11)
