"""Offices: how they are written in a register, when they were held, and which titles mean the same one."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from unidecode import unidecode

from quotes.people.countries import country_of
from quotes.records import Office

PERIOD = re.compile(r"(?P<start>[\d-]*)/(?P<end>[\d-]*)")
LONGEST_COUNTRY = 6
"""Words of the longest name of a country ("Democratic Republic of the Congo")."""

# What tells no office from another: "acting President of the Russian Federation", "Leader of the Conservative Party".
IDLE = frozenset(
    "a of the for and in party acting interim caretaker affairs representatives republic federal federation".split()
)
LONG_FORMS = {
    "cdu": "Christian Democratic Union",
    "chairman": "chair",
    "chairwoman": "chair",
    "dup": "Democratic Unionist",
    "dem": "Democrats",
    "dems": "Democrats",
    "fed": "Federal Reserve",
    "lib": "Liberal",
    "pm": "prime minister",
    "premier": "prime minister",
    "snp": "Scottish National",
    "spd": "Social Democratic",
    "tory": "Conservative",
}
ALSO_CALLED = {
    "Chancellor of the Exchequer": ("chancellor", "finance minister"),
    "External Affairs Minister": ("foreign minister",),
    "Foreign Secretary": ("foreign minister",),
    "Taoiseach": ("prime minister",),
    "Tánaiste": ("deputy prime minister",),
    "Secretary-General": ("chief",),
    "Secretary General of NATO": ("nato chief",),
    "High Representative for Foreign Affairs and Security Policy": ("foreign policy chief", "foreign affairs chief"),
    "President of the Commission": ("commission chief", "commission head"),
}
"""Other titles of an office, which say less than its own and so may fit several."""


class Title(NamedTuple):
    """What a title says: the country in it, if any, and the other words that matter, in no order."""

    country: str | None
    words: frozenset[str]


@lru_cache(maxsize=4096)
def first_day(written: str) -> date | None:
    """Give the first day of a day, month or year as ISO 8601 writes it, None for "".

    Raises:
        ValueError: it is none of these.
    """
    if not written:
        return None
    return date.fromisoformat(written + "-01-01"[len(written) - 4 :] if len(written) < 10 else written)


@lru_cache(maxsize=4096)
def last_day(written: str) -> date | None:
    """Give the last day of a day, month or year as ISO 8601 writes it, None for "".

    Raises:
        ValueError: it is none of these.
    """
    first = first_day(written)
    if first is None or len(written) == 10:
        return first
    return (
        first.replace(month=12, day=31)
        if len(written) == 4
        else first.replace(day=monthrange(*first.timetuple()[:2])[1])
    )


def parse_office(written: str, country: str | None) -> Office:
    """Read an office as a register writes it.

    Args:
        written: "Title @COUNTRY START/END"; the country may be missing, the period too, and either end of it. The
            country of an office of no country is "-".
        country: where nothing else is written, the person's country.

    Returns:
        The office, from the first day of START to the last day of END.

    Raises:
        ValueError: START or END is no day, month or year, END is before START, or there is no title.
    """
    title, _, period = written.strip().rpartition(" ")
    found = PERIOD.fullmatch(period)
    if found is None:
        title, start, end = written.strip(), None, None
    else:
        start, end = first_day(found["start"]), last_day(found["end"])
    title, _, elsewhere = title.partition(" @")
    if not title:
        raise ValueError(f"{written!r} has no title")
    if start and end and end < start:
        raise ValueError(f"{written!r} ends before it begins")
    return Office(title, start, end, None if elsewhere == "-" else elsewhere or country)


def in_force(office: Office, on: date) -> bool:
    """Tell whether an office was held on a day; one without any date is never known to be."""
    if office.start is None and office.end is None:
        return False
    return (office.start is None or office.start <= on) and (office.end is None or on <= office.end)


def role_of(offices: Sequence[Office], on: date | None = None) -> str | None:
    """Name the office that says best who somebody is.

    Args:
        offices: all that he or she held.
        on: the day; None for the latest known.

    Returns:
        Of the offices held on that day the one that began last, or of all the one that ended last; None for none.
    """
    if on is None:
        dated = [office for office in offices if office.start or office.end]
        latest = max(dated or offices, key=lambda one: (one.end or date.max, one.start or date.min), default=None)
    else:
        held = [office for office in offices if in_force(office, on)]
        latest = max(held, key=lambda one: one.start or date.min, default=None)
    return latest and latest.title


def agree(written: str, title: str) -> bool:
    """Tell whether a role as an article gives it may mean an office: all words of the one are in the other."""
    one, other = parse_title(written), parse_title(title)
    if one.country and other.country and one.country != other.country:
        return False
    return bool(one.words and other.words) and (one.words <= other.words or other.words <= one.words)


@lru_cache(maxsize=4096)
def parse_title(title: str) -> Title:
    """Take a title apart: "the Russian president" and "President of Russia" are the same.

    Args:
        title: as an article or a register writes it.

    Returns:
        The country that it names first, and its other words without those that tell no office from another.
    """
    printed = re.findall(r"[\w.]+(?:['’]\w+)?|-", title)
    parts = [part for word in printed for part in LONG_FORMS.get(word.casefold(), word).split()]
    country: str | None = None
    rest: list[str] = []
    place = 0
    while place < len(parts):
        length, found = _country_at(parts, place)
        if found and (country is None or found == country):
            country = found
            place += length
        else:
            rest.append(parts[place])
            place += 1
    plain = unidecode(" ".join(part for part in rest if part != "-")).casefold().replace(".", "").replace("'s", "")
    return Title(country, frozenset(word for word in plain.split() if word not in IDLE))


def titles_of(title: str) -> Iterable[Title]:
    """Take an office's title apart, and the other titles by which it is called."""
    own = parse_title(title)
    yield own
    for other in _also_called().get(own.words, ()):
        yield Title(own.country, parse_title(other).words)


def _country_at(parts: Sequence[str], place: int) -> tuple[int, str | None]:
    """Find the longest name of a country that begins at a word; how many words it has, and its code."""
    for length in range(min(LONGEST_COUNTRY, len(parts) - place), 0, -1):
        words = " ".join(parts[place : place + length]).replace(" - ", "-")
        if words[:1].isupper() and (found := country_of(words)):
            return length, found
    return 1, None


@lru_cache(maxsize=1)
def _also_called() -> dict[frozenset[str], tuple[str, ...]]:
    return {parse_title(title).words: others for title, others in ALSO_CALLED.items()}
