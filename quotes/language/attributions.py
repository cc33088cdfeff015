"""The component that finds attributions: a trained model reads the text, and its spans become quotes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc, Token
from spacy.util import minibatch

from quotes.language import cues, grammar, mending
from quotes.language.attribution_decoding import Attribution
from quotes.language.attribution_model import AttributionModel, Document
from quotes.language.marks import Quotation, overlapping, quotations
from quotes.language.paragraphs import paragraphs
from quotes.records import CueClass, Kind, Quote, Span
from quotes.settings import PACKAGE
from quotes.wording import as_read

WEIGHTS = PACKAGE / "weights" / "attributions"


def kind(text: str, spans: tuple[Span, ...], marked: tuple[Quotation, ...]) -> Kind:
    """Tell whether all, part or none of a content stands between quotation marks.

    Args:
        text: the article's text.
        spans: the content.
        marked: the quotations of the text, in order.
    """
    inside = letters = 0
    for span in spans:
        letters += _letters(text, span)
        for quotation in overlapping(marked, *span):
            for part in overlapping(quotation.spans, *span):
                inside += _letters(text, Span(max(part.start, span.start), min(part.end, span.end)))
    if not inside:
        return "indirect"
    return "direct" if inside == letters else "mixed"


def _letters(text: str, span: Span) -> int:
    return sum(character.isalnum() for character in text[span.start : span.end])


def _quote(doc: Doc, found: Attribution) -> Quote:
    text: str = doc._.text
    spans = found.content
    cue = [token for span in found.cue for token in grammar.between(doc, *span)]
    form = kind(text, spans, doc._.quotations)
    return Quote(
        kind=form,
        text=("" if form == "direct" else mending.lead(doc, cue, spans[0])) + as_read(text, spans),
        spans=spans,
        source=found.source,
        cue=found.cue,
        cue_class=_class(cue, form),
        confidence=round(found.confidence, 3),
    )


def _class(cue: list[Token], form: Kind) -> CueClass:
    if not all(grammar.is_said(token) for token in cue if token.pos_ == "VERB"):
        return "other"
    return cues.cue_class([token.lemma_.lower() for token in cue], form != "indirect")


@Language.factory(
    "quote_attribution",
    default_config={"weights": str(WEIGHTS), "threads": 1},
    requires=["token.lemma", "token.tag", "token.dep"],
    assigns=["doc._.text", "doc._.paragraphs", "doc._.quotations", "doc._.quotes"],
)
class QuoteAttribution:
    """Sets ``doc._.quotes`` to the statements of the document, each with source, cue and content.

    It also sets what the later components ask for: ``doc._.paragraphs``, ``doc._.quotations`` and ``doc._.text``,
    since spaCy makes ``doc.text`` anew whenever it is asked for.

    Args:
        nlp: the pipeline.
        name: the component's name in it.
        weights: the folder of the model.
        threads: how many threads the model may use.
    """

    def __init__(self, nlp: Language, name: str, weights: str, threads: int) -> None:
        self.model = AttributionModel(Path(weights), threads)
        for extension in ("paragraphs", "quotations", "quotes"):
            Doc.set_extension(extension, default=(), force=True)
        Doc.set_extension("text", default="", force=True)

    def __call__(self, doc: Doc) -> Doc:
        """Find the attributions of a document."""
        return next(self.pipe([doc], batch_size=1))

    def pipe(self, stream: Iterable[Doc], *, batch_size: int) -> Iterator[Doc]:
        """Find the attributions of documents, a batch going through the model together, cut by length."""
        for docs in minibatch(stream, size=batch_size):  # type: ignore[no-untyped-call]
            for doc in docs:
                doc._.text = doc.text
                doc._.paragraphs = paragraphs(doc._.text)
                doc._.quotations = quotations(doc._.text, doc._.paragraphs)
            documents = [Document.of(doc._.text, doc._.quotations) for doc in docs]
            for doc, found in zip(docs, self.model.predict(documents), strict=True):
                doc._.quotes = tuple(_quote(doc, attribution) for attribution in mending.mend(doc, found))
                yield doc
