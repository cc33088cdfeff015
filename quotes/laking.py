"""Building a lake of quotes on a cluster, and making a tracker's file of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import fsspec

from quotes.cluster import Cluster, read_chunks
from quotes.errors import LakeError
from quotes.lake import ROWS, ChunkReader, chunk_names, everywhere, plan, remove
from quotes.people import load_register
from quotes.relinking import Relinker
from quotes.settings import Settings
from quotes.store.lake import Loaded, load
from quotes.tracker import pipeline_name, register_of
from quotes.workers import Reader

CATALOGUE = ".ducklake"

Progress = Callable[[int, int | None], None]


@dataclass(frozen=True, slots=True)
class Built:
    """What a run did: all chunks, those that were read now, what was found in them, and how many files were removed."""

    chunks: int
    read: int
    articles: int
    quotes: int
    problems: int
    removed: int


def build_lake(
    articles: str,
    quotes: str,
    settings: Settings,
    cluster: Cluster,
    columns: Mapping[str, str] | None = None,
    *,
    chunk_rows: int = ROWS,
    progress: Progress | None = None,
) -> Built:
    """Find the quotes of Parquet files of articles on a cluster.

    Args:
        articles: the folder of Parquet files; like ``quotes``, a path or an address that fsspec understands, which
            every machine of the cluster can reach.
        quotes: the folder of the lake; what is in it already is not read again.
        settings: the pipeline.
        cluster: where to read.
        columns: of the articles, as in :class:`~quotes.readers.Options`.
        chunk_rows: articles of a chunk.
        progress: called after each chunk with the number of articles done and of all.

    Returns:
        What was done.

    Raises:
        LakeError: there are no articles, or the folders are one.
        ClusterError: the cluster cannot be used.
        PipelineError: the pipeline cannot be loaded.
    """
    columns = columns or {}
    reader = Reader(settings, load_register())
    todo = plan(articles, quotes, reader, columns, chunk_rows)
    there = ChunkReader(reader, everywhere(quotes), columns)
    total = sum(chunk.rows for chunk in todo.missing)
    rows = {chunk.name: chunk.rows for chunk in todo.missing}
    done = counted = found = problems = 0
    if todo.missing:
        for one in read_chunks(todo.missing, there, cluster):
            done += rows[one["name"]]
            counted, found, problems = counted + one["articles"], found + one["quotes"], problems + one["problems"]
            if progress:
                progress(done, total)
    remove(quotes, todo.stale)
    return Built(len(todo.chunks), len(todo.missing), counted, found, problems, len(todo.stale))


def load_lake(quotes: str, settings: Settings, *, register: bool = False) -> Loaded:
    """Make a tracker's file of a lake.

    Args:
        quotes: the lake's folder.
        settings: the file to make.
        register: whether articles and quotes stay in the lake, whose files a DuckLake catalogue beside the file names.

    Returns:
        What was loaded.

    Raises:
        LakeError: the lake is empty or cannot be read, or the file exists; or the lake is to be registered and lies in
            an object store, or DuckDB's extension is missing.
        StoreError: the file cannot be written.
    """
    try:
        files, root = fsspec.core.url_to_fs(quotes)
        names = chunk_names(quotes)
    except (ImportError, ValueError, OSError) as error:
        raise LakeError(f"{quotes} cannot be read: {error}", "Name a folder made by `quotes lake build`.") from error
    local = isinstance(files, fsspec.get_filesystem_class("file"))
    if register and not local:
        raise LakeError(f"{quotes} is no folder of this machine.", "Mount it as one, or use `quotes lake load`.")
    if not names:
        raise LakeError(f"There are no quotes in {quotes}.", "Build them: `quotes lake build ARTICLES QUOTES`.")
    paths = [f"{root}/{name}" if local else files.unstrip_protocol(f"{root}/{name}") for name in names]
    return load(
        paths,
        quotes,
        settings.database,
        settings.wait,
        pipeline_name(settings),
        lambda store: Relinker(register_of(store)).run(store),
        None if local else files,
        settings.database.with_suffix(CATALOGUE) if register else None,
    )
