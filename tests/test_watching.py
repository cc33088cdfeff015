from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import faking
import pytest

from quotes.errors import SettingsError, StoreBusyError
from quotes.settings import Feed, Settings, load_settings
from quotes.store import reading, writing
from quotes.watching import Round, watch

sys.path.insert(0, str(Path(__file__).parent / "readers"))
from serving_pages import Site, serve

RUN = [sys.executable, "-c", "from quotes.cli import main; main()"]
HOME = Path(__file__).parents[1]


@pytest.fixture
def site() -> Iterator[Site]:
    with serve() as site:
        yield site


def story(site: Site, number: int) -> str:
    text = f"Mara Lind (Mayor): “We will build bridge number {number}, whatever it costs.” So she spoke to the council."
    return site.page(f"/{number}", f"<html><head><title>{number}</title></head><article><p>{text}</p></article></html>")


def feed(site: Site, path: str, *numbers: int) -> Feed:
    items = "".join(f"<item><title>S</title><link>{story(site, number)}</link></item>" for number in numbers)
    body = f'<?xml version="1.0"?><rss version="2.0"><channel><title>The Courier</title>{items}</channel></rss>'
    return Feed(path, site.page(path, body, "application/rss+xml", etag=f'"{numbers}"'))


def settings_for(tmp_path: Path, *feeds: Feed) -> Settings:
    return Settings(database=tmp_path / "quotes.duckdb", pause=0.0, timeout=2.0, wait=5.0, feeds=feeds)


def query(settings: Settings, sql: str) -> list[tuple[object, ...]]:
    with reading(settings.database, settings.wait) as connection:
        return connection.execute(sql).fetchall()


def counts(done: list[Round]) -> list[tuple[int, int, int]]:
    return [(one.report.added, one.report.unchanged, len(one.report.problems)) for one in done]


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> faking.FakePipeline:
    return faking.install(monkeypatch)


def test_each_round_ingests_what_is_new(fake: faking.FakePipeline, site: Site, tmp_path: Path) -> None:
    settings = settings_for(tmp_path, feed(site, "/feed", 1, 2))
    done: list[Round] = []

    def tell(one: Round) -> None:
        done.append(one)
        if len(done) == 2:
            feed(site, "/feed", 3, 1, 2)

    watch(settings, 0.0, 3, True, tell)
    assert counts(done) == [(2, 0, 0), (0, 0, 0), (1, 2, 0)]
    assert site.paths() == ["/feed", "/1", "/2", "/feed", "/feed", "/3"]
    assert query(
        settings, "SELECT count(*), bool_and(fetched_at IS NOT NULL AND sha256 IS NOT NULL) FROM articles"
    ) == [(3, True)]
    assert query(settings, "SELECT added, finished_at IS NOT NULL FROM ingests") == [(3, True)]
    assert query(settings, "SELECT count(*), count(article_id), count(etag) FROM fetches") == [(4, 3, 1)]


def test_a_feed_that_fails_is_one_row_and_stops_no_other(fake: faking.FakePipeline, site: Site, tmp_path: Path) -> None:
    broken = Feed("broken", f"{site.address}/none")
    settings = settings_for(tmp_path, broken, feed(site, "/feed", 1))
    done: list[Round] = []
    watch(settings, 0.0, 2, True, done.append)
    assert counts(done) == [(1, 0, 1), (0, 0, 1)]
    assert query(settings, "SELECT source FROM ingest_problems") == [(broken.url,)]


def test_a_story_that_the_pipeline_fails_on_is_tried_again(
    fake: faking.FakePipeline, site: Site, tmp_path: Path
) -> None:
    one = feed(site, "/feed", 1)
    good = site.pages["/1"]
    site.page("/1", "<html><article><p>BOOM goes the whole pipeline on this one.</p></article></html>")
    done: list[Round] = []

    def tell(one: Round) -> None:
        done.append(one)
        site.pages["/1"] = good
        feed(site, "/feed", 1)

    settings = settings_for(tmp_path, Feed("a", f"{one.url}?again"))
    watch(settings, 0.0, 1, True, tell)
    watch(settings_for(tmp_path, one), 0.0, 1, True, tell)
    assert counts(done) == [(0, 0, 1), (1, 0, 0)]


def test_a_busy_database_costs_a_round_only(
    fake: faking.FakePipeline, site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from quotes import ingesting

    settings = settings_for(tmp_path, feed(site, "/feed", 1))
    calls = iter((True, False))
    calm = writing

    def busy(path: Path, wait: float) -> object:
        if next(calls, False):
            raise StoreBusyError("Busy.", "Wait.")
        return calm(path, wait)

    monkeypatch.setattr(ingesting, "writing", busy)
    done: list[Round] = []
    watch(settings, 0.0, 2, True, done.append)
    assert counts(done) == [(0, 0, 1), (1, 0, 0)]


def test_without_feeds_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="no feed"):
        watch(settings_for(tmp_path), 0.0, 1, True, lambda _: None)


def test_private_feeds_are_refused_unless_allowed(fake: faking.FakePipeline, site: Site, tmp_path: Path) -> None:
    done: list[Round] = []
    watch(settings_for(tmp_path, feed(site, "/feed", 1)), 0.0, 1, False, done.append)
    assert (counts(done), site.asked) == ([(0, 0, 1)], [])


def test_feeds_are_read_from_the_settings(tmp_path: Path) -> None:
    (tmp_path / "quotes.toml").write_text('[[feeds]]\nname = "A"\nurl = "https://a.example/feed"\n')
    assert load_settings(tmp_path).feeds == (Feed("A", "https://a.example/feed"),)


@pytest.mark.parametrize(
    "content",
    ['feeds = "a"', "[feeds]\na = 1", '[[feeds]]\nname = "A"', '[[feeds]]\nname = "A"\nurl = "ftp://a.example"\n'],
)
def test_feeds_that_are_none_are_an_error(tmp_path: Path, content: str) -> None:
    (tmp_path / "quotes.toml").write_text(content)
    with pytest.raises(SettingsError, match="feed"):
        load_settings(tmp_path)


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_watch_ends_cleanly_when_it_is_stopped(site: Site, tmp_path: Path, stop: signal.Signals) -> None:
    one = feed(site, "/feed", 1)
    (tmp_path / "quotes.toml").write_text(f'pause = 0\n[[feeds]]\nname = "A"\nurl = "{one.url}"\n')
    command = [*RUN, "watch", "--allow-private", "--every", "60"]
    environment = os.environ | {"PYTHONPATH": str(HOME)}
    ignoring: Callable[[], object] = lambda: signal.signal(signal.SIGINT, signal.SIG_IGN)  # noqa: E731
    with subprocess.Popen(
        command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, text=True, preexec_fn=ignoring
    ) as process:
        assert process.stdout
        line = process.stdout.readline()
        assert re.fullmatch(r"\S+ \S+  1 feed: articles 1 added, 0 changed, 0 unchanged; 1 new quotes; 0 .*\n", line)
        begin = time.monotonic()
        process.send_signal(stop)
        assert process.wait(30) == 0
        assert time.monotonic() - begin < 20
    with reading(tmp_path / "quotes.duckdb", 5) as connection:
        assert connection.execute("SELECT finished_at IS NOT NULL FROM ingests").fetchall() == [(True,)]
    with writing(tmp_path / "quotes.duckdb", 0):
        pass
