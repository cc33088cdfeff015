"""Popolo JSON (popoloproject.com): persons, organizations, memberships, posts and events."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from quotes.people.imports.fields import make_office, make_person, text
from quotes.records import Office, Person

Thing = Mapping[str, Any]


def read(data: Thing, country: str | None) -> list[Person]:
    """Read a Popolo document.

    Args:
        data: the object, with at least ``persons``.
        country: the ISO 3166 code of people whose areas name none.

    Returns:
        The people. Their party is that of their last membership; memberships without dates of their own have those of
        their legislative period.

    Raises:
        ValueError: it is something else, or an entry is wrong.
    """
    persons = data.get("persons")
    if not isinstance(persons, list) or not all(isinstance(person, dict) for person in persons):
        raise ValueError("it has no list `persons`")
    by_id = {kind: _by_id(data, kind) for kind in ("organizations", "posts", "events")}
    memberships: dict[str, list[Thing]] = defaultdict(list)
    for membership in _list(data, "memberships"):
        memberships[text(membership.get("person_id"))].append(membership)
    return [
        _person(person, memberships[text(person.get("id"))] + _list(person, "memberships"), by_id, country, number)
        for number, person in enumerate(persons, start=1)
    ]


def _person(
    person: Thing, memberships: list[Thing], by_id: Mapping[str, Mapping[str, Thing]], country: str | None, number: int
) -> Person:
    place = f"person {number} ({text(person.get('name')) or 'no name'})"
    memberships = sorted(memberships, key=lambda one: text(_dates(one, by_id)[0]))
    organizations = by_id["organizations"]
    country = next((found for one in memberships if (found := _country(one))), country)
    offices: list[Office] = []
    parties: list[str] = []
    for membership in memberships:
        organization = organizations.get(text(membership.get("organization_id")), {})
        if organization.get("classification") == "party":
            parties.append(text(organization.get("name")))
        if group := organizations.get(text(membership.get("on_behalf_of_id"))):
            parties.append(text(group.get("name")))
        if title := _title(membership, organization, by_id["posts"]):
            offices.append(make_office(title, *_dates(membership, by_id), country, place))
    return make_person(
        person.get("name"),
        place=place,
        aliases=[one.get("name") for one in _list(person, "other_names")],
        gender=person.get("gender"),
        country=country,
        party=parties[-1] if parties else None,
        identifiers=[
            *((text(one.get("scheme")), one.get("identifier")) for one in _list(person, "identifiers")),
            ("popolo", person.get("id")),
        ],
        offices=offices,
    )


def _title(membership: Thing, organization: Thing, posts: Mapping[str, Thing]) -> str:
    """Name the office; plain membership of a party is none."""
    post = posts.get(text(membership.get("post_id")), {})
    if label := text(post.get("label")) or text(membership.get("label")):
        return label
    role, name = text(membership.get("role")) or text(post.get("role")), text(organization.get("name"))
    if role.casefold() in ("", "member"):
        return "" if organization.get("classification") == "party" or not name else f"Member of the {name}"
    role = role[:1].upper() + role[1:]
    return f"{role}, {name}" if name else role


def _dates(membership: Thing, by_id: Mapping[str, Mapping[str, Thing]]) -> tuple[Any, Any]:
    period = by_id["events"].get(text(membership.get("legislative_period_id")), {})
    return (
        membership.get("start_date") or period.get("start_date"),
        membership.get("end_date") or period.get("end_date"),
    )


def _country(membership: Thing) -> str | None:
    """Find the country in the identifier of an area, such as ocd-division/country:ke."""
    area = membership.get("area")
    written = f"{text(membership.get('area_id'))} {text(area.get('id')) if isinstance(area, dict) else ''}"
    found = re.search(r"country:([a-z]{2})\b", written)
    return found[1].upper() if found else None


def _by_id(data: Thing, kind: str) -> dict[str, Thing]:
    return {text(thing.get("id")): thing for thing in _list(data, kind)}


def _list(data: Thing, name: str) -> list[Thing]:
    found = data.get(name) or []
    if not isinstance(found, list) or not all(isinstance(thing, dict) for thing in found):
        raise ValueError(f"its `{name}` is no list of objects")
    return found
