"""EveryPolitician CSV: a row for each person, group, area and term."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

from quotes.people.imports.fields import make_office, make_person
from quotes.records import Person


def read(rows: Iterable[Mapping[str, str]], country: str | None) -> list[Person]:
    """Read the rows of an EveryPolitician file.

    Args:
        rows: by column: ``id``, ``name``, ``group``, ``chamber``, ``term``, ``start_date``, ``end_date``, ``gender``,
            ``wikidata``, ``area_id``; start and end are empty where they are those of the term.
        country: the ISO 3166 code of people whose area names none.

    Returns:
        Each person once, with the group of the last row.

    Raises:
        ValueError: a row is wrong.
    """
    by_id: dict[str, list[tuple[str, Mapping[str, str]]]] = defaultdict(list)
    for number, row in enumerate(rows, start=1):
        if not row.get("id"):
            raise ValueError(f"row {number} has no id")
        by_id[row["id"]].append((f"row {number}", row))
    return [_person(person, found, country) for person, found in by_id.items()]


def _person(key: str, rows: list[tuple[str, Mapping[str, str]]], country: str | None) -> Person:
    rows = sorted(rows, key=lambda one: one[1].get("start_date") or "")
    place, last = rows[-1]
    found = next(
        (area[1] for _, row in rows if (area := re.search(r"country:([a-z]{2})\b", row.get("area_id") or ""))), ""
    )
    country = found.upper() or country
    return make_person(
        last["name"],
        place=place,
        aliases=[row["name"] for _, row in rows],
        gender=last.get("gender"),
        country=country,
        party=last.get("group"),
        identifiers=[("wikidata", last.get("wikidata")), ("everypolitician", key)],
        offices=[
            make_office(
                f"Member of the {row.get('chamber') or 'legislature'}",
                row.get("start_date"),
                row.get("end_date"),
                country,
                place,
            )
            for place, row in rows
        ],
    )
