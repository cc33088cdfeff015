"""Files of people in each format, with invented people; the real ones are in ../shared."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from quotes.errors import PeopleFileError
from quotes.people.imports import read_people
from quotes.records import Office, Person

SHARED = Path(__file__).parents[3] / "shared" / "data" / "people"

CONGRESS = """
- id: {bioguide: V000901, wikidata: Q900001, wikipedia: Ada Vell (politician)}
  name: {first: Adelaide, middle: Rose, last: Vell, official_full: Adelaide R. Vell, nickname: Ada}
  bio: {gender: F, birthday: '1970-01-01'}
  terms:
  - {type: rep, start: '2011-01-05', end: '2013-01-03', state: OH, party: Democrat}
  - {type: rep, start: 2013-01-03, end: '2015-01-03', state: OH, party: Democrat}
  - {type: rep, start: '2019-01-03', end: '2021-01-03', state: OH, party: Independent}
  - {type: sen, start: '2021-01-03', end: '2027-01-03', state: DC, party: Republican}
  leadership_roles:
  - {title: Senate Harbour Whip, chamber: senate, start: '2023-01-03'}
"""
POPOLO: dict[str, Any] = {
    "persons": [
        {
            "id": "p1",
            "name": "Jon Orm",
            "gender": "male",
            "other_names": [{"name": "Jonathan Orm"}, {"name": "Jon Orm"}],
            "identifiers": [{"scheme": "wikidata", "identifier": "Q900002"}],
        },
        {"id": "p2", "name": "Eva Tal", "memberships": [{"organization_id": "o1", "role": "chair"}]},
    ],
    "organizations": [
        {"id": "o1", "name": "Assembly", "classification": "legislature"},
        {"id": "o2", "name": "Harbour Party", "classification": "party"},
        {"id": "o3", "name": "Lantern Party", "classification": "party"},
    ],
    "posts": [{"id": "s1", "label": "Mayor of Ostby"}],
    "events": [{"id": "t1", "classification": "legislative period", "start_date": "2010", "end_date": "2014-05"}],
    "memberships": [
        {"person_id": "p1", "organization_id": "o2"},
        {"person_id": "p1", "post_id": "s1", "start_date": "2016-07-01", "area_id": "ocd-division/country:no/ostby"},
        {
            "person_id": "p1",
            "organization_id": "o1",
            "role": "member",
            "legislative_period_id": "t1",
            "on_behalf_of_id": "o3",
        },
    ],
}
EVERYPOLITICIAN = """id,name,sort_name,group,group_id,area_id,area,chamber,term,start_date,end_date,gender,wikidata
e1,Ada Vell,"Vell, Ada",Harbour,h,,,Assembly,1,2010-01-01,2014-01-01,female,Q900001
e2,Jon Orm,"Orm, Jon",Lantern,l,,,Assembly,1,,,male,
e1,Adelaide Vell,"Vell, Ada",Lantern,l,,,Assembly,2,2014-01-02,,female,Q900001
"""


def write(folder: Path, name: str, content: str) -> Path:
    file = folder / name
    file.write_text(content, encoding="utf8")
    return file


def test_congress_yaml(tmp_path: Path) -> None:
    (ada,) = read_people(write(tmp_path, "people.yaml", CONGRESS))
    assert ada == Person(
        "",
        "Ada Vell",
        ("Adelaide R. Vell", "Adelaide Vell", "Adelaide Rose Vell"),
        party="Republican Party",
        country="US",
        gender="female",
        in_register=True,
        offices=(
            Office("Representative from Ohio", date(2011, 1, 5), date(2015, 1, 3), "US"),
            Office("Representative from Ohio", date(2019, 1, 3), date(2021, 1, 3), "US"),
            Office("Senator from the District of Columbia", date(2021, 1, 3), date(2027, 1, 3), "US"),
            Office("Senate Harbour Whip", date(2023, 1, 3), None, "US"),
        ),
        identifiers=("wikidata:Q900001", "bioguide:V000901"),
    )


def test_congress_csv_gives_offices_without_dates(tmp_path: Path) -> None:
    columns = "last_name,first_name,full_name,gender,type,state,party,bioguide_id,wikipedia_id"
    (ada,) = read_people(
        write(tmp_path, "people.csv", f"{columns}\nVell,Ada,Ada Vell,F,sen,OH,Democrat,V000901,Ada Vell\n")
    )
    assert (ada.name, ada.party, ada.identifiers) == ("Ada Vell", "Democratic Party", ("bioguide:V000901",))
    assert ada.offices == (Office("Senator from Ohio", None, None, "US"),)


def test_popolo(tmp_path: Path) -> None:
    jon, eva = read_people(write(tmp_path, "people.json", json.dumps(POPOLO)), "SE")
    assert jon == Person(
        "",
        "Jon Orm",
        ("Jonathan Orm",),
        party="Lantern Party",
        country="NO",
        gender="male",
        in_register=True,
        offices=(
            Office("Member of the Assembly", date(2010, 1, 1), date(2014, 5, 31), "NO"),
            Office("Mayor of Ostby", date(2016, 7, 1), None, "NO"),
        ),
        identifiers=("wikidata:Q900002", "popolo:p1"),
    )
    assert (eva.country, eva.offices) == ("SE", (Office("Chair, Assembly", None, None, "SE"),))


def test_everypolitician(tmp_path: Path) -> None:
    ada, jon = read_people(write(tmp_path, "people.csv", EVERYPOLITICIAN), "NO")
    assert (ada.name, ada.aliases, ada.party, ada.gender) == ("Adelaide Vell", ("Ada Vell",), "Lantern", "female")
    assert ada.offices == (Office("Member of the Assembly", date(2010, 1, 1), None, "NO"),)
    assert ada.identifiers == ("wikidata:Q900001", "everypolitician:e1")
    assert jon.offices == (Office("Member of the Assembly", None, None, "NO"),)


def test_plain_csv(tmp_path: Path) -> None:
    text = (
        "\ufeffname,aliases,country,party,gender,wikidata,offices,role\n"
        "Ada Vell,Adelaide Vell; Vella,Norway,Harbour Party,F,Q900001,Mayor 2016-07/2019; Judge @EU 2020/,Poet\n"
        "Jon Orm,,,,,,,\n"
    )
    ada, jon = read_people(write(tmp_path, "people.csv", text))
    assert (ada.aliases, ada.country, ada.gender) == (("Adelaide Vell", "Vella"), "NO", "female")
    assert set(ada.offices) == {
        Office("Mayor", date(2016, 7, 1), date(2019, 12, 31), "NO"),
        Office("Judge", date(2020, 1, 1), None, "EU"),
        Office("Poet", None, None, "NO"),
    }
    assert jon == Person("", "Jon Orm", in_register=True)


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("people.txt", "Ada Vell", "the ending .txt is none of"),
        ("people.yaml", "- [", "no valid YAML"),
        ("people.yaml", "a: 1", "no list of people"),
        ("people.yaml", "- {id: {}}", "entry 1 lacks id, name or terms"),
        ("people.yaml", "[]", "holds nobody"),
        ("people.yaml", CONGRESS.replace("type: sen", "type: king"), r"entry 1 \(Ada Vell\): there is no type of term"),
        ("people.yaml", CONGRESS.replace("2011-01-05", "soon"), r"entry 1 \(Ada Vell\): Invalid isoformat"),
        ("people.json", "{", "cannot be imported: Expecting"),
        ("people.json", "{}", "no list `persons`"),
        ("people.json", '{"persons": [{"id": "a"}]}', r"person 1 \(no name\) has no name"),
        ("people.json", '{"persons": [], "posts": [1]}', "`posts` is no list of objects"),
        ("people.csv", "", "names no column `name`"),
        ("people.csv", "surname\nVell\n", "names no column `name`"),
        ("people.csv", "name,country\nAda Vell,Nowhere\n", "row 1: there is no country 'Nowhere'"),
        ("people.csv", "name,offices\nAda Vell,Mayor 2019/2016\n", "row 1: .* ends before it begins"),
        ("people.csv", "name,party\n,Harbour\n", "row 1 has no name"),
        ("people.csv", "name,party\nAda Vell,Harbour,F\n", "row 1 has more fields"),
        ("people.csv", 'name\n"Ada Vell\n', "unexpected end of data"),
        ("people.csv", EVERYPOLITICIAN.replace("e2,", ",", 1), "row 2 has no id"),
    ],
)
def test_bad_files_say_what_is_wrong(tmp_path: Path, name: str, content: str, problem: str) -> None:
    with pytest.raises(PeopleFileError, match=problem):
        read_people(write(tmp_path, name, content))


def test_files_that_are_missing_or_no_text(tmp_path: Path) -> None:
    with pytest.raises(PeopleFileError, match="cannot be read"):
        read_people(tmp_path / "none.csv")
    (tmp_path / "people.csv").write_bytes(b"name\n\xff\xfe\n")
    with pytest.raises(PeopleFileError, match="not UTF-8"):
        read_people(tmp_path / "people.csv")


@pytest.mark.skipif(not SHARED.exists(), reason="../shared is not here")
@pytest.mark.parametrize(
    ("name", "least", "who", "office"),
    [
        (
            "executive.yaml",
            80,
            "Joe Biden",
            Office("President of the United States", date(2021, 1, 20), date(2025, 1, 20), "US"),
        ),
        (
            "legislators-current.yaml",
            500,
            "Chuck Schumer",
            Office("Senate Majority Leader", date(2021, 1, 20), date(2025, 1, 3), "US"),
        ),
        ("legislators-current.csv", 500, "Bernie Sanders", Office("Senator from Vermont", None, None, "US")),
    ],
)
def test_the_files_of_congress_legislators(name: str, least: int, who: str, office: Office) -> None:
    people = read_people(SHARED / name)
    assert len(people) >= least
    (person,) = [one for one in people if one.name == who]
    assert office in person.offices
    assert all(one.gender in ("female", "male") and one.offices for one in people)
