"""Words, features, windows and decoding of the attribution model; none needs weights or torch."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

pytest.importorskip("onnxruntime", reason="needs onnxruntime")
pytest.importorskip("tokenizers", reason="needs tokenizers")

import itertools

from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

from quotes.language.attribution_decoding import (
    CLOSING,
    INSIDE,
    LABELS,
    NEIGHBOURS,
    OPENING,
    OUTSIDE,
    PAIR_FEATURES,
    Attribution,
    WordSpan,
    decode,
    ground_of,
    marginals,
    neighbours,
    pair_features,
    spans_of,
    viterbi,
)
from quotes.language.attribution_model import (
    Document,
    batch_of,
    pieces_of,
    windows_of,
)

ALPHABET = "aB s1.,?“”‘’\"'´—-(\n\u00a0é😀\u0301"
texts = st.text(alphabet=st.one_of(st.sampled_from(ALPHABET), st.characters(exclude_categories=["Cs"])), max_size=200)
scores = arrays.arrays(
    np.float32, st.tuples(st.integers(1, 25), st.just(len(LABELS))), elements=st.floats(-30, 30, width=32)
)
steps = arrays.arrays(np.float32, (len(LABELS), len(LABELS)), elements=st.floats(-5, 5, width=32))


def tokenizer() -> Tokenizer:
    """A tiny word-piece tokenizer of the kind that the weights come with."""
    letters = "abcdefghijklmnopqrstuvwxyz0123456789.,?!'\"-()"
    names = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *letters, *("##" + c for c in letters if c.isalnum())]
    tiny = Tokenizer(models.WordPiece({name: i for i, name in enumerate(names)}, unk_token="[UNK]"))
    tiny.normalizer = normalizers.BertNormalizer()
    tiny.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    return tiny


def quoted(text: str) -> str:
    """The words inside the outermost quotation marks, without the marks."""
    document = Document.of(text)
    return " ".join(w for w, q in zip(document.strings, document.quotation, strict=True) if q == INSIDE)


@given(texts)
def test_words_cover_all_but_white_space(text: str) -> None:
    document = Document.of(text)
    place = 0
    for (start, end), word in zip(document.words, document.strings, strict=True):
        assert start >= place
        assert not text[place:start].strip()
        assert text[start:end] == word
        assert end > start
        place = end
    assert not text[place:].strip()


@given(texts)
def test_every_word_has_features_and_pieces(text: str) -> None:
    document = Document.of(text)
    assert document.features.shape == (len(document.words), 3)
    assert (document.features >= 0).all()
    assert (document.features < (4, 3, 6)).all()
    pieces = pieces_of(document, tokenizer())
    assert len(pieces) == len(document.words)
    assert all(pieces)
    if document.words:
        assert document.sentences[0] == 0


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ("He said: “It is over.” Then he left.", "It is over ."),
        ('He said: "It is over." Then he left.', "It is over ."),
        ("''It is over,'' he said.", "It is over ,"),
        ("‘It’s over,’ he said.", "It ’ s over ,"),
        ("'It's the workers' fault,' he said.", "It ' s the workers ' fault ,"),
        ("The workers’ union and Labour’s men ’90s.", ""),
        ("‘special operation’ to demilitarise and ‘denazify’ Russia’s", "special operation denazify"),
        ("“He told me ‘never’ twice,” she said.", "He told me ‘ never ’ twice ,"),
        ("She said: “One.\n“Two.”\nThree.", "One . Two ."),
        ("‘One.\n\n‘Two,’ she said.", "One . Two ,"),
        ("A 6' man and rock 'n' roll", ""),
        ("no marks at all", ""),
        ("”The first mark is turned.” — Ann", "The first mark is turned ."),
    ],
)
def test_quotation_marks(text: str, inside: str) -> None:
    assert quoted(text) == inside


def test_marks_themselves_open_and_close() -> None:
    document = Document.of("“Yes,” he said")
    assert document.quotation.tolist() == [OPENING, INSIDE, INSIDE, CLOSING, OUTSIDE, OUTSIDE]


def test_a_line_break_inside_a_sentence_is_no_paragraph() -> None:
    spacing = Document.of("He came\nand went.\n\nShe stayed").spacing.tolist()
    assert spacing == [2, 1, 1, 1, 0, 2, 1]


@given(st.lists(st.integers(1, 12), max_size=300), st.integers(20, 60), st.data())
def test_windows_cover_everything(lengths: list[int], size: int, data: st.DataObject) -> None:
    starts = sorted({0, *data.draw(st.lists(st.integers(0, max(0, len(lengths) - 1)), max_size=30))})
    windows = windows_of(lengths, np.array(starts), size, size // 3)
    assert sorted({i for a, b in windows for i in range(a, b)}) == list(range(len(lengths)))
    assert all(sum(lengths[a:b]) <= size for a, b in windows)
    assert all(later[0] > earlier[0] for earlier, later in itertools.pairwise(windows))


def test_batch_places_are_first_pieces() -> None:
    document = Document.of("Hello you. Ok")
    pieces = pieces_of(document, tokenizer())
    batch = batch_of([(pieces, document.features), (pieces[:2], document.features[:2])], 2, 3)
    for row, words in enumerate((pieces, pieces[:2])):
        assert [batch.pieces[row, p] for p in batch.places[row, : len(words)]] == [word[0] for word in words]
        assert batch.mask[row].sum() == sum(map(len, words)) + 2
        assert batch.pieces[row][batch.mask[row]][-1] == 3
    assert (batch.features[0, batch.places[0]] == document.features + 1).all()


def whole(labels: list[int]) -> bool:
    """Whether all spans begin and end as they must."""
    role = ""
    for number in labels:
        step, name = LABELS[number][0], LABELS[number][2:]
        if role:
            if step not in "IE" or name != role:
                return False
            role = "" if step == "E" else role
        elif step in "IE":
            return False
        elif step == "B":
            role = name
    return not role


@given(scores, steps)
def test_the_decoder_never_gives_broken_spans(given_scores: np.ndarray, given_steps: np.ndarray) -> None:
    labels = viterbi(given_scores, given_steps).tolist()
    assert whole(labels)
    for _, start, end in spans_of(labels):
        assert LABELS[labels[start]][0] in "BS"
        assert LABELS[labels[end - 1]][0] in "ES"


@settings(max_examples=40)
@given(
    arrays.arrays(np.float32, (3, len(LABELS)), elements=st.floats(-4, 4, width=32)),
    arrays.arrays(np.float32, (len(LABELS), len(LABELS)), elements=st.floats(-2, 2, width=32)),
)
def test_viterbi_and_marginals_equal_brute_force(given_scores: np.ndarray, given_steps: np.ndarray) -> None:
    numbers = range(len(LABELS))
    paths = [p for a in numbers for b in numbers for c in numbers if whole(p := [a, b, c])]
    values = np.array(
        [sum(given_scores[range(3), p]) + given_steps[p[0], p[1]] + given_steps[p[1], p[2]] for p in paths]
    )
    best = viterbi(given_scores, given_steps).tolist()
    assert values[paths.index(best)] == pytest.approx(values.max(), abs=1e-3)
    chances = np.exp(values - values.max())
    expected = np.zeros((3, len(LABELS)))
    for path, chance in zip(paths, chances / chances.sum(), strict=True):
        expected[range(3), path] += chance
    assert marginals(given_scores, given_steps) == pytest.approx(expected, abs=1e-4)


def test_nearest_candidates_on_both_sides() -> None:
    cues = [WordSpan("cue", n, n + 1) for n in range(0, 40, 2)]
    chosen = neighbours([WordSpan("content", 21, 22), WordSpan("content", 1, 2)], cues)
    assert sorted(chosen[0]) == list(range(11 - NEIGHBOURS, 11 + NEIGHBOURS))
    assert sorted(chosen[1])[-NEIGHBOURS - 1 :] == list(range(NEIGHBOURS + 1))


def test_pair_features_tell_paragraphs_apart() -> None:
    document = Document.of("He spoke. He\n\nsaid so")
    anchors, candidates = [WordSpan("content", 1, 2)], [WordSpan("cue", 3, 4), WordSpan("cue", 4, 5)]
    ground = ground_of(document.spacing, document.sentences, document.quotation, [*anchors, *candidates])
    pairs = pair_features(anchors, candidates, np.array([[0, 1, -1]]), ground)
    assert pairs.shape == (1, 3, PAIR_FEATURES)
    assert pairs[0, :, 0].tolist() == [1, 1, 0]
    assert (pairs[0, 2] == 0).all()


def nearest(role: str, anchors: np.ndarray, candidates: np.ndarray, pairs: np.ndarray) -> np.ndarray:
    """Links everything to its nearest candidate."""
    scores = np.where(pairs[..., 0] > 0, -pairs[..., 2], -1e4)
    return np.concatenate([scores, np.full((len(scores), 1), -1e3)], axis=1).astype(np.float32)


def decoded(text: str, wanted: dict[str, str]) -> list[Attribution]:
    """Decode a text whose network is sure of the given words and their roles."""
    document = Document.of(text)
    labels = np.zeros(len(document.words), int)
    for string, role in wanted.items():
        start = text.index(string)
        inside = [i for i, (s, e) in enumerate(document.words) if s >= start and e <= start + len(string)]
        steps = ["S"] if len(inside) == 1 else ["B", *"I" * (len(inside) - 2), "E"]
        labels[inside] = [LABELS.index(f"{step}-{role}") for step in steps]
    emitted = np.full((len(labels), len(LABELS)), -9, np.float32)
    emitted[np.arange(len(labels)), labels] = 9
    vectors = np.zeros((len(labels), 4), np.float32)
    return decode(document, emitted, vectors, np.zeros((len(LABELS), len(LABELS)), np.float32), nearest)


def test_spans_come_back_in_code_points() -> None:
    text = "😀 “I won,” said Ann Lee. “Twice.” She knew why."
    found = decoded(text, {"“I won,”": "content", "said": "cue", "Ann Lee": "source", "“Twice.”": "content"})
    assert len(found) == 1
    assert [text[s:e] for s, e in found[0].content] == ["“I won,”", "“Twice.”"]
    assert [text[s:e] for s, e in found[0].source] == ["Ann Lee"]
    assert found[0].cue_text == "said"
    assert 0 <= found[0].confidence <= 1


def test_contents_reach_to_their_marks() -> None:
    text = "He said: “I won, and how.” So he said."
    found = decoded(text, {"He": "source", "said": "cue", "I won, and how": "content"})
    assert [text[s:e] for s, e in found[0].content] == ["“I won, and how.”"]


def test_a_quotation_over_paragraphs_is_one() -> None:
    text = "She said: “One.\n“Two.”\nAccording to the text, three."
    roles = {"She": "source", "said": "cue", "“One.": "content", "“Two.”": "content", "According to": "cue"}
    first, second = decoded(text, {**roles, "the text": "source", "three": "content"})
    assert [text[s:e] for s, e in first.content] == ["“One.", "“Two.”"]
    assert [text[s:e] for s, e in second.content] == ["three"]


def test_a_quotation_over_paragraphs_with_a_second_cue_is_two() -> None:
    text = "Ann said: “One.\n“Two,” she added."
    roles = {"Ann": "source", "said": "cue", "“One.": "content", "“Two,”": "content", "she": "source", "added": "cue"}
    assert [[text[s:e] for s, e in a.content] for a in decoded(text, roles)] == [["“One."], ["“Two,”"]]


@given(texts, st.integers(0, 2**32 - 1))
def test_decoding_noise_gives_sound_attributions(text: str, seed: int) -> None:
    document = Document.of(text)
    rng = np.random.default_rng(seed)
    emitted = rng.normal(0, 3, (len(document.words), len(LABELS))).astype(np.float32)
    vectors = rng.normal(0, 1, (len(document.words), 4)).astype(np.float32)
    found = decode(document, emitted, vectors, np.zeros((len(LABELS), len(LABELS)), np.float32), nearest)
    contents = [span for attribution in found for span in attribution.content]
    assert len(set(contents)) == len(contents)
    for attribution in found:
        assert len(attribution.cue) == 1
        assert attribution.content
        assert len(attribution.source) <= 1
        for start, end in (*attribution.source, *attribution.cue, *attribution.content):
            assert 0 <= start < end <= len(text)
            assert not text[start].isspace()
            assert not text[end - 1].isspace()
