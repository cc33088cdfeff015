"""Annotated stances: the files of NewsMTSC and DSE, and the quotes of annotated articles, as cases with labels."""

from __future__ import annotations

import csv
import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path

from quotes.language.stance_model import Case
from quotes.records import Span, StanceLabel

POLARITY: dict[int, StanceLabel] = {2: "against", 4: "neutral", 6: "favor"}
ENTITY = re.compile(r"^[^_]+(?:_v1)?_-?\d+_-?\d+_\d+_(.+)_-?\d+_-?\d+$")
HELD = 20


@dataclass(frozen=True, slots=True)
class Lesson:
    """A case with its label.

    Attributes:
        case: the question.
        label: the right answer.
        document: of what document it is; whole documents are held out.
        spoken: the speaker and the places of his name, where the sentence quotes somebody about the target.
        entity: the target's full name, where the sentence has a pronoun or a part of it.
        kind: "mtsc", "directed" (DSE, p on q), "reverse" (q on p), "unmoved" (DSE's neutral pairs) or "phrase".
    """

    case: Case
    label: StanceLabel
    document: str
    spoken: tuple[str, tuple[Span, ...]] | None = None
    entity: str | None = None
    kind: str = "mtsc"

    @property
    def held(self) -> bool:
        """Whether its document is kept from training, to choose and to calibrate; one in twenty is."""
        return int(hashlib.sha256(self.document.encode()).hexdigest(), 16) % HELD == 0


def read_mtsc(file: Path) -> list[Lesson]:
    """Read a file of NewsMTSC (Hamborg & Donnay, EACL 2021); the author of the sentence is the speaker."""
    lessons = []
    with file.open(encoding="utf8") as lines:
        for row in map(json.loads, lines):
            for target in row["targets"]:
                gid = ENTITY.match(target["Input.gid"])
                lessons.append(
                    Lesson(
                        Case(row["sentence_normalized"], target["mention"], (Span(target["from"], target["to"]),)),
                        POLARITY[int(target["polarity"])],
                        "_".join(row["primary_gid"].split("_")[:3]),
                        entity=gid[1] if gid else None,
                    )
                )
    return lessons


def read_dse(file: Path, *, reverse: bool = False) -> list[Lesson]:
    """Read a file of DSE (Park et al., Findings of ACL 2021): p on q, or q on p where the label says so.

    Args:
        file: text with [p] and [q], p, q and label, separated by tabs.
        reverse: whether to add, as neutral, the direction of a pair that its label is not about.
    """
    lessons = []
    with file.open(encoding="utf8", newline="") as lines:
        for row in csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            text, (p, q) = _unmarked(row[0].strip().strip('"').replace('""', '"'))
            label = int(row[3])
            document = text[:60]
            one, other = (q, p) if label in (2, 4) else (p, q)
            mood: StanceLabel = "neutral" if label == 0 else "favor" if label in (1, 2) else "against"
            lessons.append(_directed(text, one, other, mood, document, "directed" if label else "unmoved"))
            if label and reverse:
                lessons.append(_directed(text, other, one, "neutral", document, "reverse"))
    return lessons


def _directed(text: str, who: Span, whom: Span, label: StanceLabel, document: str, kind: str) -> Lesson:
    case = Case(text, text[slice(*whom)], (whom,), text[slice(*who)], (who,))
    return Lesson(case, label, document, kind=kind)


def _unmarked(text: str) -> tuple[str, tuple[Span, Span]]:
    """Take the brackets off; names cut in the middle of a word ("[Democrat]s") are made whole."""
    plain, spans, start = "", [], 0
    for character in text:
        if character == "[":
            start = len(plain)
        elif character == "]":
            spans.append((start, len(plain)))
        else:
            plain += character
    whole = []
    for start, end in spans[:2]:
        while end < len(plain) and plain[end].isalpha() and plain[end - 1].isalpha():
            end += 1
        while end > start + 1 and not plain[end - 1].isalnum() and plain[end - 1] != ".":
            end -= 1
        whole.append(Span(start, end))
    return plain, (whole[0], whole[1])
