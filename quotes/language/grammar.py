"""What the rules ask of a parse: whose verb it is, where its phrases begin and end. Works on plain spaCy tokens."""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Doc, Token

from quotes.records import Span

SUBJECTS = frozenset(("nsubj", "nsubjpass", "csubj"))
CLAUSES = frozenset(("relcl", "acl", "advcl", "parataxis", "ccomp"))
CLIMBED = frozenset(("conj", "xcomp", "advcl", "acl", "prep", "pcomp", "pobj", "dobj", "ccomp", "npadvmod", "attr"))
MAX_CLIMB = 6
UNREAL = frozenset(("would", "could", "might", "may", "should", "must", "can", "'d"))


def span_of(doc: Doc, first: int, last: int) -> Span:
    """Give the code points from token ``first`` to token ``last``, both included."""
    end = doc[last]
    return Span(doc[first].idx, end.idx + len(end.text))


def phrase(noun: Token) -> tuple[int, int]:
    """Give the first and last token of a noun phrase, without the clauses that hang on it.

    Appositions stay ("Ada Vell, a spokeswoman for the bank"), "who ..." does not.
    """
    first, last = noun.left_edge.i, noun.right_edge.i
    for child in noun.children:
        if child.dep_ in CLAUSES and child.i > noun.i:
            last = min(last, child.left_edge.i - 1)
        elif child.i < noun.i and child.dep_ in CLAUSES:
            first = max(first, child.right_edge.i + 1)
    for token in noun.doc[noun.i + 1 : last + 1]:
        if token.tag_ in ("WP", "WP$", "WDT") and noun.doc[token.i - 1].text == ",":
            last = token.i - 1
            break
    while last > noun.i and (
        noun.doc[last].is_punct or noun.doc[last].is_space or noun.doc[last].dep_ in ("cc", "prep")
    ):
        last -= 1
    while last + 1 < len(noun.doc) and noun.doc[last].text[0].isupper() and _goes_on(noun.doc[last + 1]):
        last += 1
    while first < noun.i and (
        noun.doc[first].is_punct or noun.doc[first].is_space or noun.doc[first].ent_type_ in ("DATE", "TIME")
    ):
        first += 1
    return first, last


def _goes_on(token: Token) -> bool:
    """Tell whether a capitalised word is the next word of a name that the parse has cut in two."""
    return (
        token.text[0].isupper()
        and (token.is_alpha or "’" in token.text)
        and not token.is_stop
        and not token.is_sent_start
    )


def subject(verb: Token) -> Token | None:
    """Find who does what a verb says: its own subject, or that of the verb it hangs on ("..., adding that")."""
    seen = verb
    for _ in range(MAX_CLIMB):
        own = [child for child in seen.children if child.dep_ in SUBJECTS]
        if own:
            found = own[-1] if len(own) > 1 and seen is not verb else own[0]
            return _antecedent(found, seen) if found.tag_ in ("WP", "WDT") else found
        if seen.dep_ == "relcl" or (seen.dep_ == "acl" and seen is verb and seen.head.pos_ == "PROPN"):
            return seen.head
        if seen.dep_ not in CLIMBED or seen.head is seen:
            return None
        seen = seen.head
    return None


def _antecedent(pronoun: Token, verb: Token) -> Token:
    return verb.head if verb.dep_ == "relcl" else pronoun


def agent(verb: Token) -> Token | None:
    """Find who does what a passive verb says: "by ...", also where the parse hangs it on "was called a liar by"."""
    predicates = [inner for child in verb.children if child.dep_ in ("oprd", "attr") for inner in child.children]
    for child in [*verb.children, *predicates]:
        if child.dep_ == "agent" or (child.dep_ == "prep" and child.lower_ == "by"):
            for noun in child.children:
                if noun.dep_ == "pobj":
                    return noun
    return None


def is_passive(verb: Token) -> bool:
    """Tell whether a verb form is passive: "was called", "known as" after a noun."""
    return any(child.dep_ in ("auxpass", "nsubjpass") for child in verb.children)


def is_said(verb: Token) -> bool:
    """Tell whether a verb tells of something said, and not that it was not, or might be: "would say", "if she says"."""
    for child in verb.children:
        if child.dep_ == "neg" and verb.lemma_ != "deny":
            return False
        if child.dep_ == "aux" and child.lower_ in UNREAL:
            return False
        if child.dep_ == "mark" and child.lower_ in ("if", "unless"):
            return False
    return True


def between(doc: Doc, start: int, end: int) -> Iterator[Token]:
    """Yield the tokens that begin inside the code points [start, end), white space left out."""
    low, high = 0, len(doc)
    while low < high:
        middle = (low + high) // 2
        if doc[middle].idx < start:
            low = middle + 1
        else:
            high = middle
    for token in doc[low:]:
        if token.idx >= end:
            return
        if not token.is_space:
            yield token
