"""What a printed role tells of a person: party, country, offices, and whether two roles can be one person's."""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass
from functools import lru_cache

from unidecode import unidecode

from quotes.people.countries import country_of, name_of
from quotes.people.offices import LONGEST_COUNTRY

SPHERES = {
    "politics": """president premier minister secretary senator sen congressman congresswoman representative rep
        governor gov mayor chancellor councillor councilman councilwoman alderman candidate nominee mp lawmaker
        legislator
        taoiseach backbencher whip vice-president ambassador envoy diplomat politician""",
    "law": "judge justice attorney prosecutor lawyer barrister solicitor",
    "armed forces": "general admiral colonel brigadier lieutenant sergeant soldier",
    "police": "sheriff superintendent inspector constable detective policeman policewoman",
    "church": "pope bishop archbishop cardinal priest pastor rabbi imam vicar",
    "crown": "king queen prince princess duke duchess",
    "learning": "professor economist historian scientist lecturer researcher physicist biologist chemist sociologist",
    "business": "ceo banker broker businessman businesswoman entrepreneur shopkeeper",
    "press": "editor reporter journalist columnist anchor presenter broadcaster",
    "arts": "novelist musician actor actress conductor singer painter poet composer comedian",
    "sport": "coach goalkeeper footballer striker midfielder jockey boxer sprinter",
    "work": """teacher doctor nurse farmer engineer driver firefighter steward plumber waiter baker butcher carpenter
        electrician student pupil pharmacist surgeon dentist fisherman gardener""",
}
SPHERE_OF = {office: sphere for sphere, listed in SPHERES.items() for office in listed.split()}
TOGETHER = frozenset((frozenset(("politics", "law")), frozenset(("politics", "armed forces"))))
"""Spheres that one life often joins; bearers of one name in two others are two people, unless they share a party."""
OFFICES = frozenset(SPHERE_OF) | frozenset(
    """leader chair chairman chairwoman chairperson director head chief spokesman spokeswoman spokesperson speaker
    strategist adviser advisor aide manager officer founder owner analyst pollster activist author host treasurer
    executive commissioner""".split()
)
SAME_OFFICE = {"sen": "senator", "rep": "representative", "gov": "governor", "vice-president": "president"}
ONE_BEARER = frozenset(
    """president premier minister secretary senator congressman congresswoman representative governor mayor chancellor
    councillor councilman councilwoman alderman mp taoiseach speaker general admiral colonel justice judge sheriff pope
    bishop archbishop cardinal king queen prince princess chief ambassador""".split()
)
"""Offices by which, with a surname, news call a person: "the president", "Senator Vell"."""
CIVIL_GENERALS = frozenset("attorney secretary director solicitor governor surgeon".split())
OF_OTHERS = frozenset("to for of under with by from".split())
"""Words after which an office is that of somebody else: "daughter of the mayor"."""
LOCAL = frozenset("governor mayor senator councillor councilman councilwoman sheriff bishop archbishop".split())
"""Offices that one person seldom holds in two places."""
PARTIES = {
    "social democrat": "social democratic", "social democratic": "social democratic",
    "christian democrat": "christian democratic", "christian democratic": "christian democratic",
    "liberal democrat": "liberal democratic", "liberal democratic": "liberal democratic",
    "lib dem": "liberal democratic",
    "democratic unionist": "dup", "dup": "dup", "democrat": "democratic", "democratic": "democratic",
    "republican": "republican", "gop": "republican", "labour": "labour", "conservative party": "conservative",
    "tory": "conservative", "scottish national": "snp", "snp": "snp", "plaid cymru": "plaid cymru",
    "sinn fein": "sinn fein",
    "ukip": "ukip", "reform uk": "reform uk", "libertarian": "libertarian", "fianna fail": "fianna fail",
    "fine gael": "fine gael", "bjp": "bjp", "anc": "anc", "cdu": "cdu", "csu": "csu", "spd": "spd", "afd": "afd",
    "fdp": "fdp", "likud": "likud",
}  # fmt: skip
"""Parties by the words that news use for their members, longest first where one is part of another."""
NO_PARTY = re.compile(r"democratic (?:republic|people)", re.IGNORECASE)
CONSERVATIVE = re.compile(r"\bconservative (?:mp|msp|leader|minister|candidate|councillor|peer)s?\b")
PARTY = re.compile(r"((?:[A-Z][\w’'-]+ ){1,3})Party\b")
TOKEN = re.compile(r"[A-Za-z](?:[\w’'.-]*\w)?")
COMMON = frozenset(
    """former then late incoming outgoing acting interim deputy vice assistant associate senior junior longtime
    presidential vice-presidential first minority majority national general public house senate congress parliament
    state party department office ministry government committee campaign administration nominee the and for from with
    now one her his their our part of in at to on by member members mr mrs ms dr""".split()
)
"""Words that many roles share, and that therefore tell nobody from another."""


@dataclass(frozen=True, slots=True)
class Description:
    """What is known of a person beside the name.

    Attributes:
        parties: keys of parties, such as "snp".
        countries: ISO 3166-1 codes.
        offices: the nouns of office, such as "mayor".
        places: words of proper names that belong to no party and no country, such as "orm" in "Mayor of Orm".
        words: all telling words.
        roles: whole roles of two words or more.
    """

    parties: frozenset[str] = frozenset()
    countries: frozenset[str] = frozenset()
    offices: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()

    @property
    def spheres(self) -> frozenset[str]:
        """The walks of life that the offices belong to."""
        return frozenset(SPHERE_OF[office] for office in self.offices if office in SPHERE_OF)

    def __or__(self, other: Description) -> Description:
        """Put together what two descriptions of one person tell."""
        return Description(
            self.parties | other.parties,
            self.countries | other.countries,
            self.offices | other.offices,
            self.places | other.places,
            self.words | other.words,
            self.roles | other.roles,
        )

    def tells(self, other: Description) -> bool:
        """Tell whether everything in another description is in this one."""
        return (
            other.parties <= self.parties
            and other.countries <= self.countries
            and other.offices <= self.offices
            and other.places <= self.places
            and other.words <= self.words
            and other.roles <= self.roles
        )

    def __bool__(self) -> bool:
        """Tell whether anything is known."""
        return bool(self.parties or self.countries or self.offices or self.words)


@lru_cache(maxsize=100_000)
def describe(role: str | None, party: str | None = None, country: str | None = None) -> Description:
    """Read a role as an article prints it, and what a register adds.

    Args:
        role: such as "Labour MP for Orm"; None where nothing is said.
        party: the party, where it is known beside the role.
        country: the country by code or name, where it is known beside the role.

    Returns:
        What can be compared.
    """
    printed = unidecode(role or "")
    found = TOKEN.findall(printed)
    lower = [re.sub(r"'s$", "", word.casefold()).rstrip(".") for word in found]
    parties, of_party = _parties(printed)
    if party:
        parties |= _parties(f"{party} Party" if "party" not in party.casefold() else party)[0] or {party.casefold()}
    codes, of_country = _countries(found)
    if country:
        codes.add(_code(country))
    known = of_party | of_country | OFFICES | COMMON
    offices: set[str] = set()
    places: set[str] = set()
    for part in re.split(r"\band\b|[,;]", printed):
        held, beside = _office(part, known)
        offices |= held
        places |= beside if held else set()
    telling = {word for word in lower if word not in known and len(word) > 2}
    whole = {" ".join(lower)} if len(lower) > 1 else set()
    return Description(*map(frozenset, (parties, codes, offices, places, telling, whole)))


def conflict(one: Description, other: Description) -> str | None:
    """Tell in what two descriptions disagree so that they are of two people; symmetric.

    Returns:
        "party", "country" or "office"; None where they can be one person's.
    """
    share = one.parties & other.parties
    if one.parties and other.parties and not share:
        return "party"
    if one.countries and other.countries and not one.countries & other.countries:
        return "country"
    if one.offices & other.offices & LOCAL and one.places and other.places and not one.places & other.places:
        return "office"
    pairs = [(a, b) for a in one.spheres for b in other.spheres]
    if pairs and not share and not any(a == b or frozenset((a, b)) in TOGETHER for a, b in pairs):
        return "office"
    return None


def support(one: Description, other: Description) -> str | None:
    """Give what two descriptions share that speaks for one person; symmetric.

    Returns:
        The same role, an office by which news call one person, or a telling word; None where they share none.
    """
    for shared in (
        one.roles & other.roles,
        one.offices & other.offices & ONE_BEARER,
        one.places & other.places,
        one.words & other.words,
    ):
        if shared:
            return min(shared)
    return None


def _office(part: str, known: Set[str]) -> tuple[set[str], set[str]]:
    """Find the offices that a part of a role says are held, and the proper names beside them.

    In "adviser to President Ada Vell" the president is somebody else.
    """
    found = TOKEN.findall(part)
    lower = [re.sub(r"'s$", "", word.casefold()).rstrip(".") for word in found]
    end = next((at for at, word in enumerate(lower) if at and word in OF_OTHERS), len(found))
    offices = {
        SAME_OFFICE.get(word, word)
        for before, word in zip(["", *lower], lower[:end], strict=False)
        if word in OFFICES and not (word == "general" and before in CIVIL_GENERALS)
    }
    places = {word for word, printed in zip(lower, found, strict=True) if printed[0].isupper() and word not in known}
    # A role always begins with a capital: only what stands beside it tells a proper name.
    if found and not found[0].endswith("'s") and not (len(found) > 1 and found[1][0].isupper()):
        places.discard(lower[0])
    return offices, places


def _parties(printed: str) -> tuple[set[str], set[str]]:
    """Find parties, and the words that name them."""
    found: set[str] = set()
    used: set[str] = set()
    text = " " + re.sub(r"[^\w]+", " ", NO_PARTY.sub(" ", printed)).casefold() + " "
    if CONSERVATIVE.search(text):
        found.add("conservative")
        used.add("conservative")
    for words, key in PARTIES.items():
        match = re.search(rf" {words}s? ", text)
        if match:
            found.add(key)
            used.update(words.split())
            text = text.replace(match[0], " ")
    for match in PARTY.finditer(printed):
        name = " ".join(word.casefold() for word in match[1].split() if word.casefold() not in COMMON | OFFICES)
        used.update(name.split())
        if name and not any(words in name or name in words for words in PARTIES):
            found.add(name)
    return found, used


def _code(country: str) -> str:
    """Give the code of a country called by code, name or adjective; what is no known country stays as it is."""
    code = country.upper() if name_of(country.upper()) else country_of(country)
    return (code or country.casefold()).partition("-")[0]


def _countries(found: Sequence[str]) -> tuple[set[str], set[str]]:
    """Find countries, and the words that name them; not those to which somebody is sent, as in "envoy to France"."""
    codes: set[str] = set()
    used: set[str] = set()
    at = 0
    while at < len(found):
        sizes = range(min(LONGEST_COUNTRY, len(found) - at), 0, -1)
        named = ((size, country_of(" ".join(found[at : at + size]))) for size in sizes)
        size, code = next((one for one in named if one[1]), (1, None))
        if code:
            used.update(re.sub(r"'s$", "", word.casefold()).rstrip(".") for word in found[at : at + size])
            sent = at > 0 and found[at - 1].casefold() in ("to", "for", "on", "with", "in")
            # A nation of the United Kingdom counts as it; the European Union and the United Nations are no country.
            if not sent and code not in ("EU", "UN"):
                codes.add(_code(code))
        at += size
    return codes, used
