"""The component that tells what a quote says for or against whom: a trained model reads it once for each target."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc, Token
from spacy.util import minibatch

from quotes.language import grammar
from quotes.language.stance_model import Case, Reading, StanceModel, label_of
from quotes.language.targets import LOCATING, Target, targets
from quotes.records import Quote, Span, Stance
from quotes.settings import PACKAGE

WEIGHTS = PACKAGE / "weights" / "stance"
MAX_READ = 3
"""The most sentences read for one quote and target."""
HARM = frozenset(
    "abuse aggression assault atrocity attack bombing crime discrimination genocide invasion massacre offence offense "
    "outrage terror violence war".split()
)
"""What is done to its victims, and no attitude of who speaks of it."""
TRUSTING = frozenset("believe belief confidence faith hope invest trust".split())
"""With "in" after these, somewhere is what is spoken of."""
CARRIES = 0.5
"""From which weight on a word is shown as evidence."""


@dataclass(frozen=True, slots=True)
class Question:
    """A case, and where its text begins in the article."""

    case: Case
    start: int


def questions(doc: Doc, quote: Quote, target: Target) -> list[Question]:
    """Make the cases that ask a quote's stance toward a target: one for each sentence that names the target.

    Args:
        doc: a document with sentences.
        quote: one of its quotes.
        target: one of its targets; where its places are unknown, the quote's first sentence is read.
    """
    places = target.places or quote.spans[:1]
    windows: dict[int, Span] = {}
    for place in places:
        token = next(grammar.between(doc, *place), None)
        if token is not None:
            sentence = token.sent
            windows.setdefault(sentence.start, Span(sentence.start_char, sentence.end_char))
    speaker = quote.speaker.name if quote.speaker else None
    if speaker is None and quote.source:
        speaker = doc._.text[slice(*quote.source[0])]
    return [
        Question(
            Case(
                doc._.text[start:end],
                target.name,
                _within(target.places, start, end),
                speaker,
                _within(quote.source, start, end),
            ),
            start,
        )
        for start, end in list(windows.values())[:MAX_READ]
    ]


def is_victim(doc: Doc, target: Target) -> bool:
    """Tell whether a target stands only where harm is done to it: "atrocities committed against the villagers"."""
    heads = [max(tokens, key=lambda token: len(list(token.subtree))) for tokens in _tokens(doc, target)]
    return bool(heads) and all(_suffers(head) for head in heads)


def is_merely_where(doc: Doc, target: Target) -> bool:
    """Tell whether a target only says where something is: "his actions in Morania", but not "we believe in Morania"."""
    heads = [max(tokens, key=lambda token: len(list(token.subtree))) for tokens in _tokens(doc, target)]
    return target.type == "place" and bool(heads) and all(_locates(head) for head in heads)


def _locates(head: Token) -> bool:
    preposition = head.head
    return head.dep_ == "pobj" and preposition.lower_ in LOCATING and preposition.head.lemma_.lower() not in TRUSTING


def _tokens(doc: Doc, target: Target) -> list[list[Token]]:
    return [found for place in target.places if (found := list(grammar.between(doc, *place)))]


def _suffers(head: Token) -> bool:
    """Tell whether a token is what "against" or "on" ties to a word of harm, a participle between them or not."""
    if head.dep_ != "pobj" or head.head.lower_ not in ("against", "on", "upon"):
        return False
    ruler = head.head.head
    return ruler.lemma_.lower() in HARM or (ruler.tag_ == "VBN" and ruler.head.lemma_.lower() in HARM)


def _within(spans: Iterable[Span], start: int, end: int) -> tuple[Span, ...]:
    return tuple(Span(one.start - start, one.end - start) for one in spans if start <= one.start and one.end <= end)


def evidence_of(article: str, quote: Quote, reading: Reading, start: int) -> tuple[Span, ...]:
    """Give the words that carry a stance, neighbours joined, inside the quote or its cue.

    Args:
        article: its text.
        quote: one of its quotes.
        reading: what the model made of it.
        start: where the text read begins in the article.

    Returns:
        Code-point spans in the article's text, in order; where no word of the quote itself reaches CARRIES, the one
        with most weight and whatever of the cue weighs more.
    """
    moved = [Span(word.start + start, word.end + start) for word in reading.words]
    spoken, announced = (
        [
            n
            for n, word in enumerate(moved)
            if article[word.start].isalnum() and any(s <= word.start and word.end <= e for s, e in spans)
        ]
        for spans in (quote.spans, quote.cue)
    )
    inside = sorted({*spoken, *announced})
    if not inside:
        return ()
    least = min(CARRIES, max(float(reading.weights[n]) for n in spoken or inside))
    joined: list[Span] = []
    before = -2
    for n in inside:
        if reading.weights[n] < least:
            continue
        if before == n - 1:
            joined[-1] = Span(joined[-1].start, moved[n].end)
        else:
            joined.append(moved[n])
        before = n
    return tuple(joined)


@Language.factory(
    "quote_stances",
    default_config={"weights": str(WEIGHTS), "threads": 1},
    requires=["doc._.quotes", "doc._.people", "doc.ents"],
    assigns=["doc._.quotes"],
)
class QuoteStances:
    """Fills in the stances of each quote.

    Args:
        nlp: the pipeline.
        name: the component's name in it.
        weights: the folder of the model.
        threads: how many threads the model may use.
    """

    def __init__(self, nlp: Language, name: str, weights: str, threads: int) -> None:
        self.model = StanceModel(Path(weights), threads)

    def __call__(self, doc: Doc) -> Doc:
        """Fill in the stances of a document with quotes and people."""
        return next(self.pipe([doc], batch_size=1))

    def pipe(self, stream: Iterable[Doc], *, batch_size: int) -> Iterator[Doc]:
        """Fill in the stances of documents, the quotes of a batch going through the model together."""
        for docs in minibatch(stream, size=batch_size):  # type: ignore[no-untyped-call]
            asked = [
                (doc, quote, target, questions(doc, quote, target))
                for doc in docs
                for quote in doc._.quotes
                for target in targets(doc, quote)
            ]
            answers = iter(self.model.predict([one.case for *_, some in asked for one in some]))
            found: dict[int, list[Stance]] = {}
            for doc, quote, target, some in asked:
                if some:
                    stance = self._stance(doc, quote, target, [(one, next(answers)) for one in some])
                    himself = quote.speaker is not None and quote.speaker.name == target.name
                    if not himself or stance.stance != "neutral":
                        found.setdefault(id(quote), []).append(stance)
            for doc in docs:
                doc._.quotes = tuple(replace(quote, stances=tuple(found.get(id(quote), ()))) for quote in doc._.quotes)
                yield doc

    def _stance(self, doc: Doc, quote: Quote, target: Target, read: Sequence[tuple[Question, Reading]]) -> Stance:
        """Let the sentence with the clearest attitude speak for the quote."""
        question, reading = max(read, key=lambda pair: max(pair[1].chances[0], pair[1].chances[2]))
        label, score = label_of(reading.chances.tolist(), self.model.config["threshold"])
        if (label == "against" and is_victim(doc, target)) or (label != "neutral" and is_merely_where(doc, target)):
            label, score = "neutral", 1 - score
        carried = () if label == "neutral" else evidence_of(doc._.text, quote, reading, question.start)
        return Stance(target.name, target.type, label, round(score, 3), evidence=carried)
