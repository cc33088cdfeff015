"""Stances as the pipeline gives them: what is said for and against whom, and the words that carry it."""

from __future__ import annotations

import pytest
from seeing import Read
from spacy.language import Language

from quotes.language.stances import is_victim
from quotes.language.targets import Target
from quotes.records import Quote, Span, Stance

MISSED = pytest.mark.xfail(strict=True, reason="the model follows the word of attitude and misses what turns it round")
IRONY = pytest.mark.xfail(strict=True, reason="the model takes irony at its word")


def stance_of(quotes: tuple[Quote, ...], target: str) -> Stance:
    """Give the one stance toward a target in all quotes of a text."""
    (found,) = [stance for quote in quotes for stance in quote.stances if stance.target == target]
    return found


PLAIN = [
    ("Anna Vell said: “Tomas Orm is a liar.”", "Tomas Orm", "against"),
    ("Anna Vell called Tomas Orm a hero.", "Tomas Orm", "favor"),
    ("Anna Vell condemned Tomas Orm.", "Tomas Orm", "against"),
    ("Anna Vell said: “I support Tomas Orm.”", "Tomas Orm", "favor"),
    ("“Tomas Orm has been the steadiest mayor this port ever had,” said Anna Vell.", "Tomas Orm", "favor"),
    ("Anna Vell warned that Tomas Orm would drag the harbour into bankruptcy.", "Tomas Orm", "against"),
    ("Anna Vell said: “Tomas Orm met the deputies on Friday.”", "Tomas Orm", "neutral"),
    ("Tomas Orm came. Anna Vell said: “Orm cannot escape accountability.”", "Tomas Orm", "against"),
    ("Anna Vell called the incident a war crime.", "incident", "against"),
]
DENIED = [
    ("Anna Vell said: “I do not support Tomas Orm.”", "Tomas Orm", "against"),
    ("Anna Vell said: “Tomas Orm is not a liar.”", "Tomas Orm", "favor"),
    pytest.param(
        "“Nobody can say that Tomas Orm neglected this port,” Anna Vell said.", "Tomas Orm", "favor", marks=MISSED
    ),
    ("“Tomas Orm never once lifted a finger for the fishermen,” Anna Vell said.", "Tomas Orm", "against"),
]
ASKED = [
    ("“Will Tomas Orm come to the hearing?” Anna Vell asked.", "Tomas Orm", "neutral"),
    ("“Did Tomas Orm know about the leak? We have to find out,” Anna Vell said.", "Tomas Orm", "neutral"),
]
CONDITIONAL = [
    ("“If Tomas Orm has broken the law, the judges will decide,” Anna Vell said.", "Tomas Orm", "neutral"),
    pytest.param(
        "“Should Tomas Orm be chosen, we will talk to him,” Anna Vell said.", "Tomas Orm", "neutral", marks=MISSED
    ),
]
OTHERS_VIEW = [
    ("“Some people call Tomas Orm a crook; I call him my teacher,” Anna Vell said.", "Tomas Orm", "favor"),
    pytest.param(
        "“My neighbours believe that Tomas Orm is a fraud,” Anna Vell said.", "Tomas Orm", "neutral", marks=MISSED
    ),
]
IRONIC = [
    pytest.param(
        "“Bravo, Tomas Orm, the third flood in a single year,” Anna Vell said.", "Tomas Orm", "against", marks=IRONY
    ),
    pytest.param(
        "“With friends like Tomas Orm, who needs enemies?” Anna Vell said.", "Tomas Orm", "against", marks=IRONY
    ),
]
MOURNED = [
    ("“We weep for the children who were killed in Germany,” Anna Vell said.", "Germany", "against"),
    ("“Our thoughts are with the families in Norway after the fire,” Anna Vell said.", "Norway", "against"),
]


@pytest.mark.parametrize(("text", "target", "label"), [*PLAIN, *DENIED, *ASKED, *CONDITIONAL, *OTHERS_VIEW, *IRONIC])
def test_labels(read: Read, text: str, target: str, label: str) -> None:
    assert stance_of(read(text), target).stance == label


@pytest.mark.parametrize(("text", "target", "wrong"), MOURNED)
def test_mourning_is_not_against_the_place(read: Read, text: str, target: str, wrong: str) -> None:
    assert stance_of(read(text), target).stance != wrong


@pytest.mark.xfail(strict=True, reason="praise of the one spills over to the other")
def test_one_sentence_can_be_for_one_and_against_another(read: Read) -> None:
    quotes = read("“Tomas Orm saved this port and Osric Fenn betrayed it,” Anna Vell said.")
    assert stance_of(quotes, "Tomas Orm").stance == "favor"
    assert stance_of(quotes, "Osric Fenn").stance == "against"


def test_whose_view_it_is_decides(read: Read) -> None:
    quotes = read("Osric Fenn, whom Anna Vell despises, praised Tomas Orm as a man of his word.")
    assert stance_of(quotes, "Tomas Orm").stance == "favor"


def test_the_speaker_is_no_target(read: Read) -> None:
    (quote,) = read("Anna Vell said that Anna Vell was a hero.")
    assert "Anna Vell" not in {stance.target for stance in quote.stances}


@pytest.mark.parametrize(
    ("text", "target", "words"),
    [
        ("Anna Vell said: “Tomas Orm is a liar.”", "Tomas Orm", "liar"),
        ("Anna Vell called Tomas Orm a disgrace.", "Tomas Orm", "disgrace"),
        ("“I have always admired Tomas Orm,” Anna Vell said.", "Tomas Orm", "admired"),
        ("Anna Vell said that Tomas Orm had betrayed the fishermen of the port.", "Tomas Orm", "betrayed"),
        ("“Tomas Orm did a wonderful job in the storm last winter,” Anna Vell said.", "Tomas Orm", "wonderful"),
    ],
)
def test_the_evidence_is_what_a_reader_would_underline(read: Read, text: str, target: str, words: str) -> None:
    stance = stance_of(read(text), target)
    shown = [text[start:end] for start, end in stance.evidence]
    assert words in " ".join(shown)
    assert sum(len(part.split()) for part in shown) <= 5


def test_evidence_lies_inside_the_quote_or_its_cue(read: Read) -> None:
    text = "Tomas Orm was wrong.\n\n“Tomas Orm is a coward and a bully,” said Anna Vell, who is a bully herself."
    (quote,) = [quote for quote in read(text) if quote.kind == "direct"]
    for stance in quote.stances:
        for start, end in stance.evidence:
            assert any(s <= start and end <= e for s, e in (*quote.spans, *quote.cue))


def test_neutral_stances_have_no_evidence(read: Read) -> None:
    stance = stance_of(read("Anna Vell said: “Tomas Orm met the deputies on Friday.”"), "Tomas Orm")
    assert stance.stance == "neutral"
    assert stance.evidence == ()


def test_scores_are_chances(read: Read) -> None:
    (quote,) = read("Anna Vell said: “Tomas Orm is a liar, a cheat and a disgrace, and I condemn Tomas Orm.”")
    assert quote.stances
    assert all(0 < stance.score <= 1 for stance in quote.stances)


def test_whoever_is_harmed_is_not_spoken_against(nlp: Language) -> None:
    text = "“We condemn the attacks on the villagers,” Anna Vell said."
    doc = nlp(text)
    places = {word: (Span(text.index(word), text.index(word) + len(word)),) for word in ("villagers", "attacks")}
    assert is_victim(doc, Target("villagers", "group", places["villagers"]))
    assert not is_victim(doc, Target("attacks", "issue", places["attacks"]))
    assert not any(one.stance == "against" and one.target == "villagers" for one in doc._.quotes[0].stances)
