"""The register of one tracker: the people that travel with the program, and those imported into its file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from quotes.people import matching, names
from quotes.people.imports import read_people
from quotes.people.register import Register, forms, load_register
from quotes.records import Person
from quotes.settings import Settings
from quotes.store.register import read_entries, write_entries
from quotes.store.store import Store, writing
from quotes.store.transactions import transaction


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did.

    Attributes:
        new: people that nobody knew before.
        matched: people that the register, or an earlier import, knew.
        changed: those of them about whom the file now says something else, or says something for the first time.
        in_articles: names of the people of this file that articles of the tracker mention.
        conflicts: what contradicts the register, which keeps what it has, and who was left out.
        namesakes: who shares a name with somebody else and is kept apart.
        other_names: pairs of a person's name in the file and the name under which articles of the tracker mention
            him or her, as somebody whom the register does not know.
    """

    new: int
    matched: int
    changed: int
    in_articles: tuple[str, ...]
    conflicts: tuple[str, ...]
    namesakes: tuple[str, ...]
    other_names: tuple[tuple[str, str], ...]


def import_people(file: Path, settings: Settings, country: str | None = None) -> ImportReport:
    """Import a file of people into the tracker's file; articles that are read later know them.

    The same file again changes nothing. A newer version under the same name replaces what it said before; who is no
    longer in it stays. Where it contradicts the register, the register keeps what it has.

    Args:
        file: YAML, JSON or CSV, as :func:`quotes.people.imports.read_people` knows it.
        settings: names the tracker's file, which is made where it is missing.
        country: the ISO 3166 code for people and offices of whom the file names no country.

    Returns:
        What was done.

    Raises:
        PeopleFileError: the file cannot be read; nothing of it was imported.
        StoreError: the tracker's file cannot be used.
    """
    incoming = read_people(file, country)
    shipped = load_register()
    with writing(settings.database, settings.wait) as store:
        entries = read_entries(store.connection)
        before = [person for source, person in entries if source == file.name]
        known = matching.combined([*shipped.people, *(person for source, person in entries if source != file.name)])
        unchanged = set(before)
        plan = matching.match(incoming, known, before)
        with transaction(store.connection):
            write_entries(store.connection, file.name, [person for person in plan.entries if person not in unchanged])
            people = {one.id: one for one in joined(shipped, store).people}
            imported = [people[one.id] for one in plan.entries]
            store.refresh(imported)
            in_articles, other_names = _mentioned(store, imported)
    return ImportReport(plan.new, plan.matched, plan.changed, in_articles, plan.conflicts, plan.namesakes, other_names)


def joined(shipped: Register, store: Store) -> Register:
    """Join the register that travels with the program and the people imported into a tracker's file.

    Args:
        shipped: the former; what it says counts more.
        store: the open file.

    Returns:
        The register that articles of this tracker are read by.
    """
    imported = [person for _, person in read_entries(store.connection)]
    return Register(matching.combined([*shipped.people, *imported])) if imported else shipped


def _mentioned(store: Store, people: Sequence[Person]) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
    """Find which people the articles mention, and whom they seem to mention under an id of its own."""
    rows = store.connection.execute("SELECT person_id, name, in_register FROM people ORDER BY name").fetchall()
    ids = {row[0] for row in rows}
    by_form = {form: person for person in people for form in forms(person) if len(form) > 1}
    others = [
        (person.name, name)
        for id, name, in_register in rows
        if not in_register and (person := by_form.get(tuple(names.bare(name)))) and person.id != id
    ]
    return tuple(person.name for person in people if person.id in ids), tuple(others)
