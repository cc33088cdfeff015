from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import pytest
from invented import articles, fill, quote_id

from quotes.errors import QueryError
from quotes.evaluation.made_database import make_database
from quotes.store import extensions, reading, review, run_query, writing
from quotes.store.search import match, search
from quotes.store.search_index import STOP_WORDS, load_fts, read_state
from quotes.store.search_query import Filters, parse
from quotes.store.search_rebuild import rebuild, refresh


def texts(path: Path, query: str, filters: Filters | None = None, limit: int = 20) -> list[str]:
    with reading(path, 5) as connection:
        return [hit.text for hit in search(connection, query, filters, limit).hits]


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return fill(tmp_path / "quotes.duckdb", articles())


@pytest.fixture
def without_fts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the package of the extension be missing."""
    monkeypatch.setattr(extensions, "find_spec", lambda name: None)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("made") / "quotes.duckdb"
    with writing(path, 5) as store:
        make_database(store, 2000)
    rebuild(path, 5)
    return path


def test_a_query_is_taken_apart() -> None:
    assert parse('Harbour “held to account” levy* "the vote') == (
        ("harbour", "the", "vote"),
        ("levy",),
        ("held to account",),
    )


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("fishing", ["fishing net"]),
        ("fish nets", ["fishing net"]),
        ("TREASURIES", ["fishing net"]),
        ('"harbour levy is the fairest"', ["harbour levy is"]),
        ("“levy harbour”", []),
        ("“levy on getting up”", []),
        ("“a tax on getting up”", ["a tax on getting up"]),
        ("fairest", ["fairest thing"]),
        ("unmentioned", []),
        ("tim*", ["timetable", "arrives on time", "three times"]),
    ],
)
def test_words_phrases_and_prefixes(database: Path, query: str, found: list[str]) -> None:
    hits = texts(database, query)
    assert len(hits) == len(found), hits
    assert all(any(words in hit for hit in hits) for words in found)


def test_of_several_words_the_best_match_comes_first(database: Path) -> None:
    hits = texts(database, "treasury harbour levy fairest")
    assert "fairest" in hits[0]
    assert any("treasury" in hit for hit in hits[1:])


def test_filters_hold_together(database: Path) -> None:
    everything = texts(database, "levy harbour treasury money tax")
    marrow = Filters(person="ilse-marrow")
    assert len(everything) >= 4
    assert [hit for hit in texts(database, "levy harbour treasury money tax", marrow) if "fairest" in hit]
    assert texts(database, "levy", replace(marrow, person="Ashgrove", kind="mixed")) == [
        "called the levy “a tax on getting up in the morning” and promised to repeal it"
    ]
    assert texts(database, "treasury", Filters(target="marrow")) != []
    assert texts(database, "treasury", Filters(target="Rhea Castellane")) == []
    assert texts(database, "treasury", Filters(publisher="courier")) != []
    assert texts(database, "treasury", Filters(publisher="country")) == []
    assert texts(database, "treasury", Filters(since=date(2031, 3, 5), until=date(2031, 3, 5))) != []
    assert texts(database, "treasury", Filters(since=date(2031, 3, 6))) == []


def test_scores_are_those_of_the_extension(made: Path, tmp_path: Path) -> None:
    """The index of our own gives what match_bm25 gives, by the same words, stemmer and stop words."""
    with duckdb.connect(made, read_only=True) as ours, duckdb.connect(tmp_path / "theirs.duckdb") as theirs:
        assert load_fts(theirs)
        rows = ours.execute("SELECT quote_id, text FROM quotes").fetchall()
        theirs.execute("CREATE TABLE quotes (quote_id VARCHAR, text VARCHAR)")
        theirs.executemany("INSERT INTO quotes VALUES (?, ?)", rows)
        theirs.execute("CREATE TABLE stop AS SELECT unnest(?::VARCHAR[]) AS sw", [sorted(STOP_WORDS)])
        theirs.execute(
            r"""PRAGMA create_fts_index('quotes', 'quote_id', 'text', stemmer = 'english', stopwords = 'stop',
                ignore = '[^\pL\pN]+')"""
        )
        words = [
            word for (word,) in ours.execute("SELECT word FROM search_words ORDER BY hash(word) LIMIT 12").fetchall()
        ]
        for query in (words[0], " ".join(words[1:3]), " ".join(words[3:])):
            expected = theirs.execute(
                """SELECT quote_id, score FROM (SELECT quote_id, fts_main_quotes.match_bm25(quote_id, ?) AS score
                   FROM quotes) WHERE score IS NOT NULL""",
                [query],
            ).fetchall()
            found = {hit.quote_id: hit.score for hit in search(ours, query, limit=1000).hits}
            assert found == pytest.approx(dict(expected))
            assert found


def test_new_articles_are_found_at_once_and_replaced_ones_no_more(database: Path) -> None:
    with reading(database, 5) as connection:
        assert not read_state(connection).stale
    article, quotes = articles()[0]
    with writing(database, 5) as store:
        changed = replace(article, text=article.text.replace("fishing net", "butterfly net"))
        told = [replace(one, text=one.text.replace("fishing net", "butterfly net")) for one in quotes]
        store.save(store.begin(["again"], "none"), changed, told, [])
    assert len(texts(database, "butterflies")) == 1
    assert len(texts(database, "butterfly")) == 1
    assert texts(database, "fishing") == []
    with reading(database, 5) as connection:
        assert not read_state(connection).stale


def test_without_the_extension_texts_are_compared_and_it_says_so(tmp_path: Path, without_fts: None) -> None:
    path = fill(tmp_path / "quotes.duckdb", articles())
    with reading(path, 5) as connection:
        found = search(connection, '"the treasury for a" fishing')
        assert found.unindexed == read_state(connection).quotes
        assert [hit.score for hit in found.hits] == [None]
        assert search(connection, "fish").hits == ()
    assert refresh(path, 5) is False


def test_a_stale_index_is_noticed_and_mended(database: Path) -> None:
    with writing(database, 5) as store:
        store.connection.execute(
            """INSERT INTO quotes SELECT * REPLACE ('by-hand' AS quote_id, 'a lighthouse nobody indexed' AS text)
               FROM quotes LIMIT 1"""
        )
    with reading(database, 5) as connection:
        found = search(connection, "lighthouse")
    assert ([hit.quote_id for hit in found.hits], found.unindexed) == (["by-hand"], 1)
    assert refresh(database, 5) is True
    with reading(database, 5) as connection:
        found = search(connection, "lighthouses")
    assert ([hit.quote_id for hit in found.hits], found.unindexed) == (["by-hand"], 0)
    assert refresh(database, 5) is False


def test_what_is_saved_during_a_rebuild_is_found_after_it(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from quotes.store import search_rebuild

    build = search_rebuild._build
    article, quotes = articles()[0]

    def slow(*arguments: object) -> None:
        build(*arguments)  # type: ignore[arg-type]
        with writing(database, 0) as store:  # nobody holds the file
            told = [replace(one, text=f"{one.text} zeppelin") for one in quotes]
            store.save(store.begin(["meanwhile"], "none"), replace(article, title="Another"), told, [])

    monkeypatch.setattr(search_rebuild, "_build", slow)
    rebuild(database, 5)
    assert len(texts(database, "zeppelins")) == len(quotes)
    with reading(database, 5) as connection:
        assert not read_state(connection).stale


def test_the_macro_searches_in_the_cage(tracker: Path) -> None:
    result = run_query(tracker, "SELECT text FROM search_statements('fishing treasury')", 5, 10)
    assert "fishing net" in result.rows[0][0]


def test_a_query_of_stop_words_alone_compares_texts(database: Path) -> None:
    assert [hit for hit in texts(database, '"it is the"') if "It is the adding up" in hit]
    with reading(database, 5) as connection, pytest.raises(QueryError, match="no word"):
        search(connection, "?! “”")


@pytest.mark.parametrize(
    "query",
    [
        "the levy",
        "harbour treasury",
        '"harbour levy"',
        "fish*",
        '"on getting up" levy',
        "zzz",
        "not",
        '"to be"',
        "ferr* the",
    ],
)
@pytest.mark.parametrize("state", ["fresh", "stale", "missing"])
def test_all_matches_are_those_of_the_search(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, query: str, state: str
) -> None:
    if state == "missing":
        monkeypatch.setattr(extensions, "find_spec", lambda name: None)
    path = fill(tmp_path / "quotes.duckdb", articles())
    if state == "stale":
        with writing(path, 5) as store:
            store.connection.execute("DELETE FROM search_docs WHERE docid % 2 = 0")
    with reading(path, 5) as connection:
        found = search(connection, query, limit=100)
        matched = match(connection, query)
        rows = connection.execute("SELECT quote_id, round(score, 9) FROM search_matches ORDER BY ALL").fetchall()
    assert rows == sorted((hit.quote_id, hit.score and round(hit.score, 9)) for hit in found.hits)
    assert matched.unindexed == found.unindexed


def test_filters_see_what_reviewers_decided(database: Path) -> None:
    by = review.Reviewer("Ada")
    net, tax = (quote_id(database, words) for words in ("fishing net", "a tax on getting up"))
    with writing(database, 5) as store:
        review.set_speaker(store.connection, net, "dov-hartwell", by)
        review.set_kind(store.connection, net, "indirect", by)
        review.set_stance(store.connection, net, "the treasury", "favor", by)
        review.set_status(store.connection, tax, "rejected", by)
    assert texts(database, "fishing", Filters(person="ashgrove")) == []
    assert texts(database, "fishing", Filters(kind="direct")) == []
    assert texts(database, "fishing", Filters(target="the harbour")) == []
    assert len(texts(database, "fishing", Filters(person="hartwell", kind="indirect", target="treasury"))) == 1
    assert len(texts(database, "fishing", Filters(target="ILSE MARROW"))) == 1
    assert texts(database, "tax") == []
    assert texts(database, '"a tax on"') == []
