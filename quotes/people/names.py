"""All matching of names: how they are cut up, compared and turned into keys. Knows nothing but strings.

Everything is compared lower case and without accents, titles and honours, so that "PRÉSIDENT Ada Véll, OBE" and
"Ada Vell" are the same to every function here.
"""

from __future__ import annotations

import importlib.util
import json
import re
from bisect import bisect_left
from collections.abc import Set
from dataclasses import dataclass
from functools import cache, lru_cache
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Any, Literal

from nicknames import NickNamer
from unidecode import unidecode

Gender = Literal["female", "male"]
Relation = Literal["same", "middle", "initial", "nickname", "suffix"]
"""How two names agree: word for word; but for middle names that one leaves out; but for a first name that one
abbreviates; but for a pet form; but for a "Jr." that one leaves out. From the second on, each may deceive."""

HONORIFICS = frozenset("mr mrs ms miss mx dr prof sir dame lord lady baroness baron rev fr".split())
OFFICES = frozenset(
    """president premier minister senator sen congressman congresswoman representative rep governor gov mayor chancellor
    secretary ambassador councillor councilman councilwoman alderman general gen admiral adm colonel col lieutenant lt
    sergeant sgt professor sheriff speaker chairman chairwoman justice taoiseach""".split()
)
"""Offices that are printed before a name and are no first names themselves, as Dean and King are."""
BEFORE_OFFICES = frozenset("vice prime deputy former ex foreign finance attorney house chief associate".split())
GENERATIONS = {"jr": "jr", "jnr": "jr", "junior": "jr", "sr": "sr", "snr": "sr", "senior": "sr"} | {
    number: number for number in ("ii", "iii", "iv")
}
"""Suffixes that tell a person from father and son; all others are honours."""
SUFFIXES = frozenset(GENERATIONS) | frozenset("mp msp mep kc qc obe cbe mbe phd md".split())
PARTICLES = frozenset("al bin bint da de del della den der di do dos du el ibn la le ten ter van vom von zu".split())
GIVEN_NAMES_TOO = frozenset(("al", "del", "van"))
ADDITION = re.compile(r"""["“”(][^"“”()]*["“”)]""")
FEMALE_TITLES = frozenset("mrs ms miss dame lady baroness".split())
MALE_TITLES = frozenset("mr sir lord baron".split())
DETERMINERS = frozenset("the a an this that these those my your his her its our their".split())
WORD = re.compile(r"[^\W_]+(?:[-'’.][^\W_]+)*")
# A name borne by fewer people than this, in the sources of the gender table, tells nothing.
ENOUGH_BEARERS = 50
# The gender table is `{"name": [sources, bearers, share of women, ...], "other": [...], ...}`; quotation marks in names
# are escaped, so that this stands only between rows.
BETWEEN_ROWS = b'], "'
# Below and above these shares of women among its bearers, a name tells a gender.
MALE_BELOW, FEMALE_ABOVE = 0.1, 0.9


@dataclass(frozen=True, slots=True)
class Name:
    """A name cut up, each part lower case and without accents; equal for every way of printing the same name.

    Attributes:
        titles: offices and honorifics in front, such as ("vice", "president").
        given: given names without particles; initials that follow one another are one word: ("george", "hw").
        surname: the last word, with the words that hyphens join to it; a lone word counts as a surname.
        suffix: "jr", "sr", "ii", "iii", "iv" or "".
    """

    titles: tuple[str, ...]
    given: tuple[str, ...]
    surname: str
    suffix: str

    @property
    def key(self) -> tuple[str, ...]:
        """The words by which two full names are the same, whether hyphens or spaces join them."""
        return (*"-".join((*self.given, self.surname)).split("-"), self.suffix)


def words(name: str) -> list[str]:
    """Cut a name into its words, lower case and without accents; possessive endings are dropped."""
    return [unidecode(word).casefold().rstrip(".") for word in WORD.findall(re.sub(r"['’]s\b", "", name))]


def bare(name: str) -> list[str]:
    """Cut a name into words without titles and suffixes, lower case and without accents."""
    found = words(name)
    return [word for word in found[_titles(found) :] if word not in SUFFIXES]


@lru_cache(maxsize=100_000)
def parse(name: str) -> Name:
    """Cut up a name.

    Args:
        name: as printed, perhaps with titles, honours, or a nickname in quotation marks or brackets.

    Returns:
        Its parts; ``surname`` is "" where there is no word in it.
    """
    printed = words(ADDITION.sub(" ", name)) or words(name)
    titles = tuple(printed[: _titles(printed)])
    rest = [part for word in printed[len(titles) :] for part in (word.split(".") if "." in word else [word]) if part]
    suffix = next((GENERATIONS[word] for word in rest[1:] if word in GENERATIONS), "")
    core = [word for at, word in enumerate(rest) if not (at and word in SUFFIXES)]
    surname = re.sub(rf"^(?:{'|'.join(PARTICLES)})-", "", core[-1]) if core else ""
    front = [
        word
        for at, word in enumerate(core[:-1])
        if word not in PARTICLES or (not at and len(core) == 2 and word in GIVEN_NAMES_TOO)
    ]
    given: list[str] = []
    initials = False
    for word in front:
        if initials and len(word) == 1:
            given[-1] += word
        else:
            given.append(word)
        initials = len(word) == 1
    return Name(titles, tuple(given), surname, suffix)


def relation(one: str, other: str) -> Relation | None:
    """Tell how two names may be forms of one full name; symmetric.

    Args:
        one: a name with at least one given name, or initials of them, and a surname.
        other: another.

    Returns:
        How far they agree, the weakest link of several; None where they are different names or one is no full name.
    """
    a, b = parse(one), parse(other)
    if not (a.given and b.given):
        return None
    if a.key == b.key:
        return "same"
    if a.surname != b.surname or (a.suffix and b.suffix and a.suffix != b.suffix):
        return None
    first = _first_names(a.given, b.given)
    if first is None:
        return None
    return "suffix" if a.suffix != b.suffix else first


def first_name_keys(name: str) -> Set[str]:
    """Give keys of the first name, of which two names that ``relation`` relates share at least one.

    They are the name, its pet forms and what it is a pet form of, and the initial with a full stop.
    """
    given = parse(name).given
    return _keys_of(given[0]) if given else set()


def block(name: str) -> str:
    """Give the part of a name that all its forms share: the last word of the surname, or "" for no name."""
    return parse(name).surname.rpartition("-")[2]


def surname(name: str) -> str:
    """Give the last word of a name, lower case and without accents, or "" for none."""
    return (bare(name) or [""])[-1]


def slug(name: str) -> str:
    """Make a readable key of a name: "Zoë van der Koog" gives "zoe-van-der-koog"."""
    generation = [GENERATIONS[word] for word in words(name)[1:] if word in GENERATIONS][:1]
    core = bare(name)
    whole = core + generation if core else words(name)
    return "-".join(part for word in whole if (part := re.sub(r"[^a-z0-9]+", "-", word).strip("-")))


def covers(full: str, short: str) -> bool:
    """Tell whether a short form may stand for a full name: same surname, other words agreeing or initials of them.

    Args:
        full: the longer form, such as "Nicola Sturgeon".
        short: the shorter one, such as "Sturgeon", "Ms Sturgeon" or "N. Sturgeon".

    A "Jr." tells two full names apart, but not a full name from a surname.
    """
    longer, shorter = bare(full), bare(short)
    if len(shorter) > 1 and parse(full).suffix != parse(short).suffix:
        return False
    if not longer or not shorter or longer[-1] != shorter[-1] or len(shorter) > len(longer):
        return False
    given = [word for word in longer[:-1] if word not in PARTICLES]
    return all(
        word in PARTICLES or any(g == word or (len(word) == 1 and g[0] == word) for g in given) for word in shorter[:-1]
    )


def gender(name: str) -> Gender | None:
    """Tell the gender that a name's title or, failing that, its first given name suggests; None where neither does."""
    parts = words(name)
    if parts and parts[0] in FEMALE_TITLES:
        return "female"
    if parts and parts[0] in MALE_TITLES:
        return "male"
    parts = bare(name)
    given = parts[0] if len(parts) > 1 and parts[0] not in PARTICLES else ""
    share = _share_of_women(given)
    if share is None:
        return None
    return "female" if share > FEMALE_ABOVE else "male" if share < MALE_BELOW else None


def is_given_name(word: str) -> bool:
    """Tell whether many people bear this word as a first name."""
    return _share_of_women((words(word) or [""])[0]) is not None


def target_key(name: str) -> str:
    """Make of a target's name what forms that differ only in number, article, case or accents have in common.

    Args:
        name: such as "the Trade Deals" or "trade deal", both of which give "trade deal".
    """
    parts = words(name)
    while len(parts) > 1 and parts[0] in DETERMINERS:
        parts.pop(0)
    return " ".join([*parts[:-1], _singular(parts[-1])]) if parts else name.casefold()


def _singular(word: str) -> str:
    if len(word) < 4 or word.endswith(("ss", "us", "is", "news")) or not word.endswith("s"):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    return word[:-2] if word.endswith(("sses", "xes", "ches", "shes")) else word[:-1]


def _titles(found: list[str]) -> int:
    """Count the words of titles in front of a name; an office is a title only where a name follows."""
    count = 0
    while count < len(found):
        at = count
        while at < len(found) and found[at] in BEFORE_OFFICES:
            at += 1
        if found[count] in HONORIFICS:
            count += 1
        elif at < len(found) - 1 and found[at] in OFFICES:
            count = at + 1
        else:
            break
    return count


def _first_names(one: tuple[str, ...], other: tuple[str, ...]) -> Relation | None:
    """Compare given names of different words: the first ones, and where both have more, these too."""
    for short, full in ((one, other), (other, one)):
        if len(short) == 1 and 1 < len(short[0]) == len(full) and short[0] == _initials(full):
            return "initial"
    first: Relation
    if one[0] == other[0]:
        first = "middle"
    elif one[0][0] == other[0][0] and 1 in (len(one[0]), len(other[0])):
        first = "initial"
    elif _is_nickname(one[0], other[0]):
        first = "nickname"
    else:
        return None
    return first if not (one[1:] and other[1:]) or _same_middle(one[1:], other[1:]) else None


def _same_middle(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    a, b = "".join(one), "".join(other)
    return a == b or a == _initials(other) or b == _initials(one)


def _initials(given: tuple[str, ...]) -> str:
    return "".join(word[0] for word in given)


@cache
def _is_nickname(one: str, other: str) -> bool:
    namer = _nicknames()
    return one in namer.nicknames_of(other) or other in namer.nicknames_of(one)


@cache
def _keys_of(first: str) -> Set[str]:
    namer = _nicknames()
    return {first, first[0] + ".", *namer.nicknames_of(first), *namer.canonicals_of(first)}


@lru_cache(maxsize=1)
def _nicknames() -> NickNamer:
    """Load the table of English given names and their pet forms (Northern & Crews, nicknames, Apache-2.0)."""
    return NickNamer()


@lru_cache(maxsize=100_000)
def _share_of_women(given: str) -> float | None:
    """Look up the share of women among a first name's bearers (Van Buskirk, Clauset & Larremore, 2022, nomquamgender).

    The package's table is searched without importing the package, which would bring pandas and take seconds, and
    without parsing it, which takes a second: its 720,000 rows are sorted by name, and an article asks for some dozens.

    Returns:
        0 to 1; None where few people bear the name, or only one source knows it.
    """
    table = _first_names_table()
    place = bisect_left(range(len(table)), given, key=lambda place: _row_at(table, place)[0])
    if place == len(table):
        return None
    name, (sources, bearers, share, *_) = _row_at(table, place)
    return share if name == given and sources > 1 and bearers >= ENOUGH_BEARERS else None


def _row_at(table: bytes | mmap, place: int) -> tuple[str, list[Any]]:
    """Read the last row that begins before a place, else the first: the name, and the numbers that it stands for."""
    before = table.rfind(BETWEEN_ROWS, 0, place)
    start = table.find(b'"', before + 1)
    after = table.find(BETWEEN_ROWS, start)
    row = table[start : after + 1] if after >= 0 else table[start : len(table) - len(b"}")]
    ((name, numbers),) = json.loads(b"{" + row + b"}").items()
    return name, numbers


@lru_cache(maxsize=1)
def _first_names_table() -> bytes | mmap:
    """Open the table where it lies, so that all processes share it."""
    spec = importlib.util.find_spec("nomquamgender")
    if spec is None or spec.origin is None:
        return b""
    with Path(spec.origin).with_name("name_data.json").open("rb") as file:
        return mmap(file.fileno(), 0, access=ACCESS_READ)
