"""Files, folders, archives and standard input: which reader reads what."""

from __future__ import annotations

import io
import os
import re
import sys
from collections.abc import Callable, Iterator
from fnmatch import fnmatch
from pathlib import Path, PurePath, PurePosixPath
from typing import BinaryIO

from quotes.errors import ReadError
from quotes.readers.csv import read_csv
from quotes.readers.docx import read_docx
from quotes.readers.eml import read_eml
from quotes.readers.fields import FIELDS, Options, clean, read_all
from quotes.readers.html import read_html
from quotes.readers.jsonl import read_json, read_jsonl
from quotes.readers.markdown import read_markdown
from quotes.readers.packed import COMPRESSED, Rest, members, unpack
from quotes.readers.parquet import read_parquet
from quotes.readers.pdf import read_pdf
from quotes.readers.text import read_text
from quotes.records import Article, Problem

Reader = Callable[[BinaryIO, str, Options], Iterator[Article | Problem]]

READERS: dict[str, Reader] = {
    ".txt": read_text,
    ".md": read_markdown,
    ".html": read_html,
    ".htm": read_html,
    ".pdf": read_pdf,
    ".docx": read_docx,
    ".eml": read_eml,
    ".json": read_json,
    ".jsonl": read_jsonl,
    ".ndjson": read_jsonl,
    ".csv": read_csv,
    ".tsv": read_csv,
    ".parquet": read_parquet,
}
MANY = (".json", ".jsonl", ".ndjson", ".csv", ".tsv", ".parquet", ".zip")
LINES = (".jsonl", ".ndjson", ".csv", ".tsv")
ARCHIVE = ".zip"
BEGINNINGS: tuple[tuple[bytes, Reader], ...] = (
    (rb"\[\s*\{|\{\s*\n", read_json),
    (rb"\{", read_jsonl),
    (rb"%pdf-", read_pdf),
    (rb"<!doctype html|<html", read_html),
    (rb"par1", read_parquet),
    (rb"(?:[!-9;-~]+:[^\n]*\n(?:[ \t][^\n]*\n)*)*?(?:received|message-id|mime-version):", read_eml),
)
"""By what standard input is recognised, in small letters; what begins as no table either is plain text."""
STANDARD_INPUT = "standard input"
HEAD = 4096


def read_path(source: Path, options: Options) -> Iterator[tuple[str, Article | Problem]]:
    """Read a file, or all files of a folder and those below it.

    Args:
        source: the file or folder.
        options: how to read it.

    Yields:
        Pairs of a file's name and what was found in it. A file that cannot be read costs no other.
    """
    empty = True
    for file in files(source, options):
        empty = False
        place = clean(str(file))
        try:
            with file.open("rb") as stream:
                for found in read_stream(stream, file, place, options):
                    yield place, found
        except ReadError as error:
            yield place, Problem(place, error.problem, error.advice)
        except OSError as error:
            yield place, Problem(place, f"It cannot be opened: {error.strerror}.", "Check its permissions.")
    if empty:
        place = clean(str(source))
        wanted = " or ".join(options.patterns) or f"*{', *'.join(READERS)}"
        yield place, Problem(place, "The folder holds no article.", f"Articles are called {wanted}.")


def files(source: Path, options: Options) -> Iterator[Path]:
    """Give a file itself, or the readable files below a folder, sorted; hidden ones are left alone.

    Args:
        source: the file or folder.
        options: with the patterns that the files of a folder must match.

    Yields:
        The files.
    """
    if not source.is_dir():
        yield source
        return
    for folder, subfolders, names in os.walk(source):
        subfolders[:] = sorted(name for name in subfolders if not name.startswith("."))
        for name in sorted(names):
            file = Path(folder, name)
            if _is_readable(file) and _wanted(file.relative_to(source), options):
                yield file


def count_articles(file: Path) -> int:
    """Count the articles of a file roughly and fast: lines, rows, members of an archive, else one."""
    suffix = file.suffix.lower()
    try:
        with file.open("rb") as stream:
            if suffix in LINES:
                return sum(1 for line in stream if line.strip()) - (suffix in (".csv", ".tsv"))
            if suffix == ".parquet":
                from pyarrow.parquet import read_metadata

                return int(read_metadata(stream).num_rows)
            if suffix == ARCHIVE:
                import zipfile

                with zipfile.ZipFile(stream) as archive:
                    return sum(_is_readable(PurePosixPath(name)) for name in archive.namelist())
    except Exception:  # what is wrong with the file is said when it is read
        return 1
    return 1


def read_stream(stream: BinaryIO, name: PurePath, place: str, options: Options) -> Iterator[Article | Problem]:
    """Read what is in a file by the suffix of its name, unpacked where it is packed.

    Args:
        stream: the file.
        name: its name; one of another suffix is plain text.
        place: what to call it in problems.
        options: how to read it.

    Yields:
        Articles and problems.

    Raises:
        ReadError: it cannot be read, or from some place on not.
    """
    suffix = name.suffix.lower()
    if suffix in COMPRESSED:
        inner = name.with_suffix("")
        unpacked: BinaryIO = unpack(stream, suffix, options.max_bytes)
        if inner.suffix.lower() in (*COMPRESSED, ARCHIVE):
            raise ReadError("It is packed twice.", "Unpack it once.")
        if inner.suffix.lower() == ".parquet":  # for which one must be able to seek
            unpacked = io.BytesIO(read_all(unpacked, options))
        yield from read_stream(unpacked, inner, place, options)
    elif suffix == ARCHIVE:
        yield from _or_empty(_read_archive(stream, place, options), place)
    elif suffix in MANY:
        yield from _or_empty(READERS[suffix](stream, place, options), place)
    else:
        yield from READERS.get(suffix, read_text)(stream, place, options)


def read_standard_input(options: Options) -> Iterator[tuple[str, Article | Problem]]:
    """Read standard input as what it begins as: JSON, HTML, PDF, Parquet, a mail, CSV, something packed, or plain text.

    Args:
        options: how to read it.

    Yields:
        Pairs of the words "standard input" and an article or a problem.
    """
    try:
        for found in read_unnamed(sys.stdin.buffer, options):
            yield STANDARD_INPUT, found
    except ReadError as error:
        yield STANDARD_INPUT, Problem(STANDARD_INPUT, error.problem, error.advice)


def read_unnamed(given: BinaryIO, options: Options) -> Iterator[Article | Problem]:
    """Read what has no name, as what it begins as.

    Args:
        given: the data.
        options: how to read it.

    Yields:
        Articles and problems.

    Raises:
        ReadError: it cannot be read, or from some place on not.
    """
    head = given.read(HEAD)
    stream: BinaryIO = Rest(head, given)
    for magic, suffix in ((b"\x1f\x8b", ".gz"), (b"\x28\xb5\x2f\xfd", ".zst")):
        if head.startswith(magic):
            unpacked = unpack(stream, suffix, options.max_bytes)
            head = unpacked.read(HEAD)
            stream = Rest(head, unpacked)
            break
    if head.startswith(b"PK\x03\x04"):
        whole = io.BytesIO(read_all(stream, options))
        name = ".docx" if b"word/document.xml" in whole.getvalue() else ARCHIVE
        yield from read_stream(whole, Path(f"standard-input{name}"), STANDARD_INPUT, options)
        return
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    otherwise = read_csv if _is_header(start.partition(b"\n")[0], options) else read_text
    reader = next((reader for beginning, reader in BEGINNINGS if re.match(beginning, start.lower())), otherwise)
    if reader is read_parquet:
        yield from reader(io.BytesIO(read_all(stream, options)), STANDARD_INPUT, options)
    else:
        yield from reader(stream, STANDARD_INPUT, options)


def _is_header(line: bytes, options: Options) -> bool:
    """Tell whether a line names the column of texts and another field's, or the one to which texts are mapped."""
    names = {name.strip(b'"\r').decode("utf8", "replace") for name in re.split(rb"[,;\t|]", line)}
    columns = {name: options.columns.get(name, name) for name in (*FIELDS, "date")}
    return columns["text"] in names and ("text" in options.columns or len(names & {*columns.values()}) > 1)


def _read_archive(stream: BinaryIO, place: str, options: Options) -> Iterator[Article | Problem]:
    for name, member in members(stream, options.max_bytes):
        path = PurePosixPath(clean(name))
        inside = f"{place}: {path}"
        if path.name.startswith(".") or "__MACOSX" in path.parts:
            continue
        if path.suffix.lower() in (*COMPRESSED, ARCHIVE):
            yield Problem(inside, "It is packed twice.", "Unpack it once.")
        elif _is_readable(path) and _wanted(path, options):
            try:
                if isinstance(member, ReadError):
                    raise member
                if path.suffix.lower() == ".parquet":
                    member = io.BytesIO(read_all(member, options))
                yield from read_stream(member, path, inside, options)
            except ReadError as error:
                yield Problem(inside, error.problem, error.advice)


def _is_readable(file: PurePath) -> bool:
    suffix = file.suffix.lower()
    if suffix in COMPRESSED:
        suffix = file.with_suffix("").suffix.lower()
    return (suffix in READERS or suffix == ARCHIVE) and not file.name.startswith(".")


def _wanted(path: PurePath, options: Options) -> bool:
    """Match the patterns with the path below the folder; one without a slash, with the name of the file."""
    return not options.patterns or any(
        fnmatch(path.as_posix() if "/" in pattern else path.name, pattern) for pattern in options.patterns
    )


def _or_empty(found: Iterator[Article | Problem], place: str) -> Iterator[Article | Problem]:
    empty = True
    for item in found:
        empty = False
        yield item
    if empty:
        yield Problem(place, "There is no article in it.", "Check the file, or leave it out.")
