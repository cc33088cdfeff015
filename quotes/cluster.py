"""Ray, which runs readers on the processors of several machines: pip install 'quote-tracker[ray]'.

Nothing here opens DuckDB: actors read articles, and whoever called them writes.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator, Mapping
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib import import_module
from itertools import cycle
from typing import TYPE_CHECKING, Any

from quotes.errors import ClusterError
from quotes.workers import ONE_THREAD, Batch, Read, Reader

if TYPE_CHECKING:
    from quotes.lake import Chunk, ChunkReader

STORE_BYTES = 200 * 2**20
"""Memory for what passes between processes, where we start Ray ourselves: batches of articles are small."""

RESTART = 120.0
"""Seconds for which an actor that died may be away: it may have to wait for what others read."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """Which machines to use.

    Attributes:
        address: of the cluster's head, such as "head.example:6379", or "auto" for the one that this machine belongs
            to; None for this machine alone, on which Ray is started and stopped.
        actors: how many processes read, each on one processor; None for as many as there are processors.
    """

    address: str | None = None
    actors: int | None = None


@contextmanager
def connected(cluster: Cluster) -> Iterator[int]:
    """Connect to a cluster, unless this process is connected already.

    Args:
        cluster: which.

    Yields:
        How many actors to start.

    Raises:
        ClusterError: Ray is not installed, or the cluster cannot be reached.
    """
    try:
        ray: Any = import_module("ray")
    except ImportError as error:
        raise ClusterError("Ray is not installed.", "Install it: pip install 'quote-tracker[ray]'") from error
    ours = not ray.is_initialized()
    if ours:
        os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # Ray would tell its makers how it is used
        here: dict[str, Any] = {"num_cpus": cluster.actors, "object_store_memory": STORE_BYTES}
        try:
            ray.init(
                cluster.address or "local",
                **({} if cluster.address else here),
                include_dashboard=False if not cluster.address else None,
                log_to_driver=False,
                logging_level=logging.ERROR,
                runtime_env={"env_vars": ONE_THREAD},
            )
        except (ConnectionError, RuntimeError, ValueError) as error:
            raise ClusterError(
                f"The Ray cluster at {cluster.address} cannot be reached: {error}",
                "Start it with `ray start --head`, and give the address that it prints.",
            ) from error
    try:
        yield cluster.actors or max(1, int(ray.cluster_resources().get("CPU", 1)))
    finally:
        if ours:
            ray.shutdown()


class ActorPool:
    """Actors that read batches; see :class:`quotes.workers.Pool`.

    Args:
        reader: what each of them reads with.
        cluster: where they run.
    """

    def __init__(self, reader: Reader, cluster: Cluster) -> None:
        self._connection = connected(cluster)
        self.size = self._connection.__enter__()
        ray: Any = import_module("ray")
        self.died: type[Exception] = ray.exceptions.RayActorError
        # An actor that dies is started again, on another machine if need be.
        actor = ray.remote(num_cpus=1, max_restarts=-1)(_Actor)
        # Kept as long as the actors: what was made of it once, Ray would not find for an actor that it starts again.
        self._reader = ray.put(reader)
        self._actors = [actor.remote(self._reader) for _ in range(self.size)]
        self._next = cycle(self._actors)

    def submit(self, batch: Batch) -> Future[list[Read]]:
        """Let the actor whose turn it is read a batch."""
        future: Future[list[Read]] = next(self._next).read.remote(list(batch)).future()
        return future

    def renew(self) -> None:
        """Wait until Ray has started again what died; leave out what does not come back, as on a machine that went.

        Raises:
            ClusterError: nothing came back.
        """
        ray: Any = import_module("ray")
        answers = {actor.ready.options(max_task_retries=-1).remote(): actor for actor in self._actors}
        done, _ = ray.wait(list(answers), num_returns=len(answers), timeout=RESTART)
        ready = []
        for answer in done:
            with suppress(self.died):
                ray.get(answer)
                ready.append(answers[answer])
        if not ready:
            raise ClusterError(
                "All processes of the cluster died, and none came back.",
                "Look at `ray status`, and go on with --resume.",
            )
        self._next = cycle(ready)

    def close(self) -> None:
        """End the actors, and Ray where we started it."""
        ray: Any = import_module("ray")
        for actor in self._actors:
            ray.kill(actor)
        self._connection.__exit__(None, None, None)


class _Actor:
    """A process of a cluster with a reader."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def ready(self) -> None:
        """Answer."""

    def read(self, batch: Batch) -> list[Read]:
        return self._reader(batch)


def read_chunks(chunks: list[Chunk], reader: ChunkReader, cluster: Cluster) -> Iterator[Mapping[str, Any]]:
    """Let the actors of Ray Data read chunks of a lake; a chunk whose actor died is read again by another.

    Args:
        chunks: which.
        reader: reads and writes one.
        cluster: where.

    Yields:
        What the reader says of each chunk, in the order in which they are done.

    Raises:
        ClusterError: Ray is not installed, or the cluster cannot be reached.
    """
    with connected(cluster) as actors:
        ray_data: Any = import_module("ray.data")
        context = ray_data.DataContext.get_current()
        context.enable_progress_bars = False
        context.print_on_execution_start = False
        # One block a chunk: so much is done again when an actor dies.
        work = ray_data.from_items([chunk._asdict() for chunk in chunks], override_num_blocks=len(chunks))
        # The callable is made in each actor, and keeps the pipeline as long as the actor lives.
        done = work.map_batches(
            _ChunkActor,
            fn_constructor_args=(reader,),
            batch_size=1,
            batch_format="pyarrow",
            compute=ray_data.ActorPoolStrategy(min_size=min(actors, len(chunks)), max_size=min(actors, len(chunks))),
            num_cpus=1,
        )
        yield from done.iter_rows()


class _ChunkActor:
    """A reader of chunks with the shape that Ray Data asks for: tables in, tables out."""

    def __init__(self, reader: ChunkReader) -> None:
        self._reader = reader

    def __call__(self, table: Any) -> Any:
        import pyarrow

        from quotes.lake import Chunk

        return pyarrow.Table.from_pylist([self._reader(Chunk(**row))._asdict() for row in table.to_pylist()])
