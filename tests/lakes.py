"""Folders of Parquet articles by invented people, and a reader of them that needs no language pipeline."""

from __future__ import annotations

import os
import signal
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import faking
import pyarrow as pa
from pyarrow import parquet

from quotes.copies import bands
from quotes.people import link
from quotes.records import Problem
from quotes.store.store import reading
from quotes.tracker import Understood
from quotes.workers import Batch, Read, Reader

TABLES = (
    "articles",
    "article_bands",
    "quotes",
    "stances",
    "topics",
    "people",
    "offices",
    "name_forms",
    "blocks_to_link",
    "ingest_problems",
    "fingerprints",
    "repeat_pairs",
    "repeats",
)
STORY = """The council of Port Sorrel voted on Tuesday night to build a second bridge over the Vell, after
eleven hours of debate and two interruptions by people who live on the eastern bank. Her opponents left
the hall before the vote was counted, and some of them sang. The work is to begin in the spring, when
the ice is gone, and will cost forty million crowns, most of which the region is to pay."""


class Quick(Reader):
    """Reads as :mod:`faking` does; an article that says DIE kills its process, DIE ONCE only the first time."""

    __slots__ = ()

    def __call__(self, batch: Batch) -> list[Read]:
        found = []
        for place, article in batch:
            if "DIE ONCE" in article.text:
                once = Path(article.url or "")
                if not once.exists():
                    once.touch()
                    os.kill(os.getpid(), signal.SIGKILL)
            elif "DIE" in article.text:
                os.kill(os.getpid(), signal.SIGKILL)
            if "BOOM" in article.text:
                found.append(Read(Problem(place, "The pipeline failed on it: ValueError: boom", "", article.id), ()))
                continue
            quotes = tuple(faking._quote(one) for one in faking.SAID.finditer(article.text))
            found.append(Read(Understood(article, *link(article, quotes, self.register)), bands(article.text)))
        return found


def write(file: Path, rows: Sequence[dict[str, Any]], group: int = 4) -> Path:
    """Write articles as a Parquet file with few rows to a group."""
    file.parent.mkdir(parents=True, exist_ok=True)
    names = ("id", "text", "title", "published", "publisher", "url")
    schema = pa.schema([(name, pa.string()) for name in names])
    parquet.write_table(pa.Table.from_pylist(list(rows), schema), file, row_group_size=group)
    return file


def articles(count: int, first: int = 0) -> list[dict[str, Any]]:
    """Make articles by a few people of changing names, some repeating others, none a near-copy of another."""
    whole = ("Mara Lind", "Otto Brandt", "Ilse Marrow", "Tobin Ashgrove")
    return [
        {
            "id": f"a{number}",
            "text": f"Report {number}. {whole[number % 4]} (Mayor of Port {number % 3}): "
            f"“We will build bridge number {number % 2} over the river in the spring.” "
            f"{whole[(number + 1) % 4]}: “The harbour dues of quay {number} must fall before the winter.” "
            f"Ships in the harbour: {', '.join(f'number {number}x{ship}' for ship in range(12))}.",
            "title": f"Report {number}",
            "published": f"2031-01-{1 + number % 28:02}",
            "publisher": f"Paper {number % 2}",
        }
        for number in range(first, first + count)
    ]


def rows_of(path: Path) -> dict[str, list[str]]:
    """Give the rows of all tables but those with times or numbers of the index of words, in an order of their own."""
    with reading(path, 5) as connection:
        found = {table: sorted(map(repr, connection.execute(f"FROM {table}").fetchall())) for table in TABLES}
        found["ingests"] = sorted(
            map(repr, connection.execute("SELECT added, changed, problems FROM ingests").fetchall())
        )
        found["words"] = sorted(
            map(
                repr,
                connection.execute(
                    """SELECT d.quote_id, w.term, count(*) FROM search_postings JOIN search_docs AS d USING (docid)
                       JOIN (SELECT DISTINCT termid, term FROM search_words) AS w USING (termid) GROUP BY ALL"""
                ).fetchall(),
            )
        )
    return found
