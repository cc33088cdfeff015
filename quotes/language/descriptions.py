"""What a description such as "the finance minister" or "his family" is: its type, and whom it fits."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping

from spacy.tokens import Doc, Token

from quotes.language import offices
from quotes.language.mentions import Person
from quotes.language.offices import ORGANISATION_WORDS, OTHERS, POLITICAL, RELATIONS
from quotes.records import SpeakerType

INDEFINITE = frozenset(("a", "an", "one", "another", "some", "any"))
DOCUMENTS = frozenset(
    """report study poll survey text statement letter document review record figure datum book law bill dossier
    editorial article story column memo email filing ruling lawsuit complaint indictment""".split()
)
GROUP_WORDS = frozenset(
    """family couple pair duo trio crowd audience majority minority public people percent staff crew jury group
    households residents gang clan""".split()
)
BODIES = frozenset(("ORG", "GPE", "FAC", "LOC", "PRODUCT", "WORK_OF_ART", "LAW", "EVENT"))
# Of these an article may have many, so that one without a name is not the named one further on.
COMMON = frozenset("spokesman official source expert analyst reporter journalist aide adviser correspondent".split())
# An unnamed lead ("A judge said on Monday ...") gets its name within so many paragraphs.
LEAD = 3
# How far after the first word of a name its bearer's place or party may stand, in tokens.
BESIDE = 9


def is_several(head: Token, tokens: list[Token]) -> bool:
    """Tell whether a source joins several by "and": "Ada Vell and Tomas Orm", not "the mayor and party leader"."""
    inside = {token.i for token in tokens}
    for child in head.children:
        if child.dep_ != "conj" or child.i not in inside or child.pos_ not in ("NOUN", "PROPN", "PRON"):
            continue
        if offices.is_office(child) and (offices.is_office(head) or child.tag_ in ("NN", "NNP")):
            determined = any(one.dep_ in ("det", "poss") for one in child.children)
            if not determined:
                continue
        return True
    return False


def type_of(tokens: list[Token], head: Token) -> SpeakerType:
    """Tell what kind of speaker a description is; "person" is one whose office may tell who it is."""
    lower = head.lower_
    if lower in GROUP_WORDS:
        return "group"
    if lower in ORGANISATION_WORDS or head.lemma_.lower() in DOCUMENTS:
        return "organisation"
    if head.ent_type_ == "ORG" and len(tokens) > 1 and head.text[0].isupper():
        return "organisation"
    if _is_compatriot(tokens, head):
        return "person"
    if head.tag_ in ("NNS", "NNPS") or head.ent_type_ == "NORP":
        return "group"
    if offices.is_office(head) or lower in RELATIONS or lower in OTHERS:
        return "person"
    if head.ent_type_ in BODIES or (head.pos_ == "PROPN" and tokens[0].lower_ not in INDEFINITE):
        return "organisation"
    return "unnamed"


def _is_compatriot(tokens: list[Token], head: Token) -> bool:
    """Tell whether a description is "the Swede"."""
    return (
        head.ent_type_ == "NORP" and head.tag_ in ("NN", "NNP") and [t.lower_ for t in tokens] == ["the", head.lower_]
    )


def bearer(
    doc: Doc, people: Iterable[Person], unnamed: Mapping[Person, int], tokens: list[Token], head: Token
) -> Person | None:
    """Find the one whose office a description gives.

    Args:
        doc: the document.
        people: those whom the article names.
        unnamed: those of the same main noun whom it does not name, with the token where they were last met.
        tokens: the description.
        head: its main noun.

    Returns:
        The best fitting person, of equals the one last met; None where nobody fits, or several fit badly.
    """
    clause = next((place for place, token in enumerate(tokens) if token.tag_ in ("WP", "WP$", "WDT")), len(tokens))
    tokens = tokens[: max(clause, 1)]
    wanted = offices.office(doc[tokens[0].i : tokens[-1].i + 1].text)
    owned = next((token for token in tokens if token.tag_ == "PRP$"), None)
    proper = {part for token in tokens if token.text[0].isupper() for part in offices.office(token.text + " x").others}
    fitting: dict[Person, int] = {}
    told = offices.gender(head.text)
    for person in people:
        if {told, person.gender} == {"female", "male"}:
            continue
        fits = [
            fit
            for role in person.roles
            if (fit := offices.fit(wanted, given := offices.office(role))) is not None
            and not (owned and given.others)
            and all(_stands_beside(doc, person, word) for word in wanted.others - given.others if word in proper)
        ]
        if fits:
            fitting[person] = max(fits)
    definite = tokens[0].lower_ in ("the", "this", "that") or owned is not None or _is_owned(tokens, head)
    at = tokens[0].i
    known = {person: fit for person, fit in fitting.items() if person.mentions[0] < at}
    if not definite:
        return _introduced_later(doc, fitting, known, wanted.head, at)
    if (not known and len(fitting) > 1) or (known and max(known.values()) < 0 and len(known) > 1):
        known = {}
    best = max(known, key=lambda one: (known[one], _last_before(one, at)), default=None)
    met = max(unnamed, key=lambda one: unnamed[one], default=None)
    if met is not None and tokens[0].lower_ == "the" and (best is None or _last_before(best, at) < unnamed[met]):
        return met
    if best is None and len(fitting) == 1:
        (best,) = fitting
    return best


def _stands_beside(doc: Doc, person: Person, word: str) -> bool:
    """Tell whether a place or party stands right after a name: "Gov. Ada Vell of Orm", "Ada Vell (D-Orm)"."""
    for at in person.mentions:
        after = doc[at + 1 : at + BESIDE]
        names_beside = {
            part for token in after if token.text[0].isupper() for part in offices.office(token.text + " x").others
        }
        # "Ukrainian" and "Ukraine" begin alike.
        if any(other == word or (len(word) > 4 and other[:4] == word[:4]) for other in names_beside):
            return True
    return False


def _is_owned(tokens: list[Token], head: Token) -> bool:
    return any(token.dep_ == "poss" and token.head == head for token in tokens)


def _introduced_later(
    doc: Doc, fitting: dict[Person, int], known: dict[Person, int], head: str, at: int
) -> Person | None:
    """Name "A New York judge" of the lead, where the article goes on to name just one judge."""
    block = bisect_right([paragraph.start for paragraph in doc._.paragraphs], doc[at].idx)
    if head in COMMON or known or len(fitting) != 1 or block > LEAD:
        return None
    return next(iter(fitting))


def _last_before(person: Person, at: int) -> int:
    return max((other for other in person.mentions if other < at), default=-1)


def may_be(person: Person, tokens: list[Token], head: Token) -> bool:
    """Tell whether a description may be of the person just spoken of, whom the article gives no such office."""
    if tokens[0].lower_ != "the" or _is_owned(tokens, head):
        return False
    told = offices.gender(head.text)
    if told and person.gender and told != person.gender:
        return False
    aged = any(token.lower_.endswith("year-old") or token.lower_ == "old" for token in tokens)
    if head.lower_ in OTHERS or aged or _is_compatriot(tokens, head):
        return True
    return head.lower_ in POLITICAL and not person.roles
