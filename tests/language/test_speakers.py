"""From source to speaker inside one article."""

from __future__ import annotations

import pytest
from seeing import Read

from quotes.records import Speaker


def speaker_of(read: Read, text: str, words: str) -> Speaker | None:
    (quote,) = [quote for quote in read(text) if words in quote.text]
    return quote.speaker


@pytest.mark.parametrize(
    ("text", "name", "role"),
    [
        ("Anna Vell arrived. Vell said the dam would hold.", "Anna Vell", None),
        ("Anna Vell arrived. Ms Vell said the dam would hold.", "Anna Vell", None),
        ("Anna Vell arrived. She said the dam would hold.", "Anna Vell", None),
        ("Tomas Orm met Anna Vell. She said the dam would hold.", "Anna Vell", None),
        ("Finance Minister Anna Vell said the dam would hold.", "Anna Vell", "Finance Minister"),
        ("Anna Vell, the mayor of Orm, said the dam would hold.", "Anna Vell", "Mayor of Orm"),
        ("The mayor, Anna Vell, said the dam would hold.", "Anna Vell", "Mayor"),
        ("Anna Vell, the mayor, left. The mayor said the dam would hold.", "Anna Vell", "Mayor"),
        ("Ilse van der Koog left. Van der Koog said the dam would hold.", "Ilse van der Koog", None),
        ("Governor Yusuf al-Tevrit said the dam would hold.", "Yusuf al-Tevrit", "Governor"),
        ("Zoë Ardhán’s house burned. Ardhán said the dam would hold.", "Zoë Ardhán", None),
        ("Tomas Orm left. Orm spokeswoman Anna Vell said the dam would hold.", "Anna Vell", "Orm spokeswoman"),
        ("Ukrainian Anna Vell said the dam would hold.", "Anna Vell", None),
    ],
)
def test_persons(read: Read, text: str, name: str, role: str | None) -> None:
    assert speaker_of(read, text, "would hold") == Speaker(name, "person", role)


@pytest.mark.parametrize(
    ("text", "name", "kind"),
    [
        ("The Ministry of Defence said the dam would hold.", "Ministry of Defence", "organisation"),
        ("The union said the dam would hold.", "The union", "organisation"),
        ("A report said the dam would hold.", "A report", "organisation"),
        ("Critics said the dam would hold.", "Critics", "group"),
        ("Anna Vell and Tomas Orm said the dam would hold.", "Anna Vell and Tomas Orm", "group"),
        ("A spokesman said the dam would hold.", "A spokesman", "unnamed"),
    ],
)
def test_other_speakers(read: Read, text: str, name: str, kind: str) -> None:
    speaker = speaker_of(read, text, "would hold")
    assert speaker is not None
    assert (speaker.name, speaker.type) == (name, kind)


def test_nobody_is_the_default(read: Read) -> None:
    (quote,) = read("The rain fell. She said the dam would hold.")
    assert quote.speaker is None
    assert quote.confidence < 0.5


def test_a_role_given_late_holds_for_earlier_quotes(read: Read) -> None:
    text = "Anna Vell said the dam would hold. Later Anna Vell, the mayor, said that it might not."
    assert {quote.speaker.role for quote in read(text) if quote.speaker} == {"Mayor"}


def test_who_is_quoted_about_somebody_is_not_that_somebody(read: Read) -> None:
    text = "Anna Vell met Mary Orm. She said that Mary Orm was wrong about the dam."
    speaker = speaker_of(read, text, "wrong")
    assert speaker is not None
    assert speaker.name == "Anna Vell"


def test_a_relation_is_not_the_person_it_belongs_to(read: Read) -> None:
    speaker = speaker_of(read, "Anna Vell left. Tomas Orm stayed. His wife said the dam would hold.", "hold")
    assert speaker is not None
    assert (speaker.name, speaker.type) == ("His wife", "unnamed")
