"""People by name, surname and office, and the facts of the register that travels with the package."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

from quotes.errors import ReadError
from quotes.people import Register, countries, load_register, names
from quotes.people.offices import in_force, parse_office
from quotes.records import Office, Person
from quotes.settings import shipped

REGISTER = Register(
    [
        Person(
            "ada-vell",
            "Ada Vell",
            ("Adelaide Vell", "Vella"),
            country="NO",
            offices=(
                Office("Prime Minister of Norway", date(2030, 1, 1), date(2034, 5, 1), "NO"),
                Office("Leader of the Harbour Party", date(2028, 1, 1), None, "NO"),
            ),
        ),
        Person(
            "jon-orm",
            "Jon Orm",
            country="NO",
            offices=(Office("Prime Minister of Norway", date(2034, 5, 1), None, "NO"),),
        ),
        Person(
            "jon-orm-2", "Jon Orm", country="GB", offices=(Office("Chancellor of the Exchequer", date(2030, 1, 1)),)
        ),
        Person("eva-orm", "Eva Orm"),
        Person(
            "ines-tal",
            "Ines Tal",
            offices=(
                Office("First Minister of Scotland", date(2030, 1, 1), date(2031, 1, 1), "GB-SCT"),
                Office("Leader of the Scottish Harbour Party", date(2030, 1, 1), date(2031, 1, 1), "GB"),
                Office("Premier of China", date(2040, 1, 1), date(2041, 1, 1), "CN"),
                Office("Chancellor of Germany", date(2030, 1, 1), date(2031, 1, 1), "DE"),
            ),
        ),
    ]
)
# Offices that one person holds at a time, in every country or institution that has them.
SINGLE_SEAT = re.compile(
    r"(Prime Minister|President|Vice President|Premier|Chancellor|First Minister|Taoiseach|Tánaiste|Pope|King |Queen |"
    r"Emperor |Foreign Minister|Foreign Secretary|External Affairs|Home Secretary|Secretary of State$|"
    r"Defence Secretary|Defence Minister|Secretary of Defense|Finance Minister|Treasur|Attorney General|Speaker|"
    r"Senate M|House M|White House|Secretary.General|High Representative|Leader of |Mayor of |Governor of |Director).*"
)
SHIPPED = load_register()


# Looking people up


@pytest.mark.parametrize("name", ["Ada Vell", "Ms Adelaide Vell", "Mr. Ada Vell"])
def test_a_full_name_or_an_alias_finds_a_person(name: str) -> None:
    assert REGISTER.find(name) == REGISTER.people[0]


@pytest.mark.parametrize("name", ["Vell", "Vella", "Jon Orm", "Nobody Known", ""])
def test_a_surname_a_shared_name_and_a_stranger_find_nobody(name: str) -> None:
    assert REGISTER.find(name) is None


@pytest.mark.parametrize(
    ("on", "role", "found"),
    [
        (date(2032, 1, 1), None, "jon-orm-2"),
        (date(2035, 1, 1), None, None),
        (date(2035, 1, 1), "Norwegian Prime Minister", "jon-orm"),
        (date(2035, 1, 1), "the British chancellor of the exchequer", "jon-orm-2"),
        (None, "prime minister", "jon-orm"),
        (date(2035, 1, 1), "poet", None),
    ],
)
def test_of_two_with_one_name_it_is_who_held_the_office(on: date | None, role: str | None, found: str | None) -> None:
    person = REGISTER.find("Jon Orm", on=on, role=role)
    assert (person and person.id) == found


def test_by_surname_prefers_those_in_office() -> None:
    def ids(surname: str, on: date | None = None) -> list[str]:
        return [person.id for person in REGISTER.by_surname(surname, on)]

    assert ids("Orm") == ["jon-orm", "jon-orm-2", "eva-orm"]
    assert ids("Orm", date(2032, 1, 1)) == ["jon-orm-2"]
    assert ids("Orm", date(2001, 1, 1)) == ["jon-orm", "jon-orm-2", "eva-orm"]
    assert ids("Vella") == ["ada-vell"]
    assert ids("Fenn") == []


@pytest.mark.parametrize(
    ("title", "on", "country", "found"),
    [
        ("the prime minister", date(2032, 1, 1), None, "ada-vell"),
        ("the Norwegian PM", date(2034, 4, 30), None, "ada-vell"),
        ("Norway's prime minister", date(2036, 1, 1), None, "jon-orm"),
        ("Prime Minister of Norway", date(2034, 5, 1), None, None),
        ("prime minister", date(2029, 1, 1), "NO", None),
        ("prime minister", date(2032, 1, 1), "GB", None),
        ("the former prime minister", date(2032, 1, 1), "NO", None),
        ("prime minister-elect", date(2032, 1, 1), "NO", None),
        ("prime minister", None, "NO", None),
        ("the leader of the Harbour Party", None, "NO", "ada-vell"),
        ("Harbour leader", date(2030, 6, 1), None, "ada-vell"),
        ("Scottish Harbour leader", date(2030, 6, 1), None, "ines-tal"),
        ("the chancellor", date(2030, 6, 1), "DE", "ines-tal"),
        ("the chancellor", date(2030, 6, 1), None, None),
        ("Scotland’s First Minister", date(2030, 6, 1), None, "ines-tal"),
        ("first minister", date(2030, 6, 1), "GB", "ines-tal"),
        ("Chinese prime minister", date(2040, 6, 1), None, "ines-tal"),
        ("mayor", date(2032, 1, 1), None, None),
        ("", date(2032, 1, 1), "NO", None),
    ],
)
def test_who_held_an_office(title: str, on: date | None, country: str | None, found: str | None) -> None:
    person = REGISTER.holder(title, on, country)
    assert (person and person.id) == found


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("Russian", "RU"),
        ("Russia’s", "RU"),
        ("the U.S.", "US"),
        ("UK", "GB"),
        ("Scottish", "GB-SCT"),
        ("Türkiye", "TR"),
        ("South Korean", "KR"),
        ("European Union", "EU"),
        ("us", None),
        ("polish", None),
        ("Korean", None),
        ("Moscow", None),
        ("Georgia", None),
        ("", None),
    ],
)
def test_countries(word: str, code: str | None) -> None:
    assert countries.country_of(word) == code


@pytest.mark.parametrize(
    ("written", "office"),
    [
        ("Mayor of Ostby 2016-07/2019-02", Office("Mayor of Ostby", date(2016, 7, 1), date(2019, 2, 28), "NO")),
        ("Mayor of Ostby 2005/", Office("Mayor of Ostby", date(2005, 1, 1), None, "NO")),
        ("Judge @EU /2019", Office("Judge", None, date(2019, 12, 31), "EU")),
        ("Judge @- 2019-03-04/2019-03-05", Office("Judge", date(2019, 3, 4), date(2019, 3, 5), None)),
        ("Judge", Office("Judge", None, None, "NO")),
    ],
)
def test_offices_as_they_are_written(written: str, office: Office) -> None:
    assert parse_office(written, "NO") == office


@pytest.mark.parametrize("written", ["2016/2017", "Mayor 2017/2016", "Mayor 2017-13/", "Mayor 17/18", ""])
def test_offices_that_nobody_understands(written: str) -> None:
    with pytest.raises(ValueError, match=r"title|before|month|isoformat"):
        parse_office(written, None)


# The register that travels with the package


def rows() -> list[dict[str, str]]:
    with shipped("people.csv").open(encoding="utf8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.mark.parametrize(
    ("title", "on", "country", "name"),
    [
        ("the prime minister", date(2004, 3, 1), "GB", "Tony Blair"),
        ("the prime minister", date(2022, 3, 16), "GB", "Boris Johnson"),
        ("the Russian president", date(2022, 3, 16), None, "Vladimir Putin"),
        ("the Russian president", date(2010, 3, 16), None, "Dmitry Medvedev"),
        ("the chancellor", date(2004, 3, 1), "GB", "Gordon Brown"),
        ("the German Chancellor", date(2004, 3, 1), None, "Gerhard Schröder"),
        ("Senate Majority Leader", date(2022, 3, 16), None, "Chuck Schumer"),
        ("House Speaker", date(2005, 3, 16), None, "Dennis Hastert"),
        ("Scottish First Minister", date(2022, 3, 10), None, "Nicola Sturgeon"),
        ("the First Minister", date(2022, 1, 10), None, None),
        ("U.N. Secretary-General", date(2004, 3, 10), None, "Kofi Annan"),
        ("NATO Secretary General", date(2022, 3, 10), None, "Jens Stoltenberg"),
        ("the European Commission President", date(2022, 3, 10), None, "Ursula von der Leyen"),
        ("the president", date(2022, 3, 10), None, None),
    ],
)
def test_well_known_holders(title: str, on: date, country: str | None, name: str | None) -> None:
    person = SHIPPED.holder(title, on, country)
    assert (person and person.name) == name


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("Volodymyr Zelenskyy", "Volodymyr Zelensky"),
        ("Alyaksandr Lukashenka", "Alexander Lukashenko"),
        ("Recep Tayyip Erdogan", "Recep Tayyip Erdoğan"),
        ("Charles Schumer", "Chuck Schumer"),
    ],
)
def test_other_spellings(name: str, known: str) -> None:
    person = SHIPPED.find(name)
    assert person
    assert person.name == known


def test_the_fields_of_the_file_are_in_order() -> None:
    assert len(SHIPPED.people) >= 400
    for person, row in zip(SHIPPED.people, rows(), strict=True):
        assert person.gender in ("female", "male"), person.name
        assert person.country is None or countries.name_of(person.country), person.name
        assert len(names.bare(person.name)) > 1, person.name
        assert person.name not in person.aliases, person.name
        assert len(set(person.aliases)) == len(person.aliases), person.name
        assert all(value == " ".join(value.split()) for value in row.values()), person.name
        for office in person.offices:
            assert office.start or office.end, (person.name, office)
            assert office.country is None or countries.name_of(office.country), (person.name, office)


def test_nobody_is_there_twice() -> None:
    found: dict[str, list[Person]] = defaultdict(list)
    for person in SHIPPED.people:
        found[names.slug(person.name)].append(person)
    for same in found.values():
        assert len(same) == 1 or len({office for one in same for office in one.offices}) >= len(same), same[0].name


def test_no_two_people_sit_on_one_seat() -> None:
    """The day, month or year in which one leaves may be that in which the next comes, but not more."""
    seats: dict[tuple[str, str | None], list[tuple[str, str, str]]] = defaultdict(list)
    for person, row in zip(SHIPPED.people, rows(), strict=True):
        for written, office in zip(row["offices"].split("; "), person.offices, strict=False):
            if SINGLE_SEAT.fullmatch(office.title):
                start, _, end = written.rpartition(" ")[2].partition("/")
                seats[office.title, office.country].append((start, end or "9999", person.name))
    assert len(seats) > 200
    for seat, stays in seats.items():
        stays.sort()
        for (_, end, one), (start, _, other) in pairwise(stays):
            length = min(len(start), len(end))
            assert start[:length] >= end[:length], f"{one} and {other} as {seat}"


def test_the_seed_articles_people_are_known_as_they_were() -> None:
    day = date(2022, 3, 16)
    for name in ("Vladimir Putin", "Chuck Schumer", "Nicola Sturgeon", "Volodymyr Zelensky"):
        person = SHIPPED.find(name)
        assert person
        assert any(in_force(office, day) for office in person.offices), name


def test_a_register_without_a_column_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text("name,country\nAda Vell,NO\n", encoding="utf8")
    with pytest.raises(ReadError, match="no column aliases, party, gender, wikidata, offices"):
        load_register(file)


def test_a_register_with_a_wrong_date_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text("name,aliases,country,party,gender,wikidata,offices\nAda Vell,,NO,,,,Mayor 2017/2016\n", "utf8")
    with pytest.raises(ReadError, match="ends before it begins"):
        load_register(file)


def test_a_missing_register_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="cannot be read"):
        load_register(tmp_path / "none.csv")
