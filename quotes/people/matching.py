"""Whom a file of people means: who in it is known already, what it adds, and where it contradicts what is known."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from quotes.people.offices import role_of
from quotes.people.register import forms, free_id
from quotes.records import Office, Person

SAME_DAY = timedelta(days=31)
"""Two collections that differ by less in when an office began or ended count the days otherwise, no more."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What an import is to do.

    Attributes:
        entries: the people of the file with their ids, as they are to be kept.
        new: how many of them nobody knew before.
        matched: how many were known.
        changed: how many of those the file says something else about than at its last import.
        conflicts: in a line each, what contradicts the register, which keeps what it has, and who was left out.
        namesakes: in a line each, who shares a name with somebody else and is kept apart.
    """

    entries: tuple[Person, ...]
    new: int
    matched: int
    changed: int
    conflicts: tuple[str, ...]
    namesakes: tuple[str, ...]


def match(incoming: Sequence[Person], known: Sequence[Person], before: Sequence[Person]) -> Plan:
    """Find out whom the people of a file mean.

    Somebody is known by a shared identifier; else by a full name or alias, unless identifiers of one scheme, or the
    countries, differ. Where several would fit, it is who held most of the same offices.

    Args:
        incoming: the people of the file, without ids.
        known: the register without what this file said before, each with an id.
        before: the entries of this file's last import, with ids.

    Returns:
        What to do.
    """
    index = _Index([*known, *before])
    others, last = {person.id: person for person in known}, {person.id: person for person in before}
    entries: dict[str, Person] = {}
    conflicts: list[str] = []
    namesakes: list[str] = []
    new = changed = 0
    for person in incoming:
        same, apart = index.candidates(person, entries)
        if len(same) > 1:
            conflicts.append(f"{person.name} may be any of {', '.join(same)}: left out")
            continue
        if same:
            entry = replace(person, id=same[0])
            changed += last.get(entry.id) != entry
            if entry.id in others:
                conflicts += _differences(others[entry.id], entry)
        elif any(not _apart(entries[one], person) for one in apart if one in entries):
            conflicts.append(f"{person.name} is there twice: only the first is used")
            continue
        else:
            entry = replace(person, id=free_id(person.name, index.by_id))
            new += 1
            if apart:
                namesakes.append(f"{person.name} ({entry.id}) is kept apart from {', '.join(apart)}")
            index.add(entry)
        entries[entry.id] = entry
    return Plan(tuple(entries.values()), new, len(entries) - new, changed, tuple(conflicts), tuple(namesakes))


def combined(people: Iterable[Person]) -> tuple[Person, ...]:
    """Make one person of all entries with the same id: what an earlier one says counts more.

    Args:
        people: entries with ids, those that count most first.

    Returns:
        The people in the order of their first entries, each with the latest office as role.
    """
    found: dict[str, Person] = {}
    for person in people:
        before = found.get(person.id)
        found[person.id] = _together(before, person) if before else person
    return tuple(person if person.role else replace(person, role=role_of(person.offices)) for person in found.values())


class _Index:
    """People by id, by identifier and by the forms of their names."""

    def __init__(self, people: Iterable[Person]) -> None:
        self.by_id: dict[str, Person] = {}
        self._by_identifier: dict[str, str] = {}
        self._by_form: dict[tuple[str, ...], dict[str, None]] = defaultdict(dict)
        for person in people:
            self.add(person)

    def add(self, person: Person) -> None:
        before = self.by_id.get(person.id)
        self.by_id[person.id] = _together(before, person) if before else person
        self._by_identifier.update(dict.fromkeys(person.identifiers, person.id))
        for form in forms(person):
            if len(form) > 1:
                self._by_form[form][person.id] = None

    def candidates(self, person: Person, taken: Mapping[str, Person]) -> tuple[list[str], list[str]]:
        """Give the ids of those whom a person may be, and of those who only share the name."""
        for identifier in person.identifiers:
            if identifier in self._by_identifier:
                return [self._by_identifier[identifier]], []
        named = list(dict.fromkeys(id for form in sorted(forms(person)) for id in self._by_form.get(form, ())))
        same = [id for id in named if id not in taken and not _apart(self.by_id[id], person)]
        if len(same) > 1:
            shared = {id: _offices_shared(self.by_id[id], person) for id in same}
            most = [id for id in same if shared[id] == max(shared.values())]
            same = most if len(most) == 1 else same
        return same, [id for id in named if id not in same]


def _apart(one: Person, other: Person) -> bool:
    """Tell whether two people of one name cannot be the same."""
    schemes = dict(identifier.split(":", 1) for identifier in one.identifiers)
    for identifier in other.identifiers:
        scheme, key = identifier.split(":", 1)
        if schemes.get(scheme, key) != key:
            return True
    return bool(one.country and other.country and one.country[:2] != other.country[:2])


def _offices_shared(one: Person, other: Person) -> int:
    return sum(_is_same(mine, office) for mine in one.offices for office in other.offices)


def _is_same(one: Office, other: Office) -> bool:
    """Tell whether two records are about one stay in one office."""
    if (one.title, one.country) != (other.title, other.country):
        return False
    if {(None, None)} & {(one.start, one.end), (other.start, other.end)}:
        return True
    begins = max(one.start or date.min, other.start or date.min)
    return begins <= min(one.end or date.max, other.end or date.max)


def _differences(known: Person, entry: Person) -> list[str]:
    found = [
        f"{known.name}: the {what} is {ours} in the register, {theirs} in the file"
        for what, ours, theirs in (
            ("country", known.country, entry.country),
            ("party", known.party, entry.party),
            ("gender", known.gender, entry.gender),
        )
        if ours and theirs and ours != theirs
    ]
    for office in entry.offices:
        stays = [mine for mine in known.offices if _is_same(mine, office)]
        if stays and not any(_near(mine.start, office.start) and _near(mine.end, office.end) for mine in stays):
            ours = " and ".join(_period(mine) for mine in stays)
            found.append(f"{known.name}: {office.title} is {ours} in the register, {_period(office)} in the file")
    return found


def _near(one: date | None, other: date | None) -> bool:
    return one is None or other is None or abs(one - other) < SAME_DAY


def _period(office: Office) -> str:
    return f"{office.start or ''}/{office.end or ''}"


def _together(first: Person, second: Person) -> Person:
    offices = list(first.offices)
    for office in second.offices:
        stays = [place for place, mine in enumerate(offices) if _is_same(mine, office)]
        if not stays:
            offices.append(office)
        elif len(stays) == 1:
            mine = offices[stays[0]]
            offices[stays[0]] = mine._replace(start=mine.start or office.start, end=mine.end or office.end)
    aliases = (*first.aliases, second.name, *second.aliases)
    return replace(
        first,
        aliases=tuple(dict.fromkeys(alias for alias in aliases if alias != first.name)),
        role=role_of(offices),
        party=first.party or second.party,
        country=first.country or second.country,
        gender=first.gender or second.gender,
        offices=tuple(offices),
        identifiers=tuple(dict.fromkeys((*first.identifiers, *second.identifiers))),
    )
