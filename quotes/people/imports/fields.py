"""What readers of people have in common."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from quotes.people import countries
from quotes.people.offices import first_day, last_day
from quotes.records import Office, Person

GENDERS = {"f": "female", "female": "female", "woman": "female", "m": "male", "male": "male", "man": "male"}
ONE_TERM = timedelta(days=31)
"""Terms of one office are one where the next begins this soon after the last."""


def make_person(
    name: object,
    *,
    place: str,
    aliases: Iterable[object] = (),
    gender: object = None,
    country: str | None = None,
    party: object = None,
    identifiers: Iterable[tuple[str, object]] = (),
    offices: Iterable[Office] = (),
) -> Person:
    """Make a person of what a file says.

    Args:
        name: the full name.
        place: where in the file, for messages.
        aliases: other forms of the name; empty ones and repeated ones are left out.
        gender: in whatever word; empty for none.
        country: the ISO 3166 code.
        party: its name.
        identifiers: pairs of scheme and identifier; empty ones are left out.
        offices: in any order; successive terms are joined.

    Returns:
        The person, without an id and without a role, which follows from the offices.

    Raises:
        ValueError: there is no name.
    """
    full = text(name)
    if not full:
        raise ValueError(f"{place} has no name")
    others = dict.fromkeys(alias for given in aliases if (alias := text(given)) and alias != full)
    word = text(gender)
    return Person(
        id="",
        name=full,
        aliases=tuple(others),
        party=text(party) or None,
        country=country,
        gender=GENDERS.get(word.casefold(), word.casefold()) or None,
        in_register=True,
        offices=joined(offices),
        identifiers=tuple(dict.fromkeys(f"{scheme}:{one}" for scheme, given in identifiers if (one := text(given)))),
    )


def text(given: object) -> str:
    """Give what a file says as text in one line; "" for nothing."""
    return " ".join(str(given).split()) if given is not None else ""


def make_office(title: str, start: object, end: object, country: str | None, place: str) -> Office:
    """Make an office of the days, months or years that a file gives.

    Raises:
        ValueError: one of them is none.
    """
    try:
        office = Office(title, first_day(_day(start)), last_day(_day(end)), country)
    except ValueError as error:
        raise ValueError(f"{place}: {error}") from error
    if office.start and office.end and office.end < office.start:
        raise ValueError(f"{place}: {title} ends on {office.end}, before it begins")
    return office


def code_of(given: object, place: str) -> str | None:
    """Give the ISO 3166 code of a country by its code or its name; None for an empty field.

    Raises:
        ValueError: there is no such country.
    """
    written = text(given)
    if not written:
        return None
    code = written.upper() if countries.name_of(written.upper()) else countries.country_of(written)
    if code is None:
        raise ValueError(f"{place}: there is no country {written!r}; write its ISO 3166 code")
    return code


def joined(offices: Iterable[Office]) -> tuple[Office, ...]:
    """Join successive terms of one office, and put offices in the order of their first days."""
    found: list[Office] = []
    for office in sorted(offices, key=lambda one: (one.start or date.min, one.end or date.max, one.title)):
        for place, earlier in enumerate(found):
            if (earlier.title, earlier.country) == (office.title, office.country) and _follows(earlier, office):
                end = None if earlier.end is None or office.end is None else max(earlier.end, office.end)
                found[place] = earlier._replace(end=end)
                break
        else:
            found.append(office)
    return tuple(found)


def _follows(earlier: Office, office: Office) -> bool:
    if earlier.end is None:
        return True
    return office.start is not None and office.start - earlier.end <= ONE_TERM


def _day(given: object) -> str:
    """Give a day as text; YAML reads some as dates, and some files add a time."""
    return text(given).partition("T")[0]
