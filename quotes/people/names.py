"""All matching of names: how they are cut up, compared and turned into keys. Knows nothing but strings."""

from __future__ import annotations

import importlib.util
import re
from functools import lru_cache
from pathlib import Path
from typing import Literal

import srsly
from unidecode import unidecode

Gender = Literal["female", "male"]

HONORIFICS = frozenset("mr mrs ms miss mx dr prof sir dame lord lady baroness baron rev fr".split())
SUFFIXES = frozenset("jr sr ii iii iv mp msp mep kc qc obe cbe phd".split())
PARTICLES = frozenset("al bin bint da de del della den der di do dos du el ibn la le ten ter van vom von zu".split())
FEMALE_TITLES = frozenset("mrs ms miss dame lady baroness".split())
MALE_TITLES = frozenset("mr sir lord baron".split())
DETERMINERS = frozenset("the a an this that these those my your his her its our their".split())
WORD = re.compile(r"[^\W_]+(?:[-'’.][^\W_]+)*")
# A name borne by fewer people than this, in the sources of the gender table, tells nothing.
ENOUGH_BEARERS = 50
# Below and above these shares of women among its bearers, a name tells a gender.
MALE_BELOW, FEMALE_ABOVE = 0.1, 0.9


def words(name: str) -> list[str]:
    """Cut a name into its words, lower case and without accents; possessive endings are dropped."""
    return [unidecode(word).casefold().rstrip(".") for word in WORD.findall(re.sub(r"['’]s\b", "", name))]


def bare(name: str) -> list[str]:
    """Cut a name into words without honorifics and suffixes, lower case and without accents."""
    found = [word for word in words(name) if word not in SUFFIXES]
    while found and found[0] in HONORIFICS:
        found.pop(0)
    return found


def surname(name: str) -> str:
    """Give the last word of a name, lower case and without accents, or "" for none."""
    return (bare(name) or [""])[-1]


def slug(name: str) -> str:
    """Make a readable key of a name: "Zoë van der Koog" gives "zoe-van-der-koog"."""
    return "-".join(re.sub(r"[^a-z0-9]+", "-", word).strip("-") for word in bare(name)) or "-".join(words(name))


def covers(full: str, short: str) -> bool:
    """Tell whether a short form may stand for a full name: same surname, other words agreeing or initials of them.

    Args:
        full: the longer form, such as "Nicola Sturgeon".
        short: the shorter one, such as "Sturgeon", "Ms Sturgeon" or "N. Sturgeon".
    """
    longer, shorter = bare(full), bare(short)
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
    share = _share_of_women().get(given)
    if share is None:
        return None
    return "female" if share > FEMALE_ABOVE else "male" if share < MALE_BELOW else None


def is_given_name(word: str) -> bool:
    """Tell whether many people bear this word as a first name."""
    return (words(word) or [""])[0] in _share_of_women()


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


@lru_cache(maxsize=1)
def _share_of_women() -> dict[str, float]:
    """Read the share of women among a first name's bearers (Van Buskirk, Clauset & Larremore, 2022, nomquamgender).

    The package's table is read without importing the package, which would bring pandas and take seconds.
    """
    spec = importlib.util.find_spec("nomquamgender")
    if spec is None or spec.origin is None:
        return {}
    table = srsly.read_json(Path(spec.origin).with_name("name_data.json"))
    return {name: row[2] for name, row in table.items() if row[0] > 1 and row[1] >= ENOUGH_BEARERS}
