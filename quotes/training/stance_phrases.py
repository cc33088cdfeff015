"""Sentences of our own wording that teach what the corpora hold too little of.

Denial, questions, conditions, irony, somebody else's view, mourning, and sentences whose parts speak for one and
against another. All names are invented.
"""

from __future__ import annotations

import random
import re

from quotes.language.stance_model import Case
from quotes.records import Span, StanceLabel

FIRST = (
    "Ada Bruno Carla Dario Edda Farid Gesa Hakim Ines Joris Kira Leon Mina Noor Otto Petra Remy Selma Tariq Vera"
).split()
LAST = (
    "Abbot Brandt Calder Dorn Eklund Farrow Gant Holt Ivers Jansen Kemble Lorne Maddox Nash Orton Pell Quist Rask "
    "Sorel Thorne Ulric Vance Wick Yarrow"
).split()
OTHERS = (
    "the government|the council|the water board|the new tax|the border plan|the Civic Party|the rail strike|Morania|"
    "the teachers’ union|the trade deal|the Senate bill|the army of Morania|the housing law|the court’s ruling|"
    "the oil companies|the opposition|the health reform|Velda|the press|the police|the treaty|the campaign"
).split("|")
GOOD = (
    "a hero|a fine leader|an honest broker|a true friend of this country|a model for us all|the best hope we have|"
    "right|brave|fair|the right choice|good for our towns|a great success|long overdue|exactly what we need|"
    "worthy of our trust|sensible|a force for good"
).split("|")
BAD = (
    "a disgrace|a liar|a coward|a danger to this country|a threat to our jobs|a failure|wrong|corrupt|reckless|"
    "unfit to lead|a waste of money|an insult to families|a criminal|cruel|a disaster|out of touch|a sham"
).split("|")
PRAISED = "praised backed applauded defended thanked supported endorsed welcomed admired saluted".split()
BLAMED = "condemned attacked denounced blasted criticised opposed rejected slammed accused mocked".split()
WISH_WELL = (
    "deserves our thanks|has earned our respect|has kept every promise|has done a remarkable job|saved lives|"
    "stands up for working people|is doing the right thing|will make us stronger"
).split("|")
WISH_ILL = (
    "must resign|should be ashamed|has broken every promise|has let us down|cheated the voters|is hurting our children|"
    "must be stopped|should be held to account|will ruin this city|cannot be trusted|must pay for what was done"
).split("|")
FACTS = (
    "met the deputies on Monday|will speak at noon|was named in the report|has an office in the town|is on the agenda|"
    "will be discussed next week|arrived by train|was founded ten years ago|has four members|published the figures"
).split("|")

# In each: S speaks, T is the target, X is somebody else. {good} and the like are drawn from the lists above.
FAVOR = (
    "“T is {good},” S said.|S called T {good}.|S {praised} T.|“T {well},” S told reporters.|S said that T {well}.|"
    "“I trust T,” S said.|“We stand with T,” said S.|“T is not {bad},” S said.|“T is no {bad_noun},” S insisted.|"
    "S denied that T was {bad}.|“I have never said that T is {bad},” S said. “T is {good}.”|"
    "“Some say T is {bad}. They are wrong,” S said.|“X says T is {bad}, but T is {good},” S said.|"
    "“X attacks T every day, and it is shameful,” S said.|S {blamed} X and {praised} T.|"
    "“Unlike X, T {well},” S said.|“Who has done more for us than T?” S asked.|“Without T we would be lost,” S said.|"
    "“I hope that T wins,” S said.|“I would vote for T tomorrow,” said S.|“Nobody should doubt T,” S said.|"
    "S urged voters to choose T over X.|“We need T,” S wrote.|“T was treated unfairly by X,” S said.|"
    "“My heart goes out to T,” S said.|“X has betrayed T,” said S.|S demanded that X apologise to T."
).split("|")
AGAINST = (
    "“T is {bad},” S said.|S called T {bad}.|S {blamed} T.|“T {ill},” S told reporters.|S said that T {ill}.|"
    "“I do not trust T,” S said.|“T is not {good},” S said.|“T is anything but {good},” S said.|"
    "“T is no {good_noun},” S said.|“Some say T is {good}. They are wrong,” S said.|"
    "“X says T is {good}, but T is {bad},” S said.|S {praised} X and {blamed} T.|“Unlike X, T {ill},” S said.|"
    "“What has T ever done for us?” S asked.|“Thank you, T, for another ruined summer,” S wrote.|"
    "“What a triumph for T: the lights are out again,” S said.|“T lacks the courage to lead,” S said.|"
    "“T has betrayed X,” said S.|“I refuse to work with T,” S said.|“I cannot support T,” S said.|"
    "“We will never forgive T,” said S.|“T cannot escape justice for what was done to X,” S said.|"
    "S blamed T for the deaths in X.|“T is trying to destroy X,” S said.|S urged voters to reject T.|"
    "“If T {ill_bare}, nobody will be surprised,” said S. “T is {bad}.”|“Only a fool would trust T,” S said.|"
    "S called on T to stop lying to X.|“How dare T speak for us?” S said.|S accused T of {doing} X."
).split("|")
NEUTRAL = (
    "“T {fact},” S said.|S said that T {fact}.|“Is T {bad}? I do not know,” S said.|“Is T {good}?” S asked.|"
    "“If T is {bad}, the court will say so,” S said.|“If T wins, we will meet in May,” said S.|"
    "“X says that T is {bad},” S reported.|“According to X, T is {good},” S said.|S told X about T.|"
    "“We mourn the victims in T,” S said.|S mourned those who died in T.|“The floods in T are a tragedy,” S said.|"
    "“X is {bad},” S said at a meeting with T.|“X is {good},” S told T.|S {blamed} X in a letter to T.|"
    "“I have no opinion of T,” S said.|S declined to comment on T.|“X and T {facts},” S said.|"
    "S asked whether T had seen the report.|“We are looking at what T has proposed,” S said.|"
    "S, who once worked for T, {blamed} X.|“I spoke to T about X,” S said.|S said that X {ill}, T reported."
).split("|")
NOUN_GOOD, NOUN_BAD = "hero saint leader friend statesman".split(), "liar coward crook traitor fool tyrant".split()
DOING = ("lying to", "cheating", "selling out", "threatening", "ignoring", "robbing")
SLOT = re.compile(r"\{(\w+)\}")
WHO = re.compile(r"\b[STX]\b")


def name(rng: random.Random) -> str:
    """Invent a person's name."""
    last = rng.choice(LAST)
    return last if rng.random() < 0.3 else f"{rng.choice(FIRST)} {last}"


def phrases(rng: random.Random, number: int) -> list[tuple[Case, StanceLabel]]:
    """Make so many cases with their labels, a third of each label."""
    kinds: tuple[tuple[StanceLabel, list[str]], ...] = (("favor", FAVOR), ("against", AGAINST), ("neutral", NEUTRAL))
    made = []
    for turn in range(number):
        label, patterns = kinds[turn % 3]
        made.append((_case(rng.choice(patterns), rng), label))
    return made


def _case(pattern: str, rng: random.Random) -> Case:
    lists = {
        "good": GOOD, "bad": BAD, "praised": PRAISED, "blamed": BLAMED, "well": WISH_WELL, "ill": WISH_ILL,
        "fact": FACTS, "good_noun": NOUN_GOOD, "bad_noun": NOUN_BAD, "doing": DOING,
        "facts": ("met in May", "sent letters", "were named in the report"),
        "ill_bare": ("loses", "resigns", "goes", "fails again"),
    }  # fmt: skip
    filled = SLOT.sub(lambda match: rng.choice(lists[match[1]]), pattern)
    speaker = name(rng)
    cast = {"S": speaker, "T": name(rng), "X": name(rng)}
    for role in "TX":
        if rng.random() < 0.5:
            cast[role] = rng.choice(OTHERS)
    text, spans, at = "", {"S": [], "T": [], "X": []}, 0  # type: ignore[var-annotated]
    for match in WHO.finditer(filled):
        text += filled[at : match.start()]
        printed = cast[match[0]]
        if not text or text.endswith(("“", ". ")):
            printed = printed[0].upper() + printed[1:]
        spans[match[0]].append(Span(len(text), len(text) + len(printed)))
        text += printed
        at = match.end()
    text += filled[at:]
    named = speaker if rng.random() < 0.7 else speaker.split()[-1]
    return Case(text, cast["T"], tuple(spans["T"]), named, tuple(spans["S"]))
