from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace

import faking
import pytest
from commands import Run

from quotes import serving
from quotes.records import Article, Quote, Span, Speaker
from quotes.store import migrations, reading, writing

COMMANDS = (
    "extract", "ingest", "watch", "sql", "dashboard", "demo", "status", "search", "export", "import", "diff", "check",
    "backup",
)  # fmt: skip
GROUPS = ("people", "evaluate", "train")
GROUPS_OF_STORE = ("review", "bench", "lake")
MARA = "Mara Lind (Mayor): “We will build the bridge.” Otto Brandt: “Never.”"
RUN = [sys.executable, "-c", "from quotes.cli import main; main()"]
HOME = Path(__file__).parent.parent


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> faking.FakePipeline:
    return faking.install(monkeypatch)


@pytest.fixture
def article(tmp_path: Path) -> Path:
    file = tmp_path / "article.txt"
    file.write_text(MARA)
    return file


# Help


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(run: Run, command: str) -> None:
    code, out, _ = run(command, "--help")
    assert code == 0
    assert re.search(rf"Example: quotes {command}\b", out)


@pytest.mark.parametrize("group", ["evaluate", "train"])
def test_the_groups_have_help_with_an_example_for_each_command(run: Run, group: str) -> None:
    for words in ((group, "--help"), (group, "attributions", "--help")):
        code, out, _ = run(*words)
        assert code == 0
        assert f"Example: quotes {group} attributions" in out


def test_evaluate_prints_the_figures(run: Run, tmp_path: Path) -> None:
    text = "“The dam will hold,” Anna Vell said."
    gold = {
        "id": "one",
        "text": text,
        "attributions": [{"source": [[21, 30]], "cue": [[31, 35]], "content": [[0, 20]]}],
    }
    (tmp_path / "gold.jsonl").write_text(json.dumps(gold), encoding="utf8")
    code, out, _ = run("evaluate", "attributions", "gold.jsonl")
    assert code == 0
    assert re.search(r"relation +1.000 +1.000 +1.000", out)
    figures = json.loads(run("evaluate", "attributions", "gold.jsonl", "--json")[1])
    assert figures["by_kind"]["direct"]["relation"]["f1"] == 1.0


def test_evaluate_speakers_prints_the_figures_and_the_misses(run: Run, tmp_path: Path) -> None:
    text = "“The dam will hold,” Anna Vell said."
    gold = {
        "id": "one",
        "text": text,
        "attributions": [{"id": "E1", "source": [[21, 30]], "cue": [[31, 35]], "content": [[0, 20]]}],
    }
    speakers = {"one": {"speakers": {"E1": {"name": "Tomas Orm", "type": "person"}}}}
    (tmp_path / "gold.jsonl").write_text(json.dumps(gold), encoding="utf8")
    (tmp_path / "who.json").write_text(json.dumps(speakers), encoding="utf8")
    code, out, _ = run("evaluate", "speakers", "gold.jsonl", "who.json")
    assert code == 0
    assert re.search(r"spoken_by +0.000 +0.000 +0.000 +1 +1", out)
    assert re.search(r"Anna Vell +Anna Vell +Tomas Orm", out)
    assert "Example: quotes evaluate speakers" in run("evaluate", "speakers", "--help")[1]


def test_evaluate_refuses_what_is_no_gold(run: Run, tmp_path: Path) -> None:
    (tmp_path / "gold.jsonl").write_text("{}", encoding="utf8")
    code, out, err = run("evaluate", "attributions", "gold.jsonl")
    assert (code, out) == (1, "")
    assert err.startswith("quotes: Line 1 of gold.jsonl is no annotated article")


@pytest.mark.skipif(find_spec("torch") is not None, reason="torch is here")
def test_train_says_what_it_needs(run: Run) -> None:
    code, _, err = run("train", "attributions", "--train", "a", "--dev", "b", "--out", "c")
    assert code == 1
    assert "pip install 'quote-tracker[train]'" in err


def test_the_list_of_commands_is_complete_and_each_is_described_in_full(run: Run) -> None:
    code, out, _ = run("--help")
    listed = dict(line.split(maxsplit=1) for line in out.partition("Commands:\n")[2].splitlines() if line[:3] > "  a")
    assert (code, sorted(listed)) == (0, sorted([*COMMANDS, *GROUPS, *GROUPS_OF_STORE]))
    assert [text for text in listed.values() if not text.endswith(".") or text.endswith("...")] == []


def test_without_a_command_there_is_help(run: Run) -> None:
    _, out, err = run()
    assert "Usage: quotes" in out + err


def test_version(run: Run) -> None:
    code, out, _ = run("--version")
    assert code == 0
    assert re.fullmatch(r"quotes \S+\n", out)


def test_help_loads_nothing_heavy() -> None:
    names = "'spacy', 'duckdb', 'streamlit', 'numpy', 'yaml'"
    code = f"import sys, quotes.cli; print([name for name in ({names}) if name in sys.modules])"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout == "[]\n"


def test_reading_loads_nothing_that_it_does_not_use() -> None:
    names = "'ray', 'streamlit', 'trafilatura', 'textacy', 'sklearn', 'scipy', 'pandas', 'networkx'"
    code = "import sys, quotes.language, quotes.tracker, quotes.ingesting, quotes.readers; "
    code += f"print([name for name in ({names}) if name in sys.modules])"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout == "[]\n"


# Errors


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["extract", "none.txt"], "no file or folder none.txt. Check the name."),
        (["ingest", "none.txt"], "no file or folder none.txt"),
        (["sql", "select 1"], "There is no database quotes.duckdb. Make one with `quotes ingest"),
        (["people", "-d", "none.duckdb"], "no database none.duckdb"),
        (["dashboard", "--no-browser"], "no database quotes.duckdb"),
        (["status"], "no database quotes.duckdb"),
    ],
)
def test_an_error_is_one_line_that_says_what_to_do(run: Run, arguments: list[str], words: str) -> None:
    code, out, err = run(*arguments)
    assert (code, out) == (1, "")
    assert err.startswith("quotes: ")
    assert err.count("\n") == 1
    assert words in err
    assert not Path("quotes.duckdb").exists()


def test_a_wrong_setting_is_an_error(run: Run) -> None:
    Path("quotes.toml").write_text("wiat = 3")
    code, _, err = run("status")
    assert code == 1
    assert err.startswith("quotes: quotes.toml sets 'wiat', which does not exist. Use one of database, ")


@pytest.mark.parametrize("place", [0, 2])
def test_debug_shows_the_traceback_wherever_it_stands(run: Run, place: int) -> None:
    arguments = ["sql", "select 1"]
    assert "Traceback" not in run(*arguments)[2]
    arguments.insert(place, "--debug")
    code, _, err = run(*arguments)
    assert code == 1
    assert err.startswith("Traceback")
    assert err.splitlines()[-1].startswith("quotes: There is no database")


def test_any_other_error_is_called_a_bug(run: Run, tracker: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("unlucky")

    monkeypatch.setattr(import_module("quotes.store.overview"), "list_people", broken)
    code, _, err = run("people", "-d", tracker)
    assert code == 1
    assert err == (
        "quotes: This is a bug in quotes: ZeroDivisionError: unlucky. "
        "Run it again with --debug to see where, and please report it.\n"
    )


def test_an_interrupt_ends_with_130(run: Run, tracker: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(import_module("quotes.store.overview"), "list_people", interrupted)
    assert run("people", "-d", tracker) == (130, "", "")


def test_a_reader_that_leaves_the_pipe_hears_nothing(tracker: Path) -> None:
    command = [*RUN, "sql", "select repeat('x', 1000) from range(100000)", "-d", str(tracker), "--format", "csv"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=HOME) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""


# extract


def test_extract_prints_json_lines(run: Run, fake: faking.FakePipeline, article: Path, tmp_path: Path) -> None:
    (tmp_path / "more.jsonl").write_text('{"id": "b", "text": "Otto Brandt: “No.”"}\nbroken\n')
    code, out, err = run("extract", article, tmp_path / "more.jsonl")
    first, second = map(json.loads, out.splitlines())
    assert code == 0
    assert [quote["text"] for quote in first["quotes"]] == ["“We will build the bridge.”", "“Never.”"]
    assert first["quotes"][0]["speaker"]["name"] == "Mara Lind"
    assert (second["id"], second["quotes"][0]["spans"]) == ("b", [[13, 18]])
    assert "more.jsonl, line 2: It is not valid JSON" in err


def test_extract_takes_metadata_and_standard_input(
    run: Run, fake: faking.FakePipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(MARA.encode())))
    code, out, _ = run("extract", "-", "--url", "https://a.example", "--published", "2022-03-16")
    from quotes.readers import derive_id

    assert code == 0
    assert json.loads(out)["id"] == derive_id("", "https://a.example")


def test_extract_gives_whole_articles_that_ingest_reads_back(
    run: Run, fake: faking.FakePipeline, article: Path, tmp_path: Path
) -> None:
    (tmp_path / "empty.txt").write_text("")
    facts = ("--published", "2031-03-05", "--publisher", "The Paper")
    code, out, err = run("extract", article, tmp_path / "empty.txt", "--whole", *facts, "-d", tmp_path / "no.duckdb")
    line, problem = map(json.loads, out.splitlines())
    assert (code, err, problem["problem"]) == (0, "", "There is no text in it.")
    assert (line["text"], line["publisher"], line["published"]) == (MARA, "The Paper", "2031-03-05")
    assert [quote["speaker"]["name"] for quote in line["quotes"]] == ["Mara Lind", "Otto Brandt"]
    assert not (tmp_path / "no.duckdb").exists()
    fetched = datetime(2031, 3, 6, 10, tzinfo=UTC)
    (tmp_path / "whole.jsonl").write_text(json.dumps(line | {"fetched_at": fetched.isoformat()}))
    assert run("ingest", tmp_path / "whole.jsonl")[0] == 0
    with reading(tmp_path / "quotes.duckdb", 5) as connection:
        row = connection.execute(
            "SELECT article_id, text, publisher, published::VARCHAR, sha256, epoch(fetched_at) FROM articles"
        ).fetchone()
    assert row == (line["id"], MARA, "The Paper", "2031-03-05", sha256(MARA.encode()).hexdigest(), fetched.timestamp())


def test_extract_knows_the_people_of_a_file(run: Run, fake: faking.FakePipeline, article: Path, tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text("name,aliases,position\nMara Lindgren,Mara Lind,Mayor\n")
    assert run("people", "import", tmp_path / "people.csv")[0] == 0
    ids = []
    for options in ((), ("-d", tmp_path / "quotes.duckdb")):
        quotes = json.loads(run("extract", article, *options)[1])["quotes"]
        ids.append(quotes[0]["speaker"]["person_id"])
    assert ids == ["mara-lind", "mara-lindgren"]


def test_extract_fails_where_nothing_could_be_read(run: Run, fake: faking.FakePipeline, tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_text("")
    code, out, err = run("extract", tmp_path / "empty.txt")
    assert (code, out) == (1, "")
    assert "empty.txt: There is no text in it." in err


# ingest


def test_ingest_sums_up_and_lists_problems(run: Run, fake: faking.FakePipeline, article: Path, tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_text("")
    code, out, err = run("ingest", article, tmp_path / "empty.txt", "--publisher", "The Paper")
    assert code == 0
    assert out == "quotes.duckdb: articles 1 added, 0 changed, 0 unchanged; 2 new quotes; 1 problem.\n"
    assert err == f"{tmp_path / 'empty.txt'}: There is no text in it. Check the file, or leave it out.\n"
    code, out, _ = run("ingest", article, "--publisher", "The Paper")
    assert (code, out) == (0, "quotes.duckdb: articles 0 added, 0 changed, 1 unchanged; 0 new quotes; 0 problems.\n")


def test_ingest_takes_metadata(run: Run, fake: faking.FakePipeline, article: Path) -> None:
    options = "--title A --published 2022-03-16 --publisher P --url https://a.example".split()
    assert run("ingest", article, *options, "-d", "other.duckdb")[0] == 0
    with reading(Path("other.duckdb"), 5) as connection:
        found = connection.execute("SELECT title, published::VARCHAR, publisher, url FROM articles").fetchall()
    assert found == [("A", "2022-03-16", "P", "https://a.example")]


def test_ingest_fails_where_nothing_could_be_read(run: Run, fake: faking.FakePipeline, tmp_path: Path) -> None:
    (tmp_path / "binary.txt").write_bytes(b"\0\1\2")
    code, out, err = run("ingest", tmp_path / "binary.txt")
    assert code == 1
    assert "1 problem." in out
    assert "binary" in err


def test_a_date_that_is_none_is_refused(run: Run, article: Path) -> None:
    code, _, err = run("ingest", article, "--published", "16 March")
    assert code == 2
    assert "--published" in err


def test_ingest_maps_columns_and_picks_files(run: Run, fake: faking.FakePipeline, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.csv").write_text(f'body,day\n"{MARA}",2022-03-16\n')
    (tmp_path / "in" / "b.txt").write_text("Left out.")
    code, out, err = run("ingest", "in", "--map", "text=body,published=day", "--pattern", "*.csv", "--jobs", "1")
    assert (code, err) == (0, "")
    assert "1 added" in out
    with reading(Path("quotes.duckdb"), 5) as connection:
        found = connection.execute("SELECT text, published::VARCHAR FROM articles").fetchall()
    assert found == [(MARA, "2022-03-16")]


@pytest.mark.parametrize("mapping", ["body", "text=", "words=body", "text=a,,"])
def test_a_map_that_is_none_is_an_error(run: Run, article: Path, mapping: str) -> None:
    code, _, err = run("ingest", article, "--map", mapping)
    assert code == 1
    assert "FIELD=COLUMN; fields are text, id, title" in err


def test_private_addresses_are_a_problem_unless_allowed(run: Run, fake: faking.FakePipeline) -> None:
    code, out, err = run("ingest", "http://127.0.0.1:9/a")
    assert code == 1
    assert "1 problem." in out
    assert "Allow it with --allow-private" in err


def test_watch_without_feeds_says_what_to_write(run: Run, fake: faking.FakePipeline) -> None:
    code, _, err = run("watch", "--rounds", "1")
    assert code == 1
    assert "[[feeds]]" in err


# sql


def test_sql_prints_a_table(run: Run, tracker: Path) -> None:
    code, out, err = run("sql", "select name, role from people order by name", "-d", tracker)
    assert (code, err) == (0, "")
    assert re.search(r"name +role", out)
    assert re.search(r"Dov Hartwell +Mayor of Port Sorrel", out)


def test_sql_shows_what_was_said_to_the_letter(run: Run, tmp_path: Path) -> None:
    said = "[bold]No[/bold] :smile: [/] \\[x] [link=https://a.example]there[/link]"
    with writing(tmp_path / "quotes.duckdb", 5) as store:
        quote = Quote("direct", said, (Span(0, len(said)),), speaker=Speaker("[red]Mara", "person"))
        store.save(store.begin([], ""), Article("a", said, title="[b]Title"), [quote], [])
    assert said in run("sql", "select text from statements_view")[1]
    assert "[red]Mara" in run("sql", "select speaker from statements_view")[1]


def test_sql_folds_wide_text_and_loses_none_of_it(run: Run, tracker: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    _, out, _ = run("sql", "select 'speaker' as who, repeat('abcdefghij', 20) as said", "-d", tracker)
    assert "".join(re.findall("[a-j]+", out.split("speaker")[1])).count("abcdefghij") == 20
    assert max(map(len, out.splitlines())) <= 40


def test_sql_prints_rows_one_below_the_other_where_they_do_not_fit(
    run: Run, tracker: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    _, out, _ = run("sql", "select * from statements_view where text like '%fairest%'", "-d", tracker)
    assert re.search(r"Row 1\n +quote_id +\w{16}", out)
    assert re.search(r"\n +speaker +Ilse Marrow", out)


def test_sql_prints_csv(run: Run, tracker: Path) -> None:
    query = "select 'a,\"b\"' as \"x,y\", null as z, [1, 2] as l, {'k': 'v'} as s"
    _, out, _ = run("sql", query, "-d", tracker, "--format", "csv")
    assert list(csv.reader(io.StringIO(out))) == [["x,y", "z", "l", "s"], ['a,"b"', "", "[1, 2]", '{"k": "v"}']]


def test_sql_prints_jsonl(run: Run, tracker: Path) -> None:
    query = """select 'ä“' as a, 1 as a, date '2022-03-16' as d, null as n, {'k': ['nan'::double]} as s
               union all select 'b', 2, null, null, null order by 2"""
    _, out, _ = run("sql", query, "-d", tracker, "--format", "jsonl")
    assert [json.loads(line) for line in out.splitlines()] == [
        {"a": "ä“", "a_1": 1, "d": "2022-03-16", "n": None, "s": {"k": [None]}},
        {"a": "b", "a_1": 2, "d": None, "n": None, "s": None},
    ]


def test_sql_says_on_standard_error_that_rows_were_cut(run: Run, tracker: Path) -> None:
    code, out, err = run("sql", "from range(5000)", "-d", tracker)
    assert code == 0
    assert "999" in out.split()[-1]
    assert "first 1,000 rows" in err
    assert run("sql", "from range(5000)", "-d", tracker, "--format", "csv")[1].count("\n") == 5001


def test_sql_gives_duckdbs_words_in_one_line(run: Run, tracker: Path) -> None:
    code, out, err = run("sql", "select spaeker from statements_view", "-d", tracker)
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert 'Referenced column "spaeker" not found' in err


# people, status


def test_people_are_listed_with_counts(run: Run, tracker: Path) -> None:
    _, out, _ = run("people", "-d", tracker)
    assert re.search(r"Edda Voss +1 ", out)
    assert re.search(r"Ilse Marrow +Prime Minister +Orchard Party +3 ", out)


def test_people_are_filtered_by_name(run: Run, tracker: Path) -> None:
    code, out, _ = run("people", "hart", "-d", tracker)
    assert (code, "Dov Hartwell" in out, "Ilse" in out) == (0, True, False)
    code, out, err = run("people", "nobody", "-d", tracker)
    assert (code, out) == (1, "")
    assert "Nobody" in err


def test_status_shows_counts_and_runs(run: Run, fake: faking.FakePipeline, article: Path) -> None:
    run("ingest", article)
    code, out, _ = run("status")
    assert code == 0
    for line in (
        r"articles +1\b",
        r"quotes +2\b",
        r"people +2\b",
        rf"schema version +{migrations.SCHEMA_VERSION}\b",
        r"problems +0\b",
    ):
        assert re.search(line, out)
    assert re.search(r"1 +\d{4}-\d\d-\d\d \d\d:\d\d +finished", out)


def test_status_migrates_an_older_file(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with writing(tmp_path / "quotes.duckdb", 5):
        pass
    newer = migrations.SCHEMA_VERSION + 1
    (tmp_path / f"{newer:03}.sql").write_text("ALTER TABLE ingests ADD COLUMN note VARCHAR;")
    monkeypatch.setattr(migrations, "MIGRATIONS", tmp_path)
    monkeypatch.setattr(migrations, "SCHEMA_VERSION", newer)
    assert "quotes status" in run("people")[2]
    assert re.search(rf"schema version +{newer}", run("status")[1])
    assert run("people")[0] == 0


# demo, dashboard


def test_demo_prints_a_table_of_what_it_found(run: Run) -> None:
    code, out, err = run("demo", "--no-serve")
    assert (code, err) == (0, "")
    assert "articles 12 added" in out
    assert re.search(r"speaker +kind +what was said +when", out)
    assert "Nicola Sturgeon" in out
    assert "direct" in out


@pytest.mark.parametrize(
    ("arguments", "served"),
    [
        (["dashboard"], (8501, True)),
        (["dashboard", "--port", "9000", "--no-browser"], (9000, False)),
        (["demo", "--no-browser"], (8501, False)),
    ],
)
def test_the_dashboard_is_served(
    run: Run,
    fake: faking.FakePipeline,
    tracker: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    served: tuple[int, bool],
) -> None:
    calls: list[tuple[Path, int, bool]] = []

    def serve(database: Path, port: int, browser: bool, announce: Callable[[str], None], **access: object) -> None:
        assert access in ({}, {"host": "127.0.0.1", "password_file": None, "open_to_all": False})
        calls.append((database, port, browser))
        announce("http://127.0.0.1:1")

    monkeypatch.setattr(serving, "serve", serve)
    database = tracker if arguments[0] == "dashboard" else Path("quotes.duckdb")
    code, out, _ = run(*arguments, "-d", database)
    assert (code, calls) == (0, [(database, *served)])
    assert out.endswith("Dashboard: http://127.0.0.1:1 (stop it with Ctrl-C)\n")
