from __future__ import annotations

import logging
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import lakes
import pytest

from quotes.cluster import ActorPool, Cluster
from quotes.errors import ClusterError
from quotes.ingesting import ingest
from quotes.lake import ChunkReader, chunk_names, everywhere, plan
from quotes.laking import build_lake, load_lake
from quotes.people import Register, load_register
from quotes.records import Article, Problem
from quotes.settings import Settings, shipped
from quotes.workers import read_batches

ray: Any = pytest.importorskip("ray", reason="Ray is not installed: pip install 'quote-tracker[ray]'")
# Ray leaves sockets and processes to the end of the program, and warns of what later versions will do.
pytestmark = [pytest.mark.filterwarnings("default")]


@pytest.fixture(scope="module")
def two_nodes() -> Iterator[Cluster]:
    """A real cluster of two nodes with a processor each, to which this process is connected."""
    import faking
    from ray.cluster_utils import Cluster as Nodes

    for module in (lakes, faking):  # which the actors cannot import
        ray.cloudpickle.register_pickle_by_value(module)
    # Ray lets others go before its workers, which a busy machine would never give their turn.
    os.environ |= {"RAY_USAGE_STATS_ENABLED": "0", "RAY_worker_niceness": "0"}
    memory = 80 * 2**20
    nodes: Any = Nodes()
    for _ in range(2):
        nodes.add_node(num_cpus=1, object_store_memory=memory)
    ray.init(nodes.address, log_to_driver=False, logging_level=logging.ERROR)
    try:
        yield Cluster(nodes.address, 2)
    finally:
        ray.shutdown()
        nodes.shutdown()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(database=tmp_path / "quotes.duckdb", batch_size=2, wait=5)


def test_a_lake_read_by_two_nodes_is_that_of_one_process_though_a_worker_dies(
    two_nodes: Cluster, tmp_path: Path, settings: Settings
) -> None:
    from quotes.cluster import read_chunks

    rows = lakes.articles(12)
    rows[4] |= {"text": f"DIE ONCE {rows[4]['text']}", "url": str(tmp_path / "died")}
    rows[9]["text"] = "BOOM"
    source = lakes.write(tmp_path / "articles" / "one.parquet", rows).parent
    reader = lakes.Quick(settings, Register())
    (tmp_path / "died").touch()
    alone, spread = str(tmp_path / "alone"), str(tmp_path / "spread")
    by_one = ChunkReader(reader, everywhere(alone))
    todo = [plan(str(source), lake, reader, {}, 3).chunks for lake in (alone, spread)]
    for chunk in todo[0]:
        by_one(chunk)
    (tmp_path / "died").unlink()
    done = list(read_chunks(todo[1], ChunkReader(reader, everywhere(spread)), two_nodes))
    assert (tmp_path / "died").exists()
    assert sorted(one["name"] for one in done) == chunk_names(alone) == chunk_names(spread)
    assert sum(one["problems"] for one in done) == 1
    loaded = []
    for lake in (alone, spread):
        database = tmp_path / f"{Path(lake).name}.duckdb"
        load_lake(lake, replace(settings, database=database))
        loaded.append(lakes.rows_of(database))
    assert loaded[0] == loaded[1]
    assert len(loaded[0]["quotes"]) == 22


def test_actors_give_what_they_read_in_order_and_an_article_that_kills_them_is_a_problem(
    two_nodes: Cluster, settings: Settings
) -> None:
    reader = lakes.Quick(settings, Register())
    texts = [f"Number {number}." for number in range(10)]
    texts[3] = "DIE"
    batches = [
        (first, [(f"place {n}", Article(str(n), texts[n])) for n in (first, first + 1)]) for first in range(0, 10, 2)
    ]
    read = list(read_batches(batches, reader, ActorPool(reader, two_nodes)))
    assert [kept for kept, _ in read] == list(range(0, 10, 2))
    found = [known for _, batch in read for known, _ in batch]
    assert [isinstance(known, Problem) for known in found] == [number == 3 for number in range(10)]
    assert ray.is_initialized()  # the pool found the connection and leaves it


def test_a_cluster_that_cannot_be_reached_is_said(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise ConnectionError("no route")

    monkeypatch.setattr(ray, "is_initialized", lambda: False)
    monkeypatch.setattr(ray, "init", refuse)
    with pytest.raises(ClusterError, match="nowhere:1 cannot be reached"):
        ActorPool(lakes.Quick(settings, Register()), Cluster("nowhere:1"))


@pytest.mark.slow
def test_the_whole_pipeline_on_two_nodes_gives_the_rows_of_one_process_though_a_worker_is_killed(
    two_nodes: Cluster, tmp_path: Path, settings: Settings
) -> None:
    from quotes.readers import read

    rows = [
        {"id": item.id, "text": item.text, "title": item.title, "published": str(item.published or "") or None}
        for item in read(shipped("sample"))
        if isinstance(item, Article)
    ]
    source = lakes.write(tmp_path / "articles" / "sample.parquet", rows).parent
    alone = replace(settings, database=tmp_path / "alone.duckdb")
    ingest([source], alone)
    lake = tmp_path / "lake"
    with killing("_ChunkActor", lambda: bool(list(lake.rglob("*.json")))):
        built = build_lake(str(source), str(lake), settings, two_nodes, chunk_rows=2)
    assert built.articles == len(rows)
    load_lake(str(lake), settings)
    assert lakes.rows_of(settings.database) == lakes.rows_of(alone.database)
    again = build_lake(str(source), str(lake), settings, two_nodes, chunk_rows=2)
    assert (again.read, again.articles) == (0, 0)
    on_ray = replace(settings, database=tmp_path / "ray.duckdb")
    with killing("_Actor.read", lambda: True):
        ingest([source], on_ray, cluster=two_nodes)
    assert lakes.rows_of(on_ray.database) == lakes.rows_of(alone.database)
    assert len(load_register().people) > 100


@contextmanager
def killing(title: str, ready: Callable[[], bool]) -> Iterator[None]:
    """Kill one process of our nodes that has a title of Ray's, as soon as it is there and all is ready."""
    stop = threading.Event()
    killed: list[int] = []

    def kill() -> None:
        while not killed and not stop.wait(0.2):
            for pid in _processes(title)[:1] if ready() else []:
                os.kill(pid, signal.SIGKILL)
                killed.append(pid)

    thread = threading.Thread(target=kill)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
    assert killed


def _processes(title: str) -> list[int]:
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        pid = int(entry.name)
        with suppress(OSError):  # it has ended
            if title in (entry / "cmdline").read_text() and os.getpid() in _ancestors(pid):
                found.append(pid)
    return found


def _ancestors(pid: int) -> Iterator[int]:
    while pid > 1:
        pid = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
        yield pid
