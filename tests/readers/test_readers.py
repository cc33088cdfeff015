from __future__ import annotations

import io
import json
import os
import sys
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest

from quotes.errors import ReadError
from quotes.readers import Metadata, count, derive_id, read, read_places
from quotes.records import Article, Problem


def only_article(source: Path | str, metadata: Metadata | None = None) -> Article:
    (found,) = read(source, metadata)
    assert isinstance(found, Article)
    return found


def only_problem(source: Path | str) -> Problem:
    (found,) = read(source)
    assert isinstance(found, Problem)
    return found


def articles(source: Path | str) -> list[Article]:
    return [found for found in read(source) if isinstance(found, Article)]


def problems(source: Path | str) -> list[Problem]:
    return [found for found in read(source) if isinstance(found, Problem)]


def pipe(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(data)))


# Plain text


def test_text_is_kept_unchanged(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    text = "\n First line.\r\n\tSecond, “with quotes”.\u2028Third\r\n\n"
    file.write_bytes(text.encode())
    article = only_article(file)
    assert article == Article(derive_id(text), text)


def test_the_id_comes_from_the_address_or_else_from_the_text(tmp_path: Path) -> None:
    file, twin = tmp_path / "a.txt", tmp_path / "b.txt"
    file.write_text("Words.")
    twin.write_text("Words.")
    assert only_article(file).id == only_article(twin).id
    assert len(only_article(file).id) == 16
    addressed = only_article(file, Metadata(url="https://a.example"))
    twin.write_text("Other words.")
    assert addressed.id == only_article(twin, Metadata(url="https://a.example")).id != only_article(file).id


def test_what_the_user_says_wins(tmp_path: Path) -> None:
    file = tmp_path / "a.md"
    file.write_text("---\ntitle: A\npublisher: P\npublished: 2020-01-01\n---\nWords.")
    article = only_article(file, Metadata(title="B", published=date(2022, 3, 16), author="C"))
    assert (article.title, article.published, article.author, article.publisher) == ("B", date(2022, 3, 16), "C", "P")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "mac_roman"])
def test_encodings_are_recognised(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "a.txt"
    text = (
        "“I can’t – won’t – pay £5 for the café,” said Zoë Müller.\nIt was a long day, and the naïve crowd cheered.\n"
    )
    file.write_bytes(text.encode(encoding))
    assert only_article(file).text == text


def test_latin_1_is_read(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    text = '"It\'s a fait accompli," Zoë Müller said at the café. She paid £5.'
    file.write_bytes(text.encode("latin-1"))
    assert only_article(file).text == text


def test_a_broken_byte_does_not_spoil_the_quotation_marks(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes("“We won’t,” she said. He paid ".encode() + b"\xa3" + "5 – “too much”.".encode())
    assert only_article(file).text == "“We won’t,” she said. He paid \ufffd5 – “too much”."


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.jsonl", "a.json"])
@pytest.mark.parametrize(
    "content", [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" * 50, bytes(range(256)) * 40, bytes(range(1, 256)) * 4]
)
def test_a_binary_file_is_a_problem(tmp_path: Path, name: str, content: bytes) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    problem = only_problem(file)
    assert problem.source == str(file)
    assert "binary" in problem.problem
    assert problem.advice


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.jsonl", "a.ndjson", "a.json"])
@pytest.mark.parametrize("content", ["", " \r\n\t\n", "\ufeff"])
def test_an_empty_file_is_a_problem(tmp_path: Path, name: str, content: str) -> None:
    file = tmp_path / name
    file.write_bytes(content.encode())
    assert "no " in only_problem(file).problem


def test_a_file_of_another_suffix_is_text_when_named_itself(tmp_path: Path) -> None:
    file = tmp_path / "article"
    file.write_text("Words.")
    assert only_article(file).text == "Words."


@pytest.mark.parametrize("text", ["“" * 100_000, "“”‘’\"'«»", "x" * 10_000_000])
def test_strange_text_is_read(tmp_path: Path, text: str) -> None:
    file = tmp_path / "a.txt"
    file.write_text(text)
    assert only_article(file).text == text


# Markdown


def test_front_matter_is_read_and_the_text_is_what_follows(tmp_path: Path) -> None:
    file = tmp_path / "a.md"
    file.write_bytes(
        b"---\r\nnote: Invented.\r\nid: sample-01\r\ntitle: 'It: a title'\r\ndate: 2024-01-16\r\nauthor: [A, B]\r\n"
        b"publisher: 1984\r\nurl: https://a.example\r\nlanguage: no\r\n---\r\n\r\n# Heading\r\n\r\nWords.\r\n"
    )
    assert only_article(file) == Article(
        "sample-01",
        "\r\n# Heading\r\n\r\nWords.\r\n",
        "It: a title",
        "https://a.example",
        "1984",
        "A, B",
        date(2024, 1, 16),
        "no",
    )


@pytest.mark.parametrize(
    "text",
    [
        "# Heading\n\nWords.",
        "---\nA rule, and then words: many.",
        "---\nJust a sentence.\n---\nAnother.",
        "--- a\n---\nb",
    ],
)
def test_markdown_without_front_matter_is_all_text(tmp_path: Path, text: str) -> None:
    file = tmp_path / "a.md"
    file.write_text(text)
    assert only_article(file).text == text


def test_empty_front_matter_is_no_text(tmp_path: Path) -> None:
    file = tmp_path / "a.md"
    file.write_text("---\n---\nWords.")
    assert only_article(file).text == "Words."


def test_broken_front_matter_is_a_problem_that_names_the_line(tmp_path: Path) -> None:
    file = tmp_path / "a.md"
    file.write_text("---\ntitle: A\nauthor: [B\n---\nWords.")
    assert "YAML in line" in only_problem(file).problem


@pytest.mark.parametrize("line", ["published: 16 March", "published: [2022, 3]", "date: {y: 2022}", "date: 2022-02-30"])
def test_a_date_that_is_none_is_reported_and_the_article_is_read(tmp_path: Path, line: str) -> None:
    file = tmp_path / "a.md"
    file.write_text(f"---\ntitle: A\n{line}\n---\nWords.")
    article, problem = read(file)
    assert isinstance(article, Article)
    assert (article.title, article.text, article.published) == ("A", "Words.", None)
    assert isinstance(problem, Problem)
    assert problem.article_id == article.id


# JSON Lines


def test_json_lines_are_read_one_by_one(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text(
        '{"id": 7, "text": "One.\\r\\nTwo.", "date": "2022-03-16T23:30:00Z", "publisher": "P", "author": null}\n'
        "\n"
        '{"text": "Three\u2028four.", "title": "T", "published": "2022-03-17", "url": "https://a.example", "more": [1]}'
    )
    first, second = articles(file)
    assert first == Article("7", "One.\r\nTwo.", publisher="P", published=date(2022, 3, 16))
    assert second == Article(
        derive_id("", "https://a.example"),
        "Three\u2028four.",
        "T",
        "https://a.example",
        published=date(2022, 3, 17),
    )


@pytest.mark.parametrize(
    "bad",
    [
        b'{"text": "broken',
        b'{"text": "broken" "more"}',
        b"words",
        b"[1]",
        b'"words"',
        b"null",
        b"{}",
        b'{"text": null}',
        b'{"text": ["a"]}',
        b'{"text": ""}',
        b'{"text": "half a \\ud83d character"}',
        b'{"text": "\xff\0"}',
        b"[" * 100_000,
        b'{"id": ' + b"9" * 5000 + b', "text": "a"}',
    ],
)
def test_a_bad_line_is_a_problem_and_its_neighbours_are_read(tmp_path: Path, bad: bytes) -> None:
    file = tmp_path / "a.jsonl"
    file.write_bytes(b'{"id": "a", "text": "One."}\n' + bad + b'\n{"id": "c", "text": "Three."}\n')
    first, problem, third = read(file)
    assert isinstance(first, Article)
    assert isinstance(third, Article)
    assert (first.id, third.id) == ("a", "c")
    assert isinstance(problem, Problem)
    assert problem.source == f"{file}, line 2"


def test_metadata_of_the_wrong_kind_are_reported_and_left_out(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text('{"text": "One.", "title": {"a": 1}, "publisher": true, "author": "half \\ud83d"}')
    article, *wrong = read(file)
    assert isinstance(article, Article)
    assert (article.title, article.publisher, article.author) == (None, None, "half \\ud83d")
    assert [problem.problem for problem in wrong if isinstance(problem, Problem)] == [
        "Its title is not text.",
        "Its publisher is not text.",
    ]


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("whole", [{"id": "a", "text": "One."}, [{"id": "a", "text": "One."}, 5]])
def test_a_json_file_may_be_an_article_or_a_list(tmp_path: Path, whole: object, indent: int | None) -> None:
    file = tmp_path / "a.json"
    file.write_text(json.dumps(whole, indent=indent))
    assert [article.id for article in articles(file)] == ["a"]
    assert len(problems(file)) == isinstance(whole, list)


def test_a_json_file_may_be_json_lines(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    file.write_text('{"id": "a", "text": "One."}\n{"id": "b", "text": "Two."}\n')
    assert [article.id for article in articles(file)] == ["a", "b"]


# Folders, standard input, several sources


def test_a_folder_is_read_with_all_below_it_in_order(tmp_path: Path) -> None:
    for name in ("b.txt", "a.md", "c/d.TXT", "c/b/a.jsonl", ".hidden.txt", ".git/a.txt", "e.png", "f.py"):
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps({"id": name, "text": name}) if name.endswith("jsonl") else name)
    assert [article.text for article in articles(tmp_path)] == ["a.md", "b.txt", "c/d.TXT", "c/b/a.jsonl"]
    assert problems(tmp_path) == []
    assert count([tmp_path]) == 4


def test_what_cannot_be_read_in_a_folder_costs_no_neighbour(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("One.")
    (tmp_path / "b.txt").write_bytes(b"\0\1\2")
    (tmp_path / "c.txt").symlink_to(tmp_path / "nowhere.txt")
    (tmp_path / "d.txt").mkdir()
    (tmp_path / "e.txt").write_text("Five.")
    assert [article.text for article in articles(tmp_path)] == ["One.", "Five."]
    assert [Path(problem.source).name for problem in problems(tmp_path)] == ["b.txt", "c.txt"]


def test_an_empty_folder_is_a_problem(tmp_path: Path) -> None:
    assert "no article" in only_problem(tmp_path).problem


@pytest.mark.skipif(sys.platform != "linux", reason="other systems' file names are Unicode")
def test_a_file_name_that_is_no_text_is_spelt_out(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"\xff.txt")).write_bytes(b"")
    assert only_problem(tmp_path).source.endswith("\\udcff.txt")


@pytest.mark.parametrize(
    ("data", "texts"),
    [
        (b"Words.\n\nMore { words.\n", ["Words.\n\nMore { words.\n"]),
        (b"\n Words.", ["\n Words."]),
        (b'\n {"text": "One."}\n{"text": "Two."}\n', ["One.", "Two."]),
        (b'\xef\xbb\xbf{"text": "One."}', ["One."]),
    ],
)
def test_standard_input_is_text_or_json_lines(monkeypatch: pytest.MonkeyPatch, data: bytes, texts: list[str]) -> None:
    pipe(monkeypatch, data)
    assert [article.text for article in articles("-")] == texts


@pytest.mark.parametrize("data", [b"", b" \n", b"\0\1"])
def test_standard_input_without_text_is_a_problem(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    pipe(monkeypatch, data)
    assert only_problem("-").source == "standard input"


def test_a_source_that_does_not_exist_is_an_error_before_anything_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("One.")
    with pytest.raises(ReadError, match=r"no file or folder .*b\.txt"):
        read_places([tmp_path / "a.txt", tmp_path / "b.txt"])


def test_a_title_belongs_to_one_article(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="belongs to one article"):
        read(tmp_path, Metadata(title="A"))
    (tmp_path / "a.txt").write_text("One.")
    assert [
        article.publisher for article in read(tmp_path, Metadata(publisher="P")) if isinstance(article, Article)
    ] == ["P"]


def test_two_articles_with_one_id_do_not_overwrite_each_other(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("---\nid: x\n---\nOne.")
    (tmp_path / "b.md").write_text("---\nid: x\n---\nTwo.")
    (tmp_path / "c.md").write_text("---\nid: x\n---\nOne.")
    first, second, third = read_places([tmp_path])
    assert (first[1], third[1]) == (Article("x", "One."), Article("x", "One."))
    assert isinstance(second[1], Problem)
    assert second[1].article_id == "x"
    assert str(tmp_path / "a.md") in second[1].problem


def test_the_number_of_articles_is_counted_without_reading_them(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("One.")
    (tmp_path / "b.jsonl").write_text("{}\n\n{}\n")
    assert count([tmp_path, tmp_path / "a.txt"]) == 4
    assert count([tmp_path, "-"]) is None
