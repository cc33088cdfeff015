"""How the cost of an ingest grows with the number of articles, and what that makes of an archive."""

from __future__ import annotations

import json
import math
import random
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree as xml

from quotes.errors import ReadError
from quotes.evaluation.speed import machine, read_articles, resident
from quotes.evaluation.speed_report import table
from quotes.ingesting import ingest
from quotes.records import Article
from quotes.settings import Settings

ARCHIVES = (1_000_000, 10_000_000, 196_000_000)
"""Sizes for which costs are worked out; the last is that of the crawl of Quotebank (Vaucher et al., WSDM 2021)."""

PROCESSORS = 16
"""Of the machine, or of all machines, for which days are worked out."""

MACHINES = """\
On a cluster, `quotes lake build` divides the hours by the number of processors; nothing in it is shared but the
folders. What stays in one process is `quotes lake load`, or `quotes lake register`, which leaves articles and quotes in
the lake: rows by SQL, then who is who, repeats, near-copies and the index of words over all articles. How long that
takes at the sizes of the second table was not measured; in the first, it is part of the seconds."""

Progress = Callable[[int, int | None], None]


class Cost(NamedTuple):
    """What it cost to ingest so many articles into a new file.

    Attributes:
        articles: how many.
        words: of all of them.
        quotes: how many were found.
        seconds: of the processor.
        size: bytes of the file.
        memory: bytes that the process held at the end.
    """

    articles: int
    words: int
    quotes: int
    seconds: float
    size: int
    memory: int


def measure_growth(
    sources: Sequence[str | Path], settings: Settings, counts: Sequence[int], progress: Progress | None = None
) -> list[Cost]:
    """Ingest more and more articles, each time into a new file.

    Args:
        sources: files and folders that hold enough articles; they are shuffled, always alike, so that long and short
            ones come as often early as late. None is read twice, since that would find only repeats.
        settings: the pipeline and its batches.
        counts: how many articles to read.
        progress: called after each batch.

    Returns:
        What each cost.

    Raises:
        ReadError: there are fewer articles in the sources.
    """
    articles = read_articles(sources)
    random.Random(0).shuffle(articles)
    if len(articles) < max(counts):
        raise ReadError(f"There are only {len(articles)} articles.", f"Give {max(counts)}, or ask for fewer.")
    found = []
    with tempfile.TemporaryDirectory(prefix="quotes-bench-") as folder:
        _ingest(articles[:1], replace(settings, database=Path(folder) / "first.duckdb"), None)  # loads the pipeline
        for count in sorted(counts):
            path = Path(folder) / f"{count}.duckdb"
            started = time.process_time()
            quotes = _ingest(articles[:count], replace(settings, database=path), progress)
            seconds = time.process_time() - started
            words = sum(len(article.text.split()) for article in articles[:count])
            found.append(Cost(count, words, quotes, seconds, path.stat().st_size, resident()))
    return found


def _ingest(articles: Sequence[Article], settings: Settings, progress: Progress | None) -> int:
    given = settings.database.with_suffix(".jsonl")
    lines = (
        {"id": article.id, "text": article.text, "published": str(article.published or "") or None}
        for article in articles
    )
    given.write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf8")
    return ingest([given], settings, progress=progress).quotes


def markdown(costs: Sequence[Cost], settings: Settings, picture: str, command: str) -> str:
    """Write the page: what was measured, the plot, and the arithmetic.

    Args:
        costs: from :func:`measure_growth`.
        settings: the pipeline.
        picture: the plot's file, as seen from the page.
        command: by which it was measured.
    """
    least, most = costs[0], costs[-1]
    each, quotes = most.seconds / most.articles, most.quotes / most.articles
    # An empty file has some megabytes, which do not grow.
    size = (most.size - least.size) / max(1, most.articles - least.articles)
    by_words = 1000 * most.seconds / most.words
    growth = by_words / (1000 * least.seconds / least.words)
    measured = [
        (
            f"{cost.articles:,}",
            f"{cost.words:,}",
            f"{cost.quotes:,}",
            f"{cost.seconds:,.1f}",
            f"{cost.seconds / cost.articles:.3f}",
            f"{1000 * cost.seconds / cost.words:.2f}",
            f"{cost.articles / cost.seconds:.2f}",
            f"{cost.size / 2**20:,.1f}",
            f"{cost.memory / 2**20:,.0f}",
        )
        for cost in costs
    ]
    archives = [
        (
            f"{count:,}",
            f"{count * each / 3600:,.0f}",
            f"{count * each / 3600 / 24 / PROCESSORS:,.1f}",
            f"{count * quotes:,.0f}",
            f"{count * size / 1e9:,.0f}",
        )
        for count in ARCHIVES
    ]
    return "\n\n".join(
        [
            "# How it scales",
            f"Written by `{command}` on {machine(settings)}. One process with one thread ingests more and more "
            "articles, drawn alike from all, each time into a new file, from reading them to the index of words; "
            "seconds are of the processor.",
            table(
                (
                    "articles",
                    "words",
                    "quotes",
                    "seconds",
                    "s/article",
                    "s/1000 words",
                    "articles/s",
                    "MiB",
                    "memory, MiB",
                ),
                measured,
            ),
            f"![Seconds by articles]({picture})",
            f"A thousand words cost {by_words:.2f} s in the last line, which is {growth:.2f} times what they cost in "
            "the first: were the cost in proportion to the words, it would be 1.00.",
            f"From the last line, an article costs {each:.3f} s of one processor and "
            f"gives {quotes:.1f} quotes; from the first to the last, it adds {size:,.0f} bytes to the "
            f"file. If that stays so, an archive takes (hours = articles x {each:.3f} / 3600; days = "
            f"hours / 24 / {PROCESSORS} processors; quotes = articles x {quotes:.1f}; "
            f"GB = articles x {size:,.0f} / 10^9):",
            table(
                (
                    "articles",
                    "hours of one processor",
                    f"days of {PROCESSORS} processors",
                    "quotes",
                    "GB of the file",
                ),
                archives,
            ),
            "## More machines",
            MACHINES,
        ]
    )


def draw(costs: Sequence[Cost]) -> str:
    """Draw seconds by articles, both on logarithmic axes, beside a straight line through the last point.

    Args:
        costs: from :func:`measure_growth`.

    Returns:
        An SVG image.
    """
    width, height, edge = 640, 400, 60
    across = _scale([cost.articles for cost in costs], edge, width - 20)
    line = [cost.articles * costs[-1].seconds / costs[-1].articles for cost in costs]
    up = _scale([*(cost.seconds for cost in costs), *line], height - edge, 20)
    svg = xml.Element("svg", xmlns="http://www.w3.org/2000/svg", viewBox=f"0 0 {width} {height}")
    xml.SubElement(svg, "rect", width=str(width), height=str(height), fill="white")
    for values, style in ((line, "6 4"), ([cost.seconds for cost in costs], "none")):
        places = " ".join(
            f"{across(cost.articles):.1f},{up(value):.1f}" for cost, value in zip(costs, values, strict=True)
        )
        dashes = {"fill": "none", "stroke": "#1f5c99", "stroke-dasharray": style}
        xml.SubElement(svg, "polyline", {"points": places, **dashes})
    for cost in costs:
        x, y = f"{across(cost.articles):.1f}", f"{up(cost.seconds):.1f}"
        xml.SubElement(svg, "circle", cx=x, cy=y, r="4", fill="#1f5c99")
        _say(svg, f"{cost.articles:,}", x, str(height - edge + 20))
        _say(svg, f"{cost.seconds:,.1f} s", x, f"{up(cost.seconds) - 10:.1f}")
    _say(svg, "articles (dashed: in proportion to the last)", str(width // 2), str(height - 15))
    return xml.tostring(svg, encoding="unicode") + "\n"


def _scale(values: Sequence[float], first: float, last: float) -> Callable[[float], float]:
    low, high = math.log10(min(values)), math.log10(max(values))
    return lambda value: first + (last - first) * (0.05 + 0.85 * (math.log10(value) - low) / ((high - low) or 1))


def _say(svg: xml.Element, words: str, x: str, y: str) -> None:
    style = {"font-family": "sans-serif", "font-size": "12", "text-anchor": "middle"}
    xml.SubElement(svg, "text", {"x": x, "y": y, **style}).text = words
