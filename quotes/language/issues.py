"""The issues that a quote is about: short noun phrases in the places where a clause names its matter."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Container, Mapping
from typing import NamedTuple

import numpy as np
from spacy.tokens import Doc, Token

from quotes.language.mentions import OFFICES
from quotes.records import TargetType

Phrase = list[Token]


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Nouns that name no matter by themselves, whatever stands before them.
EMPTY = _words(
    """
    addition amount answer anticipation anybody anyone anything basis beginning behalf bit case century chance couple
    course day decade dollar end evening everybody everyone everything example eye fact fan fellow form front future
    god guy half hand head hell hope hour idea kid kind long-term lot majority matter mind minority minute
    moment month morning mr mrs ms name night nobody none nothing number one order other part past percent piece
    place point position range reason regard respect rest second sense series side sir somebody someone
    something sort stage step stuff thing time today tomorrow type way week while word year
    """
)
# Nouns that name a matter only with something that says which.
VAGUE = _words(
    """
    issue problem question case situation people person man woman group world country nation effort process
    situation state area level result role work party total member life family home child area concern news statement
    comment remark story speech message line event action change reaction conversation discussion interview
    difference position record ability attempt detail pressure comfort doubt ground weight benefit truth goal
    light phrase script danger habit experience influence language generation picture chunk premise promise
    """
)
# Words for people in the plural, beside the offices and what ends in -ist, -ian and the like.
PEOPLE = _words(
    """
    people person man woman child family voter worker citizen immigrant migrant refugee student parent teacher
    grandparent supporter member farmer leader official soldier veteran victim troop taxpayer consumer customer employee
    employer executive critic opponent protester demonstrator politician lawmaker minister peer lord patient doctor
    nurse     pensioner tenant landlord owner driver fisherman miner folk kid resident villager neighbour neighbor
    banker lobbyist donor investor manager trader user reader viewer player fan officer general responder fighter
    rebel terrorist criminal prisoner guard youth girl boy mother father husband wife minority community
    survivor petitioner genius stranger participant candidate delegate councillor mp colleague friend ally enemy expert
    """
)
BODIES = _words(
    """
    government ministry department parliament senate congress house court council committee commission party union
    agency police army campaign administration opposition cabinet military
    """
)
# Adjectives that stand for people after "the".
KINDS_OF_PEOPLE = _words(
    """
    rich poor wealthy powerful privileged elderly old young sick ill disabled unemployed jobless homeless vulnerable
    needy weak dead wounded blind deaf oppressed
    """
)
NO_DOING = _words("going being having saying according including regarding concerning following considering")
COLLECTIVE = frozenset(("people", "folk", "community", "minority", "youth", "family", "police"))
PEOPLE_ENDINGS = ("ist", "ian", "eer", "crat", "man", "woman", "men", "women")
# "a number of refugees" is about refugees, "a need for transparency" about transparency.
SEE_THROUGH = _words(
    """
    number lot majority minority most million thousand hundred billion some many need lack kind sort type form range
    series group part rest half plenty deal bit piece instance case example set amount level portion issue question
    """
)
MATTER = _words("about on against for over regarding concerning toward towards into without")
TAKING_SIDES = _words(
    """
    support oppose back favor favour reject want need fight condemn praise criticise criticize defend attack end stop
    ban protect save promote demand seek welcome blame denounce abolish repeal scrap cut increase raise
    call describe brand label dub term consider regard deem improve pass block halt
    """
)
# Verbs that make one idea with their object: "make a promise", "take comfort".
LIGHT_VERBS = _words("make take give do get pay put play lose keep hold bear")
NO_MATTER = frozenset(("DATE", "TIME", "CARDINAL", "ORDINAL", "PERCENT", "MONEY", "QUANTITY"))
PREDICATES = frozenset(("attr", "oprd", "acomp"))
DEPENDENT = frozenset(("relcl", "advcl", "npadvmod"))
LONGEST = 5
SUBJECT, JUDGED, OBJECT, SIDE, ABOUT, OTHER, DEEPER, NAMED_SO, LATER, OFTEN, MOST_OFTEN, ONCE = (
    1.3,
    1.6,
    0.9,
    1.4,
    1.2,
    0.5,
    0.3,
    0.3,
    0.02,
    0.25,
    3.0,
    0.1,
)


class Matter(NamedTuple):
    """What an article speaks of: phrases that say which by the lemma of their noun, and how often each noun comes."""

    phrases: dict[str, list[Phrase]]
    times: Counter[str]


class Issue(NamedTuple):
    """A phrase that may be what a quote is about: its tokens, name, type, how much speaks for it, and its number."""

    start: int
    end: int
    name: str
    type: TargetType
    weight: float
    plural: bool


def issues(tokens: list[Token], taken: Container[int], matter: Matter) -> list[Issue]:
    """Find the noun phrases that a quote is about.

    Args:
        tokens: the tokens of its content.
        taken: tokens that belong to names; a phrase whose head is one is no issue.
        matter: what ``read`` gives for the whole article.

    Returns:
        The phrases in order, each with its weight: a subject or object of the main clause weighs more than one that
        stands deeper.
    """
    inside = {token.i for token in tokens}
    found: list[Issue] = []
    for noun in tokens:
        doing = _doing(noun, inside)
        if doing is not None:
            weight = _weight(noun, inside) + (NAMED_SO if len(doing) > 1 else 0.0) - LATER * len(found)
            found.append(Issue(doing[0].i, doing[-1].i + 1, _name(doing), "issue", weight, False))
        elif _is_a_kind_of_people(noun):
            weight = _weight(noun, inside) - LATER * len(found)
            found.append(Issue(noun.i - 1, noun.i + 1, f"the {noun.lower_}", "group", weight, True))
        if (
            noun.pos_ not in ("NOUN", "PROPN")
            or doing is not None
            or noun.i in taken
            or noun.dep_ in ("compound", "nmod", "amod", "npadvmod")
        ):
            continue
        if noun.ent_type_ in NO_MATTER or _is_predicate(noun, inside):
            continue
        if _is_somebody(noun) and noun.tag_ not in ("NNS", "NNPS") and noun.lemma_.lower() not in COLLECTIVE:
            continue
        words = _phrase(noun, inside, taken)
        if words is None:
            continue
        start, end = words[0].i, words[-1].i + 1
        if len(words) == 1:
            words = _spelled_out(noun, matter.phrases)
        if len(words) == 1 and noun.lemma_.lower() in VAGUE and not _is_bare(noun):
            continue
        weight = _weight(noun, inside) + (NAMED_SO if len(words) > 1 else 0.0) - LATER * len(found)
        weight += OFTEN * min(math.log2(matter.times[noun.lemma_.lower()] or 1), MOST_OFTEN) - ONCE
        found.append(Issue(start, end, _name(words), _type(noun), weight, noun.tag_ in ("NNS", "NNPS")))
    return [issue for issue in found if not any(_within(issue, other) for other in found)]


def _doing(verb: Token, inside: Container[int]) -> Phrase | None:
    """Give the words for something that is done, where that is the matter: "raising taxes", "not voting".

    It is where it is a subject, what is spoken "about", or what somebody supports or opposes; by itself only a subject.
    """
    if verb.tag_ != "VBG" or verb.lower_ in NO_DOING:
        return None
    head = verb.head
    subject = verb.dep_ in ("csubj", "csubjpass", "nsubj")
    about = verb.dep_ == "pcomp" and head.lower_ in MATTER - {"without", "into"}
    if not (subject or about or (verb.dep_ in ("xcomp", "dobj") and head.lemma_.lower() in TAKING_SIDES)):
        return None
    first = next((child.i for child in verb.lefts if child.dep_ == "neg"), verb.i)
    last = next((child.i for child in verb.rights if child.dep_ == "dobj"), None)
    if last is None:
        last = next((child.i for child in verb.rights if child.dep_ == "prt"), verb.i)
    words = [token for token in verb.doc[first : last + 1] if token.tag_ not in ("PRP", "PRP$") and not token.is_punct]
    if verb.doc[last].pos_ == "PRON" or len(words) > LONGEST or any(token.i not in inside for token in words):
        return None
    return words if len(words) > 1 or subject else None


def _is_a_kind_of_people(adjective: Token) -> bool:
    """Tell whether an adjective stands for people: "the poor", but not "the poor harvest"."""
    noun = adjective.dep_ in ("nsubj", "nsubjpass", "dobj", "pobj", "dative", "conj")
    return noun and adjective.lower_ in KINDS_OF_PEOPLE and adjective.i > 0 and adjective.nbor(-1).lower_ == "the"


def read(doc: Doc) -> Matter:
    """Count the nouns of an article, and gather the phrases that say which: "tax plan", "the court's decision".

    A later "the plan" or "that decision" is then given the same name, and what an article keeps coming back to is more
    likely what its quotes are about.
    """
    found: dict[str, list[Phrase]] = {}
    times: Counter[str] = Counter()
    for at in np.flatnonzero(doc.to_array("POS") == doc.vocab.strings["NOUN"]):
        noun = doc[int(at)]
        lemma = noun.lemma_.lower()
        times[lemma] += 1
        which = [child for child in noun.lefts if child.dep_ in ("compound", "nmod") and child.is_alpha]
        if which and lemma not in EMPTY and noun.i - which[0].i < LONGEST - 1:
            words = list(doc[which[0].i : noun.i + 1])
            if all(token.is_alpha or token.text == "-" for token in words):
                found.setdefault(lemma, []).append(words)
    return Matter(found, times)


def _spelled_out(noun: Token, fuller: Mapping[str, list[Phrase]]) -> Phrase:
    """Give a bare "the plan" or "this plan" the fuller form that the article used last before it."""
    if not any(child.lower_ in ("the", "this", "that", "these", "those") for child in noun.lefts):
        return [noun]
    before = [words for words in fuller.get(noun.lemma_.lower(), ()) if words[-1].i < noun.i]
    return before[-1] if before else [noun]


def _is_bare(noun: Token) -> bool:
    """Tell whether a noun stands for itself: "change", but not "the change", "a change" or "changes"."""
    return noun.tag_ == "NNP" or (noun.tag_ == "NN" and not any(noun.lefts) and noun.dep_ in ("nsubj", "dobj"))


def _within(issue: Issue, other: Issue) -> bool:
    longer = other.end - other.start > issue.end - issue.start
    return longer and other.start <= issue.start and issue.end <= other.end and other.weight >= issue.weight - NAMED_SO


def _is_predicate(noun: Token, inside: Container[int]) -> bool:
    """Tell whether a phrase says what something else is: "is a disgrace", "as a war criminal".

    "The trouble is the tax system" and "there is a tax system" are about the tax system none the less.
    """
    head = noun
    while head.dep_ == "conj":
        head = head.head
    if head.dep_ in PREDICATES:
        subjects = [child for child in head.head.children if child.dep_ in ("nsubj", "expl", "csubj")]
        if head.dep_ != "attr" or not subjects:
            return True
        if subjects[0].dep_ in ("expl", "csubj"):
            return False
        indefinite = any(child.lower_ in ("a", "an") for child in head.lefts)
        return indefinite or (subjects[0].lower_ not in ("it", "what") and subjects[0].pos_ != "NOUN")
    return head.dep_ == "pobj" and head.head.lower_ == "as" and head.head.i in inside


def _is_somebody(noun: Token) -> bool:
    """Tell whether a noun means a person, as "the stranger" does."""
    lemma = noun.lemma_.lower()
    return lemma != "justice" and (lemma in PEOPLE or lemma in OFFICES or lemma.endswith(PEOPLE_ENDINGS))


def _phrase(noun: Token, inside: set[int], taken: Container[int]) -> Phrase | None:
    """Give the words that name the matter: the noun, what stands before it, and one "of ..." where all stays short."""
    lemma = noun.lemma_.lower()
    if lemma in SEE_THROUGH and any(child.lower_ in ("of", "for") for child in noun.children):
        return None
    if lemma in EMPTY or len(lemma) < 3 or (not noun.is_alpha and "-" not in noun.text):
        return None
    first = noun.i
    while first - 1 in inside and noun.i - first < LONGEST - 1:
        token = noun.doc[first - 1]
        if _is_hyphen(token) and first - 2 in inside:
            first -= 2
        elif not (token.tag_ == "POS" and token.i - 1 in taken) and _belongs(token, noun):
            first -= 1
        else:
            break
    while first < noun.i and (noun.doc[first].tag_ == "POS" or noun.doc[first].pos_ in ("ADV", "PUNCT", "CCONJ")):
        if noun.doc[first].lower_ == "so" and noun.doc[first + 1].text == "-":
            first += 2
        elif first + 1 < noun.i and _is_hyphen(noun.doc[first + 1]):
            break
        first += 1
    before = list(noun.doc[first : noun.i])
    words = [*before, noun]
    preposition = next((child for child in noun.children if child.dep_ == "prep" and child.i == noun.i + 1), None)
    if preposition is not None and preposition.lower_ in ("of", "in", "on", "for", "against", "to"):
        after = list(noun.doc[preposition.i : preposition.right_edge.i + 1])
        objects = [child for child in preposition.children if child.dep_ == "pobj"]
        short = len(words) + len(after) <= LONGEST + 1 and all(token.i in inside for token in after)
        if short and objects and objects[0].pos_ in ("NOUN", "PROPN") and objects[0].ent_type_ not in NO_MATTER:
            words += [token for token in after if not token.is_punct]
    return words


def _is_hyphen(token: Token) -> bool:
    return token.text in "-‐‑" and token.i > 0 and not token.whitespace_ and not token.nbor(-1).whitespace_


def _belongs(token: Token, noun: Token) -> bool:
    if token.tag_ in ("DT", "PRP", "PRP$", "WDT", "WP$", "PDT", "CD", "EX") or token.ent_type_ in NO_MATTER:
        return False
    if token.is_punct and token.text not in ("-", "–"):
        return False
    if token.is_stop and token.pos_ in ("ADJ", "DET", "PRON"):
        return False
    return token == noun or noun.is_ancestor(token)


def _weight(noun: Token, inside: set[int]) -> float:
    """Weigh a phrase by its place in the clause, less for each clause in which it lies deeper."""
    head = noun
    while head.head.i in inside and head.head != head:
        if head.dep_ in ("conj", "appos"):
            head = head.head
        elif head.dep_ == "pobj" and head.head.lower_ in ("of", "for") and head.head.head.lemma_.lower() in SEE_THROUGH:
            head = head.head.head
        else:
            break
    if head.head.i not in inside or head.head == head:
        base = JUDGED
    elif head.dep_ in ("nsubj", "nsubjpass", "csubj"):
        judging = any(child.dep_ in PREDICATES for child in head.head.children)
        base = JUDGED if judging else SUBJECT
    elif head.dep_ in ("dobj", "attr"):
        verb = head.head.lemma_.lower()
        base = SIDE if verb in TAKING_SIDES else OTHER if verb in LIGHT_VERBS else OBJECT
    elif head.dep_ == "pobj":
        preposition = head.head
        ascribed = preposition.lower_ == "of" and preposition.head.pos_ in ("ADJ", "VERB")
        base = ABOUT if ascribed or preposition.lower_ in MATTER else OTHER
        base = SUBJECT if preposition.dep_ == "agent" else base
    else:
        base = OTHER
    node = head
    while node.head.i in inside and node.head != node:
        if node.dep_ in DEPENDENT:
            base -= DEEPER
        node = node.head
    return base


def _name(words: Phrase) -> str:
    """Write the phrase as a heading would: small, but for what is always written with a capital."""
    parts = []
    for token in words:
        capital = token.pos_ == "PROPN" or token.text.isupper() or token.ent_type_ in ("GPE", "ORG", "PERSON", "NORP")
        text = token.text if capital else token.text.lower()
        parts.append(text + token.whitespace_)
    return " ".join("".join(parts).split())


def _type(noun: Token) -> TargetType:
    if noun.lower_ in BODIES:
        return "organisation"
    return "group" if _is_somebody(noun) else "issue"
