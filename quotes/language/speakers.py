"""Who stands behind a source: a full name from anywhere in the article, or what a pronoun or description means."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc, Token

from quotes.language import descriptions, grammar
from quotes.language.mentions import Person, people
from quotes.language.naming import last_token, main_word
from quotes.language.offices import ORGANISATION_WORDS, POLITICAL, RELATIONS, gender, is_office, is_title, tidy_role
from quotes.language.organisations import full_name, named_before, organisations
from quotes.language.salience import SPEAKING, SUBJECT, Salience, sentences, weight
from quotes.people import names
from quotes.records import Quote, Span, Speaker

GENDERS = {"he": "male", "she": "female", "him": "male", "her": "female", "his": "male"}
BODIES = frozenset(("they", "it", "them", "we"))
# What is left of a quote's confidence where somebody is meant whom we cannot name.
UNDECIDED = 0.5
# What is left where the one who was just spoken of is taken for the bearer of an office that the article gives nobody.
LIKELY = 0.8
# Two whom a pronoun may mean are too close to decide below this share of the first in both; see Salience.
TIED = 0.52
# How far after a pronoun its name may follow, in tokens; and for how many sentences "they" may mean who spoke last.
AHEAD, RECENT = 30, 3


DEFINITE = re.compile(r"the |\S+['’]s ", re.IGNORECASE)
CLAUSE = re.compile(r",? (?:who|which|whose)\b.*", re.DOTALL)


class Meaning(NamedTuple):
    """What a source means: the speaker, the person where it is one, and how sure that is, 0 to 1."""

    speaker: Speaker | None
    person: Person | None = None
    sure: float = 1.0


NOBODY = Meaning(None, None, UNDECIDED)


class Scene:
    """An article read from its beginning: who is present in the reader's mind, and who spoke last.

    Args:
        doc: a document with ``doc._.quotes``, ``doc._.people`` and ``doc._.mentions``.
    """

    def __init__(self, doc: Doc) -> None:
        self.doc = doc
        self.mentions: dict[int, Person] = doc._.mentions
        self.people: list[Person] = doc._.people
        self.known = [(person, names.bare(person.name)) for person in self.people]
        self.named = sorted(self.mentions)
        self.starts = [doc[at].idx for at in self.named]
        self.organisations = organisations(doc)
        self.numbers, self.quoted = sentences(doc)
        self.salience = Salience()
        # People without a name ("a spokesman for the bank"), and where they were last met.
        self.unnamed: dict[Person, int] = {}
        # Who turned out to be a person met before without a name.
        self.names: dict[Person, Person] = {}
        self.last: tuple[int, Meaning] | None = None
        self.last_body: tuple[int, Meaning] | None = None

    def read(self) -> dict[Span, Meaning]:
        """Go through the article and tell for each source what it means."""
        sources: dict[int, list[Quote]] = defaultdict(list)
        starts: dict[int, Span] = {}
        for quote in self.doc._.quotes:
            if quote.source:
                first = next(grammar.between(self.doc, *quote.source[0]), None)
                if first is not None:
                    sources[first.i].append(quote)
                    starts[first.i] = quote.source[0]
        found: dict[Span, Meaning] = {}
        for at in sorted({*sources, *self.mentions, *self._told_of()}):
            if at in sources:
                for quote in sources[at]:
                    if quote.source[0] not in found:
                        found[quote.source[0]] = self._hear(quote)
                if at not in self.mentions:
                    continue
            if not self.quoted[at]:
                self._meet(self.doc[at])
        return {source: self._with_name(meaning) for source, meaning in found.items()}

    def _told_of(self) -> list[int]:
        """List the tokens that may mean somebody without a name: pronouns, and nouns that are subjects."""
        strings = self.doc.vocab.strings
        columns = self.doc.to_array(["LOWER", "DEP", "TAG"])
        pronouns = np.isin(columns[:, 0], [strings[word] for word in GENDERS])
        subjects = np.isin(columns[:, 1], [strings[label] for label in grammar.SUBJECTS])
        found: list[int] = np.flatnonzero(pronouns | (subjects & (columns[:, 2] == strings["NN"]))).tolist()
        return found

    def _with_name(self, meaning: Meaning) -> Meaning:
        person = self.names.get(meaning.person) if meaning.person else None
        return self._person(person, meaning.sure * LIKELY) if person else meaning

    def _hear(self, quote: Quote) -> Meaning:
        tokens = list(grammar.between(self.doc, *quote.source[0]))
        spoken_of = frozenset(
            self.mentions[self.named[place]]
            for span in quote.spans
            for place in range(bisect_left(self.starts, span.start), bisect_left(self.starts, span.end))
        )
        meaning = self._resolve(tokens, spoken_of)
        at = tokens[0].i
        if meaning.person is not None:
            self.salience.note(meaning.person, self.numbers[at], SUBJECT + SPEAKING)
            if meaning.person in self.unnamed:
                self.unnamed[meaning.person] = at
        self.last = (self.numbers[at], meaning)
        if meaning.speaker and meaning.speaker.type in ("organisation", "group"):
            self.last_body = self.last
        return meaning

    def _meet(self, token: Token) -> None:
        """Take note of a person in the narrative: a name, a pronoun, or an office that is the subject of something."""
        number = self.numbers[token.i]
        person = self.mentions.get(token.i)
        if person is not None:
            root = main_word(self.doc, token.i, last_token(self.doc, token.i))
            self._introduce(person, token.i, number)
            self.salience.note(person, number, weight(root))
        elif token.lower_ in GENDERS:
            ranked = self.salience.ranked(number, GENDERS[token.lower_], frozenset())
            if ranked:
                self.salience.note(ranked[0][1], number, weight(token))
        elif token.dep_ in grammar.SUBJECTS and token.tag_ == "NN" and (is_office(token) or token.lower_ in RELATIONS):
            tokens = list(self.doc[slice(*_phrase(token))])
            if _named(self.doc, self.mentions, tokens, token) is None:
                person = self._by_description(tokens, token, frozenset()).person
                self.salience.note(person or self._somebody(tokens, token), number, SUBJECT)

    def _introduce(self, person: Person, at: int, number: int) -> None:
        """Name the minister of a lead: "The home secretary hit back yesterday. In a letter, Ada Vell said ...".

        Whoever is no one of whom the article has told already is given an office where he or she is first named.
        """
        if person.roles or at != person.mentions[0] or at not in person.subjects or " " not in person.name:
            return
        last = last_token(self.doc, at)
        described = at > 0 and self.doc[at - 1].tag_ in ("NN", "NNP") and not is_title(self.doc[at - 1])
        if described or self.doc[min(last + 1, len(self.doc) - 1)].text == ",":
            return
        for somebody, met in self.unnamed.items():
            near = number - self.numbers[met] in (1, 2)
            definite = somebody.roles[0] in POLITICAL and DEFINITE.match(somebody.name)
            if near and definite and {somebody.gender, person.gender} != {"female", "male"}:
                self.names[somebody] = person
                person.roles.append(tidy_role(somebody.name))
                person.role = person.roles[0]
                del self.unnamed[somebody]
                self.salience.rename(somebody, person)
                return

    def _somebody(self, tokens: list[Token], head: Token) -> Person:
        """Make a person without a name, or find the one of the same office met before ("the spokesman")."""
        words = _words(tokens)
        if tokens[0].lower_ == "the":
            for person in reversed(self.unnamed):
                if person.roles[0] == head.lower_:
                    self.unnamed[person] = head.i
                    return person
        person = Person(words, gender(words), roles=[head.lower_])
        self.unnamed[person] = head.i
        return person

    def _resolve(self, tokens: list[Token], spoken_of: frozenset[Person]) -> Meaning:
        doc = self.doc
        head = _head(tokens)
        words = _words(tokens)
        if descriptions.is_several(head, tokens):
            return Meaning(Speaker(words, "group"))
        person = _named(doc, self.mentions, tokens, head) or self._by_name(words)
        if person is not None:
            return self._person(person)
        if head.tag_ in ("WP", "WDT"):
            return self._by_relative(head, spoken_of)
        if len(tokens) == 1 and head.lower_ in GENDERS:
            return self._by_pronoun(head, spoken_of)
        if head.pos_ == "PRON" and len(tokens) == 1:
            return self._by_body(head)
        kind = descriptions.type_of(tokens, head)
        if kind == "organisation":
            return Meaning(Speaker(self._organisation(words, tokens, head), kind))
        if kind == "group" or head.pos_ == "PRON":
            return Meaning(Speaker(words, kind)) if head.pos_ != "PRON" or len(tokens) > 1 else NOBODY
        found = self._by_description(tokens, head, spoken_of)
        return found if found.speaker else self._person(self._somebody(tokens, head))

    def _by_name(self, words: str) -> Person | None:
        """Find whose name the words are, title aside, where the parser saw no name in this place."""
        said = names.bare(words) if words[:1].isupper() else []
        fitting = [one for one, name in self.known if said and said in (name, name[-1:])]
        return fitting[0] if len(fitting) == 1 else None

    def _person(self, person: Person, sure: float = 1.0) -> Meaning:
        unnamed = person in self.unnamed
        return Meaning(Speaker(person.name, "unnamed" if unnamed else "person"), person, sure)

    def _organisation(self, words: str, tokens: list[Token], head: Token) -> str:
        if tokens[0].lower_ not in ("the", "this") or head.text[0].isupper():
            return full_name(words, self.organisations)
        before = named_before(head.lower_, head.i, self.organisations)
        body = self._recent_body(head)
        if before is None and body and body.speaker and body.speaker.type == "organisation" and len(tokens) == 2:
            before = body.speaker.name
        return before or words

    def _recent_body(self, token: Token) -> Meaning | None:
        if self.last_body is None or self.numbers[token.i] - self.last_body[0] > RECENT:
            return None
        return self.last_body[1]

    def _by_body(self, pronoun: Token) -> Meaning:
        """Give "they" and "it" to the group or organisation that spoke last; "I" and "we" to the author, if any."""
        author = self.doc._.article.author if pronoun.lower_ == "i" and self.doc._.article else None
        if author and not self.quoted[pronoun.i]:
            return Meaning(Speaker(author, "person"), None, LIKELY)
        body = self._recent_body(pronoun) if pronoun.lower_ in ("they", "it") else None
        return body._replace(sure=LIKELY) if body else NOBODY

    def _by_pronoun(self, pronoun: Token, spoken_of: frozenset[Person]) -> Meaning:
        """Find whom "he" means: the most present person of that gender, if any is clearly the most present."""
        if self.quoted[pronoun.i]:
            return NOBODY
        number = self.numbers[pronoun.i]
        ranked = self.salience.ranked(number, GENDERS[pronoun.lower_], spoken_of)
        if not ranked:
            return self._named_ahead(pronoun)
        share = ranked[0][0] / (ranked[0][0] + (ranked[1][0] if len(ranked) > 1 else 0.0))
        if share < TIED:
            return NOBODY
        return self._person(ranked[0][1], min(1.0, 0.4 + share * 0.7))

    def _named_ahead(self, pronoun: Token) -> Meaning:
        """Find who is named after the pronoun that opens a story: ‘"No," he said. Ada Vell was ...’."""
        for at in range(pronoun.i + 1, min(pronoun.i + AHEAD, len(self.doc))):
            person = self.mentions.get(at)
            if person and at in person.subjects and not self.quoted[at]:
                right = person.gender in (None, GENDERS[pronoun.lower_])
                return self._person(person, LIKELY) if right else NOBODY
        return NOBODY

    def _by_relative(self, pronoun: Token, spoken_of: frozenset[Person]) -> Meaning:
        """Find whom "who" means: the noun on which its clause hangs, else the name right before."""
        verb = pronoun.head
        while verb.dep_ not in ("relcl", "ROOT") and verb.head is not verb:
            verb = verb.head
        if verb.dep_ == "relcl" and verb.head.i < pronoun.i:
            first, end = _phrase(verb.head)
            tokens = list(self.doc[first : min(end, pronoun.i)])
            if tokens and tokens[-1].i >= verb.head.i:
                return self._resolve(tokens, spoken_of)
        for at in range(pronoun.i - 1, max(pronoun.i - 8, -1), -1):
            if at in self.mentions:
                return self._person(self.mentions[at])
        return NOBODY

    def _by_description(self, tokens: list[Token], head: Token, spoken_of: frozenset[Person]) -> Meaning:
        """Find whom "the finance minister" means."""
        unnamed = {person: at for person, at in self.unnamed.items() if person.roles[0] == head.lower_}
        bearer = descriptions.bearer(self.doc, self.people, unnamed, tokens, head)
        if bearer is not None:
            return self._person(bearer)
        present = self._just_spoken_of(head)
        if present is None or present in spoken_of or not descriptions.may_be(present, tokens, head):
            return NOBODY
        if is_office(head) and present not in self.unnamed:
            words = tidy_role(_words(tokens))
            present.role = present.role or words
            present.roles.append(words)
        return self._person(present, LIKELY)

    def _just_spoken_of(self, head: Token) -> Person | None:
        """Find the subject of the sentence before."""
        start = head.sent.start
        previous = self.doc[start - 1].sent.start if start else 0
        for at in range(start - 1, previous - 1, -1):
            subject = self.mentions.get(at)
            if subject and at in subject.subjects and not self.quoted[at]:
                verb = main_word(self.doc, at, last_token(self.doc, at)).head
                if verb.dep_ == "ROOT" or (self.last and self.last[1].person is subject):
                    return subject
        return None


def _words(tokens: list[Token]) -> str:
    """Give the words of a source without the clause that hangs on it."""
    text: str = tokens[0].doc._.text[tokens[0].idx : tokens[-1].idx + len(tokens[-1].text)]
    return CLAUSE.sub("", text) or text


def _phrase(noun: Token) -> tuple[int, int]:
    first, last = grammar.phrase(noun)
    return first, last + 1


def _head(tokens: list[Token]) -> Token:
    inside = {token.i for token in tokens}
    head = next((token for token in tokens if token.head.i not in inside or token.head == token), tokens[-1])
    if head.pos_ not in ("VERB", "AUX"):
        return head
    # A source that runs on into its verb: "Ada Vell is among those".
    return next((child for child in head.children if child.i in inside and child.dep_ in grammar.SUBJECTS), head)


def _named(doc: Doc, mentions: dict[int, Person], tokens: list[Token], head: Token) -> Person | None:
    """Find the person whose name is the phrase's head or stands in apposition to it, which "Vell's aide" does not."""
    low, high = tokens[0].i, tokens[-1].i
    for token in tokens:
        person = mentions.get(token.i)
        if person is None:
            continue
        last = last_token(doc, token.i)
        # "Vell's aide" and "Vell spokesman Tomas Orm" are not Vell.
        if last < high and (doc[last + 1].tag_ == "POS" or (doc[last + 1].text.islower() and is_office(doc[last + 1]))):
            continue
        root = main_word(doc, token.i, last)
        opens = token.i == low and doc[min(last + 1, high)].text == ","
        apposed = root.dep_ == "appos" and low <= root.head.i <= high
        if head.lower_ in descriptions.GROUP_WORDS or head.lower_ in ORGANISATION_WORDS:
            continue
        closes = root.dep_ in ("compound", "nmod", "npadvmod") and root.head == head and last == high
        ends = last == high and token.i - 1 > low and doc[token.i - 1].text == "," and head.tag_ == "NN"
        titled = last == high and token.i > low and is_office(doc[token.i - 1])
        if titled or root == head or token.i <= head.i <= last or apposed or opens or closes or ends:
            return person
    return None


def speakers(doc: Doc) -> tuple[Quote, ...]:
    """Fill in the speaker of each quote, and lower its confidence where somebody is meant whom we cannot name.

    Args:
        doc: a document with ``doc._.quotes``, ``doc._.people`` and ``doc._.mentions``.

    Returns:
        The quotes, in the same order.
    """
    meanings = Scene(doc).read()
    found: list[Quote] = []
    before: tuple[Quote, Meaning] | None = None
    for quote in doc._.quotes:
        if quote.source:
            meaning = meanings.get(quote.source[0], NOBODY)
        else:
            meaning = before[1] if before and _goes_on(doc, before[0], quote) else Meaning(None)
        before = quote, meaning._replace(sure=LIKELY)
        speaker = meaning.speaker
        if speaker and meaning.person and speaker.type == "person":
            # A description met late in the article tells the role of a person who spoke early.
            speaker = replace(speaker, role=meaning.person.role)
        found.append(replace(quote, speaker=speaker, confidence=round(quote.confidence * meaning.sure, 3)))
    return tuple(found)


def _goes_on(doc: Doc, before: Quote, quote: Quote) -> bool:
    """Tell whether a paragraph of nothing but a quotation goes on with the one before, and is no answer to it."""
    blocks = doc._.paragraphs
    place = bisect_right(blocks, (quote.spans[0].start, len(doc._.text))) - 1
    if place < 1 or quote.kind != "direct" or quote.spans[0] != blocks[place]:
        return False
    asked = "?" in doc._.text[before.spans[-1].end - 3 : before.spans[-1].end]
    near = any(blocks[place - 1].start <= span.start < blocks[place - 1].end for span in before.spans)
    return near and not asked and before.kind != "indirect"


@Language.factory(
    "quote_speakers", requires=["doc._.quotes", "doc.ents"], assigns=["doc._.people", "doc._.mentions", "doc._.quotes"]
)
class QuoteSpeakers:
    """Sets ``doc._.people``, the people of the article, and fills in the speaker of each quote.

    ``doc._.mentions`` leads from the first token of each mention to the person.
    """

    def __init__(self, nlp: Language, name: str) -> None:
        Doc.set_extension("people", default=(), force=True)
        Doc.set_extension("mentions", default={}, force=True)
        if not Doc.has_extension("article"):
            Doc.set_extension("article", default=None)

    def __call__(self, doc: Doc) -> Doc:
        """Find the people of a document with quotes, and its speakers."""
        doc._.people = people(doc, doc._.article.title if doc._.article else None)
        doc._.mentions = {at: person for person in doc._.people for at in person.mentions}
        doc._.quotes = speakers(doc)
        return doc
