"""Keeps who is who up to date in a tracker's file: links what changed, and applies what users decide."""

from __future__ import annotations

import getpass
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from quotes.errors import PeopleError
from quotes.people import Decision, Register, Sense, by_surname, link_block, names
from quotes.people.clustering import First
from quotes.people.linking import look_up
from quotes.records import Person
from quotes.store import decisions as decisions_table
from quotes.store import linking as table
from quotes.store import registered, repeats
from quotes.store.store import Store
from quotes.store.transactions import transaction

BLOCKS_AT_ONCE = 200


class Relinker:
    """Links the name forms of a file by one register; made once, used after each batch of articles."""

    def __init__(self, register: Register) -> None:
        self._register = register
        self._by_id = {person.id: person for person in register.people}
        self._by_surname = by_surname(register)

    def run(self, store: Store) -> None:
        """Link all blocks whose name forms or decisions have changed, each some hundred in one transaction.

        A run that was stopped in the middle is made up for by the next: what is to be linked stands in the file.

        Args:
            store: open for writing.
        """
        blocks = table.blocks_to_link(store.connection)
        for first in range(0, len(blocks), BLOCKS_AT_ONCE):
            with transaction(store.connection):
                self._link(store, blocks[first : first + BLOCKS_AT_ONCE])

    def look_up_again(self, store: Store) -> None:
        """Look every name form up in the register, which may have changed since its article was read.

        Args:
            store: open for writing.
        """
        registered.refuse(store.connection)
        rows = table.read_looked_up(store.connection)
        changed: list[tuple[str, str, str | None]] = []
        for row in rows:
            person = look_up(self._register, row.form, row.published, row.role)
            register_id = person.id if person else None
            if register_id != row.register_id:
                changed.append((row.article_id, row.form, register_id))
        with transaction(store.connection):
            table.write_looked_up(store.connection, changed)
            table.link_again(store.connection)

    def _link(self, store: Store, blocks: Sequence[str]) -> None:
        decisions = [
            Decision(
                row.decision_id,
                row.person_id,
                row.to_id,
                tuple(row.forms),
                tuple(row.articles),
                tuple((pin["article_id"], pin["form"], pin["person_id"]) for pin in row.pins),
            )
            for row in decisions_table.read_decisions(store.connection)
        ]
        apart = sorted(
            {article for decision in decisions for article in decision.articles}
            | {article for decision in decisions for article, _, _ in decision.pins}
        )
        by_block: dict[str, list[table.SenseRow]] = defaultdict(list)
        for row in table.read_senses(store.connection, blocks, apart):
            by_block[row.block].append(row)
        changed: list[table.LinkRow] = []
        people = table.people_to_look_at(store.connection, blocks)
        for block, rows in sorted(by_block.items()):
            found = link_block(_senses(rows), self._by_surname.get(block, ()), decisions)
            links = {_key(sense): pair for sense, pair in found.items()}
            for row in rows:
                linked, decided = links[row[1:5]]
                after = (linked.person_id, decided.person_id, decided.reason)
                if after != (row.linked_id, row.person_id, row.reason):
                    changed.append(table.LinkRow(*row[:5], *after))
                    people |= {row.person_id, decided.person_id}
        table.write_links(store.connection, list(dict.fromkeys(changed)), apart)
        renamed = table.write_people(store.connection, self._people(store, sorted(people)))
        moved = table.carry_over(store.connection)
        table.tidy(store.connection, people)
        repeats.follow_speakers(store.connection, [*renamed, *moved])
        table.mark_linked(store.connection, blocks)

    def _people(self, store: Store, ids: Sequence[str]) -> list[tuple[Person, bool]]:
        forms: dict[str, list[table.FormRow]] = defaultdict(list)
        for row in table.read_forms(store.connection, ids):
            forms[row.person_id].append(row)
        return [self._person(id, forms[id]) for id in ids if forms[id]]

    def _person(self, id: str, forms: Sequence[table.FormRow]) -> tuple[Person, bool]:
        listed = {self._by_id[known].id for row in forms for known in row.register_ids if known in self._by_id}
        known = self._by_id.get(id) or (self._by_id[min(listed)] if len(listed) == 1 else None)
        printed = sorted({row.form for row in forms})
        if known:
            return table.with_forms(replace(known, id=id), printed), False
        full = [row for row in forms if names.parse(row.form).given]
        best = min(
            [row for row in full if row.own] or full or list(forms),
            key=lambda row: (-row.articles, len(row.form), row.form),
        )
        return Person(id, best.form, tuple(form for form in printed if form != best.form)), not full


def merge(store: Store, relinker: Relinker, person_id: str, other_id: str, by: str | None = None) -> int:
    """Make two people one, of the first one's id, now and after every later ingest.

    Args:
        store: open for writing.
        relinker: links what that changes.
        person_id: who stays.
        other_id: whose mentions go to that person.
        by: who decides; the user of this account where None.

    Returns:
        The number of the decision, by which it can be undone.

    Raises:
        PeopleError: it is one person already.
    """
    if person_id == other_id:
        raise PeopleError(f"{person_id} is one person already.", "Name two people: quotes people merge KEPT OTHER")
    return _decide(store, relinker, other_id, person_id, (), (), by)


def split(
    store: Store,
    relinker: Relinker,
    person_id: str,
    forms: Sequence[str],
    articles: Sequence[str],
    to_id: str | None,
    by: str | None = None,
) -> tuple[int, str]:
    """Move name forms, or what is in some articles, from one person to another or to a new one.

    Args:
        store: open for writing.
        relinker: links what that changes.
        person_id: from whom.
        forms: name forms of that person as articles give them; they are moved in later articles too.
        articles: ids of articles.
        to_id: to whom; None for a new person.
        by: who decides; the user of this account where None.

    Returns:
        The number of the decision, and to whom it moved them.

    Raises:
        PeopleError: the person has no such form or article, or nothing is named, or all would stay where it is.
    """
    has = table.read_mentions(store.connection, person_id)
    if not forms and not articles:
        raise PeopleError("Nothing was named to be moved.", "Name it with --form NAME or --article ID.")
    for given, place, kind in ((forms, 0, "name form"), (articles, 3, "article")):
        for one in given:
            if one not in {mention[place] for mention in has}:
                raise PeopleError(
                    f"{person_id} has no {kind} {one!r}.", f"`quotes people show {person_id}` lists what there is."
                )
    if to_id == person_id:
        raise PeopleError("It is there already.", "Name somebody else with --to, or leave --to out for a new person.")
    if to_id is None:
        taken = table.all_ids(store.connection)
        number = 1 + max((row.decision_id for row in decisions_table.read_decisions(store.connection, True)), default=0)
        plain = names.slug(forms[0]) if forms else person_id
        to_id = plain if plain not in taken else f"{plain}-{number}"
    return _decide(store, relinker, person_id, to_id, forms, articles, by), to_id


def undo(store: Store, relinker: Relinker, number: int, by: str | None = None) -> decisions_table.DecisionRow:
    """Undo a decision; those that came after it are applied to what is then found.

    Args:
        store: open for writing.
        relinker: links what that changes.
        number: which one.
        by: who undoes it; the user of this machine where None.

    Returns:
        The decision.

    Raises:
        PeopleError: there is none of this number, or it was undone before.
    """
    registered.refuse(store.connection)
    with transaction(store.connection):
        found = decisions_table.undo_decision(store.connection, number, by or getpass.getuser())
    if found is None:
        raise PeopleError(f"There is no decision {number} that holds.", "`quotes people decisions` lists them.")
    relinker.run(store)
    return found


def _decide(
    store: Store,
    relinker: Relinker,
    person_id: str,
    to_id: str,
    forms: Sequence[str],
    articles: Sequence[str],
    by: str | None,
) -> int:
    registered.refuse(store.connection)
    who = by or getpass.getuser()
    with transaction(store.connection):
        number = decisions_table.write_decision(store.connection, who, person_id, to_id, forms, articles)
    relinker.run(store)
    return number


def _senses(rows: Sequence[table.SenseRow]) -> list[Sense]:
    """Put rows together that differ only in how they are linked at present."""
    found: dict[tuple[str | None, ...], Sense] = {}
    for row in rows:
        first = First(row.first_published, row.first_article)
        before = found.get(row[1:5])
        found[row[1:5]] = (
            replace(before, articles=before.articles + row.articles, first=min(before.first, first))
            if before
            else Sense(row.form, row.role, row.register_id, row.article_id, row.articles, first)
        )
    return list(found.values())


def _key(sense: Sense) -> tuple[str | None, ...]:
    return sense.form, sense.role, sense.register_id, sense.article_id
