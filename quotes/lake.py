"""A lake: quotes as Parquet files beside each other, one for each chunk of articles, made by any number of machines.

A chunk is some rows of a Parquet file of articles. Which chunks there are, and what their files are called, follows
from the articles alone, so that a run that was stopped goes on with what is missing. A chunk's file is there as a whole
or not at all, and holds a row for each article: the article, its quotes and name forms as the tables of the store have
them, or what is wrong with it. :mod:`quotes.store.lake` loads them. Nothing here opens DuckDB or knows Ray.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from io import BytesIO
from pathlib import PurePosixPath
from typing import Any, NamedTuple
from uuid import uuid4

import fsspec
import pyarrow as pa
from fsspec.implementations.local import LocalFileSystem
from pyarrow import parquet

from quotes.errors import LakeError, ReadError
from quotes.readers import Options
from quotes.readers.parquet import read_parquet
from quotes.records import Article, Problem
from quotes.store import rows
from quotes.store.migrations import SCHEMA_VERSION
from quotes.tracker import batches, pipeline_name
from quotes.workers import Read, Reader, died

ROWS = 256
"""Articles of a chunk: a minute or two of work for one processor, and so much is lost when it dies."""
ATTEMPTS = "_attempts"
"""Where it stands which chunks were begun; kept apart from the chunks' files."""
DEATHS = 2
"""How often a process may die at a batch before its articles are read one by one: the first death may be that of the
machine, and the batch must be read together again, since what a network in eight bits makes of an article depends a
little on what it reads beside it. A death at an article alone gives that up."""

_SPANS = pa.list_(pa.struct([("start", pa.int32()), ("end", pa.int32())]))
_STANCE = {name: pa.string() for name in ("target", "target_key", "target_form", "target_type", "person_id", "stance")}
_QUOTE = {
    "quote_id": pa.string(),
    "article_id": pa.string(),
    "kind": pa.string(),
    "text": pa.string(),
    "spans": _SPANS,
    "source": _SPANS,
    "source_text": pa.string(),
    "cue": _SPANS,
    "cue_text": pa.string(),
    "cue_class": pa.string(),
    "speaker": pa.string(),
    "speaker_form": pa.string(),
    "speaker_type": pa.string(),
    "speaker_role": pa.string(),
    "person_id": pa.string(),
    "said_on": pa.date32(),
    "said_on_precision": pa.string(),
    "said_on_text": pa.string(),
    "venue": pa.string(),
    "confidence": pa.float64(),
    "stances": pa.list_(
        pa.struct({"quote_id": pa.string(), **_STANCE, "score": pa.float64(), "evidence": _SPANS}.items())
    ),
    "topics": pa.list_(pa.struct([("quote_id", pa.string()), ("topic", pa.string()), ("rank", pa.int32())])),
}
_ARTICLE = ("article_id", "title", "text", "url", "publisher", "author", "language", "text_hash", "sha256")
_FORM = ("article_id", "form", "block", "role", "register_id", "person_id")
SCHEMA = pa.schema(
    {
        "key": pa.struct([(name, pa.string()) for name in ("article_id", "content", "place")]),
        "article": pa.struct(
            {
                **{name: pa.string() for name in _ARTICLE},
                "published": pa.date32(),
                "fetched_at": pa.timestamp("us", "UTC"),
            }.items()
        ),
        "quotes": pa.list_(pa.struct(_QUOTE.items())),
        "name_forms": pa.list_(pa.struct([(name, pa.string()) for name in _FORM])),
        "bands": pa.list_(pa.uint64()),
        "problem": pa.struct([(name, pa.string()) for name in ("source", "article_id", "problem", "advice")]),
    }
)
"""A row of a chunk's file: where ``article`` is null, ``problem`` is not. ``key`` is null where there was no article at
all; by it, articles of one id are told apart."""


class Chunk(NamedTuple):
    """Some rows of a file of articles.

    Attributes:
        name: of its own file in the lake, below the lake's folder.
        path: the file of articles, as fsspec understands it on every machine.
        place: what to call that file in problems.
        first: the first row, counted from 0.
        rows: how many; 0 where the file cannot be opened.
    """

    name: str
    path: str
    place: str
    first: int
    rows: int


class Done(NamedTuple):
    """What was made of a chunk: how many articles, quotes and problems."""

    name: str
    articles: int
    quotes: int
    problems: int


class Plan(NamedTuple):
    """The chunks of a folder of articles: all, those that are missing, and files in the lake that are none of them."""

    chunks: list[Chunk]
    missing: list[Chunk]
    stale: list[str]


@dataclass(frozen=True)
class ChunkReader:
    """Reads a chunk of articles and writes its file; the same in this process as in an actor of a cluster.

    Attributes:
        reader: finds the quotes.
        folder: the lake's, as fsspec understands it on every machine.
        columns: of the articles, as in :class:`~quotes.readers.Options`.
    """

    reader: Reader
    folder: str
    columns: Mapping[str, str] = field(default_factory=dict)

    def __call__(self, chunk: Chunk) -> Done:
        """Read a chunk and write its file, unless that is there.

        Articles of a batch at which the process died twice are read one by one, and given up where that kills it again.

        Args:
            chunk: which.

        Returns:
            What was made of it.

        Raises:
            PipelineError: the pipeline cannot be loaded.
        """
        files, root = fsspec.core.url_to_fs(self.folder)
        target = f"{root}/{chunk.name}"
        if files.exists(target):  # the process died between writing it and saying so
            return _count(chunk, parquet.read_table(BytesIO(files.cat_file(target))).to_pylist())
        attempt = _Attempt(files, f"{root}/{ATTEMPTS}/{chunk.name}.json")
        found = [_row(chunk, item, read) for item, read in self._read(chunk, attempt)]
        data = BytesIO()
        parquet.write_table(pa.Table.from_pylist(found, SCHEMA), data, compression="zstd")
        _write(files, target, data.getvalue())
        attempt.forget()
        return _count(chunk, found)

    def _read(self, chunk: Chunk, attempt: _Attempt) -> Iterator[tuple[Article | Problem, Read]]:
        number = 0
        for batch in batches(((chunk.place, item) for item in self._items(chunk)), self.reader.settings):
            articles = [(place, item) for place, item in batch if isinstance(item, Article)]
            read = iter(attempt.read(self.reader, articles, number))
            number += len(articles)
            for _, item in batch:
                if isinstance(item, Article):
                    yield item, next(read)
                elif isinstance(item, Problem):
                    yield item, Read(item, ())

    def _items(self, chunk: Chunk) -> Iterator[Article | Problem]:
        empty = True
        settings = self.reader.settings
        options = Options(max_bytes=settings.max_bytes, repair=settings.repair_text, columns=self.columns)
        try:
            with fsspec.open(chunk.path, "rb") as stream:
                for item in read_parquet(stream, chunk.place, options, chunk.first, chunk.rows or None):
                    empty = False
                    yield item
        except ReadError as error:
            empty = False
            yield Problem(chunk.place, error.problem, error.advice)
        if empty:
            yield Problem(chunk.place, "There is no article in it.", "Check the file, or leave it out.")


def plan(articles: str, folder: str, reader: Reader, columns: Mapping[str, str], chunk_rows: int = ROWS) -> Plan:
    """Cut the articles of a folder into chunks, and see which of them the lake has.

    Args:
        articles: the folder of Parquet files, or one such file; a path or an address such as s3://bucket/articles.
        folder: the lake's.
        reader: what finds quotes; another pipeline makes other chunks.
        columns: of the articles, as in :class:`~quotes.readers.Options`.
        chunk_rows: the most articles of a chunk.

    Returns:
        The chunks in the order in which ``quotes ingest`` reads these articles.

    Raises:
        LakeError: there is no such folder, no Parquet file in it, or it is the lake's own.
    """
    try:
        files, root = fsspec.core.url_to_fs(articles)
        there, base = fsspec.core.url_to_fs(folder)
    except (ImportError, ValueError) as error:
        raise LakeError(f"{articles} cannot be used: {error}", "Name a folder, or install what that needs.") from error
    if (files.protocol, root) == (there.protocol, base):
        raise LakeError(f"{folder} holds the articles themselves.", "Name another folder for the quotes.")
    single = files.isfile(root)
    names = [root] if single else [name for name in files.find(root) if name.endswith(".parquet")]
    if not names:
        raise LakeError(f"There is no Parquet file in {articles}.", "Name a folder with files called *.parquet.")
    recipe = json.dumps([SCHEMA_VERSION, pipeline_name(reader.settings), sorted(columns.items()), chunk_rows])
    chunks = []
    for name in names:
        below = PurePosixPath(name).relative_to(root if not single else PurePosixPath(root).parent)
        if any(part.startswith((".", "_")) for part in below.parts):
            continue
        place = articles if single else f"{articles.rstrip('/')}/{below}"
        mark = blake2b(f"{recipe} {files.size(name)}".encode(), digest_size=6).hexdigest()
        count = _rows_of(files, name)
        for first in range(0, max(count, 1), chunk_rows):
            own = f"{below}/{first:012}-{mark}.parquet"
            path = str(files.unstrip_protocol(name))
            chunks.append(Chunk(own, path, place, first, min(chunk_rows, count - first)))
    # As os.walk goes: the files of a folder before its subfolders.
    chunks.sort(key=lambda chunk: ([(1, part) for part in chunk.name.split("/")[:-2]], chunk.name.split("/")[-2:]))
    known = set(chunk_names(folder))
    wanted = {chunk.name for chunk in chunks}
    return Plan(chunks, [chunk for chunk in chunks if chunk.name not in known], sorted(known - wanted))


def chunk_names(folder: str) -> list[str]:
    """List the chunks' files in a lake, below its folder, in the order of the articles.

    Args:
        folder: the lake's.
    """
    files, root = fsspec.core.url_to_fs(folder)
    found = [PurePosixPath(name).relative_to(root) for name in files.find(root) if name.endswith(".parquet")]
    found = [name for name in found if not any(part.startswith((".", "_")) for part in name.parts)]
    return [
        str(name)
        for name in sorted(found, key=lambda name: ([(1, part) for part in name.parts[:-2]], list(name.parts[-2:])))
    ]


def remove(folder: str, names: Sequence[str]) -> None:
    """Delete chunks' files from a lake, such as those of articles that are gone.

    Args:
        folder: the lake's.
        names: of the files.
    """
    files, root = fsspec.core.url_to_fs(folder)
    for name in names:
        files.rm_file(f"{root}/{name}")


def everywhere(folder: str) -> str:
    """Write a path so that it means the same in every working folder and on every machine that has it."""
    files, root = fsspec.core.url_to_fs(folder)
    return str(files.unstrip_protocol(root))


class _Attempt:
    """Remembers what of a chunk was begun, so that the next process knows at which articles the last one died."""

    def __init__(self, files: Any, path: str) -> None:
        self._files, self._path = files, path
        self._deaths: list[list[int]] = []
        if files.exists(path):
            state = json.loads(files.cat_file(path))
            self._deaths = [*state["deaths"], state["at"]]

    def read(self, reader: Reader, batch: Sequence[tuple[str, Article]], first: int) -> Iterator[Read]:
        """Read a batch, whose first article has this number in the chunk; see :data:`DEATHS`."""
        whole = [first, first + len(batch)]
        if self._deaths.count(whole) < DEATHS:
            self._note(whole)
            yield from reader(batch)
            return
        for number, one in enumerate(batch, start=first):
            alone = [number]
            if alone in self._deaths:
                yield Read(died(one), ())
            else:
                self._note(alone)
                yield from reader([one])

    def forget(self) -> None:
        if self._files.exists(self._path):  # no article, no note
            self._files.rm_file(self._path)

    def _note(self, at: list[int]) -> None:
        _write(self._files, self._path, json.dumps({"deaths": self._deaths, "at": at}).encode())


def _write(files: Any, path: str, data: bytes) -> None:
    """Write a file as a whole or not at all: an object store does so by itself, a disk by giving it its name last."""
    if not isinstance(files, LocalFileSystem):
        files.pipe_file(path, data)
        return
    files.makedirs(path.rpartition("/")[0], exist_ok=True)
    between = f"{path}.{uuid4().hex}"
    files.pipe_file(between, data)
    files.mv(between, path)


def _rows_of(files: Any, name: str) -> int:
    """Read from the end of a file how many rows it has; 0 where it is no Parquet file."""
    try:
        with files.open(name, "rb") as stream:
            return int(parquet.read_metadata(stream).num_rows)
    except (pa.ArrowException, OSError):
        return 0


def _row(chunk: Chunk, item: Article | Problem, read: Read) -> dict[str, Any]:
    row: dict[str, Any] = {}
    known = read.known
    if isinstance(item, Article):
        content = repr([item.text, item.title, item.url, item.publisher, item.author, item.published, item.language])
        digest = blake2b(content.encode(), digest_size=16).hexdigest()
        row["key"] = {"article_id": item.id, "content": digest, "place": chunk.place}
    if isinstance(known, Problem):
        row["problem"] = rows.problem_row(known, 0)
        return row
    article, quotes = known.article, known.quotes
    row["article"] = rows.article_row(article, 0)
    row["quotes"] = [
        {
            **rows.quote_row(article, quote, id),
            "stances": rows.stance_rows(id, quote),
            "topics": rows.topic_rows(id, quote),
        }
        for id, quote in zip(rows.quote_ids(article.id, quotes), quotes, strict=True)
    ]
    row["name_forms"] = rows.name_form_rows(article, quotes, known.people)
    row["bands"] = list(read.bands)
    return row


def _count(chunk: Chunk, found: Sequence[Mapping[str, Any]]) -> Done:
    read = [row for row in found if row.get("article")]
    return Done(chunk.name, len(read), sum(len(row["quotes"]) for row in read), len(found) - len(read))
