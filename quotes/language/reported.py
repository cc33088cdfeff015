"""Who said what in other words: indirect and mixed statements, found by the grammar that a cue takes."""

from __future__ import annotations

from dataclasses import dataclass

from spacy.tokens import Doc, Token

from quotes.language import cues, grammar
from quotes.language.marks import overlapping
from quotes.records import Span

CLAUSE, INFINITIVE, JUDGEMENT, ACCORDING = 0.8, 0.75, 0.75, 0.8
FRAGMENT = 0.65
NOBODY = frozenset(("it", "there", "i", "we", "you", "this", "that", "which", "what", "these", "those", "me", "us"))
# The base pipeline takes a past tense for a participle now and then.
PAST_OR_SAME = {"VBD": ("VBD", "VBN"), "VBN": ("VBD", "VBN")}
# How far from its cue a fragment may stand, in code points.
FAR = 120
HEARER = frozenset(("dobj", "dative", "iobj"))


@dataclass(frozen=True, slots=True)
class Reported:
    """A statement in the writer's words: content, cue and source as code-point spans."""

    content: tuple[Span, ...]
    cue: tuple[Span, ...]
    source: tuple[Span, ...]
    confidence: float


def reported(doc: Doc, taken: frozenset[int], spoken: tuple[Span, ...]) -> list[Reported]:
    """Find indirect and mixed statements.

    Args:
        doc: a parsed document.
        taken: the cues that attribute a quotation already, as token indices.
        spoken: the quotations already attributed, in order; nothing inside them is a statement of its own.

    Returns:
        The statements in order of their cues, each with its source.
    """
    found = []
    inherited: dict[int, Token] = {}
    for token in doc:
        if token.i in taken:
            continue
        lemma = token.lemma_.lower()
        if lemma not in cues.VERBS and token.lower_ != cues.ACCORDING:
            continue
        if any(True for _ in overlapping(spoken, token.idx, token.idx + 1)):
            continue
        statement = _according(doc, token) if token.lower_ == cues.ACCORDING else _by_verb(doc, token, lemma, inherited)
        if statement is not None:
            found.append(statement)
    return found


def _by_verb(doc: Doc, verb: Token, lemma: str, inherited: dict[int, Token]) -> Reported | None:
    if verb.pos_ not in ("VERB", "AUX") or grammar.is_hypothetical(verb):
        return None
    if grammar.is_passive(verb):
        return _passive(doc, verb, lemma)
    noun = inherited.get(verb.i) or grammar.subject(verb)
    if noun is None or noun.lower_ in NOBODY or noun.i == verb.i:
        return None
    for content, confidence in _contents(doc, verb, lemma):
        source = _source(doc, noun, verb)
        content = _cut(doc, verb, content, source, inherited, noun)
        if source.end > source.start and content.end > content.start and not _overlap(source, content):
            cue = grammar.span_of(doc, *grammar.cue_tokens(verb))
            return Reported((content,), (cue,), (source,), confidence)
    return None


def _overlap(a: Span, b: Span) -> bool:
    return a.start < b.end and b.start < a.end


def _source(doc: Doc, noun: Token, verb: Token) -> Span:
    first, last = grammar.phrase(noun)
    if first <= verb.i <= last:
        first, last = (first, verb.i - 1) if noun.i < verb.i else (verb.i + 1, last)
    return grammar.trimmed(doc._.text, grammar.span_of(doc, first, last))


def _contents(doc: Doc, verb: Token, lemma: str) -> list[tuple[Span, float]]:
    """List what a cue may govern, by the grammar it takes; the first is the likeliest."""
    found: list[tuple[Span, float]] = []
    children = list(verb.children)
    follows = doc[verb.i + 1] if verb.i + 1 < len(doc) else None
    if lemma in cues.JUDGE_AS and (span := _judged_as(doc, verb, children)):
        found.append((span, JUDGEMENT))
    if follows is not None and follows.lower_ in cues.SAY_WITH.get(lemma, ()):
        found.append((_right_of(doc, verb, follows.i), INFINITIVE))
    if lemma in cues.SAY and lemma not in cues.ONLY_QUOTED:
        found.extend((span, CLAUSE) for child in children if (span := _clause(doc, verb, child)))
    if lemma in cues.SAY_TO or lemma in cues.URGE:
        found.extend((span, INFINITIVE) for child in children if (span := _infinitive(doc, verb, child, lemma)))
    if lemma in cues.JUDGE and lemma not in cues.DEEDS and not found:
        for child in children:
            if child.dep_ == "dobj" and child.i > verb.i and child.lower_ not in ("who", "whom"):
                found.append((Span(verb.idx, _right_of(doc, verb, child.i).end), JUDGEMENT))
    if not found and lemma in cues.SAY:
        found.extend((span, FRAGMENT) for span in _fragments(doc, verb))
    return found


def _clause(doc: Doc, verb: Token, child: Token) -> Span | None:
    if child.dep_ == "parataxis" or (child.dep_ == "ccomp" and child.i != verb.i):
        if child.i < verb.i and not _is_finite(child):
            return None
        first, last = child.left_edge.i, child.right_edge.i
        if child.i > verb.i:
            first = max(first, verb.i + 1)
            hearer = [other for other in verb.children if other.dep_ in HEARER and verb.i < other.i < child.i]
            if hearer:
                first = max(first, hearer[-1].right_edge.i + 1)
            if doc[first].lower_ == "that" and doc[first].dep_ == "mark":
                first += 1
        else:
            last = min(last, verb.i - 1)
        if not _is_finite(child) and not any(other.dep_ == "mark" for other in child.children):
            return None
        return grammar.span_of(doc, first, last) if first <= last else None
    return None


def _is_finite(verb: Token) -> bool:
    tags = ("VBD", "VBP", "VBZ", "MD")
    return verb.tag_ in tags or any(child.dep_ in ("aux", "auxpass") and child.tag_ in tags for child in verb.children)


def _infinitive(doc: Doc, verb: Token, child: Token, lemma: str) -> Span | None:
    if child.dep_ not in ("xcomp", "ccomp", "advcl") or child.i < verb.i:
        return None
    if not any(other.dep_ == "aux" and other.lower_ == "to" for other in child.children):
        return None
    objects = [other for other in verb.children if other.dep_ in HEARER and verb.i < other.i < child.i]
    subjects = [other for other in child.children if other.dep_ in grammar.SUBJECTS]
    if lemma in cues.URGE and (objects or subjects):
        first = (objects or subjects)[0].left_edge.i
    elif lemma in cues.SAY_TO and not objects and not subjects:
        first = child.left_edge.i
    else:
        return None
    return grammar.span_of(doc, max(first, verb.i + 1), child.right_edge.i)


def _judged_as(doc: Doc, verb: Token, children: list[Token]) -> Span | None:
    """Read "called the incident a war crime", "branded him as a liar": an object and what is made of it."""
    predicates = [
        child
        for child in children
        if child.i > verb.i
        and (
            child.dep_ in ("oprd", "attr")
            or (child.dep_ == "ccomp" and not _is_finite(child) and child.pos_ != "VERB")
            or (child.dep_ == "prep" and child.lower_ == "as")
        )
    ]
    objects = [child for child in children if child.dep_ in ("dobj", "ccomp", "dative") and child.i > verb.i]
    as_inside = [token for child in objects for token in child.subtree if token.lower_ == "as" and token.dep_ == "prep"]
    predicates += [
        inner
        for child in objects
        for inner in child.children
        if inner.i > child.i and inner.dep_ in ("npadvmod", "appos")
    ]
    if len(predicates) > 1 or (predicates and objects):
        return Span(verb.idx, grammar.span_of(doc, verb.i, max(child.right_edge.i for child in predicates)).end)
    if objects and verb.lemma_.lower() in cues.ONLY_JUDGE_AS:
        return _right_of(doc, verb, verb.i)
    if as_inside and objects:
        return Span(verb.idx, grammar.span_of(doc, verb.i, as_inside[0].right_edge.i).end)
    return None


def _right_of(doc: Doc, verb: Token, first: int) -> Span:
    """Take the words from token ``first`` to the end of what hangs on the verb there, leaving out later clauses."""
    last = first
    for child in verb.children:
        if child.i <= verb.i or child.dep_ in ("punct", "cc", "conj"):
            continue
        if (
            child.dep_ in ("advcl", "parataxis")
            and child.left_edge.i > first
            and doc[child.left_edge.i - 1].text == ","
        ):
            continue
        last = max(last, child.right_edge.i)
    return grammar.span_of(doc, first, max(last, doc[first].right_edge.i))


def _fragments(doc: Doc, verb: Token) -> list[Span]:
    """Read "warned of “a lost decade”": words in quotation marks that a cue governs without a clause."""
    sentence_end = verb.sent[-1].idx + 1
    quotation = next(overlapping(doc._.quotations, verb.idx, min(sentence_end, verb.idx + FAR)), None)
    if quotation is None or len(quotation.spans) > 1:
        return []
    nearer = any(
        token.lemma_.lower() in cues.VERBS and token.pos_ == "VERB"
        for token in grammar.between(doc, verb.idx + 1, quotation.start)
    )
    words = [token for token in grammar.between(doc, *quotation.spans[0]) if token.is_alpha]
    title = len(words) > 1 and all(word.text[0].isupper() or word.is_stop for word in words)
    return [] if nearer or title else [quotation.spans[0]]


def _cut(doc: Doc, verb: Token, content: Span, source: Span, inherited: dict[int, Token], noun: Token) -> Span:
    """End a content before the next cue of the same source: ", adding that ...", "and called him a liar"."""
    start, end = content
    for token in grammar.between(doc, max(start, verb.idx + 1), end):
        adding = token.tag_ == "VBG" and token.lemma_.lower() in cues.VERBS and token.nbor(-1).text == ","
        if adding or _is_coordinated_cue(token, verb):
            inherited[token.i] = noun
            end = doc[token.i - 1].idx
            break
        if token.lower_ == cues.ACCORDING:
            end = token.idx
            break
    if start < source.start < end:
        end = source.start
    return grammar.trimmed(doc._.text, Span(start, end))


def _is_coordinated_cue(token: Token, verb: Token) -> bool:
    return (
        token.dep_ == "conj"
        and token.tag_ in PAST_OR_SAME.get(verb.tag_, (verb.tag_,))
        and token.lemma_.lower() in cues.VERBS
        and token.i > 0
        and token.nbor(-1).dep_ == "cc"
        and not any(child.dep_ in grammar.SUBJECTS for child in token.children)
    )


def _passive(doc: Doc, verb: Token, lemma: str) -> Reported | None:
    """Read "was branded a liar by the union": the passive of a verb of judging, with its agent."""
    by = grammar.agent(verb)
    if by is None or lemma not in cues.JUDGE | cues.JUDGE_AS:
        return None
    source = _source(doc, by, verb)
    subjects = [child for child in verb.children if child.dep_ in grammar.SUBJECTS]
    if not subjects:
        return None
    first = subjects[0].left_edge.i
    last = max(verb.i, by.head.i - 1)
    content = grammar.trimmed(doc._.text, grammar.span_of(doc, first, last))
    cue = grammar.span_of(doc, *grammar.cue_tokens(verb))
    return Reported((content,), (cue,), (source,), JUDGEMENT)


def _according(doc: Doc, token: Token) -> Reported | None:
    """Read "According to the report, ..." and "..., according to the report"."""
    to = doc[token.i + 1] if token.i + 1 < len(doc) else None
    if to is None or to.lower_ != "to":
        return None
    noun = next((child for head in (to, token) for child in head.children if child.dep_ == "pobj"), None)
    if noun is None:
        return None
    first, last = grammar.phrase(noun)
    source = grammar.trimmed(doc._.text, grammar.span_of(doc, max(first, to.i + 1), last))
    sentence = token.sent
    before = [other for other in doc[sentence.start : token.i] if other.is_alpha]
    if before:
        head = token.head if token.head.i < token.i else token
        while (
            head.dep_ in ("pobj", "prep", "pcomp", "dobj", "attr", "xcomp", "acl", "conj")
            and head.head.i < token.i
            and head.head is not head
        ):
            head = head.head
        start = max(head.left_edge.i, sentence.start) if head is not token else sentence.start
        content = Span(doc[start].idx, token.idx)
    else:
        end, begin = sentence[-1], noun.right_edge
        content = Span(max(source.end, begin.idx + len(begin.text)), end.idx + len(end.text))
    content = grammar.trimmed(doc._.text, content)
    content = _without_full_stop(doc._.text, content)
    if content.end <= content.start:
        return None
    return Reported((content,), (Span(token.idx, to.idx + len(to.text)),), (source,), ACCORDING)


def _without_full_stop(text: str, span: Span) -> Span:
    start, end = span
    while end > start and text[end - 1] in ". \n,":
        end -= 1
    return Span(start, end)
