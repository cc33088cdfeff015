"""What processes do that tests kill: all that writes into a tracker's file, on invented articles, with a stand-in for
language that needs no pipeline. It imports nothing heavy."""

from __future__ import annotations

import json
import multiprocessing
import random
import re
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import wraps
from multiprocessing.context import ForkServerContext
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from quotes import ingesting, meanings, tracker, workers
from quotes.copies import bands
from quotes.ingesting import ingest
from quotes.people import Register, link, load_register
from quotes.readers import languages
from quotes.records import Article, Quote, Span, Speaker, Stance
from quotes.registering import import_people
from quotes.relinking import Relinker
from quotes.settings import Settings
from quotes.store import backup, migrations, repeats, review, search_index, search_rebuild
from quotes.store.importing import import_export
from quotes.store.store import Store, reading, writing
from quotes.store.transactions import transaction
from quotes.tracker import Understood, register_of

WAIT = 120.0
PHASES = (
    "not begun",
    "starting",
    "reading",
    "write",
    "save",
    "repeats",
    "words",
    "link",
    "meanings",
    "copy quotes",
    "take over",
    "work",
    "done",
)
STARTING = PHASES.index("starting")
SAID = re.compile(
    r"(?P<who>[A-Z]\w+ [A-Z]\w+)(?: \((?P<role>[^)]*)\))? (?P<cue>said|called it) (?P<words>“[^”]*”)"
    r"(?: and later (?P<more>“[^”]*”))?"
)
NAME = re.compile(r"about (?P<whom>[A-Z]\w+ [A-Z]\w+)")

GIVEN = ("Mara", "William", "Bill", "Otto", "Ines", "Robert", "Bob", "Tove", "Elizabeth", "Liz")
SURNAMES = ("Lind", "Brandt", "Marsh", "Vell", "Okafor", "Quist", "Ardelean")
ROLES = ("mayor", "minister of ferries", "senator", "council leader")
WORDS = """bridge ferry harbour winter budget crown vote levy quay lantern orchard timber market engine ledger council
signal anchor granite barley pavement treaty garden kettle copper meadow ribbon saddle thunder violin walnut""".split()


# Once, for all processes that are copies of this one.
languages.other_language("English")
REGISTER = load_register()
link(Article("none", "Mara Lind said so."), (), REGISTER)


# Invented articles


def write_articles(file: Path, number: int, version: int) -> Path:
    """Write a corpus; each version changes a third of the articles of the one before and adds some."""
    with file.open("w") as stream:
        for place in range(number + 3 * version):
            edition = max((v for v in range(version + 1) if v and place % 3 == v % 3), default=0)
            stream.write(
                json.dumps({"id": f"a{place:04}", "text": _text(place, edition), "published": _day(place)}) + "\n"
            )
    return file


def _text(place: int, edition: int) -> str:
    draw = random.Random(f"{place} {edition}")
    if place % 10 == 9:  # nearly the same as the one before
        return _text(place - 1, edition) + f"\nThe paper adds line {place}."
    parts = []
    for _ in range(draw.randint(2, 5)):
        parts.append(" ".join(draw.choice(WORDS) for _ in range(draw.randint(20, 40))).capitalize() + ".")
        who = f"{draw.choice(GIVEN)} {draw.choice(SURNAMES)}"
        role = f" ({draw.choice(ROLES)})" if draw.random() < 0.6 else ""
        cue = draw.choice(["said", "called it"])
        parts.append(
            f"{who}{role} {cue} “{_words(draw)}”" + (f" and later “{_words(draw)}”" if draw.random() < 0.3 else "")
        )
    return "\n".join(parts)


def _words(draw: random.Random) -> str:
    if draw.random() < 0.4:  # what others said too
        draw = random.Random(draw.randrange(12))
    about = f" about {draw.choice(GIVEN)} {draw.choice(SURNAMES)}" if draw.random() < 0.4 else ""
    return " ".join(draw.choice(WORDS) for _ in range(draw.randint(6, 14))) + about


def _day(place: int) -> str:
    return f"2031-{1 + place % 12:02}-{1 + place % 28:02}"


# The stand-in for language


def read_batch(batch: workers.Batch, settings: Settings, register: Register) -> list[workers.Read]:
    """Find `Mara Lind (mayor) said “words”`, twice where it goes on, with a stance toward whom the words name."""
    return [
        workers.Read(
            Understood(article, *link(article, tuple(map(_quote, SAID.finditer(article.text))), register)),
            bands(article.text),
        )
        for _, article in batch
    ]


def _quote(found: re.Match[str]) -> Quote:
    parts = ["words", "more"] if found["more"] else ["words"]
    spans = tuple(Span(*found.span(part)) for part in parts)
    whom = NAME.search(found["words"])
    about = Stance(whom["whom"], "person", "against", 0.8, None, spans[:1]) if whom else None
    leads = found["cue"] == "called it"
    return Quote(
        "mixed" if leads else "direct",
        (f"{found['cue']} " if leads else "") + " ... ".join(found[part] for part in parts),
        spans,
        (Span(*found.span("who")),),
        (Span(*found.span("cue")),),
        "speech",
        Speaker(found["who"], "person", found["role"]),
        confidence=0.9,
        stances=(about,) if about else (),
        topics=(found["words"].split()[1],),
    )


class Meaning:
    """A stand-in for the model of meanings: numbers that depend on the text alone."""

    def encode(self, texts: Sequence[str]) -> Any:
        return np.array([np.random.default_rng(list(text.encode())).random(384) for text in texts], np.float32)


# What is done


def settings(path: Path) -> Settings:
    return Settings(database=path, batch_size=4, wait=WAIT)


def do_ingest(path: Path, articles: Path) -> None:
    ingest([articles], settings(path))


def do_resume(path: Path, articles: Path) -> None:
    ingest([articles], settings(path), resume=True)


def do_relink(path: Path, _: Path) -> None:
    with writing(path, WAIT) as store:
        relinker = Relinker(register_of(store))
        relinker.look_up_again(store)
        store.connection.execute("UPDATE name_forms SET linked_id = NULL")  # so that there is something to do
        relinker.run(store)


def do_repeats(path: Path, _: Path) -> None:
    with writing(path, WAIT) as store:
        repeats.rebuild(store.connection)


def do_index(path: Path, _: Path) -> None:
    search_rebuild.rebuild(path, WAIT)


def do_people(path: Path, file: Path) -> None:
    import_people(file, settings(path))


def do_migrate(path: Path, folder: Path) -> None:
    """Bring the file to a version that there is not yet, by the steps in a folder; nothing where it has it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(migrations, "MIGRATIONS", folder)
        patch.setattr(migrations, "SCHEMA_VERSION", migrations.SCHEMA_VERSION + 1)
        with writing(path, WAIT):
            pass


def do_review(path: Path, _: Path) -> None:
    """Decide upon every third quote, each decision by opening the file, as ``quotes review apply`` does it."""
    with reading(path, WAIT) as connection:
        quotes = connection.execute("SELECT quote_id, person_id FROM quotes ORDER BY quote_id").fetchall()
    by = review.Reviewer("Tester", None)
    for number, (quote_id, _) in enumerate(quotes[::3]):
        with writing(path, WAIT) as store, transaction(store.connection):
            known = store.connection.execute("SELECT 1 FROM placed_corrections WHERE quote_id = ?", [quote_id])
            if known.fetchone():
                continue
            review.set_speaker(store.connection, quote_id, quotes[number][1], by)
            review.set_status(store.connection, quote_id, ("accepted", "rejected")[number % 2], by)


def do_import(path: Path, folder: Path) -> None:
    import_export(folder, path, WAIT)


def do_backup(path: Path, target: Path) -> None:
    backup.back_up(path, target, WAIT, overwrite=True)


OPERATIONS: dict[str, Callable[[Path, Path], None]] = {
    name.removeprefix("do_"): function for name, function in list(globals().items()) if name.startswith("do_")
}


# Being killed


def run(operation: str, path: Path, argument: Path, phase: Any) -> None:
    """Do it, and tell by a number shared with the parent what is being done at the moment."""
    with installed(), pytest.MonkeyPatch.context() as patch:

        def marked(owner: Any, name: str, now: str) -> None:
            original = getattr(owner, name)

            @wraps(original)
            def told(*args: Any, **more: Any) -> Any:
                before, phase.value = phase.value, PHASES.index(now)
                try:
                    return original(*args, **more)
                finally:
                    phase.value = max(before, STARTING + 1)

            patch.setattr(owner, name, told)

        marked(ingesting, "_look_up", "reading")
        marked(ingesting, "_write", "write")
        marked(Store, "save", "save")
        marked(repeats, "add", "repeats")
        marked(search_index, "add", "words")
        marked(Relinker, "run", "link")
        marked(meanings, "add_meanings", "meanings")
        marked(search_rebuild, "rebuild", "copy quotes")
        marked(search_rebuild, "_take_over", "take over")
        phase.value = PHASES.index("starting" if operation in ("ingest", "resume") else "work")
        OPERATIONS[operation](path, argument)
        phase.value = PHASES.index("done")


@contextmanager
def installed() -> Iterator[None]:
    """Put the stand-in in the place of language."""

    def read(reader: workers.Reader, batch: workers.Batch) -> list[workers.Read]:
        return read_batch(batch, reader.settings, reader.register)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            workers.Reader, "__call__", lambda reader, batch: read_batch(batch, reader.settings, reader.register)
        )
        patch.setattr(ingesting, "pipeline_name", lambda settings: "none")
        patch.setattr(tracker, "_register", lambda: REGISTER)
        patch.setattr(meanings, "is_installed", lambda: True)
        patch.setattr(meanings, "load_model", Meaning)
        patch.setattr(meanings, "AT_ONCE", 10)
        yield


def server() -> ForkServerContext:
    """Give what starts processes in milliseconds: one process imports everything, and each is a copy of it."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["killing"])
    return context


def start(operation: str, path: Path, argument: Path) -> tuple[Any, Any]:
    """Start a process; give it and the number of its phase."""
    phase = server().Value("i", 0, lock=False)
    process = server().Process(target=run, args=(operation, path, argument, phase))
    process.start()
    return process, phase


def kill(operation: str, path: Path, argument: Path, after: float, phase_to_reach: str | None = None) -> str:
    """Start a process and kill it some seconds after it has begun its work, or has reached a phase.

    Returns:
        The phase in which it was killed; "done" where it was too late.
    """
    process, phase = start(operation, path, argument)
    _wait(process, phase, phase_to_reach)
    process.join(after)
    process.kill()
    process.join()
    assert process.exitcode in (0, -9), f"{operation} failed"
    return "done" if process.exitcode == 0 else PHASES[phase.value]


def finish(operation: str, path: Path, argument: Path) -> float:
    """Let a process do it undisturbed; give how many seconds its work took."""
    process, phase = start(operation, path, argument)
    _wait(process, phase)
    began = time.monotonic()
    process.join()
    assert process.exitcode == 0
    assert PHASES[phase.value] == "done"
    return time.monotonic() - began


def _wait(process: Any, phase: Any, phase_to_reach: str | None = None) -> None:
    awaited = PHASES.index(phase_to_reach) if phase_to_reach else None
    while process.is_alive() and (phase.value != awaited if awaited else phase.value <= STARTING):
        time.sleep(0.0005)
