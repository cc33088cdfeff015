"""From scores of words to attributions: spans by a constrained Viterbi search, then links between spans.

Every word has one label: O, or B, I, E, S (begins, is in, ends, or is alone a span) of a source, cue or content;
in PolNeAR spans of different roles never overlap. The search is the usual one of a linear-chain conditional random
field (Lafferty et al., 2001) with the impossible steps forbidden, so that no broken span can come out. Every
attribution has exactly one cue: each content then chooses its cue and each cue its source, or nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from quotes.records import Span

if TYPE_CHECKING:
    from quotes.language.attribution_model import Document

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float32]
Link = Callable[[str, Floats, Floats, Floats], Floats]

ROLES = ("source", "cue", "content")
LABELS = ("O", *(f"{step}-{role}" for role in ROLES for step in "BIES"))
GLUED, SPACED, BROKEN = range(3)
"""What is before a word: nothing, white space, or a new paragraph."""
OUTSIDE, INSIDE, OPENING, CLOSING = range(4)
"""Where a word stands with regard to quotation marks; the two last are the marks themselves."""
NEIGHBOURS = 6
"""How many candidates before an anchor, and as many after it, are looked at."""
PAIR_FEATURES = 14


class WordSpan(NamedTuple):
    """A span of one role, in words, end excluded."""

    role: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who said what, in code points of the text.

    Attributes:
        source: the words that name who speaks; empty where nobody is named.
        cue: the words of saying.
        content: what is said, one or more spans.
        confidence: raw, 0 to 1, not calibrated: the geometric mean of the chances of the spans and the links.
        cue_text: the cue as printed.
    """

    source: tuple[Span, ...]
    cue: tuple[Span, ...]
    content: tuple[Span, ...]
    confidence: float
    cue_text: str


def allowed() -> npt.NDArray[np.bool_]:
    """Say which label may follow which, shape (labels, labels), the first axis being the earlier word."""
    table = np.zeros((len(LABELS), len(LABELS)), bool)
    for i, one in enumerate(LABELS):
        for j, two in enumerate(LABELS):
            inside = one[0] in "BI"
            table[i, j] = two[0] in "IE" and one[2:] == two[2:] if inside else two[0] in "OBS"
    return table


_ALLOWED = allowed()
_FIRST = np.array([label[0] in "OBS" for label in LABELS])
_LAST = np.array([label[0] in "OES" for label in LABELS])
_NEVER = np.float32(-1e9)


def viterbi(scores: Floats, transitions: Floats, breaks: npt.NDArray[np.bool_] | None = None) -> Ints:
    """Find the best sequence of labels that has no broken span.

    Args:
        scores: of each word and label, (words, labels).
        transitions: from label to label, (labels, labels).
        breaks: True at words that begin a paragraph, (words,): no span runs into them.

    Returns:
        The label of each word.
    """
    if not len(scores):
        return np.zeros(0, np.int64)
    steps = np.where(_ALLOWED, transitions, _NEVER)
    over_break = np.where(_LAST[:, None] & _FIRST[None, :], transitions, _NEVER)
    best = np.where(_FIRST, scores[0], _NEVER)
    back = np.zeros(scores.shape, np.int64)
    columns = np.arange(len(LABELS))
    for i in range(1, len(scores)):
        ways = best[:, None] + (over_break if breaks is not None and breaks[i] else steps)
        back[i] = ways.argmax(0)
        best = ways[back[i], columns] + scores[i]
    labels = np.zeros(len(scores), np.int64)
    labels[-1] = np.where(_LAST, best, 2 * _NEVER).argmax()
    for i in range(len(scores) - 1, 0, -1):
        labels[i - 1] = back[i, labels[i]]
    return labels


def marginals(scores: Floats, transitions: Floats) -> Floats:
    """Give the chance of each label at each word under the same model as :func:`viterbi`, (words, labels)."""
    if not len(scores):
        return scores
    steps = np.where(_ALLOWED, np.exp(transitions), 0).astype(np.float64)
    words = np.exp(scores.astype(np.float64) - scores.max(1, keepdims=True))
    # Forward and backward go side by side, the latter with each word's own part in it.
    ways, given = np.stack([steps, steps.T]), np.stack([words, words[::-1]], axis=1)
    states = np.empty(given.shape)
    states[0] = state = given[0] * [_FIRST, _LAST]
    for i in range(1, len(words)):
        state = (state[:, None] @ ways)[:, 0] * given[i]
        state /= state.sum(1, keepdims=True) + 1e-300
        states[i] = state
    both = states[:, 0] * states[::-1, 1] / np.maximum(words, 1e-300)
    result: Floats = (both / np.maximum(both.sum(1, keepdims=True), 1e-300)).astype(np.float32)
    return result


def spans_of(labels: Sequence[int] | Ints) -> list[WordSpan]:
    """Read the spans off a sequence of labels; a span that is broken at an edge counts as far as it goes."""
    spans, start, open_role = [], 0, ""
    for i, number in enumerate(labels):
        label = LABELS[int(number)]
        step, role = label[0], label[2:]
        if open_role and (step in "OBS" or role != open_role):
            spans.append(WordSpan(open_role, start, i))
            open_role = ""
        if step != "O" and not open_role:
            start, open_role = i, role
        if step in "ES":
            spans.append(WordSpan(role, start, i + 1))
            open_role = ""
    if open_role:
        spans.append(WordSpan(open_role, start, len(labels)))
    return spans


def span_vectors(spans: Sequence[WordSpan], vectors: Floats) -> Floats:
    """Give each span the vectors of its first word, last word and the mean of all, (spans, 3 * size)."""
    rows = [np.concatenate([vectors[s], vectors[e - 1], vectors[s:e].mean(0)]) for _, s, e in spans]
    return np.array(rows, np.float32).reshape(len(spans), 3 * vectors.shape[1])


def neighbours(anchors: Sequence[WordSpan], candidates: Sequence[WordSpan]) -> Ints:
    """Choose the nearest candidates before and after each anchor, (anchors, 2 * NEIGHBOURS), -1 where none."""
    chosen = np.full((len(anchors), 2 * NEIGHBOURS), -1, np.int64)
    starts = np.array([c.start for c in candidates], np.int64)
    for i, anchor in enumerate(anchors):
        at = int(np.searchsorted(starts, anchor.start))
        before = range(max(0, at - NEIGHBOURS), at)
        after = range(at, min(len(candidates), at + NEIGHBOURS))
        chosen[i, : len(before) + len(after)] = [*before, *after]
    return chosen


class Ground(NamedTuple):
    """What lies between words, as running counts, each of shape (words + 1,), and the quotation states (words,)."""

    breaks: Ints
    sentences: Ints
    covered: dict[str, Ints]
    quotation: Ints


def ground_of(spacing: Ints, sentences: Ints, quotation: Ints, spans: Sequence[WordSpan]) -> Ground:
    """Count paragraph breaks, sentence starts and spans of each role up to each word."""
    size = len(spacing)

    def running(marks: Ints) -> Ints:
        return np.concatenate([[0], np.cumsum(marks)]).astype(np.int64)

    starting = np.zeros(size, np.int64)
    starting[sentences] = 1
    covered = {}
    for role in ROLES:
        marks = np.zeros(size, np.int64)
        marks[[span.start for span in spans if span.role == role]] = 1
        covered[role] = running(marks)
    return Ground(running((spacing == BROKEN).astype(np.int64)), running(starting), covered, quotation)


def pair_features(anchors: Sequence[WordSpan], candidates: Sequence[WordSpan], chosen: Ints, ground: Ground) -> Floats:
    """Describe where anchor and candidate stand to each other.

    Args:
        anchors: the spans that choose.
        candidates: the spans to choose from.
        chosen: numbers of candidates, (N, K), -1 where none.
        ground: what lies between.

    Returns:
        Features (N, K, PAIR_FEATURES); zeros where there is no candidate.
    """
    starts, ends = (np.array([one[n] for one in candidates], np.int64)[chosen] for n in (1, 2))
    start, end = (np.array([one[n] for one in anchors], np.int64)[:, None] for n in (1, 2))
    before = starts < start
    one, other = np.where(before, ends, end), np.where(before, start, starts)
    # Starts count: a break before the later span counts, one before the earlier does not.
    low, top = np.minimum(one, other), np.maximum(one, other)
    later = np.minimum(top + 1, len(ground.breaks) - 1)
    breaks, sentences = (counts[later] - counts[low] for counts in (ground.breaks, ground.sentences))
    between = [np.minimum(ground.covered[role][top] - ground.covered[role][low], 4) / 2 for role in ROLES]
    features = [
        np.ones(chosen.shape),
        before,
        np.log1p(top - low) / 3,
        top - low <= 1,
        breaks == 1,
        breaks > 1,
        sentences == 0,
        sentences == 1,
        *between,
        np.broadcast_to(ground.quotation[start] != 0, chosen.shape),
        ground.quotation[starts] != 0,
        np.broadcast_to(np.minimum(end - start, 60) / 30, chosen.shape),
    ]
    return np.where(chosen[..., None] < 0, 0, np.stack(features, axis=-1)).astype(np.float32)


def _chances(scores: Floats) -> Floats:
    powers = np.exp(scores - scores.max(1, keepdims=True))
    result: Floats = powers / powers.sum(1, keepdims=True)
    return result


def _choose(
    role: str, anchors: list[WordSpan], candidates: list[WordSpan], vectors: Floats, ground: Ground, link: Link
) -> list[tuple[int, float]]:
    """Let each anchor choose a candidate: its number, or -1 for nothing, and the chance of that choice."""
    if not anchors or not candidates:
        return [(-1, 1.0)] * len(anchors)
    chosen = neighbours(anchors, candidates)
    pairs = pair_features(anchors, candidates, chosen, ground)
    scores = link(role, span_vectors(anchors, vectors), span_vectors(candidates, vectors)[chosen], pairs)
    chances = _chances(scores)
    best = chances.argmax(1)
    numbers = np.concatenate([chosen, np.full((len(anchors), 1), -1)], axis=1)
    rows = np.arange(len(anchors))
    return [(int(n), float(c)) for n, c in zip(numbers[rows, best], chances[rows, best], strict=True)]


def _to_the_marks(span: WordSpan, quotation: Ints, words: Sequence[str], labels: Ints) -> WordSpan:
    """Let a content begin and end with the quotation marks that it just misses, and not with ones turned away."""
    start, end = span.start, span.end
    while end - start > 1 and quotation[start] == CLOSING:
        start += 1
    while end - start > 1 and quotation[end - 1] == OPENING:
        end -= 1
    if start > 0 and quotation[start] == INSIDE and quotation[start - 1] == OPENING and not labels[start - 1]:
        start -= 1
    if quotation[end - 1] == INSIDE and OPENING in quotation[start:end]:
        stop = end
        while stop < len(words) and words[stop] in ".,!?;…" and not labels[stop]:
            stop += 1
        if stop < len(words) and quotation[stop] == CLOSING and not labels[stop]:
            end = stop + 1
    return WordSpan(span.role, start, end)


def _go_on(
    contents: Sequence[WordSpan],
    cues: Sequence[WordSpan],
    said: list[tuple[int, float]],
    reopened: frozenset[int],
    breaks: Ints,
) -> None:
    """Give a quotation that runs over paragraphs to one cue, unless a later paragraph has its own; changes ``said``.

    Printers leave such a quotation open at the end of a paragraph and open it again in the next.
    """
    for i in range(1, len(contents)):
        start, last = contents[i].start, contents[i - 1].end - 1
        if start not in reopened or breaks[start + 1] - breaks[last + 1] != 1:
            continue
        cue = said[i][0]
        if cue < 0 or breaks[cues[cue].start + 1] != breaks[start + 1]:
            said[i] = said[i - 1]


def decode(document: Document, scores: Floats, vectors: Floats, transitions: Floats, link: Link) -> list[Attribution]:
    """Find the attributions of one document.

    Args:
        document: the text with its words.
        scores: of each word and label, (words, labels).
        vectors: of each word, for linking, (words, size).
        transitions: from label to label, (labels, labels).
        link: scores what an anchor may belong to; see ``Network.link``.

    Returns:
        Attributions with a cue and at least one content each, in the order of their cues.
    """
    labels = viterbi(scores, transitions, document.spacing == BROKEN)
    spans = spans_of(labels)
    sources, cues, contents = ([span for span in spans if span.role == role] for role in ROLES)
    if not cues or not contents:
        return []
    ground = ground_of(document.spacing, document.sentences, document.quotation, spans)
    contents = [_to_the_marks(span, document.quotation, document.strings, labels) for span in contents]
    said = _choose("content", contents, cues, vectors, ground, link)
    _go_on(contents, cues, said, document.reopened, ground.breaks)
    named = _choose("source", cues, sources, vectors, ground, link)
    chance = marginals(scores, transitions)[np.arange(len(labels)), labels]

    def sure(span: WordSpan) -> float:
        return float(np.sqrt(chance[span.start] * chance[span.end - 1]))

    def printed(span: WordSpan) -> Span:
        return Span(document.words[span.start].start, document.words[span.end - 1].end)

    found = []
    for number, cue in enumerate(cues):
        mine = [i for i, (chosen, _) in enumerate(said) if chosen == number]
        if not mine:
            continue
        source, chance_of_source = named[number]
        parts = [sure(cue), chance_of_source]
        parts += [sure(sources[source])] if source >= 0 else []
        parts += [float(np.mean([sure(contents[i]) * said[i][1] for i in mine]))]
        where = printed(cue)
        found.append(
            Attribution(
                source=(printed(sources[source]),) if source >= 0 else (),
                cue=(where,),
                content=tuple(printed(contents[i]) for i in mine),
                confidence=float(np.exp(np.mean(np.log(np.maximum(parts, 1e-9))))),
                cue_text=document.text[where.start : where.end],
            )
        )
    return found
