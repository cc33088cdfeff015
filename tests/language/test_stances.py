"""The first, plain stances: words of attitude and who bears them."""

from __future__ import annotations

import pytest
from seeing import Read


@pytest.mark.parametrize(
    ("text", "target", "label"),
    [
        ("Anna Vell said: “Tomas Orm is a liar.”", "Tomas Orm", "against"),
        ("Anna Vell said: “Tomas Orm is not a liar.”", "Tomas Orm", "favor"),
        ("Anna Vell called Tomas Orm a hero.", "Tomas Orm", "favor"),
        ("Anna Vell condemned Tomas Orm.", "Tomas Orm", "against"),
        ("Anna Vell said: “I support Tomas Orm.”", "Tomas Orm", "favor"),
        ("Anna Vell said: “I do not support Tomas Orm.”", "Tomas Orm", "against"),
        ("Anna Vell said: “Tomas Orm met the deputies.”", "Tomas Orm", "neutral"),
        ("Anna Vell said: “This dam is a disgrace.”", "dam", "against"),
        ("Anna Vell called the incident a war crime.", "incident", "against"),
        ("Tomas Orm came. Anna Vell said: “Orm cannot escape accountability.”", "Tomas Orm", "against"),
    ],
)
def test_labels(read: Read, text: str, target: str, label: str) -> None:
    (quote,) = read(text)
    assert {stance.target: stance.stance for stance in quote.stances}[target] == label


def test_the_speaker_is_no_target(read: Read) -> None:
    (quote,) = read("Anna Vell said that Anna Vell was a hero.")
    assert "Anna Vell" not in {stance.target for stance in quote.stances}


def test_scores_lie_between_a_half_and_one(read: Read) -> None:
    (quote,) = read("Anna Vell said: “Tomas Orm is a liar, a cheat and a disgrace, and I condemn Tomas Orm.”")
    assert quote.stances
    assert all(0.5 <= stance.score <= 0.9 for stance in quote.stances)
