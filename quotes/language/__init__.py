"""From text to quotes: a spaCy pipeline, one component a file, in the order in which they run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import spacy
from spacy.language import Language
from spacy.tokens import Doc

from quotes.errors import PipelineError
from quotes.language import (  # noqa: F401  (registers the factories)
    attributions,
    occasions,
    paragraphs,
    speakers,
    stances,
    topics,
)
from quotes.language.tokens import BoundedTokenizer
from quotes.records import Article, Quote
from quotes.settings import Settings

COMPONENTS = ("quote_attribution", "quote_speakers", "quote_occasions", "quote_stances", "quote_topics")
NEEDED = ("tagger", "parser", "ner")


def load_pipeline(settings: Settings) -> Language:
    """Load the base pipeline that the settings name and add our components to it.

    Args:
        settings: names the pipeline.

    Returns:
        A pipeline that sets ``doc._.quotes``.

    Raises:
        PipelineError: the pipeline is not installed, or lacks a tagger, a parser or named entities.
    """
    try:
        nlp = spacy.load(settings.pipeline)
    except OSError as error:
        raise PipelineError(
            f"The spaCy pipeline {settings.pipeline!r} is not installed.",
            f"Install it, or set pipeline in quotes.toml to {Settings().pipeline!r}.",
        ) from error
    missing = [name for name in NEEDED if name not in nlp.pipe_names]
    if missing:
        raise PipelineError(
            f"The spaCy pipeline {settings.pipeline!r} has no {' and no '.join(missing)}.",
            "Set pipeline in quotes.toml to an English pipeline that has them.",
        )
    nlp.tokenizer = BoundedTokenizer(nlp.tokenizer)
    nlp.add_pipe("paragraph_starts", before="parser")
    for name in COMPONENTS:
        nlp.add_pipe(name)
    nlp.max_length = settings.max_characters + 1
    return nlp


def read_quotes(
    nlp: Language, articles: Iterable[Article], batch_size: int = 16
) -> Iterator[tuple[Article, tuple[Quote, ...]]]:
    """Find the quotes of articles.

    Args:
        nlp: what ``load_pipeline`` gives.
        articles: in any number; read as they come.
        batch_size: how many go through the pipeline together.

    Yields:
        Each article with its quotes, in the order given.
    """
    # What the vocabulary learns of these articles is forgotten after them, or it would grow with every new word.
    with nlp.memory_zone():
        for doc in nlp.pipe((_doc(nlp, article) for article in articles), batch_size=batch_size):
            yield doc._.article, doc._.quotes


def _doc(nlp: Language, article: Article) -> Doc:
    doc = nlp.make_doc(article.text)
    doc._.article = article
    return doc
