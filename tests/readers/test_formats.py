from __future__ import annotations

import gzip
import io
import json
import sys
import zipfile
from collections.abc import Iterator
from datetime import date
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace

import documents
import pyarrow
import pyarrow.parquet
import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from quotes.readers import Metadata, Options, count, derive_id, read
from quotes.records import Article, Problem

LINES = b'{"id": "a", "text": "One."}\n{"id": "b", "text": "Two."}\n'
ROWS = [
    {"key": 1, "body": "“One,” she said.\nTwo.", "headline": "A", "day": date(2021, 3, 12), "more": [1]},
    {"key": 2, "body": None, "headline": "B", "day": None, "more": []},
    {"key": 3, "body": "Three; four, five.", "headline": None, "day": date(2021, 3, 13), "more": None},
]
COLUMNS = {"id": "key", "text": "body", "title": "headline", "published": "day"}


def found(file: Path, options: Options | None = None) -> tuple[list[Article], list[Problem]]:
    items = list(read(file, options=options))
    return [x for x in items if isinstance(x, Article)], [x for x in items if isinstance(x, Problem)]


def write(folder: Path, name: str, data: bytes) -> Path:
    file = folder / name
    file.write_bytes(data)
    return file


def the_article(file: Path, options: Options | None = None) -> Article:
    (article,), problems = found(file, options)
    assert problems == []
    return article


def the_problem(file: Path, options: Options | None = None) -> str:
    articles, (problem,) = found(file, options)
    assert articles == []
    assert problem.advice
    return problem.problem


# HTML


def test_a_page_is_read_without_what_stands_around_the_article(tmp_path: Path) -> None:
    article = the_article(write(tmp_path, "a.html", documents.PAGE.encode()))
    assert article.text.split("\n\n") == documents.PARAGRAPHS
    assert (article.title, article.author, article.publisher) == ("Harbour levy passes", "Anselm Pike", "The Courier")
    assert (article.url, article.published) == ("https://courier.example/harbour", date(2021, 3, 12))
    assert article.id == derive_id("", "https://courier.example/harbour")
    assert article.sha256 == sha256(documents.PAGE.encode()).hexdigest()


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [
        ("utf-8", "utf-8"),
        ("utf-8", "x-none"),
        ("cp1252", "windows-1252"),
        ("cp1252", "iso-8859-1"),
        ("utf-16", "utf-8"),
    ],
)
def test_pages_are_decoded_as_they_declare(tmp_path: Path, encoding: str, declared: str) -> None:
    page = documents.PAGE.replace('charset="utf-8"', f'charset="{declared}"')
    assert the_article(write(tmp_path, "a.htm", page.encode(encoding))).text.split("\n\n") == documents.PARAGRAPHS


@pytest.mark.parametrize("page", ["<html></html>", "<html><body><nav><a href='/'>Home</a></nav></body></html>", "<p>"])
def test_a_page_without_an_article_is_a_problem(tmp_path: Path, page: str) -> None:
    assert "no" in the_problem(write(tmp_path, "a.html", page.encode()))


def test_a_page_that_is_nested_without_end_is_a_problem(tmp_path: Path) -> None:
    page = "<html><body>" + "<div>" * 100_000 + "Words." + "</div>" * 100_000
    articles, problems = found(write(tmp_path, "a.html", page.encode()))
    assert len(articles) + len(problems) == 1


# PDF


def test_the_lines_of_a_pdf_become_paragraphs_again(tmp_path: Path) -> None:
    page = [
        "The Courier, page 7",
        "Ilse Marrow told the Assembly on Tuesday that she would not give up the har-",
        "bour levy, a well-known and, as she said, well-",
        "known burden to the coast.",
        "“I will not see it drowned by people who never unloaded a crate in their whole",
        "lives,” she said.",
    ]
    pages = [page, ["The Courier, page 8", "A second page."], ["The Courier, page 9", "A third page."]]
    article = the_article(write(tmp_path, "a.pdf", documents.pdf(pages, "Levy (final)")))
    assert (article.title, article.author, article.published) == ("Levy (final)", "Anselm Pike", None)
    assert article.text.split("\n\n") == [
        "Ilse Marrow told the Assembly on Tuesday that she would not give up the harbour levy, a well-known and, as "
        "she said, well-known burden to the coast.",
        "“I will not see it drowned by people who never unloaded a crate in their whole lives,” she said.",
        "A second page.",
        "A third page.",
    ]


def test_a_pdf_without_text_says_so(tmp_path: Path) -> None:
    assert "no text" in the_problem(write(tmp_path, "a.pdf", documents.pdf([[]])))


def test_a_pdf_with_a_password_says_so(tmp_path: Path) -> None:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(documents.pdf([["Words."]]))))
    writer.encrypt("secret", algorithm="RC4-128")
    data = io.BytesIO()
    writer.write(data)
    assert "password" in the_problem(write(tmp_path, "a.pdf", data.getvalue()))


def test_a_pdf_whose_forms_multiply_is_stopped(tmp_path: Path) -> None:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(documents.pdf([["Words."]]))))
    page = writer.pages[0]
    inner = None
    for _ in range(12):
        form = DecodedStreamObject()
        form[NameObject("/Type")], form[NameObject("/Subtype")] = NameObject("/XObject"), NameObject("/Form")
        resources = DictionaryObject({NameObject("/Font"): page["/Resources"]["/Font"]})  # type: ignore[index]
        if inner is not None:
            resources[NameObject("/XObject")] = DictionaryObject({NameObject("/X"): inner})
        form[NameObject("/Resources")] = resources
        form.set_data(b"/X Do " * 10 if inner is not None else b"BT /F1 9 Tf (ha) Tj ET")
        inner = writer._add_object(form)
    page["/Resources"][NameObject("/XObject")] = DictionaryObject({NameObject("/X"): inner})  # type: ignore[index]
    contents = page["/Contents"].get_object()
    assert isinstance(contents, DecodedStreamObject)
    contents.set_data(b"/X Do")
    data = io.BytesIO()
    writer.write(data)
    assert "too much time" in the_problem(write(tmp_path, "a.pdf", data.getvalue()), Options(timeout=0.05))


# Word, mail


def test_a_word_document_is_read_paragraph_by_paragraph(tmp_path: Path) -> None:
    blocks = [
        ("Title", "Levy passes"),
        ("Normal", "“One.\n"),
        ("Caption", "The quay."),
        ("Normal", ""),
        ("Quote", "“Two,” she said."),
    ]
    article = the_article(write(tmp_path, "a.docx", documents.word(blocks)))
    assert (article.title, article.author) == ("Levy passes", None)
    assert article.text == "“One.\n\n\n“Two,” she said.\n\nThe quay."


def test_a_mail_is_read_with_what_it_says_about_itself(tmp_path: Path) -> None:
    article = the_article(write(tmp_path, "a.eml", documents.mail("“Never,” said the mayor of Zürich.\n\nTwo.\n")))
    assert article.text == "“Never,” said the mayor of Zürich.\n\nTwo.\n"
    assert (article.id, article.title) == ("one@sorrel.example", "Statement on the café levy")
    assert (article.author, article.published) == ("Press office, Port Sorrel", date(2021, 3, 12))


def test_of_a_mail_the_text_is_read_or_else_the_page(tmp_path: Path) -> None:
    both = documents.mail("The text of the mail.", documents.PAGE)
    assert the_article(write(tmp_path, "a.eml", both)).text == "The text of the mail.\n"
    page = the_article(write(tmp_path, "b.eml", documents.mail(None, documents.PAGE)))
    assert page.text.split("\n\n") == documents.PARAGRAPHS
    assert page.id == "one@sorrel.example"


def test_attachments_are_reported(tmp_path: Path) -> None:
    articles, (problem,) = found(write(tmp_path, "a.eml", documents.mail("Words.", attachment="levy.pdf")))
    assert [article.text for article in articles] == ["Words.\n"]
    assert "levy.pdf" in problem.problem


# Tables


def comma(separator: str = ",", encoding: str = "utf-8") -> bytes:
    lines = [
        separator.join(["key", "body", "headline", "day"]),
        separator.join(["1", '"“One,” she said.\nTwo."', "A", "2021-03-12"]),
        separator.join(["2", "", "B", ""]),
        separator.join(["3", '"Three; four, five."', "", "2021-03-13"]),
    ]
    return "\r\n".join(lines).encode(encoding)


def parquet() -> bytes:
    file = io.BytesIO()
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist(ROWS), file)
    return file.getvalue()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.csv", comma()),
        ("a.csv", comma(";")),
        ("a.tsv", comma("\t")),
        ("a.csv", comma(encoding="utf-8-sig")),
        ("a.csv", comma(";", "cp1252")),
        ("a.csv", comma(encoding="utf-16")),
        ("a.parquet", parquet()),
        ("a.csv.gz", gzip.compress(comma())),
        ("a.parquet.gz", gzip.compress(parquet())),
        ("a.jsonl", "\n".join(json.dumps(row, default=str) for row in ROWS).encode()),
    ],
)
def test_columns_are_mapped(tmp_path: Path, name: str, data: bytes) -> None:
    articles, (problem,) = found(write(tmp_path, name, data), Options(columns=COLUMNS))
    assert articles == [
        Article("1", "“One,” she said.\nTwo.", "A", published=date(2021, 3, 12)),
        Article("3", "Three; four, five.", published=date(2021, 3, 13)),
    ]
    assert "no" in problem.problem


@pytest.mark.parametrize(("name", "data"), [("a.csv", comma()), ("a.parquet", parquet())])
def test_a_table_without_a_column_of_texts_is_one_problem(tmp_path: Path, name: str, data: bytes) -> None:
    assert "no column text, but key, body" in the_problem(write(tmp_path, name, data))


def test_a_long_csv_is_read_as_it_comes(tmp_path: Path) -> None:
    text = "All is well. " * 2000
    data = ("text\n" + f'"{text}"\n' * 100 + '"naïve"\n').encode()
    articles, problems = found(write(tmp_path, "a.csv", data), Options(max_bytes=50_000))
    assert (len(articles), problems, articles[-1].text) == (101, [], "naïve")
    assert "more than 20,000 bytes" in the_problem(tmp_path / "a.csv", Options(max_bytes=20_000))


def test_what_is_no_parquet_is_a_problem(tmp_path: Path) -> None:
    assert "no Parquet" in the_problem(write(tmp_path, "a.parquet", b"PAR1 and nothing else"))


def test_a_parquet_bomb_is_a_problem(tmp_path: Path) -> None:
    table = pyarrow.table({"text": ["a" * 1_000_000 + str(number) for number in range(40)]})
    pyarrow.parquet.write_table(table, tmp_path / "a.parquet", compression="zstd", use_dictionary=False)
    assert "Unpacked" in the_problem(tmp_path / "a.parquet", Options(max_bytes=10_000))


# Packed


def packed(name: str, data: bytes) -> bytes:
    if name.endswith(".gz"):
        return gzip.compress(data)
    if name.endswith(".zst"):
        return bytes(pyarrow.compress(data, "zstd", asbytes=True))
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("in/" + name.removesuffix(".zip"), data)
    return file.getvalue()


@pytest.mark.parametrize("suffix", [".gz", ".zst", ".zip"])
def test_packed_files_are_read_as_what_they_hold(tmp_path: Path, suffix: str) -> None:
    lines = write(tmp_path, f"a.jsonl{suffix}", packed(f"a.jsonl{suffix}", LINES))
    assert [article.id for article in found(lines)[0]] == ["a", "b"]
    page = write(tmp_path, f"b.html{suffix}", packed(f"b.html{suffix}", documents.PAGE.encode()))
    assert the_article(page).text.split("\n\n") == documents.PARAGRAPHS
    document = documents.word([("Normal", "“No.”")])
    assert the_article(write(tmp_path, f"c.docx{suffix}", packed(f"c.docx{suffix}", document))).text == "“No.”"
    assert len(found(tmp_path)[0]) == 4


@pytest.mark.parametrize("suffix", [".gz", ".zst", ".zip"])
@pytest.mark.parametrize("inner", ["a.txt", "a.jsonl", "a.csv", "a.html", "a.pdf"])
def test_bombs_are_stopped(tmp_path: Path, suffix: str, inner: str) -> None:
    name = f"{inner}{suffix}"
    file = write(tmp_path, name, packed(name, (b"" if "jsonl" in name else b"text\n") + b" " * 30_000_000))
    options = Options(max_bytes=100_000)
    assert "over 200 times" in the_problem(file, options) or "more than 100,000" in the_problem(file, options)


@pytest.mark.parametrize("suffix", [".gz", ".zst", ".zip"])
def test_damaged_files_are_problems(tmp_path: Path, suffix: str) -> None:
    whole = packed(f"a.txt{suffix}", bytes(range(33, 126)) * 50)
    for number, data in enumerate((whole[: len(whole) // 2], whole[:20], b"", b"nothing packed")):
        assert the_problem(write(tmp_path, f"{number}.txt{suffix}", data))


def test_files_packed_twice_and_members_that_are_no_articles(tmp_path: Path) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("../../b.txt", "Outside.")
        archive.writestr("a.zip", packed("x.txt.zip", b"Inner."))
        archive.writestr("c.png", b"\x89PNG")
        archive.writestr("__MACOSX/d.txt", "Metadata.")
    articles, (problem,) = found(write(tmp_path, "a.zip", file.getvalue()))
    assert [article.text for article in articles] == ["Outside."]
    assert (problem.source, problem.problem) == (f"{tmp_path / 'a.zip'}: a.zip", "It is packed twice.")
    assert "twice" in the_problem(write(tmp_path, "b.txt.gz.gz", gzip.compress(gzip.compress(b"Words."))))


def test_a_word_document_that_is_a_bomb_is_a_problem(tmp_path: Path) -> None:
    file = io.BytesIO(documents.word([("Normal", "Words.")]))
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/media/a.xml", b" " * 30_000_000)
    assert "30," in the_problem(write(tmp_path, "a.docx", file.getvalue()), Options(max_bytes=1_000_000))


def test_entities_in_a_word_document_do_not_expand(tmp_path: Path) -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 9))
    bomb = f'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY l0 "ha">{laughs}]>'
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(documents.word([("Normal", "LAUGH")]))) as old, zipfile.ZipFile(file, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "word/document.xml":
                data = bomb.encode() + data.partition(b"?>")[2].replace(b"LAUGH", b"&l8;")
            new.writestr(name, data)
    articles, problems = found(write(tmp_path, "a.docx", file.getvalue()))
    assert problems
    assert articles == []


# Patterns, standard input, limits, languages, repair


@pytest.mark.parametrize(
    ("patterns", "names"),
    [((), ["a.txt", "b.md", "c.txt"]), (("*.txt",), ["a.txt", "c.txt"]), (("in/*",), ["c.txt"]), (("*.pdf",), [])],
)
def test_of_a_folder_the_files_that_match_are_read(tmp_path: Path, patterns: tuple[str, ...], names: list[str]) -> None:
    (tmp_path / "in").mkdir()
    for name in ("a.txt", "b.md", "in/c.txt"):
        (tmp_path / name).write_text(Path(name).name)
    articles, problems = found(tmp_path, Options(patterns=patterns))
    assert [article.text for article in articles] == names
    assert len(problems) == (not names)
    assert count([tmp_path], Options(patterns=patterns)) == len(names)


@pytest.mark.parametrize(
    ("data", "number"),
    [
        (LINES, 2),
        (gzip.compress(LINES), 2),
        (documents.PAGE.encode(), 1),
        (documents.pdf([["Words of a PDF."]]), 1),
        (documents.word([("Normal", "Words.")]), 1),
        (packed("a.jsonl.zip", LINES), 2),
        (json.dumps([{"text": "One."}, {"text": "Two."}], indent=1).encode(), 2),
        (json.dumps({"id": "a", "text": "One."}, indent=1).encode(), 1),
        (b'"id","text"\r\na,One.\r\nb,Two.\r\n', 2),
        (b"text;date\nOne.;2031-05-06\nTwo.;2031-05-07\n", 2),
        (b"Plain words.", 1),
        (b"text, author, and what was cut\n\nPlain words.\n", 1),
        (b"[Updated] From: the harbour\nSubject: the levy\n\nPlain words.\n", 1),
    ],
)
def test_standard_input_is_read_as_what_it_begins_as(monkeypatch: pytest.MonkeyPatch, data: bytes, number: int) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(data)))
    items = list(read("-"))
    assert [type(item) for item in items] == [Article] * number


def test_a_mail_and_a_mapped_table_come_by_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    mail = b"Return-Path: <a@b.example>\nReceived: from c\n\tby d\nSubject: The levy\n\nPlain words.\n"
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(mail)))
    (article,) = read("-")
    assert isinstance(article, Article)
    assert (article.title, article.text.strip()) == ("The levy", "Plain words.")
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(b"Body\nOne.\nTwo.\n")))
    found = list(read("-", options=Options(columns={"text": "Body"})))
    assert [item.text for item in found if isinstance(item, Article)] == ["One.", "Two."]


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.html", "a.json", "a.jsonl", "a.pdf", "a.eml", "a.docx"])
def test_what_is_too_large_is_a_problem(tmp_path: Path, name: str) -> None:
    assert "more than 1,000 bytes" in the_problem(write(tmp_path, name, b"{" * 2000), Options(max_bytes=1000))


def test_other_languages_are_skipped_with_a_reason(tmp_path: Path) -> None:
    assert "not in English, but in the language de" in the_problem(write(tmp_path, "a.txt", documents.GERMAN.encode()))


@pytest.mark.parametrize(
    "text", ["„Nein“, said Otto Brandt.", "Oui.", "Mara Lindqvist och Otto Brandt.", "1984", "€ 5"]
)
def test_short_texts_are_never_skipped(tmp_path: Path, text: str) -> None:
    assert the_article(write(tmp_path, "a.txt", text.encode())).text == text


def test_text_is_repaired_only_where_that_is_wanted(tmp_path: Path) -> None:
    broken = "“No,” she said. â€œIt\u2019s a naÃ¯ve plan,â€\x9d he said."
    file = write(tmp_path, "a.txt", broken.encode())
    assert the_article(file).text == broken
    assert the_article(file, Options(repair=True)).text == "“No,” she said. “It’s a naïve plan,” he said."


@pytest.fixture
def every_kind() -> Iterator[tuple[str, bytes]]:
    return iter(
        [
            ("a.html", documents.PAGE.encode()),
            ("a.pdf", documents.pdf([["Words."]])),
            ("a.docx", documents.word([("Normal", "Words.")])),
            ("a.eml", documents.mail("Words.")),
        ]
    )


def test_what_the_user_says_wins_and_columns_change_nothing(
    tmp_path: Path, every_kind: Iterator[tuple[str, bytes]]
) -> None:
    for name, data in every_kind:
        options = Options(metadata=Metadata(title="T", published=date(2020, 1, 1)), columns=COLUMNS)
        article = the_article(write(tmp_path, name, data), options)
        assert (article.title, article.published) == ("T", date(2020, 1, 1))
        assert article.sha256 == sha256(data).hexdigest()
