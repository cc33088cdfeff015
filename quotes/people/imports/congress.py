"""The files of unitedstates/congress-legislators: executive.yaml, legislators-current.yaml and their CSV."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from quotes.people.imports.fields import make_office, make_person, text
from quotes.records import Office, Person

PARTIES = {"Democrat": "Democratic Party", "Republican": "Republican Party", "Independent": "", "no party": ""}
TITLES = {
    "prez": "President of the United States",
    "viceprez": "Vice President of the United States",
    "sen": "Senator from {state}",
    "rep": "Representative from {state}",
}
SCHEMES = ("wikidata", "bioguide", "govtrack")
STATES = {
    line[:2]: line[3:]
    for line in """AK Alaska|AL Alabama|AR Arkansas|AS American Samoa|AZ Arizona|CA California|CO Colorado|
CT Connecticut|DC the District of Columbia|DE Delaware|DK Dakota|FL Florida|GA Georgia|GU Guam|
HI Hawaii|IA Iowa|ID Idaho|IL Illinois|IN Indiana|KS Kansas|KY Kentucky|LA Louisiana|
MA Massachusetts|MD Maryland|ME Maine|MI Michigan|MN Minnesota|MO Missouri|
MP the Northern Mariana Islands|MS Mississippi|MT Montana|NC North Carolina|ND North Dakota|
NE Nebraska|NH New Hampshire|NJ New Jersey|NM New Mexico|NV Nevada|NY New York|OH Ohio|
OK Oklahoma|OR Oregon|OL Orleans|PA Pennsylvania|PI the Philippines|PR Puerto Rico|
RI Rhode Island|SC South Carolina|SD South Dakota|TN Tennessee|TX Texas|UT Utah|VA Virginia|
VI the Virgin Islands|VT Vermont|WA Washington|WI Wisconsin|WV West Virginia|WY Wyoming""".replace("\n", "").split("|")
}


def read(data: Any) -> list[Person]:
    """Read what a YAML or JSON file of congress-legislators holds.

    Args:
        data: a list of objects with ``id``, ``name``, ``bio``, ``terms`` and perhaps ``leadership_roles``.

    Returns:
        The people.

    Raises:
        ValueError: it is something else, or an entry is wrong.
    """
    if not isinstance(data, list) or not all(isinstance(entry, dict) for entry in data):
        raise ValueError("it is no list of people as congress-legislators has it")
    return [_person(entry, f"entry {number}") for number, entry in enumerate(data, start=1)]


def read_table(rows: Iterable[Mapping[str, str]]) -> list[Person]:
    """Read the rows of legislators-current.csv; as it gives no dates, neither have the offices.

    Args:
        rows: the rows by column.

    Returns:
        The people.

    Raises:
        ValueError: a row is wrong.
    """
    return [_row(row, f"row {number}") for number, row in enumerate(rows, start=1)]


def _person(entry: Mapping[str, Any], place: str) -> Person:
    known, name, terms = entry.get("id"), entry.get("name"), entry.get("terms")
    if not isinstance(known, dict) or not isinstance(name, dict) or not isinstance(terms, list):
        raise ValueError(f"{place} lacks id, name or terms")
    forms = _forms(name, known.get("wikipedia"))
    place = f"{place} ({forms[0]})"
    offices = [_term(term, place) for term in terms]
    offices += [
        make_office(text(role.get("title")), role.get("start"), role.get("end"), "US", place)
        for role in entry.get("leadership_roles") or ()
    ]
    return make_person(
        forms[0],
        place=place,
        aliases=forms[1:],
        gender=(entry.get("bio") or {}).get("gender"),
        country="US",
        party=_party(terms[-1].get("party")) if terms else None,
        identifiers=[(scheme, known.get(scheme)) for scheme in SCHEMES],
        offices=offices,
    )


def _row(row: Mapping[str, str], place: str) -> Person:
    name = {
        "first": row.get("first_name"),
        "middle": row.get("middle_name"),
        "last": row.get("last_name"),
        "nickname": row.get("nickname"),
        "official_full": row.get("full_name"),
    }
    forms = _forms(name, row.get("wikipedia_id"))
    term = {"type": row.get("type"), "state": row.get("state")}
    return make_person(
        forms[0],
        place=place,
        aliases=forms[1:],
        gender=row.get("gender"),
        country="US",
        party=_party(row.get("party")),
        identifiers=[("bioguide", row.get("bioguide_id")), ("govtrack", row.get("govtrack_id"))],
        offices=[_term(term, place)],
    )


def _forms(name: Mapping[str, Any], wikipedia: Any) -> list[str]:
    """Give the forms of a name, first that of the Wikipedia article, by which the person goes."""
    first, middle, last = (text(name.get(part)) for part in ("first", "middle", "last"))
    nickname, full = text(name.get("nickname")), text(name.get("official_full"))
    usual = re.sub(r" \(.*\)$", "", text(wikipedia))
    called = f"{nickname} {last}" if nickname and last else ""
    long = f"{first} {middle} {last}" if middle else ""
    given = (
        [usual, full, called, f"{first} {last}".strip(), long] if usual or full else [called, f"{first} {last}", long]
    )
    return list(dict.fromkeys(form for form in given if form)) or [""]


def _term(term: Mapping[str, Any], place: str) -> Office:
    title = TITLES.get(text(term.get("type")))
    if title is None:
        raise ValueError(f"{place}: there is no type of term {term.get('type')!r}")
    state = text(term.get("state"))
    return make_office(title.format(state=STATES.get(state, state)), term.get("start"), term.get("end"), "US", place)


def _party(given: Any) -> str:
    return PARTIES.get(text(given), text(given))
