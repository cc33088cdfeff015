from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from quotes.errors import ExportError, QueryError, StoreError
from quotes.records import Article, Person, Problem, Quote, Span, Speaker, Stance
from quotes.store import opening, reading, writing
from quotes.store.export import Format, export
from quotes.store.importing import import_export
from quotes.store.migrations import SCHEMA_VERSION

READ_BACK: tuple[Format, ...] = ("parquet", "csv", "jsonl", "duckdb")
ODD = 'A “quote”, a "straight" one,\r\na comma;\ttab, \\ backslash, NULL, {} [x], \x01 and 🦆 é\u2028.'


@pytest.fixture(scope="session")
def odd_tracker(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Articles with all that a text format can stumble over: marks, line ends, empty strings, no day, great length."""
    path = tmp_path_factory.mktemp("odd") / "quotes.duckdb"
    with writing(path, 5) as store:
        ingest = store.begin(['it\'s, a "source"', ""], "none")
        person = Person("mara-lind", "Mara Lind", ("Iron 'Mara'", 'M., "the" Lind', ""), party="", in_register=True)
        speaker = Speaker("Mara Lind", "person", "", "mara-lind")
        stance = Stance("NULL", "issue", "against", 1 / 3)
        quote = Quote("direct", ODD, (Span(0, 3), Span(4, 9)), speaker=speaker, stances=(stance,), topics=("a, b", "'"))
        for number, published in enumerate([None, date(2031, 5, 2), date(2032, 1, 1)]):
            text = ODD if number else ODD + "x" * 1_000_000
            article = Article(f"odd/{number} '\"", text, "", None, "NULL", published=published)
            store.save(ingest, article, [quote] if number else [], [person])
        store.report(ingest, Problem("a\nb", "It is broken.", "Mend it."))
        store.finish(ingest)
        store.begin(["unfinished"], "none")
    return path


def everything(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    with reading(path, 5) as connection:
        tables = connection.execute("SELECT table_name FROM duckdb_tables() WHERE schema_name = 'main'").fetchall()
        return {table: connection.execute(f"FROM {table} ORDER BY ALL").fetchall() for (table,) in tables}


@pytest.mark.parametrize("format", READ_BACK)
@pytest.mark.parametrize("which", ["odd_tracker", "hostile_tracker", "empty_tracker", "sample_tracker"])
def test_what_was_exported_comes_back_row_for_row(
    request: pytest.FixtureRequest, tmp_path: Path, format: Format, which: str
) -> None:
    path: Path = request.getfixturevalue(which)
    export(path, tmp_path / "out", format, None, 5)
    import_export(tmp_path / "out", tmp_path / "copy.duckdb", 5)
    assert everything(tmp_path / "copy.duckdb") == everything(path)


@pytest.mark.parametrize("format", READ_BACK)
def test_the_manifest_lists_all_files_and_rows(tracker: Path, tmp_path: Path, format: Format) -> None:
    folder = tmp_path / "new" / "out"
    export(tracker, folder, format, None, 5)
    manifest = json.loads((folder / "manifest.json").read_text())
    assert (manifest["format"], manifest["schema_version"], manifest["where"]) == (format, SCHEMA_VERSION, None)
    with reading(tracker, 5) as connection:
        for table, rows in manifest["tables"].items():
            assert connection.execute(f"SELECT count(*) FROM {table}").fetchall() == [(rows,)]
    files = {str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file()}
    assert {file["path"] for file in manifest["files"]} == files - {"manifest.json"}
    for file in manifest["files"]:
        content = (folder / file["path"]).read_bytes()
        assert (file["bytes"], file["sha256"]) == (len(content), hashlib.sha256(content).hexdigest())
    assert [left.name for left in folder.parent.iterdir()] == ["out"]


def test_parquet_is_partitioned_by_year(odd_tracker: Path, tmp_path: Path) -> None:
    export(odd_tracker, tmp_path / "out", "parquet", None, 5)
    assert {part.name for part in (tmp_path / "out" / "articles").iterdir()} == {
        "year=2031",
        "year=2032",
        "year=unknown",
    }
    query = "SELECT year, count(*) FROM read_parquet(?, hive_partitioning = true) GROUP BY year ORDER BY year"
    with duckdb.connect() as connection:
        rows = connection.execute(query, [str(tmp_path / "out" / "stances" / "**" / "*.parquet")]).fetchall()
    assert [(int(year), number) for year, number in rows] == [(2031, 1), (2032, 1)]


@pytest.mark.parametrize("format", READ_BACK)
def test_a_condition_takes_along_what_belongs_to_the_statements(tracker: Path, tmp_path: Path, format: Format) -> None:
    where = "speaker = 'Rhea Castellane' AND kind = 'mixed' -- the budget"
    before = everything(tracker)
    export(tracker, tmp_path / "out", format, where, 5)
    import_export(tmp_path / "out", tmp_path / "copy.duckdb", 5)
    after = everything(tmp_path / "copy.duckdb")
    assert all(set(map(repr, after[table])) <= set(map(repr, before[table])) for table in before)
    with reading(tmp_path / "copy.duckdb", 5) as connection:
        said = connection.execute("SELECT speaker, kind, title IS NOT NULL FROM statements_view").fetchall()
        assert said
        assert set(said) == {("Rhea Castellane", "mixed", True)}
        known = connection.execute("SELECT person_id FROM people ORDER BY 1").fetchall()
        wanted = connection.execute(
            """FROM (SELECT person_id FROM quotes UNION SELECT person_id FROM stances)
               WHERE person_id IS NOT NULL ORDER BY 1"""
        ).fetchall()
        assert known == wanted
    assert len(after["articles"]) == len({row[1] for row in after["quotes"]}) < len(before["articles"])


@pytest.mark.parametrize(
    ("where", "error", "words"),
    [
        ("spaeker = 'x'", QueryError, "spaeker"),
        ("speaker = 'nobody'", ExportError, "No statement"),
        ("true); SELECT (1", ExportError, "no condition"),
        ("true); DELETE FROM quotes WHERE (true", QueryError, "read-only"),
        ("text = (SELECT content FROM read_text('/etc/hostname'))", QueryError, "disabled by configuration"),
    ],
)
def test_a_condition_runs_in_the_cage(
    tracker: Path, tmp_path: Path, where: str, error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        export(tracker, tmp_path / "out", "parquet", where, 5)
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_overwritten(tracker: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for folder in (tmp_path, tmp_path / "file"):
        with pytest.raises(ExportError, match="not an empty folder"):
            export(tracker, folder, "csv", None, 5)
    with pytest.raises(ExportError, match="cannot be made"):
        export(tracker, tmp_path / "file" / "inside", "csv", None, 5)
    (tmp_path / "empty").mkdir()
    export(tracker, tmp_path / "empty", "csv", None, 5)
    for path in (tracker, tmp_path / "copy.duckdb"):
        if path == tracker:
            with pytest.raises(ExportError, match="has articles already"):
                import_export(tmp_path / "empty", path, 5)
        else:
            import_export(tmp_path / "empty", path, 5)


@pytest.mark.parametrize("format", READ_BACK)
def test_an_import_appears_only_when_it_is_whole(
    tracker: Path, tmp_path: Path, format: Format, monkeypatch: pytest.MonkeyPatch
) -> None:
    export(tracker, tmp_path / "out", format, None, 5)
    put, looked = opening.put_in_place, []

    def look_first(file: Path, final: Path) -> None:
        if final == tmp_path / "copy.duckdb":
            assert not final.exists()
            assert not file.with_name(f"{file.name}.wal").exists()
            looked.append(everything(file))
        put(file, final)

    monkeypatch.setattr(opening, "put_in_place", look_first)
    import_export(tmp_path / "out", tmp_path / "copy.duckdb", 5)
    assert looked == [everything(tracker)]
    assert {file.name for file in tmp_path.iterdir()} == {"out", "copy.duckdb"}


@pytest.mark.parametrize("format", READ_BACK)
def test_what_is_not_whole_is_not_imported(tracker: Path, tmp_path: Path, format: Format) -> None:
    manifest = export(tracker, tmp_path / "out", format, None, 5)
    target = tmp_path / "copy.duckdb"
    file = tmp_path / "out" / max(manifest.files, key=lambda file: file.bytes).path
    whole = file.read_bytes()
    for broken in (whole[:-1], None):
        file.unlink() if broken is None else file.write_bytes(broken)
        with pytest.raises(ExportError, match="not what its manifest says"):
            import_export(tmp_path / "out", target, 5)
    file.write_bytes(whole)
    more = file.with_name("more." + format)
    more.write_bytes(whole)
    with pytest.raises(ExportError, match="more"):
        import_export(tmp_path / "out", target, 5)
    assert not target.exists()


@pytest.mark.parametrize(
    ("manifest", "words"),
    [
        (None, "no export of quotes"),
        ("{", "no export of quotes"),
        ("[]", "no export of quotes"),
        ('{"format": "csv", "schema_version": 99, "tables": {}, "files": []}', "version 99"),
        ('{"format": "webannotation", "schema_version": NOW, "tables": {}, "files": []}', "cannot be read back"),
        ('{"format": "csv", "schema_version": NOW, "tables": {"prices": 1}, "files": []}', "no table prices"),
        ('{"format": "csv", "schema_version": NOW, "tables": {"quotes": 1}, "files": []}', "0 rows instead of 1"),
    ],
)
def test_what_is_no_export_is_refused(tmp_path: Path, manifest: str | None, words: str) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    if manifest is not None:
        (folder / "manifest.json").write_text(manifest.replace("NOW", str(SCHEMA_VERSION)))
    with pytest.raises(ExportError, match=words):
        import_export(folder, tmp_path / "copy.duckdb", 5)
    assert not (tmp_path / "copy.duckdb").exists()


def test_a_missing_database_is_not_exported(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no database"):
        export(tmp_path / "none.duckdb", tmp_path / "out", "csv", None, 5)
    assert list(tmp_path.iterdir()) == []


# Web annotations


def annotated(path: Path, folder: Path, where: str | None = None) -> list[dict[str, Any]]:
    export(path, folder, "webannotation", where, 5)
    lines = (folder / "annotations.jsonl").read_text(encoding="utf8").split("\n")
    return [json.loads(line) for line in lines if line]


@pytest.mark.parametrize("which", ["sample_tracker", "odd_tracker", "hostile_tracker"])
def test_annotations_are_valid(request: pytest.FixtureRequest, tmp_path: Path, which: str) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    schema = json.loads(Path(__file__).with_name("web_annotation.schema.json").read_text())
    validator = jsonschema.Draft202012Validator(schema)
    found = annotated(request.getfixturevalue(which), tmp_path / "out")
    assert found
    for one in found:
        validator.validate(one)
    found[0]["target"][0]["selector"][0]["start"] = -1
    assert not validator.is_valid(found[0])


@pytest.mark.parametrize("which", ["sample_tracker", "odd_tracker", "hostile_tracker"])
def test_selectors_find_the_words_in_the_article(request: pytest.FixtureRequest, tmp_path: Path, which: str) -> None:
    path: Path = request.getfixturevalue(which)
    with reading(path, 5) as connection:
        texts = dict(
            connection.execute(
                """SELECT 'urn:quote-tracker:quote:' || quote_id, a.text
                   FROM quotes JOIN articles AS a USING (article_id)"""
            ).fetchall()
        )
    found = annotated(path, tmp_path / "out")
    assert {one["id"] for one in found} == set(texts)
    for one in found:
        for target in one["target"]:
            position, words = target["selector"]
            text = texts[one["id"]]
            assert text[position["start"] : position["end"]] == words["exact"]
            assert words["prefix"] + words["exact"] + words["suffix"] in text


def purposes(bodies: Sequence[dict[str, str]], purpose: str) -> list[str]:
    return [body["value"] for body in bodies if body["purpose"] == purpose]


def test_an_annotation_tells_who_and_for_or_against_whom(tracker: Path, tmp_path: Path) -> None:
    (one,) = annotated(tracker, tmp_path / "out", "text LIKE '%fairest%'")
    assert purposes(one["body"], "identifying") == ["Ilse Marrow"]
    assert purposes(one["body"], "describing") == ["Prime Minister"]
    assert purposes(one["body"], "assessing") == ["favor: the harbour levy", "against: Tobin Ashgrove"]
    assert [target["source"] for target in one["target"]] == ["https://sorrel.example/harbour"] * 2
