"""Plain CSV: the columns of data/people.csv, of which only ``name`` is needed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from quotes.people.imports.fields import code_of, make_person
from quotes.people.offices import parse_office
from quotes.records import Office, Person


def read(rows: Iterable[Mapping[str, str]], country: str | None) -> list[Person]:
    """Read rows of people.

    Args:
        rows: by column: ``name``, ``aliases`` and ``offices`` (separated by ";"), ``country``, ``party``, ``gender``,
            ``wikidata``, and ``role``, an office of which no dates are known.
        country: the ISO 3166 code where the row gives none.

    Returns:
        The people.

    Raises:
        ValueError: a row is wrong.
    """
    return [_person(row, country, f"row {number}") for number, row in enumerate(rows, start=1)]


def _person(row: Mapping[str, str], country: str | None, place: str) -> Person:
    if None in row:
        raise ValueError(f"{place} has more fields than the first line has columns")
    country = code_of(row.get("country"), place) or country
    try:
        offices = [parse_office(office, country) for office in (row.get("offices") or "").split(";") if office.strip()]
    except ValueError as error:
        raise ValueError(f"{place}: {error}") from error
    if role := (row.get("role") or "").strip():
        offices.append(Office(role, country=country))
    return make_person(
        row.get("name"),
        place=place,
        aliases=(row.get("aliases") or "").split(";"),
        gender=row.get("gender"),
        country=country,
        party=row.get("party"),
        identifiers=[("wikidata", row.get("wikidata"))],
        offices=offices,
    )
