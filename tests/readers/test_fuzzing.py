"""Whatever comes in: what fuzzing found once, and what hypothesis makes of documents of every kind."""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import documents
import fuzz_targets
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quotes.records import Article, Problem

CORPUS = sorted((Path(__file__).parent / "corpus").iterdir())


@pytest.mark.parametrize("file", CORPUS, ids=[file.name for file in CORPUS])
def test_what_fuzzing_found_stays_mended(file: Path) -> None:
    if file.suffix == ".text":
        fuzz_targets.extract_any(file.read_bytes().decode("utf8", "replace"))
    else:
        fuzz_targets.read_any(f".{file.name.partition('.')[2]}", file.read_bytes())


Change = tuple[int, int, bytes]
CHANGES = st.lists(st.tuples(st.integers(0, 8192), st.integers(0, 40), st.binary(max_size=12)), min_size=1, max_size=6)


@pytest.mark.parametrize("kind", fuzz_targets.KINDS)
@settings(max_examples=25, deadline=None, database=None)
@given(changes=CHANGES)
def test_any_change_to_a_document_is_read_or_a_problem(kind: str, changes: list[Change]) -> None:
    data = bytearray(fuzz_targets.seeds()[kind])
    for at, size, new in changes:
        at %= len(data) + 1
        data[at : at + size] = new
    fuzz_targets.read_any(kind, bytes(data))


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("kind", fuzz_targets.KINDS)
@settings(max_examples=1_000, deadline=None, database=None)
@given(changes=CHANGES)
def test_many_changes_to_a_document(kind: str, changes: list[Change]) -> None:
    test_any_change_to_a_document_is_read_or_a_problem.hypothesis.inner_test(kind, changes)


def test_a_table_of_nothing_but_a_byte_order_mark_is_empty() -> None:
    (problem,) = fuzz_targets.read_any(".csv", b"\xfe\xff")
    assert isinstance(problem, Problem)


@settings(max_examples=50, deadline=None, database=None)
@given(text=st.text(max_size=300))
def test_any_text_leads_back_to_its_words(text: str) -> None:
    fuzz_targets.extract_any(text)


def wide(span: int) -> bytes:
    """A Word document with a cell that says it is so many columns wide."""
    table = (
        '<w:body><w:tbl><w:tblPr/><w:tblGrid><w:gridCol/></w:tblGrid><w:tr><w:tc><w:tcPr><w:gridSpan w:val="%d"/>'
        "</w:tcPr><w:p><w:r><w:t>Wide words.</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
    )
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(documents.word([("Normal", "Hello there.")]))) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for info in old.infolist():
            new.writestr(info.filename, old.read(info).replace(b"<w:body>", (table % span).encode()))
    return out.getvalue()


def test_a_cell_of_a_word_document_counts_once_however_wide_it_says_it_is() -> None:
    (article,) = fuzz_targets.read_any(".docx", wide(50_000_000))
    assert isinstance(article, Article)
    assert article.text == "Wide words.\n\nHello there."


@pytest.mark.parametrize(
    ("kind", "make", "told"),
    [
        (".eml", lambda n: b"From: " + b"a@b.example, " * (n // 13) + b"\n\nWords.", "header"),
        (".eml", lambda n: b"Subject: x\nFrom: " + b"(" * n + b"\n\nWords.", "header"),
        (".eml", lambda n: b"Content-Type: text/plain" + b"; a=b\n " * (n // 8) + b"\n\nWords.", "header"),
        (".eml", lambda n: b"Subject: x\nContent-Type: text/plain; charset=punycode\n\nsaid-" + b"a" * n, None),
        (".html", lambda n: b'<meta charset="punycode"><p>Words of an article, and more -' + b"a" * n, None),
    ],
)
def test_time_is_not_quadratic_in_what_a_mail_or_page_says(
    kind: str, make: Callable[[int], bytes], told: str | None
) -> None:
    before = time.process_time()
    (found,) = fuzz_targets.read_any(kind, make(900_000))
    assert time.process_time() - before < fuzz_targets.SLOW
    if told:
        assert isinstance(found, Problem)
        assert told in found.problem
