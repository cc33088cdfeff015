"""From names in one article to people across articles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from quotes.people import names
from quotes.people.register import Register
from quotes.records import Person, Quote, Speaker, Stance


def link(quotes: Sequence[Quote], register: Register) -> tuple[tuple[Quote, ...], tuple[Person, ...]]:
    """Give each person who speaks or is spoken about an id that is the same in every article.

    The register's people are found by full name or alias; anybody else's id is made from the name.

    Args:
        quotes: the quotes of one article.
        register: the people known beforehand.

    Returns:
        The quotes with ``person_id`` filled in, and the people they mention, in order of their ids.
    """
    people: dict[str, Person] = {}

    def known(name: str, role: str | None) -> Person | None:
        if not names.slug(name):
            return None
        found = register.find(name)
        person = found or Person(names.slug(name), name, role=role)
        before = people.get(person.id)
        people[person.id] = person if before is None or before.role is None else before
        return person

    def speaker(given: Speaker) -> Speaker:
        person = known(given.name, given.role) if given.type == "person" else None
        return replace(given, name=person.name, person_id=person.id) if person else given

    def stance(given: Stance) -> Stance:
        person = known(given.target, None) if given.target_type == "person" else None
        return replace(given, target=person.name, person_id=person.id) if person else given

    linked = tuple(
        replace(
            quote,
            speaker=speaker(quote.speaker) if quote.speaker else None,
            stances=tuple({given.target: given for given in map(stance, quote.stances)}.values()),
        )
        for quote in quotes
    )
    return linked, tuple(people[key] for key in sorted(people))
