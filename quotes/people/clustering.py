"""Which name forms of one surname are one person: a pure function of all of them together, in whatever order.

A block holds every form that shares the last word of the surname. Its forms are joined in steps, from what is sure to
what needs more support; each later step sees what all earlier ones made of the whole block, and where two ways are
open, none is taken.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import blake2b
from typing import NamedTuple

from quotes.people import names, roles
from quotes.people.roles import Description
from quotes.records import Person

FAR_MORE = 3
"""How many times as many articles as any other a possible person must have to be given a doubtful form."""
NEVER = date.max


class First(NamedTuple):
    """Where a form first occurs: by day of publication, undated articles last, and id."""

    published: date
    article_id: str


NOWHERE = First(NEVER, "")


@dataclass(frozen=True, slots=True)
class Sense:
    """All occurrences of a name form that nothing tells apart.

    Attributes:
        form: the name as an article gives it.
        role: the role that the article gives with it.
        register_id: whom the register takes it for, at the day of the article.
        article_id: set where a user decided something about the form in this one article.
        articles: how many articles have it.
        first: the first of them.
    """

    form: str
    role: str | None = None
    register_id: str | None = None
    article_id: str | None = None
    articles: int = 1
    first: First = NOWHERE


class Linked(NamedTuple):
    """To whom a sense belongs, and why."""

    person_id: str
    reason: str


@dataclass(slots=True)
class _Cluster:
    """A person in the making: ``forms`` are the full names, ``described`` counts articles that tell a role."""

    person: Person | None = None
    forms: list[str] = field(default_factory=list)
    description: Description = field(default_factory=Description)
    offices: Counter[str] = field(default_factory=Counter)
    described: int = 0
    members: dict[Sense, str] = field(default_factory=dict)
    undecided: bool = False

    def add(self, sense: Sense, reason: str, description: Description) -> None:
        self.members[sense] = reason
        if description:
            if not self.description.tells(description):
                self.description |= description
            self.described += sense.articles
            self.offices.update(dict.fromkeys(description.offices, sense.articles))

    def absorb(self, other: _Cluster, reason: str) -> None:
        for sense, before in other.members.items():
            self.members[sense] = reason if before == "the same full name" else f"{before}; {reason}"
        self.person = self.person or other.person
        self.forms += other.forms
        self.description |= other.description
        self.offices += other.offices
        self.described += other.described

    def bears(self, form: str) -> bool:
        """Tell whether a name alone may be this person's: the surname with all that hyphens join, and any "Jr."."""
        name = names.parse(form)
        bearing = (names.parse(one) for one in self.forms)
        return any(one.surname == name.surname and name.suffix in ("", one.suffix) for one in bearing)

    @property
    def first(self) -> tuple[First, str]:
        """Where the person is first called by a full name, if ever, and that name."""
        return min((not names.parse(sense.form).given, sense.first, sense.form) for sense in self.members)[1:]

    @property
    def articles(self) -> int:
        return sum(sense.articles for sense in self.members)


def cluster(
    senses: Iterable[Sense], known: Sequence[Person], pins: Mapping[tuple[str, str], str]
) -> dict[Sense, Linked]:
    """Find out which senses of a block are one person.

    Args:
        senses: all senses of the block.
        known: the people of the register whose name or alias belongs to the block.
        pins: ids that must not change because users decided something about them, by an article and a form of theirs.

    Returns:
        For each sense its person.
    """
    ordered = sorted(senses, key=_order)
    clusters = [_of_register(person) for person in sorted(known, key=lambda person: person.id)]
    by_id = {one.person.id: one for one in clusters if one.person}
    full: dict[tuple[str, ...], list[Sense]] = {}
    abbreviated: list[Sense] = []
    for sense in ordered:
        if sense.register_id in by_id:
            by_id[sense.register_id].add(sense, "the register knows this name", _described(sense))
        elif names.parse(sense.form).given:
            full.setdefault(names.parse(sense.form).key, []).append(sense)
        else:
            abbreviated.append(sense)
    for key in sorted(full):
        _tell_namesakes_apart(key, full[key], clusters)
    clusters = _join_variants(clusters)
    _join_surnames(abbreviated, clusters)
    return _with_ids([one for one in clusters if one.members], {person.id for person in known}, pins)


def _of_register(person: Person) -> _Cluster:
    description = roles.describe(person.role, person.party, person.country)
    found = _Cluster(person, [person.name, *person.aliases], description)
    found.offices.update(description.offices)
    found.described = 1 if description else 0
    return found


def _tell_namesakes_apart(key: tuple[str, ...], senses: Sequence[Sense], clusters: list[_Cluster]) -> None:
    """Part the bearers of one full name by party, country and office; what tells nothing goes to the best known."""
    bearers = [one for one in clusters if any(names.parse(form).key == key for form in one.forms)]
    silent = [sense for sense in senses if not _described(sense)]
    for sense in senses:
        description = _described(sense)
        if not description:
            continue
        fitting = [one for one in bearers if not roles.conflict(description, one.description)]
        backed = [one for one in fitting if roles.support(description, one.description)]
        chosen = _best(backed, lambda one: one.described) or (fitting[0] if len(fitting) == 1 else None)
        if chosen is None:
            chosen = _Cluster(forms=[sense.form])
            clusters.append(chosen)
            bearers.append(chosen)
        shared = chosen in backed and roles.support(description, chosen.description)
        reason = (
            f"the same full name; both roles have “{shared}”" if shared and chosen.members else "the same full name"
        )
        chosen.add(sense, reason, description)
    if silent:
        chosen = bearers[0] if len(bearers) == 1 else _best(bearers, lambda one: one.described)
        reason = "the same full name"
        if chosen is None and bearers:
            reason += "; which of its bearers is meant is unclear"
        elif len(bearers) > 1:
            reason += "; of its bearers the one with by far the most articles"
        if chosen is None:
            chosen = _Cluster(forms=[silent[0].form], undecided=bool(bearers))
            clusters.append(chosen)
        for sense in silent:
            chosen.add(sense, reason, Description())


def _join_variants(clusters: list[_Cluster]) -> list[_Cluster]:
    """Join names that differ in a middle name; in a pet form, an initial or a "Jr." only where more speaks for it."""
    for wanted in (("middle",), ("initial", "nickname", "suffix")):
        joined: list[_Cluster] = []
        for group in _groups(clusters):
            while (fewer := _one_round(group, wanted)) is not None:
                group = fewer
            joined += group
        clusters = joined
    return clusters


def _groups(clusters: Sequence[_Cluster]) -> list[list[_Cluster]]:
    """Part a block into groups across which no first names agree, so that only within them all pairs are compared."""
    keys = [{key for form in one.forms for key in names.first_name_keys(form)} for one in clusters]
    abbreviated = {
        given[0][0]
        for one in clusters
        for form in one.forms
        if len((given := names.parse(form).given or ("xxx",))[0]) < 3
    }
    found: dict[str, tuple[set[str], list[_Cluster]]] = {}
    for at, one in enumerate(clusters):
        own = {key for key in keys[at] if not key.endswith(".") or key[0] in abbreviated} or {f"#{at}"}
        group = (own, [one])
        for other in {id(found[key]): found[key] for key in own if key in found}.values():
            group = (group[0] | other[0], other[1] + group[1])
        found.update(dict.fromkeys(group[0], group))
    return list({id(group): members for group in found.values() for members in [group[1]]}.values())


def _one_round(clusters: list[_Cluster], wanted: Sequence[names.Relation]) -> list[_Cluster] | None:
    """Join every pair that have only each other; None where there is none."""
    partners: dict[int, list[tuple[int, names.Relation, str | None]]] = {}
    for at, one in enumerate(clusters):
        for other_at in range(at + 1, len(clusters)):
            link = _link(one, clusters[other_at], wanted)
            if link:
                partners.setdefault(at, []).append((other_at, *link))
                partners.setdefault(other_at, []).append((at, *link))
    # Two that agree with each other are no two ways: first the fuller names are joined, then those that leave more out.
    pairs = []
    for at, found in partners.items():
        for other_at, relation, shared in found:
            rivals = {rival for rival, *_ in (*found, *partners[other_at])} - {at, other_at}
            friends = {rival for rival, *_ in found} & {rival for rival, *_ in partners[other_at]}
            if at < other_at and rivals <= friends:
                pairs.append((at, other_at, relation, shared))
    if not pairs:
        return None
    at, other_at, relation, shared = pairs[0]
    kept, gone = sorted(
        (clusters[at], clusters[other_at]), key=lambda one: (one.person is None, -one.articles, _rank(one))
    )
    kept.absorb(gone, _why(relation, kept, shared))
    return [one for one in clusters if one is not gone]


def _link(one: _Cluster, other: _Cluster, wanted: Sequence[names.Relation]) -> tuple[names.Relation, str | None] | None:
    if (one.person and other.person) or one.undecided or other.undecided:
        return None
    if not (one.members or other.members) or roles.conflict(one.description, other.description):
        return None
    pairs = [(a, b) for a in sorted(set(one.forms)) for b in sorted(set(other.forms))]
    found = {pair: names.relation(*pair) for pair in pairs}
    # "George H. W." is no "George W.", though the register calls him plain "George" too.
    if any(
        relation is None and ((not one.person and not other.person) or _clash(*pair))
        for pair, relation in found.items()
    ):
        return None
    relation = next((relation for relation in wanted if relation in found.values()), None)
    shared = roles.support(one.description, other.description)
    return None if relation is None or (shared is None and relation != "middle") else (relation, shared)


def _clash(one: str, other: str) -> bool:
    return names.parse(one).given[:1] == names.parse(other).given[:1] != ()


def _why(relation: names.Relation, kept: _Cluster, shared: str | None) -> str:
    name = kept.person.name if kept.person else kept.first[1]
    told = f"; both roles have “{shared}”" if shared else ""
    match relation:
        case "middle":
            return f"{name} but for a middle name"
        case "initial":
            return f"the initial of {name}{told}"
        case "nickname":
            return f"another form of the first name of {name}{told}"
    return f"{name} but for the suffix{told}"


def _join_surnames(senses: Sequence[Sense], clusters: list[_Cluster]) -> None:
    """Join a bare surname to the one bearer who has what the article says of it; else it stays by itself."""
    named = [one for one in clusters if not one.undecided]
    alone: list[_Cluster] = []
    for sense in senses:
        description = _described(sense)
        bearers = [one for one in named if one.bears(sense.form)]
        fitting = [one for one in bearers if not roles.conflict(description, one.description)]
        backed = [one for one in fitting if roles.support(description, one.description)]
        chosen = _best(backed, lambda one, has=description: _weight(one, has))  # type: ignore[misc]
        if chosen is not None:
            shared = roles.support(description, chosen.description)
            reason = f"the only bearer of this surname who is “{shared}”"
            if len(backed) > 1:
                reason = f"of the bearers of this surname the one who is “{shared}” in by far the most articles"
            chosen.members[sense] = reason
            continue
        own = [one for one in alone if one.bears(sense.form) and not roles.conflict(description, one.description)]
        lone = own[0] if own else _Cluster(forms=[sense.form])
        if not own:
            alone.append(lone)
        reason = "one name alone; " + (
            "nothing tells which of its bearers is meant"
            if any(one.members for one in bearers)
            else "nobody is known by it"
        )
        lone.add(sense, reason, description)
    clusters += alone


def _weight(one: _Cluster, description: Description) -> int:
    return max((one.offices[office] for office in description.offices), default=0) or one.described


def _best(found: Sequence[_Cluster], weigh: Callable[[_Cluster], int]) -> _Cluster | None:
    """Give the one of some clusters that outweighs every other by far; None where there is none."""
    ranked = sorted(found, key=weigh, reverse=True)
    if len(ranked) == 1 or (ranked and weigh(ranked[0]) >= FAR_MORE * max(1, weigh(ranked[1]))):
        return ranked[0]
    return None


def _with_ids(
    clusters: Sequence[_Cluster], reserved: set[str], pins: Mapping[tuple[str, str], str]
) -> dict[Sense, Linked]:
    """Give each person an id: the register's, a pinned one, or a slug of the form that was published first."""
    ids: dict[int, str] = {}
    taken = set(reserved)
    for one in sorted(clusters, key=_rank):
        pinned = [pins[at] for sense in one.members if (at := (sense.article_id or "", sense.form)) in pins]
        if pinned and min(pinned) not in ids.values():
            ids[id(one)] = min(pinned)
        elif one.person:
            ids[id(one)] = one.person.id
    taken |= set(ids.values())
    for one in sorted(clusters, key=lambda one: (one.undecided, _rank(one))):
        if id(one) not in ids:
            ids[id(one)] = next(name for name in _possible_ids(one) if name not in taken)
            taken.add(ids[id(one)])
    return {sense: Linked(ids[id(one)], reason) for one in clusters for sense, reason in one.members.items()}


def _possible_ids(one: _Cluster) -> Iterable[str]:
    """Give ids from short to long; none depends on what other articles were there before."""
    first, form = one.first
    plain = names.slug(form)
    if not one.undecided:
        yield plain
        described = min((sense.first, sense.role or "") for sense in one.members)
        roles_told = sorted((sense.first, sense.role) for sense in one.members if sense.role) or [described]
        telling = names.slug(" ".join(names.words(str(roles_told[0][1]))[:4]))
        if telling:
            yield f"{plain}-{telling}"
    else:
        yield f"{plain}-undecided"
    yield f"{plain}-{blake2b(f'{first.article_id} {form}'.encode(), digest_size=3).hexdigest()}"


def _described(sense: Sense) -> Description:
    titles = " ".join(names.parse(sense.form).titles)
    return roles.describe(" ".join(filter(None, (titles, sense.role))) or None)


def _order(sense: Sense) -> tuple[int, First, str, str, str, str]:
    """Order senses the same way whenever they came: what most articles have goes first."""
    return (-sense.articles, sense.first, sense.form, sense.role or "", sense.register_id or "", sense.article_id or "")


def _rank(one: _Cluster) -> tuple[First, str, str]:
    return (*one.first, one.person.id if one.person else "") if one.members else (NOWHERE, "", "")
