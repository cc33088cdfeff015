"""Which organisation a short word means: "the newspaper", "the department", "it"."""

from __future__ import annotations

import re

from spacy.tokens import Doc

PUBLICATIONS = frozenset("newspaper paper magazine daily tabloid broadsheet weekly journal".split())
NAMES_OF_PUBLICATIONS = frozenset(
    """times post gazette herald telegraph guardian mail mirror sun express independent observer journal tribune
    chronicle echo star standard argus review news courier press bulletin globe inquirer examiner register sentinel
    dispatch economist spectator statesman monitor magazine newspaper daily weekly""".split()
)
DEPARTMENTS = frozenset(("department", "ministry"))
NAMES_OF_DEPARTMENTS = DEPARTMENTS | frozenset(("office", "treasury"))
# Bodies of which a country has one: "the government" is nobody named before.
UNIQUE = frozenset(
    "government police army navy court house senate parliament congress opposition cabinet administration".split()
)
ORGANISATIONS = frozenset(("ORG", "WORK_OF_ART", "PRODUCT"))
ARTICLE = re.compile(r"^[Tt]he (?=[A-Z])")


def organisations(doc: Doc) -> list[tuple[int, str]]:
    """List the organisations that an article names, as the base pipeline sees them.

    Returns:
        The first token and the name of each mention, without "the", in order.
    """
    return [
        (entity.start, re.sub(r"['’]s?$", "", ARTICLE.sub("", entity.text.strip())))
        for entity in doc.ents
        if entity.label_ in ORGANISATIONS and "\n" not in entity.text
    ]


def full_name(name: str, known: list[tuple[int, str]]) -> str:
    """Give the full name of a publication: "the Times" is the New York Times where that was named."""
    name = ARTICLE.sub("", name)
    if name.lower() not in NAMES_OF_PUBLICATIONS:
        return name
    longer = [other for _, other in known if other.endswith(f" {name}")]
    return max(longer, key=len, default=name)


def named_before(head: str, at: int, known: list[tuple[int, str]]) -> str | None:
    """Find which organisation "the newspaper" or "the commission" was.

    Args:
        head: the main noun, lower case.
        at: the token where it stands.
        known: what :func:`organisations` gives.
    """
    if head in UNIQUE:
        return None
    if head in PUBLICATIONS:
        wanted = NAMES_OF_PUBLICATIONS | {head}
    else:
        wanted = NAMES_OF_DEPARTMENTS if head in DEPARTMENTS else frozenset((head,))
    for start, name in reversed(known):
        if start < at and wanted & set(name.lower().split()):
            return full_name(name, known)
    return None
