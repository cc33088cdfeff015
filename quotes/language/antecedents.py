"""What "it", "this", "they" and "the company" of a quote mean: what the words before the quote are about.

After centering theory (Grosz, Joshi & Weinstein, Centering: A Framework for Modeling the Local Coherence of Discourse,
Computational Linguistics 1995): what a sentence speaks of is most likely what the one before it has as its subject,
then its object; and the nearer sentence counts more. What an article keeps coming back to counts more, too.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator
from typing import NamedTuple

from spacy.tokens import Doc, Token

from quotes.language import grammar, issues
from quotes.language.entities import Naming
from quotes.people.countries import country_of
from quotes.records import TargetType

SINGULAR = frozenset(("it", "its", "this", "that", "itself"))
PLURAL = frozenset(("they", "them", "their", "these", "those", "themselves"))
POINTING = frozenset(("this", "that"))
CLAUSAL = frozenset(("ccomp", "xcomp", "csubj"))
PREDICATES = frozenset(("acomp", "attr", "oprd"))
# Words for a kind of body or place that a name may belong to without having the word in it.
BODIES = frozenset(
    "agency association body business charity company corporation firm group organisation organization".split()
)
LAWS = frozenset("act bill law legislation".split())
COUNTRIES = frozenset(("country", "nation"))
ABOUT_WHAT = frozenset(("of", "about", "regarding", "over", "against"))
ASKED = frozenset(("ask", "question", "press", "challenge"))
# Verbs with which "I" only introduces what is said, or says how the speaker feels about it.
MINDED = frozenset(
    """think believe know hope say mean guess want wish see hear feel understand remember suppose expect imagine wonder
    doubt tell ask talk speak like love hate admire respect thank look agree disagree go need""".split()
)
# "This is a sad day" is about no day.
TIMES = frozenset("time moment day week month year hour night morning era age period".split())
SENTENCES_BACK = 2
REACH = 150
NAMED, SUBJECT, OFTEN, MOST_OFTEN, A_SENTENCE, LEAST = 1.0, 1.0, 0.25, 3.0, 0.6, 0.5


class Thing(NamedTuple):
    """Something that a sentence speaks of: its tokens, name, type, number, and how much speaks for it."""

    start: int
    end: int
    name: str
    type: TargetType
    plural: bool
    weight: float


def standing(root: Token) -> float:
    """Weigh a place in the clause: the subject most, then an object, then an owner."""
    if root.dep_ in grammar.SUBJECTS:
        return SUBJECT
    if root.dep_ in ("dobj", "pobj"):
        return 0.6
    return 0.4 if root.dep_ == "poss" else 0.0


class Context:
    """What the sentences of an article speak of, read once for each sentence that is asked for.

    Args:
        doc: a parsed document.
        named: what ``entities.namings`` gives for it.
        matter: what ``issues.read`` gives for it.
        often: how often each name stands in it.
    """

    def __init__(self, doc: Doc, named: dict[int, Naming], matter: issues.Matter, often: Counter[str]) -> None:
        self.doc, self.named, self.matter, self.often = doc, named, matter, often
        self._read: dict[int, list[Thing]] = {}

    def of(self, pronoun: Token, tokens: list[Token]) -> Thing | None:
        """Find what a pronoun means, of what stands before the quote.

        Args:
            pronoun: "it", "this", "they" and the like.
            tokens: the tokens of the quote.
        """
        return self._best(pronoun, tokens, lambda thing: _agrees(thing, pronoun))

    def chief(self, tokens: list[Token]) -> Thing | None:
        """Find what was spoken of just before a quote, but for people."""
        return self._best(tokens[0], tokens, lambda thing: thing.type in ("issue", "group", "organisation"))

    def _best(self, token: Token, tokens: list[Token], fits: Callable[[Thing], bool]) -> Thing | None:
        inside = {other.i for other in tokens}
        best: tuple[float, Thing] | None = None
        for back, sentence in enumerate(self._before(token)):
            for thing in self.things(sentence):
                weight = thing.weight - A_SENTENCE * back
                if thing.start > token.i or thing.start in inside or weight < LEAST or not fits(thing):
                    continue
                if best is None or weight > best[0]:
                    best = weight, thing
        return best[1] if best else None

    def _before(self, token: Token) -> Iterator[int]:
        start = token.sent.start
        yield start
        for _ in range(SENTENCES_BACK):
            if start:
                start = self.doc[start - 1].sent.start
                yield start

    def things(self, start: int) -> list[Thing]:
        """Read what a sentence speaks of, given the token with which it begins."""
        if start not in self._read:
            tokens = list(self.doc[start].sent)
            found: list[Thing] = []
            for naming in {self.named[t.i].start: self.named[t.i] for t in tokens if t.i in self.named}.values():
                root = self.doc[naming.start : naming.end].root
                weight = NAMED + standing(root) + OFTEN * min(math.log2(self.often[naming.name]), MOST_OFTEN)
                found.append(Thing(*naming, root.tag_ in ("NNS", "NNPS"), weight))
            for issue in issues.issues(tokens, self.named, self.matter):
                found.append(Thing(*issue[:4], issue.plural, issue.weight))
            self._read[start] = found
        return self._read[start]

    def described(self, noun: Token) -> Naming | None:
        """Find what "the company" or "this act" means: the name before it that may be called so."""
        if [child.lower_ for child in noun.lefts] not in (["the"], ["this"], ["that"]):
            return None
        if any(child.dep_ in ("prep", "relcl", "acl") for child in noun.rights):
            return None
        word = noun.lemma_.lower()
        fitting: list[Naming] = []
        for at in range(noun.i - 1, max(-1, noun.i - REACH), -1):
            naming = self.named.get(at)
            if naming is not None and _may_be_called(naming, word):
                fitting.append(naming)
        if word in COUNTRIES:
            return next(iter(fitting), None)
        return max(fitting, key=lambda naming: self.often[naming.name], default=None)


def _agrees(thing: Thing, pronoun: Token) -> bool:
    """Tell whether a pronoun may mean a thing: "this" no place and no body, "it" a place of which something is told."""
    if pronoun.lower_ in PLURAL:
        return thing.type == "organisation" or (thing.plural and thing.type in ("group", "issue"))
    if thing.plural and thing.type != "organisation":
        return False
    if thing.type == "place":
        return pronoun.lower_ not in POINTING and thing.weight >= NAMED + SUBJECT
    return thing.type == "issue" or (thing.type == "organisation" and pronoun.lower_ not in POINTING)


def _may_be_called(naming: Naming, word: str) -> bool:
    last = naming.name.split()[-1].casefold()
    if word in LAWS:
        return last in LAWS and naming.type in ("issue", "organisation")
    if naming.type == "place":
        return word in COUNTRIES and country_of(naming.name) is not None
    if naming.type == "organisation":
        return word in BODIES or (last == word and " " in naming.name)
    return naming.type == "issue" and last == word and " " in naming.name


def pointers(tokens: list[Token], named: dict[int, Naming]) -> Iterator[Token]:
    """Yield the first "it" and the first "they" of a quote that mean nothing which the quote itself names before.

    Args:
        tokens: the tokens of the quote.
        named: the names of the article.
    """
    singular = plural = True
    for token in tokens:
        if token.lower_ in PLURAL and plural and _stands_for_something(token):
            yield token
            plural = False
        elif token.lower_ in SINGULAR and singular and _stands_for_something(token):
            yield token
            singular = False
        elif token.tag_ in ("NNS", "NNPS"):
            plural = False
        elif token.i in named and named[token.i].type != "person":
            singular = plural = False
        elif token.tag_ == "NN" and token.dep_ in (*grammar.SUBJECTS, "dobj"):
            singular = False


def _stands_for_something(token: Token) -> bool:
    if token.tag_ not in ("PRP", "PRP$", "DT") or token.dep_ in ("det", "mark", "expl"):
        return False
    if token.dep_ not in grammar.SUBJECTS:
        return True
    time = any(child.dep_ == "attr" and child.lemma_.lower() in TIMES for child in token.head.children)
    return not time and not (token.lower_ == "it" and _announces(token.head))


def _announces(verb: Token) -> bool:
    """Tell whether a verb has a clause for which "it" holds the place: "it is important to stop him"."""
    predicates = [child for child in verb.children if child.dep_ in PREDICATES]
    after = [*verb.rights, *(inner for predicate in predicates for inner in predicate.rights)]
    return bool(predicates) and any(
        child.dep_ in CLAUSAL or (child.dep_ == "acl" and child.tag_ == "VB") for child in after
    )


def spoken_about(cue: Token) -> Iterator[Token]:
    """Yield the nouns that say what is spoken about: "said of the plan", "asked about the plan, he said"."""
    asked = [child for child in cue.children if child.dep_ == "advcl" and child.lemma_.lower() in ASKED]
    for verb in (cue, *asked):
        for child in verb.children:
            if child.dep_ == "prep" and child.lower_ in ABOUT_WHAT:
                yield from (noun for noun in child.children if noun.dep_ == "pobj")


def is_spoken_of(pronoun: Token) -> bool:
    """Tell whether a clause tells something of whom a pronoun means, and not just that he thinks or says something."""
    verb = pronoun.head
    if pronoun.dep_ not in grammar.SUBJECTS:
        return pronoun.dep_ in ("dobj", "pobj", "attr")
    if verb.lemma_.lower() == "be":
        return any(child.dep_ in ("attr", "acomp", "oprd") for child in verb.children)
    return verb.lemma_.lower() not in MINDED
