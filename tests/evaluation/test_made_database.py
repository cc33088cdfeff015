from __future__ import annotations

from pathlib import Path

import pytest

from quotes.errors import StoreError
from quotes.evaluation.made_database import Made, make_database
from quotes.store import reading, writing


def make(path: Path, seed: int) -> Made:
    with writing(path, 5) as store:
        return make_database(store, 1000, seed)


def test_quotes_stand_in_their_articles_and_the_seed_decides(tmp_path: Path) -> None:
    paths = [tmp_path / f"{name}.duckdb" for name in "abc"]
    made = [make(path, seed) for path, seed in zip(paths, (0, 0, 1), strict=True)]
    assert (made[0].articles, made[0].quotes, made[0].people) == (200, 1000, 20)
    rows = []
    for path in paths:
        with reading(path, 5) as connection:
            sql = connection.execute
            rows.append(sql("SELECT article_id, text FROM articles ORDER BY ALL").fetchall())
            wrong = sql(
                """SELECT count(*) FROM quotes AS q JOIN articles AS a USING (article_id)
                   WHERE a.text[spans[1]."start" + 1 : spans[1]."end"] <> q.text
                      OR a.text[source[1]."start" + 1 : source[1]."end"] <> q.speaker
                      OR a.text[cue[1]."start" + 1 : cue[1]."end"] <> 'said' OR md5(a.text) <> a.text_hash
                      OR q.person_id NOT IN (SELECT person_id FROM people)"""
            ).fetchall()
            assert wrong == [(0,)]
    assert rows[0] == rows[1]
    assert rows[0] != rows[2]
    with writing(paths[0], 5) as store, pytest.raises(StoreError, match="holds articles already"):
        make_database(store, 10)
