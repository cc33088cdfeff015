"""Offices: the words by which articles describe people, how they are read beside a name, and which fits which."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from spacy.tokens import Doc, Token

from quotes.people import names

# Offices of which a body has one or few, so that whoever was just named without one may be meant.
POLITICAL = frozenset(
    """president premier minister leader secretary senator congressman congresswoman representative governor mayor
    mayoress chancellor chairman chairwoman chief ambassador king queen prince princess pope bishop archbishop cardinal
    candidate nominee lawmaker mp mep msp lord baroness peer duke duchess earl countess taoiseach backbencher
    councillor councilman councilwoman whip chairperson chair emir sultan ayatollah tanaiste speaker
    assemblyman""".split()
)
OFFICES = POLITICAL | frozenset(
    """director head spokesman spokeswoman spokesperson deputy judge justice attorney prosecutor commissioner general
    admiral colonel captain economist professor analyst pollster owner founder executive ceo manager coach lawyer author
    historian strategist adviser advisor aide negotiator envoy teacher doctor nurse farmer engineer scientist activist
    treasurer sheriff officer superintendent inspector editor reporter journalist columnist host anchor banker broker
    organiser organizer steward driver resident dean rector vice-president novelist musician conductor actor
    director-general firefighter curator archivist sergeant constable lieutenant major brigadier corporal commander
    vicar priest rabbi imam mullah sheikh curate chaplain canon coroner magistrate barrister solicitor qc kc
    campaigner presenter broadcaster correspondent singer actress poet artist footballer striker midfielder defender
    goalkeeper skipper trainer consultant gp surgeon psychiatrist psychologist headteacher headmaster headmistress
    principal provost vice-chancellor trustee counterpart campaigner marshal diplomat official researcher academic
    lecturer physicist epidemiologist biologist expert veteran pilot detective investigator mediator architect
    designer playwright trader landlady landlord shopkeeper publican neighbour builder plumber electrician butcher
    fisherman miner pensioner student businessman businesswoman entrepreneur comedian wife husband mother father
    housewife caretaker librarian headmaster paramedic pathologist scholar theologian winemaker brewer
    chef critic""".split()
)
RELATIONS = frozenset(
    """father mother wife husband son daughter brother sister widow widower partner friend neighbour neighbor colleague
    uncle aunt cousin grandfather grandmother fiance fiancee girlfriend boyfriend stepfather stepmother niece nephew
    parent successor predecessor""".split()
)
OTHERS = frozenset(
    """man woman boy girl teenager pensioner student businessman businesswoman tycoon billionaire millionaire star
    winner player champion forward batsman bowler jockey golfer politician statesman socialist republican democrat
    conservative liberal father-of-two mother-of-two father-of-three mother-of-three docker miner author novelist singer
    actor actress poet artist footballer striker midfielder defender goalkeeper skipper musician playwright historian
    veteran campaigner economist mogul heiress frontman comedian""".split()
)
FEMALE = frozenset(
    """spokeswoman congresswoman chairwoman councilwoman mayoress queen princess baroness duchess countess mother wife
    daughter sister widow aunt grandmother fiancee girlfriend stepmother niece woman girl businesswoman actress
    headmistress mother-of-two mother-of-three""".split()
)
MALE = frozenset(
    """spokesman congressman chairman councilman king prince pope lord duke earl father husband son brother widower
    uncle grandfather boyfriend stepfather nephew man boy businessman headmaster vicar imam rabbi father-of-two
    father-of-three""".split()
)
ORGANISATION_WORDS = frozenset(
    """government ministry department parliament senate congress house court council committee commission party union
    agency bank company corporation association organisation organization university institute campaign administration
    police army navy group federation league club board bureau office foundation society centre center newspaper paper
    gazette times post courier herald news tribune journal magazine network channel station railway railways
    assembly chamber authority service cabinet opposition embassy kremlin palace trust firm hospital school alliance
    coalition movement network website inquiry regulator watchdog charity airline brewery theatre museum agreement
    street road river valley dam bridge square county airport park island team tribunal treasury""".split()
)
# Printed before a name, the dot left out.
ABBREVIATIONS = {
    "sen": "senator",
    "rep": "representative",
    "gov": "governor",
    "cllr": "councillor",
    "gen": "general",
    "lt": "lieutenant",
    "col": "colonel",
    "capt": "captain",
    "sgt": "sergeant",
    "supt": "superintendent",
    "det": "detective",
    "pc": "constable",
    "amb": "ambassador",
    "dci": "inspector",
    "di": "inspector",
}
STYLES = frozenset(("rt", "hon", "reverend", "justice"))
# Another word for the same office, party or rank.
SAME = {
    "pm": "minister",
    "premier": "minister",
    "chair": "chairman",
    "chairwoman": "chairman",
    "chairperson": "chairman",
    "spokeswoman": "spokesman",
    "spokesperson": "spokesman",
    "congressman": "representative",
    "congresswoman": "representative",
    "councilman": "councillor",
    "councilwoman": "councillor",
    "advisor": "adviser",
    "candidate": "nominee",
    "attorney": "lawyer",
    "justice": "judge",
    "ex": "former",
    "gop": "republican",
    "tory": "conservative",
    "democrat": "democratic",
    "us": "american",
    "u.s": "american",
    "british": "uk",
    "britain": "uk",
    "mps": "mp",
    "vice-president": "vice president",
    "french": "france",
    "dutch": "netherlands",
    "welsh": "wales",
    "danish": "denmark",
    "irish": "ireland",
    "spanish": "spain",
}
# Words that make another office of it: the deputy mayor is not the mayor.
OTHERWISE = frozenset("shadow deputy vice assistant acting former under junior honorary".split())
IDLE = frozenset(
    """the a an his her its their our my this that one another then current new newly outgoing own who at in from to as
    of for and by with senior top prime old year longtime veteran""".split()
)
JOINING = frozenset(("of", "for", "at", "in"))
WORDS_OF_A_ROLE = 14
DAYS = frozenset(
    """monday tuesday wednesday thursday friday saturday sunday yesterday today tomorrow tonight morning afternoon
    evening night week month year""".split()
)


class Office(NamedTuple):
    """A description taken apart: its main noun, the words that make another office of it, and all others."""

    head: str
    otherwise: frozenset[str]
    others: frozenset[str]


def is_title(token: Token) -> bool:
    """Tell whether a word before a name is no part of it: "Mr", "Sen.", "Judge", "Rt"."""
    plain = token.lower_.rstrip(".")
    return plain in names.HONORIFICS or plain in ABBREVIATIONS or plain in STYLES or plain in OFFICES


def is_office(token: Token) -> bool:
    """Tell whether a word names an office: "Minister", "Sen."."""
    return token.lower_ in OFFICES or token.lower_.rstrip(".") in ABBREVIATIONS


def gender(words: str) -> names.Gender | None:
    """Tell the gender that a description gives: "spokeswoman", "father"."""
    found = set(names.words(words))
    return "female" if found & FEMALE else "male" if found & MALE else None


def office(words: str) -> Office:
    """Take a description apart: "former secretary of state" is a secretary, once, and of state."""
    main = re.split(r",| (?:of|for|at|in|from|to|who|on|with) ", words.strip() + " ")[0]
    plain = [_plain(word) for word in re.findall(r"[\w.]+(?:['’-]\w+)*", re.sub(r"['’]s?\b", "", words))]
    parts = [word for one in plain for word in one.split()]
    main_words = [
        part for word in re.findall(r"[\w.-]+", re.sub(r"['’]s?\b", "", main)) for part in _plain(word).split()
    ]
    head = main_words[-1] if main_words else ""
    others = frozenset(parts) - {head} - IDLE - OTHERWISE
    return Office(head, frozenset(main_words) & OTHERWISE, frozenset(word for word in others if not word.isdigit()))


def _plain(word: str) -> str:
    word = word.casefold().rstrip(".")
    word = ABBREVIATIONS.get(word, word)
    return SAME.get(word, word)


def fit(wanted: Office, given: Office) -> int | None:
    """Tell how well a description fits an office that somebody holds.

    Args:
        wanted: the description: "the foreign minister".
        given: the office: "Foreign Minister of Orm".

    Returns:
        The number of words they share, less those of the description that the office lacks; None where they
        are different offices, such as "the French president" and "President of Chile".
    """
    if wanted.head != given.head or wanted.otherwise != given.otherwise:
        return None
    lacking, left = wanted.others - given.others, given.others - wanted.others
    if lacking and left:
        return None
    return len(wanted.others & given.others) - len(lacking)


def tidy_role(words: str) -> str:
    """Cut the article or possessive off a description and begin it with a capital."""
    words = re.sub(r"\s+", " ", words.strip(" ,;:–—-"))
    words = re.sub(r"^(?:the|a|an|his|her|its|their|our|my)\s+", "", words, flags=re.IGNORECASE)
    return words[:1].upper() + words[1:]


def roles(doc: Doc, first: int, last: int) -> Iterator[str]:
    """Yield the offices that stand beside a name.

    "Finance Minister Ada Vell", "the mayor of Orm, Ada Vell,", "Ada Vell, 43, the mayor of Orm,", "Ada Vell, who
    became mayor", "Ada Vell is the mayor".

    Args:
        doc: a parsed document.
        first: the name's first token.
        last: its last token.
    """
    for role in (_before(doc, first), _in_front(doc, first, last), _after(doc, last), _told(doc, first, last)):
        if role:
            yield tidy_role(role)


def _skip_titles(doc: Doc, first: int) -> int:
    while first and (doc[first - 1].lower_.rstrip(".") in names.HONORIFICS or doc[first - 1].lower_ in ("rt", "hon")):
        first -= 1
    return first


def _before(doc: Doc, at: int) -> str | None:
    end = first = _skip_titles(doc, at)
    while first > 0:
        token = doc[first - 1]
        if token.lower_ in ("of", "for", "and") or (token.lower_ == "the" and doc[first - 2].lower_ in ("of", "for")):
            steps = 2 if token.lower_ == "the" else 1
            if first == end or first - steps < 1 or not is_office(doc[first - steps - 1]):
                break
            first -= steps
            continue
        dated = token.lower_ in DAYS
        joined = token.tag_ in ("POS", "HYPH") or token.text == "-"
        if token.is_space or dated or not (token.pos_ in ("NOUN", "PROPN", "ADJ") or joined or is_office(token)):
            break
        first -= 1
    while first < end and (doc[first].text == "-" or doc[first].tag_ == "POS"):
        first += 1
    if first == end:
        return None
    joined_office = any(is_office(doc[at - 1]) and doc[at].lower_ in ("of", "for") for at in range(first + 1, end))
    return doc[first:end].text if is_office(doc[end - 1]) or joined_office else None


def _in_front(doc: Doc, first: int, last: int) -> str | None:
    """Read "the mayor of Orm, Ada Vell,"."""
    at = _skip_titles(doc, first)
    if at and doc[at - 1].lower_ == "the":
        at -= 1
    if at < 2 or doc[at - 1].text != ",":
        return None
    apposed = doc[first : last + 1].root.dep_ == "appos"
    if not apposed and last + 1 < len(doc) and doc[last + 1].text not in (",", ".", ";", ")", "–", "—"):
        return None
    start = at - 1
    while start and at - start < WORDS_OF_A_ROLE:
        token = doc[start - 1]
        if token.is_space or token.pos_ not in ("NOUN", "PROPN", "ADJ", "ADP", "PART", "CCONJ", "DET", "PRON", "NUM"):
            break
        start -= 1
        if token.pos_ in ("DET", "PRON") and doc[start - 1].lower_ not in JOINING:
            break
    while start < at - 1 and doc[start].pos_ in ("ADP", "CCONJ"):
        start += 1
    return doc[start : at - 1].text if _is_led_by_office(doc, start, at - 1) else None


def _after(doc: Doc, last: int) -> str | None:
    """Read "Ada Vell, 43, the mayor of Orm,"."""
    start = last + 1
    if start < len(doc) and doc[start].text == "(":
        start = next((at + 1 for at in range(start, min(start + 8, len(doc))) if doc[at].text == ")"), start)
    if start + 2 < len(doc) and doc[start].text == "," and doc[start + 1].like_num and doc[start + 2].text == ",":
        start += 2
    if start + 1 >= len(doc) or doc[start].text != ",":
        return None
    start += 1
    end = start
    while end < len(doc) and end - start < WORDS_OF_A_ROLE:
        token = doc[end]
        mark = token.is_punct and token.text not in ("-", "’", "'")
        if token.is_space or mark or token.pos_ in ("VERB", "AUX") or token.tag_.startswith("W"):
            break
        if token.lower_ == "and" and end + 1 < len(doc) and doc[end + 1].ent_type_ == "PERSON":
            break
        end += 1
    opens = doc[start].pos_ in ("DET", "PRON", "ADJ", "NOUN", "PROPN")
    return doc[start:end].text if opens and _is_led_by_office(doc, start, end) else None


def _told(doc: Doc, first: int, last: int) -> str | None:
    """Read "Ada Vell is the mayor" and "Ada Vell, who became mayor in May,"."""
    name = doc[first : last + 1].root
    verbs = [child for child in name.children if child.dep_ == "relcl"]
    if name.dep_ == "nsubj":
        verbs.append(name.head)
    for verb in verbs:
        if verb.lemma_ not in ("be", "become") or any(child.dep_ in ("neg", "aux") for child in verb.children):
            continue
        for noun in verb.children:
            if noun.dep_ == "attr" and is_office(noun) and noun.tag_ in ("NN", "NNP"):
                words = [token for token in noun.lefts if token.dep_ in ("amod", "compound", "poss", "nmod")]
                start = min((token.left_edge.i for token in words), default=noun.i)
                of = next(
                    (child for child in noun.rights if child.dep_ == "prep" and child.lower_ in ("of", "for")), None
                )
                return doc[start : (of.right_edge.i if of else noun.i) + 1].text
    return None


def _is_led_by_office(doc: Doc, start: int, end: int) -> bool:
    """Tell whether an office is the main noun of a phrase, before any "of" or "for", and no "’s" or list follows it."""
    for at in range(start, min(end, start + 8)):
        token = doc[at]
        if at > start and token.lower_ in JOINING and not is_office(doc[at - 1]):
            return False
        if is_office(token):
            following = doc[at + 1] if at + 1 < end else None
            if following is None or following.pos_ in ("ADP", "CCONJ") or following.lower_ in JOINING:
                return token.tag_ not in ("NNS", "NNPS")
    return False
