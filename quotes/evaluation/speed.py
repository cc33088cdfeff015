"""How fast the pipeline is, stage by stage, beside what others do with the same texts.

All run in this process, a batch of articles at a time and one after the other, in several rounds: so whatever else the
machine does disturbs them alike. Times are processor times, which on a free processor are those of the clock.
"""

from __future__ import annotations

import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib.metadata import version
from importlib.util import find_spec
from itertools import cycle, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from quotes.copies import bands
from quotes.errors import ReadError
from quotes.people import link, load_register
from quotes.readers import read
from quotes.records import Article
from quotes.settings import Settings
from quotes.tracker import pipeline_name

if TYPE_CHECKING:
    from spacy.tokens import Doc

STAGES = ("parse", "attributions", "speakers", "occasions", "stances", "topics", "people", "write")
BARE, TEXTACY, ONNX, TORCH = "bare spaCy", "textacy", "int8", "torch"
PACKAGES = ("spacy", "textacy", "onnxruntime", "torch", "duckdb")
MARKS = 20
"""How often the memory is looked at."""

Progress = Callable[[int, int | None], None]


@dataclass(frozen=True)
class Speed:
    """What was measured.

    Attributes:
        articles: how many.
        words: of all articles, cut at white space.
        read: seconds for reading the files, once.
        rounds: seconds of each stage, and of what they are compared with, in each round.
        refused: articles on which textacy's ``direct_quotations`` raises ValueError.
        cold: seconds from nothing to the quotes of the first article in a process of its own: of the clock, and of the
            processor.
        peak: the most memory that a process of its own took to read all articles, in bytes.
        machine: what it was measured on.
    """

    articles: int
    words: int
    read: float
    rounds: Sequence[Mapping[str, float]]
    refused: int
    cold: tuple[float, float]
    peak: int
    machine: str

    def seconds(self, *stages: str) -> float:
        """Give the median over all rounds of the seconds that some stages take together."""
        return statistics.median(sum(one[stage] for stage in stages) for one in self.rounds)

    def ratio(self, stages: Sequence[str], other: Sequence[str] = (BARE,)) -> float:
        """Give the median over all rounds of the time of some stages over that of others in the same round."""
        return statistics.median(
            sum(one[stage] for stage in stages) / sum(one[stage] for stage in other) for one in self.rounds
        )


def measure(
    sources: Sequence[str | Path], settings: Settings, rounds: int = 3, progress: Progress | None = None
) -> Speed:
    """Measure the speed on some articles.

    Args:
        sources: files and folders.
        settings: the pipeline, and how many articles go through it together.
        rounds: how often all is repeated.
        progress: called after each batch with how many articles were read and are to be read.

    Returns:
        What was measured.

    Raises:
        ReadError: there is no article in the sources.
        PipelineError: the pipeline cannot be loaded.
    """
    read_articles(sources[:1])  # loads what is loaded late
    started = time.process_time()
    articles = read_articles(sources)
    reading = time.process_time() - started
    bench = _Bench(settings)
    batches = [articles[at : at + settings.batch_size] for at in range(0, len(articles), settings.batch_size)]
    bench.run(batches[0], defaultdict(float))  # loads what is loaded late
    bench.refused = 0
    found = []
    for number in range(rounds):
        seconds: dict[str, float] = defaultdict(float)
        for at, batch in enumerate(batches):
            bench.run(batch, seconds)
            if progress:
                done = min(len(articles), (at + 1) * settings.batch_size)
                progress(number * len(articles) + done, rounds * len(articles))
        seconds["write"] = _write(bench.understood, settings)
        bench.understood.clear()
        found.append(dict(seconds))
    clock, processor, _ = _child(["extract", "-"], articles[:1])
    _, _, peak = _child(["ingest", "-"], articles)
    return Speed(
        len(articles),
        sum(len(article.text.split()) for article in articles),
        reading,
        found,
        bench.refused // rounds,
        (clock, processor),
        peak,
        machine(settings),
    )


def memory(
    sources: Sequence[str | Path], settings: Settings, count: int, progress: Progress | None = None
) -> list[tuple[int, int]]:
    """Read articles again and again under other ids, and see how much memory this process holds.

    Args:
        sources: files and folders.
        settings: the pipeline.
        count: how many articles to read.
        progress: called after each batch.

    Returns:
        Pairs of how many articles were read, and bytes that were held then.
    """
    from quotes.tracker import extract_all

    articles = read_articles(sources)
    again = (
        replace(article, id=f"{article.id}-{number}") for number, article in enumerate(islice(cycle(articles), count))
    )
    found, step = [], max(1, count // MARKS)
    for done, _ in enumerate(extract_all(again, settings), start=1):
        if done % step == 0:
            found.append((done, resident()))
        if progress:
            progress(done, count)
    return found


def resident() -> int:
    """Give the bytes of memory that this process holds now; where the system does not tell, the most it ever held."""
    status = Path("/proc/self/status")
    if status.exists():
        for line in status.read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


class _Bench:
    """The pipelines that are compared, each loaded once."""

    def __init__(self, settings: Settings) -> None:
        import spacy

        from quotes.language import load_pipeline
        from quotes.language.attributions import QuoteAttribution

        self.nlp, self.bare = load_pipeline(settings), spacy.load(settings.pipeline)
        self.register = load_register()
        self.refused = 0
        self.understood: list[tuple[Any, ...]] = []
        attributions = self.nlp.get_pipe("quote_attribution")
        assert isinstance(attributions, QuoteAttribution)
        self.model = attributions.model
        self.torch = _torch(self.model) if find_spec("torch") else None

    def run(self, batch: Sequence[Article], seconds: dict[str, float]) -> None:
        """Let everything that is compared read a batch."""
        texts = [article.text for article in batch]
        with _timed(seconds, BARE):
            docs = list(self.bare.pipe(texts, batch_size=len(texts)))
        with _timed(seconds, TEXTACY):
            self.refused += sum(_refuses(doc) for doc in docs)
        self._stages(batch, seconds)
        self._networks(texts, seconds)

    def _stages(self, batch: Sequence[Article], seconds: dict[str, float]) -> None:
        with self.nlp.memory_zone():
            with _timed(seconds, "parse"):
                docs = [self.nlp.make_doc(article.text) for article in batch]
            for doc, article in zip(docs, batch, strict=True):
                doc._.article = article
            for name, component in self.nlp.pipeline:
                with _timed(seconds, _stage(name)):
                    docs = _through(component, docs)
            with _timed(seconds, "people"):
                for article, doc in zip(batch, docs, strict=True):
                    quotes, people = link(article, doc._.quotes, self.register)
                    self.understood.append((article, quotes, people, bands(article.text)))

    def _networks(self, texts: Sequence[str], seconds: dict[str, float]) -> None:
        from quotes.language.attribution_model import Document

        documents = [Document.of(text) for text in texts]
        for name, model in ((ONNX, self.model), (TORCH, self.torch)):
            if model:
                with _timed(seconds, name):
                    model.encode(documents)


def _torch(model: Any) -> Any:
    """Make the same network in torch, on one thread; what its weights are makes no difference to its speed."""
    import torch

    from quotes.language.attribution_model import AttributionModel
    from quotes.language.attributions import WEIGHTS
    from quotes.training.encoder import AttributionNetwork, Shape
    from quotes.training.export import TorchNetwork

    torch.set_num_threads(1)
    network = AttributionNetwork(Shape(vector=model.config["vector"]))
    return AttributionModel(WEIGHTS, network=TorchNetwork(network))


def _through(component: Any, docs: Sequence[Doc]) -> list[Doc]:
    pipe = getattr(component, "pipe", None)
    return list(pipe(docs, batch_size=len(docs))) if pipe else [component(doc) for doc in docs]


def _stage(component: str) -> str:
    """Name the stage of a component: ours by what they find, all others together."""
    if not component.startswith("quote_"):
        return "parse"
    return {"quote_attribution": "attributions"}.get(component, component.removeprefix("quote_"))


def _refuses(doc: Doc) -> bool:
    from textacy.extract import direct_quotations

    try:
        list(direct_quotations(doc))
    except ValueError:
        return True
    return False


@contextmanager
def _timed(seconds: dict[str, float], name: str) -> Iterator[None]:
    started = time.process_time()
    yield
    seconds[name] += time.process_time() - started


def read_articles(sources: Sequence[str | Path]) -> list[Article]:
    """Read all articles of some files and folders; what is wrong in them is left out.

    Raises:
        ReadError: there is none.
    """
    found = [item for source in sources for item in read(source) if isinstance(item, Article)]
    if not found:
        raise ReadError("There is no article to measure on.", "Name files or folders of articles.")
    return found


def _write(understood: Iterable[tuple[Any, ...]], settings: Settings) -> float:
    """Write all that was found into a new file, batch by batch as `quotes ingest` does."""
    from quotes.relinking import Relinker
    from quotes.store.search_rebuild import refresh
    from quotes.store.store import writing
    from quotes.tracker import register_of

    rows = list(understood)
    with tempfile.TemporaryDirectory(prefix="quotes-bench-") as folder:
        path = Path(folder) / "quotes.duckdb"
        started = time.process_time()
        with writing(path, settings.wait) as store:
            ingest = store.begin(["bench"], "bench")
            relinker = Relinker(register_of(store))
        for at in range(0, len(rows), settings.batch_size):
            with writing(path, settings.wait) as store:
                for article, quotes, people, hashes in rows[at : at + settings.batch_size]:
                    store.save(ingest, article, quotes, people, hashes)
                relinker.run(store)
        refresh(path, settings.wait)
        return time.process_time() - started


def _child(arguments: Sequence[str], articles: Sequence[Article]) -> tuple[float, float, int]:
    """Run a command on articles in a new process: seconds of the clock, of the processor, and most bytes held."""
    import json

    lines = "".join(json.dumps({"id": article.id, "text": article.text}) + "\n" for article in articles)
    with tempfile.TemporaryDirectory(prefix="quotes-bench-") as folder, open(os.devnull, "w") as nowhere:
        given = Path(folder) / "articles.jsonl"
        given.write_text(lines, encoding="utf8")
        command = [
            sys.executable,
            "-c",
            "from quotes.cli import main; main()",
            *(str(given) if one == "-" else one for one in arguments),
        ]
        started = time.perf_counter()
        child = subprocess.Popen(command, cwd=folder, stdout=nowhere, stderr=nowhere)
        _, status, used = os.wait4(child.pid, 0)
        clock = time.perf_counter() - started
        child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise ReadError(f"`quotes {arguments[0]}` failed on these articles.", "Run it on them to see why.")
    unit = 1 if sys.platform == "darwin" else 1024
    return clock, used.ru_utime + used.ru_stime, used.ru_maxrss * unit


def machine(settings: Settings) -> str:
    """Say on what is measured: the processor, and the versions of what does the work."""
    found = [f"{name} {version(name)}" for name in PACKAGES if find_spec(name)]
    model = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        names = [line.partition(":")[2].strip() for line in cpuinfo.read_text().splitlines() if "model name" in line]
        model = names[0] if names else model
    return (
        f"{model}, {os.cpu_count()} processors, Python {platform.python_version()}, {', '.join(found)}, "
        f"pipeline {pipeline_name(settings)}"
    )
