from __future__ import annotations

from pathlib import Path

from dashboard import queries
from dashboard.records import Filter
from quotes.store import reading


def test_topics_are_counted_under_the_filters_the_most_frequent_first(sample_tracker: Path) -> None:
    with reading(sample_tracker, 5) as db:
        everything = queries.topics(db, Filter(said="all"))
        assert everything == dict(db.execute("SELECT topic, statements FROM topics_view").fetchall())
        assert list(everything.values()) == sorted(everything.values(), reverse=True)
        narrow = queries.topics(db, Filter(person="ilse-van-der-koog"))
        assert narrow
        assert all(count <= everything[topic] for topic, count in narrow.items())
        assert sum(narrow.values()) < sum(everything.values())
        assert len(queries.topics(db, Filter(), limit=2)) == 2
        about = queries.topics(db, Filter(target="Velda dam", stance="against"))
        assert 0 < len(about) < len(narrow)
