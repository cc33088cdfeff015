"""The register: politicians known beforehand, with their aliases, country, party and office."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from quotes.errors import ReadError
from quotes.people import names
from quotes.records import Person
from quotes.settings import shipped

COLUMNS = ("name", "aliases", "country", "party", "role", "gender")


@dataclass(frozen=True, slots=True)
class Register:
    """People by every form of their names; a form that two of them share stands for neither."""

    people: tuple[Person, ...] = ()
    _by_form: dict[tuple[str, ...], Person | None] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, people: Iterable[Person]) -> Register:
        """Make a register of people."""
        known = tuple(people)
        by_form: dict[tuple[str, ...], Person | None] = {}
        for person in known:
            for form in {tuple(names.bare(name)) for name in (person.name, *person.aliases)}:
                by_form[form] = None if form in by_form else person
        return cls(known, by_form)

    def find(self, name: str) -> Person | None:
        """Find the one person who bears this full name or alias; a surname alone finds nobody."""
        form = tuple(names.bare(name))
        return self._by_form.get(form) if len(form) > 1 else None


def load_register(path: Path | None = None) -> Register:
    """Read a register.

    Args:
        path: a CSV file with the columns name, aliases (separated by "; "), country, party, role and gender;
            None for the one that travels with the package.

    Returns:
        The register.

    Raises:
        ReadError: the file does not exist or lacks a column.
    """
    file = path or shipped("people.csv")
    try:
        with file.open(encoding="utf8", newline="") as lines:
            rows = csv.DictReader(lines)
            missing = [column for column in COLUMNS if column not in (rows.fieldnames or ())]
            if missing:
                raise ReadError(f"{file} has no column {', '.join(missing)}.", f"It needs {', '.join(COLUMNS)}.")
            return Register.of(_person(row) for row in rows)
    except OSError as error:
        raise ReadError(
            f"The register {file} cannot be read: {error.strerror}.", "Install the package anew."
        ) from error


def _person(row: dict[str, str]) -> Person:
    return Person(
        id=names.slug(row["name"]),
        name=row["name"],
        aliases=tuple(alias for alias in row["aliases"].split("; ") if alias),
        role=row["role"] or None,
        party=row["party"] or None,
        country=row["country"] or None,
        gender=row["gender"] or None,
        in_register=True,
    )
