"""Files of people that a register can be imported from, one reader a format; each gives Person records without ids."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from quotes.errors import PeopleFileError
from quotes.people.imports import congress, everypolitician, plain, popolo
from quotes.records import Person

FORMATS = (
    "It reads congress-legislators (YAML, JSON or CSV), Popolo JSON, EveryPolitician CSV, and CSV with at least a "
    "column `name`; data/README.md describes the columns."
)


def read_people(file: Path, country: str | None = None) -> list[Person]:
    """Read a file of people, in whichever of the known formats it is.

    Args:
        file: a YAML, JSON or CSV file.
        country: the ISO 3166 code for people and offices of whom the file names no country.

    Returns:
        The people in the order of the file, each once, with ``id`` empty.

    Raises:
        PeopleFileError: the file cannot be read, has none of the formats, or holds something wrong; the message
            names the place.
    """
    try:
        text = file.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise PeopleFileError(f"{file} cannot be read: {error.strerror}.", "Check the name.") from error
    except UnicodeDecodeError as error:
        raise PeopleFileError(f"{file} is not UTF-8: {error.reason}.", "Save it as UTF-8.") from error
    try:
        match file.suffix.casefold():
            case ".yaml" | ".yml":
                found = congress.read(_yaml(text))
            case ".json":
                found = _from_json(json.loads(text), country)
            case ".csv":
                found = _from_csv(text, country)
            case suffix:
                raise ValueError(f"the ending {suffix or '(none)'} is none of .yaml, .json and .csv")
    except (ValueError, RecursionError, csv.Error) as error:
        raise PeopleFileError(f"{file} cannot be imported: {error}.", FORMATS) from error
    if not found:
        raise PeopleFileError(f"{file} holds nobody.", FORMATS)
    return found


def _yaml(text: str) -> Any:
    import yaml

    try:
        # The loader in C is ten times as fast; it is missing where PyYAML was built without libyaml.
        return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.YAMLError as error:
        raise ValueError(f"it is no valid YAML ({' '.join(str(error).split())})") from error


def _from_json(data: Any, country: str | None) -> list[Person]:
    return popolo.read(data, country) if isinstance(data, dict) else congress.read(data)


def _from_csv(text: str, country: str | None) -> list[Person]:
    rows = csv.DictReader(text.splitlines(keepends=True), strict=True)
    columns: Sequence[str] = rows.fieldnames or ()
    if "bioguide_id" in columns:
        return congress.read_table(rows)
    if {"id", "name", "group", "term"} <= set(columns):
        return everypolitician.read(rows, country)
    if "name" in columns:
        return plain.read(rows, country)
    raise ValueError("its first line names no column `name`")
