"""Whom and what a quote is about: names, pronouns, descriptions, demonyms and issues, of invented people."""

from __future__ import annotations

from typing import Protocol

import pytest
from spacy.language import Language

from quotes.language.targets import MOST, Target, targets
from quotes.records import Article


class Find(Protocol):
    """What the fixture gives."""

    def __call__(self, text: str, publisher: str | None = None) -> dict[str, Target]: ...


@pytest.fixture(scope="session")
def find(nlp: Language) -> Find:
    """Find the targets of the last quote of a text."""

    def of(text: str, publisher: str | None = None) -> dict[str, Target]:
        doc = nlp.make_doc(text)
        doc._.article = Article("test", text, publisher=publisher)
        doc = nlp(doc)
        found = targets(doc, doc._.quotes[-1])
        assert len(found) <= MOST
        assert all(0 <= place.start < place.end <= len(text) for target in found for place in target.places)
        return {target.name: target for target in found}

    return of


VELL = "Prime Minister Edward Vell met Susan Marl, the leader of the opposition, on Monday. "


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (VELL + "Thomas Orm said: “Vell is a liar.”", "Edward Vell"),
        (VELL + "“He is a liar,” said Thomas Orm of Vell.", "Edward Vell"),
        (VELL + "Thomas Orm said: “She has never told the truth.”", "Susan Marl"),
        (VELL + "Thomas Orm said: “The prime minister is a liar.”", "Edward Vell"),
        (VELL + "“I do not believe a word of it,” said Thomas Orm of Mr Vell’s speech.", "Edward Vell"),
        (VELL + "Susan Marl said: “I have asked him three times to resign.”", "Edward Vell"),
    ],
)
def test_people_by_name_pronoun_and_description(find: Find, text: str, name: str) -> None:
    found = find(text)
    assert found[name].type == "person"


def test_the_speaker_of_reported_speech_is_not_whom_he_means_by_he(find: Find) -> None:
    assert "Thomas Orm" not in find(VELL + "Thomas Orm said that he would vote against the budget.")


def test_who_is_told_is_no_target(find: Find) -> None:
    assert "Susan Marl" not in find(VELL + "Thomas Orm told Susan Marl: “The hospitals are full.”")


def test_the_publisher_is_no_target(find: Find) -> None:
    text = "Thomas Orm said: “The Financial Times is wrong about the budget.”"
    assert "Financial Times" in find(text)
    assert "Financial Times" not in find(text, "Financial Times")


@pytest.mark.parametrize(
    ("words", "name", "kind"),
    [
        ("The Russian military has lost its way.", "Russia", "place"),
        ("The French government is to blame.", "France", "place"),
        ("The British people deserve better.", "British people", "group"),
        ("Americans deserve better.", "Americans", "group"),
        ("I admire the U.S. for its roads.", "United States", "place"),
        ("The EU has failed the fishermen.", "European Union", "organisation"),
    ],
)
def test_countries_and_their_people(find: Find, words: str, name: str, kind: str) -> None:
    assert find(f"Thomas Orm said: “{words}”")[name].type == kind


def test_an_acronym_has_the_name_that_the_article_spells_out(find: Find) -> None:
    text = "The National Fisheries Board (NFB) met in Leeds. Thomas Orm said: “The NFB has ruined the coast.”"
    assert "National Fisheries Board" in find(text)


@pytest.mark.parametrize(
    ("text", "name", "kind"),
    [
        ("Thomas Orm said: “We oppose gun control.”", "gun control", "issue"),
        ("Thomas Orm called the incident a war crime.", "incident", "issue"),
        (
            "Thomas Orm said: “There is too little talk about the rising cost of bread.”",
            "rising cost of bread",
            "issue",
        ),
        ("Thomas Orm said: “A number of refugees were turned away.”", "refugees", "group"),
        ("The transport plan is late. Thomas Orm said: “This plan is a disgrace.”", "transport plan", "issue"),
        ("Thomas Orm said: “Identity cards are the thin end of the wedge.”", "identity cards", "issue"),
    ],
)
def test_issues(find: Find, text: str, name: str, kind: str) -> None:
    assert find(text)[name].type == kind


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Thomas Orm called the incident a war crime.", "war crime"),
        ("Thomas Orm said: “The harbour tax is a disgrace.”", "disgrace"),
        ("Thomas Orm said: “The harbour tax came into force on Monday.”", "Monday"),
        ("Thomas Orm said: “The harbour tax costs us 20 million pounds.”", "pounds"),
        ("Thomas Orm said: “One thing is clear: the harbour tax must go.”", "thing"),
    ],
)
def test_predicates_dates_and_light_nouns_are_no_issues(find: Find, text: str, name: str) -> None:
    found = find(text)
    assert found
    assert name not in found


TAX = "The harbour tax has divided the town. "


@pytest.mark.parametrize(
    ("text", "name", "kind"),
    [
        (TAX + "“It is a folly,” said Thomas Orm.", "harbour tax", "issue"),
        (TAX + "“This is a folly,” Susan Marl said.", "harbour tax", "issue"),
        (
            "The Coastal Workers Union has called a strike. “They are fools,” said Thomas Orm.",
            "Coastal Workers Union",
            "",
        ),
        ("The fishermen blocked the port again. “They are fools,” said Thomas Orm.", "fishermen", "group"),
        ("“It is finished,” Thomas Orm said of the ferry line.", "ferry line", "issue"),
        ("The Clean Rivers Act was passed. Thomas Orm said: “This act is a folly.”", "Clean Rivers Act", ""),
        ("Kenya voted in May. Thomas Orm said the country had changed for the better.", "Kenya", "place"),
    ],
)
def test_what_it_and_they_and_descriptions_mean(find: Find, text: str, name: str, kind: str) -> None:
    found = find(text)
    assert name in found
    assert not kind or found[name].type == kind


@pytest.mark.parametrize(
    "quote",
    [
        "“It is important to stop Edward Vell,” said Thomas Orm.",
        "“This is a sad day for Edward Vell,” said Thomas Orm.",
        "“The ferry is late and it is dirty,” said Thomas Orm.",
    ],
)
def test_it_does_not_mean_what_was_said_before_where_the_quote_itself_says(find: Find, quote: str) -> None:
    assert "harbour tax" not in find(TAX + quote)


@pytest.mark.parametrize(
    ("words", "name", "kind"),
    [
        ("Raising taxes would be a disgrace.", "raising taxes", "issue"),
        ("I have always been against building a wall.", "building a wall", "issue"),
        ("We ask the rich to pay their share.", "the rich", "group"),
        ("Russian aggression must be stopped.", "Russia", "place"),
        ("The Czech government is to blame.", "Czech Republic", "place"),
        ("Republican plans would ruin the schools.", "Republicans", "group"),
    ],
)
def test_doings_kinds_of_people_and_whose_things_are(find: Find, words: str, name: str, kind: str) -> None:
    assert find(f"Thomas Orm said: “{words}”")[name].type == kind


def test_the_speakers_own_country_is_no_target_where_it_is_only_mentioned(find: Find) -> None:
    text = "Kenyan President Edward Vell said that he would send troops to Kenya’s neighbouring country."
    assert "Kenya" not in find(text)
    assert "Kenya" in find("Kenyan President Edward Vell said: “Kenya is a great country.”")
    assert "Kenya" in find("Kenyan President Edward Vell spoke. Thomas Orm said: “I fear for Kenya’s future.”")


def test_a_speaker_who_only_says_what_he_thinks_is_no_target(find: Find) -> None:
    assert "Thomas Orm" not in find("Thomas Orm said: “I think that the harbour tax is a folly.”")
    assert "Thomas Orm" in find("Thomas Orm said: “I am the best minister of all.”")


def test_forms_of_one_target_are_one_row_with_all_its_places(find: Find) -> None:
    text = (
        "Thomas Orm said: “I hate the harbour tax. These harbour taxes are a folly, and Vell knows it. "
        "Edward Vell is weak.”"
    )
    found = find(text)
    assert [text[place.start : place.end] for place in found["harbour tax"].places] == ["harbour tax", "harbour taxes"]
    assert [text[place.start : place.end] for place in found["Edward Vell"].places] == ["Vell", "Edward Vell"]


def test_names_come_before_issues(find: Find) -> None:
    text = "Thomas Orm said: “The harbour tax, the ferry and the old bridge are what Edward Vell has given us.”"
    assert next(iter(find(text))) == "Edward Vell"


def test_a_speaker_who_says_i_comes_last(find: Find) -> None:
    found = find("Thomas Orm said: “I have better judgment than Edward Vell.”")
    assert list(found)[-1] == "Thomas Orm"
