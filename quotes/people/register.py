"""The register: politicians known beforehand, with their aliases, country, party and dated offices."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from functools import cached_property
from pathlib import Path

from quotes.errors import ReadError
from quotes.people import names, offices
from quotes.records import Office, Person
from quotes.settings import shipped

COLUMNS = ("name", "aliases", "country", "party", "gender", "wikidata", "offices")


class Register:
    """People by every form of their names, by surname and by office.

    Attributes:
        people: all of them, in the order given.
    """

    def __init__(self, people: Iterable[Person] = ()) -> None:
        self.people = tuple(people)

    @classmethod
    def of(cls, people: Iterable[Person]) -> Register:
        """Make a register of people."""
        return cls(people)

    def find(self, name: str, *, on: date | None = None, role: str | None = None) -> Person | None:
        """Find the one person who bears this name.

        Args:
            name: the full name or an alias; a surname alone finds nobody.
            on: the day of the article: of several people with one name, it is who was in office then.
            role: what the article calls the person: of several, it is who held such an office.

        Returns:
            The person, or None where nobody bears the name, or several do and not exactly one of them fits.
        """
        form = tuple(names.bare(name))
        found = self._by_form.get(form, ()) if len(form) > 1 else ()
        if len(found) > 1 and (on or role):
            found = tuple(person for person in found if _fits(person, on, role))
        return found[0] if len(found) == 1 else None

    def by_surname(self, surname: str, on: date | None = None) -> tuple[Person, ...]:
        """Find those who bear a surname, or another single word by which they are known ("Lula", "Xi").

        Args:
            surname: the surname.
            on: the day of the article.

        Returns:
            Those of them who were in office on that day; where none was, or no day is given, all.
        """
        found = self._by_surname.get(names.surname(surname), ())
        if on is None:
            return found
        return tuple(p for p in found if any(offices.in_force(office, on) for office in p.offices)) or found

    def holder(self, title: str, on: date | None, country: str | None = None) -> Person | None:
        """Find who held an office on a day.

        Args:
            title: the office as an article names it, such as "the prime minister" or "the Russian president"; a
                country in it counts more than ``country``.
            on: the day; None finds only who alone ever held the office, as far as the register knows.
            country: the ISO 3166 code of the country that is spoken of; None where it is not known.

        Returns:
            The person, or None where nobody or more than one fits.
        """
        named, words = offices.parse_title(title)
        wanted = named or country
        found = {
            person.id: person
            for person, office, own in self._by_title.get(words, ())
            if _is_of(office, own, wanted) and (on is None or offices.in_force(office, on))
        }
        return next(iter(found.values())) if len(found) == 1 else None

    @cached_property
    def _by_form(self) -> dict[tuple[str, ...], tuple[Person, ...]]:
        found: dict[tuple[str, ...], tuple[Person, ...]] = defaultdict(tuple)
        for person in self.people:
            for form in forms(person):
                found[form] += (person,)
        return dict(found)

    @cached_property
    def _by_surname(self) -> dict[str, tuple[Person, ...]]:
        found: dict[str, tuple[Person, ...]] = defaultdict(tuple)
        for person in self.people:
            for surname in {form[-1] for form in forms(person)}:
                found[surname] += (person,)
        return dict(found)

    @cached_property
    def _by_title(self) -> dict[frozenset[str], list[tuple[Person, Office, str | None]]]:
        """Each office under each of its titles, with the country that the title names."""
        found: dict[frozenset[str], list[tuple[Person, Office, str | None]]] = defaultdict(list)
        for person in self.people:
            for office in person.offices:
                for title in offices.titles_of(office.title):
                    found[title.words].append((person, office, title.country))
        return dict(found)


def forms(person: Person) -> set[tuple[str, ...]]:
    """Give every form of a person's name as it is looked up: words in lower case without accents and titles."""
    return {form for name in (person.name, *person.aliases) if (form := tuple(names.bare(name)))}


def load_register(path: Path | None = None) -> Register:
    """Read a register.

    Args:
        path: a CSV file with the columns of :data:`COLUMNS`, as data/README.md describes them; None for the one that
            travels with the package.

    Returns:
        The register.

    Raises:
        ReadError: the file does not exist, lacks a column, or an office in it cannot be read.
    """
    file = path or shipped("people.csv")
    try:
        with file.open(encoding="utf8", newline="") as lines:
            rows = csv.DictReader(lines)
            missing = [column for column in COLUMNS if column not in (rows.fieldnames or ())]
            if missing:
                raise ReadError(f"{file} has no column {', '.join(missing)}.", f"It needs {', '.join(COLUMNS)}.")
            return Register(_people(rows))
    except OSError as error:
        raise ReadError(
            f"The register {file} cannot be read: {error.strerror}.", "Install the package anew."
        ) from error
    except ValueError as error:
        raise ReadError(f"The register {file} cannot be read: {error}.", "Install the package anew.") from error


def free_id(name: str, taken: Iterable[str]) -> str:
    """Make a person's key of the name, with a number where another person has it."""
    key, number = names.slug(name), 1
    while (free := key if number == 1 else f"{key}-{number}") in taken:
        number += 1
    return free


def _people(rows: Iterable[dict[str, str]]) -> Iterable[Person]:
    ids: set[str] = set()
    for row in rows:
        person_id = free_id(row["name"], ids)
        ids.add(person_id)
        country = row["country"] or None
        held = tuple(offices.parse_office(office, country) for office in row["offices"].split("; ") if office)
        yield Person(
            id=person_id,
            name=row["name"],
            aliases=tuple(alias for alias in row["aliases"].split("; ") if alias),
            role=offices.role_of(held),
            party=row["party"] or None,
            country=country,
            gender=row["gender"] or None,
            in_register=True,
            offices=held,
            identifiers=(f"wikidata:{row['wikidata']}",) if row["wikidata"] else (),
        )


def _fits(person: Person, on: date | None, role: str | None) -> bool:
    return any(
        (on is None or offices.in_force(office, on)) and (role is None or offices.agree(role, office.title))
        for office in person.offices
    )


def _is_of(office: Office, own: str | None, wanted: str | None) -> bool:
    """Tell whether an office is one of the country that is wanted.

    ``own`` is the country in its title: "Leader of the Scottish National Party" is an office of the United Kingdom that
    is only meant where Scotland is named.
    """
    if own not in (None, office.country):
        return wanted == own
    return (
        wanted is None
        or wanted == own
        or (office.country or "").partition("-")[0] == wanted
        or office.country == wanted
    )
