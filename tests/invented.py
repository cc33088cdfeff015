"""Invented people in an invented country, what they said, and how it gets into a database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from quotes.records import Article, Person, Quote, Span, Speaker, Stance, StanceLabel
from quotes.store.store import reading, writing

PEOPLE = (
    Person("ilse-marrow", "Ilse Marrow", (), "Prime Minister", "Orchard Party", "Velland", "female", True),
    Person("tobin-ashgrove", "Tobin Ashgrove", (), "Leader of the Opposition", "Lantern Party", "Velland", None, True),
    Person("rhea-castellane", "Rhea Castellane", role="Finance Minister"),
    Person("dov-hartwell", "Dov Hartwell", role="Mayor of Port Sorrel"),
    Person("edda-voss", "Edda Voss"),
)
ROLES = {person.id: person.role for person in PEOPLE}
NAMES = {person.id: person.name for person in PEOPLE}
BY_NAME = {person.name: person for person in PEOPLE}

HOSTILE_NAME = ":red[Mallory] $\\LaTeX$ <b>Quill</b>"
HOSTILE_TITLE = (
    '<script>document.title="owned"</script> :red[alarm] [x](javascript:alert(1)) $\\LaTeX$ '
    "<img src=x onerror=alert(1)>"
)
HOSTILE_WORDS = (
    '“<script>document.title="owned"</script> :red[alarm] [x](javascript:alert(1)) $\\LaTeX$ `code` **bold** '
    "</a></div>”"
)
HOSTILE_TARGET = '<img src=x onerror="document.title=1"> :blue[Target] $x^2$'


def stance(target: str, label: StanceLabel, score: float = 0.9) -> Stance:
    """Make a stance; a target that is one of the invented people is linked."""
    person = BY_NAME.get(target)
    return Stance(target, "person" if person else "issue", label, score, person.id if person else None)


def quote(
    text: str, *words: str, source: str = "", cue: str = "", by: str | Speaker | None = None, **more: Any
) -> Quote:
    """Make a quote from the words as they stand in a text."""
    spans = tuple(_find(text, one) for one in words)
    marked = [one.startswith(("“", "‘")) for one in words]
    speaker = Speaker(NAMES[by], "person", ROLES[by], by) if isinstance(by, str) else by
    more = {"kind": "direct" if all(marked) else "indirect", "confidence": 0.93} | more
    return Quote(
        text=" ... ".join(words),
        spans=spans,
        source=(_find(text, source),) if source else (),
        cue=(_find(text, cue),) if cue else (),
        speaker=speaker,
        **more,
    )


def _find(text: str, words: str) -> Span:
    start = text.index(words)
    return Span(start, start + len(words))


HARBOUR = """Prime Minister Ilse Marrow defended the harbour levy in the Assembly on Tuesday, two days \
before the vote.
“The harbour levy is the fairest thing this house has done for Port Sorrel in thirty years,” Marrow said, \
“and I will not see it drowned by people who never unloaded a crate.”
Tobin Ashgrove, who leads the opposition, called the levy “a tax on getting up in the morning” and promised \
to repeal it.
He told reporters last week: “Ilse Marrow has mistaken the treasury for a fishing net.
“She casts it over everyone who works on the water, and she wonders why nobody in this country wants to go \
to sea any more.”
The mayor of Port Sorrel has asked for a year’s delay. According to Rhea Castellane, the finance minister, \
the money is already spent on the new quay.
Residents of Port Sorrel warn that the ferries will stop in winter.
A senior official, who did not want to be named, said the figures had not been checked."""

RAIL = """The night trains between Port Sorrel and Ash Vale will run again from May, the Velland Rail Union \
said on Friday.
“We kept the engines warm for two winters,” the union said in a statement.
Dov Hartwell praised the drivers. “They are the only part of the government that arrives on time,” the \
mayor said.
Tobin Ashgrove said in March that he would never close another line.
Edda Voss may have said that the timetable was a work of fiction."""

BUDGET = """Finance Minister Rhea Castellane presented the budget on Thursday.
“I have counted it three times and it is still not a joke,” she told the Assembly.
Castellane supports Ilse Marrow’s harbour levy, calling it “unloved and necessary”.
Tobin Ashgrove answered: “Rhea Castellane counts well. It is the adding up that worries me.”
In 2021 Marrow had promised that no budget would ever be presented by candlelight."""

MARKET = """The covered market of Ash Vale will be rebuilt after the fire, Ilse Marrow has announced.
“A market without a roof is only a quarrel in the rain,” the prime minister said on Saturday.
Dov Hartwell welcomed the plan but attacked Tobin Ashgrove for “selling the ashes before they were cold”."""


FERRY = """“The ferries will sail in every weather,” Ilse Marrow said on Thursday.
Since March, the prime minister believes that the opposition would rather see them sink.
Dov Hartwell hopes that Ilse Marrow keeps her word.
Residents of Port Sorrel celebrated that the ferries ran at all.
Tobin Ashgrove wrote that the ferries are late because the government is.
The leader of the opposition called the new quay a ladder without rungs."""

PIER = "Edda Voss suspects that the pier is haunted."


def articles() -> list[tuple[Article, list[Quote]]]:
    """Make the invented articles with their quotes."""
    official = Speaker("A senior official", "unnamed", "senior official")
    residents = Speaker("Residents of Port Sorrel", "group")
    union = Speaker("Velland Rail Union", "organisation")
    return [
        (
            Article(
                "harbour",
                HARBOUR,
                "Marrow stakes her name on the harbour levy",
                "https://sorrel.example/harbour",
                "The Sorrel Courier",
                "Anselm Pike",
                date(2031, 3, 12),
            ),
            [
                quote(
                    HARBOUR,
                    "“The harbour levy is the fairest thing this house has done for Port Sorrel in thirty years,”",
                    "“and I will not see it drowned by people who never unloaded a crate.”",
                    source="Marrow said"[:6],
                    cue="said",
                    by="ilse-marrow",
                    said_on=date(2031, 3, 11),
                    said_on_precision="day",
                    said_on_text="on Tuesday",
                    venue="the Assembly",
                    stances=(stance("the harbour levy", "favor", 0.97), stance("Tobin Ashgrove", "against", 0.58)),
                ),
                quote(
                    HARBOUR,
                    "called the levy “a tax on getting up in the morning” and promised to repeal it",
                    source="Tobin Ashgrove",
                    cue="called",
                    by="tobin-ashgrove",
                    kind="mixed",
                    stances=(stance("the harbour levy", "against", 0.95),),
                ),
                quote(
                    HARBOUR,
                    "“Ilse Marrow has mistaken the treasury for a fishing net.\n“She casts it over everyone who "
                    "works on the water, and she wonders why nobody in this country wants to go to sea any more.”",
                    source="He",
                    cue="told",
                    by="tobin-ashgrove",
                    said_on=date(2031, 3, 5),
                    said_on_precision="week",
                    said_on_text="last week",
                    stances=(stance("Ilse Marrow", "against", 0.94),),
                ),
                quote(
                    HARBOUR,
                    "the money is already spent on the new quay",
                    source="Rhea Castellane",
                    cue="According to",
                    by="rhea-castellane",
                    stances=(stance("the harbour levy", "neutral", 0.61),),
                ),
                quote(
                    HARBOUR,
                    "that the ferries will stop in winter",
                    source="Residents of Port Sorrel",
                    cue="warn",
                    by=residents,
                    confidence=0.66,
                ),
                quote(
                    HARBOUR,
                    "the figures had not been checked",
                    source="A senior official",
                    cue="said the"[:4],
                    by=official,
                    stances=(stance("Rhea Castellane", "against", 0.52),),
                ),
            ],
        ),
        (
            Article("rail", RAIL, "Night trains return to the coast", None, "Vale & Country", None, date(2031, 3, 22)),
            [
                quote(
                    RAIL,
                    "“We kept the engines warm for two winters,”",
                    source="the union",
                    cue="said",
                    by=union,
                    said_on=date(2031, 3, 21),
                    said_on_precision="day",
                    said_on_text="on Friday",
                ),
                quote(
                    RAIL,
                    "“They are the only part of the government that arrives on time,”",
                    source="the mayor",
                    cue="said",
                    by="dov-hartwell",
                    stances=(stance("Velland Rail Union", "favor", 0.88), stance("Ilse Marrow", "against", 0.55)),
                ),
                quote(
                    RAIL,
                    "that he would never close another line",
                    source="Tobin Ashgrove",
                    cue="said in"[:4],
                    by="tobin-ashgrove",
                    said_on=date(2031, 3, 1),
                    said_on_precision="month",
                    said_on_text="in March",
                    stances=(stance("Velland Rail Union", "favor", 0.71),),
                ),
                quote(
                    RAIL,
                    "that the timetable was a work of fiction",
                    source="Edda Voss",
                    cue="said that"[:4],
                    by="edda-voss",
                    confidence=0.31,
                    stances=(stance("Velland Rail Union", "against", 0.4),),
                ),
            ],
        ),
        (
            Article(
                "budget",
                BUDGET,
                "A budget read by candlelight",
                "https://sorrel.example/budget",
                "The Sorrel Courier",
                "Wilhelmina Oar",
                date(2031, 4, 3),
            ),
            [
                quote(
                    BUDGET,
                    "“I have counted it three times and it is still not a joke,”",
                    source="she",
                    cue="told",
                    by="rhea-castellane",
                    venue="the Assembly",
                    said_on=date(2031, 4, 3),
                    said_on_precision="day",
                    said_on_text="on Thursday",
                    stances=(stance("the budget", "favor", 0.77),),
                ),
                quote(
                    BUDGET,
                    "supports Ilse Marrow’s harbour levy, calling it “unloved and necessary”",
                    source="Castellane",
                    cue="calling",
                    by="rhea-castellane",
                    kind="mixed",
                    stances=(stance("the harbour levy", "favor", 0.83), stance("Ilse Marrow", "favor", 0.69)),
                ),
                quote(
                    BUDGET,
                    "“Rhea Castellane counts well. It is the adding up that worries me.”",
                    source="Tobin Ashgrove",
                    cue="answered",
                    by="tobin-ashgrove",
                    stances=(stance("Rhea Castellane", "against", 0.81), stance("the budget", "against", 0.74)),
                ),
                quote(
                    BUDGET,
                    "that no budget would ever be presented by candlelight",
                    source="Marrow had"[:6],
                    cue="promised",
                    by="ilse-marrow",
                    said_on=date(2021, 1, 1),
                    said_on_precision="year",
                    said_on_text="In 2021",
                    stances=(stance("the budget", "neutral", 0.5),),
                ),
            ],
        ),
        (
            Article("market", MARKET, "Ash Vale gets its roof back", None, "Vale & Country", None, date(2031, 4, 12)),
            [
                quote(
                    MARKET,
                    "“A market without a roof is only a quarrel in the rain,”",
                    source="the prime minister",
                    cue="said",
                    by="ilse-marrow",
                    said_on=date(2031, 4, 12),
                    said_on_precision="day",
                    said_on_text="on Saturday",
                ),
                quote(
                    MARKET,
                    "attacked Tobin Ashgrove for “selling the ashes before they were cold”",
                    source="Dov Hartwell",
                    cue="attacked",
                    by="dov-hartwell",
                    kind="mixed",
                    stances=(stance("Tobin Ashgrove", "against", 0.9),),
                ),
                quote(
                    MARKET,
                    "welcomed the plan",
                    source="Dov Hartwell",
                    cue="welcomed",
                    by="dov-hartwell",
                    stances=(stance("Ilse Marrow", "favor", 0.64),),
                ),
            ],
        ),
    ]


def inward() -> list[tuple[Article, list[Quote]]]:
    """Make articles that tell what people say, write, believe, wish and celebrate; the second tells of no utterance."""
    verdict = quote(
        FERRY,
        "the new quay a ladder without rungs",
        source="The leader of the opposition",
        cue="called",
        by="tobin-ashgrove",
        stances=(stance("the new quay", "against"),),
    )
    return [
        (
            Article("ferry", FERRY, "A ferry in every weather", None, "The Sorrel Courier", None, date(2031, 5, 2)),
            [
                quote(
                    FERRY,
                    "“The ferries will sail in every weather,”",
                    source="Ilse Marrow",
                    cue="said",
                    by="ilse-marrow",
                    stances=(stance("the ferries", "favor"),),
                ),
                quote(
                    FERRY,
                    "that the opposition would rather see them sink",
                    source="the prime minister",
                    cue="believes",
                    cue_class="thought",
                    by="ilse-marrow",
                    said_on=date(2031, 3, 1),
                    said_on_precision="month",
                    said_on_text="Since March",
                    stances=(stance("Tobin Ashgrove", "against"), stance("the ferries", "neutral")),
                ),
                quote(
                    FERRY,
                    "that the ferries are late because the government is",
                    source="Tobin Ashgrove",
                    cue="wrote",
                    cue_class="writing",
                    by="tobin-ashgrove",
                    stances=(stance("the ferries", "against"), stance("Ilse Marrow", "against", 0.6)),
                ),
                quote(
                    FERRY,
                    "that Ilse Marrow keeps her word",
                    source="Dov Hartwell",
                    cue="hopes",
                    cue_class="desire",
                    by="dov-hartwell",
                    stances=(stance("Ilse Marrow", "favor"),),
                ),
                quote(
                    FERRY,
                    "that the ferries ran at all",
                    source="Residents of Port Sorrel",
                    cue="celebrated",
                    cue_class="other",
                    by=Speaker("Residents of Port Sorrel", "group"),
                ),
                replace(verdict, text=f"called {verdict.text}"),
            ],
        ),
        (
            Article("pier", PIER, "The pier at night", None, "Vale & Country", None, date(2031, 5, 3)),
            [
                quote(
                    PIER,
                    "that the pier is haunted",
                    source="Edda Voss",
                    cue="suspects",
                    cue_class="thought",
                    by="edda-voss",
                    stances=(stance("the pier", "against", 0.5),),
                )
            ],
        ),
    ]


def hostile() -> tuple[Article, list[Quote]]:
    """Make an article whose every field tries to be HTML, Markdown or TeX."""
    text = f"{HOSTILE_NAME} said: {HOSTILE_WORDS}\n<style>body {{display: none}}</style>\nA line after it."
    article = Article(
        "<hostile>&\"'",
        text,
        HOSTILE_TITLE,
        "javascript:alert(1)",
        ":red[Publisher] $x$ <b>",
        "<i>Author</i>",
        date(2031, 5, 1),
    )
    return article, [
        quote(
            text,
            HOSTILE_WORDS,
            source=HOSTILE_NAME,
            cue="said",
            by=Speaker(HOSTILE_NAME, "person", "<u>role</u>", "m$x$"),
            venue="<u>venue</u>",
            said_on_text="<u>then</u>",
            stances=(stance(HOSTILE_TARGET, "against"),),
        ),
        quote(text, "A line after it", by=None, confidence=0.2),
    ]


def fill(path: Path, given: Sequence[tuple[Article, list[Quote]]]) -> Path:
    """Write articles with their quotes and the invented people they mention into a database."""
    with writing(path, 10) as store:
        ingest = store.begin(["invented"], "none")
        for article, quotes in given:
            ids = {quote.speaker.person_id for quote in quotes if quote.speaker}
            ids |= {stance.person_id for quote in quotes for stance in quote.stances}
            people = [person for person in PEOPLE if person.id in ids]
            if "m$x$" in ids:
                people.append(Person("m$x$", HOSTILE_NAME, role="<u>role</u>"))
            store.save(ingest, article, quotes, people)
        store.finish(ingest)
    return path


def quote_id(path: Path, words: str) -> str:
    """Find the id of the one quote that holds these words."""
    with reading(path, 10) as db:
        rows = db.execute("SELECT quote_id FROM quotes WHERE contains(text, $words)", {"words": words}).fetchall()
    ((found,),) = rows
    return str(found)
